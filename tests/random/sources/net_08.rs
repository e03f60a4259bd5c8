//! The model of `random network 8`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell8N0(in_spikes: SpikeArray, current: CurrentArray) -> (out_0: SpikeArray) {
        read_in_spikes = ExponentialIntegrator { tau: 3.75ms, num_outputs: 1 };
        read_current   = IzhikevichSoma { potential_reset: -32.5mV };
        last_delays    = N2NDelays;
        last_synapses  = ExponentialCurrentSynapses {
            tau_excitatory: 6.25ms, kernel: UniformInitializer { scale: 700.0, min_value: 70.0 },
        };
        last_soma      = AdaptiveThresholdLeakySoma {
            potential_rest: -67.5mV, potential_reset: -25mV, resistance: 0.1125GOhm, cooldown: 2.25ms,
            threshold_tau: UniformInitializer { scale: 22.5, min_value: 16.875 },
            threshold_delta: UniformInitializer { scale: 125.0, min_value: 93.75 },
        };

        in_spikes                        -> read_in_spikes.spikes;
        current                          -> read_current.current;
        (read_current.spikes, in_spikes) -> last_delays.in_spikes;
        last_delays.out_spikes           -> last_synapses.spikes;
        last_synapses.currents           -> last_soma.current;
        last_soma.spikes                 -> out_0;
    }

    pub brain Net08(in_spikes: SpikeArray[4], current: CurrentArray[1]) -> (out_0: SpikeArray) {
        dt = 0.25ms;
        seed = 1236692393;
        compat = SparkSnn1;

        n0            = Cell8N0 { units: [1, 3], inhibitory_rate: 0.0, read_in_spikes.seed: 1534678613 };
        n1_synapses   = TracedSynapses {
            units: [2], kernel: UniformInitializer { scale: 700.0, min_value: 70.0 },
        };
        n1_soma       = ExponentialSoma {
            potential_rest: UniformInitializer { scale: -87.5, max_value: -65.625 }, resistance: 0.375GOhm,
            rheobase_threshold: -25mV,
        };
        n1_rule       = OjaRule { post_tau: 15ms };
        n4_synapses   = ExponentialCurrentSynapses {
            units: [5], kernel: SparseUniformInitializer { scale: 700.0, density: 0.5 },
        };
        n4_soma       = LeakySoma {
            potential_tau: 25ms, resistance: UniformInitializer { scale: 0.1, min_value: 0.07500000000000001 },
            threshold: UniformInitializer { scale: -30.0, max_value: -22.5 },
        };
        n6            = AdExNeuron { units: [2], inhibitory_rate: 0.0, seed: 719018603 };
        last_delays   = N2NDelays {
            units: [1, 3],
            delays: ArrayValue::from([[0.0, 0.0, 7.0, 7.0], [2.0, 6.0, 0.0, 5.0], [2.0, 3.0, 4.0, 6.0]]).of_type(Dtype::Int32),
        };
        last_synapses = ExponentialCurrentSynapses {
            tau_excitatory: 3.75ms, units: [1, 3],
            kernel: NormalizedSparseUniformInitializer { scale: 1500.0, density: 0.75 },
        };
        last_soma     = IzhikevichSoma {
            threshold: UniformInitializer { scale: 37.5, min_value: 28.125 }, recovery_sensitivity: 0.1,
            recovery_update: 2.5,
        };
        last_rule     = PairSTDPRule { post_tau: 22.5ms, a_plus: 0.0125, w_max: 2000.0 };

        current                               -> n0.current;
        in_spikes                             -> last_delays.in_spikes;
        (last_soma.spikes, in_spikes)         -> n0.in_spikes;
        (in_spikes, last_soma.spikes, n0.out_0, n1_soma.spikes) -> n1_synapses.spikes, n1_rule.pre_spikes;
        n1_synapses.currents                  -> n1_soma.current;
        n1_soma.spikes                        -> n1_rule.post_spikes;
        (n0.out_0, in_spikes, n4_soma.spikes) -> n4_synapses.spikes;
        n4_synapses.currents                  -> n4_soma.current;
        n0.out_0                              -> n6.in_spikes;
        last_delays.out_spikes                -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                -> last_soma.current;
        last_soma.spikes                      -> last_rule.post_spikes, out_0;
        n1_synapses.kernel()                 <-> n1_rule.kernel;
        last_synapses.kernel()               <-> last_rule.kernel;
    }
}
