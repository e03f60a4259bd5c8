// The node is a module; its configuration is not named.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySomaConfig { threshold: -45mV };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
