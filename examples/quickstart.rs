//! Declare a brain, run it, print what it did: a signal, as spikes, drives a population of adaptive neurons.
//!
//! `cargo run --release --example quickstart`

use spark::prelude::*;

network! {
    /// A signal, a population of 64 adaptive neurons, one readout.
    pub brain Quickstart(signal: FloatArray[2]) -> (rate: FloatArray[1]) {
        seed = 7;

        spiker  = TopologicalLinearSpiker { resolution: 32, tau: 20ms, max_freq: 120Hz, mins: -1.0, maxs: 1.0 };
        pool    = ALIFNeuron { units: [64], synapses.kernel: SparseUniformInitializer { scale: 400.0, density: 0.3 } };
        readout = ExponentialIntegrator { num_outputs: 1 };

        signal          -> spiker.signal;
        spiker.spikes   -> pool.in_spikes;
        pool.out_spikes -> readout.spikes;
        readout.signal  -> rate;
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut brain = Quickstart::new()?;
    for step in 0..10 {
        let signal = FloatArray::from([0.1 * step as f32, -0.5]);
        let out = brain.run(100, |_| QuickstartInputs { signal: &signal });
        println!(
            "{:>5} ms  signal {:.1}  rate {:.3}",
            100 * (step + 1),
            signal.as_slice()[0],
            out.rate.as_slice()[0]
        );
    }
    Ok(())
}
