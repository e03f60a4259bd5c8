#!/usr/bin/env python3
"""Runs a model file with the Python package spark-snn and compares it with a recorded run.

    check_with_python.py FILE.scfg RUN.json[.gz] [--neuron NAME=FILE.scfg]... [--rtol 1e-4] [--atol 1e-5]

FILE may hold any config that can stand at the top of a .scfg (brain, neuron, single module).
RUN holds "steps", "inputs" and "outputs" per port, and optionally "reset_before_step", "feedback",
"recorded" (brains: "module.port" series) and "states" (variables after the last step).
Spikes and other discrete data must agree exactly, floats within atol + rtol * |expected|.
One JSON line goes to stdout. Exit status: 0 agreement, 1 difference or error, 77 spark-snn is not installed.
"""
import argparse
import contextlib
import gzip
import io
import json
import os
import sys

for _key, _val in (
    ("QT_QPA_PLATFORM", "offscreen"),
    ("JAX_PLATFORMS", "cpu"),
    ("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"),
):
    os.environ.setdefault(_key, _val)


def arguments():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("model", help="model file (.scfg, compressed or plain JSON)")
    p.add_argument("run", help="recorded run (.json or .json.gz)")
    p.add_argument("--neuron", action="append", default=[], metavar="NAME=FILE",
                   help="custom neuron to register before the model is loaded")
    p.add_argument("--rtol", type=float, default=1e-4)
    p.add_argument("--atol", type=float, default=1e-5)
    p.add_argument("--verbose", action="store_true", help="keep what the packages print (on stderr)")
    return p.parse_args()


def read_run(path):
    with open(path, "rb") as f:
        raw = f.read()
    return json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)


def numbers(np, values, dtype, shape):
    """JSON list -> array; the strings NaN, Infinity and -Infinity are accepted by float()."""
    kind = np.dtype(dtype).kind
    conv = float if kind == "f" else int
    return np.array([conv(v) for v in values], dtype=dtype).reshape(shape)


def flags(np, indices, shape):
    out = np.zeros(int(np.prod(shape)), dtype=bool)
    out[np.asarray(indices, dtype=int)] = True
    return out.reshape(shape)


def expected(np, series, step):
    """(spike array, None) for spike ports, (None, value array) for the others."""
    if "spikes" in series:
        return flags(np, series["spikes"][step], series["shape"]), None
    values = series["constant"] if "constant" in series else series["data"][step]
    return None, numbers(np, values, series["dtype"], series["shape"])


def inhibition(series, step):
    if "inhibition_per_step" in series:
        return series["inhibition_per_step"][step]
    return series.get("inhibition", [])


class Difference:
    """Collects how far a quantity is from the recorded one."""

    def __init__(self, np, rtol, atol):
        self.np, self.rtol, self.atol = np, rtol, atol
        self.exact = True
        self.first = None
        self.bad_steps = 0
        self.worst = 0.0

    def add(self, step, got, want):
        np = self.np
        got, want = np.asarray(got), np.asarray(want)
        if got.size != want.size:
            bad = True
        elif want.dtype.kind == "f":
            self.exact = False
            g, w = got.reshape(-1).astype(np.float64), want.reshape(-1).astype(np.float64)
            same = (g == w) | (np.isnan(g) & np.isnan(w))
            with np.errstate(invalid="ignore"):
                dist = np.where(same, 0.0, np.abs(g - w))
            self.worst = max(self.worst, float(dist.max(initial=0.0)))
            bad = not bool(np.all(dist <= self.atol + self.rtol * np.abs(np.where(np.isfinite(w), w, 0.0))))
        else:
            bad = not np.array_equal(got.reshape(-1), want.reshape(-1))
        if bad:
            self.bad_steps += 1
            self.first = step if self.first is None else self.first
        return not bad

    def report(self):
        out = {"ok": self.bad_steps == 0, "steps_different": self.bad_steps, "first": self.first}
        if not self.exact:
            out["max_abs_diff"] = self.worst if self.worst < float("inf") else str(self.worst)
        return out


def variables(spark, nnx, jax, np, model):
    """Paths and arrays of all state variables, written like in the recorded runs."""
    found = {}
    for path, leaf in nnx.to_flat_state(spark.split(model)[1]):
        parts = [str(p) for p in path]
        if parts and parts[-1] == "value":
            parts.pop()
        leaf = leaf.value if hasattr(leaf, "value") and not isinstance(leaf, jax.Array) else leaf
        leaf = getattr(leaf, "value", leaf)
        try:
            found["/".join(parts)] = np.asarray(leaf)
        except Exception:
            continue
    return found


