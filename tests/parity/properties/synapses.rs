//! Synapses, whatever form their spikes have, against their equations synapse by synapse in double precision.

use proptest::prelude::*;
use spark::core::field::Init;
use spark::core::module::{Module, PortInfo};
use spark::core::units::{Ms, Mv};
use spark::nn::synapses::{
    ConductanceSynapses, ConductanceSynapsesConfig, ExponentialCurrentSynapses,
    ExponentialCurrentSynapsesConfig, RDTracedSynapses, RDTracedSynapsesConfig, RFSTracedSynapses,
    RFSTracedSynapsesConfig, ShortTermSynapses, ShortTermSynapsesConfig,
};
use spark::nn::tracers::{RUParams, RUTracer};
use spark::{Compat, CurrentArray, Dtype, PotentialArray, Real, Shape, SpikeArray};

use super::{STEPS, Setup, Source, array, build, setups};

/// What an oracle expects of a unit: the current, and how large the terms are that it is the sum of.
type Expected = (f64, f64);

/// One step of an oracle: which synapses does a spike arrive at?
trait Oracle {
    fn step(&mut self, t: usize, fired: &[bool]) -> Vec<Expected>;
}

impl<F: FnMut(usize, &[bool]) -> Vec<Expected>> Oracle for F {
    fn step(&mut self, t: usize, fired: &[bool]) -> Vec<Expected> {
        self(t, fired)
    }
}

/// A kernel of one number per synapse.
fn per_synapse<Q>(setup: &Setup, of: impl Fn(usize) -> f64) -> Init<Q> {
    let values = (0..setup.post * setup.pre).map(of);
    Init::Array(array(&[setup.post, setup.pre], Dtype::Float32, values))
}

/// The same number for all synapses, or one per synapse: from `low` to `low + 10`.
fn constants(setup: &Setup, tag: u64, low: f64, each: bool) -> Vec<f64> {
    let count = setup.post * setup.pre;
    let drawn = setup.uniform(tag, if each { count } else { 1 });
    let drawn: Vec<f64> = drawn.into_iter().map(|u| low + 10.0 * f64::from(u)).collect();
    if each { drawn } else { vec![drawn[0]; count] }
}

fn field<Q: spark::units::Quantity>(setup: &Setup, values: &[f64], each: bool) -> Init<Q> {
    if each {
        per_synapse(setup, |s| values[s])
    } else {
        Init::Value(Q::new(values[0]))
    }
}

/// The sums over the synapses of each unit of `terms`.
fn summed(setup: &Setup, terms: impl Fn(usize) -> Expected) -> Vec<Expected> {
    let row = |post: usize| (post * setup.pre..(post + 1) * setup.pre).map(&terms);
    (0..setup.post)
        .map(|post| row(post).fold((0.0, 0.0), |sum, term| (sum.0 + term.0, sum.1 + term.1)))
        .collect()
}

/// Runs a module on each form of the same spikes beside its oracle, with a reset in the middle.
fn compare<M: Module, O: Oracle>(
    setup: &Setup,
    config: &M::Config,
    more: &[PortInfo],
    compat: Compat,
    oracle: impl Fn() -> O,
    run: impl Fn(&mut M, &SpikeArray, &mut M::Outputs, usize) -> Vec<Real>,
) -> Result<(), TestCaseError> {
    let mut source = Source::new(setup);
    let Setup { post, pre, .. } = *setup;
    let per_synapse = PortInfo {
        shape: Shape::from([post, pre]),
        per_synapse: true,
        plan: None,
        topology: None,
        deferrable: None,
    };
    let infos = [PortInfo::plain(Shape::from([pre])), per_synapse, source.info()];
    let mut modules = infos.map(|info| {
        let infos = std::iter::once(info).chain(more.iter().cloned()).map(Some);
        build::<M>(config, infos.collect(), compat)
    });
    let mut oracles = [oracle(), oracle()];
    for t in 0..STEPS {
        if t == STEPS / 2 {
            source.module.reset();
            source.fired.iter_mut().for_each(|step| step.fill(false));
            modules.iter_mut().for_each(|(module, _)| module.reset());
            oracles = [oracle(), oracle()];
        }
        let arriving = source.step(t);
        let plain = source.fired[t].repeat(post);
        let [direct, delayed] =
            [(0, &plain), (1, &arriving.dense)].map(|(i, fired)| oracles[i].step(t, fired));
        let forms = [
            (&arriving.plain, &direct),
            (&arriving.per_synapse, &delayed),
            (&arriving.delayed, &delayed),
        ];
        for (form, ((module, out), (spikes, expected))) in modules.iter_mut().zip(forms).enumerate() {
            let found = run(module, spikes, out, t);
            for (unit, (found, (expected, magnitude))) in found.iter().zip(expected).enumerate() {
                let difference = (f64::from(*found) - expected).abs();
                prop_assert!(
                    difference <= 1e-5 * magnitude.max(1.0),
                    "form {}, step {}, unit {}: {} is not {}",
                    form,
                    t,
                    unit,
                    found,
                    expected
                );
            }
        }
    }
    Ok(())
}

