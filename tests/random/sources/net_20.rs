//! The model of `random network 20`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net20(
        signal: FloatArray[4], in_spikes: SpikeArray[2, 2], current: CurrentArray[2, 2],
    ) -> (out_0: SpikeArray, out_1: CurrentArray, out_2: SpikeArray) {
        dt = 0.25ms;
        seed = 2733731546;
        compat = Standard;

        n0             = RatePoissonSource { units: [1, 3], rate: 60Hz };
        n1             = FloatSampler { sample_size: 1 };
        read_in_spikes = ExponentialIntegrator { tau: 2.5ms, num_outputs: 3, smooth_trace: false };
        read_current   = LeakySoma;
        last_delays    = NDelays { delays: ArrayValue::vector([3.0, 7.0, 7.0]).of_type(Dtype::Int32) };
        last_synapses  = LinearSynapses {
            units: [5], kernel: SparseUniformInitializer { scale: 700.0, density: 0.5 },
        };
        last_soma      = LeakySoma {
            potential_tau: ArrayValue::vector([17.5, 17.5, 16.875, 16.875, 15.0]).of_type(Dtype::Float16),
            resistance: [
                0.087890625GOhm, 0.10546875GOhm, 0.09140625000000001GOhm, 0.087890625GOhm, 0.087890625GOhm,
            ],
            threshold: ArrayValue::vector([-38.75, -37.5, -35.0, -36.25, -31.25]).of_type(Dtype::Float16),
        };
        last_rule      = QuadrupletRule { q_beta: 1.25, q_delta: 1.25 };

        signal                  -> n1.inputs;
        in_spikes               -> read_in_spikes.spikes;
        current                 -> read_current.current;
        n0.spikes               -> last_delays.in_spikes;
        last_delays.out_spikes  -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents  -> last_soma.current, out_1;
        last_soma.spikes        -> last_rule.post_spikes, out_2;
        n1.output               -> last_rule.modulation;
        read_current.spikes     -> out_0;
        last_synapses.kernel() <-> last_rule.kernel;
    }
}
