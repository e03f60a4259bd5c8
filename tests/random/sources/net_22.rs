//! The model of `random network 22`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Net22(
        in_spikes: SpikeArray[4], signal: FloatArray[1],
    ) -> (out_0: CurrentArray, out_1: SpikeArray) {
        dt = 0.5ms;
        seed = 2721209034;
        units = [1, 3];
        inhibitory_rate = 0.0;
        compat = SparkSnn1;

        read_in_spikes = ExponentialIntegrator { num_outputs: 2 };
        read_signal    = PhaseEncoder { spread: 0.5625 };
        last_synapses  = RDTracedSynapses {
            seed: 3926697030, kernel: PairwiseBernoulliInitializer { probability: 0.5, weight: 700.0 },
        };
        last_soma      = AdaptiveCurrentLeakySoma {
            seed: 3931304793, potential_rest: -30mV, potential_tau: 15ms, threshold: -45mV,
            adaptation_delta: [[4.921875pA, 4.59375pA, 4.265625pA]], adaptation_subthreshold: 0.25nS,
        };

        in_spikes                       -> read_in_spikes.spikes;
        signal                          -> read_signal.signal;
        (read_signal.spikes, in_spikes) -> last_synapses.spikes;
        last_synapses.currents          -> last_soma.current, out_0;
        last_soma.spikes                -> out_1;
    }
}
