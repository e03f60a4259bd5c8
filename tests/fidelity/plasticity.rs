//! What plasticity rules compute, against closed forms, and where the Python package has no rule to compare with.

use super::{BOTH, numbers};
use spark::prelude::*;

network! {
    brain Timed(pre: SpikeArray[1], post: SpikeArray[1]) -> (kernel: FloatArray[1, 1]) {
        synapses = LinearSynapses { units: [1], kernel: [0.5] };
        rule     = PairSTDPRule { a_plus: 0.02, a_minus: 0.03, pre_tau: 15ms, post_tau: 25ms };

        pre                -> synapses.spikes, rule.pre_spikes;
        post               -> rule.post_spikes;
        synapses.kernel() <-> rule.kernel;
        synapses.kernel()  -> kernel;
    }

    brain Rewarded(reward: FloatArray[1], pre: SpikeArray[1], post: SpikeArray[1]) -> (kernel: FloatArray[1, 1]) {
        synapses = LinearSynapses { units: [1], kernel: [0.5] };
        rule     = RewardSTDPRule { a_plus: 0.2, eligibility_tau: 40ms, pre_tau: 15ms, eta: 0.05 };

        pre                -> synapses.spikes, rule.pre_spikes;
        post               -> rule.post_spikes;
        reward             -> rule.reward;
        synapses.kernel() <-> rule.kernel;
        synapses.kernel()  -> kernel;
    }

    brain Principal(pre: SpikeArray[3], post: SpikeArray[1]) -> (kernel: FloatArray[1, 3]) {
        synapses = LinearSynapses { units: [1], kernel: [[0.1, 0.1, 0.1]] };
        rule     = OjaRule { post_tau: 300ms, eta: 0.05 };

        pre                -> synapses.spikes, rule.pre_spikes;
        post               -> rule.post_spikes;
        synapses.kernel() <-> rule.kernel;
        synapses.kernel()  -> kernel;
    }

    brain Consolidating(pre: SpikeArray[3], post: SpikeArray[1]) -> (kernel: FloatArray[1, 3]) {
        synapses = LinearSynapses { units: [1], kernel: [[0.0, 0.25, 0.5]] };
        rule     = ZenkeRule { target_tau: 100ms, p: 20.0, post_tau: 2ms, eta: 0.5, c: -2.0 };

        pre                -> synapses.spikes, rule.pre_spikes;
        post               -> rule.post_spikes;
        synapses.kernel() <-> rule.kernel;
        synapses.kernel()  -> kernel;
    }

    brain Compared(reward: FloatArray[1], pre: SpikeArray[3], post: SpikeArray[2]) -> (three: FloatArray[2, 3], two: FloatArray[2, 3]) {
        first  = LinearSynapses { units: [2], kernel: ConstantInitializer { scale: 1.0 } };
        second = LinearSynapses { units: [2], kernel: ConstantInitializer { scale: 1.0 } };
        three  = ThreeFactorHebbianRule { pre_tau: 7ms, post_tau: 7ms, gamma: 0.4 };
        two    = HebbianRule { pre_tau: 7ms, post_tau: 7ms, eta: 0.4 };

        pre              -> first.spikes, second.spikes, three.pre_spikes, two.pre_spikes;
        post             -> three.post_spikes, two.post_spikes;
        reward           -> three.reward;
        first.kernel()  <-> three.kernel;
        second.kernel() <-> two.kernel;
        first.kernel()   -> three;
        second.kernel()  -> two;
    }

    brain Quadruplets(signal: FloatArray[1], pre: SpikeArray[1], post: SpikeArray[1]) -> (kernel: FloatArray[1, 1]) {
        synapses = LinearSynapses { units: [1], kernel: [1.0] };
        rule     = QuadrupletRule { q_alpha: 2.0, q_beta: 3.0, q_gamma: 5.0, q_delta: 7.0, gamma: 0.5 };

        pre                -> synapses.spikes, rule.pre_spikes;
        post               -> rule.post_spikes;
        signal             -> rule.modulation;
        synapses.kernel() <-> rule.kernel;
        synapses.kernel()  -> kernel;
    }

    brain Flat(signal: FloatArray[1], pre: SpikeArray[6], post: SpikeArray[4]) -> (kernel: FloatArray[4, 6]) {
        synapses = LinearSynapses { units: [4], kernel: ConstantInitializer { scale: 1.0 } };
        rule     = QuadrupletRuleTensor { q_alpha: [1.0, 2.0, 3.0, 4.0], q_delta: [5.0, 6.0, 7.0, 8.0] };

        pre                -> synapses.spikes, rule.pre_spikes;
        post               -> rule.post_spikes;
        signal             -> rule.modulation;
        synapses.kernel() <-> rule.kernel;
        synapses.kernel()  -> kernel;
    }

    brain Folded(signal: FloatArray[1], pre: SpikeArray[2, 3], post: SpikeArray[2, 2]) -> (kernel: FloatArray[2, 2, 2, 3]) {
        synapses = LinearSynapses { units: [2, 2], kernel: ConstantInitializer { scale: 1.0 } };
        rule     = QuadrupletRuleTensor { q_alpha: [1.0, 2.0, 3.0, 4.0], q_delta: [5.0, 6.0, 7.0, 8.0] };

        pre                -> synapses.spikes, rule.pre_spikes;
        post               -> rule.post_spikes;
        signal             -> rule.modulation;
        synapses.kernel() <-> rule.kernel;
        synapses.kernel()  -> kernel;
    }

    /// A unit that fires in every step, without any input.
    neuron Restless(in_spikes: SpikeArray[3]) -> (out_spikes: SpikeArray[2]) {
        units = [2];

        synapses = LinearSynapses { kernel: [[0.75, 0.1, -0.5], [2.0, 0.3, 0.0]] };
        soma     = LeakySoma { threshold: -80mV, potential_rest: -60mV, potential_reset: -65mV };
        rule     = ZenkeRule { post_tau: 2ms, target_tau: 5ms, c: -2.0, d: 0.5, eta: 0.5, p: 3.0 };

        in_spikes              -> synapses.spikes, rule.pre_spikes;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> rule.post_spikes, out_spikes;
        synapses.kernel()     <-> rule.kernel;
    }

    brain Enclosing(in_spikes: SpikeArray[3]) -> (out_spikes: SpikeArray[2]) {
        pool = Restless;

        in_spikes       -> pool.in_spikes;
        pool.out_spikes -> out_spikes;
    }

    /// One of each, and their weights.
    brain AllRules(reward: FloatArray[1], in_spikes: SpikeArray[3], post: SpikeArray[2]) ->
        (oja: FloatArray[2, 3], zenke: FloatArray[2, 3], three: FloatArray[2, 3], four: FloatArray[2, 3], pair: FloatArray[2, 3], late: FloatArray[2, 3]) {
        delays = N2NDelays { units: [2], max_delay: 4ms };
        s1 = LinearSynapses { units: [2], kernel: ConstantInitializer { scale: 0.5 } };
        s2 = LinearSynapses { units: [2], kernel: ConstantInitializer { scale: 0.5 } };
        s3 = LinearSynapses { units: [2], kernel: ConstantInitializer { scale: 0.5 } };
        s4 = LinearSynapses { units: [2], kernel: ConstantInitializer { scale: 0.5 } };
        s5 = LinearSynapses { units: [2], kernel: ConstantInitializer { scale: 0.5 } };
        s6 = LinearSynapses { units: [2], kernel: ConstantInitializer { scale: 0.5 } };
        r1 = OjaRule;
        r2 = ZenkeRule;
        r3 = ThreeFactorHebbianRule;
        r4 = QuadrupletRule;
        r5 = PairSTDPRule { mu: 0.5 };
        r6 = RewardSTDPRule { eligibility_tau: 2ms, eta: 0.1 };

        in_spikes -> delays.in_spikes;
        delays.out_spikes -> s1.spikes, s2.spikes, s3.spikes, s4.spikes, s5.spikes, s6.spikes,
            r1.pre_spikes, r2.pre_spikes, r3.pre_spikes, r4.pre_spikes, r5.pre_spikes, r6.pre_spikes;
        post -> r1.post_spikes, r2.post_spikes, r3.post_spikes, r4.post_spikes, r5.post_spikes, r6.post_spikes;
        reward -> r3.reward, r4.modulation, r6.reward;
        s1.kernel() <-> r1.kernel;
        s2.kernel() <-> r2.kernel;
        s3.kernel() <-> r3.kernel;
        s4.kernel() <-> r4.kernel;
        s5.kernel() <-> r5.kernel;
        s6.kernel() <-> r6.kernel;
        s1.kernel() -> oja;
        s2.kernel() -> zenke;
        s3.kernel() -> three;
        s4.kernel() -> four;
        s5.kernel() -> pair;
        s6.kernel() -> late;
    }
}

