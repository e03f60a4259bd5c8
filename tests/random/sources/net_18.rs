//! The model of `random network 18`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net18(
        in_spikes: SpikeArray[4], signal: FloatArray[2],
    ) -> (out_0: CurrentArray, out_1: CurrentArray, out_2: PotentialArray, out_3: SpikeArray) {
        dt = 0.5ms;
        seed = 132265844;
        compat = SparkSnn1;

        n0_delays     = ZeroDelay;
        n0_synapses   = ConductanceSynapses {
            seed: 3837558730, units: [5],
            kernel: SparseUniformInitializer { scale: 11.666666666666666, density: 0.5 },
        };
        n0_noise      = PoissonBackground { weight: 5pA };
        n0_sum        = CurrentSum { units: [5] };
        n0_soma       = RefractoryExponentialSoma {
            seed: 3819606646,
            potential_rest: ArrayValue::vector([-59.0625, -65.625, -65.625, -54.6875, -52.5]).of_type(Dtype::Float16),
            potential_reset: UniformInitializer { scale: -38.25, max_value: -28.6875 },
            potential_tau: UniformInitializer { scale: 2.5, min_value: 1.875 },
            resistance: UniformInitializer { scale: 0.25, min_value: 0.1875 },
            threshold: UniformInitializer { scale: -33.75, max_value: -25.3125 },
            rheobase_threshold: UniformInitializer { scale: -25.0, max_value: -18.75 },
            cooldown: [1.828125ms, 1.7578125ms, 1.96875ms, 1.6875ms, 2.109375ms],
        };
        n0_rule       = PairSTDPRule { pre_tau: 15ms };
        n6            = ExponentialSoma { potential_rest: -35mV };
        n7            = PotentialConcat;
        n8            = LIFNeuron { units: [5], inhibitory_rate: 0.3 };
        read_signal   = TopologicalLinearSpiker { sigma: 0.03515625, resolution: 2 };
        last_delays   = ZeroDelay;
        last_synapses = LinearSynapses { units: [2, 2], kernel: ConstantInitializer { scale: 700.0 } };
        last_soma     = LeakySoma {
            potential_tau: UniformInitializer { scale: 25.0, min_value: 18.75 }, resistance: 0.05GOhm,
        };
        last_rule     = OjaRule { seed: 1944019968, post_tau: 25ms };

        in_spikes                                 -> n0_delays.in_spikes, last_delays.in_spikes;
        signal                                    -> read_signal.signal;
        n0_delays.out_spikes                      -> n0_synapses.spikes, n0_rule.pre_spikes;
        n0_soma.potential()                       -> n0_synapses.potential, n7.inputs;
        n0_synapses.currents                      -> n0_noise.current, out_0;
        (n0_synapses.currents, n0_noise.currents) -> n0_sum.inputs;
        n0_sum.currents                           -> n0_soma.current, out_1;
        n0_soma.spikes                            -> n0_rule.post_spikes;
        n0_noise.currents                         -> n6.current;
        (last_soma.spikes, in_spikes)             -> n8.in_spikes;
        last_delays.out_spikes                    -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                    -> last_soma.current;
        last_soma.spikes                          -> last_rule.post_spikes, out_3;
        n7.output                                 -> out_2;
        n0_synapses.kernel()                     <-> n0_rule.kernel;
        last_synapses.kernel()                   <-> last_rule.kernel;
    }
}
