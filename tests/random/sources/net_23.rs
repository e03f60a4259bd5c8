//! The model of `random network 23`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Net23(
        in_spikes: SpikeArray[1], signal: FloatArray[4],
    ) -> (out_0: SpikeArray, out_1: SpikeArray) {
        dt = 1ms;
        seed = 3220926067;
        units = [3];
        inhibitory_rate = 0.0;
        compat = SparkSnn1;

        n0            = Sampler { sample_size: 2 };
        read_signal   = LatencyEncoder { tau: 12.5ms };
        last_delays   = ZeroDelay;
        last_synapses = RDTracedSynapses {
            seed: 225410115, kernel: UniformInitializer { scale: 700.0, min_value: 70.0 },
        };
        last_soma     = AdaptiveExponentialSoma {
            potential_reset: [-39.84375mV, -44.625mV, -47.8125mV],
            resistance: [0.546875GOhm, 0.56640625GOhm, 0.48828125GOhm], threshold: -22.5mV,
            spike_slope: ArrayValue::vector([1.75, 1.6875, 1.75]).of_type(Dtype::Float16),
            adaptation_tau: ArrayValue::vector([117.1875, 97.65625, 121.09375]).of_type(Dtype::Float16),
            adaptation_delta: [7.3828125pA, 8.4765625pA, 6.8359375pA],
        };
        last_rule     = PairSTDPRule { seed: 4207233095, a_plus: 0.0125, a_minus: 0.007875, w_max: 2000.0 };

        in_spikes                       -> n0.inputs;
        signal                          -> read_signal.signal;
        (read_signal.spikes, n0.output) -> last_delays.in_spikes;
        last_delays.out_spikes          -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents          -> last_soma.current;
        last_soma.spikes                -> last_rule.post_spikes, out_1;
        n0.output                       -> out_0;
        last_synapses.kernel()         <-> last_rule.kernel;
    }
}
