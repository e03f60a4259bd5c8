//! CUBA: 4000 neurons whose synapses are currents, self-sustained irregular firing of about 5.6 Hz.
//!
//! ```text
//! cargo run --release --example cuba
//! cargo run --release --example cuba -- --dt 1 --seconds 10 --json
//! ```
//!
//! 3200 excitatory and 800 inhibitory leaky neurons, each pair connected with a probability of 2 %; no input from outside. The
//! membrane and both currents are integrated exactly. A spike takes one step.
//!
//! Vogels and Abbott, *Signal propagation and logic gating in networks of integrate-and-fire neurons*, Journal of Neuroscience
//! 25, 2005, doi:10.1523/JNEUROSCI.3508-05.2005; as benchmark 2 of Brette et al., *Simulation of networks of spiking neurons: A
//! review of tools and strategies*, J. Comput. Neurosci. 23, 2007, doi:10.1007/s10827-007-0038-6.

mod network;
#[path = "../standard/mod.rs"]
mod standard;

use std::time::Instant;

use clap::Parser;
use spark::prelude::*;

use network::{Cuba, CubaConfig, CubaInputs, CubaShapes};
use standard::{Run, Runner, Standard};

/// Simulates the CUBA network.
#[derive(Parser)]
#[command(about)]
struct Options {
    #[command(flatten)]
    standard: Standard,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Options { standard: options } = Options::parse();
    let start = Instant::now();
    let config = CubaConfig {
        seed: Some(options.seed.into()),
        dt: Some(Ms(options.dt)),
        ..Cuba::config()
    };
    let (graph, mut state) = spark::split(Cuba::build(config, CubaShapes {})?);
    // From the reset potential up to the threshold, both relative to rest.
    standard::spread(&mut state, "e", -11.0..-1.0, options.seed, 1);
    standard::spread(&mut state, "i", -11.0..-1.0, options.seed, 2);
    let synapses = standard::synapses(&state);
    let mut brain = Runner::of(spark::merge(graph, state)?, &options)?;
    let build_s = start.elapsed().as_secs_f64();

    let run = Run::of("cuba", 4000, synapses, build_s, || {
        let mut spikes = 0;
        brain.run(
            options.steps(),
            || CubaInputs {},
            |out| {
                spikes += out.excitatory.count() + out.inhibitory.count();
            },
        )?;
        Ok(spikes)
    })?;
    run.report(&options, &[]);
    Ok(())
}
