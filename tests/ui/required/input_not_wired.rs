// Nothing is wired into the soma's current.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (currents: CurrentArray, out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        in_spikes         -> synapses.spikes;
        synapses.currents -> currents;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
