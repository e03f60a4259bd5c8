//! The model of `random network 6`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net06(
        current: CurrentArray[1], in_spikes: SpikeArray[2, 2], signal: FloatArray[1],
    ) -> (out_0: FloatArray, out_1: SpikeArray, out_2: SpikeArray) {
        dt = 0.5ms;
        seed = 2740691206;
        compat = Standard;

        n0            = ExponentialSoma { seed: 1510367449, threshold: -33.75mV, spike_slope: 1.5mV };
        n1            = SpikeListSource {
            units: [1, 3], times: [17.5ms, 31.75ms, 31.75ms, 5.25ms], indices: [1, 2, 1, 2], period: 45ms,
        };
        n2_synapses   = RFSTracedSynapses {
            seed: 3270277940, scale_rise: 1.25, units: [2],
            kernel: NormalizedSparseUniformInitializer { scale: 700.0, density: 0.75 },
        };
        n2_soma       = AdaptiveThresholdLeakySoma {
            potential_rest: ArrayValue::vector([-60.9375, -65.625]).of_type(Dtype::Float16),
            potential_reset: ArrayValue::vector([-23.4375, -21.875]).of_type(Dtype::Float16),
            potential_tau: 22.5ms, resistance: 0.1125GOhm,
            threshold_tau: ArrayValue::vector([18.125, 15.0]).of_type(Dtype::Float16), threshold_delta: 75mV,
        };
        n2_rule       = QuadrupletRule { post_tau: 11.25ms, q_delta: 0.5 };
        n5            = LatencyEncoder;
        n6            = LIFNeuron { units: [2, 2], inhibitory_rate: 0.0, seed: 520488452 };
        last_delays   = N2NDelays { seed: 388211993, max_delay: 6ms, units: [5] };
        last_synapses = RDTracedSynapses {
            seed: 3611419798, tau_decay: 3.75ms, units: [5], kernel: ConstantInitializer { scale: 1500.0 },
        };
        last_soma     = StrictRefractoryLeakySoma {
            seed: 3467747216, potential_reset: -25mV,
            potential_tau: UniformInitializer { scale: 10.0, min_value: 7.5 },
            resistance: UniformInitializer { scale: 0.05, min_value: 0.037500000000000006 },
        };

        current                           -> n0.current;
        signal                            -> n2_rule.modulation, n5.signal;
        (n0.spikes, n1.spikes, in_spikes) -> n2_synapses.spikes, n2_rule.pre_spikes;
        n2_synapses.currents              -> n2_soma.current;
        n2_soma.spikes                    -> n2_rule.post_spikes;
        n0.spikes                         -> n6.in_spikes, last_delays.in_spikes;
        last_delays.out_spikes            -> last_synapses.spikes;
        last_synapses.currents            -> last_soma.current;
        n2_synapses.kernel()              -> out_0;
        n6.out_spikes                     -> out_1;
        last_soma.spikes                  -> out_2;
        n2_synapses.kernel()             <-> n2_rule.kernel;
    }
}
