// A size must be known while compiling.

use spark::prelude::*;

fn size() -> usize {
    4
}

network! {
    pub brain Ab(signal: FloatArray[size()]) -> (spikes: SpikeArray) {
        spiker = TopologicalLinearSpiker;

        signal        -> spiker.signal;
        spiker.spikes -> spikes;
    }
}

fn main() {}
