//! The model of `random network 12`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net12(
        in_spikes: SpikeArray[4], signal: FloatArray[1],
    ) -> (out_0: FloatArray, out_1: SpikeArray, out_2: SpikeArray, out_3: SpikeArray) {
        dt = 0.25ms;
        seed = 3826639566;
        compat = SparkSnn1;

        n0_delays     = N2NDelays { seed: 839949639, units: [3] };
        n0_synapses   = TracedSynapses {
            units: [3], kernel: NormalizedSparseUniformInitializer { scale: 700.0, density: 0.75 },
        };
        n0_soma       = RefractoryExponentialSoma {
            potential_rest: -52.5mV, potential_tau: 3.75ms, resistance: 0.375GOhm,
            spike_slope: UniformInitializer { scale: 2.0, min_value: 1.5 },
            cooldown: [0.96875ms, 0.90625ms, 0.84375ms],
        };
        n0_rule       = ThreeFactorHebbianRule { seed: 2954280774 };
        n4            = RateEncoder;
        n5            = RatePoissonSource { units: [2, 2], rate: 60Hz };
        n6_delays     = N2NDelays {
            units: [5],
            delays: ArrayValue::from([[3.0, 7.0, 4.0, 0.0, 0.0, 5.0, 5.0, 2.0, 5.0, 3.0, 6.0, 0.0, 1.0, 4.0, 5.0, 6.0, 4.0], [6.0, 5.0, 5.0, 3.0, 7.0, 1.0, 5.0, 7.0, 1.0, 7.0, 7.0, 7.0, 6.0, 2.0, 6.0, 5.0, 2.0], [1.0, 7.0, 0.0, 4.0, 4.0, 6.0, 2.0, 3.0, 4.0, 4.0, 5.0, 6.0, 6.0, 5.0, 2.0, 4.0, 1.0], [5.0, 1.0, 2.0, 5.0, 0.0, 3.0, 2.0, 4.0, 0.0, 6.0, 1.0, 0.0, 7.0, 2.0, 5.0, 6.0, 3.0], [0.0, 2.0, 5.0, 5.0, 4.0, 3.0, 5.0, 7.0, 4.0, 1.0, 7.0, 0.0, 6.0, 0.0, 2.0, 6.0, 6.0]]).of_type(Dtype::Int32),
        };
        n6_synapses   = ShortTermSynapses {
            tau_rec: 900ms, tau: 3.375ms, units: [5],
            kernel: UniformInitializer { scale: 1500.0, min_value: 150.0 },
        };
        n6_soma       = AdaptiveCurrentLeakySoma {
            potential_rest: [-63.28125mV, -60.9375mV, -58.59375mV, -56.25mV, -58.59375mV],
            potential_reset: ArrayValue::vector([-40.625, -43.75, -43.75, -48.4375, -37.5]).of_type(Dtype::Float16),
            adaptation_tau: 112.5ms,
            adaptation_subthreshold: [0.453125nS, 0.484375nS, 0.40625nS, 0.375nS, 0.4375nS],
        };
        n9            = PotentialConcatReshape { reshape: [5] };
        last_delays   = ZeroDelay;
        last_synapses = ExponentialCurrentSynapses {
            tau_excitatory: 5.625ms, units: [5], kernel: SparseUniformInitializer { scale: 300.0, density: 0.5 },
        };
        last_soma     = AdaptiveCurrentLeakySoma {
            potential_tau: [13.59375ms, 12.1875ms, 11.71875ms, 12.1875ms, 11.25ms], resistance: 0.05GOhm,
            threshold: UniformInitializer { scale: -30.0, max_value: -22.5 },
            adaptation_tau: ArrayValue::vector([93.75, 101.5625, 93.75, 93.75, 113.28125]).of_type(Dtype::Float16),
            adaptation_delta: 3.5pA,
            adaptation_subthreshold: UniformInitializer { scale: 0.625, min_value: 0.46875 },
        };
        last_rule     = ThreeFactorHebbianRule { gamma: 0.125 };

        signal                                        -> n0_rule.reward, n4.signal, last_rule.reward;
        (in_spikes, last_soma.spikes, n0_soma.spikes) -> n0_delays.in_spikes;
        n0_delays.out_spikes                          -> n0_synapses.spikes, n0_rule.pre_spikes;
        n0_synapses.currents                          -> n0_soma.current;
        n0_soma.spikes                                -> n0_rule.post_spikes;
        (n5.spikes, last_soma.spikes, n0_soma.spikes, n6_soma.spikes) -> n6_delays.in_spikes;
        n6_delays.out_spikes                          -> n6_synapses.spikes;
        n6_synapses.currents                          -> n6_soma.current;
        n6_soma.potential()                           -> n9.inputs;
        n5.spikes                                     -> last_delays.in_spikes, out_1;
        last_delays.out_spikes                        -> last_synapses.spikes, last_rule.pre_spikes, out_2;
        last_synapses.currents                        -> last_soma.current;
        last_soma.spikes                              -> last_rule.post_spikes, out_3;
        n0_synapses.kernel()                          -> out_0;
        n0_synapses.kernel()                         <-> n0_rule.kernel;
        last_synapses.kernel()                       <-> last_rule.kernel;
    }
}
