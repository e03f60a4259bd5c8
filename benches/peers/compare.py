#!/usr/bin/env python3
"""Runs our examples and their peers in turn, collects what they print, and writes the table of ratios.

    benches/peers/setup.sh                                   installs the peers
    benches/peers/compare.py                                 everything, three rounds of some ten minutes
    benches/peers/compare.py --quick --only cuba,ab_brain    a short look, for checking that it works
    benches/peers/compare.py --table FILE..                  the table of results that are there already
    benches/peers/compare.py --table FILE.. --write          writes it into docs/performance.md, too

Every program runs alone, on core 0, one after the other; a round runs each of them once, so that drift of the machine hits
all alike. A ratio is that of two runs of one round: how many times less we need. Only the standard library is used.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ENV = Path(os.environ.get("BENCH_ENV", Path.home() / ".cache" / "spark-bench"))
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- peers:begin -->", "<!-- peers:end -->"
OURS = "spark"
# Networks that a peer has compiled.
SCRATCH = Path(tempfile.gettempdir()) / f"spark-peers-{os.getpid()}"


def ours(example, *options):
    return lambda seed: [TARGET / "release" / "examples" / example, "--json", "--seed", str(seed), *options]


def nest(*options):
    return lambda seed: [ENV / "sim/bin/python", HERE / "nest_bench.py", "--seed", str(seed), *options]


def brian(name, *options):
    """Compiled in the first round, run again in the others: its network is that of one seed."""
    build = SCRATCH / name
    return lambda seed: [ENV / "sim/bin/python", HERE / "brian2_bench.py", "--keep", build, *options]


def snn(script, *options):
    return lambda seed: [ENV / "spark/bin/python", HERE / script, *options]


def fixed(*command):
    """Ours with the seeds of the model's authors: they are the model."""
    return lambda seed: [TARGET / "release" / "examples" / command[0], "--json", *command[1:]]


def benchmarks(quick):
    """Name, bounds of what must come out, and the programs that compute it."""
    short = lambda seconds: str(seconds / 10 if quick else seconds)
    table = []

    def add(name, bounds, **programs):
        table.append((name, bounds, programs))

    for dt, bio in [("0.1", 5), ("1", 10)]:
        bio = short(bio)
        add(
            f"cuba dt {dt}",
            {"mean_rate_hz": (5.0, 6.0)},
            spark=ours("cuba", "--dt", dt, "--seconds", bio),
            brian2=brian(f"cuba{dt}", "--bench", "cuba", "--dt", dt, "--bio", bio),
            nest=nest("--bench", "cuba", "--dt", dt, "--bio", bio),
        )
    for order, bio, rates in [("500", 1, (36.0, 38.2)), ("2500", 0.5, (31.5, 32.4))]:
        bio = short(bio)
        add(
            f"brunel {order}",
            {"mean_rate_hz": rates},
            spark=ours("brunel", "--order", order, "--seconds", bio),
            brian2=brian(f"brunel{order}", "--bench", "brunel", "--order", order, "--bio", bio),
            nest=nest("--bench", "brunel", "--order", order, "--bio", bio),
        )
    bio = short(1)
    add(
        "brunel_stdp 500",
        {"mean_rate_hz": (36.0, 40.5), "w_mean": (0.500, 0.516), "w_sd": (0.026, 0.031)},
        spark=ours("brunel_stdp", "--order", "500", "--seconds", bio),
        brian2=brian("stdp500", "--bench", "brunel_stdp", "--order", "500", "--bio", bio),
        nest=nest("--bench", "brunel_stdp", "--order", "500", "--bio", bio),
    )
    for neuron, scale, rates in [("lif", "150", (50.0, 100.0)), ("alif", "50", (20.0, 50.0))]:
        for units in ["256", "1024", "4096"]:
            peers = {
                f"snn_{mode}_{dtype[5:]}": snn(
                    "snn_pool.py",
                    "--neuron",
                    neuron,
                    "--kscale",
                    scale,
                    "--units",
                    units,
                    "--dtype",
                    dtype,
                    "--mode",
                    mode,
                )
                for dtype in (["float16"] if quick else ["float16", "float32"])
                for mode in ["step", "scan"]
            }
            seconds = short(0.5 if units == "4096" else 1)
            program = ours("spark_pool", "--neuron", neuron, "--units", units, "--seconds", seconds)
            add(f"spark_pool {neuron} {units}", {"mean_rate_hz": rates}, spark=program, **peers)
    add(
        "ab_brain",
        {"mean_rate_hz": (50.0, 85.0)},
        spark=fixed("ab_brain", "--seconds", short(2)),
        snn_step=snn("snn_ab_brain.py", "--mode", "step", *(["--reps", "3"] if quick else [])),
    )
    add("limits", {}, limits=lambda seed: [ENV / "limits", "1"])
    return table


