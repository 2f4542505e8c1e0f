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

# What the publisher calls a type of production, as our mineral and stage: (publisher's commodity, pattern of the type,
# mineral, name, stage). The first that fits counts. A mineral of None is left out, for the reason beside it.
KINDS = [
    ("alumi", "Smelter production", "aluminium", "Aluminium", "smelter"),
    ("antim", "Mine production", "antimony", "Antimony", "mine"),
    ("arsen", "Plant production", "arsenic", "Arsenic (trioxide)", "plant"),
    ("asbes", "Mine production", "asbestos", "Asbestos", "mine"),
    ("barit", "Mine production", "barite", "Barite", "mine"),
    ("bauxi", "Mine production", "bauxite", "Bauxite", "mine"),
    ("bauxi", "Refinery production, alumina", "alumina", "Alumina", "refinery"),
    ("beryl", "Mine production", "beryllium", "Beryllium", "mine"),
    ("bismu", "Refinery production", "bismuth", "Bismuth", "refinery"),
    # Each country reports another compound, and the publisher gives no total: nothing to take shares of.
    ("boron", "", None, None, None),
    ("bromi", "Plant production", "bromine", "Bromine", "plant"),
    ("cadmi", "Refinery production", "cadmium", "Cadmium", "refinery"),
    ("cemen", "Cement production", "cement", "Cement", "plant"),
    # A capacity, not production.
    ("cemen", "Clinker capacity", None, None, None),
    ("chrom", "M(i)?ne production", "chromium", "Chromium (chromite ore)", "mine"),
    ("clays", ".*Bentonite", "bentonite", "Bentonite", "mine"),
    ("clays", ".*Fuller's earth", "fullers-earth", "Fuller's earth", "mine"),
    ("clays", ".*Kaolin", "kaolin", "Kaolin", "mine"),
    ("cobal", "Mine production", "cobalt", "Cobalt", "mine"),
    ("coppe", "Mine production", "copper", "Copper", "mine"),
    ("coppe", "Refinery production", "copper", "Copper", "refinery"),
    ("diamo", "Mine production", "diamond-industrial", "Diamond (industrial)", "mine"),
    ("diato", "Mine production", "diatomite", "Diatomite", "mine"),
    ("felds", "Mine production", "feldspar", "Feldspar", "mine"),
    ("feore", "Iron ore - mine production - iron content", "iron-content", "Iron ore (iron content)", "mine"),
    ("feore", "Iron ore - mine production - usable ore", "iron-ore", "Iron ore (usable ore)", "mine"),
    ("fepig", "", "iron-oxide-pigments", "Iron oxide pigments (natural)", "mine"),
    ("feste", "Pig iron", "pig-iron", "Pig iron", "smelter"),
    ("feste", "Raw steel", "raw-steel", "Raw steel", "plant"),
    ("fluor", "Mine production", "fluorspar", "Fluorspar", "mine"),
    ("galli", "Primary production", "gallium", "Gallium", "primary"),
    ("garne", "Mine production", "garnet", "Garnet (industrial)", "mine"),
    ("gemst", "Mine production", "diamond-gem", "Diamond (gem quality)", "mine"),
    ("germa", "Primary and secondary refinery", "germanium", "Germanium", "refinery"),
    ("gold", ".*mine production", "gold", "Gold", "mine"),
    ("graph", "Mine production", "graphite", "Graphite (natural)", "mine"),
    ("gypsu", "Mine production", "gypsum", "Gypsum", "mine"),
    ("heliu", "Mine production", "helium", "Helium", "mine"),
    ("indiu", "Refinery production", "indium", "Indium", "refinery"),
    ("iodin", "Mine production", "iodine", "Iodine", "mine"),
    ("kyani", "", "kyanite", "Kyanite and related minerals", "mine"),
    ("lead", "Mine production", "lead", "Lead", "mine"),
    ("lime", "Plant production", "lime", "Lime", "plant"),
    ("lithi", "Mine production", "lithium", "Lithium", "mine"),
    ("manga", "Mine production", "manganese", "Manganese", "mine"),
    ("mercu", "Mine production", "mercury", "Mercury", "mine"),
    ("mgcomp", "Mine production", "magnesite", "Magnesite", "mine"),
    ("mgmet", "Magnesium smelter", "magnesium", "Magnesium metal", "smelter"),
    ("mica", ".*scrap and flake", "mica-flake", "Mica (scrap and flake)", "mine"),
    ("mica", ".*sheet", "mica-sheet", "Mica (sheet)", "mine"),
    ("molyb", "Mine production", "molybdenum", "Molybdenum", "mine"),
    ("nicke", "Mine production", "nickel", "Nickel", "mine"),
    ("niobi", "Mine production", "niobium", "Niobium", "mine"),
    ("nitro", "Plant production", "ammonia", "Ammonia (nitrogen content)", "plant"),
    ("peat", "Mine production", "peat", "Peat", "mine"),
    ("perli", "Mine production", "perlite", "Perlite", "mine"),
    ("phosp", "Mine production", "phosphate-rock", "Phosphate rock", "mine"),
    # The world's totals of these two stand under a type of their own.
    ("plati", "(World m|M)ine production: Palladium", "palladium", "Palladium", "mine"),
    ("plati", "(World m|M)ine production: Platinum", "platinum", "Platinum", "mine"),
    ("potas", "Mine production", "potash", "Potash", "mine"),
    ("pumic", "Mine production", "pumice", "Pumice and pumicite", "mine"),
    ("raree", ".*mine production", "rare-earths", "Rare earths (oxide equivalent)", "mine"),
    ("rheni", "Mine production", "rhenium", "Rhenium", "mine"),
    ("salt", "Mine production", "salt", "Salt", "mine"),
    ("sandi", "Mine production", "industrial-sand", "Industrial sand and gravel", "mine"),
    ("selen", "Refinery production", "selenium", "Selenium", "refinery"),
    ("silve", ".*mine production", "silver", "Silver", "mine"),
    # The 2023 edition has one total for both, of which some countries make ferrosilicon alone.
    ("simet", ".*(combined totals|ferrosilicon production)", "silicon", "Silicon (ferrosilicon and metal)", "plant"),
    ("simet", ".*content of ferrosilicon", "ferrosilicon", "Ferrosilicon (silicon content)", "plant"),
    ("simet", "Plant production, silicon metal", "silicon-metal", "Silicon metal", "plant"),
    ("sodaa", "Soda ash, natural", "soda-ash", "Soda ash (natural)", "mine"),
    # Totals only, no country told apart.
    ("sodaa", "Soda ash, (synthetic|total)", None, None, None),
    ("stond", "Mine production", "dimension-stone", "Dimension stone", "mine"),
    ("stron", "Mine production", "strontium", "Strontium", "mine"),
    ("sulfu", "Production, all forms", "sulfur", "Sulfur (all forms)", "all"),
    ("talc", "Mine production", "talc", "Talc and pyrophyllite", "mine"),
    ("tanta", "Mine production", "tantalum", "Tantalum", "mine"),
    ("tellu", "Refinery production", "tellurium", "Tellurium", "refinery"),
    # The sum of the next two.
    ("timin", "World total mine production: ilmentite and rutile", None, None, None),
    ("timin", "(World total m|M)ine production: rutile", "rutile", "Titanium mineral: rutile", "mine"),
    ("timin", "(World total m|M)ine production: ilmenite", "ilmenite", "Titanium mineral: ilmenite", "mine"),
    ("tin", "Mine production", "tin", "Tin", "mine"),
    ("titan", "Sponge Metal Production", "titanium-sponge", "Titanium sponge metal", "plant"),
    ("tungs", "Mine production", "tungsten", "Tungsten", "mine"),
    ("vanad", "Mine production", "vanadium", "Vanadium", "mine"),
    ("vermi", "Mine production", "vermiculite", "Vermiculite", "mine"),
    ("wolla", "Mine production", "wollastonite", "Wollastonite", "mine"),
    ("zeoli", "Mine production", "zeolites", "Zeolites (natural)", "mine"),
    ("zinc", "Mine production", "zinc", "Zinc", "mine"),
    ("zirco(-hafni)?", ".*mine production", "zirconium", "Zirconium ores and concentrates", "mine"),
]

