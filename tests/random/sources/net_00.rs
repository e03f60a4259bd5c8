//! The model of `random network 0`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Net00(
        in_spikes: SpikeArray[2, 2], signal: FloatArray[4],
    ) -> (out_0: SpikeArray, out_1: SpikeArray) {
        dt = 0.25ms;
        seed = 2709208207;
        units = [2, 2];
        inhibitory_rate = 0.0;
        compat = Standard;

        read_in_spikes = ExponentialIntegrator { num_outputs: 3, shuffle: false, smooth_trace: false };
        read_signal    = PhaseEncoder;
        last_delays    = ZeroDelay;
        last_synapses  = ConductanceSynapses { kernel: UniformInitializer { scale: 25.0, min_value: 2.5 } };
        last_soma      = LeakySoma {
            seed: 807565480, potential_rest: -30mV, potential_reset: -62.5mV,
            potential_tau: UniformInitializer { scale: 10.0, min_value: 7.5 },
            threshold: UniformInitializer { scale: -30.0, max_value: -22.5 },
        };

        in_spikes              -> read_in_spikes.spikes, last_delays.in_spikes;
        signal                 -> read_signal.signal;
        last_delays.out_spikes -> last_synapses.spikes;
        last_soma.potential()  -> last_synapses.potential;
        last_synapses.currents -> last_soma.current;
        self.inhibition_mask() -> last_soma.inhibition_mask;
        read_signal.spikes     -> out_0;
        last_soma.spikes       -> out_1;
    }
}
