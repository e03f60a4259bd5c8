//! What is driven by events equals the dense textbook form, for any shape, mask, delay and form of spikes.

mod deferred;
mod interfaces;
mod plasticity;
mod somas;
mod sparse;
mod synapses;

use proptest::prelude::*;
use spark::core::field::{ArrayValue, Init};
use spark::core::module::{Keys, Module, PortInfo, Ports};
use spark::core::units::Ms;
use spark::nn::delays::{N2NDelays, N2NDelaysConfig};
use spark::nn::plasticity::{
    HebbianRule, HebbianRuleConfig, QuadrupletRuleTensor, QuadrupletRuleTensorConfig,
};
use spark::nn::synapses::{LinearSynapses, LinearSynapsesConfig, TracedSynapses, TracedSynapsesConfig};
use spark::{Compat, Dtype, FloatArray, Key, Mask, Real, Shape, SpikeArray};

/// Sizes, delays and spikes of a test.
#[derive(Debug, Clone)]
struct Setup {
    post: usize,
    pre: usize,
    longest: usize,
    seed: u64,
    rate: f32,
    inhibitory: f32,
}

fn setups() -> impl Strategy<Value = Setup> {
    (
        1usize..7,
        1usize..9,
        1usize..5,
        any::<u32>(),
        0.05f32..0.7,
        0.0f32..1.0,
    )
        .prop_map(|(post, pre, longest, seed, rate, inhibitory)| Setup {
            post,
            pre,
            longest,
            seed: u64::from(seed),
            rate,
            inhibitory,
        })
}

const STEPS: usize = 40;

impl Setup {
    fn uniform(&self, tag: u64, n: usize) -> Vec<f32> {
        Key::from_seed(self.seed ^ (tag << 8)).uniform_f32(n)
    }

    /// Which of `n` neurons fire in step `t`.
    fn fired(&self, tag: u64, t: usize, n: usize) -> Vec<bool> {
        self.uniform(tag * 1000 + t as u64 + 17, n)
            .into_iter()
            .map(|u| u < self.rate)
            .collect()
    }

    fn mask(&self, tag: u64, n: usize) -> Vec<bool> {
        self.uniform(tag + 7_000_000, n)
            .into_iter()
            .map(|u| u < self.inhibitory)
            .collect()
    }

    fn weights(&self) -> Vec<Real> {
        self.uniform(3, self.post * self.pre)
            .into_iter()
            .map(|u| (4.0 * u - 1.0) as Real)
            .collect()
    }

    fn delays(&self) -> Vec<usize> {
        let draw = |u: f32| (u * (self.longest + 1) as f32) as usize;
        self.uniform(4, self.post * self.pre)
            .into_iter()
            .map(draw)
            .collect()
    }
}

fn array(shape: &[usize], dtype: Dtype, data: impl IntoIterator<Item = f64>) -> ArrayValue {
    ArrayValue::new(dtype, shape, data.into_iter().collect()).unwrap()
}

fn keys(compat: Compat) -> Keys {
    Keys::new(0, Ms(1.0), compat, "test")
}

fn build<M: Module>(config: &M::Config, infos: Vec<Option<PortInfo>>, compat: Compat) -> (M, M::Outputs) {
    let ports = Ports::<M>::new(infos);
    let module = M::build(config, &ports, &mut keys(compat)).unwrap();
    let outputs = module.outputs(config, &ports).unwrap();
    (module, outputs)
}

/// The spikes of one step in each of the three forms, and where they arrive.
struct Arriving {
    plain: SpikeArray,
    per_synapse: SpikeArray,
    delayed: SpikeArray,
    /// Per synapse, of the delayed spikes.
    dense: Vec<bool>,
}

/// Feeds delays step by step.
struct Source {
    setup: Setup,
    module: N2NDelays,
    out: (SpikeArray,),
    mask: Vec<bool>,
    fired: Vec<Vec<bool>>,
}

