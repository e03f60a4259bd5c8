// The integrator must know how many numbers to give.

use spark::prelude::*;

network! {
    pub brain Ab(spikes: SpikeArray[8]) -> (action: FloatArray[2]) {
        readout = ExponentialIntegrator;

        spikes         -> readout.spikes;
        readout.signal -> action;
    }
}

fn main() {}
