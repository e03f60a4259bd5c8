//! Benchmarks live beside this file: `cargo bench -p spark-benches`.
