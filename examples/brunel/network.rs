//! Brunel's network.

#[path = "../standard/units.rs"]
mod units;

use spark::prelude::*;

use units::{delay, jump, numbers};

network! {
    /// Neurons that hear both populations, and noise.
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
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
    pub brain Brunel() -> (excitatory: SpikeArray, inhibitory: SpikeArray) {
        dt = 0.1ms;

        e = Pool { units: [2000], inhibitory_rate: 0.0 };
        i = Pool { units: [500], inhibitory_rate: 1.0 };

        (e.out_spikes, i.out_spikes) -> e.in_spikes, i.in_spikes;
        e.out_spikes                 -> excitatory;
        i.out_spikes                 -> inhibitory;
    }
}

/// The network of this order: its sizes, and weights such that all excitatory inputs of a neuron sum to 100 mV.
pub fn config(order: usize, dt: f64, seed: u32) -> BrunelConfig {
    let (excitatory, inhibitory) = (4 * order, order);
    let in_degree = [excitatory / 10, inhibitory / 10];
    let weight = 100.0 / in_degree[0] as f64;
    let kernel = FixedInDegreeInitializer {
        sources: vec![excitatory, inhibitory],
        degree: numbers(in_degree.map(|degree| degree as f64)),
        weight: numbers([jump(weight, dt), jump(5.0 * weight, dt)]),
        ..Default::default()
    };
    let mut config = BrunelConfig {
        seed: Some(seed.into()),
        dt: Some(Ms(dt)),
        ..Brunel::config()
    };
    for (pool, units) in [(&mut config.e, excitatory), (&mut config.i, inhibitory)] {
        pool.units = Shape::from(units);
        delay(&mut pool.delays, dt, 1);
        pool.synapses.kernel = kernel.clone().into_field();
        pool.background = PoissonBackgroundConfig {
            // Twice what brings the mean potential to the threshold of 20 mV: 0.02 / ms per 1 mV of weight.
            rate: Hz(2.0 * 20.0 / (weight * 20.0) * 1000.0),
            weight: PAmp(jump(weight, dt)),
            ..Default::default()
        };
    }
    config
}
