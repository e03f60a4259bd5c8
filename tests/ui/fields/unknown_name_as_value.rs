// No such constant: the compiler's own words.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { potential_tau: TAU };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
