// The output is declared as numbers, the soma gives spikes.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (rate: FloatArray) {
        soma = LeakySoma;

        current     -> soma.current;
        soma.spikes -> rate;
    }
}

fn main() {}
