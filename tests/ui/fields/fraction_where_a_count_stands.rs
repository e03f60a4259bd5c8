// The resolution is a whole number.

use spark::prelude::*;

network! {
    pub brain Ab(signal: FloatArray[2]) -> (spikes: SpikeArray) {
        spiker = TopologicalLinearSpiker { resolution: 64.5 };

        signal        -> spiker.signal;
        spiker.spikes -> spikes;
    }
}

fn main() {}
