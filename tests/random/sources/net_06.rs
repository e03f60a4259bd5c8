//! The model of `random network 6`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net06(
        current: CurrentArray[1], in_spikes: SpikeArray[2, 2], signal: FloatArray[1],
    ) -> (out_0: SpikeArray, out_1: SpikeArray, out_2: SpikeArray) {
        dt = 0.25ms;
        seed = 1441858857;
        compat = Standard;

        n0            = ExponentialSoma { seed: 1510367449, threshold: -33.75mV, spike_slope: 1.5mV };
        n1            = SpikeListSource {
            units: [1, 3], times: [17.5ms, 31.75ms, 31.75ms, 5.25ms], indices: [1, 2, 1, 2], period: 45ms,
        };
        n2_synapses   = RFSTracedSynapses {
            scale_rise: 1.25, units: [2],
            kernel: NormalizedSparseUniformInitializer { scale: 700.0, density: 0.75 },
        };
        n2_soma       = AdaptiveExponentialSoma {
            potential_reset: ArrayValue::vector([-51.796875, -61.7578125]).of_type(Dtype::Float16),
            potential_tau: ArrayValue::vector([5.2734375, 6.0546875]).of_type(Dtype::Float16),
            resistance: 0.5625GOhm, threshold: -15mV,
            rheobase_threshold: UniformInitializer { scale: -62.5, max_value: -46.875 }, adaptation_delta: 5.25pA,
            adaptation_subthreshold: 0.5625nS,
        };
        n2_rule       = RewardSTDPRule { pre_tau: 10ms, post_tau: 10ms, a_minus: 0.075 };
        n5            = PhaseEncoder { spread: 0.5625 };
        n6            = LIFNeuron { units: [1, 3], inhibitory_rate: 0.3, seed: 1577366695 };
        last_delays   = N2NDelays {
            seed: 2142094538, units: [5],
            delays: ArrayValue::from([[7.0], [6.0], [5.0], [4.0], [3.0]]).of_type(Dtype::Int32),
        };
        last_synapses = ShortTermSynapses { units: [5], kernel: ConstantInitializer { scale: 1500.0 } };
        last_noise    = PoissonBackground;
        last_sum      = CurrentSum { units: [5] };
        last_soma     = AdaptiveExponentialSoma {
            potential_rest: -52.5mV, resistance: UniformInitializer { scale: 0.625, min_value: 0.46875 },
            threshold: [-18.28125mV, -21.796875mV, -19.6875mV, -19.6875mV, -18.28125mV],
            spike_slope: UniformInitializer { scale: 2.25, min_value: 1.6875 },
            adaptation_tau: ArrayValue::vector([117.1875, 101.5625, 101.5625, 109.375, 117.1875]).of_type(Dtype::Float16),
            adaptation_subthreshold: 0.5625nS,
        };
        last_rule     = ThreeFactorHebbianRule;

        current                                       -> n0.current;
        signal                                        -> n2_rule.reward, n5.signal, last_rule.reward;
        (n0.spikes, n1.spikes, in_spikes)             -> n2_synapses.spikes, n2_rule.pre_spikes;
        n2_synapses.currents                          -> n2_soma.current;
        n2_soma.spikes                                -> n2_rule.post_spikes, out_0;
        (n1.spikes, n5.spikes)                        -> n6.in_spikes;
        n0.spikes                                     -> last_delays.in_spikes;
        last_delays.out_spikes                        -> last_synapses.spikes, last_rule.pre_spikes, out_1;
        last_synapses.currents                        -> last_noise.current;
        (last_synapses.currents, last_noise.currents) -> last_sum.inputs;
        last_sum.currents                             -> last_soma.current;
        last_soma.spikes                              -> last_rule.post_spikes, out_2;
        n2_synapses.kernel()                         <-> n2_rule.kernel;
        last_synapses.kernel()                       <-> last_rule.kernel;
    }
}