# Names of the publisher that are not those of the list of countries.
COUNTRIES = {
    "Burma": "MMR",
    "Congo (Kinshasa)": "COD",
    "Côte d’Ivoire": "CIV",
    "Czechia": "CZE",
    "Korea, North": "PRK",
    "Korea, Republic of": "KOR",
    "Republic of Korea": "KOR",
    "Laos": "LAO",
    "New Caledonia (overseas territory of France)": "NCL",
    "Taiwan": "TWN",
    "Turkey": "TUR",
    "United Kingdom": "GBR",
    "United States": "USA",
    "Other countries": "OTH",
    "Other": "OTH",
    "World total": "WLD",
}

# Tons in a unit. Helium is measured as a gas at 15 °C and 101.325 kPa, where it weighs 0.1693 kg a cubic metre.
UNITS = {"kg": 1e-3, "t": 1.0, "kt": 1e3, "mt": 1e6, "mmt": 1e6, "kct": 2e-4, "mct": 0.2, "mcm": 169.3}

# Why there is no figure: withheld; not known or not applicable; said only to be below a bound; counted with another.
FLAGS = {
    "W": "withheld",
    "NA": "unknown",
    "XX": "unknown",
    "Less than ½ unit.": "below",
    "<100": "below",
    "included with ilmenite": "elsewhere",
    "Included with ilmenite": "elsewhere",
}

