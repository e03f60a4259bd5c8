// The rule updates its kernel: `<->`.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;
        rule     = HebbianRule;

        in_spikes         -> synapses.spikes, rule.pre_spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes, rule.post_spikes;
        synapses.kernel() -> rule.kernel;
    }
}

fn main() {}
