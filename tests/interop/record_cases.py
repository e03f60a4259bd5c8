#!/usr/bin/env python3
"""Records random cases of the Python package spark-snn 1.0.0, to be replayed by `spark parity`.

    record_cases.py --out DIR [--seed N] [--count N] [--what modules,tracers,models] [--only CLASS] [--index I] [--jit]

Case I of a class depends on the seed, the class and I only, so that `--only CLASS --index I` records it again.
`--jit` runs every module a second time compiled as a whole: where that changes spikes, rounding decides about them.
Files: DIR/modules/*.json, DIR/tracers/*.json, DIR/models/NAME/{model.scfg, model.json, run.json.gz}. What the package
refuses to build or to run is told on stderr and left out. Needed: spark-snn 1.0.0, jax 0.8.0, flax 0.12.0.
"""
import argparse
import gzip
import json
import logging
import math
import os
import pathlib
import sys
import traceback
import warnings
import zlib

for _key, _value in (
    ("QT_QPA_PLATFORM", "offscreen"),
    ("JAX_PLATFORMS", "cpu"),
    ("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"),
):
    os.environ.setdefault(_key, _value)
warnings.filterwarnings("ignore")

import flax
import flax.nnx as nnx
import jax
import jax.numpy as jnp
import numpy as np
import spark
from spark.core import config_validation, tracers
from spark.core.config import InitializableField, SparkConfig
from spark.core.payloads import SpikeArray
from spark.core.specs import ModuleSpecs, PortMap
from spark.core.variables import Constant
from spark.nn.initializers.base import InitializerConfig

logging.getLogger("Spark").setLevel(logging.CRITICAL)
Z = spark.core.registry.REGISTRY
HEAD = {
    "format": "spark-golden/1",
    "reference": "spark-snn 1.0.0 (PyPI)",
    "jax": jax.__version__,
    "flax": flax.__version__,
    "backend": "cpu, eager (op by op), x64 off, threefry partitionable on",
}


# --- values as JSON ---------------------------------------------------------------------------------------------------
def element(value, kind):
    """A number; floats are the shortest decimal that gives the same float again."""
    if kind in "biu":
        return int(value)
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    number = float(str(value))
    whole = number == int(number) and abs(number) < 1e15 and not (number == 0 and math.copysign(1, number) < 0)
    return int(number) if whole else number


def elements(array):
    array = np.asarray(array)
    return [element(value, array.dtype.kind) for value in array.reshape(-1)]


def described(array):
    array = np.asarray(array)
    return {"dtype": array.dtype.name, "shape": list(array.shape), "data": elements(array)}


def setting(value):
    """A field of a configuration."""
    if isinstance(value, InitializableField):
        value = value.__obj__
    value = getattr(value, "config", value) if not isinstance(value, SparkConfig) else value
    if isinstance(value, InitializerConfig):
        return {"initializer": value.class_ref.__name__, "config": settings(value)}
    if isinstance(value, (jax.Array, np.ndarray)):
        return {"array": described(value)}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (tuple, list)):
        return [setting(item) for item in value]
    return {"dtype": np.dtype(value).name}


def settings(config):
    return {name: setting(value) for name, _, value in config}


def series(payloads):
    """What a port carried, step by step."""
    first = payloads[0]
    if isinstance(first, list):
        return {"list": [series([step[i] for step in payloads]) for i in range(len(first))]}
    if isinstance(first, SpikeArray):
        def units(flags):
            return [int(i) for i in np.flatnonzero(np.asarray(flags))]
        masks = [units(p.inhibition_mask) for p in payloads]
        told = {"payload": "SpikeArray", "shape": list(first.shape),
                "async_spikes": bool(getattr(first, "async_spikes", False)), "spikes": [units(p.spikes) for p in payloads]}
        same = all(mask == masks[0] for mask in masks)
        return {**told, **({"inhibition": masks[0]} if same else {"inhibition_per_step": masks})}
    arrays = [np.asarray(p.value) for p in payloads]
    told = {"payload": type(first).__name__, "dtype": arrays[0].dtype.name, "shape": list(arrays[0].shape)}
    assert all(a.dtype == arrays[0].dtype and a.shape == arrays[0].shape for a in arrays), "the type of a port changes"
    if len(arrays) > 1 and all(np.array_equal(a, arrays[0]) for a in arrays):
        return {**told, "constant": elements(arrays[0])}
    return {**told, "data": [elements(a) for a in arrays]}


def unused_keys(module, path=(), seen=None):
    """Paths of the generators of tracers: seeded by the system, never used."""
    seen = set() if seen is None else seen
    if id(module) in seen:
        return
    seen.add(id(module))
    if isinstance(module, tracers.BaseTracer):
        yield path + ("rng",)
    for name, child in vars(module).items():
        if isinstance(child, nnx.Module):
            yield from unused_keys(child, path + (name,), seen)


def state(module):
    """All variables by their paths."""
    unused = set(unused_keys(module))
    found = {}
    for path, leaf in nnx.to_flat_state(spark.split(module)[1]):
        path = tuple(str(part) for part in path)
        path = path[:-1] if path[-1] == "value" else path
        if path in unused or any(part.endswith("put_specs") or part == "_property_specs" for part in path):
            continue
        leaf = leaf if isinstance(leaf, jax.Array) else getattr(leaf, "value", leaf)
        leaf = leaf.value if isinstance(leaf, Constant) else leaf
        found["/".join(path)] = described(leaf)
    return dict(sorted(found.items()))


def write(path, document, packed=False):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "{\n" + ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'), allow_nan=False)}"
                              for k, v in document.items()) + "\n}\n"
    if packed:
        path.write_bytes(gzip.compress(text.encode(), mtime=0))
    else:
        path.write_text(text)


