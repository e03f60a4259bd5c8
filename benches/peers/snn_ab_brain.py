"""spark-snn, the brain of its cartpole tutorial: time per step, cold start, memory. Prints one line of JSON.

    snn_ab_brain.py --mode step

Modes: `step`, one jitted call per step from Python; `tutorial`, the tutorial's 50 steps per call, unrolled by 15; `scan`, a
lax.scan of 1000 steps; `loop`, a Python loop of 50 steps inside of one jit. Pinned to one core, JAX uses one thread.
"""

from snn_common import *
import argparse
import pathlib

ap = argparse.ArgumentParser()
ap.add_argument("--mode", default="step")
ap.add_argument("--scfg", default=str(pathlib.Path(__file__).resolve().parents[2] / "tests/fixtures/upstream-models"))
ap.add_argument("--reps", type=int, default=7)
ap.add_argument("--signal", type=float, nargs=4, default=[0.1, -0.3, 0.2, 0.5])
a = ap.parse_args()
T0 = proc_start_epoch()
import jax, jax.numpy as jnp, numpy as np, spark
from functools import partial

T_import = time.time() - T0
t = time.time()
spark.register_neuron_from_config_file("ALIFModNeuron", a.scfg + "/alif_mod_neuron.scfg")
cfg = spark.nn.BrainConfig.from_file(a.scfg + "/ab_brain.scfg")
brain = spark.nn.Brain(config=cfg)
F = lambda *v: spark.FloatArray(jnp.array(v, dtype=jnp.float16))
inp = dict(signal=F(*a.signal), mod_a_ex=F(-1e-4), mod_a_in=F(-2.5e-5), mod_b_ex=F(-1e-4), mod_b_in=F(-2.5e-5))
brain(**inp)
T_build = time.time() - t
graph, state = spark.split((brain))
nvar = sum(int(np.prod(x.shape)) for x in jax.tree.leaves(state))


def one(graph, state, inputs):
    m = spark.merge(graph, state)
    out = m(**inputs)
    _, st = spark.split((m))
    return out, st


def scanned(K, unroll):
    @jax.jit
    def f(graph, state, **inputs):
        def body(c, _):
            st, cur = c
            out, st = one(graph, st, cur)
            for k in ("mod_a_ex", "mod_a_in", "mod_b_ex", "mod_b_in"):
                cur[k] = spark.FloatArray(jnp.array(1.0 * cur[k].value, dtype=jnp.float16))
            return (st, cur), out

        (st, _), outs = jax.lax.scan(body, (state, inputs), xs=None, length=K, unroll=unroll)
        return jax.tree.map(lambda x: x[-1], outs), st

    return f


if a.mode == "step":
    per = 1
    fn = jax.jit(lambda graph, state, **i: one(graph, state, i))
elif a.mode == "tutorial":
    per = 50
    fn = scanned(50, 15)
elif a.mode == "scan":
    per = 1000
    fn = scanned(1000, 1)
elif a.mode == "loop":
    per = 50

    @jax.jit
    def fn(graph, state, **inputs):
        m = spark.merge(graph, state)
        for _ in range(50):
            out = m(**inputs)
        _, st = spark.split((m))
        return out, st


t = time.time()
out, state = fn(graph, state, **inp)
jax.block_until_ready(state)
T_comp = time.time() - t
T_first = time.time() - T0
t = time.time()
n = 0
while time.time() - t < 0.7:
    out, state = fn(graph, state, **inp)
    act = int(np.argmax(out["action"].value))
    n += 1
each = (time.time() - t) / n
reps = max(2, int(0.8 / each))
lat = []
cpu = []
for r in range(a.reps):
    t = time.time()
    c = time.process_time()
    for _ in range(reps):
        out, state = fn(graph, state, **inp)
        act = int(np.argmax(out["action"].value))  # the tutorial reads the action back every call
    jax.block_until_ready(state)
    lat.append((time.time() - t) / reps / per * 1e6)
    cpu.append((time.process_time() - c) / reps / per * 1e6)
# rate of the 4 pools
m = spark.merge(graph, state)
names = [n for n in m._modules_names if hasattr(getattr(m, n), "units")]
info = {}
nsyn = 0
nn = 0
for n_ in names:
    mod = getattr(m, n_)
    k = mod.synapses._kernel.value
    info[n_] = list(k.shape)
    nsyn += int(np.prod(k.shape))
    nn += int(np.prod(mod.units))
st1 = jax.jit(lambda graph, state, **i: one(graph, state, i))
cnt = {n_: 0 for n_ in names}
rd = jax.jit(lambda g, s: {n_: jnp.sum(spark.merge(g, s)._cache[n_, "out_spikes"].spikes != 0) for n_ in names})
for _ in range(300):
    _, state = st1(graph, state, **inp)
    for k, v in rd(graph, state).items():
        cnt[k] += int(v)
rates = {k: round(v / 0.3 / int(np.prod(getattr(m, k).units)), 2) for k, v in cnt.items()}
emit(
    bench="spark_ab_brain",
    peer="spark-snn",
    version="1.0.0/jax" + jax.__version__,
    mode=a.mode,
    n_neurons=nn,
    n_synapses=nsyn,
    kernels=info,
    state_elements=nvar,
    dt_ms=1.0,
    threads=nthreads(),
    bio_s=reps * per * 1e-3,
    build_s=round(T_build, 2),
    compile_s=round(T_comp, 2),
    import_s=round(T_import, 2),
    cold_first_step_s=round(T_first, 2),
    us_per_step=round(median(lat), 1),
    cpu_us_per_step=round(median(cpu), 1),
    us_min=round(min(lat), 1),
    us_max=round(max(lat), 1),
    run_s=round(median(lat) * 1e-6 * reps * per, 3),
    mean_rate_hz=round(sum(cnt.values()) / 0.3 / max(nn, 1), 2),
    rates=rates,
    syn_events_per_s=None,
    dense_syn_updates_per_s=round(nsyn * 1e6 / median(lat)),
    peak_rss_mb=peak_rss_mb(),
)
