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
        last_synapses = ConductanceSynapses { kernel: UniformInitializer { scale: 25.0, min_value: 2.5 } };
        last_soma     = RefractoryLeakySoma {
            potential_tau: UniformInitializer { scale: 25.0, min_value: 18.75 },
            threshold: UniformInitializer { scale: -50.0, max_value: -37.5 }, cooldown: [1.96875ms, 1.6875ms],
        };

        in_spikes              -> n0.spikes;
        signal                 -> read_signal.signal;
        read_signal.spikes     -> last_delays.in_spikes;
        last_delays.out_spikes -> last_synapses.spikes, out_0;
        last_soma.potential()  -> last_synapses.potential;
        last_synapses.currents -> last_soma.current, out_1;
        last_soma.spikes       -> out_2;
    }

    pub brain Net21(
        signal: FloatArray[2, 2], in_spikes: SpikeArray[2],
    ) -> (out_0: SpikeArray, out_1: SpikeArray, out_2: SpikeArray) {
        dt = 1ms;
        seed = 1379699529;
        compat = SparkSnn1;

        n0            = TopologicalPoissonSpiker { max_freq: 50Hz, resolution: 3 };
        n1            = ConcatReshape { reshape: [2] };
        n2            = Cell21N2 { units: [2], inhibitory_rate: 0.0, read_signal.seed: 4217320241 };
        last_delays   = ZeroDelay { seed: 2802960776 };
        last_synapses = LinearSynapses {
            units: [2], kernel: UniformInitializer { scale: 700.0, min_value: 70.0 },
        };
        last_soma     = ExponentialSoma {
            potential_tau: 2.5ms, resistance: ArrayValue::vector([0.421875, 0.544921875]).of_type(Dtype::Float16),
            threshold: UniformInitializer { scale: -37.5, max_value: -28.125 }, rheobase_threshold: -37.5mV,
        };
        last_rule     = OjaRule { post_tau: 25ms, eta: 0.125 };

        signal                            -> n0.signal, n2.signal;
        last_soma.spikes                  -> n1.inputs, last_delays.in_spikes, last_rule.post_spikes, out_2;
        (in_spikes, n1.output, n0.spikes) -> n2.in_spikes;
        last_delays.out_spikes            -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents            -> last_soma.current;
        n0.spikes                         -> out_0;
        n1.output                         -> out_1;
        last_synapses.kernel()           <-> last_rule.kernel;
    }
}
