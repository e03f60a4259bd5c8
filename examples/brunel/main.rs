//! Brunel's random network of excitatory and inhibitory neurons, driven by noise, in its asynchronous irregular state.
//!
//! ```text
//! cargo run --release --example brunel
//! cargo run --release --example brunel -- --order 2500 --seconds 0.5 --json
//! ```
//!
//! `4 order` excitatory and `order` inhibitory leaky neurons. Each hears a tenth of both populations, drawn with replacement,
//! after 1.5 ms, and a Poisson train of its own at twice the rate that would by itself bring it to threshold. Spikes that
//! arrive while a neuron is refractory are lost. 2500 neurons (order 500) fire at 37 Hz, 12,500 at 32 Hz.
//!
//! Brunel, *Dynamics of sparsely connected networks of excitatory and inhibitory spiking neurons*, J. Comput. Neurosci. 8,
//! 2000, doi:10.1023/A:1008925309027.

mod network;
#[path = "../standard/mod.rs"]
mod standard;

use std::time::Instant;

use clap::Parser;

use network::{Brunel, BrunelInputs, BrunelShapes, config};
use standard::{Run, Runner, Standard};

/// Simulates Brunel's network.
#[derive(Parser)]
#[command(about)]
struct Options {
    /// Number of inhibitory neurons; there are four times as many excitatory ones.
    #[arg(long, default_value_t = 500)]
    order: usize,
    #[command(flatten)]
    standard: Standard,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Options {
        order,
        standard: options,
    } = Options::parse();
    let start = Instant::now();
    let brain = Brunel::build(config(order, options.dt, options.seed), BrunelShapes {})?;
    let (graph, mut state) = spark::split(brain);
    standard::spread(&mut state, "e", 0.0..20.0, options.seed, 1);
    standard::spread(&mut state, "i", 0.0..20.0, options.seed, 2);
    let synapses = standard::synapses(&state);
    let mut brain = Runner::of(spark::merge(graph, state)?, &options)?;
    let build_s = start.elapsed().as_secs_f64();

    let run = Run::of(
        format!("brunel_{}", 5 * order),
        5 * order,
        synapses,
        build_s,
        || {
            let mut spikes = 0;
            brain.run(
                options.steps(),
                || BrunelInputs {},
                |out| {
                    spikes += out.excitatory.count() + out.inhibitory.count();
                },
            )?;
            Ok(spikes)
        },
    )?;
    run.report(&options, &[]);
    Ok(())
}