fn spikes(shape: impl Into<Shape>, fired: &[u32]) -> SpikeArray {
    SpikeArray::from_indices(shape, fired.to_vec()).unwrap()
}

/// A spike at the only neuron, or none.
fn one(fires: bool) -> SpikeArray {
    spikes(1, if fires { &[0] } else { &[] })
}

fn near(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within, "{found} is not {expected}");
}

impl Timed {
    fn with(dt: f64, change: impl FnOnce(&mut PairSTDPRuleConfig)) -> Self {
        let mut config = Timed::config();
        config.dt = Some(Ms(dt));
        change(&mut config.rule);
        let shape = || Shape::from(1);
        Timed::build(
            config,
            TimedShapes {
                pre: shape(),
                post: shape(),
            },
        )
        .unwrap()
    }

    fn weight(&mut self, pre: bool, post: bool) -> f64 {
        let out = self.step(TimedInputs {
            pre: &one(pre),
            post: &one(post),
        });
        f64::from(out.kernel.as_slice()[0])
    }
}

/// What one pair changes: the post unit fires `lag` steps after the presynaptic spike.
fn window(lag: i32, dt: f64) -> f64 {
    let mut timed = Timed::with(dt, |_| ());
    let mut weight = 0.0;
    for t in -60..60 {
        weight = timed.weight(t == 0, t == lag);
    }
    weight - 0.5
}

