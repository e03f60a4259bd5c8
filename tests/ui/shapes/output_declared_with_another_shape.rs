// The integrator gives three numbers, the brain declares two.

use spark::prelude::*;

network! {
    pub brain Ab(spikes: SpikeArray[8]) -> (action: FloatArray[2]) {
        readout = ExponentialIntegrator { num_outputs: 3 };

        spikes         -> readout.spikes;
        readout.signal -> action;
    }
}

fn main() {}