# --- random ingredients -----------------------------------------------------------------------------------------------
class Dice:
    """Random choices of one case."""

    def __init__(self, *what):
        self.r = np.random.Generator(np.random.PCG64(zlib.crc32(repr(what).encode())))

    def chance(self, p):
        return bool(self.r.random() < p)

    def pick(self, *items):
        return items[int(self.r.integers(len(items)))]

    def whole(self, low, high):
        return int(self.r.integers(low, high + 1))

    def real(self, low, high):
        """A number with few digits, or with all of them."""
        x = float(self.r.uniform(low, high))
        return round(x, 2) if self.chance(0.5) and round(x, 2) not in (0.0,) else x

    def seed(self):
        return self.pick(self.whole(0, 2**32 - 1), self.whole(0, 99), self.pick(0, 2**32 - 1, 2**31, 2**40 + 3))

    def shape(self, most=16):
        n = self.pick(1, 2, 3, 5, 7, 8, 9, min(most, 13))
        return self.pick((n,), (n,), (n,), (1,), (self.whole(1, 4), self.whole(1, 4)),
                         (self.whole(1, 3), self.whole(1, 3), self.whole(1, 3)))

    def dt(self):
        return self.pick(1.0, 1.0, 0.5, 0.1, 2.0, 0.25, 0.3, self.real(0.1, 2.0))

    def partly(self, shape):
        """A shape that broadcasts to another."""
        shape = tuple(1 if self.chance(0.5) else n for n in shape)
        return shape[self.whole(0, len(shape)):]

    def array(self, low, high, shape):
        if self.chance(0.06) and high - low > 4:
            return jnp.array(self.r.integers(math.ceil(low), math.floor(high) + 1, shape), jnp.int32)
        return jnp.array(self.r.uniform(low, high, shape), jnp.float32)

    def initializer(self, low, high, normalized=False):
        """One whose values lie between two numbers (as far as its kind allows)."""
        kinds = ["Constant", "Uniform", "Uniform", "SparseUniform"] + (["NormalizedSparseUniform"] * 2 if normalized else [])
        kind = self.pick(*kinds)
        values = {"scale": self.pick(high, self.real(low, high) or 1.0)}
        if kind == "Constant" and low > 0:
            values["scale"] = self.real(low, high)
        if low > 0 or self.chance(0.3):
            values["min_value"] = low
        if self.chance(0.3):
            values["max_value"] = self.real(max(low, (low + high) / 2), high)
        if "Sparse" in kind:
            values["density"] = self.pick(0.2, 0.5, 1.0, self.real(0.05, 0.95))
        return getattr(spark.nn.initializers, f"{kind}InitializerConfig")(**values)

    def value(self, low, high, shape, plain=False):
        """A parameter: number, array, array that broadcasts, initializer."""
        how = self.r.random()
        if how < 0.45:
            return self.real(low, high)
        if how < 0.5 and math.floor(high) >= math.ceil(low) > 0:
            return self.whole(math.ceil(low), math.floor(high))
        if how < 0.7:
            return self.array(low, high, shape)
        if how < 0.8 or plain:
            return self.array(low, high, self.partly(shape))
        return self.initializer(low, high, normalized=len(shape) > 1)

    def steps(self, size):
        most = self.pick(30, 40, 60, 80, 120) if size > 60 else self.pick(20, 40, 60, 80, 150, 300)
        return 1500 if size < 12 and self.chance(0.02) else most

    def resets(self, steps):
        if self.chance(0.5):
            return []
        times = {self.whole(0, steps - 1) for _ in range(self.whole(1, 4))}
        return sorted(times | ({min(times) + 1} if self.chance(0.2) and min(times) + 1 < steps else set()))

    def mask(self, shape, rate=None):
        rate = self.pick(0.0, 0.0, 0.3, 0.5, 1.0) if rate is None else rate
        return self.r.random(shape) < rate

    def rates(self, steps):
        """How often units spike, step by step."""
        kind = self.pick("same", "same", "same", "bursts", "silent", "full", "ramp")
        if kind == "same":
            return [self.pick(0.02, 0.1, 0.3, 0.6, 0.9)] * steps
        if kind == "bursts":
            return [0.8 if (t // 7) % 3 == 0 else 0.02 for t in range(steps)]
        if kind == "ramp":
            return [t / steps for t in range(steps)]
        return [0.0 if kind == "silent" else 1.0] * steps

    def spikes(self, shape, steps, per_synapse=False, masks=True):
        mask = self.mask(shape) if masks else np.zeros(shape, bool)
        changing = masks and self.chance(0.15)
        return [SpikeArray(jnp.array(self.r.random(shape) < rate),
                           inhibition_mask=jnp.array(self.mask(shape, 0.5) if changing else mask), async_spikes=per_synapse)
                for rate in self.rates(steps)]

    def numbers(self, shape, steps, scale, payload, signed=True):
        """Float inputs: noise, constants, waves, pulses, nothing."""
        kind = self.pick("noise", "noise", "constant", "wave", "pulse", "zero", "extreme")
        level = scale * self.real(0.1, 1.5)
        def at(t):
            if kind == "noise":
                return self.r.normal(level / 2, level, shape) if signed else self.r.uniform(0, level, shape)
            if kind == "constant":
                return np.full(shape, level)
            if kind == "wave":
                return level * (math.sin(t / 5) + 0.5) * np.ones(shape)
            if kind == "pulse":
                return np.full(shape, level * (10 if t % 11 == 3 else 0))
            if kind == "extreme":
                return self.r.choice([-20, 0, 1e-3, 1, 20], shape) * level
            return np.zeros(shape)
        return [payload(jnp.array(at(t), jnp.float32)) for t in range(steps)]


# --- modules ----------------------------------------------------------------------------------------------------------
class Plan:
    """What to record: class, fields, inputs per port."""

    def __init__(self, fields, inputs, feedback=None, notes=()):
        self.fields, self.inputs, self.feedback, self.notes = fields, inputs, feedback or {}, list(notes)


LEAKY = {"potential_rest": (-75, -55), "potential_reset": (-60, -50), "potential_tau": (2, 40), "resistance": (0.02, 0.5),
         "threshold": (-50, -35)}
EXPONENTIAL = {**LEAKY, "rheobase_threshold": (-55, -45), "spike_slope": (0.8, 4), "potential_tau": (3, 20)}
COOLDOWN = {"cooldown": (0.3, 6)}
THRESHOLD = {"threshold_tau": (3, 60), "threshold_delta": (0.5, 40)}
SOMAS = {
    "LeakySoma": LEAKY,
    "RefractoryLeakySoma": {**LEAKY, **COOLDOWN},
    "StrictRefractoryLeakySoma": {**LEAKY, **COOLDOWN},
    "AdaptiveLeakySoma": {**LEAKY, **COOLDOWN, **THRESHOLD},
    "ExponentialSoma": EXPONENTIAL,
    "RefractoryExponentialSoma": {**EXPONENTIAL, **COOLDOWN},
    "SimplifiedAdaptiveExponentialSoma": {**EXPONENTIAL, **COOLDOWN, **THRESHOLD},
    "AdaptiveExponentialSoma": {**EXPONENTIAL, "adaptation_tau": (5, 150), "adaptation_delta": (0.5, 15),
                                "adaptation_subthreshold": (-0.3, 0.8)},
    "IzhikevichSoma": {"potential_rest": (-70, -60), "potential_reset": (-70, -50), "resistance": (0.02, 0.3),
                       "threshold": (20, 40), "recovery_timescale": (0.01, 0.15), "recovery_sensitivity": (0.1, 0.3),
                       "recovery_update": (0.5, 8)},
}
SYNAPSES = {
    "LinearSynapses": ((), ()),
    "TracedSynapses": (("tau",), ("scale", "base")),
    "RDTracedSynapses": (("tau_rise", "tau_decay"), ("scale_rise", "base_rise", "scale_decay", "base_decay")),
    "RFSTracedSynapses": (("tau_rise", "tau_fast_decay", "tau_slow_decay"),
                          ("alpha", "scale_rise", "base_rise", "scale_fast_decay", "base_fast_decay", "scale_slow_decay",
                           "base_slow_decay")),
}


def chosen(dice, fields, ranges, shape, plain=False, share=0.8):
    for name, (low, high) in ranges.items():
        if dice.chance(share):
            fields[name] = dice.value(low, high, shape, plain)
    return fields


def scalar_only(dice, fields, ranges, share=0.8):
    for name, (low, high) in ranges.items():
        if dice.chance(share):
            fields[name] = dice.real(low, high)
    return fields


def soma(dice, name):
    shape = dice.pick(dice.shape(), dice.shape(), (dice.whole(40, 90),))
    steps = dice.steps(math.prod(shape))
    steps = dice.pick(steps, steps, 400) if math.prod(shape) < 40 else steps
    fields = chosen(dice, {}, SOMAS[name], shape, share=dice.pick(0.0, 0.3, 0.7, 1.0))
    notes = []
    if name == "IzhikevichSoma" and dice.chance(0.6):
        notes.append("mirrored: parameters with which the soma has dynamics")
        fields.update(potential_rest=65.0, potential_reset=dice.pick(65.0, 50.0), threshold=30.0)
        fields["potential_rest"], fields["potential_reset"] = fields["potential_reset"], fields["potential_rest"]
        fields["threshold"] = fields["potential_rest"] + dice.real(20, 95)
    if "cooldown" in SOMAS[name] and dice.chance(0.1):
        fields["cooldown"] = dice.pick(0.0, 20.0, 300.0, 2.5, 0.5)
    scale = dice.pick(50, 600, 1500, 4000) if "Exponential" not in name else dice.pick(20, 60, 150, 400)
    inputs = {"current": dice.numbers(shape, steps, scale, spark.CurrentArray)}
    if dice.chance(0.4):
        changing = dice.chance(0.3)
        mask = dice.mask(shape, 0.4)
        inputs["inhibition_mask"] = [spark.BooleanMask(jnp.array(dice.mask(shape, 0.5) if changing else mask))
                                     for _ in range(steps)]
    return Plan(fields, inputs, notes=notes)


def synapses(dice, name):
    units, pre = dice.shape(), dice.shape()
    if dice.chance(0.12):
        units, pre = (dice.whole(1, 6),), (dice.whole(30, 140),)
    kernel = units + pre
    steps = dice.steps(math.prod(kernel))
    taus, others = SYNAPSES[name]
    if dice.chance(0.5):
        weights = dice.initializer(0.0, dice.pick(1.0, 300.0), normalized=True)
    else:
        weights = dice.array(*dice.pick((-1, 1), (0, 5), (-300, 300)), kernel)
    fields = {"units": units, "kernel": weights}
    chosen(dice, fields, {tau: dice.pick((0.5, 4), (2, 60)) for tau in taus}, kernel)
    ranges = {other: (0, 1) if other == "alpha" else (0.05, 3) if "scale" in other else (-1, 1) for other in others}
    chosen(dice, fields, ranges, kernel, plain=True, share=0.5)
    per_synapse = dice.chance(0.5)
    return Plan(fields, {"spikes": dice.spikes(kernel if per_synapse else pre, steps, per_synapse)})


def delays(dice, name):
    shape = dice.pick(dice.shape(), dice.shape(), (dice.whole(17, 40),))
    units = dice.shape()
    steps = dice.pick(20, 40, 60, 90)
    fields = {"max_delay": dice.pick(8.0, 0.05, 0.5, 1.0, 2.0, 5.5, 20.0, dice.real(1, 30))}
    if dice.chance(0.06):
        fields["max_delay"], steps = dice.pick(256.0, 300.0, 600.0), 700
    if name == "N2NDelays":
        fields["units"] = units
    kernel = (math.prod(units), math.prod(shape)) if name == "N2NDelays" else (math.prod(shape),)
    if dice.chance(0.35):
        longest = math.ceil(fields["max_delay"])
        values = dice.r.integers(0, min(longest, 250) + 3, kernel)
        fields["delays"] = jnp.array(values, dice.pick(jnp.uint8, jnp.uint8, jnp.int32, jnp.float32))
    elif dice.chance(0.6):
        fields["delays"] = dice.initializer(dice.pick(0, 2), dice.pick(3, 9))
    return Plan(fields, {"in_spikes": dice.spikes(shape, steps, dice.chance(0.05))})


PLASTICITY = {
    "HebbianRule": ({"pre_tau": "pre", "post_tau": "post"}, (), ("eta",), None),
    "OjaRule": ({"post_tau": "post"}, (), ("eta",), None),
    "ZenkeRule": ({"pre_tau": "pre", "post_tau": "post", "post_slow_tau": "post", "target_tau": "kernel"},
                  ("a", "b", "c", "d", "p", "eta"), (), None),
    "ThreeFactorHebbianRule": ({"pre_tau": "kernel", "post_tau": "post"}, ("gamma",), (), "reward"),
    "QuadrupletRuleTensor": ({}, (), ("eta",), "modulation"),
}


def plasticity(dice, name):
    taus, anything, numbers, third = PLASTICITY[name]
    post, pre = dice.shape(), dice.shape()
    if name == "QuadrupletRuleTensor":
        post, pre = post[:1], pre[:1]
    kernel = post + pre
    per_synapse = name == "ThreeFactorHebbianRule" or dice.chance(0.5)
    before = kernel if per_synapse else pre
    steps = dice.steps(math.prod(kernel))
    shapes = {"pre": before, "post": post, "kernel": kernel}
    fields = {}
    for tau, of in taus.items():
        if dice.chance(0.8):
            low, high = dice.pick((0.5, 5), (5, 60), (100, 20000)) if tau == "target_tau" else dice.pick((0.5, 5), (5, 60))
            drawn = name == "ThreeFactorHebbianRule" and tau == "post_tau"  # drawn with a shape that does not fit
            fields[tau] = dice.value(low, high, shapes[of], plain=drawn)
    scale = dice.pick(0.01, 0.2, 1.0)
    for field in anything:
        if dice.chance(0.6):
            spread = {"p": (1, 30), "eta": (0, 0.1), "gamma": (-scale, scale)}.get(field, (-scale, scale))
            fields[field] = dice.value(*spread, kernel, plain=True) if field != "eta" else dice.real(*spread)
    scalar_only(dice, fields, {field: (-0.05, 0.2) for field in numbers})
    if name == "QuadrupletRuleTensor":
        for field in ("pre_tau", "post_tau", "q_alpha", "q_beta", "q_gamma", "q_delta", "max_clip"):
            low, high = (0.7, 50) if "tau" in field else (0.5, 5) if field == "max_clip" else (-1, 1)
            if dice.chance(0.8):
                fields[field] = tuple(dice.real(low, high) for _ in range(4))
    weights = dice.pick((0, 1), (0, 5), (-1, 1))
    feeds = dice.chance(0.8)
    kernels = [spark.FloatArray(jnp.array(dice.r.uniform(*weights, kernel), jnp.float32))
               for _ in range(1 if feeds else steps)]
    inputs = {}
    if third:
        shape = dice.pick((1,), (1,), (), kernel, post + (1,) * len(pre), pre)
        level = dice.pick(0.0, 0.5, 1.0, 1.0, 50.0)
        sign = dice.pick(1.0, -1.0)
        inputs[third] = [spark.FloatArray(jnp.array(dice.r.normal(sign * level, level / 2, shape), jnp.float32))
                         for _ in range(steps)]
    inputs["pre_spikes"] = dice.spikes(before, steps, per_synapse)
    inputs["post_spikes"] = dice.spikes(post, steps)
    if name == "QuadrupletRuleTensor":  # which synapses are of which type is known at build only
        for port in ("pre_spikes", "post_spikes"):
            inputs[port] = [SpikeArray(p.spikes, inputs[port][0].inhibition_mask, per_synapse and port == "pre_spikes")
                            for p in inputs[port]]
    inputs["kernel"] = kernels * steps if feeds else kernels
    return Plan(fields, inputs, {"kernel": "kernel"} if feeds else {})


def spiker(dice, name):
    topological = name.startswith("Topological")
    shape = (dice.whole(1, 6),) if topological else dice.shape()
    steps = dice.steps(math.prod(shape))
    fields = {"max_freq": dice.pick(100.0, 20.0, 450.0, 900.0, dice.real(5, 400))}
    if "Linear" in name:
        fields.update(tau=dice.pick(100.0, 10.0, dice.real(2, 200)), cd=dice.pick(2.0, 1.0, 0.5, dice.real(0.2, 2.0)))
    if topological:
        n = dice.pick((), (1,), shape)
        fields.update(resolution=dice.pick(2, 3, 8, 16, 64), sigma=dice.pick(1 / 32, 0.5, dice.real(0.01, 2)))
        if dice.chance(0.7):
            fields["glue"] = jnp.array(dice.r.integers(0, 2, n), dice.pick(jnp.int32, jnp.float32))
        if dice.chance(0.7):
            low = dice.r.uniform(-3, 0, dice.pick((), (1,), shape))
            fields.update(mins=jnp.array(low, jnp.float32), maxs=jnp.array(low + dice.r.uniform(0.5, 4, low.shape), jnp.float32))
    signal = dice.numbers(shape, steps, 1.0, spark.FloatArray, signed=dice.chance(0.3))
    return Plan(fields, {"signal": signal})


def integrator(dice, name):
    shape = dice.pick(dice.shape(), (dice.whole(10, 60),))
    steps = dice.steps(math.prod(shape))
    count = math.prod(shape)
    fields = {"num_outputs": dice.whole(1, count)}
    scalar_only(dice, fields, {"saturation_freq": (5, 500), "tau": (0.5, 60)})
    fields["shuffle"], fields["smooth_trace"] = dice.chance(0.5), dice.chance(0.5)
    if dice.chance(0.35):
        fields["output_map"] = jnp.array(dice.r.integers(0, fields["num_outputs"], count), jnp.int32)
    return Plan(fields, {"spikes": dice.spikes(shape, steps)})


def sampler(dice, name):
    shape = dice.shape()
    steps = 12
    count = math.prod(shape)
    fields = {"sample_size": dice.pick(1, count, dice.whole(1, 3 * count))}
    kind = dice.pick("spikes", "FloatArray", "CurrentArray", "PotentialArray", "IntegerArray", "BooleanMask")
    if kind == "spikes":
        return Plan(fields, {"inputs": dice.spikes(shape, steps)})
    payload = getattr(spark, kind)
    if kind == "IntegerArray":
        values = [payload(jnp.array(dice.r.integers(-100, 100, shape), jnp.int32)) for _ in range(steps)]
    elif kind == "BooleanMask":
        values = [payload(jnp.array(dice.mask(shape, 0.5))) for _ in range(steps)]
    else:
        values = dice.numbers(shape, steps, 10.0, payload)
    return Plan(fields, {"inputs": values})


def concat(dice, name):
    steps = 8
    shapes = [dice.shape() for _ in range(dice.whole(1, 4))]
    spiking = dice.chance(0.5)
    lists = [dice.spikes(s, steps, masks=False) if spiking else dice.numbers(s, steps, 5.0, spark.FloatArray) for s in shapes]
    count = sum(math.prod(s) for s in shapes)
    fields = {}
    if name == "ConcatReshape":
        fields["reshape"] = dice.pick((count,), (1, count), (count, 1), (2, count // 2) if count % 2 == 0 else (count,))
    return Plan(fields, {"inputs": [list(step) for step in zip(*lists)]},
                notes=["INTENDED: the package cannot build this class; the values are those of its unwrapped call"])


KINDS = {
    **{name: ("soma", soma) for name in SOMAS},
    **{name: ("synapses", synapses) for name in SYNAPSES},
    **{name: ("delays", delays) for name in ("NDelays", "N2NDelays")},
    **{name: ("plasticity", plasticity) for name in PLASTICITY},
    **{name: ("input", spiker) for name in ("PoissonSpiker", "LinearSpiker", "TopologicalPoissonSpiker",
                                            "TopologicalLinearSpiker")},
    "ExponentialIntegrator": ("output", integrator),
    "Sampler": ("control", sampler),
    "Concat": ("control", concat),
    "ConcatReshape": ("control", concat),
}


def class_of(name):
    return Z.MODULES.get(name).class_ref


def accept_initializers():
    """The package's validator of positive numbers refuses initializers, which the type hints allow."""
    original = config_validation.PositiveValidator.validate

    def validate(self, value):
        if not isinstance(value, InitializerConfig):
            original(self, value)
    config_validation.PositiveValidator.validate = validate


def positive_fields(fields, config):
    from dataclasses import fields as fields_of
    names = {f.name for f in fields_of(config) if config_validation.PositiveValidator in f.metadata.get("validators", [])}
    return [name for name in fields if name in names and isinstance(fields[name], InitializerConfig)]


def module_case(name, seed, index, jit):
    dice = Dice("module", name, seed, index)
    kind, plan_of = KINDS[name]
    plan = plan_of(dice, name)
    half = dice.chance(0.03)
    fields = {"seed": dice.seed(), "dt": dice.dt(), **plan.fields, "dtype": jnp.float16 if half else jnp.float32}
    module = class_of(name)(**fields)
    if positive_fields(fields, module.config):
        plan.notes.append("PATCHED: the package refuses initializers for positive fields")
    steps = len(next(iter(plan.inputs.values())))
    inputs = [{port: values[t] for port, values in plan.inputs.items()} for t in range(steps)]
    if kind == "control" and name != "Sampler":
        module.payload_type = type(inputs[0]["inputs"][0])
        call = lambda m, **given: type(m).__call__.__wrapped__(m, **given)
    else:
        module._build(**inputs[0])
        call = lambda m, **given: m(**given)
    resets = dice.resets(steps)
    after = {dice.whole(1, steps), steps}
    stateful = kind != "control" or name == "Sampler"
    built = state(module) if stateful else {}
    parts = spark.split(module) if jit and stateful else None
    states, outputs = {}, []
    for t, given in enumerate(inputs):
        if t and plan.feedback:
            given.update({port: outputs[-1][source] for port, source in plan.feedback.items()})
        if t in resets:
            module.reset()
            if stateful:
                states[f"reset@{t}"] = state(module)
        outputs.append(call(module, **given))
        if t + 1 in after and stateful:
            states[str(t + 1)] = state(module)
    document = {
        **HEAD, "case": f"{name.lower()}_{seed}_{index}", "kind": kind, "class": name, "notes": "; ".join(plan.notes),
        "config": settings(module.config), "steps": steps, "reset_before_step": resets, "feedback": plan.feedback,
        "state_after_build": built,
        "inputs": {port: series([given[port] for given in (inputs[:1] if port in plan.feedback else inputs)])
                   for port in inputs[0]},
        "outputs": {port: series([out[port] for out in outputs]) for port in outputs[0]},
        "states": states,
    }
    if parts:
        document["jit_check"] = compiled(parts, inputs, plan.feedback, resets, outputs)
    return document


def compiled(parts, inputs, feedback, resets, expected):
    """Runs the steps compiled as a whole, which rounds differently."""
    graph, variables = parts

    @jax.jit
    def step(variables, given):
        module = spark.merge(graph, variables)
        out = module(**given)
        return out, spark.split(module)[1]

    equal, first, worst, before = True, None, 0.0, None
    for t, given in enumerate(inputs):
        given = dict(given)
        if before is not None:
            given.update({port: before[source] for port, source in feedback.items()})
        if t in resets:
            module = spark.merge(graph, variables)
            module.reset()
            variables = spark.split(module)[1]
        before, variables = step(variables, given)
        for port, value in expected[t].items():
            if isinstance(value, SpikeArray):
                if not np.array_equal(np.asarray(value.spikes), np.asarray(before[port].spikes)):
                    equal, first = False, t if first is None else first
            else:
                a, b = (np.asarray(v.value, np.float64) for v in (value, before[port]))
                off = np.abs(a - b) / np.maximum(1, np.abs(a))
                worst = max(worst, float(off[np.isfinite(off)].max(initial=0.0)))
    return {"spikes_equal": equal, "first_spike_difference": first, "max_rel_diff": worst}


# --- tracers ----------------------------------------------------------------------------------------------------------
TRACERS = {
    "Tracer": (("tau",), ("scale", "base")),
    "RDTracer": (("tau_rise", "tau_decay"), ("scale_rise", "scale_decay", "base_rise", "base_decay")),
    "RFSTracer": (("alpha", "tau_rise", "tau_fast_decay", "tau_slow_decay"),
                  ("scale_rise", "scale_fast_decay", "scale_slow_decay", "base_rise", "base_fast_decay", "base_slow_decay")),
    "RUTracer": (("r_tau", "u_tau", "u_scale"), ()),
}


def tracer_case(name, seed, index):
    dice = Dice("tracer", name, seed, index)
    shape, dt = dice.shape(), dice.dt()
    needed, optional = TRACERS[name]
    params = {}
    for field in needed + tuple(f for f in optional if dice.chance(0.6)):
        low, high = dice.pick((0.3, 5), (2, 80)) if "tau" in field else (0, 1) if field in ("alpha", "u_scale") else (-2, 2)
        params[field] = dice.real(low, high) if dice.chance(0.5) else dice.array(low, high, dice.pick(shape, dice.partly(shape)))
    tracers.Tracer.update = tracers.Tracer.__call__
    tracer = getattr(tracers, name)(shape=shape, dt=dt, dtype=jnp.float32, **params)
    steps = dice.pick(10, 30, 80, 300)
    masked = {dice.whole(1, steps - 1): dice.mask(shape, 0.5) for _ in range(dice.whole(0, 3))}
    resets = [t for t in dice.resets(steps) if t not in masked]
    inputs = dice.r.random((steps,) + shape) < dice.pick(0.05, 0.4, 1.0)
    # Resources that are used by more than spikes grow without bounds.
    inputs = inputs * (dice.r.uniform(-2, 2, inputs.shape) if dice.chance(0.5) and name != "RUTracer" else 1)
    initial, outputs, values, states = state(tracer), [], [], {}
    for t in range(steps):
        if t in masked:
            tracer.masked_reset(jnp.array(masked[t], jnp.float32))
        if t in resets:
            tracer.reset()
        outputs.append(tracer(jnp.array(inputs[t], jnp.float32)))
        values.append(tracer.value)
        if t + 1 in (1, steps // 2, steps):
            states[str(t + 1)] = state(tracer)
    return {
        **HEAD, "case": f"{name.lower()}_{seed}_{index}", "kind": "tracer", "class": name,
        "notes": "INTENDED: r_tracer.update(x) is taken as r_tracer(x)" if name == "RUTracer" else "",
        "shape": list(shape), "dt": dt, "dtype": "float32", "params": {k: setting(v) for k, v in params.items()},
        "state_initial": initial, "steps": steps,
        "masked_reset_before_step": {str(t): described(np.asarray(m, np.float32)) for t, m in sorted(masked.items())},
        "reset_before_step": resets, "inputs": [elements(np.asarray(x, np.float32)) for x in inputs],
        "outputs": [elements(o) for o in outputs], "values": [elements(v) for v in values], "states": states,
    }


# --- models -----------------------------------------------------------------------------------------------------------
def port(origin, name, is_property=False):
    return [PortMap(origin=origin, port=name, is_property=is_property)]


def typed(dice, name, fields):
    """A configuration of a module with everything that would be drawn by the system."""
    return class_of(name).get_config_spec()(seed=dice.whole(0, 2**32 - 1), dtype=jnp.float32, **fields)


def weights(dice, kernel, inputs):
    high = dice.pick(1.0, 2.5, 6.0) * 1600.0 / math.sqrt(inputs)
    if dice.chance(0.3):
        return jnp.array(dice.r.uniform(0.0, high / 3, kernel), jnp.float32)
    kind = dice.pick("Uniform", "SparseUniform", "NormalizedSparseUniform")
    fields = {"scale": high * (1 if kind != "NormalizedSparseUniform" else inputs / 4)}
    if kind != "Uniform":
        fields["density"] = dice.real(0.2, 0.9)
    return getattr(spark.nn.initializers, f"{kind}InitializerConfig")(**fields)


def custom_neuron(dice, units, pre):
    """Specs of a neuron of the package's modules."""
    inputs = math.prod(pre)
    specs = []
    source, per_synapse = ("__call__", "in_spikes"), False
    how = dice.pick("N2NDelays", "N2NDelays", "none", "NDelays")
    if how == "NDelays" and (pre != units or len(pre) != 1):
        how = "N2NDelays"  # the package takes it in front of synapses only where each unit has one input
    if how != "none":
        fields = {"max_delay": dice.pick(8.0, 3.0, dice.real(1, 12))}
        if how == "N2NDelays":
            fields["units"] = units
        if dice.chance(0.3):
            size = (math.prod(units), inputs) if how == "N2NDelays" else (inputs,)
            fields["delays"] = jnp.array(dice.r.integers(1, max(2, int(fields["max_delay"])), size), jnp.uint8)
        specs.append(ModuleSpecs(name="delays", module_cls=class_of(how), inputs={"in_spikes": port(*source)},
                                 config=typed(dice, how, fields)))
        source, per_synapse = ("delays", "out_spikes"), how == "N2NDelays"
    kernel = units if how == "NDelays" else units + pre
    rule = dice.pick(None, *PLASTICITY) if len(units) == 1 else dice.pick(None, "HebbianRule", "OjaRule", "ZenkeRule")
    if rule == "QuadrupletRuleTensor" and len(pre) != 1:
        rule = None
    if (rule == "ThreeFactorHebbianRule" and not per_synapse) or how == "NDelays":
        rule = None
    synapse = dice.pick(*SYNAPSES)
    fields = {"units": units, "kernel": weights(dice, kernel, inputs)}
    scalar_only(dice, fields, {tau: (1.0, 12.0) for tau in SYNAPSES[synapse][0]})
    specs.append(ModuleSpecs(name="synapses", module_cls=class_of(synapse), inputs={"spikes": port(*source)},
                             config=typed(dice, synapse, fields),
                             effects={"kernel": port("rule", "kernel")} if rule else {}))
    kind = dice.pick(*(name for name in SOMAS if name != "IzhikevichSoma"), "LeakySoma", "AdaptiveLeakySoma")
    fields = {}
    axonal = dice.chance(0.25)
    for name, (low, high) in SOMAS[kind].items():
        if dice.chance(0.4):
            fields[name] = dice.real(low, high) if dice.chance(0.7) else dice.array(low, high, units)
    soma_at = len(specs)
    specs.append(ModuleSpecs(name="soma", module_cls=class_of(kind),
                             inputs={"current": port("synapses", "currents"),
                                     "inhibition_mask": port("__self__", "inhibition_mask", True)},
                             outputs={} if axonal else {"out_spikes": "spikes"}, config=typed(dice, kind, fields)))
    if axonal:
        specs.append(ModuleSpecs(name="axon", module_cls=class_of("NDelays"), inputs={"in_spikes": port("soma", "spikes")},
                                 outputs={"out_spikes": "out_spikes"},
                                 config=typed(dice, "NDelays", {"max_delay": dice.real(1, 6)})))
    third = None
    if rule:
        fields = {}
        taus, anything, numbers, third = PLASTICITY[rule]
        scalar_only(dice, fields, {tau: (500.0, 20000.0) if tau == "target_tau" else (2.0, 40.0) for tau in taus}, 0.5)
        scalar_only(dice, fields, {f: (-0.2, 0.2) for f in anything if f not in ("p", "eta")}, 0.5)
        scalar_only(dice, fields, {f: (0.0, 0.1) for f in numbers + anything if f in ("eta", "gamma")}, 0.9)
        if rule == "QuadrupletRuleTensor" and dice.chance(0.7):
            fields.update({q: tuple(dice.real(-1, 1) for _ in range(4)) for q in ("q_alpha", "q_beta", "q_gamma", "q_delta")})
            fields["max_clip"] = tuple(dice.real(50, 900) for _ in range(4))
        inputs = {"pre_spikes": port(*source), "post_spikes": port("soma", "spikes"), "kernel": port("synapses", "kernel", True)}
        if third:
            inputs[third] = port("__call__", third)
        specs.append(ModuleSpecs(name="rule", module_cls=class_of(rule), inputs=inputs, config=typed(dice, rule, fields)))
    if dice.chance(0.5):  # lists need not be in the order of execution
        order = dice.r.permutation(len(specs))
        specs = [specs[i] for i in order]
    return specs, third, soma_at


def neuron_config(dice, units, pre, name=None):
    """A neuron of the package with other parameters, or one of the package's modules. Gives class, config, third factor."""
    rate = dice.pick(0.2, 0.0, 1.0, 0.29, dice.real(0, 1))
    common = {"units": units, "inhibitory_rate": rate, "seed": dice.whole(0, 2**32 - 1)}
    if name is None or dice.chance(0.5):
        kind = dice.pick("LIFNeuron", "ALIFNeuron", "AdExNeuron")
        inputs = math.prod(pre)
        fields = {"_s_dtype": jnp.float32, "synapses__kernel": weights(dice, units + pre, inputs)}
        if dice.chance(0.5):
            fields["delays__max_delay"] = dice.real(1, 12)
        if dice.chance(0.5):
            fields["hebbian_rule__eta"] = dice.real(0, 0.1)
        if dice.chance(0.4):
            fields["soma__potential_tau"] = dice.array(5, 30, units)
        if dice.chance(0.4):
            fields["soma__threshold"] = dice.real(-50, -35)
        if kind != "LIFNeuron" and dice.chance(0.5):
            fields["synapses__tau"] = dice.real(1, 10)
        neuron = Z.NEURONS.get(kind).class_ref
        config = neuron.get_config_spec()(**common, **fields)
        for spec in config.modules_specs:
            spec.config.seed = dice.whole(0, 2**32 - 1)
        return neuron, config, None
    specs, third, _ = custom_neuron(dice, units, pre)
    return None, spark.nn.NeuronConfig(modules_specs=specs, **common), third


def spiker_spec(dice, name, kind, signal):
    fields = {"max_freq": dice.pick(100.0, 300.0, dice.real(50, 450))}
    if "Linear" in kind:
        fields.update(tau=dice.pick(100.0, dice.real(10, 100)), cd=dice.pick(1.0, 2.0))
    if kind.startswith("Topological"):
        fields.update(resolution=dice.pick(4, 8), sigma=dice.pick(0.5, 1 / 32))
    return ModuleSpecs(name=name, module_cls=class_of(kind), inputs={"signal": port("__call__", signal)},
                       config=typed(dice, kind, fields))


def raw_brain(dice, outside):
    """A brain of single modules: what is property in it is read live, all else a step later.

    No rule is among them: the package cannot write back what a rule gives in a brain, and there is none without that here.
    """
    pre, units = (dice.whole(2, 8),), (dice.whole(2, 6),)
    outside["signal"] = ("FloatArray", pre)
    outside["mask"] = ("BooleanMask", units)
    synapse, kind = dice.pick(*SYNAPSES), dice.pick(*(n for n in SOMAS if n != "IzhikevichSoma"))
    specs = [
        spiker_spec(dice, "spiker", dice.pick("PoissonSpiker", "LinearSpiker"), "signal"),
        ModuleSpecs(name="synapses", module_cls=class_of(synapse), inputs={"spikes": port("spiker", "spikes")},
                    outputs={"currents": "currents"},
                    config=typed(dice, synapse, {"units": units, "kernel": weights(dice, units + pre, pre[0])})),
        ModuleSpecs(name="soma", module_cls=class_of(kind), inputs={"current": port("synapses", "currents"),
                                                                  "inhibition_mask": port("__call__", "mask")},
                    outputs={"out": "spikes"}, config=typed(dice, kind, {})),
    ]
    if dice.chance(0.6):  # another pool says which of the units inhibit
        config = Z.NEURONS.get("LIFNeuron").class_ref.get_config_spec()(
            units=units, inhibitory_rate=dice.real(0, 1), seed=dice.whole(0, 2**32 - 1), _s_dtype=jnp.float32)
        for spec in config.modules_specs:
            spec.config.seed = dice.whole(0, 2**32 - 1)
        specs.append(ModuleSpecs(name="pool", module_cls=Z.NEURONS.get("LIFNeuron").class_ref, config=config,
                                 inputs={"in_spikes": port("spiker", "spikes")}, outputs={"heard": "out_spikes"}))
        specs[2].inputs["inhibition_mask"] = port("pool", "inhibition_mask", True)
        del outside["mask"]
    if dice.chance(0.5):
        specs.append(ModuleSpecs(name="late", module_cls=class_of("N2NDelays"), inputs={"in_spikes": port("soma", "spikes")},
                                 outputs={"late": "out_spikes"}, config=typed(dice, "N2NDelays", {"units": (2,)})))
    order = list(range(len(specs)))
    return [specs[i] for i in (dice.r.permutation(order) if dice.chance(0.6) else order)]


def pool_brain(dice, outside, register):
    """Spikers, pools of neurons that hear each other, integrators."""
    specs, spiking = [], []
    for i in range(dice.whole(1, 2)):
        kind = dice.pick("PoissonSpiker", "PoissonSpiker", "LinearSpiker", "TopologicalPoissonSpiker", "TopologicalLinearSpiker")
        shape = (dice.whole(1, 3),) if kind.startswith("Topological") else dice.pick((dice.whole(3, 10),), (2, 3))
        signal = f"signal{i}" if dice.chance(0.8) or not outside else next(iter(outside))
        shape = outside.setdefault(signal, ("FloatArray", shape))[1]
        if kind.startswith("Topological") and len(shape) != 1:
            kind = "PoissonSpiker"
        spec = spiker_spec(dice, f"spiker{i}", kind, signal)
        specs.append(spec)
        spiking.append((spec.name, "spikes", shape + ((spec.config.resolution,) if kind.startswith("Topological") else ())))
    if dice.chance(0.2):
        outside["spikes"] = ("SpikeArray", (dice.whole(2, 6),))
        spiking.append(("__call__", "spikes", outside["spikes"][1]))
    pools = [(f"pool{i}", "out_spikes", dice.pick((dice.whole(1, 12),), (dice.whole(1, 12),), (2, 3)))
             for i in range(dice.whole(1, 4))]
    late = []
    for i, (name, _, units) in enumerate(pools):
        first = dice.pick(*spiking)
        others = [s for s in pools + spiking[:0] if dice.chance(0.3)]
        if first[0] != "__call__" and dice.chance(0.2):
            others += [s for s in spiking if s[0] not in ("__call__", first[0])]
        if first[0] == "__call__":
            others = []  # an input from outside has no mask, which the package needs to join
        if others and dice.chance(0.3):
            others, first = others[1:] + [first], others[0]
        heard = [first] + others
        pre = first[2] if len(heard) == 1 else (sum(math.prod(s[2]) for s in heard),)
        neuron, config, third = neuron_config(dice, units, pre, name)
        if neuron is None:
            neuron = register(config)
            config = neuron.get_config_spec()(**{n: v for n, _, v in config if not n.startswith("__")})
        inputs = {"in_spikes": [PortMap(origin=s[0], port=s[1]) for s in heard]}
        if third:
            inputs[third] = port("__call__", third)
            outside[third] = ("FloatArray", (1,))
        late.append(ModuleSpecs(name=name, module_cls=neuron, inputs=inputs, config=config,
                                outputs={f"{name}_spikes": "out_spikes"} if dice.chance(0.6) else {}))
    specs += late
    for i in range(dice.whole(0, 2)):
        heard = [p for p in pools if dice.chance(0.6)] or pools[:1]
        count = sum(math.prod(p[2]) for p in heard)
        fields = {"num_outputs": dice.whole(1, min(4, count)), "shuffle": dice.chance(0.5), "smooth_trace": dice.chance(0.5),
                  "saturation_freq": dice.real(20, 100), "tau": dice.real(2, 30)}
        if dice.chance(0.4):
            fields["output_map"] = jnp.array(dice.r.integers(0, fields["num_outputs"], count), jnp.int32)
        specs.append(ModuleSpecs(name=f"readout{i}", module_cls=class_of("ExponentialIntegrator"),
                                 inputs={"spikes": [PortMap(origin=p[0], port=p[1]) for p in heard]},
                                 outputs={f"action{i}": "signal"}, config=typed(dice, "ExponentialIntegrator", fields)))
    if not any(spec.outputs for spec in specs):
        late[-1].outputs = {"out": "out_spikes"}
    if dice.chance(0.5):
        specs = [specs[i] for i in dice.r.permutation(len(specs))]
    return specs


def model_case(name, seed, index, folder):
    dice = Dice("model", name, seed, index)
    case = f"{name.lower()}_{seed}_{index}"
    outside = {}
    registered = []

    def register(config):
        cell = f"Cell{seed}n{index}x{len(registered)}Neuron"
        path = folder / case / f"{cell.lower()}.scfg"
        path.parent.mkdir(parents=True, exist_ok=True)
        config.to_file(str(path))
        spark.register_neuron_from_config_file(cell, path)
        registered.append(cell)
        return Z.NEURONS.get(cell).class_ref

    if name == "Neuron":
        units, pre = dice.pick((dice.whole(1, 14),), (dice.whole(2, 14),), (2, 3)), dice.pick((dice.whole(1, 14),), (3, 2))
        pre = units if len(units) == 1 and dice.chance(0.15) else pre
        neuron, config, third = neuron_config(dice, units, pre, "custom")
        config.merge(partial={"_s_dt": 1.0})
        kind = type(config).__name__.removesuffix("Config")
        config = type(config)(**{**{n: v for n, _, v in config if not n.startswith("__")}, "dt": dice.dt()})
        outside["in_spikes"] = ("SpikeArray", pre)
        if third:
            outside[third] = ("FloatArray", (1,))
    else:
        specs = raw_brain(dice, outside) if dice.chance(0.2) else pool_brain(dice, outside, register)
        config = spark.nn.BrainConfig(modules_specs=specs, seed=dice.seed() % 2**32, dt=dice.pick(1.0, 1.0, 0.5, dice.dt()))
        kind = "Brain"
    path = folder / case / "model.scfg"
    path.parent.mkdir(parents=True, exist_ok=True)
    config.to_file(str(path))
    config = spark.nn.Config.from_file(str(path))
    model = config.class_ref(config=config)
    steps = dice.pick(40, 80, 150, 300)
    inputs = []
    values = {}
    for port_name, (payload, shape) in outside.items():
        if port_name not in model._controller_input_specs:
            continue
        if payload == "SpikeArray":
            values[port_name] = dice.spikes(shape, steps)
        elif payload == "BooleanMask":
            values[port_name] = [spark.BooleanMask(jnp.array(dice.mask(shape, 0.3)))] * steps
        else:
            scale = 1.0
            values[port_name] = dice.numbers(shape, steps, scale, spark.FloatArray, signed=dice.chance(0.3))
    inputs = [{p: v[t] for p, v in values.items()} for t in range(steps)]
    model._build(**inputs[0])
    built = state(model)
    resets, after = dice.resets(steps), {1, 2, 3, dice.whole(1, steps), steps}
    maps = [PortMap(origin=spec.name, port=p) for spec in model.config.modules_specs
            for p in model._modules_output_map[spec.name]] if kind == "Brain" else []
    outputs, inner, states = [], [], {}
    for t, given in enumerate(inputs):
        if t in resets:
            model.reset()
            states[f"reset@{t}"] = state(model)
        outputs.append(model(**given))
        if maps:
            read = model.read_state(maps)
            inner.append({f"{m.origin}.{m.port}": read[m.origin][m.port] for m in maps})
        if t + 1 in after:
            states[str(t + 1)] = state(model)
    document = {
        **HEAD, "case": case, "kind": "model", "class": kind, "notes": "", "steps": steps, "reset_before_step": resets,
        "state_after_build": built, "inputs": {p: series([i[p] for i in inputs]) for p in inputs[0]},
        "outputs": {p: series([o[p] for o in outputs]) for p in outputs[0]},
        "module_outputs": {p: series([o[p] for o in inner]) for p in inner[0]} if inner else {},
        "states": states,
    }
    write(folder / case / "run.json.gz", document, packed=True)
    return document


# --- command ----------------------------------------------------------------------------------------------------------
def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10, help="cases of every class")
    parser.add_argument("--what", default="modules,tracers,models")
    parser.add_argument("--only", help="one class (modules, tracers) or Neuron, Brain")
    parser.add_argument("--index", type=int, help="one case")
    parser.add_argument("--jit", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    accept_initializers()
    jobs = []
    for index in range(args.count) if args.index is None else [args.index]:
        if "modules" in args.what:
            jobs += [(name, index, "modules") for name in KINDS]
        if "tracers" in args.what:
            jobs += [(name, index, "tracers") for name in TRACERS]
        if "models" in args.what:
            jobs += [(name, index, "models") for name in ("Neuron", "Brain")]
    refused = 0
    for name, index, what in jobs:
        if args.only and name != args.only:
            continue
        try:
            if what == "modules":
                document = module_case(name, args.seed, index, args.jit)
            elif what == "tracers":
                document = tracer_case(name, args.seed, index)
            else:
                document = model_case(name, args.seed, index, args.out / "models")
            if what != "models":
                write(args.out / what / f"{document['case']}.json", document)
        except Exception as error:  # what the package cannot do is no case
            refused += 1
            print(f"refused: {name} {index}: {type(error).__name__}: {str(error)[:150]}".replace("\n", " "), file=sys.stderr)
            if args.verbose:
                traceback.print_exc()
            continue
        ports = document["outputs"].values() if isinstance(document["outputs"], dict) else ()
        fired = sum(len(s) for p in ports for s in p.get("spikes", []))
        print(f"{what} {document['case']} steps={document['steps']} spikes={fired}", flush=True)
    print(f"refused by the package: {refused}", file=sys.stderr)


if __name__ == "__main__":
    main()
