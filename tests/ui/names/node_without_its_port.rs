// A wire begins at a port, not at a node.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        in_spikes   -> synapses.spikes;
        synapses    -> soma.current;
        soma.spikes -> out_spikes;
    }
}

fn main() {}
