// `LeakySoma` has the property `potential`.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray, potential: PotentialArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma;

        in_spikes         -> synapses.spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
        soma.potental()   -> potential;
    }
}

fn main() {}
