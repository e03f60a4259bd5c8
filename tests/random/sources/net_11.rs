//! The model of `random network 11`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell11N1(
        in_spikes: SpikeArray, current: CurrentArray,
    ) -> (out_0: FloatArray, out_1: CurrentArray, out_2: SpikeArray) {
        read_in_spikes = ExponentialIntegrator { num_outputs: 1, smooth_trace: false };
        read_current   = StrictRefractoryLeakySoma { resistance: 0.05GOhm };
        last_delays    = ZeroDelay;
        last_synapses  = ExponentialCurrentSynapses {
            tau_excitatory: 5.625ms, kernel: NormalizedSparseUniformInitializer { scale: 700.0, density: 0.75 },
        };
        last_soma      = LeakySoma {
            potential_rest: UniformInitializer { scale: -30.0, max_value: -22.5 }, potential_reset: -25mV,
            resistance: 0.125GOhm, threshold: [-46.875mV, -45.3125mV],
        };
        last_rule      = RewardSTDPRule {
            post_tau: 22.5ms, a_plus: 0.07500000000000001, a_minus: 0.11249999999999999, w_max: 2000.0,
        };

        in_spikes               -> read_in_spikes.spikes;
        current                 -> read_current.current;
        read_current.spikes     -> last_delays.in_spikes;
        last_delays.out_spikes  -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents  -> last_soma.current, out_1;
        last_soma.spikes        -> last_rule.post_spikes, out_2;
        read_in_spikes.signal   -> last_rule.reward, out_0;
        last_synapses.kernel() <-> last_rule.kernel;
    }

    pub brain Net11(
        current: CurrentArray[4], in_spikes: SpikeArray[1],
    ) -> (out_0: FloatArray, out_1: SpikeArray) {
        dt = 1ms;
        seed = 2395675592;
        compat = Standard;

        n0            = CurrentConcatReshape { reshape: [2, 2] };
        n1            = Cell11N1 { units: [2], inhibitory_rate: 0.0 };
        n2            = ALIFNeuron { units: [2], inhibitory_rate: 0.3 };
        n3            = ExponentialIntegrator { saturation_freq: 37.5Hz, num_outputs: 1, shuffle: false };
        last_synapses = RDTracedSynapses {
            scale_rise: 0.5, units: [3], kernel: SparseUniformInitializer { scale: 300.0, density: 0.5 },
        };
        last_soma     = ExponentialSoma {
            potential_tau: UniformInitializer { scale: 5.0, min_value: 3.75 }, threshold: -33.75mV,
            rheobase_threshold: UniformInitializer { scale: -50.0, max_value: -37.5 },
        };

        current                                      -> n0.inputs, n1.current;
        (in_spikes, last_soma.spikes)                -> n1.in_spikes;
        (last_soma.spikes, n1.out_2)                 -> n2.in_spikes;
        (n1.out_2, n2.out_spikes)                    -> n3.spikes;
        (n2.out_spikes, last_soma.spikes, in_spikes) -> last_synapses.spikes;
        last_synapses.currents                       -> last_soma.current;
        n3.signal                                    -> out_0;
        last_soma.spikes                             -> out_1;
    }
}
