//! The model of `random network 13`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Net13(in_spikes: SpikeArray[2, 2], current: CurrentArray[1]) -> (out_0: SpikeArray) {
        dt = 0.25ms;
        seed = 3253347620;
        units = [2, 2];
        inhibitory_rate = 0.0;
        compat = Standard;

        n0            = ConcatReshape { reshape: [4] };
        read_current  = StrictRefractoryLeakySoma { resistance: 0.05GOhm };
        last_delays   = ZeroDelay;
        last_synapses = TracedSynapses { kernel: UniformInitializer { scale: 1500.0, min_value: 150.0 } };
        last_soma     = SimplifiedAdaptiveExponentialSoma {
            potential_rest: UniformInitializer { scale: -35.0, max_value: -26.25 },
            potential_reset: UniformInitializer { scale: -57.375, max_value: -43.03125 },
            rheobase_threshold: UniformInitializer { scale: -25.0, max_value: -18.75 }, spike_slope: 1.5mV,
            cooldown: [[1.953125ms, 1.953125ms], [2.34375ms, 1.953125ms]],
            threshold_tau: [[9.0625ms, 9.375ms], [7.8125ms, 9.6875ms]],
        };
        last_rule     = OjaRule { seed: 347684500 };

        in_spikes                                   -> n0.inputs;
        current                                     -> read_current.current;
        (in_spikes, n0.output, read_current.spikes) -> last_delays.in_spikes;
        last_delays.out_spikes                      -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                      -> last_soma.current;
        self.inhibition_mask()                      -> last_soma.inhibition_mask;
        last_soma.spikes                            -> last_rule.post_spikes, out_0;
        last_synapses.kernel()                     <-> last_rule.kernel;
    }
}
