// The soma of the neuron has the field `threshold`.

use spark::prelude::*;

network! {
    pub brain Ab(spikes: SpikeArray[8]) -> (out: SpikeArray) {
        pool = LIFNeuron { units: [8], soma.treshold: -45mV };

        spikes          -> pool.in_spikes;
        pool.out_spikes -> out;
    }
}

fn main() {}
