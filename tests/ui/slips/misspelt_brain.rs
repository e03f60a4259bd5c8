// The word is `brain`.

use spark::prelude::*;

network! {
    pub brian Ab(signal: FloatArray[2]) -> (spikes: SpikeArray) {
        spiker = TopologicalLinearSpiker;

        signal        -> spiker.signal;
        spiker.spikes -> spikes;
    }
}

fn main() {}
