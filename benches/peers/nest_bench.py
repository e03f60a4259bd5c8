"""NEST: cuba, brunel, brunel_stdp. Prints one line of JSON.

    nest_bench.py --bench cuba --dt 0.1 --bio 10 --seed 1
    nest_bench.py --bench brunel --order 2500 --bio 1

`build_s` is Create, Connect and Prepare (the sorting of connections included), `run_s` is Run alone.
"""

import argparse, json, resource, sys, time, os

ap = argparse.ArgumentParser()
ap.add_argument("--bench", default="cuba")
ap.add_argument("--dt", type=float, default=0.1)
ap.add_argument("--threads", type=int, default=1)
ap.add_argument("--bio", type=float, default=1.0)
ap.add_argument("--order", type=int, default=500)
ap.add_argument("--seed", type=int, default=1)
ap.add_argument("--spikes", default="", help="write sender,time of all spikes (untimed runs only)")
a = ap.parse_args()
t_imp = time.time()
so = os.dup(1)
os.dup2(2, 1)  # NEST's banner goes to stderr
import nest, numpy as np

t_imp = time.time() - t_imp
nest.set_verbosity("M_ERROR")
nest.ResetKernel()
nest.SetKernelStatus({"resolution": a.dt, "local_num_threads": a.threads, "rng_seed": a.seed, "print_time": False})
np.random.seed(a.seed)
extra = {}
t0 = time.time()
if a.bench == "cuba":
    NE, NI, p, C, tm = 3200, 800, 0.02, 200.0, 20.0
    nrn = dict(
        C_m=C, tau_m=tm, tau_syn_ex=5.0, tau_syn_in=10.0, E_L=-49.0, V_th=-50.0, V_reset=-60.0, t_ref=5.0, I_e=0.0
    )
    pop = nest.Create("iaf_psc_exp", NE + NI, params=nrn)
    pop.V_m = np.random.uniform(-60.0, -50.0, NE + NI)
    E, I = pop[:NE], pop[NE:]
    nest.CopyModel("static_synapse_hom_w", "ex", {"weight": 1.62 * C / tm, "delay": a.dt})
    nest.CopyModel("static_synapse_hom_w", "in", {"weight": -9.0 * C / tm, "delay": a.dt})
    conn = {"rule": "pairwise_bernoulli", "p": p, "allow_autapses": False}
    nest.Connect(E, pop, conn, {"synapse_model": "ex"})
    nest.Connect(I, pop, conn, {"synapse_model": "in"})
    nsyn_rec = nest.num_connections
else:
    order = a.order
    NE, NI = 4 * order, order
    CE, CI = NE // 10, NI // 10
    JCE, g, eta, theta, tm = 100.0, 5.0, 2.0, 20.0, 20.0  # J*CE = 100 mV: J=0.1 at CE=1000, 0.5 at CE=200
    J = JCE / CE
    delay = 1.5 if a.dt <= 0.5 else 2.0
    nu_th = theta / (J * CE * tm)
    p_rate = 1000.0 * eta * nu_th * CE
    nrn = dict(C_m=1.0, tau_m=tm, t_ref=2.0, E_L=0.0, V_reset=0.0, V_m=0.0, V_th=theta)
    pop = nest.Create("iaf_psc_delta", NE + NI, params=nrn)
    pop.V_m = np.random.uniform(0.0, theta, NE + NI)
    E, I = pop[:NE], pop[NE:]
    noise = nest.Create("poisson_generator", params={"rate": p_rate})
    nest.CopyModel("static_synapse_hom_w", "ex", {"weight": J, "delay": delay})
    nest.CopyModel("static_synapse_hom_w", "in", {"weight": -g * J, "delay": delay})
    nest.Connect(noise, pop, syn_spec="ex")
    ein = {"rule": "fixed_indegree", "indegree": CE}
    iin = {"rule": "fixed_indegree", "indegree": CI}
    if a.bench == "brunel":
        nest.Connect(E, pop, ein, "ex")
    else:
        lam, alpha, Wmax = 0.01, 2.0, 2.0 * J
        pop.set(tau_minus=20.0)
        nest.CopyModel(
            "stdp_synapse_hom",
            "stdp",
            {"tau_plus": 20.0, "lambda": lam, "alpha": alpha, "mu_plus": 0.0, "mu_minus": 1.0, "Wmax": Wmax},
        )
        nest.Connect(E, E, ein, {"synapse_model": "stdp", "weight": J, "delay": delay})
        nest.Connect(E, I, ein, "ex")
    nest.Connect(I, pop, iin, "in")
    nsyn_rec = nest.num_connections - (NE + NI)
    extra = dict(J_mv=J, p_rate_hz=p_rate, delay_ms=delay)
if a.spikes:
    rec = nest.Create("spike_recorder")
    nest.Connect(pop, rec)
nest.Prepare()
build = time.time() - t0
c0 = nest.local_spike_counter
t0 = time.time()
c_cpu = time.process_time()
nest.Run(a.bio * 1000.0)
run = time.time() - t0
cpu = time.process_time() - c_cpu  # 2 threads: set OMP_WAIT_POLICY=passive, spinning is 2-8x slower on a shared VM
n = nest.local_spike_counter - c0
rss = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
if a.bench == "brunel_stdp":
    nest.Cleanup()
    w = np.array(nest.GetConnections(E, E).get("weight")) if NE <= 4000 else None
    if w is not None:
        extra.update(w_mean=round(float(w.mean()), 4), w_sd=round(float(w.std()), 4))
N = NE + NI
rate = n / N / a.bio
if a.spikes:
    np.savez(a.spikes, **{k: rec.events[k] for k in ("senders", "times")})
os.dup2(so, 1)
print(
    json.dumps(
        dict(
            bench=a.bench + ("" if a.bench == "cuba" else f"_{N}"),
            peer="nest",
            version=nest.__version__,
            n_neurons=N,
            n_synapses=int(nsyn_rec),
            dt_ms=a.dt,
            threads=a.threads,
            bio_s=a.bio,
            build_s=round(build, 3),
            run_s=round(run, 3),
            cpu_s=round(cpu, 3),
            run_s_per_bio_s=round(run / a.bio, 4),
            cpu_s_per_bio_s=round(cpu / a.bio, 4),
            mean_rate_hz=round(rate, 3),
            syn_events_per_s=round(n * nsyn_rec / N / run),
            peak_rss_mb=rss,
            import_s=round(t_imp, 2),
            **extra,
        )
    ),
    flush=True,
)
