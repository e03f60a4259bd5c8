// The wire before a fan-in lacks its `;`.

use spark::prelude::*;

network! {
    pub neuron Pool(a: SpikeArray, b: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        synapses.currents -> soma.current
        (a, b)            -> synapses.spikes;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