def compare(args):
    import logging

    import flax.nnx as nnx
    import jax
    import jax.numpy as jnp
    import numpy as np
    import spark
    from spark.core.specs import PortMap

    logging.getLogger("Spark").setLevel(logging.CRITICAL)
    run = read_run(args.run)
    steps = int(run["steps"])

    for item in args.neuron:
        name, _, path = item.partition("=")
        if not path:
            raise ValueError(f"--neuron needs NAME=FILE, got {item!r}")
        spark.register_neuron_from_config_file(name, path)
    config = spark.nn.Config.from_file(args.model)
    model = config.class_ref(config=config)

    def payload(series, step):
        cls = getattr(spark, series["payload"])
        spikes, values = expected(np, series, step)
        if spikes is None:
            return cls(jnp.array(values))
        mask = flags(np, inhibition(series, step), series["shape"])
        return cls(jnp.array(spikes), inhibition_mask=jnp.array(mask),
                   async_spikes=bool(series.get("async_spikes", False)))

    loops = run.get("feedback") or {}
    resets = set(run.get("reset_before_step") or [])

    def new():
        return Difference(np, args.rtol, args.atol)

    outputs = {port: new() for port in run["outputs"]}
    masks = {port: new() for port, s in run["outputs"].items() if "spikes" in s}
    recorded = {key: new() for key in run.get("recorded") or {}} if hasattr(model, "read_state") else {}

    before = None
    for step in range(steps):
        given = {port: before[loops[port]] if before is not None and port in loops else payload(series, step)
                 for port, series in run["inputs"].items()}
        if step == 0:
            model._build(**given)
        if step in resets:
            model.reset()
        before = model(**given)
        if step == 0 and set(before) != set(run["outputs"]):
            raise ValueError(f"output ports differ: model {sorted(before)}, run {sorted(run['outputs'])}")
        for port, diff in outputs.items():
            spikes, values = expected(np, run["outputs"][port], step)
            if spikes is None:
                diff.add(step, before[port].value, values)
            else:
                diff.add(step, before[port].spikes, spikes)
                masks[port].add(step, before[port].inhibition_mask,
                                flags(np, inhibition(run["outputs"][port], step), spikes.shape))
        if recorded:
            maps = {key: PortMap(*key.rsplit(".", 1)) for key in recorded}
            state = model.read_state(list(maps.values()))
            for key, pm in maps.items():
                spikes, values = expected(np, run["recorded"][key], step)
                got = state[pm.origin][pm.port]
                recorded[key].add(step, got.value if spikes is None else got.spikes,
                                  values if spikes is None else spikes)

    result = {
        "ok": True,
        "config": type(config).__name__,
        "steps": steps,
        "outputs": {port: diff.report() for port, diff in outputs.items()},
        "inhibition": {port: diff.report() for port, diff in masks.items()},
    }
    checks = [*outputs.values(), *masks.values(), *recorded.values()]
    if recorded:
        result["recorded"] = {key: diff.report() for key, diff in recorded.items()}
    last = (run.get("states") or {}).get(str(steps))
    if last:
        have = variables(spark, nnx, jax, np, model)
        off, absent, worst = [], [], 0.0
        for key, entry in last.items():
            if key not in have:
                absent.append(key)
                continue
            diff = new()
            if not diff.add(steps, have[key], numbers(np, entry["data"], entry["dtype"], entry["shape"])):
                off.append(key)
            worst = max(worst, diff.worst)
            checks.append(diff)
        result["final_state"] = {"ok": not off and not absent, "variables": len(last), "different": off,
                                 "missing_in_python": absent, "max_abs_diff": worst}
        result["ok"] &= not absent
    result["ok"] &= all(diff.bad_steps == 0 for diff in checks)
    return result


def main():
    args = arguments()
    try:
        import importlib.metadata
        version = importlib.metadata.version("spark-snn")
    except importlib.metadata.PackageNotFoundError:
        print("skipped: the Python package spark-snn is not installed (pip install spark-snn==1.0.0)", file=sys.stderr)
        return 77
    noise = io.StringIO()
    try:
        with contextlib.redirect_stdout(sys.stderr if args.verbose else noise), \
                contextlib.redirect_stderr(sys.stderr if args.verbose else noise):
            result = compare(args)
    except Exception as error:  # any failure of the package is a failed check, with its message
        if args.verbose:
            raise
        result = {"ok": False, "error": f"{type(error).__name__}: {error}"}
    print(json.dumps({"model": args.model, "run": args.run, "spark_snn": version, **result}))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
