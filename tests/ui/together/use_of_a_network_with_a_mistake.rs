// The rest of the program sees the network: no second error.

use spark::prelude::*;

network! {
    pub brain Ab(signal: FloatArray[2]) -> (spikes: SpikeArray) {
        spiker = TopologicalLinearSpiker { tua: 20ms };

        signal        -> spiker.signal;
        spiker.spikes -> spikes;
    }
}

fn main() -> Result<(), BuildError> {
    let mut brain = Ab::new()?;
    let signal = FloatArray::from([0.1, 0.2]);
    let out: &SpikeArray = &brain.step(AbInputs { signal: &signal }).spikes;
    let _ = out;
    Ok(())
}
