// The field is `threshold`.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { treshold: -45mV };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