#[test]
fn the_window_of_pair_stdp_is_exponential_on_both_sides() {
    for dt in [0.5, 1.0] {
        for lag in [0, 1, 2, 10, 40] {
            let time = f64::from(lag) * dt;
            near(window(lag, dt), 0.02 * (-time / 15.0).exp(), 1e-6);
            if lag > 0 {
                near(window(-lag, dt), -0.03 * (-time / 25.0).exp(), 1e-6);
            }
        }
    }
}

#[test]
fn a_spike_that_arrives_as_its_unit_fires_counts_as_before_it() {
    near(window(0, 1.0), 0.02, 1e-6);
}

#[test]
fn additive_stdp_drives_weights_to_their_bounds_and_no_further() {
    for (lag, end) in [(3, 0.9), (17, 0.1)] {
        // Pairs every 20 ms: just after the presynaptic spike, or just before the next one.
        let mut timed = Timed::with(1.0, |rule| {
            (rule.w_min, rule.w_max, rule.a_minus) = (0.1, 0.9, 0.01)
        });
        let weight = (0..4000)
            .map(|t| timed.weight(t % 20 == 0, t % 20 == lag))
            .fold(0.0, |_, weight| {
                assert!((0.1 - 1e-7..=0.9 + 1e-7).contains(&weight));
                weight
            });
        // What the unfavourable pairs of the last period take back.
        near(weight, end, 0.03);
    }
}

/// The weight that regular pairs lead to, a postsynaptic spike `lag` after each presynaptic one, every 20 ms; and what
/// each spike changes at the end of the range: potentiation, depression.
fn balance(mu: f64, plus: f64, minus: f64, lag: u32) -> (f64, f64, f64) {
    let mut timed = Timed::with(1.0, |rule| {
        (rule.mu, rule.a_plus, rule.a_minus) = (mu, plus, minus)
    });
    let mut weight = 0.0;
    for t in 0..40_000 {
        let phase = t % 20;
        let now = timed.weight(phase == 0, phase == lag);
        if phase == lag {
            weight = now;
        }
    }
    let all = |lag: u32, tau: f64| (-f64::from(lag) / tau).exp() / (1.0 - (-20.0 / tau).exp());
    (weight, plus * all(lag, 15.0), minus * all(20 - lag, 25.0))
}

