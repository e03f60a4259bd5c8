// `mz` is no unit.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { potential_tau: 20mz };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
