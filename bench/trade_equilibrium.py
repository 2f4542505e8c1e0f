"""The peer of zili's trade equilibrium: the same scheme in plain numpy.

usage: trade_equilibrium.py FOLDER [TOLERANCE]   (FOLDER in the layout of a Caliendo-Parro data set)

Caliendo and Parro (2015), deficits closed: hats of wages and prices from the baseline tariffs to the counterfactual ones.
Prints seconds of the two solves and writes nothing; with a third argument it writes the hats there as csv.
"""
import csv
import gzip
import sys
import time

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


if __name__ == "__main__":
    folder = sys.argv[1]
    tolerance = float(sys.argv[2]) if len(sys.argv) > 2 else 1e-10
    regions, sectors, flow, before, after, inputs, added, final, theta, deficit = read(folder)
    data = calibrate(flow, before, inputs, added, final, theta, deficit)
    begun = time.perf_counter()
    closed = solve(data, data.tau, np.zeros(len(regions)), tolerance)
    baseline = Economy(closed["shares"], data.tau, data.gamma, data.va, data.alpha, theta,
                       np.exp(closed["w"]) * data.value_added, np.zeros(len(regions)))
    middle = time.perf_counter()
    found = solve(baseline, 1 + after, np.zeros(len(regions)), tolerance)
    ended = time.perf_counter()
    print(f"closed {middle - begun:.4f} s in {closed['rounds']} rounds, counterfactual {ended - middle:.4f} s in {found['rounds']} rounds")
    if len(sys.argv) > 3:
        with open(sys.argv[3], "w") as file:
            file.write("region,sector,w_hat,P_hat,c_hat,X\n")
            for r, region in enumerate(regions):
                for s, sector in enumerate(sectors):
                    values = (np.exp(found["w"][r]), np.exp(found["p"][r, s]), np.exp(found["cost"][r, s]), found["spending"][r, s])
                    file.write(",".join([region, sector, *(repr(float(v)) for v in values)]) + "\n")
