// The constant is checked where it is used.

use spark::prelude::*;

const TAU: Ms = Ms(0.0);

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { potential_tau: TAU };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
