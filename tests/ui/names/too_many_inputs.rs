// A network of 13 inputs.

use spark::prelude::*;

network! {
    brain Joints(
        j0: FloatArray[1],
        j1: FloatArray[1],
        j2: FloatArray[1],
        j3: FloatArray[1],
        j4: FloatArray[1],
        j5: FloatArray[1],
        j6: FloatArray[1],
        j7: FloatArray[1],
        j8: FloatArray[1],
        j9: FloatArray[1],
        j10: FloatArray[1],
        j11: FloatArray[1],
        j12: FloatArray[1],
    ) -> (action: FloatArray[1]) {
        spiker  = TopologicalLinearSpiker;
        readout = ExponentialIntegrator { num_outputs: 1 };

        (j0, j1, j2, j3, j4, j5, j6, j7, j8, j9, j10, j11, j12) -> spiker.signal;
        spiker.spikes  -> readout.spikes;
        readout.signal -> action;
    }
}

fn main() {}
