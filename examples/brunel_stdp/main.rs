//! Brunel's network with synapses that learn: spike-timing-dependent plasticity between excitatory neurons.
//!
//! ```text
//! cargo run --release --example brunel_stdp
//! cargo run --release --example brunel_stdp -- --seconds 2 --json
//! ```
//!
//! The network of `brunel`; a synapse between excitatory neurons is depressed in proportion to its weight when a spike is fired
//! after one of its target, and potentiated by a constant when it is the other way round. The 1.5 ms of delay are those of the
//! dendrite: the rule sees a spike when it is fired, and one of the target 1.5 ms later. Rates climb with the weights: 36 to 40
//! Hz in the first second.
//!
//! Morrison, Aertsen and Diesmann, *Spike-timing-dependent plasticity in balanced random networks*, Neural Computation 19,
//! 2007, doi:10.1162/neco.2007.19.6.1437.

mod network;
#[path = "../standard/mod.rs"]
mod standard;

use std::time::Instant;

use clap::Parser;
use spark::core::state::StateArray;
use spark::prelude::*;

use network::{BrunelSTDP, BrunelSTDPInputs, BrunelSTDPShapes, config, mv};
use standard::{Run, Runner, Standard};

/// Simulates Brunel's network with plastic synapses.
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
    let brain = BrunelSTDP::build(config(order, options.dt, options.seed), BrunelSTDPShapes {})?;
    let (graph, mut state) = spark::split(brain);
    standard::spread(&mut state, "e", 0.0..20.0, options.seed, 1);
    standard::spread(&mut state, "i", 0.0..20.0, options.seed, 2);
    let synapses = standard::synapses(&state);
    let mut brain = Runner::of(spark::merge(graph, state)?, &options)?;
    let build_s = start.elapsed().as_secs_f64();

    let name = format!("brunel_stdp_{}", 5 * order);
    let run = Run::of(name, 5 * order, synapses, build_s, || {
        let mut spikes = 0;
        brain.run(
            options.steps(),
            || BrunelSTDPInputs {},
            |out| {
                spikes += out.excitatory.count() + out.inhibitory.count();
            },
        )?;
        Ok(spikes)
    })?;
    let (mean, deviation) = weights(&spark::split(brain.into_network()).1);
    let unit = mv(options.dt);
    let figures = [("w_mean", mean / unit), ("w_sd", deviation / unit)];
    run.report(&options, &figures);
    Ok(())
}

/// Mean and standard deviation of the weights that learn.
fn weights(state: &State<BrunelSTDP>) -> (f64, f64) {
    let Some(StateArray::Float32(weights)) = state
        .map()
        .get("e/plastic/weights/kernel")
        .map(|entry| &entry.value)
    else {
        return (f64::NAN, f64::NAN);
    };
    let n = weights.len() as f64;
    let mean = weights.iter().map(|&w| f64::from(w)).sum::<f64>() / n;
    let squares = weights.iter().map(|&w| (f64::from(w) - mean).powi(2));
    (mean, (squares.sum::<f64>() / n).sqrt())
}
