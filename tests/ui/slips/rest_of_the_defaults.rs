// Defaults are taken without `..`.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma { threshold: -45mV, ..Default::default() };

        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

fn main() {}
