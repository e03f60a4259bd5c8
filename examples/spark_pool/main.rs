//! How long a step of one population takes: 1024 Poisson inputs at 20 Hz into a pool of plastic neurons, each pair with a
//! delay of its own.
//!
//! ```text
//! cargo run --release --example spark_pool
//! cargo run --release --example spark_pool -- --neuron alif --units 4096 --seconds 0.5
//! cargo run --release --example spark_pool -- --json
//! ```
//!
//! Everything but the scale of the kernel (150 pA for LIF, 50 pA for ALIF, so that the pool fires) and the seeds is the
//! default of the library.

mod network;
#[path = "../timing/mod.rs"]
mod timing;

use std::time::Instant;

use clap::{Parser, ValueEnum};
use spark::prelude::*;

use network::{Alif, AlifInputs, AlifShapes, INPUTS, Lif, LifInputs, LifShapes};
use timing::{Timing, peak_memory};

/// Measures the time per step of one population.
#[derive(Parser)]
#[command(about)]
struct Options {
    /// The neurons.
    #[arg(long, value_enum, default_value = "lif")]
    neuron: Neuron,
    /// Their number.
    #[arg(long, default_value_t = 256)]
    units: usize,
    /// Steps of 1 ms per run.
    #[arg(long, conflicts_with = "seconds")]
    steps: Option<usize>,
    /// Simulated seconds per run.
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// Runs; the median is reported. Learning goes on from one to the next.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Seed of the pool; that of the inputs is 4 more.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Print one line of JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Neuron {
    Lif,
    Alif,
}

/// What a run gives.
struct Measured {
    build_s: f64,
    cold_first_step_s: f64,
    timing: Timing,
    spikes: usize,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    let steps = options
        .steps
        .unwrap_or((options.seconds * 1000.0).round() as usize);
    let measured = match options.neuron {
        Neuron::Lif => measure_lif(&options, steps)?,
        Neuron::Alif => measure_alif(&options, steps)?,
    };
    report(&options, steps, &measured);
    Ok(())
}

/// Builds the network with this many units and these seeds, and times it.
macro_rules! measure {
    ($name:ident, $network:ident, $inputs:ident, $shapes:ident) => {
        fn $name(options: &Options, steps: usize) -> Result<Measured, Box<dyn std::error::Error>> {
            let start = Instant::now();
            let mut config = $network::config();
            config.pool.units = Shape::from(options.units);
            config.pool.seed = Some(options.seed);
            config.spiker.seed = Some(options.seed + 4);
            let shapes = $shapes {
                signal: Shape::from(INPUTS),
            };
            let mut brain = $network::build(config, shapes)?;
            let build_s = start.elapsed().as_secs_f64();
            let signal = FloatArray::filled(INPUTS, 1.0);
            brain.step($inputs { signal: &signal });
            let cold_first_step_s = start.elapsed().as_secs_f64();
            let mut spikes = 0;
            let timing = Timing::of(options.runs, steps, || {
                spikes += brain.step($inputs { signal: &signal }).spikes.count();
            });
            Ok(Measured {
                build_s,
                cold_first_step_s,
                timing,
                spikes,
            })
        }
    };
}
measure!(measure_lif, Lif, LifInputs, LifShapes);
measure!(measure_alif, Alif, AlifInputs, AlifShapes);

fn report(options: &Options, steps: usize, measured: &Measured) {
    let name = match options.neuron {
        Neuron::Lif => "lif",
        Neuron::Alif => "alif",
    };
    let timing = &measured.timing;
    let bio_s = steps as f64 * 1e-3;
    let synapses = options.units * INPUTS;
    let rate = measured.spikes as f64 / options.units as f64 / (bio_s * options.runs as f64);
    if !options.json {
        println!(
            "{} {name} neurons, {INPUTS} inputs at 20 Hz, {synapses} synapses",
            options.units
        );
        println!(
            "{:.1} us per step (median of {} runs of {bio_s} s; {:.1} to {:.1})",
            timing.median(),
            options.runs,
            timing.min(),
            timing.max()
        );
        println!("mean rate {rate:.1} Hz, built in {:.3} s", measured.build_s);
        return;
    }
    let line = serde_json::json!({
        "bench": format!("spark_pool_{name}"),
        "peer": "spark-rs",
        "n_neurons": options.units,
        "n_inputs": INPUTS,
        "n_synapses": synapses,
        "dt_ms": 1.0,
        "threads": 1,
        "bio_s": bio_s,
        "build_s": measured.build_s,
        "cold_first_step_s": measured.cold_first_step_s,
        "us_per_step": timing.median(),
        "us_min": timing.min(),
        "us_max": timing.max(),
        "run_s": timing.median() * 1e-6 * steps as f64,
        "mean_rate_hz": rate,
        "in_rate_hz": 20.0,
        "peak_rss_mb": peak_memory(),
    });
    println!("{line}");
}
