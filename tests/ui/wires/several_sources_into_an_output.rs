// An output of the network has one source.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        left  = LeakySoma;
        right = LeakySoma;

        current                     -> left.current, right.current;
        (left.spikes, right.spikes) -> spikes;
    }
}

fn main() {}
