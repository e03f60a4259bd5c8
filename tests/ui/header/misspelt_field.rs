// The header field is `seed`.

use spark::prelude::*;

network! {
    pub brain Ab(signal: FloatArray[2]) -> (spikes: SpikeArray) {
        sed = 42;

        spiker = TopologicalLinearSpiker;

        signal        -> spiker.signal;
        spiker.spikes -> spikes;
    }
}

fn main() {}
