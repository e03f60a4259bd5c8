// A network has inputs and outputs.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) {
        soma = LeakySoma;

        current -> soma.current;
    }
}

fn main() {}
