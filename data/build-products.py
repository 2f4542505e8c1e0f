#!/usr/bin/env python3
"""Makes data/products again (see SOURCES.md for what goes in).

    data/build-products.py FOLDER

FOLDER has trade-baci-critical/baci_2022.csv and baci_2024.csv (i,j,cmd,value in USD), concordance/hs5_isic3.csv,
isic4_isic3.csv and wiod_2013.csv, and countries/country-codes.csv.
"""

import csv
import os
import sys
from collections import defaultdict
from pathlib import Path

YEARS = (2022, 2024)
# Chip-making machines are machinery (ISIC 2929), not the electrical equipment that the table says.
CORRECTED = {"848620": "29"}
NO_INDUSTRY = {"9999", "9900", ""}
# Divisions of ISIC Rev. 4 that make no traded goods of their own where another division stands beside them: support of mining, repair
# and installation, power, water and waste, and all services.
NO_GOODS = {"09", "33"} | {f"{division}" for division in range(35, 100)}
# Where classes of Rev. 3 were split among industries: the one with nearly all of it.
PRINCIPAL = {
    "0112": "01", "0113": "01", "0122": "01", "0200": "02", "1010": "05", "1020": "05", "1551": "11", "1721": "13", "1729": "13",
    "1730": "14", "1820": "14", "2221": "18", "2710": "241",
    "1810": "14", "1912": "15", "1920": "15", "2029": "16", "2109": "17", "2211": "58", "2330": "20", "2411": "20", "2423": "21",
    "2429": "20", "2519": "22", "2520": "22", "2699": "23", "2899": "25", "2912": "28", "2919": "28", "2922": "28", "2927": "25",
    "2929": "28", "2930": "27", "3000": "26", "3110": "27", "3120": "27", "3130": "27", "3190": "27", "3210": "26", "3230": "26",
    "3311": "32", "3312": "26", "3320": "26", "3330": "26", "3430": "29", "3530": "303", "3591": "309", "3599": "309", "3610": "31",
    "3694": "32", "3699": "32", "7421": "71", "7494": "74", "9214": "90",
}  # fmt: skip
# Products that are made elsewhere than the rest of their class, by the longest code that fits.
ELSEWHERE = {
    "0307": "03", "2207": "20", "270120": "19", "270220": "19", "2708": "19", "300691": "21", "3605": "20", "3606": "20", "5904": "13", "60": "13", "4302": "15",
    "8422": "28", "842211": "27", "8470": "28", "8472": "28", "848620": "28", "848690": "28", "8486": "28", "850511": "25", "8409": "28",
    "840910": "303", "8511": "29", "8515": "27", "8523": "26", "8531": "26", "8536": "27", "8542": "2610", "854430": "29", "8547": "27",
    "8710": "304", "8715": "309", "900110": "27", "900130": "32", "900140": "32", "900150": "32", "9003": "32", "9004": "32",
    "901811": "26", "901812": "26", "901813": "26", "901814": "26", "901819": "26", "901820": "26", "902140": "26", "902150": "26",
    "9022": "26", "9113": "32", "940110": "303", "940120": "29", "9405": "27", "950450": "26",
}  # fmt: skip

