//! Kernels in which the updates of postsynaptic spikes wait are those in which they do not, whatever happens to them.

use spark::core::config::SparkConfig;
use spark::core::module::PropertyMut;
use spark::nn::synapses::{
    ExponentialCurrentSynapses, ExponentialCurrentSynapsesConfig, ShortTermSynapses, ShortTermSynapsesConfig,
};
use spark::{CurrentArray, StateArray, StateMap, Stateful, VariableKind, restore, snapshot};

use super::*;

/// Long enough for several silences, each longer than what waits is kept for.
const STEPS: usize = 450;

/// Synapses and the rule that teaches them.
struct Pool<M: Module> {
    model: (M, HebbianRule),
    currents: M::Outputs,
}

/// Synapses that can be in a pool.
trait Synapses:
    Module<Outputs = (CurrentArray,)> + PropertyMut<0, Payload = FloatArray> + Stateful + 'static
{
    fn config(units: Shape, kernel: ArrayValue) -> <Self as Module>::Config;
    fn hear(&mut self, spikes: &SpikeArray, currents: &mut (CurrentArray,));
}

macro_rules! synapses {
    ($($synapses:ident $config:ident),*) => {$(
        impl Synapses for $synapses {
            fn config(units: Shape, kernel: ArrayValue) -> $config {
                $config { units, kernel: Init::Array(kernel), ..Default::default() }
            }
            fn hear(&mut self, spikes: &SpikeArray, currents: &mut (CurrentArray,)) {
                self.run((Some(spikes),), currents);
            }
        }
    )*};
}
synapses!(
    LinearSynapses LinearSynapsesConfig,
    TracedSynapses TracedSynapsesConfig,
    ExponentialCurrentSynapses ExponentialCurrentSynapsesConfig,
    ShortTermSynapses ShortTermSynapsesConfig
);

const ETA: f64 = 0.05;

fn pre_tau(setup: &Setup) -> f64 {
    [0.3, 2.0, 3.0, 5.0, 8.0][(setup.seed % 5) as usize]
}

fn positive_weights(setup: &Setup) -> Vec<Real> {
    setup.weights().into_iter().map(Real::abs).collect()
}

impl<M: Synapses> Pool<M>
where
    M::Config: SparkConfig,
{
    fn new(setup: &Setup, info: PortInfo, may_wait: bool) -> Self {
        let units = Shape::from([setup.post]);
        let weights = positive_weights(setup).into_iter().map(f64::from);
        let kernel = array(&[setup.post, setup.pre], Dtype::Float32, weights);
        let config = M::config(units.clone(), kernel);
        let (mut synapses, currents) = build::<M>(&config, vec![Some(info.clone())], Compat::Standard);
        if may_wait {
            synapses.get_mut().allow_deferral(info.plan.clone().unwrap());
        }
        let kernel = PortInfo::of(synapses.get());
        let config = HebbianRuleConfig {
            pre_tau: Init::Value(Ms(pre_tau(setup))),
            eta: ETA,
            ..Default::default()
        };
        let infos = vec![Some(info), Some(PortInfo::plain(units)), Some(kernel)];
        let rule = build::<HebbianRule>(&config, infos, Compat::Standard).0;
        Pool {
            model: (synapses, rule),
            currents,
        }
    }

    fn step(&mut self, pre: &SpikeArray, post: &SpikeArray) -> &[Real] {
        let (synapses, rule) = &mut self.model;
        synapses.hear(pre, &mut self.currents);
        rule.run((Some(pre), Some(post), Some(synapses.get_mut())), &mut ());
        self.currents.0.as_slice()
    }

    fn weights(&self) -> &[Real] {
        self.model.0.get().as_slice()
    }

    /// Whether anything is to come if a unit spikes.
    fn waits(&self) -> bool {
        let state = snapshot(&self.model);
        state.iter().any(|(path, entry)| {
            path.ends_with("deferred/scales")
                && match &entry.value {
                    StateArray::Float32(scales) => scales.iter().any(|scale| *scale > 0.0),
                    StateArray::Float64(scales) => scales.iter().any(|scale| *scale > 0.0),
                    _ => false,
                }
        })
    }
}

