// The head is wrong, the rest of the program knows the name.

use spark::prelude::*;

network! {
    pub brian Ab(signal: FloatArray[2]) -> (spikes: SpikeArray) {
        spiker = TopologicalLinearSpiker;

        signal        -> spiker.signal;
        spiker.spikes -> spikes;
    }
}

fn main() -> Result<(), BuildError> {
    let mut brain = Ab::new()?;
    let signal = FloatArray::from([0.1, 0.2]);
    brain.step(AbInputs { signal: &signal });
    Ok(())
}
