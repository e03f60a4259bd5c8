"""Brian2: cuba, brunel, brunel_stdp. Prints one line of JSON.

    brian2_bench.py --bench cuba --mode cpp --dt 0.1 --bio 10
    brian2_bench.py --bench brunel --order 2500 --keep FOLDER     # compiled once, run again by the same command

Mode `cpp` is C++ standalone; `--threads 0` is serial code, 1 and 2 are OpenMP code. `build_s` is the definition of the network,
the generation of code and its compilation; the binary of `cpp` makes the connections itself (`net_build_s`).
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import time

ap = argparse.ArgumentParser()
ap.add_argument("--bench", default="cuba")
ap.add_argument("--mode", default="cpp")
ap.add_argument("--dt", type=float, default=0.1)
ap.add_argument("--threads", type=int, default=0)
ap.add_argument("--bio", type=float, default=1.0)
ap.add_argument("--order", type=int, default=500)
ap.add_argument("--seed", type=int, default=1)
ap.add_argument("--reps", type=int, default=1)
ap.add_argument("--f32", action="store_true")
ap.add_argument("--keep", default="", help="folder of the compiled network; if it is there, it is run again")
a = ap.parse_args()


def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_again(folder):
    """Runs the compiled network; the rest of the line is that of the first time."""
    with open(os.path.join(folder, "bench.json")) as file:
        row = json.load(file)
    # What was said of the first run only.
    for name in ("run_s_all", "cpu_s_all", "run_s_per_bio_s", "cpu_s_per_bio_s", "binary_wall_s", "net_build_s"):
        row.pop(name, None)
    begin = time.time()
    subprocess.run(["./main"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    wall = time.time() - begin
    with open(os.path.join(folder, "results", "last_run_info.txt")) as file:
        run = float(file.read().split()[0])
    row["run_s"] = round(run, 3)
    # The binary makes the connections first.
    row["cpu_s"] = round(children_cpu() * run / wall, 3)
    row["syn_events_per_s"] = round(row["mean_rate_hz"] * row["bio_s"] * row["n_synapses"] / run)
    return row


if a.keep and os.path.exists(os.path.join(a.keep, "bench.json")):
    print(json.dumps(run_again(a.keep)), flush=True)
    raise SystemExit
t0 = time.time()
import brian2
from brian2 import *
import numpy as np

BrianLogger.log_level_error()
scratch = os.environ.get("BENCH_TMP", __import__("tempfile").gettempdir())
d = a.keep or f"{scratch}/b2_{a.bench}_{a.order}_{a.threads}_{os.getpid()}"
if a.mode == "cpp":
    set_device("cpp_standalone", directory=d, build_on_run=False)
    if a.threads:
        prefs.devices.cpp_standalone.openmp_threads = a.threads
    prefs.devices.cpp_standalone.extra_make_args_unix = ["-j2"]
else:
    prefs.codegen.target = a.mode
prefs.codegen.cpp.extra_compile_args_gcc = [
    "-w",
    "-O3",
    "-ffast-math",
    "-fno-finite-math-only",
    "-march=native",
    "-std=c++17",
]
if a.f32:
    prefs.core.default_float_dtype = np.float32
defaultclock.dt = a.dt * ms
seed(a.seed)
rng = np.random.default_rng(a.seed)
extra = {}
objs = []
if a.bench == "cuba":
    N = 4000
    NE = 3200
    taum, taue, taui = 20 * ms, 5 * ms, 10 * ms
    Vt, Vr, El = -50 * mV, -60 * mV, -49 * mV
    eqs = """dv/dt = (ge+gi-(v-El))/taum : volt (unless refractory)
             dge/dt = -ge/taue : volt
             dgi/dt = -gi/taui : volt"""
    P = NeuronGroup(N, eqs, threshold="v>Vt", reset="v = Vr", refractory=5 * ms, method="exact")
    P.v = "Vr + rand() * (Vt - Vr)"
    we = 1.62 * mV
    wi = -9 * mV
    Ce = Synapses(P, P, on_pre="ge += we", delay=None)
    Ci = Synapses(P, P, on_pre="gi += wi")
    Ce.connect("i<NE and i!=j", p=0.02)
    Ci.connect("i>=NE and i!=j", p=0.02)
    objs = [P, Ce, Ci]
    syns = [Ce, Ci]
else:
    order = a.order
    NE, NI = 4 * order, order
    N = NE + NI
    CE, CI = NE // 10, NI // 10
    J = 100.0 / CE * mV
    g = 5.0
    theta = 20 * mV
    taum = 20 * ms
    delay = 1.5 * ms if a.dt <= 0.5 else 2 * ms
    nu = float(2.0 * theta / (J * CE * taum) / Hz) * Hz  # per external synapse, CE of them
    P = NeuronGroup(
        N,
        "dv/dt = -v/taum : volt (unless refractory)",
        threshold="v>=theta",
        reset="v=0*mV",
        refractory=2 * ms,
        method="exact",
    )
    P.v = "rand()*theta"
    pin = PoissonInput(P, "v", CE, nu, J)

    def conn(S, lo, n, k, tlo, tn):
        j = np.repeat(np.arange(tn, dtype=np.int32), k)
        i = rng.integers(0, n, tn * k, dtype=np.int32)
        S.connect(i=i, j=j)

    PE, PI = P[:NE], P[NE:]
    Ji = -g * J
    if a.bench == "brunel":
        Ce = Synapses(PE, P, on_pre="v += J", delay=delay)
        conn(Ce, 0, NE, CE, 0, N)
        syns = [Ce]
    else:
        Wmax = 2 * J
        lam = 0.01
        alpha = 2.0
        taup = 20 * ms
        Ce = Synapses(
            PE,
            PE,
            """w : volt
                                 dapre/dt = -apre/taup : 1 (event-driven)
                                 dapost/dt = -apost/taup : 1 (event-driven)""",
            on_pre={"tx": "v_post += w", "plast": "apre += 1.0; w = clip(w - alpha*lam*w*apost, 0*mV, Wmax)"},
            on_post={"post": "apost += 1.0; w = clip(w + lam*Wmax*apre, 0*mV, Wmax)"},
            delay={"tx": delay, "post": delay},
        )
        conn(Ce, 0, NE, CE, 0, NE)
        Ce.w = "J"
        Cs = Synapses(PE, PI, on_pre="v += J", delay=delay)
        conn(Cs, 0, NE, CE, 0, NI)
        syns = [Ce, Cs]
    Ci = Synapses(PI, P, on_pre="v += Ji", delay=delay)
    conn(Ci, 0, NI, CI, 0, N)
    syns.append(Ci)
    objs = [P, pin] + syns
    extra = dict(J_mv=float(J / mV), p_rate_hz=float(nu * CE / Hz))
M = SpikeMonitor(P, record=False)
objs.append(M)
net = Network(objs)
if a.mode == "cpp":
    net.run(a.bio * second, namespace=dict(globals()))
    device.build(directory=d, compile=True, run=False, debug=False)
    build = time.time() - t0
    rr = []
    cc = []
    for _ in range(a.reps):
        t1 = time.time()
        c1 = children_cpu()
        device.run(directory=d, with_output=False)
        wall = time.time() - t1
        rr.append(device._last_run_time)
        cc.append(children_cpu() - c1 - (wall - rr[-1]) * (children_cpu() - c1) / wall)
    run = sorted(rr)[len(rr) // 2]
    cpu = sorted(cc)[len(cc) // 2]
    extra["cpu_s_all"] = [round(float(x), 3) for x in cc]
    extra["run_s_all"] = [round(float(x), 3) for x in rr]
    extra["binary_wall_s"] = round(wall, 3)
    extra["net_build_s"] = round(wall - rr[-1], 3)
    rss = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    extra["rss_note"] = "max of children incl. compiler"
else:
    net.run(0 * second, namespace=dict(globals()))
    net.run(2 * defaultclock.dt, namespace=dict(globals()))
    build = time.time() - t0
    n0 = M.num_spikes
    t1 = time.time()
    c1 = time.process_time()
    net.run(a.bio * second, namespace=dict(globals()))
    run = time.time() - t1
    cpu = time.process_time() - c1
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
n = int(M.num_spikes)
nsyn = 0
for s_ in syns:
    nsyn += len(s_)
if a.bench == "brunel_stdp":
    w = np.array(Ce.w / mV)
    extra.update(w_mean=round(float(w.mean()), 4), w_sd=round(float(w.std()), 4))
if a.mode == "cpp":
    # rerun the binary alone to get its own peak RSS
    try:
        out = os.popen(f"cd {d} && /usr/bin/time -f %M ./main 2>&1 >/dev/null").read().split()
        rss = float(out[-1]) / 1024
        extra.pop("rss_note")
    except Exception as e:
        pass
    if not a.keep:
        shutil.rmtree(d, ignore_errors=True)
row = dict(
    bench=a.bench + ("" if a.bench == "cuba" else f"_{N}"),
    peer=f"brian2-{a.mode}" + ("-f32" if a.f32 else ""),
    version=brian2.__version__,
    n_neurons=N,
    n_synapses=nsyn,
    dt_ms=a.dt,
    threads=a.threads,
    bio_s=a.bio,
    build_s=round(build, 2),
    run_s=round(run, 3),
    cpu_s=round(float(cpu), 3),
    run_s_per_bio_s=round(run / a.bio, 4),
    cpu_s_per_bio_s=round(float(cpu) / a.bio, 4),
    mean_rate_hz=round(n / N / a.bio, 3),
    syn_events_per_s=round(n * nsyn / N / run),
    peak_rss_mb=round(rss, 1),
    **extra,
)
if a.keep and a.mode == "cpp":
    with open(os.path.join(a.keep, "bench.json"), "w") as file:
        json.dump(row, file)
print(json.dumps(row), flush=True)
