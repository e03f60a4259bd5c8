// Several sources stand in parentheses.

use spark::prelude::*;

network! {
    pub neuron Pool(a: SpikeArray, b: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        a, b              -> synapses.spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
