// The soma only reads its current: `->`.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        in_spikes         -> synapses.spikes;
        synapses.kernel() <-> soma.current;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
