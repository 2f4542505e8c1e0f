"""zili's trade equilibrium against the same scheme in plain numpy, in one run: results compared first, then times as ratios.

    .venv/bin/python bench/trade_equilibrium.py FOLDER [TOLERANCE]

FOLDER holds the data of Caliendo and Parro (2015): regions.txt, sectors.txt, trade, value_added, intermediate_consumption,
final_consumption, deficit and theta as csv, plain or gzipped. Deficits are closed first; then tariffs change as NAFTA's did.
"""
import csv
import gzip
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np


def table(folder, name):
    for suffix, opener in ((".csv", open), (".csv.gz", gzip.open)):
        try:
            with opener(f"{folder}/{name}{suffix}", "rt") as file:
                return list(csv.DictReader(file))
        except FileNotFoundError:
            continue
    raise SystemExit(f"{folder}: no {name}.csv")


def read(folder):
    regions = [line.strip() for line in open(f"{folder}/regions.txt")]
    sectors = [line.strip() for line in open(f"{folder}/sectors.txt")]
    at_r, at_s = ({name: k for k, name in enumerate(names)} for names in (regions, sectors))
    n, j = len(regions), len(sectors)
    flow, before, after = (np.zeros((j, n, n)) for _ in range(3))
    for row in table(folder, "trade"):
        place = at_s[row["sector"]], at_r[row["importer"]], at_r[row["exporter"]]
        flow[place] = float(row["value"])
        before[place] = float(row["tariff_bln"])
        after[place] = float(row["tariff_cfl"])
    inputs = np.zeros((n, j, j))
    for row in table(folder, "intermediate_consumption"):
        inputs[at_r[row["region"]], at_s[row["input"]], at_s[row["sector"]]] = float(row["value"])
    added, final = np.zeros((n, j)), np.zeros((n, j))
    for row in table(folder, "value_added"):
        added[at_r[row["region"]], at_s[row["sector"]]] = float(row["value"])
    for row in table(folder, "final_consumption"):
        final[at_r[row["region"]], at_s[row["sector"]]] = float(row["value"])
    theta = np.zeros(j)
    for row in table(folder, "theta"):
        theta[at_s[row["sector"]]] = float(row["value"])
    deficit = np.array([float(row["D"]) for row in table(folder, "deficit")])
    return regions, sectors, flow, before, after, inputs, added, final, theta, deficit


class Economy:
    """Shares: pi and tau [sector, importer, exporter], gamma [region, input, sector], alpha and va [region, sector]."""

    def __init__(self, pi, tau, gamma, va, alpha, theta, value_added, deficit):
        self.pi, self.tau, self.gamma, self.va = pi, tau, gamma, va
        self.alpha, self.theta, self.value_added, self.deficit = alpha, theta, value_added, deficit


def anderson(step, start, tolerance, memory=8, damp=1.0, most=1000):
    """Fixed point of step by Anderson's mixing of the last residuals."""
    x, xs, fs = start, [], []
    for count in range(most):
        f = step(x) - x
        if np.abs(f).max() < tolerance:
            return x + f, count + 1
        xs.append(x), fs.append(f)
        xs, fs = xs[-memory:], fs[-memory:]
        new = x + damp * f
        if len(fs) > 1:
            df = np.stack([f - old for old in fs[:-1]], 1)
            dx = np.stack([x - old for old in xs[:-1]], 1)
            weights = np.linalg.lstsq(df, f, rcond=1e-12)[0]
            new = new - (dx + damp * df) @ weights
        x = new
    raise SystemExit("no convergence")


