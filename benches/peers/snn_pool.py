"""spark-snn, one LIFNeuron or ALIFNeuron pool with its defaults, fed by 1024 Poisson inputs of 20 Hz. One line of JSON.

    snn_pool.py --neuron lif --kscale 150 --units 1024 --dtype float16 --mode step

Modes: `step`, one jitted call per step from Python; `scan`, 100 steps in one call.
"""

from snn_common import *
import argparse

ap = argparse.ArgumentParser()
ap.add_argument("--neuron", default="lif")
ap.add_argument("--units", type=int, default=256)
ap.add_argument("--inputs", type=int, default=1024)
ap.add_argument("--rate", type=float, default=20.0)
ap.add_argument("--dtype", default="float16")
ap.add_argument("--mode", default="step")
ap.add_argument("--seconds", type=float, default=4.0)
ap.add_argument("--kscale", type=float, default=0.0)
ap.add_argument("--reps", type=int, default=5)
a = ap.parse_args()
T0 = proc_start_epoch()
import jax, jax.numpy as jnp, numpy as np, spark

T_import = time.time() - T0
dt = getattr(jnp, a.dtype)
cls = {"lif": spark.nn.neurons.LIFNeuron, "alif": spark.nn.neurons.ALIFNeuron}[a.neuron]
kw = dict(_s_units=(a.units,), _s_dtype=dt, seed=7)
if a.kscale > 0:
    kw["synapses__kernel__scale"] = a.kscale
t = time.time()
spiker = spark.nn.interfaces.PoissonSpiker(max_freq=a.rate, seed=11, dtype=dt)
pool = cls(**kw)
sig = spark.FloatArray(jnp.ones((a.inputs,), dtype=dt))
s = spiker(signal=sig)["spikes"]
pool(in_spikes=s)  # eager build
T_build = time.time() - t
graph, state = spark.split((spiker, pool))


def one(graph, state, signal):
    spiker, pool = spark.merge(graph, state)
    out = pool(in_spikes=spiker(signal=signal)["spikes"])
    _, state = spark.split((spiker, pool))
    return out["out_spikes"], state


K = 100
if a.mode == "step":
    fn = jax.jit(one)
    per = 1
else:

    def many(graph, state, signal):
        def f(st, _):
            o, st = one(graph, st, signal)
            return st, jnp.sum(o.spikes != 0, dtype=jnp.int32)

        st, n = jax.lax.scan(f, state, None, length=K)
        return n.sum(), st

    fn = jax.jit(many)
    per = K
t = time.time()
o, state = fn(graph, state, sig)
jax.block_until_ready(state)
T_compile = time.time() - t  # trace + compile + first run
T_first = time.time() - T0  # cold process start -> first step's result
# calibrate
t = time.time()
n = 0
while time.time() - t < 0.5:
    o, state = fn(graph, state, sig)
    jax.block_until_ready(state)
    n += 1
each = (time.time() - t) / n
reps = max(3, int(a.seconds / a.reps / each))
lat = []
cpu = []
spikes = 0
for r in range(a.reps):
    t = time.time()
    c = time.process_time()
    for _ in range(reps):
        o, state = fn(graph, state, sig)
    jax.block_until_ready(state)
    lat.append((time.time() - t) / (reps * per))
    cpu.append((time.process_time() - c) / (reps * per))
# output rate (not timed)
cnt = 0
M = 200 if a.mode == "step" else 2
for _ in range(M):
    o, state = fn(graph, state, sig)
    cnt += int(jnp.sum(o.spikes != 0)) if a.mode == "step" else int(o)
rate = cnt / (M * per * 1e-3) / a.units
us = median(lat) * 1e6
nsyn = a.units * a.inputs
emit(
    bench=f"spark_pool_{a.neuron}",
    peer="spark-snn",
    version="1.0.0/jax" + jax.__version__,
    mode=a.mode,
    dtype=a.dtype,
    n_neurons=a.units,
    n_inputs=a.inputs,
    n_synapses=nsyn,
    dt_ms=1.0,
    threads=nthreads(),
    bio_s=reps * per * 1e-3,
    build_s=round(T_build, 2),
    compile_s=round(T_compile, 2),
    import_s=round(T_import, 2),
    cold_first_step_s=round(T_first, 2),
    us_per_step=round(us, 1),
    cpu_us_per_step=round(median(cpu) * 1e6, 1),
    us_min=round(min(lat) * 1e6, 1),
    us_max=round(max(lat) * 1e6, 1),
    steps_per_s=round(1e6 / us, 1),
    run_s=round(us * reps * per * 1e-6, 3),
    run_s_per_bio_s=round(us * 1e-3, 4),
    mean_rate_hz=round(rate, 2),
    in_rate_hz=a.rate,
    syn_events_per_s=round(a.rate * nsyn * 1e-3 * 1e6 / us),
    dense_syn_updates_per_s=round(nsyn * 1e6 / us),
    peak_rss_mb=peak_rss_mb(),
)