#[test]
fn multiplicative_stdp_settles_where_both_sides_balance() {
    for lag in [2, 10, 18] {
        let (weight, up, down) = balance(1.0, 0.05, 0.04, lag);
        // w -> (1 - down) w -> w + up (1 - w).
        near(weight, up / (1.0 - (1.0 - up) * (1.0 - down)), 1e-5);
    }
}

#[test]
fn stdp_between_additive_and_multiplicative_settles_at_the_balance_of_powers() {
    let (weight, up, down) = balance(0.5, 0.002, 0.0025, 10);
    // up (1 - u)^mu = down u^mu.
    near(weight, 1.0 / (1.0 + (down / up).powi(2)), 5e-3);
}

impl Rewarded {
    fn fresh() -> Self {
        Rewarded::new().unwrap()
    }

    fn weight(&mut self, reward: f64, pre: bool, post: bool) -> f64 {
        let reward = FloatArray::from([reward as Real]);
        let out = self.step(RewardedInputs {
            reward: &reward,
            pre: &one(pre),
            post: &one(post),
        });
        f64::from(out.kernel.as_slice()[0])
    }
}

#[test]
fn a_reward_pays_for_what_is_left_of_the_eligibility_of_a_pair() {
    for wait in [1, 5, 200] {
        let mut rewarded = Rewarded::fresh();
        rewarded.weight(0.0, true, false);
        near(rewarded.weight(0.0, false, true), 0.5, 0.0);
        for _ in 1..wait {
            rewarded.weight(0.0, false, false);
        }
        let eligible = 0.2 * (-1.0f64 / 15.0).exp() * (-f64::from(wait) / 40.0).exp();
        near(
            rewarded.weight(2.0, false, false),
            0.5 + 0.05 * 2.0 * eligible,
            1e-6,
        );
    }
}

#[test]
fn a_lasting_reward_pays_the_integral_of_the_eligibility() {
    let mut rewarded = Rewarded::fresh();
    rewarded.weight(1.0, true, true);
    let weight = (0..2000)
        .map(|_| rewarded.weight(1.0, false, false))
        .last()
        .unwrap();
    // The sum over all steps of a_plus exp(-t/40).
    near(weight, 0.5 + 0.05 * 0.2 / (1.0 - (-1.0f64 / 40.0).exp()), 1e-5);
}

#[test]
fn nothing_is_learned_without_a_reward_and_punishment_turns_the_sign() {
    let mut rewarded = Rewarded::fresh();
    let pairs = (0..100)
        .map(|t| rewarded.weight(0.0, t % 10 == 0, t % 10 == 2))
        .last()
        .unwrap();
    near(pairs, 0.5, 0.0);
    let mut punished = Rewarded::fresh();
    near(punished.weight(-1.0, true, true), 0.5 - 0.05 * 0.2, 1e-6);
}

/// Emits spikes at a rate, in spikes per step, as evenly as steps allow.
struct Regular(f64);

impl Regular {
    fn fires(&mut self, rate: f64) -> bool {
        self.0 += rate;
        let fires = self.0 >= 1.0;
        self.0 -= f64::from(u8::from(fires));
        fires
    }
}

#[test]
fn ojas_rule_brings_the_weights_of_a_linear_unit_to_norm_one_along_its_inputs() {
    let rates = [0.30, 0.15, 0.05];
    let mut brain = Principal::new().unwrap();
    let (mut inputs, mut unit) = ([0.0, 0.3, 0.6].map(Regular), Regular(0.0));
    let mut weights = [0.1; 3];
    for _ in 0..60_000 {
        // The unit's rate is the weighted sum of the rates of its inputs.
        let rate = weights
            .iter()
            .zip(rates)
            .map(|(weight, rate)| weight * rate)
            .sum();
        let fired: Vec<u32> = (0u32..)
            .zip(&mut inputs)
            .filter_map(|(i, input)| input.fires(rates[i as usize]).then_some(i))
            .collect();
        let out = brain.step(PrincipalInputs {
            pre: &spikes(3, &fired),
            post: &one(unit.fires(rate)),
        });
        weights = std::array::from_fn(|i| f64::from(out.kernel.as_slice()[i]));
    }
    let norm = weights.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
    near(norm, 1.0, 0.02);
    let length = rates.iter().map(|rate| rate * rate).sum::<f64>().sqrt();
    weights
        .iter()
        .zip(rates)
        .for_each(|(weight, rate)| near(weight / norm, rate / length, 0.02));
}