def solve(e, tau, deficit, tolerance):
    j, n, _ = e.pi.shape
    base = e.pi * (tau / e.tau) ** -e.theta[:, None, None]
    scale = e.value_added.sum()
    wl, d = e.value_added / scale, deficit / scale
    active = e.pi.sum(2) > 0  # [sector, importer]
    state = {"p": np.zeros(n * j), "x": None}

    def prices(w, tolerance):
        def step(p):
            cost = e.va * w[:, None] + np.einsum("nkj,nk->nj", e.gamma, p.reshape(n, j))
            powers = np.exp(-e.theta[:, None] * cost.T)
            total = np.einsum("jni,ji->jn", base, powers)
            return np.where(active, -np.log(np.where(active, total, 1)) / e.theta[:, None], 0).T.ravel()

        p, _ = anderson(step, state["p"], tolerance)
        state["p"] = p
        p = p.reshape(n, j)
        return p, e.va * w[:, None] + np.einsum("nkj,nk->nj", e.gamma, p)

    def spending(shares, w, tolerance):
        net = shares / tau
        rate = (shares - net).sum(2)  # tariff revenue per unit spent [sector, importer]

        def step(flat):
            x = flat.reshape(n, j)
            income = np.exp(w) * wl + (rate.T * x).sum(1) + d
            output = np.einsum("jin,ij->nj", net, x)
            return (np.einsum("njk,nk->nj", e.gamma, output) + e.alpha * income[:, None]).ravel()

        start = state["x"] if state["x"] is not None else (e.alpha * (wl + d)[:, None] * 2).ravel()
        x, _ = anderson(step, start, tolerance * 0.01)
        state["x"] = x
        x = x.reshape(n, j)
        return x, np.einsum("jin,ij->nj", net, x), rate

    result = {}

    def outer(w):
        w = w - np.log((np.exp(w) * wl).sum() / wl.sum())
        p, cost = prices(w, tolerance * 0.1)
        shares = base * np.exp(-e.theta[:, None, None] * (cost.T[:, None, :] - p.T[:, :, None]))
        x, output, rate = spending(shares, w, tolerance * 0.1)
        demand = (e.va * output).sum(1)
        result.update(w=w, p=p, cost=cost, shares=shares, x=x, rate=rate)
        return w + 0.3 * (np.log(demand / wl) - w)

    _, rounds = anderson(outer, np.zeros(n), tolerance)
    income = np.exp(result["w"]) * wl + (result["rate"].T * result["x"]).sum(1) + d
    result.update(income=income * scale, rounds=rounds, spending=result["x"] * scale)
    return result


def calibrate(flow, tariff, inputs, added, final, theta, deficit):
    tau = 1 + tariff
    spent = flow * tau
    total = spent.sum(2)
    pi = np.divide(spent, total[:, :, None], out=np.zeros_like(spent), where=total[:, :, None] > 0)
    output = flow.sum(1).T  # [exporter, sector]
    used = inputs.sum(1)
    cost = added + used
    va = np.divide(added, cost, out=np.ones_like(added), where=cost > 0)
    gamma = np.divide(inputs, cost[:, None, :], out=np.zeros_like(inputs), where=cost[:, None, :] > 0)
    alpha = final / final.sum(1, keepdims=True)
    return Economy(pi, tau, gamma, va, alpha, theta, added.sum(1), deficit)


def best_of(runs, work):
    best, result = float("inf"), None
    for _ in range(runs):
        begun = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - begun)
    return best, result


def main():
    folder = sys.argv[1]
    tolerance = float(sys.argv[2]) if len(sys.argv) > 2 else 1e-10
    regions, sectors, flow, before, after, inputs, added, final, theta, deficit = read(folder)
    data = calibrate(flow, before, inputs, added, final, theta, deficit)
    none = np.zeros(len(regions))
    closing, closed = best_of(3, lambda: solve(data, data.tau, none, tolerance))
    baseline = Economy(closed["shares"], data.tau, data.gamma, data.va, data.alpha, theta,
                       np.exp(closed["w"]) * data.value_added, none)
    counterfactual, found = best_of(3, lambda: solve(baseline, 1 + after, none, tolerance))

    root = Path(__file__).resolve().parent.parent
    subprocess.run(["cargo", "build", "--release", "-p", "zili-bench", "--bin", "equilibrium"], cwd=root, check=True)
    with tempfile.TemporaryDirectory() as place:
        hats = Path(place) / "hats.csv"
        command = [root / "target/release/equilibrium", folder, hats, str(tolerance)]
        times = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        rows = list(csv.DictReader(open(hats)))
    at_r, at_s = ({name: k for k, name in enumerate(names)} for names in (regions, sectors))
    gap = 0.0
    for row in rows:
        n, j = at_r[row["region"]], at_s[row["sector"]]
        for name, value in (("w_hat", np.exp(found["w"][n])), ("P_hat", np.exp(found["p"][n, j])),
                            ("c_hat", np.exp(found["cost"][n, j]))):
            gap = max(gap, abs(float(row[name]) - value))
    # Both stop where labour markets clear to the tolerance; hats follow to some ten times that.
    if not gap < 100 * tolerance:
        raise SystemExit(f"results differ by {gap:.1e}: no times")
    print(f"hats equal to {gap:.1e}, both at {tolerance:.0e}")
    for what, mine, theirs in (("closing deficits", times["closing deficits"], closing),
                               ("counterfactual", times["counterfactual"], counterfactual)):
        print(f"{what}: zili {mine:.4f} s, numpy {theirs:.4f} s, {theirs / mine:.1f} times")
    print(f"41 x 35 world: {times['41 x 35']:.4f} s; a thousand of them: {times['a thousand of 41 x 35']:.1f} s "
          f"on {times['threads']} threads")


if __name__ == "__main__":
    main()
