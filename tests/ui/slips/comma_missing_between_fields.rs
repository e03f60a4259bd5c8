// Fields are separated by commas.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { threshold: -45mV potential_tau: 20ms };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
