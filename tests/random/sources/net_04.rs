//! The model of `random network 4`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell4N1(in_spikes: SpikeArray, current: CurrentArray) -> (out_0: FloatArray, out_1: SpikeArray) {
        n0            = ExponentialIntegrator { num_outputs: 2, shuffle: false };
        read_current  = ExponentialSoma { potential_rest: -52.5mV, spike_slope: 2.5mV };
        last_delays   = N2NDelays;
        last_synapses = ConductanceSynapses { kernel: UniformInitializer { scale: 5.0, min_value: 0.5 } };
        last_soma     = AdaptiveExponentialSoma {
            potential_rest: -52.5mV, threshold: -15mV,
            adaptation_tau: ArrayValue::vector([90.625, 93.75, 84.375, 87.5, 96.875]).of_type(Dtype::Float16),
        };
        last_rule     = PairSTDPRule {
            pre_tau: 10ms, post_tau: 25ms, a_plus: 0.01125, a_minus: 0.00525, w_max: 2000.0,
        };

        in_spikes                        -> n0.spikes;
        current                          -> read_current.current;
        (in_spikes, read_current.spikes) -> last_delays.in_spikes;
        last_delays.out_spikes           -> last_synapses.spikes, last_rule.pre_spikes;
        last_soma.potential()            -> last_synapses.potential;
        last_synapses.currents           -> last_soma.current;
        last_soma.spikes                 -> last_rule.post_spikes, out_1;
        n0.signal                        -> out_0;
        last_synapses.kernel()          <-> last_rule.kernel;
    }

    pub brain Net04(
        in_spikes: SpikeArray[2], current: CurrentArray[2],
    ) -> (out_0: SpikeArray, out_1: SpikeArray, out_2: SpikeArray, out_3: FloatArray) {
        dt = 0.5ms;
        seed = 4145157917;
        compat = SparkSnn1;

        n0            = ALIFNeuron { units: [1, 3], inhibitory_rate: 0.3 };
        n1            = Cell4N1 {
            units: [5], inhibitory_rate: 0.0,
            read_current.seed: 2458179677,
            last_synapses.seed: 412759555,
        };
        n2            = RatePoissonSource { seed: 3101762525, units: [2, 2], rate: 60Hz };
        n3_delays     = ZeroDelay;
        n3_synapses   = ConductanceSynapses {
            seed: 779459830, reversal_inhibitory: -90mV, potential_rest: -30mV, units: [1, 3],
            kernel: NormalizedSparseUniformInitializer { scale: 11.666666666666666, density: 0.75 },
        };
        n3_soma       = StrictRefractoryLeakySoma {
            potential_reset: -37.5mV, potential_tau: [[16.25ms, 18.125ms, 15ms]],
            resistance: UniformInitializer { scale: 0.1125, min_value: 0.084375 },
            threshold: ArrayValue::from([[-28.125, -29.0625, -22.5]]).of_type(Dtype::Float16),
            cooldown: [[1.5625ms, 1.9375ms, 1.8125ms]],
        };
        n3_rule       = PairSTDPRule { seed: 3032663534, a_plus: 0.0075, w_max: 2000.0 };
        last_synapses = LinearSynapses {
            units: [1, 3], kernel: NormalizedSparseUniformInitializer { scale: 1500.0, density: 0.75 },
        };
        last_soma     = StrictRefractoryLeakySoma {
            potential_reset: ArrayValue::from([[-60.546875, -58.59375, -50.78125]]).of_type(Dtype::Float16),
            resistance: UniformInitializer { scale: 0.07500000000000001, min_value: 0.05625000000000001 },
            threshold: UniformInitializer { scale: -30.0, max_value: -22.5 },
        };
        last_rule     = HebbianRule { pre_tau: 25ms };

        in_spikes                             -> n0.in_spikes;
        current                               -> n1.current;
        n0.out_spikes                         -> n1.in_spikes;
        (n0.out_spikes, n2.spikes, in_spikes) -> n3_delays.in_spikes;
        n3_delays.out_spikes                  -> n3_synapses.spikes, n3_rule.pre_spikes;
        n3_soma.potential()                   -> n3_synapses.potential;
        n3_synapses.currents                  -> n3_soma.current;
        n3_soma.spikes                        -> n3_rule.post_spikes, out_1;
        (last_soma.spikes, n2.spikes)         -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                -> last_soma.current;
        last_soma.spikes                      -> last_rule.post_spikes, out_2;
        n2.spikes                             -> out_0;
        last_synapses.kernel()                -> out_3;
        n3_synapses.kernel()                 <-> n3_rule.kernel;
        last_synapses.kernel()               <-> last_rule.kernel;
    }
}