def per_bio(row):
    return row["run_s"] / row["bio_s"]


def field(name):
    return lambda row: row[name]


# What is compared: the benchmark, what of it, its unit, the peers of which the best counts, the ratio that we are to reach.
COMPARISONS = [
    ("ab_brain", "time per step", "us", field("us_per_step"), ["snn_step"], 40),
    ("ab_brain", "cold start to the first result", "s", field("cold_first_step_s"), ["snn_step"], 100),
    ("ab_brain", "peak memory", "MB", field("peak_rss_mb"), ["snn_step"], 20),
    *[
        (f"spark_pool {neuron} {units}", "time per step", "us", field("us_per_step"), ["snn_*"], goal)
        for neuron in ["lif", "alif"]
        for units, goal in [("256", 15), ("1024", 25), ("4096", 25)]
    ],
    ("cuba dt 0.1", "time per simulated second", "s", per_bio, ["brian2"], 2),
    ("cuba dt 0.1", "time per simulated second", "s", per_bio, ["nest"], 15),
    ("cuba dt 1", "time per simulated second", "s", per_bio, ["brian2"], None),
    ("cuba dt 1", "time per simulated second", "s", per_bio, ["nest"], None),
    ("brunel 500", "time per simulated second", "s", per_bio, ["brian2"], 3),
    ("brunel 500", "time per simulated second", "s", per_bio, ["nest"], None),
    ("brunel 2500", "time per simulated second", "s", per_bio, ["brian2"], 3),
    ("brunel 2500", "time per simulated second", "s", per_bio, ["nest"], None),
    ("brunel_stdp 500", "time per simulated second", "s", per_bio, ["brian2"], 4),
    ("brunel_stdp 500", "time per simulated second", "s", per_bio, ["nest"], 4),
]
# The loop that a synapse costs at least, and the benchmark that is held against it.
FLOOR = ("brunel 2500", "brunel12500_k1250", "mev_s_4B", 3)


