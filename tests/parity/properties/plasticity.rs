//! Plasticity rules equal their formula, evaluated for every synapse in double precision, in every form of spikes.

use spark::core::convert::IntoField;
use spark::core::module::AnyInput;
use spark::nn::initializers::UniformInitializer;
use spark::nn::plasticity::{
    OjaRule, OjaRuleConfig, PairSTDPRule, PairSTDPRuleConfig, QuadrupletRule, QuadrupletRuleConfig,
    RewardSTDPRule, RewardSTDPRuleConfig, ThreeFactorHebbianRule, ThreeFactorHebbianRuleConfig, ZenkeRule,
    ZenkeRuleConfig,
};

use spark::{Problem, StateMap};

use super::*;

/// What happens at the synapses in one step: per synapse, but `p`: per post unit.
struct Step {
    s: Vec<f64>,
    p: Vec<f64>,
    signal: Vec<f64>,
}

/// A formula: changes the weights as one step does.
type Formula<'a> = Box<dyn FnMut(&Step, &mut [f64]) + 'a>;

fn numbers(bits: &[bool]) -> Vec<f64> {
    bits.iter().map(|&bit| f64::from(u8::from(bit))).collect()
}

/// A trace that decays with `tau` and to which a spike adds `scale`.
fn follow(trace: &mut [f64], spikes: &[f64], tau: impl Fn(usize) -> f64, scale: impl Fn(f64) -> f64) {
    for (i, trace) in trace.iter_mut().enumerate() {
        *trace = *trace * (-1.0 / tau(i)).exp() + spikes[i] * scale(tau(i));
    }
}

fn per_tau(tau: f64) -> f64 {
    1.0 / tau
}

fn feed<M: Module<Outputs = ()>>(
    rule: &mut M,
    signal: &FloatArray,
    pre: &SpikeArray,
    post: &SpikeArray,
    kernel: &mut FloatArray,
) {
    let mut inputs = M::Inputs::default();
    let mut kernel = Some(kernel);
    for (index, port) in M::TABLE.inputs.iter().enumerate() {
        let value = match port.name {
            "pre_spikes" => AnyInput::Shared(pre),
            "post_spikes" => AnyInput::Shared(post),
            "kernel" => AnyInput::InPlace(kernel.take().unwrap()),
            _ => AnyInput::Shared(signal),
        };
        assert!(M::feed(&mut inputs, index, value), "{}", port.name);
    }
    rule.run(inputs, &mut ());
}

fn infos<M: Module>(setup: &Setup, pre: PortInfo, signal: &[usize]) -> Vec<Option<PortInfo>> {
    let plain = |shape: &[usize]| PortInfo::plain(Shape::from(shape));
    let info = |name: &str| match name {
        "pre_spikes" => pre.clone(),
        "post_spikes" => plain(&[setup.post]),
        "kernel" => plain(&[setup.post, setup.pre]),
        _ => plain(signal),
    };
    M::TABLE.inputs.iter().map(|port| Some(info(port.name))).collect()
}

impl Setup {
    fn drawn(&self, tag: u64, n: usize, low: f64, high: f64) -> Vec<f64> {
        let draw = self.uniform(tag, n);
        draw.into_iter()
            .map(|u| low + (high - low) * f64::from(u))
            .collect()
    }

    /// One number per synapse, or the same for all.
    fn parameter(&self, tag: u64, each: bool, low: f64, high: f64) -> (Init<f64>, Vec<f64>) {
        let synapses = self.post * self.pre;
        if !each {
            let one = self.drawn(tag, 1, low, high)[0];
            return (Init::Value(one), vec![one; synapses]);
        }
        // Rounded as the rule sees them.
        let drawn: Vec<f64> = self
            .drawn(tag, synapses, low, high)
            .iter()
            .map(|&x| f64::from(x as f32))
            .collect();
        (
            Init::Array(array(&[self.post, self.pre], Dtype::Float32, drawn.clone())),
            drawn,
        )
    }

