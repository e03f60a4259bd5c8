// The wire says `som`, the node is `soma`.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        in_spikes         -> synapses.spikes;
        synapses.currents -> som.current;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
