//! The model of `random network 14`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net14(
        signal: FloatArray[4], in_spikes: SpikeArray[2, 2],
    ) -> (out_0: FloatArray, out_1: SpikeArray, out_2: FloatArray) {
        dt = 0.5ms;
        seed = 3567615770;
        compat = Standard;

        n0            = PoissonSpiker;
        n1            = ExponentialIntegrator { saturation_freq: 37.5Hz, num_outputs: 1, shuffle: false };
        last_delays   = ZeroDelay { seed: 1073915738 };
        last_synapses = LinearSynapses {
            units: [2], kernel: SparseUniformInitializer { scale: 700.0, density: 0.5 },
        };
        last_soma     = LeakySoma { potential_rest: -67.5mV };
        last_rule     = RewardSTDPRule { post_tau: 22.5ms, w_max: 2000.0, eta: 0.0005 };

        signal                                   -> n0.signal;
        (last_soma.spikes, in_spikes, n0.spikes) -> n1.spikes;
        (in_spikes, last_soma.spikes, n0.spikes) -> last_delays.in_spikes;
        last_delays.out_spikes                   -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                   -> last_soma.current;
        last_soma.spikes                         -> last_rule.post_spikes, out_1;
        n1.signal                                -> last_rule.reward, out_0;
        last_synapses.kernel()                   -> out_2;
        last_synapses.kernel()                  <-> last_rule.kernel;
    }
}
