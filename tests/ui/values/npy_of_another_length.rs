// The file ends before its last number.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses { kernel: npy!("npy_of_another_length.npy") };
        soma     = LeakySoma;

        in_spikes         -> synapses.spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
