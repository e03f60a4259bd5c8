//! The model of `random network 2`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net02(
        in_spikes: SpikeArray[2], signal: FloatArray[2, 2],
    ) -> (out_0: SpikeArray, out_1: SpikeArray) {
        dt = 0.25ms;
        seed = 2061485171;
        compat = SparkSnn1;

        n0            = ExponentialIntegrator { tau: 6.25ms, num_outputs: 3 };
        n1            = AdExNeuron { units: [3], inhibitory_rate: 0.3 };
        n2            = LatencyEncoder;
        n3            = LIFNeuron { units: [3], inhibitory_rate: 1.0, seed: 844568711 };
        n4            = TopologicalPoissonSpiker { max_freq: 50Hz, resolution: 3 };
        last_delays   = N2NDelays { units: [5] };
        last_synapses = RDTracedSynapses {
            seed: 39864460, tau_rise: 1.25ms, units: [5], kernel: ConstantInitializer { scale: 1500.0 },
        };
        last_soma     = StrictRefractoryLeakySoma {
            potential_rest: -67.5mV,
            threshold: ArrayValue::vector([-26.25, -28.125, -29.0625, -25.3125, -26.25]).of_type(Dtype::Float16),
        };

        signal                        -> n2.signal, n4.signal;
        (last_soma.spikes, in_spikes) -> n0.spikes;
        (in_spikes, last_soma.spikes) -> n1.in_spikes;
        last_soma.spikes              -> n3.in_spikes, out_1;
        n1.out_spikes                 -> last_delays.in_spikes;
        last_delays.out_spikes        -> last_synapses.spikes;
        last_synapses.currents        -> last_soma.current;
        n4.spikes                     -> out_0;
    }
}
