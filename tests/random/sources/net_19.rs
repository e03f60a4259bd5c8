//! The model of `random network 19`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell19N0(
        in_spikes: SpikeArray, signal: FloatArray, current: CurrentArray,
    ) -> (out_0: SpikeArray, out_1: SpikeArray) {
        read_in_spikes = ExponentialIntegrator { tau: 2.5ms, num_outputs: 3, smooth_trace: false };
        read_signal    = LatencyEncoder { tau: 12.5ms };
        read_current   = RefractoryExponentialSoma { spike_slope: 2.25mV };
        last_delays    = N2NDelays {
            delays: ArrayValue::from([[0.0, 6.0, 7.0, 7.0, 3.0, 6.0, 4.0], [7.0, 3.0, 4.0, 5.0, 3.0, 6.0, 1.0], [0.0, 7.0, 4.0, 5.0, 5.0, 5.0, 2.0], [0.0, 1.0, 1.0, 6.0, 5.0, 3.0, 6.0]]).of_type(Dtype::Int32),
        };
        last_synapses  = RFSTracedSynapses {
            tau_fast_decay: 5.625ms, tau_slow_decay: 37.5ms,
            kernel: UniformInitializer { scale: 1500.0, min_value: 150.0 },
        };
        last_soma      = SimplifiedAdaptiveExponentialSoma {
            potential_rest: [[-59.0625mV, -63.984375mV], [-68.90625mV, -61.5234375mV]],
            threshold: UniformInitializer { scale: -22.5, max_value: -16.875 },
            cooldown: UniformInitializer { scale: 1.5, min_value: 1.125 }, threshold_delta: 50mV,
        };
        last_rule      = ZenkeRule {
            post_tau: 15ms, target_tau: 10000ms, a: 1.125, b: -1.25, c: -1.125, p: 22.5, eta: 0.05,
        };

        in_spikes               -> read_in_spikes.spikes, last_delays.in_spikes;
        signal                  -> read_signal.signal;
        current                 -> read_current.current;
        last_delays.out_spikes  -> last_synapses.spikes, last_rule.pre_spikes, out_0;
        last_synapses.currents  -> last_soma.current;
        self.inhibition_mask()  -> last_soma.inhibition_mask;
        last_soma.spikes        -> last_rule.post_spikes, out_1;
        last_synapses.kernel() <-> last_rule.kernel;
    }

    pub brain Net19(
        in_spikes: SpikeArray[4], signal: FloatArray[2, 2], current: CurrentArray[2],
    ) -> (out_0: SpikeArray, out_1: CurrentArray, out_2: SpikeArray) {
        dt = 0.5ms;
        seed = 2390592868;
        compat = Standard;

        n0            = Cell19N0 {
            units: [2, 2], inhibitory_rate: 0.0,
            read_signal.seed: 782079804,
            last_delays.seed: 3250297346,
        };
        n1            = AdExNeuron { units: [1, 3], inhibitory_rate: 0.0, seed: 1086072029 };
        n2_delays     = NDelays { max_delay: 6ms };
        n2_synapses   = RFSTracedSynapses {
            units: [3], kernel: UniformInitializer { scale: 700.0, min_value: 70.0 },
        };
        n2_soma       = RefractoryLeakySoma {
            potential_rest: -45mV, potential_reset: -25mV, threshold: [-43.59375mV, -33.75mV, -43.59375mV],
            cooldown: 1.5ms,
        };
        last_delays   = ZeroDelay { seed: 2551971498 };
        last_synapses = LinearSynapses {
            units: [1, 3], kernel: SparseUniformInitializer { scale: 700.0, density: 0.5 },
        };
        last_soma     = ExponentialSoma { potential_reset: -38.25mV, spike_slope: 1.5mV };
        last_rule     = ZenkeRule { target_tau: 25000ms };

        signal                        -> n0.signal;
        current                       -> n0.current;
        (last_soma.spikes, in_spikes) -> n0.in_spikes;
        (in_spikes, last_soma.spikes) -> n1.in_spikes;
        (n0.out_1, last_soma.spikes)  -> n2_delays.in_spikes;
        n2_delays.out_spikes          -> n2_synapses.spikes;
        n2_synapses.currents          -> n2_soma.current;
        n1.out_spikes                 -> last_delays.in_spikes;
        last_delays.out_spikes        -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents        -> last_soma.current, out_1;
        last_soma.spikes              -> last_rule.post_spikes, out_2;
        n2_soma.spikes                -> out_0;
        last_synapses.kernel()       <-> last_rule.kernel;
    }
}
