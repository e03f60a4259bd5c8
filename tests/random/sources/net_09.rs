//! The model of `random network 9`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell9N0(signal: FloatArray, in_spikes: SpikeArray) -> (out_0: FloatArray, out_1: SpikeArray) {
        n0             = FloatConcat;
        read_in_spikes = ExponentialIntegrator { tau: 3.75ms, num_outputs: 2, smooth_trace: false };
        last_synapses  = LinearSynapses { kernel: ConstantInitializer { scale: 300.0 } };
        last_soma      = AdaptiveCurrentLeakySoma {
            potential_reset: [-46.875mV, -39.0625mV, -43.75mV], potential_tau: [15.625ms, 18.75ms, 16.875ms],
            threshold: -30mV,
            adaptation_tau: ArrayValue::vector([60.9375, 63.28125, 67.96875]).of_type(Dtype::Float16),
            adaptation_delta: 5.25pA,
        };

        signal                 -> n0.inputs;
        in_spikes              -> read_in_spikes.spikes, last_synapses.spikes;
        last_synapses.currents -> last_soma.current;
        self.inhibition_mask() -> last_soma.inhibition_mask;
        read_in_spikes.signal  -> out_0;
        last_soma.spikes       -> out_1;
    }

    pub neuron Cell9N1(signal: FloatArray, in_spikes: SpikeArray) -> (out_0: SpikeArray, out_1: SpikeArray) {
        n0             = RateEncoder;
        read_in_spikes = ExponentialIntegrator {
            tau: 3.75ms, num_outputs: 2, shuffle: false, smooth_trace: false,
        };
        last_delays    = ZeroDelay;
        last_synapses  = RFSTracedSynapses {
            alpha: 0.6000000000000001, tau_rise: 0.75ms, tau_fast_decay: 2.5ms,
            kernel: UniformInitializer { scale: 300.0, min_value: 30.0 },
        };
        last_soma      = StrictRefractoryLeakySoma {
            resistance: ArrayValue::vector([0.10546875, 0.101953125, 0.0984375, 0.0984375, 0.101953125]).of_type(Dtype::Float16),
            cooldown: 1.5ms,
        };
        last_rule      = OjaRule;

        signal                  -> n0.signal;
        in_spikes               -> read_in_spikes.spikes;
        (n0.spikes, in_spikes)  -> last_delays.in_spikes;
        last_delays.out_spikes  -> last_synapses.spikes, last_rule.pre_spikes, out_0;
        last_synapses.currents  -> last_soma.current;
        self.inhibition_mask()  -> last_soma.inhibition_mask;
        last_soma.spikes        -> last_rule.post_spikes, out_1;
        last_synapses.kernel() <-> last_rule.kernel;
    }

    pub brain Net09(
        in_spikes: SpikeArray[2], signal: FloatArray[4],
    ) -> (out_0: SpikeArray, out_1: SpikeArray, out_2: FloatArray, out_3: CurrentArray, out_4: SpikeArray) {
        dt = 0.5ms;
        seed = 3623723033;
        compat = SparkSnn1;

        n0            = Cell9N0 { units: [3], inhibitory_rate: 0.0 };
        n1            = Cell9N1 { units: [5], inhibitory_rate: 1.0, n0.seed: 760814835 };
        n2            = ExponentialIntegrator { num_outputs: 2 };
        last_delays   = N2NDelays { max_delay: 6ms, units: [2, 2] };
        last_synapses = LinearSynapses {
            units: [2, 2], kernel: NormalizedSparseUniformInitializer { scale: 700.0, density: 0.75 },
        };
        last_soma     = SimplifiedAdaptiveExponentialSoma {
            potential_tau: 5.625ms, resistance: 0.625GOhm, threshold: -22.5mV,
            rheobase_threshold: ArrayValue::from([[-24.21875, -20.3125], [-18.75, -21.875]]).of_type(Dtype::Float16),
            spike_slope: 1.5mV, threshold_tau: 25ms, threshold_delta: 50mV,
        };

        in_spikes                    -> n0.in_spikes;
        signal                       -> n0.signal;
        (last_soma.spikes, n0.out_1) -> n1.in_spikes;
        n0.out_0                     -> n1.signal;
        (n1.out_0, last_soma.spikes) -> n2.spikes;
        n1.out_1                     -> last_delays.in_spikes, out_1;
        last_delays.out_spikes       -> last_synapses.spikes;
        last_synapses.currents       -> last_soma.current, out_3;
        n0.out_1                     -> out_0;
        n2.signal                    -> out_2;
        last_soma.spikes             -> out_4;
    }
}