    fn tau(&self, tag: u64, each: bool, low: f64, high: f64) -> (Init<Ms>, Vec<f64>) {
        match self.parameter(tag, each, low, high) {
            (Init::Array(array), drawn) => (Init::Array(array), drawn),
            (_, drawn) => (Init::Value(Ms(drawn[0])), drawn),
        }
    }

    /// The shape of a signal, by number.
    fn signal_shape(&self, form: usize) -> Vec<usize> {
        let (post, pre) = (self.post, self.pre);
        [vec![1], vec![pre], vec![post, 1], vec![post, pre]][form].clone()
    }

    /// A signal of this shape, and as the synapses see it.
    fn signal(&self, shape: &[usize], t: usize) -> (FloatArray, Vec<f64>) {
        let count = shape.iter().product();
        // Every third step without any.
        let values = if t % 3 == 1 {
            vec![0.0; count]
        } else {
            self.drawn(40_000 + t as u64, count, -1.0, 1.0)
        };
        let values: Vec<f64> = values.into_iter().map(|x| f64::from(x as f32)).collect();
        let place = |synapse: usize| match shape {
            [1] => 0,
            [_] => synapse % self.pre,
            [_, 1] => synapse / self.pre,
            _ => synapse,
        };
        let seen = (0..self.post * self.pre)
            .map(|synapse| values[place(synapse)])
            .collect();
        let reals = values.iter().map(|&x| x as Real).collect();
        (FloatArray::from_vec(Shape::from(shape), reals).unwrap(), seen)
    }
}

/// A rule with spikes in all three forms against its formula.
fn check<'a, M: Module<Outputs = ()>>(
    setup: &Setup,
    config: &M::Config,
    signal: &[usize],
    formula: impl Fn() -> Formula<'a>,
) -> Result<(), TestCaseError> {
    let mut source = Source::new(setup);
    let Setup { post, pre, .. } = *setup;
    let forms = [
        PortInfo::plain(Shape::from([pre])),
        PortInfo {
            shape: Shape::from([post, pre]),
            per_synapse: true,
            plan: None,
            topology: None,
            deferrable: None,
        },
        source.info(),
    ];
    let mut rules = forms.map(|info| {
        let kernel = FloatArray::from_vec([post, pre], setup.weights()).unwrap();
        (
            build::<M>(config, infos::<M>(setup, info, signal), Compat::Standard).0,
            kernel,
        )
    });
    let weights: Vec<f64> = setup.weights().iter().map(|&w| f64::from(w)).collect();
    let mut oracles = [(formula(), weights.clone()), (formula(), weights)];
    for t in 0..STEPS {
        let arriving = source.step(t);
        let (spikes, fired) = post_spikes(setup, t);
        let (modulation, signal) = setup.signal(signal, t);
        let dense = [numbers(&source.fired[t].repeat(post)), numbers(&arriving.dense)];
        for ((formula, weights), s) in oracles.iter_mut().zip(dense) {
            formula(
                &Step {
                    s,
                    p: numbers(&fired),
                    signal: signal.clone(),
                },
                weights,
            );
        }
        let forms = [&arriving.plain, &arriving.per_synapse, &arriving.delayed];
        for (form, (rule, kernel)) in rules.iter_mut().enumerate() {
            feed(rule, &modulation, forms[form], &spikes, kernel);
            close(kernel.as_slice(), &oracles[form.min(1)].1)?;
        }
    }
    Ok(())
}

