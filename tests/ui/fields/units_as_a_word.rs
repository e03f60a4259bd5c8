// Units are sizes.

use spark::prelude::*;

network! {
    pub brain Ab(spikes: SpikeArray[8]) -> (out: SpikeArray) {
        pool = LIFNeuron { units: "many" };

        spikes          -> pool.in_spikes;
        pool.out_spikes -> out;
    }
}

fn main() {}