/// Presynaptic spikes in bursts, between which only postsynaptic units spike.
fn burst(source: &mut Source, rate: f32, t: usize) -> Arriving {
    source.setup.rate = if t % 150 < 40 { rate } else { 0.0 };
    source.step(t)
}

/// The rule in double precision, synapse by synapse.
struct Oracle {
    weights: Vec<f64>,
    x: Trace,
    y: Trace,
    tau: f64,
}

impl Oracle {
    fn new(setup: &Setup) -> Self {
        Oracle {
            weights: positive_weights(setup).into_iter().map(f64::from).collect(),
            x: Trace(vec![0.0; setup.post * setup.pre]),
            y: Trace(vec![0.0; setup.post]),
            tau: pre_tau(setup),
        }
    }

    fn step(&mut self, arriving: &[bool], fired: &[bool]) {
        let pre = arriving.len() / fired.len();
        self.x.step(|s| arriving[s], |_| self.tau);
        self.y.step(|i| fired[i], |_| 20.0);
        for (s, weight) in self.weights.iter_mut().enumerate() {
            if arriving[s] {
                *weight += ETA * self.y.0[s / pre];
            }
            if fired[s / pre] {
                *weight += ETA * self.x.0[s];
            }
        }
    }

    fn currents(&self, arriving: &[bool], mask: &[bool]) -> Vec<f64> {
        let pre = mask.len();
        let rows = self.weights.chunks(pre).zip(arriving.chunks(pre));
        rows.map(|(weights, arriving)| {
            let signed = |j: usize| if mask[j] { -weights[j] } else { weights[j] };
            (0..pre).filter(|j| arriving[*j]).map(signed).sum()
        })
        .collect()
    }
}

/// Sums of signed weights: as close as the weights themselves, which may cancel.
fn close_sums(found: &[Real], expected: &[f64], weights: &[Real]) -> Result<(), TestCaseError> {
    let rows = weights.chunks(weights.len() / found.len());
    for ((found, expected), row) in found.iter().zip(expected).zip(rows) {
        let scale = f64::from(row.iter().sum::<Real>()).max(1.0);
        let difference = (f64::from(*found) - expected).abs() / scale;
        prop_assert!(difference < 2e-5, "{} is not {}", found, expected);
    }
    Ok(())
}

fn check_synapses<M: Synapses>(setup: &Setup, mask_each: bool) -> Result<(), TestCaseError> {
    let mut source = Source::new(setup);
    let mut pools = [true, false].map(|may_wait| Pool::<M>::new(setup, source.info(), may_wait));
    for t in 0..200 {
        let mut spikes = burst(&mut source, setup.rate, t).delayed;
        if mask_each {
            let mask = Mask::new(setup.mask(44, setup.post * setup.pre));
            spikes = spikes.with_mask(mask).unwrap();
        }
        let (post, _) = post_spikes(setup, t);
        let [found, expected] = pools.each_mut().map(|pool| pool.step(&spikes, &post).to_vec());
        let expected: Vec<f64> = expected.iter().map(|x| f64::from(*x)).collect();
        close_sums(&found, &expected, pools[1].weights())?;
    }
    prop_assert!(!pools[1].waits());
    Ok(())
}

