// Two wires lead to one output of the network.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
        left  = LeakySoma;
        right = LeakySoma;

        current      -> left.current, right.current;
        left.spikes  -> spikes;
        right.spikes -> spikes;
    }
}

fn main() {}
