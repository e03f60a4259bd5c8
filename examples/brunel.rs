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

mod standard;

use std::time::Instant;

use clap::Parser;
use spark::prelude::*;

use standard::{Run, Standard, jump, numbers};

network! {
    /// Neurons that hear both populations, and noise.
    neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        // The wire from population to population takes a step of its own.
        delays     = NDelays { max_delay: 1.4ms, delays: 14 };
        synapses   = LinearSynapses;
        background = PoissonBackground;
        soma       = StrictRefractoryLeakySoma {
            potential_rest: 0mV, potential_reset: 0mV, threshold: 20mV,
            potential_tau: 20ms, resistance: 0.1GOhm, cooldown: 2ms,
        };

        in_spikes              -> delays.in_spikes;
        delays.out_spikes      -> synapses.spikes;
        synapses.currents      -> background.current;
        background.currents    -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> out_spikes;
    }

    /// Excitatory and inhibitory neurons, connected at random.
    brain Brunel() -> (excitatory: SpikeArray, inhibitory: SpikeArray) {
        dt = 0.1ms;

        e = Pool { units: [2000], inhibitory_rate: 0.0 };
        i = Pool { units: [500], inhibitory_rate: 1.0 };

        (e.out_spikes, i.out_spikes) -> e.in_spikes, i.in_spikes;
        e.out_spikes                 -> excitatory;
        i.out_spikes                 -> inhibitory;
    }
}

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

/// The network of this order: its sizes, and weights such that all excitatory inputs of a neuron sum to 100 mV.
fn config(order: usize, options: &Standard) -> BrunelConfig {
    let (excitatory, inhibitory) = (4 * order, order);
    let in_degree = [excitatory / 10, inhibitory / 10];
    let weight = 100.0 / in_degree[0] as f64;
    let kernel = FixedInDegreeInitializer {
        sources: vec![excitatory, inhibitory],
        degree: numbers(in_degree.map(|degree| degree as f64)),
        weight: numbers([jump(weight, options.dt), jump(5.0 * weight, options.dt)]),
        ..Default::default()
    };
    let mut config = BrunelConfig {
        seed: Some(options.seed.into()),
        dt: Some(Ms(options.dt)),
        ..Brunel::config()
    };
    for (pool, units) in [(&mut config.e, excitatory), (&mut config.i, inhibitory)] {
        pool.units = Shape::from(units);
        standard::delay(&mut pool.delays, options.dt, 1);
        pool.synapses.kernel = kernel.clone().into_field();
        pool.background = PoissonBackgroundConfig {
            // Twice what brings the mean potential to the threshold of 20 mV: 0.02 / ms per 1 mV of weight.
            rate: Hz(2.0 * 20.0 / (weight * 20.0) * 1000.0),
            weight: PAmp(jump(weight, options.dt)),
            ..Default::default()
        };
    }
    config
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Options {
        order,
        standard: options,
    } = Options::parse();
    let start = Instant::now();
    let brain = Brunel::build(config(order, &options), BrunelShapes {})?;
    let (graph, mut state) = spark::split(brain);
    standard::spread(&mut state, "e", 0.0..20.0, options.seed, 1);
    standard::spread(&mut state, "i", 0.0..20.0, options.seed, 2);
    let synapses = standard::synapses(&state);
    let mut brain = spark::merge(graph, state)?;
    let build_s = start.elapsed().as_secs_f64();

    let run = Run::of(
        format!("brunel_{}", 5 * order),
        5 * order,
        synapses,
        build_s,
        || {
            let mut spikes = 0;
            for _ in 0..options.steps() {
                let out = brain.step(BrunelInputs {});
                spikes += out.excitatory.count() + out.inhibitory.count();
            }
            spikes
        },
    );
    run.report(&options, 1, &[]);
    Ok(())
}
