#!/usr/bin/env python3
"""Makes data/icio2022 again, and checks it against the published margins (see SOURCES.md for what goes in).

    data/build-icio2022.py FOLDER

FOLDER has Z_x100_i32le.bin.zst and Y_x100_i32le.bin.zst (zstd of little-endian 32-bit whole numbers, row by row, hundredths
of a million USD), margins.csv, final-use-12-groups.csv, regions.csv, sectors.csv and final_demand.csv. Needs zstd and Rust.
"""

import csv
import subprocess
import sys
import tempfile
from array import array
from itertools import accumulate
from pathlib import Path

HERE = Path(__file__).resolve().parent
LABELS = HERE / "icio2022-labels"
# Labels of sectors are those of the classification, which any world of it shares.
SECTORS = HERE / "classifications/icio50.csv"
# Groups of users in the 12-group table; everybody else by itself, and what is left is ROW.
GROUPS = {
    "EU27": "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD POL PRT ROU SVK SVN SWE",
    "MEA": "SAU ARE ISR JOR",
    "AFR": "ZAF EGY MAR TUN NGA SEN CIV CMR COD AGO STP",
    **{code: code for code in "USA CHN GBR JPN IND CAN NOR IDN".split()},
}
# A cell is off by half a hundredth at most, and so is each cell of a sum.
CELL = 0.005
# Margins may miss sums of cells by this share: real estate, households as employers and other transport equipment do in the source
# (2e-4), domestic final use within the groups whose members are estimated by up to 9e-4.
LOOSE = 1e-3
# Two negative stock changes that the cells lack.
EXCEPT = {"HKG.C302T309": 13.0, "BEL.C301": 0.2}


