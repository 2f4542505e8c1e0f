#!/usr/bin/env python3
"""Makes data/map/world.tsv again (see SOURCES.md for what goes in).

    data/build-map.py FOLDER

FOLDER has world-atlas/countries-110m.json and countries-50m.json (of the npm package world-atlas 2.0.2) and
countries/country-codes.csv. A country whose number has no code stops the script.

A line a country: code, name, shape; tab between them. The shape is an SVG path in whole units on a sheet WIDTH wide
(Equal Earth projection, moves relative), or `x,y` of its middle where the small-scale map leaves the country out.
"""

import csv
import json
import math
import sys
from pathlib import Path

WIDTH = 1000

# Shapes of the source without a number: no code of ISO 3166 stands for them, or one that is in use all the same.
WITHOUT_NUMBER = {"Kosovo": "XKX", "Somaliland": "", "N. Cyprus": "", "Siachen Glacier": "", "Indian Ocean Ter.": ""}
# Part of another country in the source, but told apart by those who count minerals: name and place.
APART = {"GLP": ("Guadeloupe", (-61.5, 16.2))}
# Nothing is mined there.
LEFT_OUT = {"ATA", "ATF", "HMD", "SGS", "IOT"}
# The source's names are cut to fit a map.
NAMES = {
    "Antigua and Barb.": "Antigua and Barbuda",
    "Bosnia and Herz.": "Bosnia and Herzegovina",
    "British Virgin Is.": "British Virgin Islands",
    "Cayman Is.": "Cayman Islands",
    "Central African Rep.": "Central African Republic",
    "Cook Is.": "Cook Islands",
    "Dem. Rep. Congo": "DR Congo",
    "Dominican Rep.": "Dominican Republic",
    "Eq. Guinea": "Equatorial Guinea",
    "Faeroe Is.": "Faroe Islands",
    "Falkland Is.": "Falkland Islands",
    "Fr. Polynesia": "French Polynesia",
    "Macedonia": "North Macedonia",
    "Marshall Is.": "Marshall Islands",
    "N. Mariana Is.": "Northern Mariana Islands",
    "Pitcairn Is.": "Pitcairn",
    "S. Sudan": "South Sudan",
    "Solomon Is.": "Solomon Islands",
    "St. Kitts and Nevis": "Saint Kitts and Nevis",
    "St. Pierre and Miquelon": "Saint Pierre and Miquelon",
    "St. Vin. and Gren.": "Saint Vincent and the Grenadines",
    "São Tomé and Principe": "São Tomé and Príncipe",
    "Turks and Caicos Is.": "Turks and Caicos Islands",
    "U.S. Virgin Is.": "US Virgin Islands",
    "United States of America": "United States",
    "W. Sahara": "Western Sahara",
    "Wallis and Futuna Is.": "Wallis and Futuna",
    "eSwatini": "Eswatini",
}


def project(longitude, latitude):
    """Equal Earth (Šavrič, Patterson & Jenny 2018): areas are in proportion."""
    a = (1.340264, -0.081106, 0.000893, 0.003796)
    root = math.sqrt(3) / 2
    t = math.asin(root * math.sin(math.radians(latitude)))
    x = math.radians(longitude) * math.cos(t)
    x /= root * (a[0] + 3 * a[1] * t**2 + t**6 * (7 * a[2] + 9 * a[3] * t**2))
    y = t * (a[0] + a[1] * t**2 + t**6 * (a[2] + a[3] * t**2))
    return x, -y


SCALE = WIDTH / (2 * project(180, 0)[0])
TOP = project(0, 84)[1]


def place(point):
    x, y = project(*point)
    return round(x * SCALE + WIDTH / 2), round((y - TOP) * SCALE)


def arcs(topology):
    """Longitudes and latitudes of every arc: TopoJSON keeps them as differences on a grid."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        found.append(points)
    return found


def rings(geometry, arcs):
    """Closed lines of a country; an arc of negative number runs backwards."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for polygon in polygons:
        for ring in polygon:
            points = []
            for index in ring:
                arc = arcs[index] if index >= 0 else arcs[~index][::-1]
                points.extend(arc if not points else arc[1:])
            yield points


def clipped(ring, inside, sign):
    """The part of a ring on one side of the meridian of 180 degrees."""
    kept = []
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1]):
        if inside(x0):
            kept.append((x0, y0))
        if inside(x0) != inside(x1):
            kept.append((sign * 180, y0 + (y1 - y0) * (sign * 180 - x0) / (x1 - x0)))
    return kept


def cut(ring):
    """The source's rings run on across the meridian of 180 degrees; a sheet ends there."""
    unrolled = [ring[0]]
    for x, y in ring[1:]:
        before = unrolled[-1][0]
        unrolled.append((x + 360 * round((before - x) / 360), y))
    for sign in (1, -1):
        beyond = [(x - 360 * sign, y) for x, y in clipped(unrolled, lambda x: sign * x >= 180, sign)]
        if beyond:
            return [clipped(unrolled, lambda x: sign * x <= 180, sign), beyond]
    return [unrolled]


def path(geometry, arcs):
    text = ""
    at = (0, 0)
    for ring in (part for ring in rings(geometry, arcs) for part in cut(ring)):
        points = [place(point) for point in ring]
        distinct = [p for k, p in enumerate(points) if k == 0 or p != points[k - 1]]
        if distinct[-1] == distinct[0]:
            distinct.pop()
        if len(distinct) < 3:
            continue
        for k, (x, y) in enumerate(distinct):
            dx, dy = x - at[0], y - at[1]
            text += ("m" if k == 0 else "l" if k == 1 else "") + f"{dx}" + (f"{dy}" if dy < 0 else f",{dy}")
            text += " " if 0 < k < len(distinct) - 1 else ""
            at = (x, y)
        text += "z"
        # After z the pen is where the ring began.
        at = distinct[0]
    return text.replace(" -", "-")


def middle(geometry, arcs):
    """The middle of the longest ring."""
    ring = max(rings(geometry, arcs), key=len)
    x, y = place((sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)))
    return f"{x},{y}"


def countries(file, codes):
    topology = json.loads(file.read_text())
    lines = arcs(topology)
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        number = geometry.get("id")
        if number is None and name not in WITHOUT_NUMBER and file.name.endswith("50m.json"):
            continue
        code = codes[int(number)] if number is not None else WITHOUT_NUMBER[name]
        if code not in LEFT_OUT and geometry.get("arcs"):
            yield code, NAMES.get(name, name), geometry, lines


def main():
    folder = Path(sys.argv[1])
    with open(folder / "countries/country-codes.csv", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["ISO3166-1-numeric"].strip()]
    codes = {int(row["ISO3166-1-numeric"]): row["ISO3166-1-Alpha-3"] for row in rows}
    found = {}
    for code, name, geometry, lines in countries(folder / "world-atlas/countries-110m.json", codes):
        found[(code, name)] = path(geometry, lines)
    known = {code for code, _ in found}
    for code, name, geometry, lines in countries(folder / "world-atlas/countries-50m.json", codes):
        if code and code not in known:
            known.add(code)
            found[(code, name)] = middle(geometry, lines)
    for code, (name, point) in APART.items():
        found[(code, name)] = "{},{}".format(*place(point))
    text = "".join(f"{code}\t{name}\t{shape}\n" for (code, name), shape in sorted(found.items()))
    out = Path(__file__).parent / "map" / "world.tsv"
    out.parent.mkdir(exist_ok=True)
    out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
