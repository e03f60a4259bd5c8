// A neuron has the shape of its units, whatever goes in.

use spark::prelude::*;

network! {
    pub brain Ab(signal: FloatArray[1]) -> (spikes: SpikeArray[64]) {
        spiker = TopologicalLinearSpiker { resolution: 16 };
        a      = LIFNeuron { units: [64] };
        b      = LIFNeuron { units: [32] };

        signal                                      -> spiker.signal;
        (spiker.spikes, b.out_spikes)               -> a.in_spikes;
        (spiker.spikes, a.out_spikes, b.out_spikes) -> b.in_spikes;
        b.out_spikes                                -> spikes;
    }
}

fn main() {}