/// A rule that was reset, once or twice, goes on as a new one.
fn check_reset<M: Module<Outputs = ()> + Clone>(
    setup: &Setup,
    config: &M::Config,
) -> Result<(), TestCaseError> {
    let mut source = Source::new(setup);
    let new =
        |source: &Source| build::<M>(config, infos::<M>(setup, source.info(), &[1]), Compat::Standard).0;
    let run = |source: &mut Source, rule: &mut M, kernel: &mut FloatArray| {
        for t in 0..STEPS / 2 {
            let arriving = source.step(t);
            feed(
                rule,
                &setup.signal(&[1], t).0,
                &arriving.delayed,
                &post_spikes(setup, t).0,
                kernel,
            );
        }
    };
    let mut rule = new(&source);
    let mut kernel = FloatArray::from_vec([setup.post, setup.pre], setup.weights()).unwrap();
    run(&mut source, &mut rule, &mut kernel);
    rule.reset();
    let mut twice = rule.clone();
    twice.reset();
    let [first, second, third] = [rule, twice, new(&source)].map(|mut rule| {
        let mut kernel = kernel.clone();
        run(&mut Source::new(setup), &mut rule, &mut kernel);
        kernel
    });
    prop_assert_eq!(first.as_slice(), second.as_slice());
    prop_assert_eq!(first.as_slice(), third.as_slice());
    Ok(())
}

fn hold(weight: &mut f64, change: f64) {
    *weight = (*weight + change).max(0.0);
}

fn zenke(setup: &Setup, each: bool) -> (ZenkeRuleConfig, [Vec<f64>; 7]) {
    let parameter = |tag, low, high| setup.parameter(tag, each, low, high);
    let [
        (a, a_of),
        (b, b_of),
        (c, c_of),
        (d, d_of),
        (p, p_of),
        (eta, eta_of),
    ] = [
        parameter(61, 0.0, 9.0),
        parameter(62, -3.0, 0.0),
        parameter(63, -3.0, 0.0),
        parameter(64, -0.1, 0.3),
        parameter(65, 0.0, 20.0),
        parameter(66, 0.1, 0.3),
    ];
    let (target_tau, tau_of) = setup.tau(67, each, 20.0, 90.0);
    let config = ZenkeRuleConfig {
        pre_tau: Init::Value(Ms(9.0)),
        post_tau: Init::Value(Ms(6.0)),
        post_slow_tau: Init::Value(Ms(30.0)),
        target_tau,
        a,
        b,
        c,
        d,
        p,
        eta,
        ..Default::default()
    };
    (config, [a_of, b_of, c_of, d_of, p_of, eta_of, tau_of])
}

fn quadruplet(setup: &Setup, each: bool) -> (QuadrupletRuleConfig, [Vec<f64>; 5]) {
    let parameter = |tag| setup.parameter(tag, each, -1.0, 1.0);
    let [(q_alpha, a), (q_beta, b), (q_gamma, c), (q_delta, d)] = [71, 72, 73, 74].map(parameter);
    let (gamma, rate) = setup.parameter(75, each, 0.0, 0.5);
    let config = QuadrupletRuleConfig {
        pre_tau: Init::Value(Ms(9.0)),
        post_tau: Init::Value(Ms(6.0)),
        q_alpha,
        q_beta,
        q_gamma,
        q_delta,
        gamma,
        ..Default::default()
    };
    (config, [a, b, c, d, rate])
}

fn stdp(mu: f64) -> PairSTDPRuleConfig {
    PairSTDPRuleConfig {
        pre_tau: Init::Value(Ms(9.0)),
        post_tau: Init::Value(Ms(6.0)),
        a_plus: 0.07,
        a_minus: 0.09,
        w_min: 0.2,
        w_max: 2.0,
        mu,
        ..Default::default()
    }
}

