// `LeakySoma` takes `current`.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        in_spikes         -> synapses.spikes;
        synapses.currents -> soma.curent;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