#[test]
fn zenkes_targets_settle_where_weight_and_potential_balance() {
    let mut brain = Consolidating::new().unwrap();
    for _ in 0..4000 {
        brain.step(ConsolidatingInputs {
            pre: &spikes(3, &[]),
            post: &one(false),
        });
    }
    let targets = numbers(&brain.spark_state(), "rule/target_trace/trace");
    // K = T + p T (1/4 - T) (1/2 - T): 0 and 1/2 are their own targets, 1/4 is not, since p > 16.
    let expected = [0.0, (0.5 - (0.25 - 4.0 / 20.0f64).sqrt()) / 2.0, 0.5];
    targets
        .iter()
        .zip(expected)
        .for_each(|(&target, expected)| near(f64::from(target), expected, 0.01));
}

#[test]
fn zenkes_targets_follow_their_weights_at_any_time_step_unless_the_python_package_is_followed() {
    let settled = |compat: Compat, dt: f64| {
        let mut config = ConsolidatingConfig {
            compat: Some(compat),
            dt: Some(Ms(dt)),
            ..Consolidating::config()
        };
        config.rule.p = Init::Value(0.0);
        let shapes = ConsolidatingShapes {
            pre: Shape::from(3),
            post: Shape::from(1),
        };
        let mut brain = Consolidating::build(config, shapes).unwrap();
        for _ in 0..4000 {
            brain.step(ConsolidatingInputs {
                pre: &spikes(3, &[]),
                post: &one(false),
            });
        }
        f64::from(numbers(&brain.spark_state(), "rule/target_trace/trace")[2])
    };
    for dt in [0.5, 1.0] {
        near(settled(Compat::Standard, dt), 0.5, 0.005);
        near(settled(Compat::SparkSnn1, dt), 0.5 / dt, 0.005);
    }
}

#[test]
fn a_spike_of_the_unit_pulls_all_weights_to_their_targets() {
    let mut brain = Consolidating::new().unwrap();
    let out = brain.step(ConsolidatingInputs {
        pre: &spikes(3, &[]),
        post: &one(true),
    });
    let kernel = out.kernel.as_slice().to_vec();
    for (weight, before) in kernel.into_iter().zip([0.0, 0.25, 0.5]) {
        // A target that was 0 has taken in a hundredth of the weight; the trace is 1/2 after its first spike.
        let pull = 0.5 * -2.0 * (before - before / 100.0) * 0.125;
        near(f64::from(weight), before + pull, 1e-6);
    }
}

#[test]
fn zenkes_rule_is_run_while_building_only_if_the_python_package_is_followed() {
    let weights = BOTH.map(|compat| {
        let config = RestlessConfig {
            compat: Some(compat),
            ..Restless::config()
        };
        let mut neuron = Restless::build(
            config,
            RestlessShapes {
                in_spikes: Shape::from(3),
            },
        )
        .unwrap();
        let built = numbers(&neuron.spark_state(), "synapses/_kernel");
        neuron.step(RestlessInputs {
            in_spikes: &spikes(3, &[0]),
        });
        neuron.step(RestlessInputs {
            in_spikes: &spikes(3, &[1, 2]),
        });
        (built, numbers(&neuron.spark_state(), "synapses/_kernel"))
    });
    assert_eq!(weights[0].0, [0.75, 0.1, -0.5, 2.0, 0.3, 0.0]);
    // Recorded from the package.
    let built = [0.675, 0.09, 0.0, 1.8, 0.27, 0.0];
    let learned = [0.414_184_63, 0.0, 0.0, 1.105_829_24, 0.014_496_431, 0.0];
    let found = weights[1].0.iter().chain(&weights[1].1);
    found
        .zip(built.iter().chain(&learned))
        .for_each(|(&found, &expected)| near(f64::from(found), expected, 4e-6));
}

