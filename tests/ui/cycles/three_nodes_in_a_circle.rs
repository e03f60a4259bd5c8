// In a neuron a value is used in the step it is made in.

use spark::prelude::*;

network! {
    pub neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        delays   = N2NDelays;
        synapses = LinearSynapses;
        soma     = LeakySoma;

        soma.spikes                    -> delays.in_spikes, out_spikes;
        (in_spikes, delays.out_spikes) -> synapses.spikes;
        synapses.currents              -> soma.current;
    }
}

fn main() {}
