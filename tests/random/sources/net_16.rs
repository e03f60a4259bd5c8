//! The model of `random network 16`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net16(
        current: CurrentArray[1], in_spikes: SpikeArray[4],
    ) -> (out_0: CurrentArray, out_1: SpikeArray) {
        dt = 1ms;
        seed = 4195565681;
        compat = Standard;

        n0             = SpikeListSource {
            units: [2, 2], times: [15.5ms, 11ms, 28.25ms], indices: [1, 3, 3], period: 45ms,
        };
        n1             = AdaptiveThresholdLeakySoma;
        n2             = ExponentialIntegrator { num_outputs: 3 };
        read_in_spikes = ExponentialIntegrator { tau: 6.25ms, num_outputs: 2 };
        last_delays    = NDelays { delays: ArrayValue::vector([1.0, 0.0, 0.0, 3.0, 6.0]).of_type(Dtype::Int32) };
        last_synapses  = ExponentialCurrentSynapses {
            seed: 2376972361, units: [2, 2],
            kernel: NormalizedSparseUniformInitializer { scale: 700.0, density: 0.75 },
        };
        last_noise     = PoissonBackground;
        last_sum       = CurrentSum { units: [2, 2] };
        last_soma      = RefractoryExponentialSoma {
            potential_rest: ArrayValue::from([[-67.8125, -59.0625], [-63.4375, -65.625]]).of_type(Dtype::Float16),
            potential_reset: ArrayValue::from([[-37.0546875, -31.078125], [-35.859375, -28.6875]]).of_type(Dtype::Float16),
            resistance: 0.625GOhm, threshold: -33.75mV, cooldown: [[1.953125ms, 1.875ms], [1.875ms, 2.265625ms]],
        };
        last_rule      = OjaRule;

        current                                       -> n1.current;
        in_spikes                                     -> read_in_spikes.spikes;
        (n0.spikes, last_soma.spikes, n1.spikes)      -> n2.spikes;
        (n1.spikes, n0.spikes)                        -> last_delays.in_spikes;
        last_delays.out_spikes                        -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                        -> last_noise.current, out_0;
        (last_synapses.currents, last_noise.currents) -> last_sum.inputs;
        last_sum.currents                             -> last_soma.current;
        last_soma.spikes                              -> last_rule.post_spikes, out_1;
        last_synapses.kernel()                       <-> last_rule.kernel;
    }
}
