// A share is a number from 0 to 1.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        inhibitory_rate = 20.0;

        soma = LeakySoma;

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