# World totals that leave a producer out and say so only in the publisher's table 5, not under the total itself.
LEFT_OUT = {("2024", "bauxite"): "USA", ("2024", "magnesium"): "USA"}

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
    for of, pattern, *found in KINDS:
        if re.fullmatch(of, slug) and re.match(pattern, text, re.IGNORECASE):
            return found
    sys.exit(f"commodity '{slug}': type '{text}' is not known")


def left_out(folder):
    """Producers that world totals leave out, by edition and commodity, from the notes and names of the totals."""
    found = defaultdict(set)
    for path in folder.glob("minerals-usgs/20*/**/*_world.csv"):
        edition, slug = re.search(r"(mcs20\d\d)-?(.+)_world", path.name, re.IGNORECASE).groups()
        with open(path, newline="", encoding="utf-8-sig", errors="replace") as file:
            lines = [" ".join(row) for row in csv.reader(file)]
        for total in (line for line in lines if "World total" in line):
            if re.search(r"exclud(es|ing) (U\.S\. production(?! of)|United States)", total, re.IGNORECASE):
                found[edition.upper(), slug].add("USA")
            if re.search(r"excludes China", total, re.IGNORECASE):
                found[edition.upper(), slug].add("CHN")
    return found


def minerals(folder, codes, out):
    """One row for each edition, mineral, stage, producer and year; several rows of a country are added up."""
    without = left_out(folder)
    cells = defaultdict(list)
    for row in rows(folder / "minerals-usgs" / "mcs_world_tidy.csv"):
        if row["measure"] not in ("prod", "prod_sponge"):
            continue
        mineral, name, stage = kind(row["slug"], row["type"])
        if mineral is None:
            continue
        code = country(row["country_raw"], codes)
        # Blank where there is none, so that a missing figure is never a zero.
        tonnes = None if row["value"] == "" else float(row["value"]) * UNITS[row["unit"]]
        if (tonnes is None) != (row["flag"] in FLAGS):
            sys.exit(f"{row}: a figure and a mark that says there is none, or neither")
        flag = FLAGS[row["flag"]] if tonnes is None else "estimated" if row["estimated"] == "True" else ""
        edition = row["edition"].removeprefix("MCS")
        excluded = ""
        if code == "WLD":
            noted = without[row["edition"], row["slug"]] | {LEFT_OUT.get((edition, mineral), "")}
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
