//! The model of `random network 15`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell15N3(
        signal: FloatArray, in_spikes: SpikeArray, current: CurrentArray,
    ) -> (out_0: SpikeArray, out_1: SpikeArray) {
        n0             = TopologicalLinearSpiker { resolution: 3 };
        read_in_spikes = ExponentialIntegrator { num_outputs: 2, smooth_trace: false };
        read_current   = SimplifiedAdaptiveExponentialSoma {
            threshold: -22.5mV, spike_slope: 2.5mV, threshold_tau: 15ms,
        };
        last_delays    = N2NDelays {
            delays: ArrayValue::from([[3.0, 0.0, 4.0, 5.0, 0.0, 2.0, 7.0, 5.0, 5.0, 3.0, 1.0, 2.0, 5.0, 5.0], [1.0, 3.0, 6.0, 0.0, 2.0, 2.0, 4.0, 2.0, 3.0, 2.0, 4.0, 3.0, 2.0, 5.0], [3.0, 3.0, 5.0, 3.0, 5.0, 7.0, 1.0, 6.0, 0.0, 2.0, 3.0, 6.0, 0.0, 1.0], [0.0, 6.0, 6.0, 2.0, 5.0, 5.0, 5.0, 1.0, 5.0, 4.0, 4.0, 1.0, 4.0, 2.0]]).of_type(Dtype::Int32),
        };
        last_synapses  = ShortTermSynapses {
            tau_rec: 400ms, tau: 1.5ms, kernel: ConstantInitializer { scale: 1500.0 },
        };
        last_soma      = IzhikevichSoma {
            potential_rest: -81.25mV, potential_reset: -81.25mV,
            resistance: UniformInitializer { scale: 0.125, min_value: 0.09375 }, threshold: 15mV,
            recovery_update: UniformInitializer { scale: 2.0, min_value: 1.5 },
        };
        last_rule      = QuadrupletRule { q_beta: 0.5, q_delta: 0.5 };

        signal                                      -> n0.signal, last_rule.modulation;
        in_spikes                                   -> read_in_spikes.spikes;
        current                                     -> read_current.current;
        (n0.spikes, read_current.spikes, in_spikes) -> last_delays.in_spikes;
        last_delays.out_spikes                      -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                      -> last_soma.current;
        last_soma.spikes                            -> last_rule.post_spikes, out_1;
        read_current.spikes                         -> out_0;
        last_synapses.kernel()                     <-> last_rule.kernel;
    }

    pub brain Net15(
        current: CurrentArray[2, 2], in_spikes: SpikeArray[4], signal: FloatArray[1],
    ) -> (out_0: SpikeArray, out_1: FloatArray, out_2: SpikeArray) {
        dt = 0.25ms;
        seed = 232150896;
        compat = SparkSnn1;

        n0            = CurrentSampler { seed: 4149276264, sample_size: 4 };
        n1            = ExponentialIntegrator { num_outputs: 1 };
        n2            = ExponentialIntegrator { seed: 2390132065, num_outputs: 2 };
        n3            = Cell15N3 { units: [2, 2], inhibitory_rate: 0.0, last_rule.seed: 3949250719 };
        n4            = ExponentialIntegrator { saturation_freq: 37.5Hz, num_outputs: 2, shuffle: false };
        read_signal   = RateEncoder { seed: 655870771 };
        last_delays   = N2NDelays { units: [3] };
        last_synapses = TracedSynapses {
            seed: 4158778712, tau: 6.25ms, units: [3],
            kernel: SparseUniformInitializer { scale: 300.0, density: 0.5 },
        };
        last_soma     = AdaptiveThresholdLeakySoma {
            potential_rest: -30mV, potential_reset: UniformInitializer { scale: -62.5, max_value: -46.875 },
            threshold_tau: UniformInitializer { scale: 15.0, min_value: 11.25 }, threshold_delta: 125mV,
        };
        last_rule     = HebbianRule { seed: 850610013 };

        current                                 -> n0.inputs, n3.current;
        in_spikes                               -> n2.spikes;
        signal                                  -> read_signal.signal;
        (last_soma.spikes, in_spikes)           -> n1.spikes, n3.in_spikes;
        n1.signal                               -> n3.signal;
        (last_soma.spikes, in_spikes, n3.out_1) -> n4.spikes;
        (n3.out_0, last_soma.spikes, in_spikes) -> last_delays.in_spikes;
        last_delays.out_spikes                  -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                  -> last_soma.current;
        last_soma.spikes                        -> last_rule.post_spikes, out_2;
        n3.out_1                                -> out_0;
        n4.signal                               -> out_1;
        last_synapses.kernel()                 <-> last_rule.kernel;
    }
}
