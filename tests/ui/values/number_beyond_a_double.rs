// A number that no double can hold, with a unit.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (out_spikes: SpikeArray) {
        soma = LeakySoma { potential_tau: 1e400ms };

        current     -> soma.current;
        soma.spikes -> out_spikes;
    }
}

fn main() {}
