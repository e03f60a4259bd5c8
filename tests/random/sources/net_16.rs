//! The model of `random network 16`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net16(
        current: CurrentArray[1], in_spikes: SpikeArray[4],
    ) -> (out_0: FloatArray, out_1: CurrentArray, out_2: SpikeArray) {
        dt = 0.5ms;
        seed = 3506737889;
        compat = Standard;

        n0             = SpikeListSource {
            units: [2, 2], times: [15.5ms, 11ms, 28.25ms], indices: [1, 3, 3], period: 45ms,
        };
        n1             = AdaptiveThresholdLeakySoma;
        n2             = ExponentialIntegrator { num_outputs: 3 };
        read_in_spikes = ExponentialIntegrator { tau: 6.25ms, num_outputs: 2 };
        last_delays    = NDelays { delays: ArrayValue::vector([1.0, 0.0, 0.0, 3.0, 6.0]).of_type(Dtype::Int32) };
        last_synapses  = TracedSynapses {
            units: [2, 2], kernel: NormalizedSparseUniformInitializer { scale: 700.0, density: 0.75 },
        };
        last_soma      = StrictRefractoryLeakySoma {
            potential_rest: ArrayValue::from([[-56.953125, -50.625], [-59.0625, -61.171875]]).of_type(Dtype::Float16),
            potential_reset: ArrayValue::from([[-48.4375, -42.1875], [-45.3125, -46.875]]).of_type(Dtype::Float16),
            potential_tau: ArrayValue::from([[14.53125, 12.1875], [14.0625, 11.25]]).of_type(Dtype::Float16),
            threshold: -50mV, cooldown: 2.25ms,
        };
        last_rule      = ZenkeRule { post_tau: 22.5ms, d: 0.5 };

        current                                  -> n1.current;
        in_spikes                                -> read_in_spikes.spikes;
        (n0.spikes, last_soma.spikes, n1.spikes) -> n2.spikes;
        (n1.spikes, n0.spikes)                   -> last_delays.in_spikes;
        last_delays.out_spikes                   -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                   -> last_soma.current, out_1;
        last_soma.spikes                         -> last_rule.post_spikes, out_2;
        read_in_spikes.signal                    -> out_0;
        last_synapses.kernel()                  <-> last_rule.kernel;
    }
}
