// The constant is read: 2 signals at 16 levels are no [2, 32].

use spark::prelude::*;

const LEVELS: usize = 16;
const SIGNALS: usize = 2;

network! {
    pub brain Ab(signal: FloatArray[SIGNALS]) -> (spikes: SpikeArray[2, 32]) {
        spiker = TopologicalLinearSpiker { resolution: LEVELS };

        signal        -> spiker.signal;
        spiker.spikes -> spikes;
    }
}

fn main() {}
