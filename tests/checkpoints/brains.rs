//! Networks in which every module stands that `spark` has.

use spark::prelude::*;

/// A recurrent population with delays whose weights a rule changes.
macro_rules! learner {
    ($name:ident, $rule:ident) => {
        network! {
            pub neuron $name(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
                units           = [5];
                inhibitory_rate = 0.4;

                delays   = N2NDelays { max_delay: 6ms };
                synapses = TracedSynapses { tau: 5ms, kernel: UniformInitializer { scale: 1.0 } };
                soma     = RefractoryLeakySoma { resistance: 60GOhm };
                rule     = $rule;

                in_spikes              -> delays.in_spikes;
                delays.out_spikes      -> synapses.spikes, rule.pre_spikes;
                synapses.currents      -> soma.current;
                self.inhibition_mask() -> soma.inhibition_mask;
                soma.spikes            -> rule.post_spikes, out_spikes;
                synapses.kernel()     <-> rule.kernel;
            }
        }
    };
    ($name:ident, $rule:ident, $third:ident) => {
        network! {
            pub neuron $name(in_spikes: SpikeArray, third: FloatArray[1]) -> (out_spikes: SpikeArray) {
                units           = [5];
                inhibitory_rate = 0.4;

                delays   = N2NDelays { max_delay: 6ms };
                synapses = TracedSynapses { tau: 5ms, kernel: UniformInitializer { scale: 1.0 } };
                soma     = StrictRefractoryLeakySoma { resistance: 60GOhm };
                rule     = $rule;

                in_spikes              -> delays.in_spikes;
                third                  -> rule.$third;
                delays.out_spikes      -> synapses.spikes, rule.pre_spikes;
                synapses.currents      -> soma.current;
                self.inhibition_mask() -> soma.inhibition_mask;
                soma.spikes            -> rule.post_spikes, out_spikes;
                synapses.kernel()     <-> rule.kernel;
            }
        }
    };
}

learner!(PairLearner, PairSTDPRule);
learner!(HebbianLearner, HebbianRule);
learner!(OjaLearner, OjaRule);
learner!(ZenkeLearner, ZenkeRule);
learner!(RewardLearner, RewardSTDPRule, reward);
learner!(ThreeFactorLearner, ThreeFactorHebbianRule, reward);
learner!(QuadrupletLearner, QuadrupletRule, modulation);
learner!(TensorLearner, QuadrupletRuleTensor, modulation);

