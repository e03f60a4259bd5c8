//! A kernel that holds the synapses that there are equals the dense one that holds 0 between.

use super::*;
use spark::PotentialArray;
use spark::core::units::PAmp;
use spark::nn::initializers::ConnectionListInitializer;
use spark::nn::plasticity::{
    PairSTDPRule, PairSTDPRuleConfig, QuadrupletRule, QuadrupletRuleConfig, ThreeFactorHebbianRule,
    ThreeFactorHebbianRuleConfig,
};
use spark::nn::synapses::{
    ConductanceSynapses, ConductanceSynapsesConfig, ExponentialCurrentSynapses,
    ExponentialCurrentSynapsesConfig, RDTracedSynapses, RDTracedSynapsesConfig, RFSTracedSynapses,
    RFSTracedSynapsesConfig, ShortTermSynapses, ShortTermSynapsesConfig,
};

/// About half of all pairs, in no order; some of them twice where that is allowed.
fn synapses(setup: &Setup, twice: bool) -> Vec<(usize, usize, f64)> {
    let chance = setup.uniform(40, setup.post * setup.pre);
    let mut list = Vec::new();
    for (place, weight) in setup.weights().into_iter().enumerate() {
        let synapse = (place / setup.pre, place % setup.pre, f64::from(weight));
        if chance[place] < 0.5 {
            list.push(synapse);
        }
        if twice && chance[place] < 0.1 {
            list.push((synapse.0, synapse.1, 0.5 * synapse.2));
        }
    }
    list.reverse();
    list
}

fn sparse(list: &[(usize, usize, f64)]) -> Init<PAmp> {
    Init::Initializer(
        ConnectionListInitializer {
            posts: list.iter().map(|synapse| synapse.0).collect(),
            pres: list.iter().map(|synapse| synapse.1).collect(),
            weight: Init::Array(ArrayValue::vector(list.iter().map(|synapse| synapse.2))),
            ..Default::default()
        }
        .into(),
    )
}

fn dense(setup: &Setup, list: &[(usize, usize, f64)]) -> Vec<f64> {
    let mut weights = vec![0.0; setup.post * setup.pre];
    list.iter()
        .for_each(|(post, pre, weight)| weights[post * setup.pre + pre] += weight);
    weights
}

/// Runs the same synapses with both kernels on all forms of spikes.
fn both<M: Module>(
    setup: &Setup,
    config: impl Fn(Init<PAmp>) -> M::Config,
    more: &[PortInfo],
    run: impl Fn(&mut M, &SpikeArray, &mut M::Outputs, usize) -> Vec<Real>,
) -> Result<(), TestCaseError> {
    let list = synapses(setup, true);
    let mut source = Source::new(setup);
    let Setup { post, pre, .. } = *setup;
    let full = array(&[post, pre], Dtype::Float32, dense(setup, &list));
    let configs = [config(sparse(&list)), config(Init::Array(full))];
    let per_synapse = PortInfo {
        shape: Shape::from([post, pre]),
        per_synapse: true,
        plan: None,
        topology: None,
        deferrable: None,
    };
    let infos = [PortInfo::plain(Shape::from([pre])), per_synapse, source.info()];
    let mut modules = infos.map(|info| {
        [0, 1].map(|kind| {
            let infos = std::iter::once(info.clone())
                .chain(more.iter().cloned())
                .map(Some);
            build::<M>(&configs[kind], infos.collect(), Compat::Standard)
        })
    });
    let mut largest: Real = 1.0;
    for t in 0..STEPS {
        if t == STEPS / 2 {
            source.module.reset();
            modules
                .iter_mut()
                .flatten()
                .for_each(|(module, _)| module.reset());
        }
        let arriving = source.step(t);
        let forms = [&arriving.plain, &arriving.per_synapse, &arriving.delayed];
        for (spikes, modules) in forms.into_iter().zip(&mut modules) {
            let [found, expected] = modules
                .each_mut()
                .map(|(module, out)| run(module, spikes, out, t));
            // Terms of both signs cancel: what is left keeps the rounding of the largest.
            largest = expected.iter().fold(largest, |most, value| most.max(value.abs()));
            for (found, expected) in found.iter().zip(&expected) {
                prop_assert!(
                    (found - expected).abs() <= 2e-5 * largest,
                    "{} is not {}",
                    found,
                    expected
                );
            }
        }
    }
    Ok(())
}

