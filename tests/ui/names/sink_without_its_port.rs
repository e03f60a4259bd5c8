// A wire ends at a port, not at a node.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        in_spikes         -> synapses.spikes;
        synapses.currents -> soma;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
