// The field has no value.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { threshold: , potential_tau: 20ms };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
