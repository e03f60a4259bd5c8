// The resolution is a count.

use spark::prelude::*;

network! {
    pub brain Ab(signal: FloatArray[2]) -> (spikes: SpikeArray) {
        spiker = TopologicalLinearSpiker { resolution: 64ms };

        signal        -> spiker.signal;
        spiker.spikes -> spikes;
    }
}

fn main() {}
