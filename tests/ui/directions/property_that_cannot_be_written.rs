// The potential of a soma can be read only.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;
        rule     = HebbianRule;

        in_spikes         -> synapses.spikes, rule.pre_spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes, rule.post_spikes;
        soma.potential() <-> rule.kernel;
    }
}

fn main() {}
