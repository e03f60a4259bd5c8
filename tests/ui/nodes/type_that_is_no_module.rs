// A text is no module.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma;
        list = String;

        current     -> soma.current, list.items;
        soma.spikes -> spikes;
    }
}

fn main() {}
