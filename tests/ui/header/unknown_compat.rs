// There are two modes.

use spark::prelude::*;

network! {
    pub brain Ab(signal: FloatArray[2]) -> (spikes: SpikeArray) {
        compat = SparkSnn2;

        spiker = TopologicalLinearSpiker;

        signal        -> spiker.signal;
        spiker.spikes -> spikes;
    }
}

fn main() {}
