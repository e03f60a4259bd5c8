//! The model of `random network 18`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net18(
        in_spikes: SpikeArray[4], signal: FloatArray[2],
    ) -> (out_0: CurrentArray, out_1: SpikeArray, out_2: SpikeArray) {
        dt = 1ms;
        seed = 1600229971;
        compat = SparkSnn1;

        n0_delays     = ZeroDelay;
        n0_synapses   = LinearSynapses {
            seed: 761409255, units: [5], kernel: ConstantInitializer { scale: 700.0 },
        };
        n0_soma       = RefractoryLeakySoma {
            potential_rest: -30mV, potential_tau: 10ms,
            threshold: ArrayValue::vector([-36.5625, -36.5625, -33.75, -36.5625, -39.375]).of_type(Dtype::Float16),
        };
        n3            = ExponentialSoma { seed: 228171838 };
        n4            = ALIFNeuron { units: [2], inhibitory_rate: 1.0 };
        n5            = ALIFNeuron { units: [1, 3], inhibitory_rate: 1.0 };
        read_signal   = PhaseEncoder { spread: 0.25 };
        last_delays   = ZeroDelay;
        last_synapses = TracedSynapses {
            tau: 2.5ms, units: [2, 2], kernel: ConstantInitializer { scale: 1500.0 },
        };
        last_soma     = SimplifiedAdaptiveExponentialSoma {
            potential_rest: ArrayValue::from([[-67.8125, -67.8125], [-63.4375, -61.25]]).of_type(Dtype::Float16),
            potential_tau: ArrayValue::from([[4.21875, 5.44921875], [5.09765625, 4.21875]]).of_type(Dtype::Float16),
            resistance: 0.5625GOhm, cooldown: [[1.5625ms, 1.6875ms], [1.5ms, 1.75ms]],
            threshold_delta: UniformInitializer { scale: 50.0, min_value: 37.5 },
        };
        last_rule     = OjaRule { seed: 3282781215 };

        in_spikes                         -> n0_delays.in_spikes, n5.in_spikes;
        signal                            -> read_signal.signal;
        n0_delays.out_spikes              -> n0_synapses.spikes;
        n0_synapses.currents              -> n0_soma.current, n3.current, out_0;
        (in_spikes, n0_delays.out_spikes) -> n4.in_spikes;
        (last_soma.spikes, n3.spikes)     -> last_delays.in_spikes;
        last_delays.out_spikes            -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents            -> last_soma.current;
        last_soma.spikes                  -> last_rule.post_spikes, out_2;
        n3.spikes                         -> out_1;
        last_synapses.kernel()           <-> last_rule.kernel;
    }
}
