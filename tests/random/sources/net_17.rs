//! The model of `random network 17`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net17(
        in_spikes: SpikeArray[4], current: CurrentArray[1], signal: FloatArray[4],
    ) -> (out_0: SpikeArray, out_1: SpikeArray, out_2: CurrentArray, out_3: SpikeArray, out_4: SpikeArray) {
        dt = 1ms;
        seed = 3374652458;
        compat = Standard;

        n0            = Sampler { sample_size: 1 };
        n1_synapses   = RFSTracedSynapses {
            units: [1, 3], kernel: SparseUniformInitializer { scale: 1500.0, density: 0.5 },
        };
        n1_soma       = AdaptiveCurrentLeakySoma {
            potential_rest: -30mV, potential_reset: UniformInitializer { scale: -25.0, max_value: -18.75 },
            resistance: ArrayValue::from([[0.094921875, 0.0984375, 0.10546875]]).of_type(Dtype::Float16),
            adaptation_tau: [[93.75ms, 87.5ms, 87.5ms]], adaptation_delta: 3.5pA,
        };
        n3            = RefractoryLeakySoma { threshold: -30mV };
        n4            = CurrentConcatReshape { reshape: [4] };
        read_signal   = RateEncoder;
        last_delays   = ZeroDelay;
        last_synapses = ShortTermSynapses {
            units: [5], kernel: SparseUniformInitializer { scale: 700.0, density: 0.5 },
        };
        last_soma     = StrictRefractoryLeakySoma {
            seed: 304467499, potential_rest: UniformInitializer { scale: -45.0, max_value: -33.75 },
            potential_tau: 10ms,
            resistance: UniformInitializer { scale: 0.07500000000000001, min_value: 0.05625000000000001 },
            cooldown: 1ms,
        };

        in_spikes                                     -> n0.inputs;
        current                                       -> n3.current;
        signal                                        -> read_signal.signal;
        (in_spikes, last_soma.spikes, n0.output)      -> n1_synapses.spikes;
        n1_synapses.currents                          -> n1_soma.current;
        (n1_synapses.currents, current)               -> n4.inputs;
        (n1_soma.spikes, last_soma.spikes, n3.spikes) -> last_delays.in_spikes;
        last_delays.out_spikes                        -> last_synapses.spikes;
        last_synapses.currents                        -> last_soma.current;
        n1_soma.spikes                                -> out_0;
        n3.spikes                                     -> out_1;
        n4.output                                     -> out_2;
        read_signal.spikes                            -> out_3;
        last_soma.spikes                              -> out_4;
    }
}
