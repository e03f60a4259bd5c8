//! The model of `goldens/models/brain_feedforward/model.scfg`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain BrainFeedforward(signal: FloatArray[12]) -> (pool_spikes: SpikeArray, action: FloatArray) {
        dt = 1ms;
        seed = 93352404;
        compat = SparkSnn1;

        spiker  = PoissonSpiker { seed: 3062883399, max_freq: 250Hz };
        pool    = LIFNeuron {
            units: [16], inhibitory_rate: 0.25, seed: 2669238367,
            delays.seed: 3698425954,
            synapses.seed: 1715241613, synapses.kernel: SparseUniformInitializer { scale: 420.0, density: 0.5 },
            soma.seed: 1971831065,
            hebbian_rule.seed: 4069515639,
        };
        readout = ExponentialIntegrator { seed: 2619714919, num_outputs: 3, tau: 20ms, smooth_trace: false };

        signal          -> spiker.signal;
        spiker.spikes   -> pool.in_spikes;
        pool.out_spikes -> readout.spikes, pool_spikes;
        readout.signal  -> action;
    }
}
