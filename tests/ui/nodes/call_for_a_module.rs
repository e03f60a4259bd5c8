// A node is given by its type, not by a call.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma::new();

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
