//! The model of `random network 7`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net07(
        in_spikes: SpikeArray[4], current: CurrentArray[2],
    ) -> (out_0: CurrentArray, out_1: SpikeArray, out_2: FloatArray, out_3: SpikeArray, out_4: SpikeArray) {
        dt = 0.25ms;
        seed = 1967714550;
        compat = Standard;

        n0            = AdExNeuron { units: [2, 2], inhibitory_rate: 0.0 };
        n1            = SpikeListSource { units: [2], times: [27.25ms, 23.25ms], indices: [1, 0] };
        n2_synapses   = ConductanceSynapses {
            reversal_inhibitory: -90mV, units: [1, 3],
            kernel: NormalizedSparseUniformInitializer { scale: 5.0, density: 0.75 },
        };
        n2_soma       = SimplifiedAdaptiveExponentialSoma {
            potential_rest: [[-63.984375mV, -63.984375mV, -73.828125mV]], potential_reset: -63.75mV,
            potential_tau: 3.75ms, resistance: 0.625GOhm, rheobase_threshold: -25mV,
            spike_slope: UniformInitializer { scale: 2.0, min_value: 1.5 },
            threshold_tau: [[18.125ms, 17.5ms, 18.125ms]],
        };
        n2_rule       = PairSTDPRule { a_plus: 0.0125, a_minus: 0.0118125 };
        n5_synapses   = ExponentialCurrentSynapses {
            tau_excitatory: 2.5ms, units: [2, 2], kernel: ConstantInitializer { scale: 300.0 },
        };
        n5_soma       = IzhikevichSoma {
            potential_reset: ArrayValue::from([[-29.453125, -31.484375], [-31.484375, -24.375]]).of_type(Dtype::Float16),
            resistance: 0.07500000000000001GOhm, threshold: 15mV, recovery_timescale: 0.01,
            recovery_sensitivity: UniformInitializer {
                scale: 0.15000000000000002, min_value: 0.11250000000000002,
            },
            recovery_update: [[2.1796875, 2.1796875], [1.7578125, 1.6875]],
        };
        n5_rule       = PairSTDPRule { seed: 3148275411, w_max: 2000.0 };
        read_current  = RefractoryExponentialSoma {
            potential_rest: -78.75mV, threshold: -33.75mV, rheobase_threshold: -25mV, spike_slope: 1.5mV,
        };
        last_delays   = ZeroDelay;
        last_synapses = LinearSynapses {
            units: [2, 2], kernel: NormalizedSparseUniformInitializer { scale: 1500.0, density: 0.75 },
        };
        last_soma     = AdaptiveCurrentLeakySoma {
            potential_rest: -30mV, resistance: 0.125GOhm, threshold: -30mV, adaptation_delta: 5.25pA,
        };
        last_rule     = PairSTDPRule { post_tau: 15ms, a_plus: 0.01125, w_max: 2000.0 };

        current                                       -> read_current.current;
        (in_spikes, last_soma.spikes)                 -> n0.in_spikes;
        last_soma.spikes                              -> n2_synapses.spikes, n2_rule.pre_spikes;
        last_soma.spikes                              -> last_rule.post_spikes;
        last_soma.spikes                              -> out_4;
        n2_soma.potential()                           -> n2_synapses.potential;
        n2_synapses.currents                          -> n2_soma.current;
        n2_soma.spikes                                -> n2_rule.post_spikes;
        n1.spikes                                     -> n5_synapses.spikes, n5_rule.pre_spikes;
        n5_synapses.currents                          -> n5_soma.current, out_0;
        n5_soma.spikes                                -> n5_rule.post_spikes, out_1;
        (n2_soma.spikes, last_soma.spikes, in_spikes) -> last_delays.in_spikes;
        last_delays.out_spikes                        -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                        -> last_soma.current;
        n5_synapses.kernel()                          -> out_2;
        read_current.spikes                           -> out_3;
        n2_synapses.kernel()                         <-> n2_rule.kernel;
        n5_synapses.kernel()                         <-> n5_rule.kernel;
        last_synapses.kernel()                       <-> last_rule.kernel;
    }
}
