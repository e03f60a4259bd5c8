// A bare `spikes` on a wire could be the input or the node.

use spark::prelude::*;

network! {
    pub neuron Pool(spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        spikes = LinearSynapses;
        soma   = LeakySoma;

        spikes          -> spikes.spikes;
        spikes.currents -> soma.current;
        soma.spikes     -> out_spikes;
    }
}

fn main() {}
