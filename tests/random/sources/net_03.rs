//! The model of `random network 3`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net03(
        in_spikes: SpikeArray[4], current: CurrentArray[2, 2],
    ) -> (out_0: SpikeArray, out_1: CurrentArray, out_2: FloatArray, out_3: SpikeArray) {
        dt = 1ms;
        seed = 1110588880;
        compat = SparkSnn1;

        n0_delays     = ZeroDelay;
        n0_synapses   = RDTracedSynapses {
            seed: 3905081133, tau_rise: 1.125ms, scale_rise: 0.75, units: [5],
            kernel: PairwiseBernoulliInitializer { probability: 0.5, weight: 300.0 },
        };
        n0_soma       = RefractoryExponentialSoma {
            potential_rest: [-73.828125mV, -65.625mV, -84.765625mV, -65.625mV, -65.625mV],
            potential_reset: -63.75mV,
            resistance: ArrayValue::vector([0.439453125, 0.544921875, 0.52734375, 0.544921875, 0.45703125]).of_type(Dtype::Float16),
            threshold: [-29.0625mV, -22.5mV, -29.0625mV, -27.1875mV, -29.0625mV],
        };
        n3_delays     = ZeroDelay;
        n3_synapses   = ConductanceSynapses {
            tau_excitatory: 3.75ms, units: [2, 2], kernel: ConstantInitializer { scale: 11.666666666666666 },
        };
        n3_soma       = StrictRefractoryLeakySoma {
            potential_rest: UniformInitializer { scale: -60.0, max_value: -45.0 },
            potential_reset: UniformInitializer { scale: -56.25, max_value: -42.1875 },
            potential_tau: [[18.75ms, 15.625ms], [17.5ms, 17.5ms]],
            resistance: [[0.09375GOhm, 0.08750000000000001GOhm], [0.09375GOhm, 0.084375GOhm]],
        };
        n3_rule       = PairSTDPRule { a_minus: 0.0118125 };
        n7            = ConcatReshape { reshape: [18] };
        n8            = AdaptiveExponentialSoma { potential_rest: -35mV, potential_tau: 2.5ms };
        read_current  = StrictRefractoryLeakySoma { seed: 2481495357, potential_rest: -30mV };
        last_delays   = ZeroDelay;
        last_synapses = ShortTermSynapses {
            release: 0.25, tau: 3.375ms, units: [5],
            kernel: NormalizedSparseUniformInitializer { scale: 1500.0, density: 0.75 },
        };
        last_soma     = RefractoryExponentialSoma {
            potential_reset: -25.5mV, potential_tau: UniformInitializer { scale: 2.5, min_value: 1.875 },
            resistance: ArrayValue::vector([0.1953125, 0.234375, 0.1875, 0.203125, 0.2265625]).of_type(Dtype::Float16),
            spike_slope: UniformInitializer { scale: 2.25, min_value: 1.6875 },
        };
        last_rule     = ZenkeRule {
            pre_tau: 15ms, post_tau: 22.5ms, target_tau: 15000ms, b: -1.25, p: 22.5, eta: 0.07500000000000001,
        };

        current                            -> read_current.current;
        last_soma.spikes                   -> n0_delays.in_spikes, last_rule.post_spikes, out_3;
        n0_delays.out_spikes               -> n0_synapses.spikes;
        n0_synapses.currents               -> n0_soma.current, n8.current;
        (last_soma.spikes, n3_soma.spikes) -> n3_delays.in_spikes;
        n3_delays.out_spikes               -> n3_synapses.spikes, n3_rule.pre_spikes;
        n3_soma.potential()                -> n3_synapses.potential;
        n3_synapses.currents               -> n3_soma.current, out_1;
        n3_soma.spikes                     -> n3_rule.post_spikes;
        (n3_delays.out_spikes, n0_delays.out_spikes, in_spikes) -> n7.inputs;
        read_current.spikes                -> last_delays.in_spikes;
        last_delays.out_spikes             -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents             -> last_soma.current;
        n0_soma.spikes                     -> out_0;
        n3_synapses.kernel()               -> out_2;
        n3_synapses.kernel()              <-> n3_rule.kernel;
        last_synapses.kernel()            <-> last_rule.kernel;
    }
}
