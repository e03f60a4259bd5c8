// A time constant in hertz, into a field that takes no array.

use spark::prelude::*;

network! {
    pub brain Ab(signal: FloatArray[2]) -> (spikes: SpikeArray) {
        spiker = TopologicalLinearSpiker { tau: 20Hz };

        signal        -> spiker.signal;
        spiker.spikes -> spikes;
    }
}

fn main() {}
