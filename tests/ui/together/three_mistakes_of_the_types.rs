// A port, a range, a payload.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray, rate: FloatArray) {
        synapses = LinearSynapses;
        soma     = LeakySoma { potential_tau: -1ms };

        in_spikes         -> synapses.spikes;
        synapses.currents -> soma.curent;
        soma.spikes       -> out_spikes, rate;
    }
}

fn main() {}
