//! The model of `random network 20`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net20(
        signal: FloatArray[4], in_spikes: SpikeArray[2, 2], current: CurrentArray[2, 2],
    ) -> (out_0: FloatArray, out_1: SpikeArray, out_2: CurrentArray, out_3: SpikeArray) {
        dt = 1ms;
        seed = 2328945547;
        compat = Standard;

        n0             = RatePoissonSource { units: [1, 3], rate: 60Hz };
        n1             = FloatSampler { sample_size: 1 };
        read_in_spikes = ExponentialIntegrator { tau: 2.5ms, num_outputs: 3, smooth_trace: false };
        read_current   = LeakySoma;
        last_delays    = NDelays { delays: ArrayValue::vector([3.0, 7.0, 7.0]).of_type(Dtype::Int32) };
        last_synapses  = TracedSynapses {
            seed: 2366224855, units: [5], kernel: ConstantInitializer { scale: 700.0 },
        };
        last_soma      = LeakySoma { potential_rest: UniformInitializer { scale: -75.0, max_value: -56.25 } };
        last_rule      = HebbianRule { post_tau: 25ms, eta: 0.005 };

        signal                  -> n1.inputs;
        in_spikes               -> read_in_spikes.spikes;
        current                 -> read_current.current;
        n0.spikes               -> last_delays.in_spikes;
        last_delays.out_spikes  -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents  -> last_soma.current, out_2;
        last_soma.spikes        -> last_rule.post_spikes, out_3;
        n1.output               -> out_0;
        read_current.spikes     -> out_1;
        last_synapses.kernel() <-> last_rule.kernel;
    }
}
