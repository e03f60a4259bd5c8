//! The model of `random network 2`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net02(
        in_spikes: SpikeArray[2], signal: FloatArray[2, 2],
    ) -> (out_0: CurrentArray, out_1: SpikeArray, out_2: FloatArray) {
        dt = 0.5ms;
        seed = 1485196588;
        compat = SparkSnn1;

        n0            = ExponentialIntegrator { tau: 6.25ms, num_outputs: 3 };
        n1            = AdExNeuron { units: [3], inhibitory_rate: 0.3 };
        n2            = LatencyEncoder;
        n3            = LIFNeuron { units: [3], inhibitory_rate: 1.0, seed: 844568711 };
        n4            = TopologicalPoissonSpiker { max_freq: 50Hz, resolution: 3 };
        last_delays   = N2NDelays { units: [5] };
        last_synapses = ConductanceSynapses {
            tau_excitatory: 6.25ms, units: [5], kernel: SparseUniformInitializer { scale: 5.0, density: 0.5 },
        };
        last_soma     = AdaptiveCurrentLeakySoma {
            seed: 1859510857, potential_rest: -67.5mV,
            threshold: ArrayValue::vector([-26.25, -28.125, -29.0625, -25.3125, -26.25]).of_type(Dtype::Float16),
            adaptation_delta: UniformInitializer { scale: 5.25, min_value: 3.9375 },
            adaptation_subthreshold: ArrayValue::vector([0.203125, 0.2109375, 0.234375, 0.2109375, 0.2421875]).of_type(Dtype::Float16),
        };
        last_rule     = PairSTDPRule { post_tau: 10ms, a_plus: 0.0075, a_minus: 0.013125000000000001 };

        signal                        -> n2.signal, n4.signal;
        (last_soma.spikes, in_spikes) -> n0.spikes;
        (in_spikes, last_soma.spikes) -> n1.in_spikes;
        last_soma.spikes              -> n3.in_spikes, last_rule.post_spikes, out_1;
        n1.out_spikes                 -> last_delays.in_spikes;
        last_delays.out_spikes        -> last_synapses.spikes, last_rule.pre_spikes;
        last_soma.potential()         -> last_synapses.potential;
        last_synapses.currents        -> last_soma.current, out_0;
        last_synapses.kernel()        -> out_2;
        last_synapses.kernel()       <-> last_rule.kernel;
    }
}
