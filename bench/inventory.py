#!/usr/bin/env python3
"""The inventory model against BoARIO 0.7.2 on one table, in one run: results compared first, then times as ratios.

    python3 -m venv .venv && .venv/bin/pip install -r bench/requirements.txt
    .venv/bin/python bench/inventory.py FOLDER [--days 365] [--peer-days 30] [--runs 16] [--binary FILE]

FOLDER is laid out as for run.py: regions.csv, sectors.csv, final_demand.csv and ZY_x10_i32le.bin.zst. Negative final use
is set to 0 for both sides, and codes are replaced by such as sort in the table's order. Two events, as in src/bin/inventory.rs:
30 % of the capital of ten sectors of one region is destroyed on day 5 for ten days, and then recovers in a straight line over
60 days, or is rebuilt over 60 days by two sectors. One thread on both sides. BoARIO is timed and compared over the first
PEER_DAYS of the DAYS that zili plays, and its steps before and after recovery begins, which differ in cost, are scaled each to
their number in DAYS. What is timed of it is the loop, not the making of the model. The machine's load is printed, since times
under load mean little.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from run import ROOT

EVENTS = ("recovery", "rebuilding")
HIT_REGION, HIT_SECTORS, SHARE, OCCURRENCE, DURATION, TAU = 3, range(10), 0.3, 5, 10, 60
BUILDERS = {"S003": 0.7, "S010": 0.3}


def peer(folder, regions, sectors, categories, days, kind):
    """Times BoARIO's loop on one event, writes production of all steps, prints the times as JSON."""
    import logging
    import warnings

    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    import numpy as np
    import pandas as pd
    import pymrio
    from boario.event import from_series
    from boario.extended_models import ARIOPsiModel
    from boario.simulation import Simulation

    np.seterr(all="ignore")
    codes = lambda letter, count: [f"{letter}{k:03}" for k in range(count)]
    industries = pd.MultiIndex.from_product([codes("R", regions), codes("S", sectors)], names=["region", "sector"])
    finals = pd.MultiIndex.from_product([codes("R", regions), codes("F", categories)], names=["region", "category"])
    n = len(industries)
    read = lambda name, *shape: np.fromfile(folder / name).reshape(shape)
    start = time.perf_counter()
    table = pymrio.IOSystem(
        Z=pd.DataFrame(read("Z.f64", n, n), index=industries, columns=industries),
        Y=pd.DataFrame(read("Y.f64", n, len(finals)), index=industries, columns=finals),
    )
    table.calc_all()
    model = ARIOPsiModel(table, psi_param=0.8, inventory_restoration_tau=60, main_inv_dur=90)
    hit = [HIT_REGION * sectors + s for s in HIT_SECTORS]
    impact = pd.Series(SHARE * model.productive_capital[hit], index=industries[hit])
    # It asks for the event's unit, takes only whole numbers of days, and must see the end of the event within its horizon.
    common = dict(occurrence=OCCURRENCE, duration=DURATION, event_monetary_factor=10**6)
    if kind == "recovery":
        event = from_series(impact, event_type="recovery", recovery_tau=TAU, recovery_function="linear", **common)
    else:
        event = from_series(impact, event_type="rebuild", rebuild_tau=TAU, rebuilding_sectors=BUILDERS, **common)
    with tempfile.TemporaryDirectory() as out:
        simulation = Simulation(model, n_temporal_units_to_sim=days, boario_output_dir=out)
        simulation.add_event(event)
        made = time.perf_counter() - start
        step, seconds = simulation.next_step, []

        def timed():
            start = time.perf_counter()
            result = step()
            seconds.append(time.perf_counter() - start)
            return result

        simulation.next_step = timed
        simulation.loop()
        production = simulation.production_realised.to_numpy()
    assert not simulation.has_crashed and np.isfinite(production).all(), "BoARIO crashed"
    production.tofile(folder / f"peer-{kind}.f64")
    print(json.dumps({"made": made, "steps": seconds}))


