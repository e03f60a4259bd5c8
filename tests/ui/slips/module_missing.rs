// The node has no module.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = ;

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
