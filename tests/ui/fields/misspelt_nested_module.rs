// The neuron has a node `soma`, not `some`.

use spark::prelude::*;

network! {
    pub brain Ab(spikes: SpikeArray[8]) -> (out: SpikeArray) {
        pool = LIFNeuron { units: [8], some.threshold: -45mV };

        spikes          -> pool.in_spikes;
        pool.out_spikes -> out;
    }
}

fn main() {}
