//! The model of `random network 22`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Net22(
        in_spikes: SpikeArray[4], signal: FloatArray[1],
    ) -> (out_0: SpikeArray, out_1: SpikeArray) {
        dt = 0.25ms;
        seed = 3840640613;
        units = [1, 3];
        inhibitory_rate = 0.3;
        compat = SparkSnn1;

        read_in_spikes = ExponentialIntegrator { num_outputs: 2 };
        read_signal    = PhaseEncoder { spread: 0.5625 };
        last_synapses  = ShortTermSynapses {
            release: 0.25, tau: 3.75ms,
            kernel: NormalizedSparseUniformInitializer { scale: 300.0, density: 0.75 },
        };
        last_soma      = RefractoryExponentialSoma {
            potential_rest: UniformInitializer { scale: -70.0, max_value: -52.5 }, potential_tau: 5.625ms,
            threshold: -15mV, spike_slope: UniformInitializer { scale: 2.5, min_value: 1.875 },
            cooldown: [[1.96875ms, 2.109375ms, 1.7578125ms]],
        };
        last_rule      = PairSTDPRule { post_tau: 15ms };

        in_spikes                       -> read_in_spikes.spikes;
        signal                          -> read_signal.signal;
        (read_signal.spikes, in_spikes) -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents          -> last_soma.current;
        self.inhibition_mask()          -> last_soma.inhibition_mask;
        last_soma.spikes                -> last_rule.post_spikes, out_1;
        read_signal.spikes              -> out_0;
        last_synapses.kernel()         <-> last_rule.kernel;
    }
}
