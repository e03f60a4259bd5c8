//! The model of `random network 10`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub brain Net10(
        in_spikes: SpikeArray[1], signal: FloatArray[4],
    ) -> (out_0: SpikeArray, out_1: SpikeArray, out_2: SpikeArray) {
        dt = 1ms;
        seed = 3294326809;
        compat = SparkSnn1;

        n0            = SpikeListSource { units: [5], times: [20.5ms], indices: [1], period: 45ms };
        n1_synapses   = RDTracedSynapses {
            tau_rise: 1.125ms, units: [3], kernel: UniformInitializer { scale: 300.0, min_value: 30.0 },
        };
        n1_soma       = RefractoryLeakySoma {
            potential_reset: UniformInitializer { scale: -25.0, max_value: -18.75 },
            resistance: UniformInitializer { scale: 0.1125, min_value: 0.084375 }, threshold: -45mV,
        };
        n3            = ExponentialIntegrator { num_outputs: 1, smooth_trace: false };
        read_signal   = TopologicalPoissonSpiker { resolution: 3 };
        last_delays   = N2NDelays {
            units: [1, 3],
            delays: ArrayValue::from([[6.0, 3.0, 2.0, 4.0, 6.0, 4.0, 7.0, 5.0, 5.0, 7.0, 1.0, 1.0, 2.0, 4.0, 1.0], [3.0, 0.0, 7.0, 0.0, 3.0, 2.0, 2.0, 2.0, 7.0, 6.0, 5.0, 2.0, 1.0, 7.0, 5.0], [5.0, 2.0, 4.0, 7.0, 6.0, 5.0, 7.0, 3.0, 0.0, 3.0, 7.0, 2.0, 1.0, 7.0, 0.0]]).of_type(Dtype::Int32),
        };
        last_synapses = RDTracedSynapses {
            scale_decay: 1.125, units: [1, 3], kernel: SparseUniformInitializer { scale: 700.0, density: 0.5 },
        };
        last_soma     = StrictRefractoryLeakySoma {
            seed: 1227456983, potential_reset: UniformInitializer { scale: -62.5, max_value: -46.875 },
            potential_tau: 10ms, resistance: 0.1125GOhm,
            threshold: ArrayValue::from([[-16.25, -15.0, -16.875]]).of_type(Dtype::Float16),
            cooldown: [[1.96875ms, 1.96875ms, 1.6875ms]],
        };

        signal                               -> read_signal.signal;
        (in_spikes, last_soma.spikes)        -> n1_synapses.spikes;
        n1_synapses.currents                 -> n1_soma.current;
        n1_soma.spikes                       -> n3.spikes, out_1;
        (read_signal.spikes, n1_soma.spikes) -> last_delays.in_spikes;
        last_delays.out_spikes               -> last_synapses.spikes;
        last_synapses.currents               -> last_soma.current;
        n0.spikes                            -> out_0;
        last_soma.spikes                     -> out_2;
    }
}