/// The same for synapses that need nothing but spikes.
macro_rules! both_kernels {
    ($module:ident, $setup:expr, $config:expr) => {
        both::<$module>($setup, $config, &[], |module, spikes, out, _| {
            module.run((Some(spikes),), out);
            out.0.as_slice().to_vec()
        })
    };
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn linear_synapses(setup in setups()) {
        let units = Shape::from([setup.post]);
        both_kernels!(LinearSynapses, &setup, |kernel| LinearSynapsesConfig { units: units.clone(), kernel, ..Default::default() })?;
    }

    #[test]
    fn traced_synapses(setup in setups()) {
        let units = Shape::from([setup.post]);
        both_kernels!(TracedSynapses, &setup, |kernel| TracedSynapsesConfig { units: units.clone(), kernel, ..Default::default() })?;
    }

    #[test]
    fn synapses_that_rise_and_decay(setup in setups()) {
        let units = Shape::from([setup.post]);
        both_kernels!(RDTracedSynapses, &setup, |kernel| RDTracedSynapsesConfig { units: units.clone(), kernel, ..Default::default() })?;
        both_kernels!(RFSTracedSynapses, &setup, |kernel| RFSTracedSynapsesConfig { units: units.clone(), kernel, ..Default::default() })?;
    }

    #[test]
    fn exponential_synapses(setup in setups(), exact in any::<bool>()) {
        let units = Shape::from([setup.post]);
        let membrane_tau = exact.then_some(Ms(20.0));
        both_kernels!(ExponentialCurrentSynapses, &setup, |kernel| ExponentialCurrentSynapsesConfig {
            units: units.clone(), kernel, membrane_tau, ..Default::default()
        })?;
    }

    #[test]
    fn short_term_synapses(setup in setups()) {
        let units = Shape::from([setup.post]);
        both_kernels!(ShortTermSynapses, &setup, |kernel| ShortTermSynapsesConfig { units: units.clone(), kernel, ..Default::default() })?;
    }

    #[test]
    fn conductances(setup in setups()) {
        let units = Shape::from([setup.post]);
        let potentials = |t: usize| (0..setup.post).map(|i| (3.0 * ((i + 7 * t) as Real).sin()) - 5.0).collect::<Vec<Real>>();
        let config = |kernel: Init<PAmp>| {
            // Conductances are positive, in nS.
            let kernel = positive(kernel);
            ConductanceSynapsesConfig { units: units.clone(), kernel, ..Default::default() }
        };
        let potential = PortInfo::plain(Shape::from([setup.post]));
        both::<ConductanceSynapses>(&setup, config, &[potential], |module, spikes, out, t| {
            let potential = PotentialArray::from(potentials(t));
            module.run((Some(spikes), Some(&potential)), out);
            out.0.as_slice().to_vec()
        })?;
    }

    #[test]
    fn spike_timing_teaches_the_synapses_that_there_are(setup in setups(), mu in 0usize..3, own_mu in any::<bool>()) {
        let config = PairSTDPRuleConfig {
            a_plus: 0.2, a_minus: 0.3, w_min: -1.0, w_max: 2.0,
            mu: [0.0, 0.4, 1.0][mu], mu_plus: own_mu.then_some(0.0), ..Default::default()
        };
        both_learn::<PairSTDPRule>(&setup, &config, &[], |rule, pre, post, kernel| {
            rule.run((Some(pre), Some(post), Some(kernel)), &mut ());
        })?;
    }

    #[test]
    fn hebbian_rules_teach_the_synapses_that_there_are(setup in setups()) {
        let config = HebbianRuleConfig { eta: -0.4, ..Default::default() };
        both_learn::<HebbianRule>(&setup, &config, &[], |rule, pre, post, kernel| {
            rule.run((Some(pre), Some(post), Some(kernel)), &mut ());
        })?;
    }

    #[test]
    fn modulated_rules_teach_the_synapses_that_there_are(setup in setups(), each in any::<bool>()) {
        let Setup { post, pre, .. } = setup;
        // One number, or one for each pair of neurons.
        let signal = if each {
            FloatArray::from_vec([post, pre], setup.uniform(50, post * pre).iter().map(|&u| u as Real).collect()).unwrap()
        } else {
            FloatArray::from([0.7])
        };
        let config = QuadrupletRuleConfig { gamma: Init::Value(0.2), ..Default::default() };
        both_learn::<QuadrupletRule>(&setup, &config, &[PortInfo::of(&signal)], |rule, pre, post, kernel| {
            rule.run((Some(&signal), Some(pre), Some(post), Some(kernel)), &mut ());
        })?;
        let config = ThreeFactorHebbianRuleConfig { gamma: Init::Value(0.3), ..Default::default() };
        both_learn::<ThreeFactorHebbianRule>(&setup, &config, &[PortInfo::of(&signal)], |rule, pre, post, kernel| {
            rule.run((Some(&signal), Some(pre), Some(post), Some(kernel)), &mut ());
        })?;
    }
}

