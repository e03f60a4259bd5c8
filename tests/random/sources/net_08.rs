//! The model of `random network 8`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell8N0(in_spikes: SpikeArray, current: CurrentArray) -> (out_0: FloatArray, out_1: SpikeArray) {
        read_in_spikes = ExponentialIntegrator { tau: 3.75ms, num_outputs: 1 };
        read_current   = IzhikevichSoma { potential_reset: -32.5mV };
        last_delays    = N2NDelays;
        last_synapses  = LinearSynapses { kernel: UniformInitializer { scale: 300.0, min_value: 30.0 } };
        last_soma      = AdaptiveCurrentLeakySoma {
            potential_rest: -67.5mV, potential_reset: [[-52.734375mV, -54.6875mV, -52.734375mV]],
            resistance: UniformInitializer { scale: 0.05, min_value: 0.037500000000000006 },
            threshold: UniformInitializer { scale: -30.0, max_value: -22.5 },
            adaptation_delta: UniformInitializer { scale: 7.0, min_value: 5.25 },
            adaptation_subthreshold: ArrayValue::from([[0.36328125, 0.29296875, 0.3515625]]).of_type(Dtype::Float16),
        };
        last_rule      = HebbianRule { pre_tau: 25ms, post_tau: 15ms };

        in_spikes                        -> read_in_spikes.spikes;
        current                          -> read_current.current;
        (read_current.spikes, in_spikes) -> last_delays.in_spikes;
        last_delays.out_spikes           -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents           -> last_soma.current;
        self.inhibition_mask()           -> last_soma.inhibition_mask;
        last_soma.spikes                 -> last_rule.post_spikes, out_1;
        read_in_spikes.signal            -> out_0;
        last_synapses.kernel()          <-> last_rule.kernel;
    }

    pub brain Net08(
        in_spikes: SpikeArray[4], current: CurrentArray[1],
    ) -> (out_0: SpikeArray, out_1: CurrentArray, out_2: SpikeArray) {
        dt = 1ms;
        seed = 4050012341;
        compat = SparkSnn1;

        n0            = Cell8N0 {
            units: [1, 3], inhibitory_rate: 0.0,
            read_in_spikes.seed: 1534678613,
            last_soma.seed: 1087777603,
        };
        n1            = SpikeListSource {
            units: [1, 3], times: [1.5ms, 1ms, 19.75ms, 17.25ms], indices: [1, 0, 2, 1],
        };
        n2            = TopologicalLinearSpiker { tau: 75ms, cd: 1.5ms, resolution: 3 };
        n3_synapses   = ShortTermSynapses {
            tau_rec: 1000ms, units: [3],
            kernel: PairwiseBernoulliInitializer { probability: 0.5, weight: 1500.0 },
        };
        n3_soma       = LeakySoma {
            seed: 3044297151,
            potential_rest: ArrayValue::vector([-37.96875, -33.75, -42.1875]).of_type(Dtype::Float16),
            potential_reset: -25mV,
        };
        last_delays   = ZeroDelay;
        last_synapses = ConductanceSynapses {
            tau_inhibitory: 7.5ms, potential_rest: -75mV, units: [1, 3],
            kernel: SparseUniformInitializer { scale: 11.666666666666666, density: 0.5 },
        };
        last_noise    = PoissonBackground;
        last_sum      = CurrentSum { seed: 1500646195, units: [1, 3] };
        last_soma     = ExponentialSoma { potential_rest: -87.5mV, threshold: -15mV };
        last_rule     = PairSTDPRule { post_tau: 15ms, a_plus: 0.005 };

        current                                       -> n0.current;
        (last_soma.spikes, in_spikes)                 -> n0.in_spikes;
        n0.out_0                                      -> n2.signal;
        (in_spikes, n3_soma.spikes)                   -> n3_synapses.spikes;
        n3_synapses.currents                          -> n3_soma.current;
        (in_spikes, n1.spikes)                        -> last_delays.in_spikes;
        last_delays.out_spikes                        -> last_synapses.spikes, last_rule.pre_spikes, out_0;
        last_soma.potential()                         -> last_synapses.potential;
        last_synapses.currents                        -> last_noise.current;
        (last_synapses.currents, last_noise.currents) -> last_sum.inputs;
        last_sum.currents                             -> last_soma.current, out_1;
        last_soma.spikes                              -> last_rule.post_spikes, out_2;
        last_synapses.kernel()                       <-> last_rule.kernel;
    }
}
