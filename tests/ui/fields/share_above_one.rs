// A density is a number from 0 to 1, in an initializer too.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses { kernel: SparseUniformInitializer { scale: 6.0, density: 1.5 } };
        soma     = LeakySoma;

        in_spikes         -> synapses.spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
    }
}

fn main() {}
