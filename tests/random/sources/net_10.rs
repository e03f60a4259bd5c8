//! The model of `random network 10`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net10(
        in_spikes: SpikeArray[1], signal: FloatArray[4],
    ) -> (out_0: SpikeArray, out_1: CurrentArray, out_2: SpikeArray) {
        dt = 1ms;
        seed = 813195723;
        compat = SparkSnn1;

        n0            = SpikeListSource { units: [5], times: [20.5ms], indices: [1], period: 45ms };
        n1_synapses   = ConductanceSynapses {
            tau_inhibitory: 11.25ms, potential_rest: -45mV, units: [3],
            kernel: UniformInitializer { scale: 5.0, min_value: 0.5 },
        };
        n1_soma       = ExponentialSoma {
            potential_reset: -38.25mV,
            potential_tau: ArrayValue::vector([4.6875, 5.2734375, 5.2734375]).of_type(Dtype::Float16),
            resistance: [0.52734375GOhm, 0.60546875GOhm, 0.52734375GOhm], threshold: -37.5mV,
            spike_slope: [1.171875mV, 1.40625mV, 1.125mV],
        };
        n3            = Sampler { sample_size: 2 };
        read_signal   = TopologicalLinearSpiker { cd: 1.5ms, max_freq: 125Hz, sigma: 0.0234375, resolution: 2 };
        last_synapses = RDTracedSynapses {
            tau_decay: 2.5ms, units: [1, 3], kernel: SparseUniformInitializer { scale: 700.0, density: 0.5 },
        };
        last_noise    = PoissonBackground;
        last_sum      = CurrentSum { units: [1, 3] };
        last_soma     = RefractoryExponentialSoma {
            potential_rest: -87.5mV, potential_reset: UniformInitializer { scale: -63.75, max_value: -47.8125 },
            potential_tau: ArrayValue::from([[6.0546875, 5.078125, 4.8828125]]).of_type(Dtype::Float16),
            resistance: 0.5625GOhm, threshold: UniformInitializer { scale: -15.0, max_value: -11.25 },
            rheobase_threshold: UniformInitializer { scale: -37.5, max_value: -28.125 },
            cooldown: UniformInitializer { scale: 1.5, min_value: 1.125 },
        };
        last_rule     = HebbianRule { seed: 512940929, post_tau: 10ms, eta: 0.0075 };

        signal                                        -> read_signal.signal;
        in_spikes                                     -> last_synapses.spikes, last_rule.pre_spikes;
        (in_spikes, last_soma.spikes)                 -> n1_synapses.spikes;
        n1_soma.potential()                           -> n1_synapses.potential;
        n1_synapses.currents                          -> n1_soma.current, out_1;
        last_soma.spikes                              -> n3.inputs, last_rule.post_spikes, out_2;
        last_synapses.currents                        -> last_noise.current;
        (last_synapses.currents, last_noise.currents) -> last_sum.inputs;
        last_sum.currents                             -> last_soma.current;
        n0.spikes                                     -> out_0;
        last_synapses.kernel()                       <-> last_rule.kernel;
    }
}
