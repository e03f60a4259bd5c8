// A time constant in millivolt.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { potential_tau: 20mV };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
