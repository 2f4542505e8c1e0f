#!/usr/bin/env python3
"""Makes data/products again (see SOURCES.md for what goes in).

    data/build-products.py FOLDER

FOLDER has trade-baci-critical/baci_2022.csv and baci_2024.csv (i,j,cmd,value in USD), and concordance/hs5_isic3.csv
and wiod_2013.csv.
"""

import csv
import sys
from collections import defaultdict
from pathlib import Path

YEARS = (2022, 2024)
# Chip-making machines are machinery (ISIC 2929), not the electrical equipment that the table says.
CORRECTED = {"848620": "29"}
NO_INDUSTRY = {"9999", "9900", ""}


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def sector_of_isic(folder):
    sectors = defaultdict(set)
    for row in rows(folder / "wiod_2013.csv"):
        sectors[row["ISIC3_4d"]].add(row["WIOT2013_c"])
    return sectors


def sectors(folder, out):
    """Each HS 2017 code with its sector; empty where the classification knows no industry for it."""
    isic = sector_of_isic(folder)
    with open(out, "w", newline="", encoding="utf-8") as file:
        file.write("hs6,sector\n")
        for row in sorted(rows(folder / "hs5_isic3.csv"), key=lambda row: row["HS5_6d"]):
            code = row["HS5_6d"]
            found = set() if row["ISIC3_4d"] in NO_INDUSTRY else isic[row["ISIC3_4d"]]
            if code in CORRECTED:
                found = {CORRECTED[code]}
            if len(found) > 1 or (not found and row["ISIC3_4d"] not in NO_INDUSTRY):
                sys.exit(f"HS {code}: ISIC {row['ISIC3_4d']} is in sectors {sorted(found)}")
            file.write(f"{code},{''.join(found)}\n")


def trade(folder, out):
    """Values in whole USD, one row for each product and pair, one column a year; empty: no flow recorded."""
    values = defaultdict(dict)
    for year in YEARS:
        for row in rows(folder / f"baci_{year}.csv"):
            values[row["cmd"], row["i"], row["j"]][year] = round(float(row["value"]))
    with open(out, "w", newline="", encoding="utf-8") as file:
        file.write(",".join(["hs6", "exporter", "importer", *(f"usd_{year}" for year in YEARS)]) + "\n")
        for key in sorted(values):
            cells = (str(values[key].get(year, "")) for year in YEARS)
            file.write(",".join([*key, *cells]) + "\n")


source = Path(sys.argv[1])
target = Path(__file__).parent / "products"
target.mkdir(exist_ok=True)
sectors(source / "concordance", target / "hs2017-wiod2013.csv")
trade(source / "trade-baci-critical", target / "critical-trade.csv")
