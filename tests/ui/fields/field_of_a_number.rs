// A time constant has no fields.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { potential_tau.mean: 20ms };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
