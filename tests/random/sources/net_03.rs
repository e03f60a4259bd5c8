//! The model of `random network 3`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell3N4(in_spikes: SpikeArray, current: CurrentArray) -> (out_0: SpikeArray, out_1: SpikeArray) {
        n0            = Sampler { sample_size: 3 };
        read_current  = AdaptiveThresholdLeakySoma {
            potential_reset: -62.5mV, resistance: 0.07500000000000001GOhm,
        };
        last_delays   = ZeroDelay;
        last_synapses = ExponentialCurrentSynapses {
            tau_inhibitory: 11.25ms, kernel: ConstantInitializer { scale: 300.0 },
        };
        last_soma     = LeakySoma {
            potential_reset: UniformInitializer { scale: -25.0, max_value: -18.75 }, potential_tau: 22.5ms,
            resistance: UniformInitializer { scale: 0.1, min_value: 0.07500000000000001 },
        };

        in_spikes              -> n0.inputs;
        current                -> read_current.current;
        read_current.spikes    -> last_delays.in_spikes;
        last_delays.out_spikes -> last_synapses.spikes, out_0;
        last_synapses.currents -> last_soma.current;
        self.inhibition_mask() -> last_soma.inhibition_mask;
        last_soma.spikes       -> out_1;
    }

    pub brain Net03(
        current: CurrentArray[2, 2], in_spikes: SpikeArray[4],
    ) -> (out_0: SpikeArray, out_1: SpikeArray, out_2: SpikeArray, out_3: FloatArray) {
        dt = 0.5ms;
        seed = 2002573534;
        compat = SparkSnn1;

        n0_delays      = ZeroDelay;
        n0_synapses    = RFSTracedSynapses {
            scale_slow_decay: 1.125, units: [5], kernel: ConstantInitializer { scale: 700.0 },
        };
        n0_soma        = AdaptiveCurrentLeakySoma {
            seed: 1968800048, potential_rest: [-63.28125mV, -63.28125mV, -58.59375mV, -65.625mV, -70.3125mV],
            potential_reset: UniformInitializer { scale: -37.5, max_value: -28.125 }, potential_tau: 22.5ms,
            threshold: UniformInitializer { scale: -40.0, max_value: -30.0 },
            adaptation_delta: ArrayValue::vector([7.13671875, 7.62890625, 6.64453125, 7.3828125, 5.90625]).of_type(Dtype::Float16),
        };
        n0_rule        = OjaRule;
        n4             = Cell3N4 { units: [3], inhibitory_rate: 0.0, last_soma.seed: 1722337058 };
        n5             = AdaptiveCurrentLeakySoma {
            potential_rest: -45mV, potential_tau: 10ms, adaptation_subthreshold: 0.25nS,
        };
        n6             = AdExNeuron { units: [3], inhibitory_rate: 0.3, seed: 3917323303 };
        read_in_spikes = ExponentialIntegrator { seed: 2481495357, saturation_freq: 25Hz, num_outputs: 2 };
        last_synapses  = ShortTermSynapses {
            tau_rec: 1000ms, units: [5], kernel: ConstantInitializer { scale: 300.0 },
        };
        last_soma      = AdaptiveExponentialSoma {
            seed: 3260769959, potential_rest: -52.5mV,
            potential_reset: [-22.3125mV, -20.71875mV, -23.90625mV, -24.703125mV, -24.703125mV],
            potential_tau: 2.5ms, resistance: UniformInitializer { scale: 0.25, min_value: 0.1875 },
            threshold: ArrayValue::vector([-11.71875, -14.0625, -11.25, -12.1875, -13.59375]).of_type(Dtype::Float16),
            adaptation_tau: UniformInitializer { scale: 112.5, min_value: 84.375 },
            adaptation_subthreshold: 0.25nS,
        };
        last_rule      = OjaRule;

        current                    -> n4.current;
        in_spikes                  -> read_in_spikes.spikes;
        last_soma.spikes           -> n0_delays.in_spikes, last_rule.post_spikes, out_2;
        n0_delays.out_spikes       -> n0_synapses.spikes, n0_rule.pre_spikes, n4.in_spikes, last_synapses.spikes;
        n0_delays.out_spikes       -> last_rule.pre_spikes;
        n0_synapses.currents       -> n0_soma.current, n5.current;
        n0_soma.spikes             -> n0_rule.post_spikes;
        (n0_soma.spikes, n4.out_0) -> n6.in_spikes;
        last_synapses.currents     -> last_soma.current;
        n5.spikes                  -> out_0;
        n6.out_spikes              -> out_1;
        last_synapses.kernel()     -> out_3;
        n0_synapses.kernel()      <-> n0_rule.kernel;
        last_synapses.kernel()    <-> last_rule.kernel;
    }
}
