// Two rules update the same kernel.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;
        first    = HebbianRule;
        second   = HebbianRule;

        in_spikes         -> synapses.spikes, first.pre_spikes, second.pre_spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes, first.post_spikes, second.post_spikes;
        synapses.kernel() <-> first.kernel;
        synapses.kernel() <-> second.kernel;
    }
}

fn main() {}
