// A soma takes a mask of the shape of its current.

use spark::prelude::*;

network! {
    pub brain Ab(current: CurrentArray[4], mask: BooleanMask[5]) -> (spikes: SpikeArray) {
        soma = LeakySoma;

        current     -> soma.current;
        mask        -> soma.inhibition_mask;
        soma.spikes -> spikes;
    }
}

fn main() {}
