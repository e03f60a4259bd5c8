//! The model of `random network 21`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell21N2(
        in_spikes: SpikeArray, signal: FloatArray,
    ) -> (out_0: SpikeArray, out_1: CurrentArray, out_2: SpikeArray) {
        n0            = ExponentialIntegrator { num_outputs: 3 };
        read_signal   = LinearSpiker { tau: 112.5ms };
        last_delays   = N2NDelays {
            delays: ArrayValue::from([[1.0, 2.0, 7.0, 1.0], [6.0, 3.0, 2.0, 5.0]]).of_type(Dtype::Int32),
        };
        last_synapses = RDTracedSynapses {
            scale_rise: 1.125, kernel: NormalizedSparseUniformInitializer { scale: 700.0, density: 0.75 },
        };
        last_noise    = PoissonBackground;
        last_sum      = CurrentSum;
        last_soma     = RefractoryLeakySoma {
            potential_tau: ArrayValue::vector([9.6875, 8.4375]).of_type(Dtype::Float16), resistance: 0.1125GOhm,
            threshold: -30mV, cooldown: 2.25ms,
        };
        last_rule     = ZenkeRule { a: 0.5, c: -1.125, d: 1.125, p: 22.5 };

        in_spikes                                     -> n0.spikes;
        signal                                        -> read_signal.signal;
        read_signal.spikes                            -> last_delays.in_spikes, out_0;
        last_delays.out_spikes                        -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                        -> last_noise.current;
        (last_synapses.currents, last_noise.currents) -> last_sum.inputs;
        last_sum.currents                             -> last_soma.current;
        self.inhibition_mask()                        -> last_soma.inhibition_mask;
        last_soma.spikes                              -> last_rule.post_spikes, out_2;
        last_noise.currents                           -> out_1;
        last_synapses.kernel()                       <-> last_rule.kernel;
    }

    pub brain Net21(
        signal: FloatArray[2, 2], in_spikes: SpikeArray[2],
    ) -> (out_0: SpikeArray, out_1: SpikeArray) {
        dt = 1ms;
        seed = 3054046095;
        compat = SparkSnn1;

        n0            = TopologicalPoissonSpiker { max_freq: 50Hz, resolution: 3 };
        n1            = ConcatReshape { reshape: [2] };
        n2            = Cell21N2 {
            units: [2], inhibitory_rate: 0.3,
            read_signal.seed: 4217320241,
            last_sum.seed: 881918574,
        };
        last_delays   = ZeroDelay;
        last_synapses = LinearSynapses {
            units: [2], kernel: SparseUniformInitializer { scale: 300.0, density: 0.5 },
        };
        last_soma     = AdaptiveCurrentLeakySoma {
            resistance: ArrayValue::vector([0.101953125, 0.10898437500000001]).of_type(Dtype::Float16),
            adaptation_tau: 75ms, adaptation_delta: UniformInitializer { scale: 7.875, min_value: 5.90625 },
        };

        signal                            -> n0.signal, n2.signal;
        last_soma.spikes                  -> n1.inputs, out_1;
        (in_spikes, n1.output, n0.spikes) -> n2.in_spikes;
        (n1.output, n0.spikes)            -> last_delays.in_spikes;
        last_delays.out_spikes            -> last_synapses.spikes;
        last_synapses.currents            -> last_soma.current;
        n0.spikes                         -> out_0;
    }
}
