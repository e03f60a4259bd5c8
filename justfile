# `just` lists the recipes.

[private]
default:
    @just --list

# Everything that CI checks
ci:
    .ci/run

# All tests
test:
    cargo test --workspace

# Format, then lint
lint:
    cargo fmt --all
    cargo clippy --workspace --all-targets --all-features -- -D warnings

# Files of arbitrary bytes, so many seconds for each reader
fuzz seconds="60":
    scripts/fuzz.sh {{ seconds }}

# The documentation of the library, in a browser
doc:
    cargo doc -p spark --no-deps --open

# A brain learns to balance a pole
cartpole *options:
    cargo run --release --example cartpole -- {{ options }}

# Write the compile errors of the tests anew, to be read before they are committed
bless:
    TRYBUILD=overwrite cargo test -p spark-tests --test ui

# Write docs/models.md anew, from the registry
models:
    SPARK_BLESS=1 cargo test -p spark-tests --test registry page_of_models

# Write the sources of the models in the tests anew, and what the macros know of the library
bless-sources:
    SPARK_BLESS=1 cargo test -p spark-tests --test codegen_sources

# What the macro makes of the network NAME
expand NAME:
    touch spark/src/lib.rs
    SPARK_DEBUG_MACRO={{ NAME }} cargo check --workspace --all-targets

# How long kernels take, those whose name holds FILTER
bench FILTER="":
    cargo bench -p spark-benches --bench kernels -- {{ FILTER }}

# How long a large network takes to compile
bench-expansion:
    cargo bench -p spark-benches --bench expansion

# Hold the instruction counts of all kernels against benches/budget.json (needs valgrind)
budget-check *prefix:
    cargo run --profile counted -p spark-benches --bin budget -- check {{ prefix }}

# Write benches/budget.json anew, to be read before it is committed
budget:
    cargo run --profile counted -p spark-benches --bin budget -- write

# Measure cost against size, rate, density, time step and delays, and draw it into docs/
sweep:
    mkdir -p benches/results
    cargo run --release -p spark-benches --bin sweep > benches/results/sweeps.jsonl
    cargo run --release -p spark-benches --features plots --bin plot -- benches/results/sweeps.jsonl

# Run the peers beside our examples; `just compare --quick --only cuba`, `just compare --write`
compare *options:
    benches/peers/compare.py {{ options }}
