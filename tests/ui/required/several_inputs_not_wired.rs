// A rule needs what it learns from: one error names all that is missing.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;
        rule     = HebbianRule;

        in_spikes         -> synapses.spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
        synapses.kernel() <-> rule.kernel;
    }
}

fn main() {}
