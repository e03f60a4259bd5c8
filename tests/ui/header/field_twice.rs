// The seed is given twice.

use spark::prelude::*;

network! {
    pub brain Ab(signal: FloatArray[2]) -> (spikes: SpikeArray) {
        seed = 1;
        seed = 2;

        spiker = TopologicalLinearSpiker;

        signal        -> spiker.signal;
        spiker.spikes -> spikes;
    }
}

fn main() {}
