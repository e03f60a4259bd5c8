//! The model of `random network 5`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net05(
        in_spikes: SpikeArray[2], signal: FloatArray[1], current: CurrentArray[2],
    ) -> (out_0: SpikeArray, out_1: CurrentArray, out_2: SpikeArray) {
        dt = 1ms;
        seed = 3878044888;
        compat = SparkSnn1;

        n0             = LIFNeuron { units: [1, 3], inhibitory_rate: 1.0 };
        n1             = Concat { seed: 1668756207 };
        read_in_spikes = ExponentialIntegrator { num_outputs: 2 };
        read_signal    = TopologicalLinearSpiker { tau: 112.5ms, maxs: 0.75, resolution: 3 };
        read_current   = SimplifiedAdaptiveExponentialSoma { spike_slope: 1mV, cooldown: 2.5ms };
        last_synapses  = RDTracedSynapses {
            tau_decay: 5.625ms, units: [2], kernel: UniformInitializer { scale: 300.0, min_value: 30.0 },
        };
        last_soma      = AdaptiveCurrentLeakySoma {
            potential_rest: -75mV,
            potential_reset: ArrayValue::vector([-35.15625, -28.125]).of_type(Dtype::Float16),
            potential_tau: [19.375ms, 17.5ms], resistance: 0.1125GOhm, threshold: -50mV,
            adaptation_tau: [96.875ms, 81.25ms], adaptation_delta: 3.5pA, adaptation_subthreshold: 0.375nS,
        };
        last_rule      = QuadrupletRule { seed: 4037024857, q_gamma: 1.25, gamma: 0.125 };

        in_spikes                         -> read_in_spikes.spikes;
        signal                            -> read_signal.signal, last_rule.modulation;
        current                           -> read_current.current;
        last_soma.spikes                  -> n0.in_spikes, last_rule.post_spikes, out_2;
        (n0.out_spikes, last_soma.spikes) -> n1.inputs;
        (n1.output, n0.out_spikes)        -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents            -> last_soma.current, out_1;
        read_signal.spikes                -> out_0;
        last_synapses.kernel()           <-> last_rule.kernel;
    }
}