fn reward_stdp(eligibility_tau: Init<Ms>) -> RewardSTDPRuleConfig {
    RewardSTDPRuleConfig {
        pre_tau: Init::Value(Ms(9.0)),
        post_tau: Init::Value(Ms(6.0)),
        eligibility_tau,
        a_plus: 0.3,
        a_minus: 0.2,
        w_min: -0.5,
        w_max: 2.0,
        eta: 0.4,
        ..Default::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ojas_rule_is_its_formula(setup in setups(), eta in prop_oneof![Just(-0.05), 0.1f64..1.0, 1.0f64..1.6], own_taus in any::<bool>()) {
        let taus: Vec<f64> = setup.drawn(50, setup.post, 3.0, 20.0).iter().map(|&tau| f64::from(tau as f32)).collect();
        let tau = |i: usize| if own_taus { taus[i] } else { 6.0 };
        let post_tau = if own_taus { Init::Array(array(&[setup.post], Dtype::Float32, taus.clone())) } else { Init::Value(Ms(6.0)) };
        let config = OjaRuleConfig { post_tau, eta, ..Default::default() };
        check::<OjaRule>(&setup, &config, &[1], || {
            let mut y = vec![0.0; setup.post];
            Box::new(move |step, weights| {
                follow(&mut y, &step.p, tau, per_tau);
                for (k, weight) in weights.iter_mut().enumerate() {
                    let y = y[k / setup.pre];
                    hold(weight, eta * (y * step.s[k] - *weight * y * y));
                }
            })
        })?;
    }

    #[test]
    fn zenkes_rule_is_its_formula(setup in setups(), each in any::<bool>()) {
        let (config, [a, b, c, d, p, eta, target_tau]) = &zenke(&setup, each);
        check::<ZenkeRule>(&setup, config, &[1], || {
            let (mut x, mut target) = (vec![0.0; setup.post * setup.pre], vec![0.0; setup.post * setup.pre]);
            let (mut y, mut z) = (vec![0.0; setup.post], vec![0.0; setup.post]);
            Box::new(move |step, weights| {
                follow(&mut x, &step.s, |_| 9.0, per_tau);
                follow(&mut y, &step.p, |_| 6.0, per_tau);
                follow(&mut z, &step.p, |_| 30.0, per_tau);
                for (k, weight) in weights.iter_mut().enumerate() {
                    let (i, t) = (k / setup.pre, target[k]);
                    let pull = *weight - p[k] * t * (0.25 - t) * (0.5 - t);
                    target[k] = t * (-1.0 / target_tau[k]).exp() + pull / target_tau[k];
                    let triplet = a[k] * z[i] * step.p[i] * x[k];
                    let heterosynaptic = c[k] * (*weight - target[k]) * y[i].powi(3) * step.p[i];
                    hold(weight, eta[k] * (triplet + heterosynaptic + b[k] * y[i] * step.s[k] + d[k] * step.s[k]));
                }
            })
        })?;
    }

    #[test]
    fn the_three_factor_rule_is_its_formula(setup in setups(), each in any::<bool>(), form in 0usize..4) {
        let (gamma, rate) = &setup.parameter(80, each, -0.5, 2.0);
        let config = ThreeFactorHebbianRuleConfig { gamma: gamma.clone(), post_tau: Init::Value(Ms(6.0)), ..Default::default() };
        check::<ThreeFactorHebbianRule>(&setup, &config, &setup.signal_shape(form), || {
            let (mut x, mut y) = (vec![0.0; setup.post * setup.pre], vec![0.0; setup.post]);
            Box::new(move |step, weights| {
                follow(&mut x, &step.s, |_| 10.0, per_tau);
                follow(&mut y, &step.p, |_| 6.0, per_tau);
                for (k, weight) in weights.iter_mut().enumerate() {
                    let i = k / setup.pre;
                    hold(weight, rate[k] * (step.signal[k] + 0.1) * (y[i] * step.s[k] + step.p[i] * x[k]));
                }
            })
        })?;
    }

    #[test]
    fn the_quadruplet_rule_is_its_formula(setup in setups(), each in any::<bool>(), form in 0usize..4) {
        let (config, [a, b, c, d, rate]) = &quadruplet(&setup, each);
        check::<QuadrupletRule>(&setup, config, &setup.signal_shape(form), || {
            let (mut x, mut y) = (vec![0.0; setup.post * setup.pre], vec![0.0; setup.post]);
            Box::new(move |step, weights| {
                follow(&mut x, &step.s, |_| 9.0, per_tau);
                follow(&mut y, &step.p, |_| 6.0, per_tau);
                for (k, weight) in weights.iter_mut().enumerate() {
                    let i = k / setup.pre;
                    let at_pre = (a[k] + b[k] * y[i]) * step.s[k];
                    let at_post = (c[k] + d[k] * x[k]) * step.p[i];
                    hold(weight, rate[k] * (step.signal[k] + 0.1) * (at_pre + at_post));
                }
            })
        })?;
    }

    #[test]
    fn pair_stdp_is_its_formula(setup in setups(), mu in prop_oneof![Just(0.0), Just(0.5), Just(1.0)]) {
        check::<PairSTDPRule>(&setup, &stdp(mu), &[1], || {
            let (mut x, mut y) = (vec![0.0; setup.post * setup.pre], vec![0.0; setup.post]);
            Box::new(move |step, weights| {
                follow(&mut x, &step.s, |_| 9.0, |_| 1.0);
                follow(&mut y, &vec![0.0; setup.post], |_| 6.0, |_| 1.0);
                for (k, weight) in weights.iter_mut().enumerate() {
                    let i = k / setup.pre;
                    let u = ((*weight - 0.2) / 1.8).clamp(0.0, 1.0);
                    let (up, down) = (0.07 * (1.0 - u).powf(mu), 0.09 * u.powf(mu));
                    *weight = (*weight + up * x[k] * step.p[i] - down * y[i] * step.s[k]).clamp(0.2, 2.0);
                }
                y.iter_mut().zip(&step.p).for_each(|(y, p)| *y += p);
            })
        })?;
    }

    #[test]
    fn reward_stdp_is_its_formula(setup in setups(), each in any::<bool>(), form in 0usize..4, fast in any::<bool>()) {
        let (low, high) = if fast { (0.5, 0.9) } else { (20.0, 90.0) };
        let (eligibility_tau, tau) = &setup.tau(90, each, low, high);
        check::<RewardSTDPRule>(&setup, &reward_stdp(eligibility_tau.clone()), &setup.signal_shape(form), || {
            let (mut x, mut y) = (vec![0.0; setup.post * setup.pre], vec![0.0; setup.post]);
            let mut eligibility = vec![0.0; setup.post * setup.pre];
            Box::new(move |step, weights| {
                follow(&mut x, &step.s, |_| 9.0, |_| 1.0);
                follow(&mut y, &vec![0.0; setup.post], |_| 6.0, |_| 1.0);
                for (k, weight) in weights.iter_mut().enumerate() {
                    let i = k / setup.pre;
                    let pairs = 0.3 * x[k] * step.p[i] - 0.2 * y[i] * step.s[k];
                    eligibility[k] = eligibility[k] * (-1.0 / tau[k]).exp() + pairs;
                    *weight = (*weight + 0.4 * step.signal[k] * eligibility[k]).clamp(-0.5, 2.0);
                }
                y.iter_mut().zip(&step.p).for_each(|(y, p)| *y += p);
            })
        })?;
    }

    #[test]
    fn the_tensor_rule_scales_each_synapse_by_its_modulation(setup in setups(), form in 1usize..4) {
        let config = super::quadruplet(&setup);
        let shape = setup.signal_shape(form);
        let mut source = Source::new(&setup);
        let Setup { post, pre, .. } = setup;
        let rule = |signal: &[usize], info: PortInfo| {
            build::<QuadrupletRuleTensor>(&config, infos::<QuadrupletRuleTensor>(&setup, info, signal), Compat::Standard).0
        };
        let kernel = FloatArray::from_vec([post, pre], setup.weights()).unwrap();
        for t in 0..STEPS {
            let arriving = source.step(t);
            let (spikes, _) = post_spikes(&setup, t);
            // Both rules are new in every step: what one synapse learns does not depend on what others learned.
            let (modulation, seen) = setup.signal(&shape, t);
            let mut whole = kernel.clone();
            feed(&mut rule(&shape, source.info()), &modulation, &arriving.delayed, &spikes, &mut whole);
            let mut single = Vec::new();
            for (k, &m) in seen.iter().enumerate() {
                let mut kernel = kernel.clone();
                feed(&mut rule(&[1], source.info()), &FloatArray::from([m as Real]), &arriving.delayed, &spikes, &mut kernel);
                single.push(f64::from(kernel.as_slice()[k]));
            }
            close(whole.as_slice(), &single)?;
        }
    }

    #[test]
    fn a_rule_that_was_reset_goes_on_as_a_new_one(setup in setups(), mu in prop_oneof![Just(0.0), Just(0.5), Just(1.0)]) {
        check_reset::<HebbianRule>(&setup, &HebbianRuleConfig::default())?;
        check_reset::<OjaRule>(&setup, &OjaRuleConfig::default())?;
        check_reset::<ZenkeRule>(&setup, &zenke(&setup, false).0)?;
        check_reset::<ThreeFactorHebbianRule>(&setup, &ThreeFactorHebbianRuleConfig::default())?;
        check_reset::<QuadrupletRule>(&setup, &quadruplet(&setup, true).0)?;
        check_reset::<QuadrupletRuleTensor>(&setup, &super::quadruplet(&setup))?;
        check_reset::<PairSTDPRule>(&setup, &stdp(mu))?;
        check_reset::<RewardSTDPRule>(&setup, &reward_stdp(Init::Value(Ms(0.8))))?;
    }
}

/// What a rule says about shapes it cannot be built for.
fn refusal<M: Module>(config: &M::Config, infos: Vec<Option<PortInfo>>) -> Vec<Problem> {
    let built = M::build(config, &Ports::<M>::new(infos), &mut keys(Compat::Standard));
    built
        .err()
        .map(|error| error.problems().to_vec())
        .unwrap_or_default()
}

fn shapes(shapes: [&[usize]; 4]) -> Vec<Option<PortInfo>> {
    shapes
        .map(|shape| Some(PortInfo::plain(Shape::from(shape))))
        .to_vec()
}

#[test]
fn a_signal_that_does_not_broadcast_to_the_kernel_is_refused() {
    let infos = shapes([&[4], &[3], &[2], &[2, 3]]);
    let problems = refusal::<ThreeFactorHebbianRule>(&ThreeFactorHebbianRuleConfig::default(), infos);
    let text = format!("{problems:?}");
    assert!(
        text.contains("test.reward") && text.contains("broadcasts"),
        "{text}"
    );
}

#[test]
fn bounds_that_cross_are_refused() {
    let config = RewardSTDPRuleConfig {
        w_min: 2.0,
        w_max: 2.0,
        ..Default::default()
    };
    let problems = refusal::<RewardSTDPRule>(&config, shapes([&[1], &[3], &[2], &[2, 3]]));
    assert!(format!("{problems:?}").contains("w_max"), "{problems:?}");
}

#[test]
fn the_postsynaptic_time_constants_of_the_three_factor_rule_may_be_drawn() {
    let config = ThreeFactorHebbianRuleConfig {
        post_tau: UniformInitializer {
            scale: 30.0,
            min_value: Some(5.0),
            ..Default::default()
        }
        .into_field(),
        ..Default::default()
    };
    for compat in [Compat::Standard, Compat::SparkSnn1] {
        let per_synapse = PortInfo {
            shape: Shape::from([4, 3]),
            per_synapse: true,
            plan: None,
            topology: None,
            deferrable: None,
        };
        let mut infos = shapes([&[1], &[3], &[4], &[4, 3]]);
        infos[1] = Some(per_synapse);
        let (mut rule, ()) = build::<ThreeFactorHebbianRule>(&config, infos, compat);
        let none = SpikeArray::from_synapses([4, 3], Vec::<u32>::new()).unwrap();
        let all = SpikeArray::from_indices([4], vec![0, 1, 2, 3]).unwrap();
        let mut kernel = FloatArray::from_vec([4, 3], vec![1.0; 12]).unwrap();
        feed(&mut rule, &FloatArray::from([1.0]), &none, &all, &mut kernel);
        let mut state = StateMap::new();
        rule.spark_state("", &mut state);
        // One trace per post unit, each with a time constant of its own.
        let trace = &state.get("post_trace/trace").unwrap().value;
        assert_eq!(trace.shape(), [4]);
    }
}