def measured(command, **keywords):
    """Output of a command, and the most memory it held in MB."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, **keywords)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{command[0]} failed with {process.returncode}")
        out.seek(0)
        return json.loads(out.read()), usage.ru_maxrss / 1024


def lay_down(source, folder, regions, sectors):
    """Z and Y of the table, row by row; final use below 0 becomes 0, inputs of what has no output too."""
    import numpy as np
    import zstandard

    n = regions * sectors
    packed = (source / "ZY_x10_i32le.bin.zst").read_bytes()
    flat = np.frombuffer(zstandard.ZstdDecompressor().decompress(packed, 1 << 30), "<i4") / 10.0
    z, y = flat[: n * n].reshape(n, n).copy(), np.maximum(flat[n * n :].reshape(n, -1), 0.0)
    for _ in range(3):
        z[:, (z.sum(1) + y.sum(1)) <= 0] = 0
    z.tofile(folder / "Z.f64")
    y.tofile(folder / "Y.f64")


def main(arguments):
    import numpy as np

    source, days, peer_days, runs = arguments.folder, arguments.days, arguments.peer_days, arguments.runs
    assert OCCURRENCE + DURATION < peer_days <= days, "PEER_DAYS must hold the event and be no more than DAYS"
    if not arguments.binary:
        subprocess.run(["cargo", "build", "--release", "--quiet", "-p", "zili-bench"], cwd=ROOT, check=True)
    lines = lambda name: len((source / name).read_text().strip().splitlines()) - 1
    regions, sectors, categories = lines("regions.csv"), lines("sectors.csv"), lines("final_demand.csv")
    n = regions * sectors
    limits = {key: "1" for key in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_down(source, folder, regions, sectors)
        load = [os.getloadavg()[0]]
        words = [str(k) for k in (regions, sectors, categories, 1, days, runs)]
        ours, megabytes = measured([arguments.binary or ROOT / "target/release/inventory", folder, *words])
        load.append(os.getloadavg()[0])
        times, stream = ours["times"], ours["stream Z once"]
        theirs = {}
        for kind in EVENTS:
            words = [str(k) for k in (regions, sectors, categories, peer_days)]
            command = [sys.executable, __file__, "--peer", folder, *words, kind]
            theirs[kind], theirs[kind]["megabytes"] = measured(command, env={**os.environ, **limits})
        load.append(os.getloadavg()[0])

        print(f"{n} industries, one thread on both sides; load of {os.cpu_count()} cores at the start, after zili, at the end: "
              + ", ".join(f"{l:.1f}" for l in load))
        for kind in EVENTS:
            found = np.fromfile(folder / f"{kind}.f64").reshape(days, n)[:peer_days]
            expected = np.fromfile(folder / f"peer-{kind}.f64").reshape(peer_days, n)
            gap = float(np.abs(found - expected).max() / expected.max())
            fallen = float((1 - expected.sum(1) / expected[0].sum()).max())
            print(f"  {kind}: production of {peer_days} days agrees with BoARIO to {gap:.1e} of its largest value"
                  f" (world output at most {fallen:.2%} below the first day's)")
            assert gap < 1e-9, f"{kind} differs; times mean nothing"
        begins = OCCURRENCE + DURATION
        mean = lambda values: sum(values) / len(values)
        print(f"\n  BoARIO is timed over {peer_days} days, and its mean steps before and from day {begins} are taken for {days} days.")
        print(f"  {'':<12}{'zili, a step':>15}{'BoARIO, a step':>24}{f'zili, {days} d':>16}{f'BoARIO, {days} d':>18}{'ratio':>8}")
        for kind in EVENTS:
            early, late = mean(theirs[kind]["steps"][:begins]), mean(theirs[kind]["steps"][begins:])
            peer_time = begins * early + (days - begins) * late
            steps = f"{early * 1e3:.0f}, then {late * 1e3:.0f} ms"
            print(f"  {kind:<12}{times[kind] / days * 1e3:12.2f} ms{steps:>24}{times[kind]:14.2f} s{peer_time:16.1f} s{peer_time / times[kind]:8.1f}")
        made = ", ".join(f"{theirs[kind]['made']:.1f} s and {theirs[kind]['megabytes']:.0f} MB at most" for kind in EVENTS)
        print(f"  (BoARIO's model before the loop, and its memory: {made})\n")
        print(f"  Reading Z ({n * n * 8 / 1e6:.0f} MB) twice takes {2e3 * stream:.2f} ms; a step takes")
        for kind in (*EVENTS, "own, recovery", "own, control"):
            print(f"    {kind:<14}{times[kind] / days * 1e3:8.2f} ms, {times[kind] / days / (2 * stream):5.2f} times that")
        one, each = times["own, control"], times["batch"] / runs
        print(f"  {runs} scenarios (mode sound) together: {times['batch']:.2f} s, {each:.3f} s each; one alone {one:.3f} s; ratio {each / one:.2f}")
        print(f"  zili's memory at most, all of the above: {megabytes:.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peer"]:
        peer(Path(sys.argv[2]), *map(int, sys.argv[3:7]), sys.argv[7])
    else:
        parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("folder", type=Path)
        parser.add_argument("--days", type=int, default=365)
        parser.add_argument("--peer-days", type=int, default=30)
        parser.add_argument("--runs", type=int, default=16)
        parser.add_argument("--binary", type=Path, help="time this build of src/bin/inventory.rs and make none")
        main(parser.parse_args())
