// The second of two sources carries something else.

use spark::prelude::*;

network! {
    pub neuron Pool(a: SpikeArray, b: FloatArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        (a, b)            -> synapses.spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
