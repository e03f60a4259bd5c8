// Wires run from source to sink.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        in_spikes    -> synapses.spikes;
        soma.current -> synapses.currents;
        soma.spikes  -> out_spikes;
    }
}

fn main() {}
