//! The model of `random network 23`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Net23(
        in_spikes: SpikeArray[1], signal: FloatArray[4],
    ) -> (out_0: SpikeArray, out_1: SpikeArray) {
        dt = 1ms;
        seed = 4274168396;
        units = [3];
        inhibitory_rate = 1.0;
        compat = SparkSnn1;

        n0            = Sampler { sample_size: 2 };
        read_signal   = LatencyEncoder { tau: 12.5ms };
        last_delays   = ZeroDelay;
        last_synapses = RDTracedSynapses {
            kernel: [
                [191pA, 668pA, 425pA, 221pA, 589pA, 84pA], [174pA, 193pA, 154pA, 203pA, 109pA, 603pA],
                [157pA, 232pA, 540pA, 475pA, 512pA, 170pA],
            ],
        };
        last_soma     = StrictRefractoryLeakySoma {
            potential_reset: [-35.15625mV, -32.8125mV, -33.984375mV],
            potential_tau: UniformInitializer { scale: 10.0, min_value: 7.5 },
            resistance: [0.09062500000000001GOhm, 0.09375GOhm, 0.078125GOhm],
            threshold: UniformInitializer { scale: -50.0, max_value: -37.5 }, cooldown: 1.5ms,
        };
        last_rule     = OjaRule;

        in_spikes                       -> n0.inputs;
        signal                          -> read_signal.signal;
        (read_signal.spikes, n0.output) -> last_delays.in_spikes;
        last_delays.out_spikes          -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents          -> last_soma.current;
        self.inhibition_mask()          -> last_soma.inhibition_mask;
        last_soma.spikes                -> last_rule.post_spikes, out_1;
        read_signal.spikes              -> out_0;
        last_synapses.kernel()         <-> last_rule.kernel;
    }
}
