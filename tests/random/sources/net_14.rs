//! The model of `random network 14`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net14(
        signal: FloatArray[4], in_spikes: SpikeArray[2, 2],
    ) -> (out_0: FloatArray, out_1: CurrentArray, out_2: SpikeArray) {
        dt = 0.25ms;
        seed = 1725313938;
        compat = Standard;

        n0            = PoissonSpiker;
        n1            = ExponentialIntegrator { saturation_freq: 37.5Hz, num_outputs: 1, shuffle: false };
        last_delays   = ZeroDelay { seed: 1073915738 };
        last_synapses = RDTracedSynapses {
            scale_rise: 1.125, units: [2],
            kernel: PairwiseBernoulliInitializer { probability: 0.5, weight: 1500.0 },
        };
        last_noise    = PoissonBackground;
        last_sum      = CurrentSum { units: [2] };
        last_soma     = LeakySoma {
            potential_tau: UniformInitializer { scale: 10.0, min_value: 7.5 }, resistance: 0.125GOhm,
            threshold: -20mV,
        };

        signal                                        -> n0.signal;
        (last_soma.spikes, in_spikes, n0.spikes)      -> n1.spikes;
        (in_spikes, last_soma.spikes, n0.spikes)      -> last_delays.in_spikes;
        last_delays.out_spikes                        -> last_synapses.spikes;
        last_synapses.currents                        -> last_noise.current;
        (last_synapses.currents, last_noise.currents) -> last_sum.inputs;
        last_sum.currents                             -> last_soma.current;
        n1.signal                                     -> out_0;
        last_noise.currents                           -> out_1;
        last_soma.spikes                              -> out_2;
    }
}
