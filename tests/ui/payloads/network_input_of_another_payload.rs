// The input is declared as numbers, the synapses take spikes.

use spark::prelude::*;

network! {
    pub neuron Pool(signal: FloatArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        signal            -> synapses.spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
