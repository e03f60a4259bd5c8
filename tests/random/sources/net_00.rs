//! The model of `random network 0`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Net00(
        in_spikes: SpikeArray[2, 2], signal: FloatArray[4],
    ) -> (out_0: FloatArray, out_1: SpikeArray, out_2: CurrentArray, out_3: SpikeArray, out_4: FloatArray) {
        dt = 1ms;
        seed = 2324410969;
        units = [2, 2];
        inhibitory_rate = 0.0;
        compat = Standard;

        read_in_spikes = ExponentialIntegrator { num_outputs: 3, shuffle: false, smooth_trace: false };
        read_signal    = PhaseEncoder;
        last_delays    = ZeroDelay;
        last_synapses  = ExponentialCurrentSynapses {
            tau_excitatory: 5.625ms, tau_inhibitory: 5ms,
            kernel: SparseUniformInitializer { scale: 300.0, density: 0.5 },
        };
        last_soma      = AdaptiveThresholdLeakySoma {
            potential_rest: UniformInitializer { scale: -45.0, max_value: -33.75 }, potential_reset: -25mV,
            potential_tau: UniformInitializer { scale: 10.0, min_value: 7.5 }, resistance: 0.125GOhm,
            threshold: UniformInitializer { scale: -30.0, max_value: -22.5 },
            threshold_delta: UniformInitializer { scale: 125.0, min_value: 93.75 },
        };
        last_rule      = OjaRule { seed: 2193331864, post_tau: 15ms, eta: 0.125 };

        in_spikes               -> read_in_spikes.spikes, last_delays.in_spikes;
        signal                  -> read_signal.signal;
        last_delays.out_spikes  -> last_synapses.spikes, last_rule.pre_spikes, out_1;
        last_synapses.currents  -> last_soma.current, out_2;
        last_soma.spikes        -> last_rule.post_spikes, out_3;
        read_in_spikes.signal   -> out_0;
        last_synapses.kernel()  -> out_4;
        last_synapses.kernel() <-> last_rule.kernel;
    }
}