# Products of the extract: name, material as in data/minerals, and how well the code fits the material. `part`: other
# forms of it are traded under other codes. `mixed`: the code holds other goods as well.
CRITICAL = {
    "250490": ("Natural graphite other than powder or flakes", "graphite", "part"),
    "251010": ("Phosphate rock unground", "phosphate-rock", "part"),
    "251110": ("Barite", "barite", "whole"),
    "252800": ("Natural borates", "boron", "part"),
    "252910": ("Feldspar", "feldspar", "whole"),
    "252922": ("Fluorspar of acid grade", "fluorspar", "part"),
    "260200": ("Manganese ores", "manganese", "part"),
    "260600": ("Aluminium ores", "bauxite", "whole"),
    "270112": ("Bituminous coal", "cokingcoal", "mixed"),
    "280429": ("Helium and other rare gases", "helium", "mixed"),
    "280469": ("Silicon below 99.99 %", "silicon-metal", "part"),
    "280470": ("Phosphorus", "phosphorus", "whole"),
    "280480": ("Arsenic", "arsenic", "part"),
    "282200": ("Cobalt oxides and hydroxides", "cobalt", "part"),
    "283691": ("Lithium carbonate", "lithium", "part"),
    "283692": ("Strontium carbonate", "strontium", "part"),
    "711011": ("Platinum unwrought", "platinum", "part"),
    "711021": ("Palladium unwrought", "palladium", "part"),
    "720292": ("Ferrovanadium", "vanadium", "part"),
    "720293": ("Ferroniobium", "niobium", "part"),
    "740311": ("Copper cathodes", "copper", "part"),
    "750210": ("Nickel unwrought", "nickel", "part"),
    "810194": ("Tungsten unwrought", "tungsten", "part"),
    "810320": ("Tantalum unwrought", "tantalum", "part"),
    "810411": ("Magnesium unwrought of 99.8 % or more", "magnesium", "part"),
    "810820": ("Titanium unwrought", "titanium-sponge", "part"),
    "811010": ("Antimony unwrought", "antimony", "part"),
    "811212": ("Beryllium unwrought", "beryllium", "part"),
    "811292": ("Gallium germanium indium and more unwrought", "gallium+germanium+indium", "mixed"),
    "850511": ("Permanent magnets of metal", "magnets", "mixed"),
}
# Names in use where the source's short ones are not written out.
NAMES = {"GBR": "United Kingdom", "USA": "United States"}


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


def industries(folder, out):
    """Each HS 2017 code with its division, group or class of ISIC Rev. 4, as far as is sure; empty where there is none."""
    classes = defaultdict(set)
    for row in rows(folder / "isic4_isic3.csv"):
        classes[row["ISIC3_4d"]].add(row["ISIC4_4d"])
    with open(out, "w", newline="", encoding="utf-8") as file:
        file.write("hs6,isic4\n")
        for row in sorted(rows(folder / "hs5_isic3.csv"), key=lambda row: row["HS5_6d"]):
            code, isic3 = row["HS5_6d"], row["ISIC3_4d"]
            file.write(f"{code},{'' if isic3 in NO_INDUSTRY else industry(code, isic3, classes[isic3])}\n")


def industry(code, isic3, classes):
    elsewhere = [given for given in ELSEWHERE if code.startswith(given)]
    if elsewhere:
        return ELSEWHERE[max(elsewhere, key=len)]
    goods = {isic4 for isic4 in classes if isic4[:2] not in NO_GOODS} or classes
    if isic3 in PRINCIPAL:
        # Of the principal industry, the class where it is one.
        goods = {isic4 for isic4 in classes if isic4.startswith(PRINCIPAL[isic3])}
    common = os.path.commonprefix(sorted(goods))
    if len(common) < 2:
        sys.exit(f"HS {code}: ISIC Rev. 3 {isic3} is in {sorted(goods)}")
    return common


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


def critical(out):
    traded = {line.split(",")[0] for line in (out.parent / "critical-trade.csv").read_text().splitlines()[1:]}
    if traded != set(CRITICAL):
        sys.exit(f"products without a name, or the other way round: {sorted(traded ^ set(CRITICAL))}")
    lines = [",".join([code, *CRITICAL[code]]) for code in sorted(CRITICAL)]
    out.write_text("\n".join(["hs6,name,materials,fit", *lines]) + "\n", encoding="utf-8")


def countries(folder, out):
    """Codes and short names; no name holds a comma."""
    names = {row["ISO3166-1-Alpha-3"]: row["CLDR display name"] for row in rows(folder / "country-codes.csv")}
    names.update(NAMES)
    lines = [f"{code},{names[code]}" for code in sorted(names) if len(code) == 3 and names[code]]
    out.write_text("\n".join(["code,name", *lines]) + "\n", encoding="utf-8")


source = Path(sys.argv[1])
target = Path(__file__).parent / "products"
target.mkdir(exist_ok=True)
sectors(source / "concordance", target / "hs2017-wiod2013.csv")
industries(source / "concordance", target / "hs2017-isic4.csv")
trade(source / "trade-baci-critical", target / "critical-trade.csv")
critical(target / "critical-products.csv")
countries(source / "countries", target.parent / "countries.csv")
