//! A kernel that holds the synapses that there are equals the dense one that holds 0 between.

use super::*;
use spark::core::payload::CurrentArray;
use spark::core::units::PAmp;
use spark::nn::initializers::ConnectionListInitializer;
use spark::nn::plasticity::{PairSTDPRule, PairSTDPRuleConfig};
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
    };
    let infos = [PortInfo::plain(Shape::from([pre])), per_synapse, source.info()];
    let mut modules = infos.map(|info| {
        [0, 1].map(|kind| {
            let infos = std::iter::once(info.clone()).chain(more.iter().cloned()).map(Some);
            build::<M>(&configs[kind], infos.collect(), Compat::Standard)
        })
    });
    for t in 0..STEPS {
        if t == STEPS / 2 {
            source.module.reset();
            modules.iter_mut().flatten().for_each(|(module, _)| module.reset());
        }
        let arriving = source.step(t);
        let forms = [&arriving.plain, &arriving.per_synapse, &arriving.delayed];
        for (spikes, modules) in forms.into_iter().zip(&mut modules) {
            let [found, expected] = modules
                .each_mut()
                .map(|(module, out)| run(module, spikes, out, t));
            let expected: Vec<f64> = expected.into_iter().map(f64::from).collect();
            close(&found, &expected)?;
        }
    }
    Ok(())
}

fn plain<M: Module<Outputs = (CurrentArray,)>>(
    setup: &Setup,
    config: impl Fn(Init<PAmp>) -> M::Config,
) -> Result<(), TestCaseError>
where
    for<'a> M::Inputs<'a>: From<(Option<&'a SpikeArray>,)>,
{
    both::<M>(setup, config, &[], |module, spikes, out, _| {
        module.run((Some(spikes),).into(), out);
        out.0.as_slice().to_vec()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn linear_synapses(setup in setups()) {
        let units = Shape::from([setup.post]);
        plain::<LinearSynapses>(&setup, |kernel| LinearSynapsesConfig { units: units.clone(), kernel, ..Default::default() })?;
    }

    #[test]
    fn traced_synapses(setup in setups()) {
        let units = Shape::from([setup.post]);
        plain::<TracedSynapses>(&setup, |kernel| TracedSynapsesConfig { units: units.clone(), kernel, ..Default::default() })?;
    }

    #[test]
    fn synapses_that_rise_and_decay(setup in setups()) {
        let units = Shape::from([setup.post]);
        plain::<RDTracedSynapses>(&setup, |kernel| RDTracedSynapsesConfig { units: units.clone(), kernel, ..Default::default() })?;
        plain::<RFSTracedSynapses>(&setup, |kernel| RFSTracedSynapsesConfig { units: units.clone(), kernel, ..Default::default() })?;
    }

    #[test]
    fn exponential_synapses(setup in setups(), exact in any::<bool>()) {
        let units = Shape::from([setup.post]);
        let membrane_tau = exact.then_some(Ms(20.0));
        plain::<ExponentialCurrentSynapses>(&setup, |kernel| ExponentialCurrentSynapsesConfig {
            units: units.clone(), kernel, membrane_tau, ..Default::default()
        })?;
    }
}