network! {
    /// Every rule. The populations drive each other.
    pub brain Rules(signal: FloatArray[6], reward: FloatArray[1]) -> (spikes: SpikeArray) {
        seed = 5;

        spiker  = PoissonSpiker { max_freq: 200Hz };
        pair    = PairLearner;
        hebbian = HebbianLearner;
        oja     = OjaLearner;
        zenke   = ZenkeLearner;
        rewarded = RewardLearner;
        factors  = ThreeFactorLearner;
        four     = QuadrupletLearner;
        tensor   = TensorLearner;
        all      = Concat;

        signal -> spiker.signal;
        reward -> rewarded.third, factors.third, four.third, tensor.third;
        (spiker.spikes, tensor.out_spikes)  -> pair.in_spikes;
        (spiker.spikes, pair.out_spikes)    -> hebbian.in_spikes;
        (spiker.spikes, hebbian.out_spikes) -> oja.in_spikes;
        (spiker.spikes, oja.out_spikes)     -> zenke.in_spikes;
        (spiker.spikes, zenke.out_spikes)   -> rewarded.in_spikes;
        (spiker.spikes, rewarded.out_spikes) -> factors.in_spikes;
        (spiker.spikes, factors.out_spikes) -> four.in_spikes;
        (spiker.spikes, four.out_spikes)    -> tensor.in_spikes;
        (pair.out_spikes, hebbian.out_spikes, oja.out_spikes, zenke.out_spikes, rewarded.out_spikes, factors.out_spikes,
         four.out_spikes, tensor.out_spikes) -> all.inputs;
        all.output -> spikes;
    }

    /// Every soma.
    pub brain Somas(current: CurrentArray[6]) -> (
        spikes: SpikeArray, potentials: PotentialArray, table: PotentialArray, some: PotentialArray,
    ) {
        adaptive_current     = AdaptiveCurrentLeakySoma;
        adaptive_exponential = AdaptiveExponentialSoma;
        adaptive_threshold   = AdaptiveThresholdLeakySoma;
        exponential          = ExponentialSoma;
        izhikevich           = IzhikevichSoma;
        leaky                = LeakySoma;
        slow_exponential     = RefractoryExponentialSoma { cooldown: 4ms };
        slow_leaky           = RefractoryLeakySoma { cooldown: 7ms };
        simple               = SimplifiedAdaptiveExponentialSoma;
        strict               = StrictRefractoryLeakySoma { cooldown: 3ms };
        spikes_of_all     = ConcatReshape { reshape: [10, 6] };
        potentials_of_all = PotentialConcat;
        table_of_two      = PotentialConcatReshape { reshape: [6, 2] };
        some_of_all       = PotentialSampler { sample_size: 4 };

        current -> adaptive_current.current, adaptive_exponential.current, adaptive_threshold.current, exponential.current,
                   izhikevich.current, leaky.current, slow_exponential.current, slow_leaky.current, simple.current,
                   strict.current;
        (adaptive_current.spikes, adaptive_exponential.spikes, adaptive_threshold.spikes, exponential.spikes,
         izhikevich.spikes, leaky.spikes, slow_exponential.spikes, slow_leaky.spikes, simple.spikes, strict.spikes)
            -> spikes_of_all.inputs;
        (adaptive_current.potential(), adaptive_exponential.potential(), izhikevich.potential())
            -> potentials_of_all.inputs;
        (leaky.potential(), strict.potential()) -> table_of_two.inputs;
        potentials_of_all.output -> some_of_all.inputs, potentials;
        spikes_of_all.output     -> spikes;
        table_of_two.output      -> table;
        some_of_all.output       -> some;
    }

    /// Every kind of synapses behind every kind of delays, driven by sources that need no input.
    pub brain Synapses(current: CurrentArray[6]) -> (
        currents: CurrentArray, table: CurrentArray, some: CurrentArray, spikes: SpikeArray, late: SpikeArray,
    ) {
        chance      = RatePoissonSource { rate: 150Hz, units: [6] };
        list        = SpikeListSource { times: [1ms, 3ms, 4ms, 9ms], indices: [0, 4, 2, 5], units: [6], period: 11ms };
        between     = N2NDelays { units: [4], max_delay: 7ms };
        per_unit    = NDelays { max_delay: 5ms };
        at_once     = ZeroDelay;
        conductance = ConductanceSynapses { units: [4] };
        exponential = ExponentialCurrentSynapses { units: [4] };
        linear      = LinearSynapses { units: [4] };
        sparse      = LinearSynapses { units: [4], kernel: FixedInDegreeInitializer { degree: 2 } };
        total       = CurrentSum { units: [4] };
        background  = PoissonBackground { rate: 500Hz };
        rising      = RDTracedSynapses { units: [4] };
        mixed       = RFSTracedSynapses { units: [4] };
        short_term  = ShortTermSynapses { units: [4], tau_facil: 50ms };
        traced      = TracedSynapses { units: [4] };
        traced_each = TracedSynapses { units: [4], tau: UniformInitializer { scale: 9.0, min_value: 2.0 } };
        own_soma    = LeakySoma;
        driven      = LeakySoma;
        every       = CurrentConcat;
        three       = CurrentConcatReshape { reshape: [3, 4] };
        sampled     = CurrentSampler { sample_size: 5 };

        current           -> driven.current;
        chance.spikes     -> between.in_spikes, at_once.in_spikes;
        (list.spikes, driven.spikes) -> per_unit.in_spikes;
        between.out_spikes -> traced.spikes, rising.spikes, mixed.spikes, short_term.spikes, exponential.spikes;
        per_unit.out_spikes -> late;
        (list.spikes, driven.spikes) -> linear.spikes, traced_each.spikes, conductance.spikes, sparse.spikes;
        (sparse.currents, linear.currents) -> total.inputs;
        total.currents                     -> background.current;
        own_soma.potential() -> conductance.potential;
        conductance.currents -> own_soma.current;
        (exponential.currents, linear.currents, rising.currents, mixed.currents, short_term.currents, traced.currents,
         background.currents)
            -> every.inputs;
        (traced_each.currents, conductance.currents, linear.currents) -> three.inputs;
        every.output     -> sampled.inputs, currents;
        three.output     -> table;
        sampled.output   -> some;
        at_once.out_spikes -> spikes;
    }

    /// Every way in and out.
    pub brain Interfaces(signal: FloatArray[6]) -> (
        spikes: SpikeArray, action: FloatArray[2], table: FloatArray, some: FloatArray, twice: FloatArray,
        lags: IntegerArray[5], signs: BooleanMask[5],
    ) {
        latency             = LatencyEncoder { window: 9ms };
        linear              = LinearSpiker;
        phase               = PhaseEncoder;
        poisson             = PoissonSpiker;
        rate                = RateEncoder;
        topological         = TopologicalLinearSpiker { resolution: 4 };
        topological_poisson = TopologicalPoissonSpiker { resolution: 4 };
        pool                = LIFNeuron { units: [4] };
        adaptive            = ALIFNeuron { units: [4] };
        bursting            = AdExNeuron { units: [4] };
        sampler             = Sampler { sample_size: 8 };
        smooth              = ExponentialIntegrator { num_outputs: 2 };
        doubled             = FloatConcat;
        turned              = FloatConcatReshape { reshape: [2, 2] };
        sampled             = FloatSampler { sample_size: 3 };
        waiting             = NDelays { max_delay: 3ms };
        all_lags            = IntegerConcat;
        lags_in_rows        = IntegerConcatReshape { reshape: [4, 8] };
        some_lags           = IntegerSampler { sample_size: 5 };
        all_signs           = MaskConcat;
        signs_in_rows       = MaskConcatReshape { reshape: [4, 4] };
        some_signs          = MaskSampler { sample_size: 5 };

        sampler.output -> waiting.in_spikes;
        (waiting.kernel(), waiting.kernel()) -> all_lags.inputs;
        (all_lags.output, all_lags.output)   -> lags_in_rows.inputs;
        lags_in_rows.output                  -> some_lags.inputs;
        some_lags.output                     -> lags;
        (pool.inhibition_mask(), adaptive.inhibition_mask()) -> all_signs.inputs;
        (all_signs.output, all_signs.output) -> signs_in_rows.inputs;
        signs_in_rows.output                 -> some_signs.inputs;
        some_signs.output                    -> signs;
        signal -> latency.signal, linear.signal, phase.signal, poisson.signal, rate.signal, topological.signal,
                  topological_poisson.signal;
        (signal, signal) -> doubled.inputs;
        (latency.spikes, linear.spikes, phase.spikes)         -> pool.in_spikes;
        (poisson.spikes, rate.spikes, topological.spikes)     -> adaptive.in_spikes;
        (topological_poisson.spikes, adaptive.out_spikes)     -> bursting.in_spikes;
        (poisson.spikes, pool.out_spikes, bursting.out_spikes) -> sampler.inputs;
        sampler.output  -> smooth.spikes, spikes;
        smooth.signal   -> action, sampled.inputs;
        (smooth.signal, smooth.signal) -> turned.inputs;
        turned.output   -> table;
        sampled.output  -> some;
        doubled.output  -> twice;
    }
}
