// Only the output of a node can be written into a property.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray, weights: FloatArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        in_spikes         -> synapses.spikes;
        weights           -> synapses.kernel();
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