impl Source {
    fn new(setup: &Setup) -> Self {
        let delays = setup.delays();
        let config = N2NDelaysConfig {
            max_delay: Ms(setup.longest as f64),
            units: Shape::from([setup.post]),
            delays: Init::Array(array(
                &[setup.post, setup.pre],
                Dtype::UInt16,
                delays.iter().map(|&d| d as f64),
            )),
            ..Default::default()
        };
        let infos = vec![Some(PortInfo::plain(Shape::from([setup.pre])))];
        let (module, out) = build::<N2NDelays>(&config, infos, Compat::Standard);
        Source {
            setup: setup.clone(),
            module,
            out,
            mask: setup.mask(1, setup.pre),
            fired: Vec::new(),
        }
    }

    fn info(&self) -> PortInfo {
        PortInfo::of(&self.out.0)
    }

    fn step(&mut self, t: usize) -> Arriving {
        let Setup { post, pre, .. } = self.setup;
        let fired = self.setup.fired(5, t, pre);
        let indices = |bits: &[bool]| -> Vec<u32> {
            (0u32..)
                .zip(bits)
                .filter(|(_, bit)| **bit)
                .map(|(i, _)| i)
                .collect()
        };
        let mask = Mask::new(self.mask.clone());
        let plain = SpikeArray::from_indices([pre], indices(&fired))
            .unwrap()
            .with_mask(mask)
            .unwrap();
        self.fired.push(fired);
        self.module.run((Some(&plain),), &mut self.out);
        let delays = self.setup.delays();
        let arrives = |synapse: usize| t >= delays[synapse] && self.fired[t - delays[synapse]][synapse % pre];
        let dense: Vec<bool> = (0..post * pre).map(arrives).collect();
        let whole = Mask::new(self.mask.repeat(post));
        let per_synapse = SpikeArray::from_synapses([post, pre], indices(&dense))
            .unwrap()
            .with_mask(whole)
            .unwrap();
        Arriving {
            plain,
            per_synapse,
            delayed: self.out.0.clone(),
            dense,
        }
    }
}

fn close(found: &[Real], expected: &[f64]) -> Result<(), TestCaseError> {
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        let difference = (f64::from(*found) - expected).abs() / expected.abs().max(1.0);
        prop_assert!(difference < 2e-5, "element {}: {} is not {}", i, found, expected);
    }
    Ok(())
}

fn post_spikes(setup: &Setup, t: usize) -> (SpikeArray, Vec<bool>) {
    let fired = setup.fired(9, t, setup.post);
    let indices: Vec<u32> = (0u32..)
        .zip(&fired)
        .filter(|(_, bit)| **bit)
        .map(|(i, _)| i)
        .collect();
    let mask = Mask::new(setup.mask(2, setup.post));
    (
        SpikeArray::from_indices([setup.post], indices)
            .unwrap()
            .with_mask(mask)
            .unwrap(),
        fired,
    )
}

/// The parameters of the tensor rule, four of each.
fn quadruplet(setup: &Setup) -> QuadrupletRuleTensorConfig {
    let four = |tag: u64, low: f64, high: f64| -> [f64; 4] {
        let draw = setup.uniform(tag, 4);
        std::array::from_fn(|i| low + (high - low) * f64::from(draw[i]))
    };
    QuadrupletRuleTensorConfig {
        pre_tau: four(21, 3.0, 20.0).map(Ms),
        post_tau: four(22, 3.0, 20.0).map(Ms),
        q_alpha: four(23, -1.0, 1.0),
        q_beta: four(24, -1.0, 1.0),
        q_gamma: four(25, -1.0, 1.0),
        q_delta: four(26, -1.0, 1.0),
        max_clip: four(27, 1.0, 3.0),
        eta: 0.3,
        ..Default::default()
    }
}

/// One trace per synapse in double precision.
struct Trace(Vec<f64>);

