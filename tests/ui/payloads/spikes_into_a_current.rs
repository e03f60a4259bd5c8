// A soma takes currents, not spikes.

use spark::prelude::*;

network! {
    pub neuron Pool(current: CurrentArray) -> (out_spikes: SpikeArray) {
        first  = LeakySoma;
        second = LeakySoma;

        current       -> first.current;
        first.spikes  -> second.current;
        second.spikes -> out_spikes;
    }
}

fn main() {}
