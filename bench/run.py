#!/usr/bin/env python3
"""zili against pymrio and plain numpy on one table, in one run: results compared first, then times as ratios.

    python3 -m venv .venv && .venv/bin/pip install -r bench/requirements.txt
    .venv/bin/python bench/run.py

The table is the bundled one of 2022, 4,050 industries. The workers below run in processes of their own, because a BLAS reads its
number of threads once.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def best_of(runs, work):
    best, result = float("inf"), None
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def peers(folder, regions, sectors, finals):
    """Times numpy and pymrio, compares zili's results with numpy's, prints both as JSON."""
    import numpy as np
    import pymrio

    n = regions * sectors
    read = lambda name, *shape: np.fromfile(folder / name).reshape(shape)
    z, y = read("Z.f64", n, n), read("Y.f64", n, finals)
    f = y.sum(1)
    x = z.sum(1) + f
    inverse = np.divide(1.0, x, out=np.zeros(n), where=x != 0)
    identity = np.eye(n)

    times = {}
    times["numpy L"], l = best_of(2, lambda: np.linalg.inv(identity - z * inverse))
    times["pymrio L"], _ = best_of(2, lambda: pymrio.calc_L(pymrio.calc_A(z, x)))
    a = z * inverse

    def without(r):
        rows = slice(r * sectors, (r + 1) * sectors)
        cut, left = a.copy(), f.copy()
        cut[rows] = 0
        cut[:, rows] = 0
        left[rows] = 0
        return x - np.linalg.solve(identity - cut, left)

    # Each takes a solve of the whole table: a few of them stand for all.
    chosen = range(0, regions, max(1, regions // 4))
    seconds, brute = best_of(1, lambda: np.array([without(r) for r in chosen]))
    times["numpy extraction"] = seconds * regions / len(chosen)

    gap = lambda found, expected: float(np.abs(found - expected).max() / np.abs(expected).max())
    gaps = {"L": gap(read("L.f64", n, n), l)}
    gaps["extraction"] = gap(read("extraction.f64", regions, n)[list(chosen)], brute)
    backward, forward = read("singles.f64", 2, n)
    some = range(0, n, max(1, n // 4))
    solved = []
    for j in some:
        cut = a.copy()
        cut[:, j] = 0
        solved.append(x.sum() - np.linalg.solve(identity - cut, f).sum())
    gaps["singles"] = gap(backward[list(some)], np.array(solved))
    print(json.dumps({"times": times, "gaps": gaps}))


def one_run(folder, regions, sectors, categories, threads):
    """One number of threads: zili first, then the peers, who also compare."""
    binary = ROOT / "target/release/zili-bench"
    words = [str(regions), str(sectors), str(categories)]
    ours = json.loads(subprocess.check_output([binary, folder, *words, str(threads)]))
    limits = {key: str(threads) for key in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    command = [sys.executable, __file__, "--peers", folder, str(regions), str(sectors), str(regions * categories)]
    theirs = json.loads(subprocess.check_output(command, env={**os.environ, **limits}))
    return ours, theirs


def assess():
    """Wall time and peak memory of the main job, start to finish."""
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        subprocess.run([ROOT / "target/release/zili", "assess", "CHN", "--quiet", "--out", f"{out}/report"],
                       check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def bundled():
    """Z and Y of the bundled table as numpy arrays, with numbers of regions, sectors and categories of final use."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    world = ROOT / "data/icio2022"
    manifest = json.loads((world / "manifest.json").read_text(encoding="utf-8"))
    regions, sectors, categories = (len(manifest[key]) for key in ("regions", "sectors", "final_categories"))
    n = regions * sectors
    cells = pq.read_table(world / "2022/flows.parquet")["value"].cast(pa.float64()).to_numpy()
    flows = cells.reshape(n, n + regions * categories)
    return flows[:, :n].copy(), flows[:, n:].copy(), (regions, sectors, categories)


def main():
    subprocess.run(["cargo", "build", "--release", "--quiet", "-p", "zili-bench", "-p", "zili"], cwd=ROOT, check=True)
    seconds, megabytes = assess()
    print(f"zili assess CHN, start to finish: {seconds:.2f} s, {megabytes:.0f} MB at most\n")

    z, y, (regions, sectors, categories) = bundled()
    n = regions * sectors
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        y.tofile(folder / "Y.f64")
        # A sector whose uses sum to nothing or less has no coefficients: its inputs would be lost.
        for _ in range(3):
            z[:, (z.sum(1) + y.sum(1)) <= 0] = 0
        z.tofile(folder / "Z.f64")

        for threads in (1, 2):
            ours, theirs = one_run(folder, regions, sectors, categories, threads)
            times, gaps = theirs["times"], theirs["gaps"]
            print(f"{n} industries, {threads} thread{'s' if threads > 1 else ''}")
            # 1e-9 of the largest value: two factorisations of one ill-scaled matrix differ by their rounding.
            for what, gap in gaps.items():
                print(f"  {what} agrees with numpy to {gap:.1e} of the largest value")
                assert gap < 1e-9, f"{what} differs; times mean nothing"
            row = lambda what, mine, peer, other: print(f"  {what:<34}{mine * 1e3:9.1f} ms   {other} {peer * 1e3:9.1f} ms   ratio {mine / peer:.3g}")
            row("L from flows", ours["L"], times["numpy L"], "numpy ")
            row("L from flows", ours["L"], times["pymrio L"], "pymrio")
            row("extraction of every region from L", ours["extraction of every region"], times["numpy extraction"], "solves")
            for what in ("every single extraction", "scan of every pair", "kww of one region"):
                print(f"  {what:<34}{ours[what] * 1e3:9.1f} ms")
            print(f"  ({ours['pairs']} pairs)\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peers"]:
        peers(Path(sys.argv[2]), *map(int, sys.argv[3:]))
    elif len(sys.argv) == 1:
        main()
    else:
        sys.exit(__doc__)
