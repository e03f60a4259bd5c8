//! The model of `random network 5`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net05(
        in_spikes: SpikeArray[2], signal: FloatArray[1], current: CurrentArray[2],
    ) -> (out_0: SpikeArray, out_1: FloatArray, out_2: SpikeArray, out_3: SpikeArray, out_4: FloatArray) {
        dt = 0.25ms;
        seed = 2952063973;
        compat = SparkSnn1;

        n0             = LIFNeuron { units: [1, 3], inhibitory_rate: 1.0 };
        n1             = Concat { seed: 1668756207 };
        read_in_spikes = ExponentialIntegrator { num_outputs: 2 };
        read_signal    = TopologicalLinearSpiker { tau: 112.5ms, maxs: 0.75, resolution: 3 };
        read_current   = SimplifiedAdaptiveExponentialSoma { spike_slope: 1mV, cooldown: 2.5ms };
        last_synapses  = RFSTracedSynapses {
            scale_slow_decay: 1.25, units: [2],
            kernel: NormalizedSparseUniformInitializer { scale: 1500.0, density: 0.75 },
        };
        last_soma      = AdaptiveThresholdLeakySoma {
            potential_rest: [-48.75mV, -58.125mV],
            potential_reset: UniformInitializer { scale: -62.5, max_value: -46.875 },
            threshold: ArrayValue::vector([-36.5625, -40.78125]).of_type(Dtype::Float16), cooldown: 2.25ms,
        };
        last_rule      = QuadrupletRule { pre_tau: 12.5ms, q_beta: 1.125, q_delta: 0.5 };

        in_spikes                         -> read_in_spikes.spikes;
        signal                            -> read_signal.signal, last_rule.modulation;
        current                           -> read_current.current;
        last_soma.spikes                  -> n0.in_spikes, last_rule.post_spikes, out_3;
        (n0.out_spikes, last_soma.spikes) -> n1.inputs;
        (n1.output, n0.out_spikes)        -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents            -> last_soma.current;
        n0.out_spikes                     -> out_0;
        read_in_spikes.signal             -> out_1;
        read_current.spikes               -> out_2;
        last_synapses.kernel()            -> out_4;
        last_synapses.kernel()           <-> last_rule.kernel;
    }
}
