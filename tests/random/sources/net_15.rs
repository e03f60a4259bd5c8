//! The model of `random network 15`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell15N3(
        signal: FloatArray, in_spikes: SpikeArray, current: CurrentArray,
    ) -> (out_0: FloatArray, out_1: SpikeArray, out_2: SpikeArray, out_3: FloatArray) {
        n0             = TopologicalLinearSpiker { resolution: 3 };
        read_in_spikes = ExponentialIntegrator { num_outputs: 2, smooth_trace: false };
        read_current   = SimplifiedAdaptiveExponentialSoma {
            threshold: -22.5mV, spike_slope: 2.5mV, threshold_tau: 15ms,
        };
        last_delays    = N2NDelays {
            delays: ArrayValue::from([[3.0, 0.0, 4.0, 5.0, 0.0, 2.0, 7.0, 5.0, 5.0, 3.0, 1.0, 2.0, 5.0, 5.0], [1.0, 3.0, 6.0, 0.0, 2.0, 2.0, 4.0, 2.0, 3.0, 2.0, 4.0, 3.0, 2.0, 5.0], [3.0, 3.0, 5.0, 3.0, 5.0, 7.0, 1.0, 6.0, 0.0, 2.0, 3.0, 6.0, 0.0, 1.0], [0.0, 6.0, 6.0, 2.0, 5.0, 5.0, 5.0, 1.0, 5.0, 4.0, 4.0, 1.0, 4.0, 2.0]]).of_type(Dtype::Int32),
        };
        last_synapses  = RDTracedSynapses {
            tau_decay: 3.75ms, kernel: NormalizedSparseUniformInitializer { scale: 1500.0, density: 0.75 },
        };
        last_soma      = IzhikevichSoma {
            potential_rest: -81.25mV, potential_reset: UniformInitializer { scale: -81.25, max_value: -60.9375 },
            resistance: 0.05GOhm,
            recovery_sensitivity: UniformInitializer { scale: 0.2, min_value: 0.15000000000000002 },
            recovery_update: UniformInitializer { scale: 2.0, min_value: 1.5 },
        };
        last_rule      = OjaRule;

        signal                                      -> n0.signal;
        in_spikes                                   -> read_in_spikes.spikes;
        current                                     -> read_current.current;
        (n0.spikes, read_current.spikes, in_spikes) -> last_delays.in_spikes;
        last_delays.out_spikes                      -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                      -> last_soma.current;
        self.inhibition_mask()                      -> last_soma.inhibition_mask;
        last_soma.spikes                            -> last_rule.post_spikes, out_2;
        read_in_spikes.signal                       -> out_0;
        read_current.spikes                         -> out_1;
        last_synapses.kernel()                      -> out_3;
        last_synapses.kernel()                     <-> last_rule.kernel;
    }

    pub brain Net15(
        current: CurrentArray[2, 2], in_spikes: SpikeArray[4], signal: FloatArray[1],
    ) -> (
        out_0: CurrentArray, out_1: SpikeArray, out_2: FloatArray, out_3: SpikeArray, out_4: SpikeArray,
        out_5: CurrentArray, out_6: SpikeArray,
    ) {
        dt = 0.25ms;
        seed = 898505181;
        compat = SparkSnn1;

        n0            = CurrentSampler { seed: 4149276264, sample_size: 4 };
        n1            = ExponentialIntegrator { num_outputs: 1 };
        n2            = ExponentialIntegrator { seed: 2390132065, num_outputs: 2 };
        n3            = Cell15N3 { units: [2, 2], inhibitory_rate: 0.0 };
        n4            = AdaptiveThresholdLeakySoma { potential_rest: -45mV };
        read_signal   = LatencyEncoder { seed: 2317175314 };
        last_delays   = N2NDelays { units: [3] };
        last_synapses = RFSTracedSynapses {
            alpha: 0.4, tau_rise: 1.25ms, tau_fast_decay: 3.75ms, scale_fast_decay: 1.125, units: [3],
            kernel: [
                [324pA, 58pA, 637pA, 570pA, 634pA, 114pA, 663pA, 595pA, 503pA],
                [508pA, 30pA, 430pA, 77pA, 87pA, 384pA, 45pA, 100pA, 255pA],
                [622pA, 407pA, 500pA, 264pA, 131pA, 185pA, 493pA, 486pA, 684pA],
            ],
        };
        last_soma     = AdaptiveExponentialSoma {
            potential_rest: ArrayValue::vector([-45.9375, -45.9375, -44.296875]).of_type(Dtype::Float16),
            potential_reset: -57.375mV, threshold: -15mV,
        };

        current                                    -> n0.inputs, n3.current, n4.current;
        in_spikes                                  -> n2.spikes;
        signal                                     -> read_signal.signal;
        (last_soma.spikes, in_spikes)              -> n1.spikes, n3.in_spikes;
        n1.signal                                  -> n3.signal;
        (in_spikes, n4.spikes, read_signal.spikes) -> last_delays.in_spikes;
        last_delays.out_spikes                     -> last_synapses.spikes, out_4;
        last_synapses.currents                     -> last_soma.current, out_5;
        n0.output                                  -> out_0;
        n3.out_2                                   -> out_1;
        n3.out_3                                   -> out_2;
        read_signal.spikes                         -> out_3;
        last_soma.spikes                           -> out_6;
    }
}