fn currents(out: &(CurrentArray,)) -> Vec<Real> {
    out.0.as_slice().to_vec()
}

/// Which synapses are inhibitory.
fn inhibitory(setup: &Setup) -> Vec<bool> {
    setup.mask(1, setup.pre).repeat(setup.post)
}

/// The weights with the signs of their neurons.
fn signed(setup: &Setup) -> Vec<f64> {
    let weights = setup.weights().into_iter().map(f64::from);
    weights
        .zip(inhibitory(setup))
        .map(|(weight, inhibitory)| if inhibitory { -weight } else { weight })
        .collect()
}

/// `T' = base + exp(-1/tau) (T - base) + scale x` for every synapse.
struct Exponential {
    traces: Vec<f64>,
    taus: Vec<f64>,
    scale: f64,
    base: f64,
}

impl Exponential {
    fn new(taus: &[f64], scale: f64, base: f64) -> Self {
        Exponential {
            traces: vec![base; taus.len()],
            taus: taus.to_vec(),
            scale,
            base,
        }
    }

    fn step(&mut self, x: impl Fn(usize) -> f64) {
        for (i, trace) in self.traces.iter_mut().enumerate() {
            *trace = self.base + (-1.0 / self.taus[i]).exp() * (*trace - self.base) + self.scale * x(i);
        }
    }
}

/// Time constant of the fast part of a rise and a decay.
fn coupled(rise: &[f64], decay: &[f64]) -> Vec<f64> {
    rise.iter().zip(decay).map(|(r, d)| r * d / (r + d)).collect()
}

const BOTH: [Compat; 2] = [Compat::Standard, Compat::SparkSnn1];

