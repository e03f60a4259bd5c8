//! The model of `random network 7`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net07(
        in_spikes: SpikeArray[4], current: CurrentArray[2],
    ) -> (out_0: SpikeArray, out_1: SpikeArray) {
        dt = 0.25ms;
        seed = 933504429;
        compat = Standard;

        n0            = AdExNeuron { units: [2, 2], inhibitory_rate: 0.0 };
        n1            = SpikeListSource { units: [2], times: [27.25ms, 23.25ms], indices: [1, 0] };
        n2_synapses   = ShortTermSynapses {
            tau_rec: 1000ms, units: [1, 3],
            kernel: NormalizedSparseUniformInitializer { scale: 1500.0, density: 0.75 },
        };
        n2_soma       = SimplifiedAdaptiveExponentialSoma {
            potential_rest: [[-63.984375mV, -63.984375mV, -73.828125mV]], potential_reset: -63.75mV,
            potential_tau: 3.75ms, resistance: 0.625GOhm, rheobase_threshold: -25mV,
            spike_slope: UniformInitializer { scale: 2.0, min_value: 1.5 },
            threshold_tau: [[18.125ms, 17.5ms, 18.125ms]],
        };
        n2_rule       = PairSTDPRule { post_tau: 15ms };
        n5            = ExponentialIntegrator {
            saturation_freq: 56.25Hz, tau: 2.5ms, num_outputs: 1, smooth_trace: false,
        };
        read_current  = LeakySoma;
        last_delays   = NDelays {
            delays: ArrayValue::vector([6.0, 6.0, 2.0, 7.0, 7.0, 1.0]).of_type(Dtype::Int32),
        };
        last_synapses = TracedSynapses {
            tau: 6.25ms, units: [2, 2], kernel: SparseUniformInitializer { scale: 1500.0, density: 0.5 },
        };
        last_soma     = SimplifiedAdaptiveExponentialSoma {
            seed: 3292694423, potential_rest: -87.5mV,
            potential_reset: UniformInitializer { scale: -25.5, max_value: -19.125 }, resistance: 0.5625GOhm,
            threshold: [[-11.71875mV, -11.25mV], [-13.59375mV, -12.65625mV]], rheobase_threshold: -56.25mV,
            spike_slope: UniformInitializer { scale: 1.5, min_value: 1.125 }, cooldown: 2.5ms,
            threshold_delta: 50mV,
        };
        last_rule     = QuadrupletRuleTensor { eta: 0.05 };

        current                               -> read_current.current;
        (in_spikes, last_soma.spikes)         -> n0.in_spikes;
        last_soma.spikes                      -> n2_synapses.spikes, n2_rule.pre_spikes, last_rule.post_spikes;
        last_soma.spikes                      -> out_1;
        n2_synapses.currents                  -> n2_soma.current;
        n2_soma.spikes                        -> n2_rule.post_spikes;
        (n1.spikes, n0.out_spikes, in_spikes) -> n5.spikes;
        (last_soma.spikes, n1.spikes)         -> last_delays.in_spikes;
        last_delays.out_spikes                -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                -> last_soma.current;
        n5.signal                             -> last_rule.modulation;
        n1.spikes                             -> out_0;
        n2_synapses.kernel()                 <-> n2_rule.kernel;
        last_synapses.kernel()               <-> last_rule.kernel;
    }
}
