//! What one loop over all that a neuron consists of would save: the neuron of `examples/cuba` as `network!` runs it, module by
//! module, and the same arithmetic written by hand as one loop.
//!
//! ```text
//! RUSTFLAGS="-C target-cpu=native" cargo run --release -p spark-benches --bin fused
//! ```
//!
//! The library chooses the instructions of the machine by itself; the flag gives them to the loop written here, too.

use std::time::Instant;

use serde_json::json;
use spark::prelude::*;

network! {
    /// The neuron of CUBA without synapses that would be heard.
    neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = ExponentialCurrentSynapses {
            tau_excitatory: 5ms, tau_inhibitory: 10ms, membrane_tau: 20ms,
            kernel: PairwiseBernoulliInitializer { probability: 0.0 },
        };
        soma     = StrictRefractoryLeakySoma {
            potential_rest: -49mV, potential_reset: -60mV, threshold: -40mV,
            potential_tau: 20ms, resistance: 0.1GOhm, cooldown: 5ms,
        };
        in_spikes              -> synapses.spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> out_spikes;
    }

    brain Silent() -> (spikes: SpikeArray) {
        dt = 0.1ms;
        pool = Pool { units: [4000] };
        pool.out_spikes -> pool.in_spikes, spikes;
    }
}

const STEPS: usize = 20_000;
const ROUNDS: usize = 7;

/// The state of all units, as the modules keep it.
struct Units {
    excitatory: Vec<Real>,
    inhibitory: Vec<Real>,
    potential: Vec<Real>,
    steps: Vec<u32>,
    fired: Vec<bool>,
}

/// What is next to nothing is nothing.
#[inline(always)]
fn fade(value: Real, decay: Real) -> Real {
    let left = value * decay;
    if left.abs() < 1e-30 { 0.0 } else { left }
}

impl Units {
    fn step(&mut self, decays: [Real; 3], shares: [Real; 2], gain: Real) {
        let (reset, threshold, needed) = (-11.0, 9.0, 50);
        let sides = self.excitatory.iter_mut().zip(&mut self.inhibitory);
        let membranes = self
            .potential
            .iter_mut()
            .zip(&mut self.steps)
            .zip(&mut self.fired);
        for ((e, i), ((v, steps), fired)) in sides.zip(membranes) {
            let current = shares[0] * *e - shares[1] * *i;
            *e = fade(*e, decays[0]);
            *i = fade(*i, decays[1]);
            let ready = *steps >= needed;
            let driven = fade(*v, decays[2]) + gain * current;
            let held = if ready { driven } else { reset };
            *fired = ready & (held > threshold);
            *v = if *fired { reset } else { held };
            *steps = if *fired { 0 } else { steps.saturating_add(1) };
        }
    }
}

/// Nanoseconds per unit and step: the median of some rounds.
fn median(units: usize, mut step: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            (0..STEPS).for_each(|_| step());
            start.elapsed().as_secs_f64() * 1e9 / (STEPS * units) as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[ROUNDS / 2]
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count = 4000;
    let mut network = Silent::new()?;
    let modules = median(count, || {
        network.step(SilentInputs {});
    });
    let mut units = Units {
        excitatory: vec![1.0; count],
        inhibitory: vec![1.0; count],
        potential: vec![-5.0; count],
        steps: vec![100; count],
        fired: vec![false; count],
    };
    let fused = median(count, || {
        units.step(std::hint::black_box([0.98, 0.99, 0.995]), [1.0, 1.0], 0.0005);
        std::hint::black_box(&mut units.fired);
    });
    let line = json!({
        "bench": "fused",
        "n_neurons": count,
        "ns_per_unit_and_step_modules": modules,
        "ns_per_unit_and_step_one_loop": fused,
    });
    println!("{line}");
    Ok(())
}
