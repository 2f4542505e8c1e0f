#!/usr/bin/env python3
"""Makes data/minerals again (see SOURCES.md for what goes in).

    data/build-minerals.py FOLDER

FOLDER has minerals-usgs/mcs_world_tidy.csv (a tidy reading of the publisher's tables), minerals-usgs/2022, 2023 and
2024 (the publisher's tables, for the notes under world totals and for table 5 of 2024), eu-critical-raw-materials/eucrm.json and
countries/country-codes.csv. A country, a type of production or a mark that is not known here stops the script.
"""

import csv
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

# What the publisher's words mean. zili reads the same two tables, for editions that its users bring (data import usgs).
TABLES = Path(__file__).parent / "minerals"
# (publisher's commodities, beginnings of the type, or a part of it after *, mineral, name, stage, why it is left out).
KINDS = list(csv.reader((TABLES / "usgs-kinds.csv").read_text(encoding="utf-8").splitlines()))[1:]
WORDS = list(csv.reader((TABLES / "usgs-words.csv").read_text(encoding="utf-8").splitlines()))[1:]


def words(what):
    return {word: means for kind, word, means in WORDS if kind == what}


# Names of the publisher that are not those of the list of countries.
COUNTRIES = words("country")
# Tons in a unit. Helium is measured as a gas at 15 °C and 101.325 kPa, where it weighs 0.1693 kg a cubic metre.
UNITS = {unit: float(tons) for unit, tons in words("unit").items()}
# Why there is no figure: withheld; not known or not applicable; said only to be below a bound; counted with another.
FLAGS = {mark.lower(): flag for mark, flag in words("mark").items()}
# Producers that a total leaves out, by what follows "excludes" or "excluding"; the first that fits counts.
EXCLUDES = words("excludes")
# World totals that leave a producer out and say so only in the publisher's table 5, not under the total itself.
LEFT_OUT = words("leaves-out")

# What the European Commission calls a material, where it is one of ours.
EU_MATERIALS = {
    "baryte": "barite",
    "phosphate": "phosphate-rock",
    "silicon": "silicon-metal",
    "titanium": "titanium-sponge",
}

# What table 5 of the publisher calls a mineral, where it is not the name in small letters.
US_MINERALS = {
    "Aluminum (bauxite)": "bauxite",
    "Graphite (natural)": "graphite",
    "Rare earths (compounds and metals)": "rare-earths",
    "Titanium (metal)": "titanium-sponge",
    "Zirconium (ores and concentrates)": "zirconium",
}
TABLE_5 = "mineral industry trends and salient statistics/MCS2024_T5_Critical_Minerals_Salient.csv"


