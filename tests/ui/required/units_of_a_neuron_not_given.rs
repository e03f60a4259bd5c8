// In a brain, every neuron needs its units.

use spark::prelude::*;

network! {
    pub brain Ab(spikes: SpikeArray[8]) -> (out: SpikeArray) {
        pool = LIFNeuron;

        spikes          -> pool.in_spikes;
        pool.out_spikes -> out;
    }
}

fn main() {}