/// Runs a rule on a sparse kernel and on the dense one, whose other weights do not count, for plain and delayed spikes.
fn both_learn<M: Module<Outputs = ()>>(
    setup: &Setup,
    config: &M::Config,
    first: &[PortInfo],
    run: impl Fn(&mut M, &SpikeArray, &SpikeArray, &mut FloatArray),
) -> Result<(), TestCaseError> {
    let list = synapses(setup, false);
    let mut source = Source::new(setup);
    let Setup { post, pre, .. } = *setup;
    let Init::Initializer(initializer) = &sparse(&list) else {
        unreachable!()
    };
    let connections = initializer
        .connect(Key::from_seed(0), (post, pre), &Default::default())
        .unwrap()
        .unwrap();
    let weights: Vec<Real> = connections.weights.iter().map(|&w| w as Real).collect();
    let forms = [PortInfo::plain(Shape::from([pre])), source.info()];
    let mut rules = forms.map(|info| {
        let (topology, weights) = match &info.plan {
            Some(plan) => connections.topology.with_delays(plan, &weights),
            None => (connections.topology.clone(), weights.clone()),
        };
        let thin = FloatArray::sparse([post, pre], std::sync::Arc::new(topology), weights).unwrap();
        let full = thin.to_dense();
        [thin, full].map(|kernel| {
            let last = [
                info.clone(),
                PortInfo::plain(Shape::from([post])),
                PortInfo::of(&kernel),
            ];
            let infos = first.iter().cloned().chain(last).map(Some).collect();
            (build::<M>(config, infos, Compat::Standard).0, kernel)
        })
    });
    for t in 0..STEPS {
        let arriving = source.step(t);
        let (spikes, _) = post_spikes(setup, t);
        for (rules, form) in rules.iter_mut().zip([&arriving.plain, &arriving.delayed]) {
            for (rule, kernel) in rules.iter_mut() {
                run(rule, form, &spikes, kernel);
            }
            let [(_, thin), (_, full)] = rules;
            let topology = thin.topology().unwrap();
            let expected: Vec<f64> = topology
                .pairs()
                .map(|(i, j)| f64::from(full.as_slice()[i * pre + j]))
                .collect();
            close(thin.as_slice(), &expected)?;
        }
    }
    Ok(())
}

/// The kernel with the magnitudes of its weights.
fn positive(kernel: Init<PAmp>) -> Init<spark::core::units::NSiemens> {
    let flip = |array: &ArrayValue| {
        let data = array.data().iter().map(|weight| weight.abs()).collect();
        ArrayValue::new(array.dtype(), array.shape().clone(), data).unwrap()
    };
    match kernel {
        Init::Array(array) => Init::Array(flip(&array)),
        Init::Initializer(mut list) => {
            let weights = list
                .config_mut()
                .values_mut()
                .into_iter()
                .find_map(|value| (value as &mut dyn std::any::Any).downcast_mut::<Init<f64>>());
            if let Some(Init::Array(array)) = weights {
                *array = flip(array);
            }
            Init::Initializer(list)
        }
        Init::Value(weight) => Init::Value(spark::core::units::NSiemens(weight.value().abs())),
    }
}
