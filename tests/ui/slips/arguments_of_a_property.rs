// A property takes no arguments.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray, potential: PotentialArray) {
        soma = LeakySoma;

        current           -> soma.current;
        soma.spikes       -> spikes;
        soma.potential(0) -> potential;
    }
}

fn main() {}
