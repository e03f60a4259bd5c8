//! The model of `random network 17`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net17(
        in_spikes: SpikeArray[4], signal: FloatArray[4], current: CurrentArray[1],
    ) -> (out_0: SpikeArray, out_1: SpikeArray, out_2: SpikeArray, out_3: CurrentArray, out_4: SpikeArray) {
        dt = 0.25ms;
        seed = 3382504940;
        compat = Standard;

        n0            = Sampler { sample_size: 1 };
        n1_synapses   = ConductanceSynapses {
            tau_excitatory: 2.5ms, tau_inhibitory: 5ms, units: [1, 3],
            kernel: ConstantInitializer { scale: 25.0 },
        };
        n1_soma       = StrictRefractoryLeakySoma {
            potential_rest: UniformInitializer { scale: -67.5, max_value: -50.625 },
            potential_reset: [[-21.09375mV, -23.4375mV, -18.75mV]], potential_tau: 10ms,
            resistance: UniformInitializer { scale: 0.05, min_value: 0.037500000000000006 },
            cooldown: ArrayValue::from([[1.8984375, 1.96875, 2.109375]]).of_type(Dtype::Float16),
        };
        n1_rule       = PairSTDPRule { seed: 519585251, w_max: 2000.0 };
        n4_delays     = ZeroDelay;
        n4_synapses   = ConductanceSynapses {
            potential_rest: -30mV, units: [1, 3], kernel: ConstantInitializer { scale: 11.666666666666666 },
        };
        n4_soma       = RefractoryLeakySoma {
            potential_rest: ArrayValue::from([[-42.1875, -42.1875, -35.15625]]).of_type(Dtype::Float16),
            potential_reset: UniformInitializer { scale: -50.0, max_value: -37.5 },
            potential_tau: UniformInitializer { scale: 22.5, min_value: 16.875 },
            resistance: UniformInitializer { scale: 0.07500000000000001, min_value: 0.05625000000000001 },
            threshold: UniformInitializer { scale: -45.0, max_value: -33.75 }, cooldown: 1.5ms,
        };
        n7_delays     = ZeroDelay;
        n7_synapses   = TracedSynapses {
            scale: 0.5, units: [2], kernel: [[43pA, 30pA, 21pA, 530pA, 403pA], [85pA, 216pA, 46pA, 4pA, 241pA]],
        };
        n7_soma       = ExponentialSoma {
            seed: 1572608616, potential_rest: -35mV, potential_tau: 2.5ms,
            resistance: [0.56640625GOhm, 0.5859375GOhm],
            threshold: UniformInitializer { scale: -33.75, max_value: -25.3125 },
            rheobase_threshold: [-49.21875mV, -50.9765625mV],
            spike_slope: ArrayValue::vector([0.78125, 0.875]).of_type(Dtype::Float16),
        };
        read_signal   = TopologicalLinearSpiker { cd: 1.5ms, max_freq: 50Hz, resolution: 3 };
        read_current  = AdaptiveCurrentLeakySoma {
            seed: 2715489522, adaptation_tau: 75ms, adaptation_subthreshold: 0.625nS,
        };
        last_delays   = ZeroDelay;
        last_synapses = RFSTracedSynapses {
            seed: 3549111630, alpha: 0.6000000000000001, tau_rise: 1.125ms, scale_rise: 1.125,
            scale_fast_decay: 0.5, units: [5],
            kernel: NormalizedSparseUniformInitializer { scale: 300.0, density: 0.75 },
        };
        last_noise    = PoissonBackground { seed: 2547856534, rate: 750Hz, weight: 7.5pA };
        last_sum      = CurrentSum { units: [5] };
        last_soma     = ExponentialSoma {
            seed: 4158620666, resistance: 0.5625GOhm,
            threshold: UniformInitializer { scale: -22.5, max_value: -16.875 },
        };
        last_rule     = ZenkeRule { pre_tau: 22.5ms };

        in_spikes                                     -> n0.inputs;
        signal                                        -> read_signal.signal;
        current                                       -> read_current.current;
        (in_spikes, last_soma.spikes, n0.output)      -> n1_synapses.spikes, n1_rule.pre_spikes;
        n1_soma.potential()                           -> n1_synapses.potential;
        n1_synapses.currents                          -> n1_soma.current;
        n1_soma.spikes                                -> n1_rule.post_spikes;
        (n0.output, in_spikes)                        -> n4_delays.in_spikes;
        n4_delays.out_spikes                          -> n4_synapses.spikes;
        n4_soma.potential()                           -> n4_synapses.potential;
        n4_synapses.currents                          -> n4_soma.current;
        (n4_soma.spikes, n7_soma.spikes)              -> n7_delays.in_spikes;
        n7_delays.out_spikes                          -> n7_synapses.spikes;
        n7_synapses.currents                          -> n7_soma.current;
        last_soma.spikes                              -> last_delays.in_spikes, last_rule.post_spikes, out_4;
        last_delays.out_spikes                        -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                        -> last_noise.current, out_3;
        (last_synapses.currents, last_noise.currents) -> last_sum.inputs;
        last_sum.currents                             -> last_soma.current;
        n0.output                                     -> out_0;
        n4_soma.spikes                                -> out_1;
        n7_soma.spikes                                -> out_2;
        n1_synapses.kernel()                         <-> n1_rule.kernel;
        last_synapses.kernel()                       <-> last_rule.kernel;
    }
}
