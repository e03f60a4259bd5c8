//! How long a large network takes to expand and to check: 100 nodes, 200 wires.
//!
//! Writes a crate with one `network!` into a temporary directory and runs `cargo check` on it, its dependencies built
//! before. Prints one object of JSON: medians of five runs, in milliseconds, beside what they should not exceed.
//!
//! `cargo bench -p spark-benches --bench expansion`

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::json;

const POOLS: usize = 98;
const RUNS: usize = 5;
/// Goals, ms.
const EXPANSION_GOAL: f64 = 200.0;
const CHECK_GOAL: f64 = 3000.0;
/// What the macro prints its time with.
const TIME_SWITCH: &str = "SPARK_TIME_MACRO";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let crate_dir = tempfile::tempdir()?;
    write_crate(crate_dir.path())?;
    // Builds the dependencies, and the network once.
    check(crate_dir.path(), 0)?;
    let (mut checks, mut expansions) = (Vec::new(), Vec::new());
    for run in 1..=RUNS {
        let (took, output) = check(crate_dir.path(), run)?;
        checks.push(took.as_secs_f64() * 1000.0);
        expansions.push(expansion_time(&output)?);
    }
    let (expansion, check) = (median(expansions), median(checks));
    let (nodes, wires) = (POOLS + 2, connections());
    println!(
        "{}",
        json!({
            "nodes": nodes, "wires": wires, "runs": RUNS,
            "expansion_ms": expansion, "expansion_goal_ms": EXPANSION_GOAL,
            "check_ms": check, "check_goal_ms": CHECK_GOAL,
            "within_goals": expansion <= EXPANSION_GOAL && check <= CHECK_GOAL,
        })
    );
    Ok(())
}

fn write_crate(dir: &Path) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let spark = root.join("spark").canonicalize()?;
    let manifest = format!(
        "[package]\nname = \"large-network\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\nspark = {{ path = {:?} }}\n",
        spark.display().to_string()
    );
    std::fs::create_dir_all(dir.join("src"))?;
    std::fs::write(dir.join("Cargo.toml"), manifest)?;
    std::fs::copy(root.join("Cargo.lock"), dir.join("Cargo.lock"))?;
    Ok(())
}

/// The wires, several of them in one statement: each pool hears the spiker and its neighbour, two pools are read out.
fn wires() -> Vec<String> {
    let mut wires = vec![
        "signal -> spiker.signal".to_owned(),
        "readout.signal -> action".to_owned(),
    ];
    for pool in 0..POOLS {
        wires.push(format!(
            "(spiker.spikes, p{}.out_spikes) -> p{pool}.in_spikes",
            (pool + 1) % POOLS
        ));
    }
    wires.push(format!(
        "(p0.out_spikes, p{}.out_spikes) -> readout.spikes",
        POOLS / 2
    ));
    wires
}

/// Sources that reach a sink.
fn connections() -> usize {
    wires().iter().map(|wire| 1 + wire.matches(", ").count()).sum()
}

/// The source; `run` makes it differ from the one before, so that nothing of it is remembered.
fn source(run: usize) -> Result<String> {
    let mut text = String::from("use spark::prelude::*;\n\nnetwork! {\n");
    writeln!(
        text,
        "    pub brain Large(signal: FloatArray[4]) -> (action: FloatArray[2]) {{"
    )?;
    writeln!(text, "        seed = {run};")?;
    writeln!(
        text,
        "        spiker = TopologicalLinearSpiker {{ resolution: 16, max_freq: 100Hz }};"
    )?;
    writeln!(
        text,
        "        readout = ExponentialIntegrator {{ num_outputs: 2, tau: 5ms }};"
    )?;
    for pool in 0..POOLS {
        writeln!(
            text,
            "        p{pool} = ALIFNeuron {{ units: [16], soma.threshold: -4{}mV }};",
            pool % 10
        )?;
    }
    for wire in wires() {
        writeln!(text, "        {wire};")?;
    }
    text.push_str("    }\n}\n\nfn main() {}\n");
    Ok(text)
}

/// `cargo check` of a fresh network: how long it took, what it printed.
fn check(dir: &Path, run: usize) -> Result<(Duration, Output)> {
    std::fs::write(dir.join("src/main.rs"), source(run)?)?;
    let mut cargo =
        Command::new(std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from));
    cargo
        .args(["check", "--offline", "--quiet"])
        .current_dir(dir)
        .env("CARGO_TARGET_DIR", dir.join("target"))
        .env(TIME_SWITCH, "Large");
    let begin = Instant::now();
    let output = cargo.output()?;
    let took = begin.elapsed();
    if !output.status.success() {
        return Err(format!(
            "the network does not compile:\n{}",
            String::from_utf8_lossy(&output.stderr)
        )
        .into());
    }
    Ok((took, output))
}

/// The milliseconds that the macro printed.
fn expansion_time(output: &Output) -> Result<f64> {
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("expansion of Large took "));
    let number = line
        .and_then(|line| line.strip_suffix(" ms"))
        .ok_or("the macro did not say how long it took")?;
    Ok(number.parse()?)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
