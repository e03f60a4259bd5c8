// A text is no time constant.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { potential_tau: "20 ms" };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
