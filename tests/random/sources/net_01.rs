//! The model of `random network 1`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net01(
        in_spikes: SpikeArray[2], current: CurrentArray[1],
    ) -> (out_0: FloatArray, out_1: CurrentArray, out_2: SpikeArray) {
        dt = 1ms;
        seed = 1461781407;
        compat = SparkSnn1;

        n0            = RatePoissonSource { units: [5], rate: 150Hz };
        n1_synapses   = LinearSynapses {
            units: [2], kernel: UniformInitializer { scale: 700.0, min_value: 70.0 },
        };
        n1_soma       = RefractoryLeakySoma {
            seed: 420050826, potential_rest: -45mV,
            potential_reset: ArrayValue::vector([-49.21875, -50.9765625]).of_type(Dtype::Float16),
            potential_tau: [14.0625ms, 14.53125ms],
            resistance: ArrayValue::vector([0.037500000000000006, 0.046875]).of_type(Dtype::Float16),
            cooldown: 2.25ms,
        };
        n1_rule       = HebbianRule { pre_tau: 15ms };
        n4            = SpikeListSource { units: [2, 2], times: [3ms], indices: [3], period: 45ms };
        read_current  = ExponentialSoma { seed: 2699830625, potential_rest: -52.5mV };
        last_delays   = N2NDelays { units: [2] };
        last_synapses = RFSTracedSynapses {
            alpha: 1.0, scale_fast_decay: 0.75, scale_slow_decay: 1.125, units: [2],
            kernel: NormalizedSparseUniformInitializer { scale: 1500.0, density: 0.75 },
        };
        last_soma     = ExponentialSoma {
            potential_rest: UniformInitializer { scale: -35.0, max_value: -26.25 },
            potential_reset: ArrayValue::vector([-46.21875, -44.625]).of_type(Dtype::Float16),
            potential_tau: ArrayValue::vector([2.34375, 1.875]).of_type(Dtype::Float16),
            resistance: UniformInitializer { scale: 0.5, min_value: 0.375 }, threshold: -33.75mV,
            rheobase_threshold: -56.25mV,
        };

        current                                  -> read_current.current;
        (n0.spikes, in_spikes, last_soma.spikes, n1_soma.spikes) -> n1_synapses.spikes, n1_rule.pre_spikes;
        n1_synapses.currents                     -> n1_soma.current;
        n1_soma.spikes                           -> n1_rule.post_spikes;
        (last_soma.spikes, n4.spikes, in_spikes) -> last_delays.in_spikes;
        last_delays.out_spikes                   -> last_synapses.spikes;
        last_synapses.currents                   -> last_soma.current, out_1;
        n1_synapses.kernel()                     -> out_0;
        last_soma.spikes                         -> out_2;
        n1_synapses.kernel()                    <-> n1_rule.kernel;
    }
}
