//! One population of plastic neurons with Poisson inputs, each pair with a delay of its own. Everything but the scale of the
//! kernel, so that the pool fires, is the default of the library.

use spark::prelude::*;

/// Number of inputs.
pub const INPUTS: usize = 1024;

network! {
    /// Leaky integrate-and-fire neurons, linear synapses.
    pub brain Lif(signal: FloatArray[1024]) -> (spikes: SpikeArray) {
        dt = 1ms;
        spiker = PoissonSpiker { max_freq: 20Hz };
        pool   = LIFNeuron {
            units: [256], inhibitory_rate: 0.2,
            synapses.kernel: SparseUniformInitializer { scale: 150.0 },
        };
        signal          -> spiker.signal;
        spiker.spikes   -> pool.in_spikes;
        pool.out_spikes -> spikes;
    }
}

network! {
    /// Neurons with adaptive thresholds, synapses whose currents decay.
    pub brain Alif(signal: FloatArray[1024]) -> (spikes: SpikeArray) {
        dt = 1ms;
        spiker = PoissonSpiker { max_freq: 20Hz };
        pool   = ALIFNeuron {
            units: [256], inhibitory_rate: 0.2,
            synapses.kernel: SparseUniformInitializer { scale: 50.0 },
        };
        signal          -> spiker.signal;
        spiker.spikes   -> pool.in_spikes;
        pool.out_spikes -> spikes;
    }
}
