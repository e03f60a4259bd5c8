// One mistake in each of two networks.

use spark::prelude::*;

network! {
    pub neuron First(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma;

        current     -> soma.curent;
        soma.spikes -> spikes;
    }

    pub neuron Second(current: CurrentArray) -> (spikes: SpikeArray) {
        soma = LeakySoma;

        current   -> soma.current;
        som.spikes -> spikes;
    }
}

fn main() {}
