// Fields are given with `:`.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { threshold = -45mV };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
