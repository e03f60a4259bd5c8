// An input says what it carries.

use spark::prelude::*;

network! {
    pub neuron Pool(current) -> (spikes: SpikeArray) {
        soma = LeakySoma;

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