#[test]
fn targets_of_a_neuron_in_a_brain_move_on_between_the_calls_of_the_python_package() {
    let config = EnclosingConfig {
        compat: Some(Compat::SparkSnn1),
        ..Enclosing::config()
    };
    let shapes = EnclosingShapes {
        in_spikes: Shape::from(3),
    };
    let mut brain = Enclosing::build(config, shapes).unwrap();
    let weights = |brain: &Enclosing| numbers(&brain.spark_state(), "pool/synapses/_kernel");
    let built = weights(&brain);
    brain.step(EnclosingInputs {
        in_spikes: &spikes(3, &[0]),
    });
    brain.step(EnclosingInputs {
        in_spikes: &spikes(3, &[1, 2]),
    });
    // Recorded from the package.
    let recorded = [
        [0.411_132_872, 0.054_426_73, 0.0, 1.102_777_48, 0.163_690_075, 0.0],
        [0.252_748_013, 0.0, 0.0, 0.677_052_438, 0.0, 0.0],
    ];
    let found = [built, weights(&brain)].concat();
    found
        .iter()
        .zip(recorded.concat())
        .for_each(|(&found, expected)| near(f64::from(found), expected, 4e-6));
}

/// What a reward makes of the change that [`HebbianRule`] makes, from plain spikes.
fn rewarded_share(compat: Compat, reward: f64) -> f64 {
    let config = ComparedConfig {
        compat: Some(compat),
        ..Compared::config()
    };
    let shapes = ComparedShapes {
        reward: Shape::from(1),
        pre: Shape::from(3),
        post: Shape::from(2),
    };
    let mut brain = Compared::build(config, shapes).unwrap();
    let reward = FloatArray::from([reward as Real]);
    let mut changes = (0.0, 0.0);
    for t in 0..20u32 {
        let (pre, post) = (spikes(3, &[t % 3]), spikes(2, &[t % 2]));
        let out = brain.step(ComparedInputs {
            reward: &reward,
            pre: &pre,
            post: &post,
        });
        let sum = |kernel: &FloatArray| kernel.as_slice().iter().map(|&w| f64::from(w) - 1.0).sum::<f64>();
        changes = (sum(&out.three), sum(&out.two));
    }
    changes.0 / changes.1
}

#[test]
fn the_three_factor_rule_learns_from_plain_spikes_as_the_hebbian_rule_does() {
    near(rewarded_share(Compat::Standard, 0.9), 1.0, 1e-5);
}

#[test]
fn the_three_factor_rule_learns_from_plain_spikes_where_the_python_package_breaks() {
    near(rewarded_share(Compat::SparkSnn1, 0.9), 1.0, 1e-5);
}

#[test]
fn learning_is_proportional_to_the_reward_and_a_tenth() {
    near(rewarded_share(Compat::Standard, 0.4), 0.5, 1e-5);
    near(rewarded_share(Compat::Standard, 0.0), 0.1, 1e-5);
    near(rewarded_share(Compat::Standard, -0.1), 0.0, 1e-6);
}

/// The weight after a presynaptic spike and, a step later, one of the unit.
fn quadruplets(compat: Compat) -> f64 {
    let config = QuadrupletsConfig {
        compat: Some(compat),
        ..Quadruplets::config()
    };
    let shape = || Shape::from(1);
    let mut brain = Quadruplets::build(
        config,
        QuadrupletsShapes {
            signal: shape(),
            pre: shape(),
            post: shape(),
        },
    )
    .unwrap();
    let mut step = |signal: f64, pre, post| {
        let signal = FloatArray::from([signal as Real]);
        let out = brain.step(QuadrupletsInputs {
            signal: &signal,
            pre: &one(pre),
            post: &one(post),
        });
        f64::from(out.kernel.as_slice()[0])
    };
    step(0.9, true, false);
    step(0.0, false, true)
}

#[test]
fn the_quadruplet_rule_adds_its_terms_at_the_rate_gamma() {
    // gamma (m + 0.1) alpha, then gamma (m + 0.1) (gamma' + delta x).
    let trace = 0.1 * (-0.1f64).exp();
    near(
        quadruplets(Compat::Standard),
        1.0 + 0.5 * 2.0 + 0.5 * 0.1 * (5.0 + 7.0 * trace),
        1e-6,
    );
}

#[test]
fn the_quadruplet_rule_exists_where_the_python_package_cannot_build_it() {
    near(quadruplets(Compat::SparkSnn1), quadruplets(Compat::Standard), 0.0);
}

