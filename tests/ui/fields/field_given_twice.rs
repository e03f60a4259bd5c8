// The threshold is given twice.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { threshold: -45mV, potential_tau: 10ms, threshold: -40mV };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
