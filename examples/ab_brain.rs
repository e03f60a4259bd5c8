//! How long a step of the cartpole brain takes: four plastic populations, 640 neurons, 524288 synapses with delays.
//!
//! ```text
//! cargo run --release --example ab_brain
//! cargo run --release --example ab_brain -- --seconds 2 --json
//! ```
//!
//! The signal and the modulation are held, as between two observations of the world.

#[path = "cartpole/brain.rs"]
mod brain;
mod timing;

use std::time::Instant;

use clap::Parser;
use spark::StateArray;
use spark::prelude::*;

use brain::{PushPull, PushPullInputs};
use timing::{Timing, peak_memory};

/// The populations and their sizes: units and inputs.
const POOLS: [(&str, usize, usize); 4] = [
    ("A_excitatory", 256, 832),
    ("B_excitatory", 256, 832),
    ("A_inhibitory", 64, 768),
    ("B_inhibitory", 64, 768),
];

/// Steps in which spikes are counted, after those that are timed.
const COUNTED: usize = 300;

/// Measures the time per step of the cartpole brain.
#[derive(Parser)]
#[command(about)]
struct Options {
    /// Steps of 1 ms per run.
    #[arg(long, conflicts_with = "seconds")]
    steps: Option<usize>,
    /// Simulated seconds per run.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Runs; the median is reported. Learning goes on from one to the next.
    #[arg(long, default_value_t = 7)]
    runs: usize,
    /// Seed that all seeds of the network are drawn from anew; those of its authors without it.
    #[arg(long)]
    seed: Option<u32>,
    /// Print one line of JSON.
    #[arg(long)]
    json: bool,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    let steps = options
        .steps
        .unwrap_or((options.seconds * 1000.0).round() as usize);
    let start = Instant::now();
    let mut brain = build(options.seed)?;
    let build_s = start.elapsed().as_secs_f64();
    let signal = FloatArray::from([0.1, -0.3, 0.2, 0.5]);
    let (excitatory, inhibitory) = (FloatArray::from([-1e-4]), FloatArray::from([-2.5e-5]));
    let inputs = PushPullInputs {
        signal: &signal,
        mod_a_ex: &excitatory,
        mod_b_ex: &excitatory,
        mod_a_in: &inhibitory,
        mod_b_in: &inhibitory,
    };
    brain.step(inputs);
    let cold_first_step_s = start.elapsed().as_secs_f64();
    let timing = Timing::of(options.runs, steps, || {
        brain.step(inputs);
    });
    let rates = rates(&mut brain, inputs);
    let neurons: usize = POOLS.iter().map(|(_, units, _)| units).sum();
    let synapses: usize = POOLS.iter().map(|(_, units, inputs)| units * inputs).sum();
    let mean = rates
        .iter()
        .zip(POOLS)
        .map(|(rate, (_, units, _))| rate * units as f64);
    let mean = mean.sum::<f64>() / neurons as f64;
    let bio_s = steps as f64 * 1e-3;
    if !options.json {
        println!("{neurons} neurons, {synapses} synapses");
        println!(
            "{:.1} us per step (median of {} runs of {bio_s} s; {:.1} to {:.1})",
            timing.median(),
            options.runs,
            timing.min(),
            timing.max()
        );
        for ((name, ..), rate) in POOLS.iter().zip(rates) {
            println!("{name} {rate:.1} Hz");
        }
        return Ok(());
    }
    let rates: serde_json::Map<_, _> = POOLS
        .iter()
        .zip(rates)
        .map(|((name, ..), rate)| ((*name).to_owned(), rate.into()))
        .collect();
    let line = serde_json::json!({
        "bench": "spark_ab_brain",
        "peer": "spark-rs",
        "n_neurons": neurons,
        "n_synapses": synapses,
        "dt_ms": 1.0,
        "threads": 1,
        "bio_s": bio_s,
        "build_s": build_s,
        "cold_first_step_s": cold_first_step_s,
        "us_per_step": timing.median(),
        "us_min": timing.min(),
        "us_max": timing.max(),
        "run_s": timing.median() * 1e-6 * steps as f64,
        "mean_rate_hz": mean,
        "rates": rates,
        "peak_rss_mb": peak_memory(),
    });
    println!("{line}");
    Ok(())
}

fn build(seed: Option<u32>) -> Result<PushPull, BuildError> {
    let Some(seed) = seed else {
        return PushPull::new();
    };
    let shapes = PushPull::new()?.shapes().clone();
    PushPull::build(PushPull::config().with_new_seeds(seed), shapes)
}

/// Mean rate of each population, Hz. A brain hands spikes from node to node through its state.
fn rates(brain: &mut PushPull, inputs: PushPullInputs<'_>) -> [f64; 4] {
    let mut counts = [0; 4];
    for _ in 0..COUNTED {
        brain.step(inputs);
        let state = spark::snapshot(brain);
        for (count, (name, ..)) in counts.iter_mut().zip(POOLS) {
            let spikes = state.get(&format!("_cache/{name}/out_spikes"));
            if let Some(StateArray::UInt8(bytes)) = spikes.map(|entry| &entry.value) {
                *count += bytes.iter().filter(|byte| **byte & 1 == 1).count();
            }
        }
    }
    let seconds = COUNTED as f64 * 1e-3;
    let rate = |(count, (_, units, _)): (usize, (_, usize, _))| count as f64 / units as f64 / seconds;
    let rates: Vec<f64> = counts.into_iter().zip(POOLS).map(rate).collect();
    std::array::from_fn(|pool| rates[pool])
}