/// Whether the tensor rule learns the same for units in a row and in a square.
fn folds(compat: Compat) -> bool {
    let flat = FlatConfig {
        compat: Some(compat),
        ..Flat::config()
    };
    let folded = FoldedConfig {
        compat: Some(compat),
        ..Folded::config()
    };
    let one = || Shape::from(1);
    let mut flat = Flat::build(
        flat,
        FlatShapes {
            signal: one(),
            pre: Shape::from(6),
            post: Shape::from(4),
        },
    )
    .unwrap();
    let shapes = FoldedShapes {
        signal: one(),
        pre: Shape::from([2, 3]),
        post: Shape::from([2, 2]),
    };
    let mut folded = Folded::build(folded, shapes).unwrap();
    let signal = FloatArray::from([0.5]);
    let masks = || {
        (
            Mask::new(vec![false, true, false, false, true, true]),
            Mask::new(vec![true, false, false, true]),
        )
    };
    (0..30u32).all(|t| {
        let fired = |shape: Shape, mask, n: u32| {
            spikes(
                shape,
                &[t % n, (t + 2) % n][..if t % n < (t + 2) % n { 2 } else { 1 }],
            )
            .with_mask(mask)
            .unwrap()
        };
        let inputs = |pre: Shape, post: Shape| (fired(pre, masks().0, 6), fired(post, masks().1, 4));
        let (pre, post) = inputs(Shape::from(6), Shape::from(4));
        let row = flat
            .step(FlatInputs {
                signal: &signal,
                pre: &pre,
                post: &post,
            })
            .kernel
            .clone();
        let (pre, post) = inputs(Shape::from([2, 3]), Shape::from([2, 2]));
        let square = folded
            .step(FoldedInputs {
                signal: &signal,
                pre: &pre,
                post: &post,
            })
            .kernel
            .clone();
        row.as_slice() == square.as_slice() && row.as_slice().iter().any(|&weight| weight != 1.0)
    })
}

#[test]
fn the_tensor_rule_takes_units_in_two_dimensions() {
    assert!(folds(Compat::Standard));
}

#[test]
fn the_tensor_rule_takes_units_in_two_dimensions_where_the_python_package_breaks() {
    assert!(folds(Compat::SparkSnn1));
}

#[test]
fn rules_go_on_from_a_state_that_was_taken_out_in_the_middle() {
    let run = |brain: &mut AllRules, steps: std::ops::Range<u32>| {
        for t in steps {
            let reward = FloatArray::from([if t % 4 == 0 { 0.5 } else { 0.0 }]);
            brain.step(AllRulesInputs {
                reward: &reward,
                in_spikes: &spikes(3, &[t % 3]),
                post: &spikes(2, &[t % 2]),
            });
        }
    };
    let (mut whole, mut halves) = (AllRules::new().unwrap(), AllRules::new().unwrap());
    run(&mut whole, 0..120);
    run(&mut halves, 0..61);
    let (graph, state) = split(halves);
    let mut halves = merge(graph, state).unwrap();
    run(&mut halves, 61..120);
    let all = |brain: &AllRules| {
        let out = brain.outputs();
        [&out.oja, &out.zenke, &out.three, &out.four, &out.pair, &out.late]
            .map(|kernel| kernel.as_slice().to_vec())
    };
    assert_eq!(all(&whole), all(&halves));
    assert!(
        all(&whole)
            .iter()
            .all(|kernel| kernel.iter().any(|&weight| weight != 0.5))
    );
}

#[test]
fn the_python_packages_configuration_of_the_quadruplet_rule_is_read() {
    let fields = serde_json::json!({
        "seed": 1, "dtype": "float32", "dt": 1.0, "pre_tau": 12.0, "post_tau": 10.0, "q_alpha": 1.0, "q_beta": 2.0,
        "q_gamma": 1.0, "q_delta": 1.0, "gamma": 0.3,
    });
    let mut problems = Vec::new();
    let mut read = QuadrupletRuleConfig::default();
    read.read_fields(fields.as_object().unwrap(), "", &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!((read.gamma, read.q_beta), (Init::Value(0.3), Init::Value(2.0)));
}
