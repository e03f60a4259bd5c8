// What the arithmetic gives is checked.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { potential_tau: 2.0 * (10ms - 15ms) };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