def rows(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        yield from csv.DictReader(file)


def country_codes(folder):
    two, three = {}, dict(COUNTRIES)
    for row in rows(folder / "countries" / "country-codes.csv"):
        code = row["ISO3166-1-Alpha-3"]
        two[row["ISO3166-1-Alpha-2"]] = code
        for column in ("CLDR display name", "UNTERM English Short", "official_name_en"):
            if row[column]:
                three.setdefault(row[column], code)
    return two, three


def country(name, codes):
    """The code of a name, to which footnotes and remarks may be glued: 'Japane', 'China6', 'Peru (exports)'."""
    name = name.replace("\u00a0", " ").strip()
    plain = re.sub(r"\d+$", "", name).strip()
    # What is in brackets or after a comma is a remark, unless it is part of the name.
    shorter = re.sub(r"( \(.*|,.*)$", "", plain)
    for candidate in (name, plain, shorter, plain.removesuffix("e"), shorter.removesuffix("e")):
        if candidate in codes:
            return codes[candidate]
    sys.exit(f"country '{name}' is not known")


def kind(slug, text):
    """The first that fits counts; of a mineral that is left out the name is empty."""
    text = text.lower()
    for of, types, mineral, name, stage, _ in KINDS:
        fits = (part[1:] in text if part.startswith("*") else text.startswith(part) for part in types.lower().split("|"))
        if slug in of.split("|") and any(fits):
            return mineral, name, stage
    sys.exit(f"commodity '{slug}': type '{text}' is not known")


def left_out(folder):
    """Producers that world totals leave out, by edition and commodity, from the notes and names of the totals."""
    found = defaultdict(set)
    for path in folder.glob("minerals-usgs/20*/**/*_world.csv"):
        edition, slug = re.search(r"(mcs20\d\d)-?(.+)_world", path.name, re.IGNORECASE).groups()
        with open(path, newline="", encoding="utf-8-sig", errors="replace") as file:
            lines = [" ".join(row) for row in csv.reader(file)]
        for total in (line for line in lines if "World total" in line):
            for said in re.split(r"exclud(?:es|ing) ", total.lower())[1:]:
                fits = (code for phrase, code in EXCLUDES.items() if said.startswith(phrase.lower()))
                found[edition.upper(), slug].add(next(fits, ""))
    return found


def minerals(folder, codes, out):
    """One row for each edition, mineral, stage, producer and year; several rows of a country are added up."""
    without = left_out(folder)
    cells = defaultdict(list)
    for row in rows(folder / "minerals-usgs" / "mcs_world_tidy.csv"):
        if row["measure"] not in ("prod", "prod_sponge"):
            continue
        mineral, name, stage = kind(row["slug"], row["type"])
        if not mineral:
            continue
        code = country(row["country_raw"], codes)
        # Blank where there is none, so that a missing figure is never a zero.
        tonnes = None if row["value"] == "" else float(row["value"]) * UNITS[row["unit"]]
        if (tonnes is None) != (row["flag"].lower() in FLAGS):
            sys.exit(f"{row}: a figure and a mark that says there is none, or neither")
        flag = FLAGS[row["flag"].lower()] if tonnes is None else "estimated" if row["estimated"] == "True" else ""
        edition = row["edition"].removeprefix("MCS")
        excluded = ""
        if code == "WLD":
            noted = without[row["edition"], row["slug"]] | {LEFT_OUT.get(f"{edition} {mineral}", "")}
            excluded = " ".join(sorted(noted - {""}))
        key = (edition, mineral, name, stage, code, row["year"])
        cells[key].append((tonnes, flag, excluded))
    # A world's total after its producers.
    order = sorted(cells, key=lambda key: (key[0], key[1], key[3], key[5], key[4] == "WLD", key[4] == "OTH", key[4]))
    with open(out, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow("edition mineral name stage country year tonnes flag excludes".split())
        for key in order:
            parts = cells[key]
            if key[4] == "WLD" and len(parts) > 1:
                sys.exit(f"{key}: two totals")
            missing = [flag for tonnes, flag, _ in parts if tonnes is None]
            flag = missing[0] if missing else max(flag for _, flag, _ in parts)
            tonnes = "" if missing else f"{sum(tonnes for tonnes, _, _ in parts):.12g}"
            # zili reads the file without a reader of quotes.
            if "e" in tonnes or any("," in part for part in key):
                sys.exit(f"{key}: {tonnes}")
            edition, mineral, name, stage, code, year = key
            writer.writerow([edition, mineral, name, stage, code, year, tonnes, flag, parts[0][2]])


def european(folder, two, out):
    with open(folder / "eu-critical-raw-materials" / "eucrm.json", encoding="utf-8") as file:
        materials = json.load(file)["materials"]
    with open(out, "w", newline="", encoding="utf-8") as file:
        file.write("mineral,stage,country,share\n")
        for name, row in sorted(materials.items(), key=lambda item: EU_MATERIALS.get(item[0], item[0])):
            file.write(f"{EU_MATERIALS.get(name, name)},{row['stage']},{two[row['iso']]},{row['pct'] / 100}\n")


def american(folder, three, out):
    """Critical minerals of the United States: the world's leading producer, and how far the country relies on imports."""
    with open(out, "w", newline="", encoding="utf-8") as file:
        file.write("mineral,country,share,reliance_low,reliance_high,import_source\n")
        lines = []
        for row in rows(folder / "minerals-usgs" / "2024" / TABLE_5):
            name = row["Critical_mineral"]
            known = lambda word: "" if word == "NA" else country(word, three)
            share = row["Leading_source_precent_world"]
            share = "" if share == "NA" else int(share) / 100
            lines.append([US_MINERALS.get(name, name.lower()), known(row["Leading_source_country"]), share,
                          *bounds(row["Net_Import_Reliance"]), known(row["Primary_import_source"])])
        for line in sorted(lines, key=lambda line: line[0]):
            file.write(",".join(str(cell) for cell in line) + "\n")


def bounds(word):
    """A per cent as a share from and to; "more than" and "less than" reach to the end."""
    if word == "NA":
        return "", ""
    share = int(word.strip("<>")) / 100
    return (share if word[0] != "<" else 0.0), (share if word[0] != ">" else 1.0)


source = Path(sys.argv[1])
target = Path(__file__).parent / "minerals"
target.mkdir(exist_ok=True)
alpha2, alpha3 = country_codes(source)
minerals(source, alpha3, target / "mcs.csv")
european(source, alpha2, target / "eu-2023.csv")
american(source, alpha3, target / "us-2024.csv")
