// Time constants are positive.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { potential_tau: -20ms };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
