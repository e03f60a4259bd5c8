//! The model of `random network 11`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell11N1(
        in_spikes: SpikeArray, current: CurrentArray,
    ) -> (out_0: FloatArray, out_1: SpikeArray, out_2: SpikeArray) {
        read_in_spikes = ExponentialIntegrator { num_outputs: 1, smooth_trace: false };
        read_current   = StrictRefractoryLeakySoma { resistance: 0.05GOhm };
        last_delays    = ZeroDelay;
        last_synapses  = LinearSynapses {
            kernel: PairwiseBernoulliInitializer { probability: 0.5, weight: 1500.0 },
        };
        last_soma      = StrictRefractoryLeakySoma {
            potential_rest: UniformInitializer { scale: -30.0, max_value: -22.5 }, potential_reset: -25mV,
            resistance: 0.125GOhm, threshold: [-46.875mV, -45.3125mV],
        };

        in_spikes              -> read_in_spikes.spikes;
        current                -> read_current.current;
        read_current.spikes    -> last_delays.in_spikes;
        last_delays.out_spikes -> last_synapses.spikes, out_1;
        last_synapses.currents -> last_soma.current;
        read_in_spikes.signal  -> out_0;
        last_soma.spikes       -> out_2;
    }

    pub brain Net11(
        current: CurrentArray[4], in_spikes: SpikeArray[1],
    ) -> (
        out_0: SpikeArray, out_1: SpikeArray, out_2: CurrentArray, out_3: SpikeArray, out_4: FloatArray,
        out_5: SpikeArray, out_6: CurrentArray, out_7: SpikeArray,
    ) {
        dt = 1ms;
        seed = 139153364;
        compat = Standard;

        n0            = CurrentConcatReshape { reshape: [2, 2] };
        n1            = Cell11N1 { units: [2], inhibitory_rate: 0.0, last_soma.seed: 3426709810 };
        n2_delays     = NDelays;
        n2_synapses   = RFSTracedSynapses {
            seed: 706464791, tau_rise: 0.75ms, units: [2, 2],
            kernel: PairwiseBernoulliInitializer { probability: 0.5, weight: 700.0 },
        };
        n2_soma       = ExponentialSoma {
            potential_reset: -63.75mV, threshold: UniformInitializer { scale: -33.75, max_value: -25.3125 },
        };
        n5_delays     = ZeroDelay;
        n5_synapses   = RDTracedSynapses {
            tau_rise: 0.5ms, units: [1, 3], kernel: SparseUniformInitializer { scale: 1500.0, density: 0.5 },
        };
        n5_soma       = RefractoryExponentialSoma {
            potential_rest: UniformInitializer { scale: -87.5, max_value: -65.625 }, potential_tau: 6.25ms,
            rheobase_threshold: -37.5mV, spike_slope: 1.5mV,
            cooldown: ArrayValue::from([[1.359375, 1.265625, 1.40625]]).of_type(Dtype::Float16),
        };
        n5_rule       = QuadrupletRuleTensor { eta: 0.05 };
        last_delays   = NDelays {
            delays: ArrayValue::vector([7.0, 6.0, 1.0, 5.0, 6.0, 5.0, 1.0, 5.0]).of_type(Dtype::Int32),
        };
        last_synapses = LinearSynapses {
            units: [3], kernel: NormalizedSparseUniformInitializer { scale: 1500.0, density: 0.75 },
        };
        last_soma     = RefractoryLeakySoma {
            potential_rest: -67.5mV, potential_reset: [-42.1875mV, -43.75mV, -48.4375mV],
            potential_tau: ArrayValue::vector([20.390625, 18.28125, 17.578125]).of_type(Dtype::Float16),
            resistance: 0.07500000000000001GOhm,
            threshold: ArrayValue::vector([-22.5, -26.25, -26.25]).of_type(Dtype::Float16), cooldown: 2.5ms,
        };

        current                               -> n0.inputs, n1.current;
        (in_spikes, last_soma.spikes)         -> n1.in_spikes;
        (in_spikes, n1.out_2, n2_soma.spikes) -> n2_delays.in_spikes;
        n2_delays.out_spikes                  -> n2_synapses.spikes;
        n2_synapses.currents                  -> n2_soma.current, out_2;
        (n1.out_2, last_soma.spikes, n2_soma.spikes, n5_soma.spikes) -> n5_delays.in_spikes;
        n5_delays.out_spikes                  -> n5_synapses.spikes, n5_rule.pre_spikes;
        n5_synapses.currents                  -> n5_soma.current;
        n5_soma.spikes                        -> n5_rule.post_spikes;
        n1.out_0                              -> n5_rule.modulation;
        (n1.out_1, n2_soma.spikes)            -> last_delays.in_spikes;
        last_delays.out_spikes                -> last_synapses.spikes, out_5;
        last_synapses.currents                -> last_soma.current, out_6;
        n1.out_1                              -> out_0;
        n1.out_2                              -> out_1;
        n2_soma.spikes                        -> out_3;
        n5_synapses.kernel()                  -> out_4;
        last_soma.spikes                      -> out_7;
        n5_synapses.kernel()                 <-> n5_rule.kernel;
    }
}
