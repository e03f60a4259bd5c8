#!/usr/bin/env bash
# Installs the peers into $BENCH_ENV (default ~/.cache/spark-bench), with pip and apt. Needs Python 3.12 and gcc.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
env="${BENCH_ENV:-$HOME/.cache/spark-bench}"
python="${PYTHON:-}"
if [[ -z "$python" ]]; then
    for candidate in python3.12 "$HOME"/.pyenv/versions/3.12*/bin/python python3; do
        if "$candidate" -c "import sys; sys.exit(sys.version_info[:2] != (3, 12))" 2>/dev/null; then
            python="$candidate"
            break
        fi
    done
fi
[[ -n "$python" ]] || { echo "no Python 3.12: set PYTHON" >&2; exit 1; }
mkdir -p "$env"
command -v g++ >/dev/null || { apt-get update -q && apt-get install -y -q g++; }
for venv in sim spark; do
    [[ -x "$env/$venv/bin/python" ]] || "$python" -m venv "$env/$venv"
done
"$env/sim/bin/pip" install -q nest-simulator==3.10.0 brian2==2.10.1 cython setuptools
"$env/spark/bin/pip" install -q spark-snn==1.0.0 jax==0.8.0 gymnasium
gcc -O3 -march=native -ffast-math -fopenmp "$here/limits.c" -o "$env/limits"
echo "ok: $env"
