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

mod standard;

use std::time::Instant;

use clap::Parser;
use spark::prelude::*;

use standard::{Run, Standard};

network! {
    /// Neurons that hear all others: excitation jumps by 1.62 mV and decays in 5 ms, inhibition by 9 mV and in 10 ms.
    neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = ExponentialCurrentSynapses {
            tau_excitatory: 5ms, tau_inhibitory: 10ms, membrane_tau: 20ms,
            // A current of 16.2 pA through 0.1 GOhm is 1.62 mV.
            kernel: PairwiseBernoulliInitializer {
                sources: [3200, 800], probability: 0.02, weight: [16.2, 90.0], autapses: false,
            },
        };
        soma     = StrictRefractoryLeakySoma {
            potential_rest: -49mV, potential_reset: -60mV, threshold: -50mV,
            potential_tau: 20ms, resistance: 0.1GOhm, cooldown: 5ms,
        };

        in_spikes              -> synapses.spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> out_spikes;
    }

    /// Excitatory and inhibitory neurons, connected at random.
    brain Cuba() -> (excitatory: SpikeArray[3200], inhibitory: SpikeArray[800]) {
        dt = 0.1ms;

        e = Pool { units: [3200], inhibitory_rate: 0.0 };
        i = Pool {
            units: [800], inhibitory_rate: 1.0,
            synapses.kernel: PairwiseBernoulliInitializer {
                sources: [3200, 800], probability: 0.02, weight: [16.2, 90.0], autapses: false, first_own: 3200,
            },
        };

        (e.out_spikes, i.out_spikes) -> e.in_spikes, i.in_spikes;
        e.out_spikes                 -> excitatory;
        i.out_spikes                 -> inhibitory;
    }
}

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
    let mut brain = spark::merge(graph, state)?;
    let build_s = start.elapsed().as_secs_f64();

    let run = Run::of("cuba", 4000, synapses, build_s, || {
        let mut spikes = 0;
        for _ in 0..options.steps() {
            let out = brain.step(CubaInputs {});
            spikes += out.excitatory.count() + out.inhibitory.count();
        }
        spikes
    });
    run.report(&options, 1, &[]);
    Ok(())
}
