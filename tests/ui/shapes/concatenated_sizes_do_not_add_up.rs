// 4 + 3 is not 8.

use spark::prelude::*;

network! {
    pub brain Ab(current: CurrentArray[8], a: BooleanMask[4], b: BooleanMask[3]) -> (spikes: SpikeArray) {
        soma = LeakySoma;

        current     -> soma.current;
        (a, b)      -> soma.inhibition_mask;
        soma.spikes -> spikes;
    }
}

fn main() {}
