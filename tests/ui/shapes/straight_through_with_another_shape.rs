// An input handed on keeps its shape.

use spark::prelude::*;

network! {
    pub brain Ab(signal: FloatArray[4], spikes: SpikeArray[8]) -> (copy: FloatArray[3], out: SpikeArray) {
        pool = LIFNeuron { units: [8] };

        signal          -> copy;
        spikes          -> pool.in_spikes;
        pool.out_spikes -> out;
    }
}

fn main() {}
