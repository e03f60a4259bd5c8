// Nodes are declared with `=`.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma: LeakySoma;

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
