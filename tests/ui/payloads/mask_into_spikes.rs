// The inhibition mask is no spike array.

use spark::prelude::*;

network! {
    pub neuron Pool() -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        self.inhibition_mask() -> synapses.spikes;
        synapses.currents      -> soma.current;
        soma.spikes            -> out_spikes;
    }
}

fn main() {}
