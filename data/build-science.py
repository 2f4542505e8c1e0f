#!/usr/bin/env python3
"""Makes data/science-technology again (see SOURCES.md for what goes in).

    data/build-science.py FOLDER

FOLDER has science-technology/science-and-technology-raw-2021.csv (the World Bank's file of its topic 14),
science-technology/gerd.csv (UNESCO Institute for Statistics) and countries/country-codes.csv. A flag, a unit or a
layout that is not known here stops the script.
"""

import csv
import re
import sys
from pathlib import Path

# The World Bank's indicators that are kept. Left out: trademarks, which are no technology, and technicians.
WORLD_BANK = [
    "BM.GSR.ROYL.CD",
    "BX.GSR.ROYL.CD",
    "GB.XPD.RSDV.GD.ZS",
    "IP.JRN.ARTC.SC",
    "IP.PAT.NRES",
    "IP.PAT.RESD",
    "SP.POP.SCIE.RD.P6",
    "TX.VAL.TECH.CD",
    "TX.VAL.TECH.MF.ZS",
]

# UNESCO's flags as ours. What is nil, negligible or does not exist in a country adds nothing to a sum, and is known.
FLAGS = {"": "", "+": "estimated", "‡": "estimated", "n": "nil", "a": "nil", "+; n": "nil"}

# The first year with expenditure on R&D; payments and patents go further back.
FIRST = 1996


def lines(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        yield from csv.reader(file)


def short(text):
    """A number with as many digits as matter: it is read again as a floating-point number."""
    value = float(text)
    return f"{value:.0f}" if abs(value) >= 1e6 else f"{value:.8g}"


def world_bank(path, countries):
    rows = [row for row in lines(path) if row]
    updated = next(row[1] for row in rows if row[0] == "Last Updated Date")
    start = next(k for k, row in enumerate(rows) if row[:4] == LAYOUT)
    years = rows[start][4:-1]
    if rows[start][-1] or not all(re.fullmatch(r"\d{4}", year) for year in years):
        sys.exit(f"{path}: the header is not the World Bank's")
    found = {}
    for _, country, _, indicator, *values in rows[start + 1 :]:
        if country in countries and indicator in WORLD_BANK:
            for year, value in zip(years, values, strict=False):
                if value and int(year) >= FIRST:
                    found[indicator, country, int(year)] = (short(value), "")
    return updated, found


def unesco(path, countries):
    found = {}
    for indicator, name, country, _, year, again, value, flag, _ in list(lines(path))[1:]:
        # Fields of science are known for few; they do not make the total.
        if "_FS_" in indicator:
            continue
        if "'000 current PPP$" not in name or year != again or country not in countries:
            sys.exit(f"{indicator} {country} {year}: '{name}'")
        flag = FLAGS[flag]
        if (value == "") != (flag == "nil"):
            sys.exit(f"{indicator} {country} {year}: a figure and a flag that says there is none, or neither")
        key = (indicator, country, int(year))
        if key in found:
            sys.exit(f"{key} is given twice")
        found[key] = ("0" if flag == "nil" else short(value), flag)
    return found


LAYOUT = ["Country Name", "Country Code", "Indicator Name", "Indicator Code"]
source = Path(sys.argv[1])
codes = list(lines(source / "countries" / "country-codes.csv"))
iso = {row[codes[0].index("ISO3166-1-Alpha-3")] for row in codes[1:]} - {""}
folder = source / "science-technology"
updated, figures = world_bank(folder / "science-and-technology-raw-2021.csv", iso)
figures |= unesco(folder / "gerd.csv", iso)
target = Path(__file__).parent / "science-technology"
target.mkdir(exist_ok=True)
with open(target / "wdi-2021.csv", "w", newline="", encoding="utf-8") as out:
    out.write(f"# World Bank, World Development Indicators, {updated}; UNESCO Institute for Statistics, GERD, 1996-2016\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["iso3", "indicator", "year", "value", "flag"])
    for (indicator, country, year), (value, flag) in sorted(figures.items()):
        writer.writerow([country, indicator, year, value, flag])
