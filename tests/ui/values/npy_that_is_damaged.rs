// The file does not begin as a NumPy file does.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses { kernel: npy!("npy_that_is_damaged.npy") };
        soma     = LeakySoma;

        in_spikes         -> synapses.spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
