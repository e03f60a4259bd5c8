// The parser goes on: what the types say is told too.

use spark::prelude::*;

network! {
    pub brain Ab(spikes: SpikeArray[8]) -> (action: FloatArray[2]) {
        dt = 1mz;

        readout = ExponentialIntegrator;

        spikes         => readout.spikes;
        readout.signal -> action;
    }
}

fn main() {}