impl Trace {
    fn step(&mut self, fired: impl Fn(usize) -> bool, tau: impl Fn(usize) -> f64) {
        for (i, trace) in self.0.iter_mut().enumerate() {
            *trace = *trace * (-1.0 / tau(i)).exp() + if fired(i) { 1.0 / tau(i) } else { 0.0 };
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_spike_arrives_after_its_delay_for_every_delay_up_to_the_longest(setup in setups()) {
        let mut source = Source::new(&setup);
        for t in 0..STEPS {
            let arriving = source.step(t);
            prop_assert_eq!(&arriving.delayed, &arriving.per_synapse);
            if t == STEPS / 2 {
                source.module.reset();
                source.fired.iter_mut().for_each(|step| step.fill(false));
            }
        }
    }

    #[test]
    fn synapses_sum_signed_weights(setup in setups(), traced in any::<bool>(), compat in any::<bool>(), base in -1.0f64..1.0) {
        let compat = if compat { Compat::SparkSnn1 } else { Compat::Standard };
        let mut source = Source::new(&setup);
        let Setup { post, pre, .. } = setup;
        let units = Shape::from([post]);
        let weights = setup.weights();
        let kernel = Init::Array(array(&[post, pre], Dtype::Float32, weights.iter().map(|&w| f64::from(w))));
        let infos = [
            PortInfo::plain(Shape::from([pre])),
            PortInfo { shape: Shape::from([post, pre]), per_synapse: true, plan: None, topology: None, deferrable: None },
            source.info(),
        ];
        let linear = LinearSynapsesConfig { units: units.clone(), kernel: kernel.clone(), ..Default::default() };
        let config = TracedSynapsesConfig { units, kernel, scale: Init::Value(1.5), base: Init::Value(base), ..Default::default() };
        let mut linears = infos.clone().map(|info| build::<LinearSynapses>(&linear, vec![Some(info)], compat));
        let mut traceds = infos.map(|info| build::<TracedSynapses>(&config, vec![Some(info)], compat));
        let mut traces = vec![vec![base; post * pre]; 2];
        for t in 0..STEPS {
            let arriving = source.step(t);
            let plain_dense: Vec<bool> = source.fired[t].repeat(post);
            let forms = [(&arriving.plain, &plain_dense, 0), (&arriving.per_synapse, &arriving.dense, 1), (&arriving.delayed, &arriving.dense, 1)];
            let value = |dense: &[bool], s: usize| {
                let sign = if source.mask[s % pre] { -1.0 } else { 1.0 };
                if dense[s] { sign * f64::from(weights[s]) } else { 0.0 }
            };
            for (which, dense) in [(0, &plain_dense), (1, &arriving.dense)] {
                for (s, trace) in traces[which].iter_mut().enumerate() {
                    *trace = base + (-0.2f64).exp() * (*trace - base) + 1.5 * value(dense, s);
                }
            }
            for (form, (spikes, dense, which)) in forms.into_iter().enumerate() {
                let row = |i: usize| i * pre..(i + 1) * pre;
                if traced {
                    let (module, out) = &mut traceds[form];
                    module.run((Some(spikes),), out);
                    let expected: Vec<f64> = (0..post).map(|i| traces[which][row(i)].iter().sum()).collect();
                    close(out.0.as_slice(), &expected)?;
                } else {
                    let (module, out) = &mut linears[form];
                    module.run((Some(spikes),), out);
                    let expected: Vec<f64> = (0..post).map(|i| row(i).map(|s| value(dense, s)).sum()).collect();
                    close(out.0.as_slice(), &expected)?;
                }
            }
        }
    }

    #[test]
    fn the_hebbian_rule_is_its_formula(setup in setups(), own_taus in any::<bool>()) {
        let mut source = Source::new(&setup);
        let Setup { post, pre, .. } = setup;
        let taus: Vec<f64> = setup.uniform(30, post * pre).iter().map(|&u| f64::from(4.0 + 10.0 * u)).collect();
        let tau = |s: usize| if own_taus { taus[s] } else { 7.0 };
        let pre_tau = || if own_taus { Init::Array(array(&[post, pre], Dtype::Float32, taus.clone())) } else { Init::Value(Ms(7.0)) };
        let config = HebbianRuleConfig { pre_tau: pre_tau(), eta: -0.4, ..Default::default() };
        let kernel = || FloatArray::from_vec([post, pre], setup.weights()).unwrap();
        let infos = [PortInfo { shape: Shape::from([post, pre]), per_synapse: true, plan: None, topology: None, deferrable: None }, source.info()];
        let mut rules = infos.map(|info| {
            let plain = |shape: &[usize]| Some(PortInfo::plain(Shape::from(shape)));
            (build::<HebbianRule>(&config, vec![Some(info), plain(&[post]), plain(&[post, pre])], Compat::Standard).0, kernel())
        });
        let mut oracle: Vec<f64> = setup.weights().iter().map(|&w| f64::from(w)).collect();
        let (mut x, mut y) = (Trace(vec![0.0; post * pre]), Trace(vec![0.0; post]));
        for t in 0..STEPS {
            let arriving = source.step(t);
            let (spikes, fired) = post_spikes(&setup, t);
            x.step(|s| arriving.dense[s], tau);
            y.step(|i| fired[i], |_| 20.0);
            for (s, weight) in oracle.iter_mut().enumerate() {
                let (pre_spike, post_spike) = (f64::from(u8::from(arriving.dense[s])), f64::from(u8::from(fired[s / pre])));
                *weight = (*weight - 0.4 * (y.0[s / pre] * pre_spike + post_spike * x.0[s])).max(0.0);
            }
            for ((rule, kernel), form) in rules.iter_mut().zip([&arriving.per_synapse, &arriving.delayed]) {
                rule.run((Some(form), Some(&spikes), Some(kernel)), &mut ());
                close(kernel.as_slice(), &oracle)?;
            }
        }
    }

    #[test]
    fn the_tensor_rule_is_its_formula(setup in setups(), plain in any::<bool>()) {
        let mut source = Source::new(&setup);
        let Setup { post, pre, .. } = setup;
        let config = quadruplet(&setup);
        let infos = [
            PortInfo::plain(Shape::from([pre])),
            PortInfo { shape: Shape::from([post, pre]), per_synapse: true, plan: None, topology: None, deferrable: None },
            source.info(),
        ];
        let one = || Some(PortInfo::plain(Shape::from([1])));
        let port = |shape: &[usize]| Some(PortInfo::plain(Shape::from(shape)));
        let mut rules = infos.map(|info| {
            let kernel = FloatArray::from_vec([post, pre], setup.weights()).unwrap();
            (build::<QuadrupletRuleTensor>(&config, vec![one(), Some(info), port(&[post]), port(&[post, pre])], Compat::Standard).0, kernel)
        });
        let (pre_mask, post_mask) = (source.mask.clone(), setup.mask(2, post));
        let of = |s: usize| 2 * usize::from(post_mask[s / pre]) + usize::from(pre_mask[s % pre]);
        let mut oracle: Vec<f64> = setup.weights().iter().map(|&w| f64::from(w)).collect();
        let (mut x, mut y) = (Trace(vec![0.0; post * pre]), Trace(vec![0.0; post * pre]));
        for t in 0..STEPS {
            let arriving = source.step(t);
            let (spikes, fired) = post_spikes(&setup, t);
            let dense = if plain { source.fired[t].repeat(post) } else { arriving.dense.clone() };
            let modulation = [1.0, -0.5, 0.0][t % 3];
            x.step(|s| dense[s], |s| config.pre_tau[of(s)].value());
            y.step(|s| fired[s / pre], |s| config.post_tau[of(s)].value());
            for (s, weight) in oracle.iter_mut().enumerate() {
                let (a, b) = (f64::from(u8::from(dense[s])), f64::from(u8::from(fired[s / pre])));
                let k = of(s);
                let sum = config.q_alpha[k] * a + config.q_beta[k] * y.0[s] * a + config.q_gamma[k] * b + config.q_delta[k] * x.0[s] * b;
                *weight = (*weight + config.eta * modulation * sum).max(0.0).min(config.max_clip[k]);
            }
            let modulation = FloatArray::from([modulation as Real]);
            let forms = [&arriving.plain, &arriving.per_synapse, &arriving.delayed];
            for (form, (rule, kernel)) in rules.iter_mut().enumerate().filter(|(form, _)| (*form == 0) == plain) {
                rule.run((Some(&modulation), Some(forms[form]), Some(&spikes), Some(kernel)), &mut ());
                close(kernel.as_slice(), &oracle)?;
            }
        }
    }
}
