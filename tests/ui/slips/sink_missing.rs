// The wire leads nowhere.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma;

        current     -> soma.current;
        soma.spikes -> ;
    }
}

fn main() {}
