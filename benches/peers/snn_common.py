import os, sys, time, json, resource

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("JAX_PLATFORMS", "cpu")


def proc_start_epoch():
    """Wall-clock epoch seconds at which this process was started."""
    with open("/proc/self/stat") as f:
        ticks = int(f.read().rsplit(")", 1)[1].split()[19])
    with open("/proc/stat") as f:
        btime = [int(l.split()[1]) for l in f if l.startswith("btime")][0]
    # higher precision: uptime-based
    with open("/proc/uptime") as f:
        up = float(f.read().split()[0])
    return time.time() - (up - ticks / os.sysconf("SC_CLK_TCK"))


def peak_rss_mb():
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def nthreads():
    return len(os.sched_getaffinity(0))


def median(v):
    v = sorted(v)
    return v[len(v) // 2]


def emit(**k):
    print(json.dumps(k), flush=True)
