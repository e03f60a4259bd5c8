//! The model of `random network 19`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell19N0(
        in_spikes: SpikeArray, signal: FloatArray, current: CurrentArray,
    ) -> (out_0: SpikeArray, out_1: SpikeArray) {
        read_in_spikes = ExponentialIntegrator { tau: 2.5ms, num_outputs: 3, smooth_trace: false };
        read_signal    = LatencyEncoder { tau: 12.5ms };
        read_current   = RefractoryExponentialSoma { spike_slope: 2.25mV };
        last_delays    = N2NDelays {
            delays: ArrayValue::from([[0.0, 6.0, 7.0, 7.0, 3.0, 6.0, 4.0], [7.0, 3.0, 4.0, 5.0, 3.0, 6.0, 1.0], [0.0, 7.0, 4.0, 5.0, 5.0, 5.0, 2.0], [0.0, 1.0, 1.0, 6.0, 5.0, 3.0, 6.0]]).of_type(Dtype::Int32),
        };
        last_synapses  = RFSTracedSynapses {
            scale_rise: 1.125, tau_fast_decay: 2.5ms, tau_slow_decay: 25ms,
            kernel: SparseUniformInitializer { scale: 300.0, density: 0.5 },
        };
        last_soma      = AdaptiveThresholdLeakySoma {
            potential_reset: -25mV, potential_tau: UniformInitializer { scale: 10.0, min_value: 7.5 },
            cooldown: 1.5ms, threshold_tau: UniformInitializer { scale: 20.0, min_value: 15.0 },
            threshold_delta: ArrayValue::from([[101.5625, 105.46875], [101.5625, 93.75]]).of_type(Dtype::Float16),
        };
        last_rule      = PairSTDPRule { pre_tau: 10ms, post_tau: 10ms };

        in_spikes               -> read_in_spikes.spikes, last_delays.in_spikes;
        signal                  -> read_signal.signal;
        current                 -> read_current.current;
        last_delays.out_spikes  -> last_synapses.spikes, last_rule.pre_spikes, out_0;
        last_synapses.currents  -> last_soma.current;
        self.inhibition_mask()  -> last_soma.inhibition_mask;
        last_soma.spikes        -> last_rule.post_spikes, out_1;
        last_synapses.kernel() <-> last_rule.kernel;
    }

    pub brain Net19(
        in_spikes: SpikeArray[4], signal: FloatArray[2, 2], current: CurrentArray[2],
    ) -> (out_0: SpikeArray, out_1: SpikeArray, out_2: SpikeArray) {
        dt = 0.5ms;
        seed = 2796930203;
        compat = Standard;

        n0            = Cell19N0 {
            units: [2, 2], inhibitory_rate: 0.0,
            read_signal.seed: 782079804,
            last_delays.seed: 3250297346,
        };
        n1            = LatencyEncoder { tau: 12.5ms };
        n2            = LIFNeuron { units: [2], inhibitory_rate: 0.0 };
        last_delays   = N2NDelays { units: [1, 3] };
        last_synapses = ConductanceSynapses {
            tau_excitatory: 5.625ms, units: [1, 3],
            kernel: NormalizedSparseUniformInitializer { scale: 5.0, density: 0.75 },
        };
        last_soma     = RefractoryExponentialSoma {
            seed: 2083037893, resistance: 0.25GOhm, threshold: -22.5mV, rheobase_threshold: -37.5mV,
            spike_slope: 1mV,
        };
        last_rule     = PairSTDPRule { post_tau: 22.5ms, a_minus: 0.007875 };

        signal                                   -> n0.signal, n1.signal;
        current                                  -> n0.current;
        (last_soma.spikes, in_spikes)            -> n0.in_spikes;
        (last_soma.spikes, n0.out_1, n1.spikes)  -> n2.in_spikes;
        (last_soma.spikes, in_spikes, n1.spikes) -> last_delays.in_spikes;
        last_delays.out_spikes                   -> last_synapses.spikes, last_rule.pre_spikes, out_1;
        last_soma.potential()                    -> last_synapses.potential;
        last_synapses.currents                   -> last_soma.current;
        last_soma.spikes                         -> last_rule.post_spikes, out_2;
        n0.out_1                                 -> out_0;
        last_synapses.kernel()                  <-> last_rule.kernel;
    }
}
