#!/usr/bin/env bash
# Trains the cartpole brain with seeds 1 to 10 (two at a time) and prints the table and draws the curves of the README.
# Takes about an hour on two cores. Usage: scripts/cartpole_seeds.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
folder="${1:-target/cartpole}"
mkdir -p "$folder"
cargo build --locked --release --example cartpole
export folder
seq 1 10 | xargs -P 2 -I{} sh -c \
    'target/release/examples/cartpole --seed {} --json --lengths "$folder/{}.txt" > "$folder/{}.json"'
cargo run --locked --release --example cartpole_curves -- --folder "$folder" --out docs/cartpole.svg
