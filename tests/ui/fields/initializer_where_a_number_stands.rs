// An initializer draws arrays; a time has none to draw.

use spark::prelude::*;

network! {
    pub brain Ab(signal: FloatArray[2]) -> (spikes: SpikeArray) {
        spiker = TopologicalLinearSpiker { tau: UniformInitializer { scale: 2.0 } };

        signal        -> spiker.signal;
        spiker.spikes -> spikes;
    }
}

fn main() {}
