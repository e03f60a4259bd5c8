// Several sinks stand without parentheses.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (a: SpikeArray, b: SpikeArray) {
        soma = LeakySoma;

        current     -> soma.current;
        soma.spikes -> (a, b);
    }
}

fn main() {}