def machine():
    cpu = "unknown"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    rustc = subprocess.run(["rustc", "--version"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return {
        "benchmark": "machine",
        "cpu": cpu,
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "rustc": rustc,
        "commit": commit,
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "load": os.getloadavg()[0],
    }


def run(command, limit):
    """The last line of JSON that a program prints; what went wrong otherwise."""
    command = ["taskset", "-c", "0", *map(str, command)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive", "QT_QPA_PLATFORM": "offscreen"}
    begin = time.time()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, env=environment)
    except subprocess.TimeoutExpired:
        return {"failed": f"took more than {limit} s"}
    except OSError as error:
        return {"failed": str(error)}
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        tail = (done.stderr.strip() or done.stdout.strip()).splitlines()[-3:]
        return {"failed": f"exit status {done.returncode}: " + " | ".join(tail)}
    try:
        return {**json.loads(lines[-1]), "wall_s": round(time.time() - begin, 3)}
    except json.JSONDecodeError as error:
        return {"failed": f"no JSON: {error}"}


def measure(options):
    chosen = [entry for entry in benchmarks(options.quick) if wanted(entry[0], options.only)]
    if not chosen:
        sys.exit(f"no benchmark begins with {options.only}: " + ", ".join(name for name, _, _ in benchmarks(False)))
    if not options.no_build:
        subprocess.run(["cargo", "build", "--locked", "--release", "--examples"], cwd=ROOT, check=True)
    options.results.parent.mkdir(parents=True, exist_ok=True)
    rounds = options.rounds or (1 if options.quick else 3)
    # A file that is there already gets more rounds.
    before = max((row.get("round", 0) for row in read([options.results])), default=0) if options.results.exists() else 0
    SCRATCH.mkdir()
    try:
        run_rounds(options, chosen, rounds, before)
    finally:
        shutil.rmtree(SCRATCH, ignore_errors=True)
    return [options.results]


def run_rounds(options, chosen, rounds, before):
    with options.results.open("a") as file:

        def keep(row):
            file.write(json.dumps(row) + "\n")
            file.flush()

        keep(machine())
        for number in range(1 + before, rounds + 1 + before):
            for name, _, programs in chosen:
                for label, command in programs.items():
                    row = run(command(number), options.limit)
                    keep(
                        {
                            "benchmark": name,
                            "label": label,
                            "round": number,
                            "quick": options.quick,
                            "load": os.getloadavg()[0],
                            **row,
                        }
                    )
                    said = row.get("failed") or f"{row['wall_s']:.1f} s"
                    print(f"round {number}  {name:22} {label:16} {said}", file=sys.stderr, flush=True)


def wanted(name, only):
    return not only or any(name.startswith(part) for part in only.split(","))


def read(files):
    rows = []
    for path in files:
        for number, line in enumerate(Path(path).read_text().splitlines(), 1):
            try:
                rows.append({**json.loads(line), "file": str(path)})
            except json.JSONDecodeError as error:
                sys.exit(f"{path}:{number}: no line of JSON: {error}")
    return rows


def matches(label, pattern):
    return label.startswith(pattern[:-1]) if pattern.endswith("*") else label == pattern


def by_round(rows, benchmark):
    """Rows that did not fail, by file and round, then by label."""
    rounds = {}
    for row in rows:
        if row.get("benchmark") == benchmark and "failed" not in row and "round" in row:
            rounds.setdefault((row["file"], row["round"]), {})[row["label"]] = row
    return rounds


def spread(numbers):
    return f"{statistics.median(numbers):.1f} ({min(numbers):.1f}-{max(numbers):.1f})"


def amount(number):
    return f"{number:.3g}" if number < 1000 else f"{number:.0f}"


def out_of_bounds(rows):
    bounds = {name: limits for name, limits, _ in benchmarks(False)}
    told = []
    for row in rows:
        for name, (low, high) in bounds.get(row.get("benchmark"), {}).items():
            value = row.get(name)
            if value is not None and not row.get("quick") and not low <= value <= high:
                told.append(
                    f"{row['benchmark']}, {row['label']}, round {row['round']}: {name} {value} is not within {low} to {high}"
                )
    return told


def comparison(rows, benchmark, what, unit, value, patterns, goal):
    ratios, mine, theirs, best_labels = [], [], [], []
    for programs in by_round(rows, benchmark).values():
        peers = [row for label, row in programs.items() if any(matches(label, pattern) for pattern in patterns)]
        try:
            best = min(peers, key=value)
            own, other = value(programs[OURS]), value(best)
        except (KeyError, ValueError, TypeError):
            continue
        ratios.append(other / own)
        mine.append(own)
        theirs.append(other)
        best_labels.append(best["label"])
    if not ratios:
        return None
    label = statistics.mode(best_labels)
    reached = "" if goal is None else ("yes" if statistics.median(ratios) >= goal else "**no**")
    goal = "" if goal is None else f"{goal}"
    own, other = amount(statistics.median(mine)), amount(statistics.median(theirs))
    return f"| {benchmark} | {what}, {unit} | {own} | {label} {other} | {spread(ratios)} | {goal} | {reached} |"


def floor(rows):
    """Synaptic events against the bare loop that adds a weight to an accumulator, measured in the same round."""
    benchmark, loop, rate, most = FLOOR
    limits = by_round(rows, "limits")
    away, events = [], []
    for key, programs in by_round(rows, benchmark).items():
        row, bare = programs.get(OURS), limits.get(key, {}).get("limits")
        if row and bare:
            per_second = row["mean_rate_hz"] * row["bio_s"] * row["n_synapses"] / row["run_s"]
            events.append(per_second * 1e-6)
            away.append(bare[loop][rate] / events[-1])
    if not away:
        return None
    reached = "yes" if statistics.median(away) <= most else "**no**"
    return (
        f"Synaptic events of {benchmark}, neurons and noise included: {statistics.median(events):.0f} million per second, "
        f"{spread(away)} times the time of the bare loop that adds a weight to an accumulator ({loop}, 4 bytes per event). "
        f"Within {most} times: {reached}."
    )


def losses(rows):
    """Runs of which nothing is known, and what a user of the peers would miss."""
    failed = [f"{row['benchmark']}, {row['label']}: {row['failed']}" for row in rows if "failed" in row]
    return sorted(set(failed))


def table(rows):
    lines = []
    machines = [row for row in rows if row.get("benchmark") == "machine"]
    for row in machines[-1:]:
        lines += [
            f"{row['cpu']}, {row['cores']} cores, of which one is used; {row['rustc']}; {row['date']}, load {row['load']:.1f} at the start.",
            "",
        ]
    if any(row.get("quick") for row in rows):
        lines += ["**Short runs: they show that it works, not how long things take.**", ""]
    lines += [
        "| benchmark | what | spark | best peer | ratio: median (min-max) | to reach | reached |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += filter(None, (comparison(rows, *entry) for entry in COMPARISONS))
    lines.append("")
    told = floor(rows)
    if told:
        lines += [told, ""]
    rates = {}
    for row in rows:
        if "mean_rate_hz" in row:
            rates.setdefault(row["benchmark"], {}).setdefault(row["label"], []).append(row["mean_rate_hz"])
    if rates:
        lines += ["Mean rates, Hz: the same network does the same.", "", "| benchmark | rates |", "|---|---|"]
        for name, labels in rates.items():
            lines.append(
                f"| {name} | " + ", ".join(f"{label} {statistics.mean(of):.1f}" for label, of in labels.items()) + " |"
            )
        lines.append("")
    wrong = out_of_bounds(rows)
    if wrong:
        lines += ["Out of the bounds that the networks have:", "", *(f"- {line}" for line in wrong), ""]
    if losses(rows):
        lines += ["Did not run:", "", *(f"- {line}" for line in losses(rows)), ""]
    return "\n".join(lines)


def write_page(text):
    page = PAGE.read_text()
    if BEGIN not in page or END not in page:
        sys.exit(f"{PAGE}: the marks {BEGIN} and {END} are missing")
    before, rest = page.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    new = PAGE.with_suffix(".new")
    new.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")
    new.replace(PAGE)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="benchmarks whose name begins with one of these, by commas")
    parser.add_argument("--quick", action="store_true", help="one round of short runs")
    parser.add_argument("--rounds", type=int, default=0, help="rounds (3)")
    parser.add_argument("--limit", type=float, default=1200, help="seconds after which a program is given up")
    parser.add_argument("--no-build", action="store_true", help="the examples are built already")
    stamp = time.strftime("%Y-%m-%d-%H%M", time.gmtime())
    parser.add_argument(
        "--results", type=Path, default=HERE / "results" / f"{stamp}.jsonl", help="where lines are added"
    )
    parser.add_argument("--table", nargs="+", type=Path, help="run nothing; the table of these files")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    options = parser.parse_args()
    rows = read(options.table or measure(options))
    text = table(rows)
    print(text)
    if options.write:
        write_page(text)


if __name__ == "__main__":
    main()
