// Only configurations and initializers are written in braces.

use spark::prelude::*;

struct Pair {
    _a: f64,
}

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { potential_tau: Pair { _a: 1.0 } };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
