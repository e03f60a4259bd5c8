//! The model of `random network 9`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell9N0(signal: FloatArray, in_spikes: SpikeArray) -> (out_0: CurrentArray, out_1: SpikeArray) {
        n0             = FloatConcat;
        read_in_spikes = ExponentialIntegrator { tau: 3.75ms, num_outputs: 2, smooth_trace: false };
        last_synapses  = TracedSynapses {
            kernel: NormalizedSparseUniformInitializer { scale: 1500.0, density: 0.75 },
        };
        last_soma      = RefractoryExponentialSoma { potential_tau: 6.25ms, cooldown: 1ms };
        last_rule      = PairSTDPRule { a_plus: 0.01125 };

        signal                  -> n0.inputs;
        in_spikes               -> read_in_spikes.spikes, last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents  -> last_soma.current, out_0;
        self.inhibition_mask()  -> last_soma.inhibition_mask;
        last_soma.spikes        -> last_rule.post_spikes, out_1;
        last_synapses.kernel() <-> last_rule.kernel;
    }

    pub neuron Cell9N2(
        signal: FloatArray, in_spikes: SpikeArray, current: CurrentArray,
    ) -> (out_0: CurrentArray, out_1: SpikeArray) {
        n0             = LinearSpiker;
        read_in_spikes = ExponentialIntegrator { saturation_freq: 62.5Hz, num_outputs: 1, shuffle: false };
        read_current   = IzhikevichSoma;
        last_delays    = N2NDelays {
            delays: ArrayValue::from([[6.0, 0.0, 4.0, 0.0, 6.0, 6.0, 4.0], [5.0, 6.0, 1.0, 3.0, 3.0, 3.0, 4.0]]).of_type(Dtype::Int32),
        };
        last_synapses  = ShortTermSynapses { kernel: SparseUniformInitializer { scale: 700.0, density: 0.5 } };
        last_noise     = PoissonBackground { weight: 7.5pA };
        last_sum       = CurrentSum;
        last_soma      = AdaptiveExponentialSoma {
            potential_reset: -63.75mV, resistance: UniformInitializer { scale: 0.25, min_value: 0.1875 },
            rheobase_threshold: [-24.21875mV, -24.21875mV], adaptation_tau: 75ms,
        };
        last_rule      = PairSTDPRule { post_tau: 22.5ms, a_plus: 0.0075 };

        signal                                        -> n0.signal;
        in_spikes                                     -> read_in_spikes.spikes;
        current                                       -> read_current.current;
        (read_current.spikes, n0.spikes)              -> last_delays.in_spikes;
        last_delays.out_spikes                        -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                        -> last_noise.current;
        (last_synapses.currents, last_noise.currents) -> last_sum.inputs;
        last_sum.currents                             -> last_soma.current, out_0;
        last_soma.spikes                              -> last_rule.post_spikes, out_1;
        last_synapses.kernel()                       <-> last_rule.kernel;
    }

    pub brain Net09(
        in_spikes: SpikeArray[2], signal: FloatArray[4],
    ) -> (out_0: SpikeArray, out_1: SpikeArray, out_2: FloatArray) {
        dt = 1ms;
        seed = 4144759366;
        compat = SparkSnn1;

        n0            = Cell9N0 { units: [3], inhibitory_rate: 0.0, last_synapses.seed: 1899864948 };
        n1            = ExponentialIntegrator { num_outputs: 2 };
        n2            = Cell9N2 { units: [2], inhibitory_rate: 0.0 };
        last_delays   = N2NDelays {
            units: [2, 2],
            delays: ArrayValue::from([[1.0, 4.0], [6.0, 0.0], [5.0, 7.0], [1.0, 3.0]]).of_type(Dtype::Int32),
        };
        last_synapses = RFSTracedSynapses {
            units: [2, 2], kernel: SparseUniformInitializer { scale: 700.0, density: 0.5 },
        };
        last_soma     = RefractoryExponentialSoma {
            potential_rest: -35mV, potential_tau: 6.25ms, spike_slope: 1mV,
        };
        last_rule     = OjaRule;

        in_spikes                     -> n0.in_spikes, n2.in_spikes;
        signal                        -> n0.signal, n2.signal;
        (last_soma.spikes, in_spikes) -> n1.spikes;
        n0.out_0                      -> n2.current;
        n2.out_1                      -> last_delays.in_spikes;
        last_delays.out_spikes        -> last_synapses.spikes, last_rule.pre_spikes, out_0;
        last_synapses.currents        -> last_soma.current;
        last_soma.spikes              -> last_rule.post_spikes, out_1;
        last_synapses.kernel()        -> out_2;
        last_synapses.kernel()       <-> last_rule.kernel;
    }
}
