// A neuron's own property is its inhibition mask.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        in_spikes         -> synapses.spikes;
        synapses.currents -> soma.current;
        self.mask()       -> soma.inhibition_mask;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
