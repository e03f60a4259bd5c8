//! The model of `random network 12`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net12(
        in_spikes: SpikeArray[4], signal: FloatArray[1],
    ) -> (out_0: SpikeArray, out_1: CurrentArray, out_2: SpikeArray) {
        dt = 1ms;
        seed = 1121900554;
        compat = SparkSnn1;

        n0_delays     = N2NDelays { seed: 839949639, units: [3] };
        n0_synapses   = ConductanceSynapses {
            tau_excitatory: 5.625ms, units: [3], kernel: UniformInitializer { scale: 25.0, min_value: 2.5 },
        };
        n0_soma       = RefractoryExponentialSoma {
            potential_reset: -38.25mV, potential_tau: 3.75ms,
            rheobase_threshold: UniformInitializer { scale: -50.0, max_value: -37.5 },
            spike_slope: [0.96875mV, 0.90625mV, 0.84375mV],
        };
        n0_rule       = PairSTDPRule { w_max: 2000.0 };
        n4            = RatePoissonSource { seed: 4136042971, units: [1, 3], rate: 150Hz };
        n5            = SpikeListSource {
            units: [5], times: [0.5ms, 21ms, 38.75ms, 19.75ms], indices: [3, 3, 1, 1],
        };
        n6            = AdExNeuron { units: [2, 2], inhibitory_rate: 0.0, seed: 3126535998 };
        n7_delays     = ZeroDelay;
        n7_synapses   = RDTracedSynapses { units: [3], kernel: ConstantInitializer { scale: 1500.0 } };
        n7_soma       = AdaptiveCurrentLeakySoma {
            resistance: [0.087890625GOhm, 0.101953125GOhm, 0.087890625GOhm], adaptation_delta: 7.875pA,
        };
        read_signal   = RateEncoder;
        last_delays   = ZeroDelay;
        last_synapses = ExponentialCurrentSynapses {
            tau_inhibitory: 7.5ms, units: [5], kernel: SparseUniformInitializer { scale: 300.0, density: 0.5 },
        };
        last_soma     = StrictRefractoryLeakySoma {
            potential_rest: [-56.25mV, -50.625mV, -52.5mV, -56.25mV, -54.375mV], potential_tau: 22.5ms,
            resistance: 0.07500000000000001GOhm, threshold: -45mV,
        };

        signal                                        -> read_signal.signal;
        (in_spikes, last_soma.spikes, n0_soma.spikes) -> n0_delays.in_spikes;
        n0_delays.out_spikes                          -> n0_synapses.spikes, n0_rule.pre_spikes;
        n0_soma.potential()                           -> n0_synapses.potential;
        n0_synapses.currents                          -> n0_soma.current;
        n0_soma.spikes                                -> n0_rule.post_spikes;
        (n5.spikes, last_soma.spikes)                 -> n6.in_spikes;
        n4.spikes                                     -> n7_delays.in_spikes;
        n7_delays.out_spikes                          -> n7_synapses.spikes;
        n7_synapses.currents                          -> n7_soma.current, out_1;
        n6.out_spikes                                 -> last_delays.in_spikes, out_0;
        last_delays.out_spikes                        -> last_synapses.spikes;
        last_synapses.currents                        -> last_soma.current;
        last_soma.spikes                              -> out_2;
        n0_synapses.kernel()                         <-> n0_rule.kernel;
    }
}