/// The mean over a step of 1 ms of what begins the step with 1.
fn mean_of_step(tau: f64) -> f64 {
    tau * (1.0 - (-1.0 / tau).exp())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rising_currents_are_differences_of_traces(setup in setups(), each in any::<bool>(), compat in 0usize..2, base in -1.0f64..1.0) {
        let kernel = || per_synapse(&setup, |s| f64::from(setup.weights()[s]));
        let (rise, decay) = (constants(&setup, 31, 0.5, each), constants(&setup, 32, 3.0, each));
        let config = RDTracedSynapsesConfig {
            units: Shape::from([setup.post]),
            kernel: kernel(),
            tau_rise: field(&setup, &rise, each),
            tau_decay: field(&setup, &decay, each),
            scale_rise: Init::Value(0.75),
            scale_decay: Init::Value(1.25),
            base_rise: Init::Value(base),
            ..Default::default()
        };
        let weights = signed(&setup);
        let oracle = || {
            let mut rises = Exponential::new(&coupled(&rise, &decay), 0.75, base);
            let mut decays = Exponential::new(&decay, 1.25, 0.0);
            let (setup, weights) = (&setup, &weights);
            move |_: usize, fired: &[bool]| {
                let x = |s: usize| if fired[s] { weights[s] } else { 0.0 };
                rises.step(x);
                decays.step(x);
                summed(setup, |s| (decays.traces[s] - rises.traces[s], decays.traces[s].abs() + rises.traces[s].abs()))
            }
        };
        compare::<RDTracedSynapses, _>(&setup, &config, &[], BOTH[compat], oracle, |module, spikes, out, _| {
            module.run((Some(spikes),), out);
            currents(out)
        })?;
    }

    #[test]
    fn fast_and_slow_currents_are_mixed(setup in setups(), each in any::<bool>(), compat in 0usize..2, alpha in 0.0f64..1.0) {
        let taus = [(41, 0.5), (42, 3.0), (43, 30.0)].map(|(tag, low)| constants(&setup, tag, low, each));
        let [rise, fast, slow] = &taus;
        let config = RFSTracedSynapsesConfig {
            units: Shape::from([setup.post]),
            kernel: per_synapse(&setup, |s| f64::from(setup.weights()[s])),
            alpha: Init::Value(alpha),
            tau_rise: field(&setup, rise, each),
            tau_fast_decay: field(&setup, fast, each),
            tau_slow_decay: field(&setup, slow, each),
            scale_slow_decay: Init::Value(1.25),
            base_fast_decay: Init::Value(0.5),
            ..Default::default()
        };
        let weights = signed(&setup);
        let oracle = || {
            let mut parts = [
                (alpha, Exponential::new(fast, 1.0, 0.5)),
                (-alpha, Exponential::new(&coupled(rise, fast), 1.0, 0.0)),
                (1.0 - alpha, Exponential::new(slow, 1.25, 0.0)),
                (alpha - 1.0, Exponential::new(&coupled(rise, slow), 1.0, 0.0)),
            ];
            let (setup, weights) = (&setup, &weights);
            move |_: usize, fired: &[bool]| {
                parts.iter_mut().for_each(|(_, part)| part.step(|s| if fired[s] { weights[s] } else { 0.0 }));
                summed(setup, |s| {
                    let terms = parts.iter().map(|(share, part)| share * part.traces[s]);
                    (terms.clone().sum(), terms.map(f64::abs).sum())
                })
            }
        };
        compare::<RFSTracedSynapses, _>(&setup, &config, &[], BOTH[compat], oracle, |module, spikes, out, _| {
            module.run((Some(spikes),), out);
            currents(out)
        })?;
    }

    #[test]
    fn exponential_currents_are_means_of_two_exponentials(setup in setups(), own_taus in any::<bool>()) {
        let Setup { post, pre, .. } = setup;
        let taus = [51, 52].map(|tag| -> Vec<f64> {
            let drawn = setup.uniform(tag, post);
            (0..post).map(|i| 2.0 + 8.0 * f64::from(drawn[if own_taus { i } else { 0 }])).collect()
        });
        let tau = |which: usize| if own_taus {
            Init::Array(array(&[post], Dtype::Float32, taus[which].clone()))
        } else {
            Init::Value(Ms(taus[which][0]))
        };
        let config = ExponentialCurrentSynapsesConfig {
            units: Shape::from([post]),
            kernel: per_synapse(&setup, |s| f64::from(setup.weights()[s])),
            tau_excitatory: tau(0),
            tau_inhibitory: tau(1),
            ..Default::default()
        };
        let (weights, inhibitory) = (setup.weights(), inhibitory(&setup));
        let oracle = || {
            let mut sides = [vec![0.0f64; post], vec![0.0f64; post]];
            let (weights, inhibitory, taus) = (&weights, &inhibitory, &taus);
            move |_: usize, fired: &[bool]| {
                for (side, tau) in sides.iter_mut().zip(taus) {
                    side.iter_mut().zip(tau).for_each(|(current, tau)| *current *= (-1.0 / tau).exp());
                }
                for s in (0..post * pre).filter(|&s| fired[s]) {
                    sides[usize::from(inhibitory[s])][s / pre] += f64::from(weights[s]);
                }
                (0..post).map(|i| {
                    let [e, j] = [0, 1].map(|which| mean_of_step(taus[which][i]) * sides[which][i]);
                    (e - j, e.abs() + j.abs())
                }).collect()
            }
        };
        compare::<ExponentialCurrentSynapses, _>(&setup, &config, &[], Compat::Standard, oracle, |module, spikes, out, _| {
            module.run((Some(spikes),), out);
            currents(out)
        })?;
    }

    #[test]
    fn conductances_drive_towards_their_reversal_potentials(setup in setups(), rest in -70.0f64..-50.0) {
        let Setup { post, pre, .. } = setup;
        let conductances: Vec<f64> = setup.weights().iter().map(|&w| f64::from(w).abs()).collect();
        let config = ConductanceSynapsesConfig {
            units: Shape::from([post]),
            kernel: per_synapse(&setup, |s| conductances[s]),
            potential_rest: Init::Value(Mv(rest)),
            ..Default::default()
        };
        let potentials = |t: usize| -> Vec<f64> {
            setup.uniform(61 + t as u64, post).iter().map(|&u| f64::from(60.0 * u - 30.0)).collect()
        };
        let inhibitory = inhibitory(&setup);
        let oracle = || {
            let mut open = [vec![0.0f64; post], vec![0.0f64; post]];
            let (conductances, inhibitory, potentials) = (&conductances, &inhibitory, &potentials);
            move |t: usize, fired: &[bool]| {
                for (side, tau) in open.iter_mut().zip([5.0f64, 10.0]) {
                    side.iter_mut().for_each(|g| *g *= (-1.0 / tau).exp());
                }
                for s in (0..post * pre).filter(|&s| fired[s]) {
                    open[usize::from(inhibitory[s])][s / pre] += conductances[s];
                }
                let v = potentials(t);
                (0..post).map(|i| {
                    let e = mean_of_step(5.0) * open[0][i] * (0.0 - rest - v[i]);
                    let j = mean_of_step(10.0) * open[1][i] * (-80.0 - rest - v[i]);
                    // Potentials cancel before conductances are applied.
                    (e + j, 100.0 * (mean_of_step(5.0) * open[0][i] + mean_of_step(10.0) * open[1][i]))
                }).collect()
            }
        };
        let more = [PortInfo::plain(Shape::from([post]))];
        compare::<ConductanceSynapses, _>(&setup, &config, &more, Compat::Standard, oracle, |module, spikes, out, t| {
            let v = potentials(t).into_iter().map(|v| v as Real).collect();
            module.run((Some(spikes), Some(&PotentialArray::from_vec([post], v).unwrap())), out);
            currents(out)
        })?;
    }

    #[test]
    fn short_term_plasticity_is_that_of_a_dense_tracer_per_synapse(setup in setups(), kind in 0usize..3, facilitates in any::<bool>()) {
        let Setup { post, pre, .. } = setup;
        // The same for all synapses, for those of a neuron, for none.
        let spread = |tag: u64, low: f64, width: f64| -> Vec<f64> {
            let drawn = setup.uniform(tag, post * pre);
            let place = |s: usize| [0, s % pre, s][kind];
            (0..post * pre).map(|s| f64::from((low + width * f64::from(drawn[place(s)])) as f32)).collect()
        };
        let shape = [vec![], vec![pre], vec![post, pre]][kind].clone();
        fn field<Q: spark::units::Quantity>(shape: &[usize], values: &[f64]) -> Init<Q> {
            if shape.is_empty() {
                return Init::Value(Q::new(values[0]));
            }
            Init::Array(array(shape, Dtype::Float32, values[..shape.iter().product()].to_vec()))
        }
        let (release, rec) = (spread(71, 0.1, 0.8), spread(72, 5.0, 100.0));
        let facil = if facilitates { spread(73, 5.0, 100.0) } else { vec![0.0; post * pre] };
        let config = ShortTermSynapsesConfig {
            units: Shape::from([post]),
            kernel: per_synapse(&setup, |s| f64::from(setup.weights()[s])),
            release: field(&shape, &release),
            tau_rec: field(&shape, &rec),
            tau_facil: field(&shape, &facil),
            ..Default::default()
        };
        let weights = signed(&setup);
        let oracle = || {
            let (mut u, mut x) = (vec![0.0f64; post * pre], vec![1.0f64; post * pre]);
            let mut current = vec![0.0f64; post];
            let (release, rec, facil, weights) = (&release, &rec, &facil, &weights);
            move |_: usize, fired: &[bool]| {
                current.iter_mut().for_each(|current| *current *= (-1.0f64 / 3.0).exp());
                for s in 0..post * pre {
                    u[s] *= (-1.0 / facil[s]).exp();
                    x[s] = 1.0 - (1.0 - x[s]) * (-1.0 / rec[s]).exp();
                    if fired[s] {
                        u[s] += release[s] * (1.0 - u[s]);
                        current[s / pre] += weights[s] * u[s] * x[s];
                        x[s] -= u[s] * x[s];
                    }
                }
                current.iter().map(|current| (mean_of_step(3.0) * current, 1.0)).collect()
            }
        };
        compare::<ShortTermSynapses, _>(&setup, &config, &[], Compat::Standard, oracle, |module, spikes, out, _| {
            module.run((Some(spikes),), out);
            currents(out)
        })?;
    }

    #[test]
    fn synapses_release_what_the_tracer_of_resources_and_usage_gives(setup in setups(), release in 0.05f64..0.95, rec in 5.0f64..200.0, facil in 5.0f64..200.0) {
        let config = ShortTermSynapsesConfig {
            units: Shape::from([1]),
            kernel: Init::Array(array(&[1, 1], Dtype::Float32, [1.0])),
            release: Init::Value(release),
            tau_rec: Init::Value(Ms(rec)),
            tau_facil: Init::Value(Ms(facil)),
            // So short that nothing is left one step later.
            tau: Init::Value(Ms(0.001)),
            ..Default::default()
        };
        let one = Shape::from([1]);
        let (mut synapses, mut out) = build::<ShortTermSynapses>(&config, vec![Some(PortInfo::plain(one.clone()))], Compat::Standard);
        let params = RUParams { r_tau: rec.into(), u_tau: facil.into(), u_scale: release.into() };
        let mut tracer = RUTracer::new(&one, &params, 1.0, Compat::Standard);
        for t in 0..STEPS {
            let fired = setup.fired(5, t, 1)[0];
            let spikes = SpikeArray::from_indices([1], (0..u32::from(fired)).collect::<Vec<u32>>()).unwrap();
            synapses.run((Some(&spikes),), &mut out);
            let given = f64::from(tracer.step(&[Real::from(u8::from(fired))])[0]);
            let released = f64::from(out.0.as_slice()[0]) / mean_of_step(0.001);
            prop_assert!((released - if fired { given } else { 0.0 }).abs() < 1e-5, "step {}: {} is not {}", t, released, given);
        }
    }
}
