//! The model of `random network 4`, written by `spark codegen`.

use spark::prelude::*;

network! {
    pub neuron Cell4N1(in_spikes: SpikeArray, current: CurrentArray) -> (out_0: SpikeArray, out_1: SpikeArray) {
        n0            = ExponentialIntegrator { num_outputs: 2, shuffle: false };
        read_current  = ExponentialSoma { potential_rest: -52.5mV, spike_slope: 2.5mV };
        last_delays   = N2NDelays;
        last_synapses = TracedSynapses { kernel: UniformInitializer { scale: 300.0, min_value: 30.0 } };
        last_soma     = SimplifiedAdaptiveExponentialSoma {
            potential_rest: [-59.0625mV, -63.984375mV, -68.90625mV, -76.2890625mV, -59.0625mV],
            potential_tau: UniformInitializer { scale: 3.75, min_value: 2.8125 }, resistance: 0.625GOhm,
            cooldown: 2.5ms, threshold_tau: UniformInitializer { scale: 10.0, min_value: 7.5 },
            threshold_delta: 112.5mV,
        };
        last_rule     = HebbianRule { pre_tau: 22.5ms, eta: 0.01125 };

        in_spikes                        -> n0.spikes;
        current                          -> read_current.current;
        (in_spikes, read_current.spikes) -> last_delays.in_spikes;
        last_delays.out_spikes           -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents           -> last_soma.current;
        self.inhibition_mask()           -> last_soma.inhibition_mask;
        last_soma.spikes                 -> last_rule.post_spikes, out_1;
        read_current.spikes              -> out_0;
        last_synapses.kernel()          <-> last_rule.kernel;
    }

    pub brain Net04(
        in_spikes: SpikeArray[2], current: CurrentArray[2],
    ) -> (out_0: SpikeArray, out_1: SpikeArray, out_2: CurrentArray, out_3: SpikeArray) {
        dt = 1ms;
        seed = 2685619425;
        compat = SparkSnn1;

        n0            = ALIFNeuron { units: [1, 3], inhibitory_rate: 0.3 };
        n1            = Cell4N1 {
            units: [5], inhibitory_rate: 0.0,
            read_current.seed: 2458179677,
            last_synapses.seed: 4206288219,
            last_soma.seed: 838561412,
            last_rule.seed: 566213785,
        };
        n2            = ExponentialIntegrator {
            saturation_freq: 62.5Hz, tau: 6.25ms, num_outputs: 2, shuffle: false,
        };
        n3_delays     = N2NDelays { seed: 3730923279, units: [5] };
        n3_synapses   = TracedSynapses {
            tau: 2.5ms, units: [5],
            kernel: [
                [583pA, 58pA, 999pA, 1256pA, 404pA, 1324pA, 1125pA],
                [874pA, 459pA, 1262pA, 150pA, 217pA, 1212pA, 1378pA],
                [326pA, 681pA, 1389pA, 42pA, 108pA, 798pA, 1109pA],
                [127pA, 838pA, 26pA, 908pA, 1353pA, 1260pA, 769pA],
                [1378pA, 1172pA, 1409pA, 1023pA, 1000pA, 331pA, 84pA],
            ],
        };
        n3_noise      = PoissonBackground;
        n3_sum        = CurrentSum { units: [5] };
        n3_soma       = StrictRefractoryLeakySoma {
            potential_reset: -62.5mV, potential_tau: UniformInitializer { scale: 22.5, min_value: 16.875 },
            resistance: 0.05GOhm, threshold: UniformInitializer { scale: -40.0, max_value: -30.0 }, cooldown: 1ms,
        };
        last_delays   = ZeroDelay { seed: 4216706384 };
        last_synapses = ShortTermSynapses {
            release: 0.25, units: [1, 3], kernel: SparseUniformInitializer { scale: 1500.0, density: 0.5 },
        };
        last_noise    = PoissonBackground;
        last_sum      = CurrentSum { units: [1, 3] };
        last_soma     = AdaptiveThresholdLeakySoma {
            potential_rest: UniformInitializer { scale: -75.0, max_value: -56.25 },
            potential_reset: UniformInitializer { scale: -50.0, max_value: -37.5 },
            potential_tau: UniformInitializer { scale: 10.0, min_value: 7.5 }, resistance: 0.05GOhm,
            threshold: -20mV, cooldown: 1ms, threshold_tau: 15ms, threshold_delta: 50mV,
        };
        last_rule     = HebbianRule;

        in_spikes                                     -> n0.in_spikes;
        current                                       -> n1.current;
        n0.out_spikes                                 -> n1.in_spikes;
        (n0.out_spikes, last_soma.spikes)             -> n2.spikes;
        (n1.out_0, n3_soma.spikes)                    -> n3_delays.in_spikes;
        n3_delays.out_spikes                          -> n3_synapses.spikes;
        n3_synapses.currents                          -> n3_noise.current;
        (n3_synapses.currents, n3_noise.currents)     -> n3_sum.inputs;
        n3_sum.currents                               -> n3_soma.current;
        (n3_soma.spikes, n1.out_0, in_spikes)         -> last_delays.in_spikes;
        last_delays.out_spikes                        -> last_synapses.spikes, last_rule.pre_spikes;
        last_synapses.currents                        -> last_noise.current;
        (last_synapses.currents, last_noise.currents) -> last_sum.inputs;
        last_sum.currents                             -> last_soma.current;
        last_soma.spikes                              -> last_rule.post_spikes, out_3;
        n1.out_1                                      -> out_0;
        n3_soma.spikes                                -> out_1;
        last_noise.currents                           -> out_2;
        last_synapses.kernel()                       <-> last_rule.kernel;
    }
}
