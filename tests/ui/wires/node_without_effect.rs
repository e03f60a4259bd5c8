// Nothing of `spare` reaches an output: a warning, here made an error.
#![deny(deprecated)]

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;
        spare    = LeakySoma;

        in_spikes         -> synapses.spikes;
        synapses.currents -> soma.current, spare.current;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
