// Fan-in is one wire with several sources.

use spark::prelude::*;

network! {
    pub neuron Pool(a: SpikeArray, b: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        a                 -> synapses.spikes;
        b                 -> synapses.spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