fn entry_of<'a>(state: &'a mut StateMap, end: &str) -> &'a mut spark::core::state::StateEntry {
    let path = state.paths().find(|path| path.ends_with(end)).unwrap().to_owned();
    state.get_mut(&path).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_kernel_whose_updates_wait_is_that_of_the_formula(setup in setups()) {
        let mut source = Source::new(&setup);
        let mut pool = Pool::<LinearSynapses>::new(&setup, source.info(), true);
        let mut oracle = Oracle::new(&setup);
        let (mut arrived, mut waited) = (false, false);
        for t in 0..STEPS {
            let arriving = burst(&mut source, setup.rate, t);
            let (post, fired) = post_spikes(&setup, t);
            let currents = oracle.currents(&arriving.dense, &source.mask);
            oracle.step(&arriving.dense, &fired);
            let found = pool.step(&arriving.delayed, &post).to_vec();
            close_sums(&found, &currents, pool.weights())?;
            if t % 7 == 0 {
                close(pool.weights(), &oracle.weights)?;
                arrived |= arriving.dense.contains(&true);
                waited |= pool.waits();
            }
        }
        close(pool.weights(), &oracle.weights)?;
        prop_assert_eq!(arrived && !waited, false);
    }

    #[test]
    fn all_synapses_hear_weights_that_wait_as_they_are(setup in setups(), mask_each in any::<bool>()) {
        check_synapses::<LinearSynapses>(&setup, mask_each)?;
        check_synapses::<TracedSynapses>(&setup, mask_each)?;
        check_synapses::<ExponentialCurrentSynapses>(&setup, mask_each)?;
        check_synapses::<ShortTermSynapses>(&setup, mask_each)?;
    }

    #[test]
    fn reading_weights_that_wait_changes_nothing(setup in setups()) {
        let mut source = Source::new(&setup);
        let mut pools = [(); 2].map(|()| Pool::<LinearSynapses>::new(&setup, source.info(), true));
        for t in 0..STEPS {
            let spikes = burst(&mut source, setup.rate, t).delayed;
            let (post, _) = post_spikes(&setup, t);
            let [read, unread] = pools.each_mut().map(|pool| pool.step(&spikes, &post));
            prop_assert_eq!(read, unread);
            prop_assert!(pools[0].weights().iter().all(|weight| *weight >= 0.0));
            prop_assert!(!snapshot(&pools[0].model).is_empty());
        }
        prop_assert_eq!(snapshot(&pools[0].model), snapshot(&pools[1].model));
    }

    #[test]
    fn a_run_goes_on_from_its_state_to_the_bit(setup in setups(), middle in 0usize..STEPS, other in 0usize..20) {
        let mut source = Source::new(&setup);
        let mut whole = Pool::<LinearSynapses>::new(&setup, source.info(), true);
        let mut rest = Pool::<LinearSynapses>::new(&setup, source.info(), true);
        for t in 0..other {
            rest.step(&whole_volley(&setup, &source), &post_spikes(&setup, t).0);
        }
        for t in 0..STEPS {
            if t == middle {
                let (graph, state) = spark::split(rest.model);
                prop_assert_eq!(state.map().len(), snapshot(&whole.model).len());
                rest.model = spark::merge(graph, spark::State::from_map(snapshot(&whole.model))).unwrap();
            }
            let spikes = burst(&mut source, setup.rate, t).delayed;
            let (post, _) = post_spikes(&setup, t);
            let expected = whole.step(&spikes, &post).to_vec();
            if t >= middle {
                prop_assert_eq!(rest.step(&spikes, &post), expected);
            }
        }
        prop_assert_eq!(snapshot(&rest.model), snapshot(&whole.model));
    }

    #[test]
    fn weights_that_are_written_count_and_then_wait_again(setup in setups(), through_state in any::<bool>(), at in 5usize..150) {
        let mut source = Source::new(&setup);
        let mut pool = Pool::<LinearSynapses>::new(&setup, source.info(), true);
        let mut oracle = Oracle::new(&setup);
        let (mut arrived, mut waited) = (false, false);
        for t in 0..STEPS {
            if t == at {
                let weights: Vec<Real> = pool.weights().iter().map(|weight| 0.5 * weight + 0.25).collect();
                if through_state {
                    let mut state = snapshot(&pool.model);
                    let array = spark::ArrayD::from_shape_vec(vec![setup.post, setup.pre], weights.clone()).unwrap();
                    entry_of(&mut state, "kernel").value = array.into();
                    restore(&mut pool.model, state).unwrap();
                } else {
                    pool.model.0.get_mut().as_mut_slice().copy_from_slice(&weights);
                }
                prop_assert_eq!(pool.weights(), &weights);
                oracle.weights = weights.iter().map(|weight| f64::from(*weight)).collect();
            }
            let arriving = burst(&mut source, setup.rate, t);
            let (post, fired) = post_spikes(&setup, t);
            oracle.step(&arriving.dense, &fired);
            pool.step(&arriving.delayed, &post);
            close(pool.weights(), &oracle.weights)?;
            if t > at + 260 {
                arrived |= arriving.dense.contains(&true);
                waited |= pool.waits();
            }
        }
        prop_assert_eq!(arrived && !waited, false);
    }

    #[test]
    fn a_negative_weight_is_bounded_before_others_wait(setup in setups()) {
        let mut source = Source::new(&setup);
        let mut pool = Pool::<LinearSynapses>::new(&setup, source.info(), true);
        pool.model.0.get_mut().as_mut_slice()[0] = -0.25;
        let mut oracle = Oracle::new(&setup);
        oracle.weights[0] = -0.25;
        for t in 0..100 {
            let arriving = burst(&mut source, setup.rate, t);
            let (post, fired) = post_spikes(&setup, t);
            oracle.step(&arriving.dense, &fired);
            oracle.weights[0] = oracle.weights[0].max(0.0);
            pool.step(&arriving.delayed, &post);
            close(pool.weights(), &oracle.weights)?;
        }
    }

    #[test]
    fn after_a_reset_of_the_rule_nothing_is_to_come(setup in setups(), at in 5usize..100) {
        let mut source = Source::new(&setup);
        let mut pool = Pool::<LinearSynapses>::new(&setup, source.info(), true);
        let mut oracle = Oracle::new(&setup);
        for t in 0..200 {
            if t == at {
                source.module.reset();
                source.fired.iter_mut().for_each(|step| step.fill(false));
                pool.model.1.reset();
                // The reset is part of the state.
                let state = snapshot(&pool.model);
                pool = Pool::new(&setup, source.info(), true);
                restore(&mut pool.model, state).unwrap();
                oracle.x.0.fill(0.0);
                oracle.y.0.fill(0.0);
            }
            let arriving = burst(&mut source, setup.rate, t);
            let (post, fired) = post_spikes(&setup, t);
            oracle.step(&arriving.dense, &fired);
            pool.step(&arriving.delayed, &post);
            close(pool.weights(), &oracle.weights)?;
        }
    }

    #[test]
    fn learned_weights_alone_bring_nothing_that_waits(setup in setups()) {
        let mut source = Source::new(&setup);
        let mut pool = Pool::<LinearSynapses>::new(&setup, source.info(), true);
        for t in 0..30 {
            pool.step(&burst(&mut source, setup.rate, t).delayed, &post_spikes(&setup, t).0);
        }
        let mut new = Pool::<LinearSynapses>::new(&setup, source.info(), true);
        let mut state = snapshot(&new.model);
        state.extend(snapshot(&pool.model).into_iter().filter(|(_, entry)| entry.kind == VariableKind::Learned));
        restore(&mut new.model, state).unwrap();
        prop_assert_eq!(new.weights(), pool.weights());
        let all = SpikeArray::from_indices([setup.post], 0..setup.post as u32).unwrap();
        let none = SpikeArray::delayed([setup.post, setup.pre], source.info().plan.unwrap()).unwrap();
        new.step(&none, &all);
        prop_assert_eq!(new.weights(), pool.weights());
    }
}

/// A spike of every input, arriving with the shortest delay.
fn whole_volley(setup: &Setup, source: &Source) -> SpikeArray {
    let plan = source.info().plan.unwrap();
    let mut ring = spark::core::payload::SpikeRing::new(setup.pre, usize::from(plan.max_lag()) + 1);
    ring.push(&(0..setup.pre as u32).collect::<Vec<_>>());
    let mut spikes = SpikeArray::delayed([setup.post, setup.pre], plan).unwrap();
    spikes.follow(&ring);
    spikes
}