def codes(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [row["code"] for row in csv.DictReader(file)]


def numbers(path, rows, columns):
    """Each row of a matrix of hundredths."""
    raw = subprocess.run(["zstd", "-dc", path], check=True, capture_output=True).stdout
    cells = array("i", raw)
    if sys.byteorder == "big":
        cells.byteswap()
    if len(cells) != rows * columns:
        sys.exit(f"{path}: {len(cells)} numbers, not {rows} × {columns}")
    return [cells[r * columns : (r + 1) * columns] for r in range(rows)]


class Check:
    """Compares sums of the table with published figures."""

    def __init__(self):
        self.failed = 0

    def margin(self, what, labels, found, published, cells):
        """Sums of so many rounded cells each."""
        worst = (0.0, "")
        for label, ours, theirs in zip(labels, found, published):
            gap = abs(ours - theirs)
            if gap > CELL * cells + LOOSE * abs(theirs) + EXCEPT.get(label, 0.0):
                self.failed += 1
                print(f"{what}: {label} is {ours:.4f}, published {theirs:.4f}")
            worst = max(worst, (gap, label))
        total = sum(abs(value) for value in published)
        gaps = sum(abs(ours - theirs) for ours, theirs in zip(found, published))
        print(f"{what}: largest gap {worst[0]:.4f} million USD ({worst[1]}), all gaps {gaps / total:.1e} of the total")


def check(folder, regions, sectors, kinds, z, y):
    n, s, k = len(z), len(sectors), len(kinds)
    labels = [f"{region}.{sector}" for region in regions for sector in sectors]
    with open(folder / "margins.csv", newline="", encoding="utf-8") as file:
        margins = list(csv.DictReader(file))
    if [f"{row['region']}.{row['sector']}" for row in margins] != labels:
        sys.exit("margins.csv has other rows than the table")
    published = {name: [float(row[name]) for row in margins] for name in list(margins[0])[2:]}
    home = [i // s for i in range(n)]
    used = [sum(row) for row in z]
    final = [sum(row) for row in y]
    own_inputs = [sum(row[home[i] * s : (home[i] + 1) * s]) for i, row in enumerate(z)]
    own_final = [sum(row[home[i] * k : (home[i] + 1) * k]) for i, row in enumerate(y)]
    bought = [0] * n
    bought_at_home = [0] * n
    for i, row in enumerate(z):
        bought = [total + cell for total, cell in zip(bought, row)]
        for j in range(home[i] * s, (home[i] + 1) * s):
            bought_at_home[j] += row[j]
    hundredths = lambda values: [value / 100 for value in values]
    checks = Check()
    put = lambda name, values, cells: checks.margin(name, labels, hundredths(values), published[name], cells)
    put("gross_output", [a + b for a, b in zip(used, final)], n + len(y[0]))
    put("intermediate_inputs", bought, n)
    put("imported_inputs", [a - b for a, b in zip(bought, bought_at_home)], n - s)
    put("final_use", final, len(y[0]))
    put("domestic_final_use", own_final, k)
    abroad = [u - a + f - b for u, a, f, b in zip(used, own_inputs, final, own_final)]
    put("exports", abroad, n + len(y[0]))
    groups(folder, regions, sectors, kinds, y, checks)
    if checks.failed:
        sys.exit(f"{checks.failed} figures are not the published ones")
    return margins


def groups(folder, regions, sectors, kinds, y, checks):
    """Final use between groups by kind, the independent check of Y."""
    of = {member: group for group, members in GROUPS.items() for member in members.split()}
    group = [of.get(region, "ROW") for region in regions]
    with open(folder / "final-use-12-groups.csv", newline="", encoding="utf-8") as file:
        published = list(csv.DictReader(file))
    columns = list(published[0])[2:]
    s, k = len(sectors), len(kinds)
    at = {name: c for c, name in enumerate(columns)}
    target = [at[f"{group[c // k]}_{kinds[c % k]}"] for c in range(len(y[0]))]
    sums = {(row["origin"], row["sector"]): [0] * len(columns) for row in published}
    for i, row in enumerate(y):
        into = sums[group[i // s], sectors[i % s]]
        for c, cell in enumerate(row):
            into[target[c]] += cell
    labels, found, expected = [], [], []
    for row in published:
        for name, value in zip(columns, sums[row["origin"], row["sector"]]):
            labels.append(f"{row['origin']}.{row['sector']}.{name}")
            found.append(value / 100)
            expected.append(float(row[name]))
    largest = max(group.count(name) for name in set(group))
    checks.margin("final use between groups", labels, found, expected, largest * largest)


def decimal(hundredths):
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".") if hundredths else "0"


def write(folder, name, rows):
    with open(folder / f"{name}.csv", "w", encoding="utf-8") as file:
        file.writelines(",".join(map(decimal, row)) + "\n" for row in rows)


def main():
    source = Path(sys.argv[1])
    regions, sectors, kinds = (codes(source / f"{name}.csv") for name in ("regions", "sectors", "final_demand"))
    labels = {"regions": LABELS / "regions.csv", "sectors": SECTORS, "final_demand": LABELS / "final_demand.csv"}
    for (name, path), given in zip(labels.items(), (regions, sectors, kinds)):
        if codes(path) != given:
            sys.exit(f"{path} has other codes than the source: {name}")
    n = len(regions) * len(sectors)
    z = numbers(source / "Z_x100_i32le.bin.zst", n, n)
    y = numbers(source / "Y_x100_i32le.bin.zst", n, len(regions) * len(kinds))
    margins = check(source, regions, sectors, kinds, z, y)
    with tempfile.TemporaryDirectory() as staging:
        staging = Path(staging)
        for label in LABELS.iterdir():
            (staging / label.name).write_bytes(label.read_bytes())
        (staging / "sectors.csv").write_bytes(SECTORS.read_bytes())
        write(staging, "Z", z)
        write(staging, "Y", y)
        value_added = [row["value_added"] for row in margins]
        left = lambda row: float(row["gross_output"]) - float(row["intermediate_inputs"]) - float(row["value_added"])
        taxes = [f"{left(row):.4f}" for row in margins]
        (staging / "V.csv").write_text("\n".join([",".join(value_added), ",".join(taxes)]) + "\n", encoding="utf-8")
        command = "cargo run --release --quiet -p zili -- data import plain".split()
        # Two industries buy more than they sell, as published.
        repairs = ["--repair", "keep-column-sums"]
        with tempfile.TemporaryDirectory() as store:
            subprocess.run([*command, staging, "--name", "made", "--store", store, *repairs], check=True)
            subprocess.run([sys.executable, HERE / "as-bundled.py", store, "made", "icio2022", "2"], check=True)


main()
