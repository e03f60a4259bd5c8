// Inhibition is a property of neurons; a brain has no mask.

use spark::prelude::*;

network! {
    pub brain Ab(current: CurrentArray[4]) -> (spikes: SpikeArray) {
        soma = LeakySoma;

        current                -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> spikes;
    }
}

fn main() {}
