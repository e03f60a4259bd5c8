// Wires run from left to right.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma;

        soma.current <- current;
        soma.spikes  -> spikes;
    }
}

fn main() {}
