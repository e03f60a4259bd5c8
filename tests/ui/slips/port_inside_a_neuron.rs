// The soma inside a neuron is not reached from outside.

use spark::prelude::*;

network! {
    pub brain Ab(spikes: SpikeArray[8]) -> (out: SpikeArray) {
        pool = LIFNeuron { units: [8] };

        spikes           -> pool.in_spikes;
        pool.soma.spikes -> out;
    }
}

fn main() {}
