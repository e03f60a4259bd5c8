// A rule needs what it learns from, and what it changes: one error names all.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;
        rule     = HebbianRule;

        in_spikes         -> synapses.spikes, rule.pre_spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
