// A port carries arrays, not single numbers.

use spark::prelude::*;

network! {
    pub neuron Pool(current: f32) -> (out_spikes: SpikeArray) {
        soma = LeakySoma;

        current     -> soma.current;
        soma.spikes -> out_spikes;
    }
}

fn main() {}
