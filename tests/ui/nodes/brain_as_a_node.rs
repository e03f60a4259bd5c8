// A brain stands alone.

use spark::prelude::*;

network! {
    pub brain Inner(signal: FloatArray[2]) -> (spikes: SpikeArray) {
        spiker = TopologicalLinearSpiker;

        signal        -> spiker.signal;
        spiker.spikes -> spikes;
    }
}

network! {
    pub brain Outer(signal: FloatArray[2]) -> (spikes: SpikeArray) {
        inner = Inner;

        signal       -> inner.signal;
        inner.spikes -> spikes;
    }
}

fn main() {}
