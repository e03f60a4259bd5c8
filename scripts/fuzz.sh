#!/usr/bin/env bash
# Reads files made of arbitrary bytes for some seconds per target, and fails on a panic, a hang or too much memory.
#
#   scripts/fuzz.sh [SECONDS] [TARGET..]     # 15 seconds for each of all targets
#
# Needs nothing but the pinned toolchain and a C++ compiler: the instrumentation is that of `cargo fuzz`, without its
# sanitizers. What is found stays in fuzz/artifacts/TARGET; `target/fuzz/release/TARGET FILE` runs it again.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds="${1:-15}"
shift || true
targets=("$@")
[[ ${#targets[@]} -gt 0 ]] || targets=(scfg model checkpoint npy)

host="$(rustc -vV | sed -n 's/^host: //p')"
directory="${CARGO_TARGET_DIR:-target}/fuzz"
flags="--cfg fuzzing -Cpasses=sancov-module"
for option in level=4 inline-8bit-counters pc-table trace-compares; do
    flags+=" -Cllvm-args=-sanitizer-coverage-$option"
done
# With a target named, build scripts and macros are left without instrumentation.
CARGO_TARGET_DIR="$directory" RUSTFLAGS="$flags" \
    cargo build --locked --release --manifest-path fuzz/Cargo.toml --target "$host"

# Copies the files of the repository that a target can begin with, besides its own.
fixtures() {
    local file files=()
    case "$1" in
        scfg) files=(tests/fixtures/upstream-models/*.scfg tests/fixtures/goldens/models/*/*.scfg) ;;
        npy) files=(tests/fixtures/npy/*.npy) ;;
    esac
    for file in "${files[@]}"; do
        cp "$file" "fuzz/corpus/$1/$(basename "$(dirname "$file")")-$(basename "$file")"
    done
}

# The most bytes of an input.
longest() {
    case "$1" in
        npy) echo 512 ;;
        checkpoint) echo 16384 ;;
        *) echo 4096 ;;
    esac
}

for target in "${targets[@]}"; do
    printf '\n==> %s, %s s\n' "$target" "$seconds"
    mkdir -p "fuzz/corpus/$target" "fuzz/artifacts/$target"
    fixtures "$target"
    # The first folder takes what is new; the other is only read. Every graph that a process has read takes a little
    # memory for good.
    "$directory/$host/release/$target" "fuzz/corpus/$target" "fuzz/seeds/$target" \
        -dict="fuzz/dictionaries/$target.dict" -artifact_prefix="fuzz/artifacts/$target/" \
        -max_len="$(longest "$target")" -max_total_time="$seconds" \
        -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 -verbosity=0 -print_funcs=0
done
