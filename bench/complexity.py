#!/usr/bin/env python3
"""Indices of complexity against the package ecomplexity 0.5.3 and plain numpy in one run: results compared first, then ratios.

    python3 -m venv .venv && .venv/bin/pip install -r bench/requirements.txt
    .venv/bin/python bench/complexity.py [--economies 130] [--products 5000] [--binary FILE]

Exports are invented from a seed: economies have some of 60 capabilities, a product needs some of them, and is exported by
those that have all. What is timed is everything from exports to indices: advantage, complexity, proximity, density, outlook,
gain, and on our side and numpy's 200 steps of fitness too. numpy and zili each take the best of several runs. The machine's load
is printed, since times under load mean little.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

from run import ROOT


def exports(economies, products, seed=20231):
    """Economies with capabilities, products that need some, values spread widely."""
    rng = np.random.default_rng(seed)
    capabilities = 60
    has = rng.random((economies, capabilities)) < rng.uniform(0.45, 0.97, economies)[:, None]
    needs = [rng.choice(capabilities, rng.integers(1, 6), replace=False) for _ in range(products)]
    makes = np.stack([has[:, need].all(axis=1) for need in needs], axis=1)
    size = rng.lognormal(0, 1.5, economies)[:, None] * rng.lognormal(0, 2, products)
    values = np.where(makes, size * rng.lognormal(0, 1, (economies, products)), 0.0)
    # Nobody without exports, nothing without exporters.
    for p in np.flatnonzero(values.sum(axis=0) == 0):
        values[rng.integers(economies), p] = 1.0
    return values


def plain(values, steps=200):
    """The same by the textbook: one symmetric eigenproblem, and a matrix of proximities."""
    rca = (values / values.sum(1, keepdims=True)) / (values.sum(0) / values.sum())
    made = (rca >= 1).astype(float)
    k, u = made.sum(1), made.sum(0)
    root = np.sqrt(k)
    vectors = np.linalg.eigh(((made / u) @ made.T) / np.outer(root, root))[1]
    of_products = made.T @ (vectors[:, -2] / root) / u
    of_economies = made @ of_products / k
    if np.corrcoef(of_economies, k)[0, 1] < 0:
        of_products, of_economies = -of_products, -of_economies
    mean, deviation = of_economies.mean(), of_economies.std()
    near = made.T @ made
    near /= np.maximum.outer(u, u)
    reach = near.sum(0)
    density = made @ near / reach
    outlook = ((1 - made) * density) @ of_products
    gain = (1 - made) * (((1 - made) * (of_products / reach)) @ near) / deviation
    fitness, quality = np.ones(len(k)), np.ones(len(u))
    for _ in range(steps):
        fitness, quality = made @ quality, 1 / (made.T @ (1 / fitness))
        fitness, quality = fitness / fitness.mean(), quality / quality.mean()
    return {
        "eci": (of_economies - mean) / deviation,
        "pci": (of_products - mean) / deviation,
        "coi": (outlook - outlook.mean()) / outlook.std(),
        "fitness": fitness,
        "density": density,
        "cog": gain,
    }


def package(values):
    """ecomplexity, from a long table as it wants it, without its check of supermodularity."""
    import pandas as pd
    from ecomplexity import ecomplexity

    economies, products = values.shape
    table = pd.DataFrame(
        {
            "year": 2000,
            "loc": np.repeat([f"C{c:04}" for c in range(economies)], products),
            "prod": np.tile([f"P{p:05}" for p in range(products)], economies),
            "val": values.ravel(),
        }
    )
    names = {"time": "year", "loc": "loc", "prod": "prod", "val": "val"}
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out = ecomplexity(table, names, check_logsupermodularity=False, verbose=False)
    seconds = time.perf_counter() - start
    out = out.sort_values(["loc", "prod"])
    shape = lambda name: out[name].to_numpy().reshape(economies, products)
    return seconds, {
        "eci": shape("eci")[:, 0],
        "pci": shape("pci")[0],
        "coi": shape("coi")[:, 0],
        "density": shape("density"),
        "cog": shape("cog"),
    }


def gap(found, expected):
    return np.abs(found - expected).max() / np.abs(expected).max()


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--economies", type=int, default=130)
    words.add_argument("--products", type=int, default=5000)
    words.add_argument("--binary", type=Path, default=ROOT / "target/release/complexity")
    ask = words.parse_args()
    values = exports(ask.economies, ask.products)
    print(f"load before: {os.getloadavg()[0]:.2f}; {ask.economies} economies × {ask.products} products")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        values.astype("<f8").tofile(folder / "exports.f64")
        ours = {}
        for threads in (1, 2):
            command = [ask.binary, folder, ask.economies, ask.products, threads, 7]
            said = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True)
            ours[threads] = json.loads(said.stdout)
        found = {name: np.fromfile(folder / f"{name}.f64") for name in ("eci", "pci", "coi", "fitness", "density", "cog")}
    times = []
    for _ in range(3):
        start = time.perf_counter()
        expected = plain(values)
        times.append(time.perf_counter() - start)
    seconds, theirs = package(values)
    for who, reference in (("numpy", expected), ("ecomplexity", theirs)):
        for name, values in reference.items():
            off = gap(found[name], values.ravel())
            print(f"{who:12} {name:8} differs by {off:.1e} of the largest")
            # The package solves a problem that is not symmetric, of the size of the products: some digits are lost there.
            if not off < (1e-10 if who == "numpy" else 1e-7):
                sys.exit("results differ: no ratio is worth printing")
    for threads, run in ours.items():
        spoken = f"zili, {threads} thread{'s' if threads > 1 else ''}"
        print(
            f"{spoken:16} {run['seconds']:8.4f} s   {run['peak_kib'] / 1024:6.0f} MiB"
            f"   numpy takes {min(times) / run['seconds']:.1f} times as long, ecomplexity {seconds / run['seconds']:.0f} times"
        )
    print(f"{'numpy':16} {min(times):8.4f} s\n{'ecomplexity':16} {seconds:8.4f} s")


main()
