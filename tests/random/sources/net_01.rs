//! The model of `random network 1`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell1N4(
        in_spikes: SpikeArray, current: CurrentArray,
    ) -> (out_0: FloatArray, out_1: SpikeArray, out_2: SpikeArray) {
        n0            = ExponentialIntegrator { num_outputs: 1, shuffle: false };
        read_current  = IzhikevichSoma { resistance: 0.125GOhm };
        last_synapses = ConductanceSynapses {
            potential_rest: -30mV,
            kernel: NormalizedSparseUniformInitializer { scale: 11.666666666666666, density: 0.75 },
        };
        last_soma     = RefractoryExponentialSoma {
            potential_rest: [-33.90625mV, -26.25mV, -26.25mV, -29.53125mV, -31.71875mV], potential_tau: 3.75ms,
            threshold: UniformInitializer { scale: -30.0, max_value: -22.5 }, rheobase_threshold: -56.25mV,
            spike_slope: 2.25mV,
        };
        last_rule     = PairSTDPRule { post_tau: 15ms, a_minus: 0.013125000000000001 };

        in_spikes               -> n0.spikes;
        current                 -> read_current.current;
        read_current.spikes     -> last_synapses.spikes, last_rule.pre_spikes, out_1;
        last_soma.potential()   -> last_synapses.potential;
        last_synapses.currents  -> last_soma.current;
        last_soma.spikes        -> last_rule.post_spikes, out_2;
        n0.signal               -> out_0;
        last_synapses.kernel() <-> last_rule.kernel;
    }

    pub brain Net01(
        in_spikes: SpikeArray[2], current: CurrentArray[1],
    ) -> (out_0: SpikeArray, out_1: FloatArray, out_2: SpikeArray, out_3: SpikeArray) {
        dt = 0.25ms;
        seed = 1344862915;
        compat = SparkSnn1;

        n0            = RatePoissonSource { units: [5], rate: 150Hz };
        n1_synapses   = LinearSynapses {
            seed: 2253025589, units: [2], kernel: SparseUniformInitializer { scale: 1500.0, density: 0.5 },
        };
        n1_soma       = RefractoryExponentialSoma {
            potential_rest: ArrayValue::vector([-68.90625, -71.3671875]).of_type(Dtype::Float16),
            potential_reset: [-35.859375mV, -37.0546875mV],
            potential_tau: ArrayValue::vector([1.875, 2.34375]).of_type(Dtype::Float16), threshold: -33.75mV,
            cooldown: UniformInitializer { scale: 2.5, min_value: 1.875 },
        };
        n1_rule       = HebbianRule { pre_tau: 15ms, eta: 0.01125 };
        n4            = Cell1N4 { units: [5], inhibitory_rate: 0.0 };
        read_current  = RefractoryExponentialSoma { resistance: 0.625GOhm };
        last_delays   = ZeroDelay;
        last_synapses = ExponentialCurrentSynapses {
            units: [2], kernel: UniformInitializer { scale: 700.0, min_value: 70.0 },
        };
        last_soma     = SimplifiedAdaptiveExponentialSoma {
            seed: 3598988256, potential_reset: -25.5mV,
            potential_tau: UniformInitializer { scale: 2.5, min_value: 1.875 }, threshold: -33.75mV,
            cooldown: UniformInitializer { scale: 2.25, min_value: 1.6875 },
            threshold_delta: UniformInitializer { scale: 100.0, min_value: 75.0 },
        };
        last_rule     = ThreeFactorHebbianRule { seed: 478230369 };

        current                                    -> read_current.current;
        (n0.spikes, in_spikes, last_soma.spikes, n1_soma.spikes) -> n1_synapses.spikes, n1_rule.pre_spikes;
        n1_synapses.currents                       -> n1_soma.current, n4.current;
        n1_soma.spikes                             -> n1_rule.post_spikes, n4.in_spikes;
        (n4.out_1, read_current.spikes, in_spikes) -> last_delays.in_spikes;
        last_delays.out_spikes                     -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                     -> last_soma.current;
        last_soma.spikes                           -> last_rule.post_spikes, out_3;
        n4.out_0                                   -> last_rule.reward;
        n0.spikes                                  -> out_0;
        n1_synapses.kernel()                       -> out_1;
        read_current.spikes                        -> out_2;
        n1_synapses.kernel()                      <-> n1_rule.kernel;
        last_synapses.kernel()                    <-> last_rule.kernel;
    }
}
