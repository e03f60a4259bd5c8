//! Somas of any shape: what one unit does depends on nothing but its own parameters and currents.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use spark::{Compat, Key, REGISTRY};

use crate::soma::Soma;

/// All somas.
const CLASSES: [&str; 10] = [
    "LeakySoma",
    "RefractoryLeakySoma",
    "StrictRefractoryLeakySoma",
    "AdaptiveThresholdLeakySoma",
    "AdaptiveCurrentLeakySoma",
    "ExponentialSoma",
    "RefractoryExponentialSoma",
    "SimplifiedAdaptiveExponentialSoma",
    "AdaptiveExponentialSoma",
    "IzhikevichSoma",
];

const STEPS: usize = 60;

/// A soma, how many units it has, and a seed for all the rest.
fn populations() -> impl Strategy<Value = (&'static str, usize, u64, Compat)> {
    let compat = prop::bool::ANY.prop_map(|package| {
        if package {
            Compat::SparkSnn1
        } else {
            Compat::Standard
        }
    });
    (0..CLASSES.len(), 1usize..7, any::<u32>(), compat)
        .prop_map(|(class, units, seed, compat)| (CLASSES[class], units, u64::from(seed), compat))
}

fn uniform(seed: u64, tag: u64, n: usize) -> Vec<f64> {
    let draws = Key::from_seed(seed ^ (tag << 12)).uniform_f32(n);
    draws.into_iter().map(f64::from).collect()
}

/// Currents of one step: now and then strong enough for every soma.
fn currents(seed: u64, t: usize, n: usize) -> Vec<f64> {
    let draws = uniform(seed, 100 + t as u64, n);
    draws.into_iter().map(|u| 900.0 * u * u - 50.0).collect()
}

/// The fields of a soma that are quantities, and a value for each unit, up to a fifth from the default. All are
/// numbers of single precision.
fn parameters(class: &str, seed: u64, n: usize) -> Vec<(&'static str, Vec<f64>)> {
    let fields = REGISTRY.module(class).unwrap().table.config.fields;
    let defaults = (REGISTRY.module(class).unwrap().default_config)().to_fields();
    let named = fields
        .iter()
        .map(|field| field.name)
        .filter(|name| !["seed", "dtype", "dt"].contains(name));
    (0u64..)
        .zip(named)
        .map(|(tag, name)| {
            let default = defaults[name].as_f64().unwrap();
            let near = |u: f64| f64::from((default * (0.9 + 0.2 * u)) as f32);
            (name, uniform(seed, tag + 1, n).into_iter().map(near).collect())
        })
        .collect()
}

fn arrays(class: &str, shape: &[usize], seed: u64) -> Value {
    let parameters = parameters(class, seed, shape.iter().product());
    let array = |values: Vec<f64>| json!({"__type__": "jax_array", "dtype": "float32", "shape": shape, "data": values});
    let fields: Map<String, Value> = parameters
        .into_iter()
        .map(|(name, values)| (name.to_owned(), array(values)))
        .collect();
    Value::Object(fields)
}

/// Spikes of each step.
fn run(soma: &mut Soma, seed: u64, n: usize, steps: std::ops::Range<usize>) -> Vec<Vec<u32>> {
    steps.map(|t| soma.step(&currents(seed, t, n))).collect()
}

/// The state as text: in the mode of the Python package some potentials are not a number, which equals nothing.
fn state(soma: &Soma) -> String {
    format!("{:?}", spark::snapshot(&*soma.module))
}

fn potentials(soma: &Soma) -> Vec<String> {
    let potentials = soma.variable("_potential");
    potentials
        .iter()
        .map(|potential| format!("{potential:?}"))
        .collect()
}

fn refractory(class: &str) -> bool {
    class.contains("Refractory")
        || ["AdaptiveThresholdLeakySoma", "SimplifiedAdaptiveExponentialSoma"].contains(&class)
}

/// The state of one unit in double precision. What its soma does not have is zero.
#[derive(Debug, Clone, Copy)]
struct Unit {
    /// Potential above rest.
    v: f64,
    /// Steps since the last spike.
    since: f64,
    threshold: f64,
    adaptation: f64,
    recovery: f64,
}

impl Unit {
    fn of(soma: &Soma, parameters: &BTreeMap<&str, Vec<f64>>, i: usize) -> Self {
        let optional = |path| soma.optional(path).map_or(0.0, |values| values[i]);
        let base = parameters["threshold"][i] - parameters["potential_rest"][i];
        Unit {
            v: soma.variable("_potential")[i],
            since: optional("refractory"),
            threshold: soma.optional("threshold/trace").map_or(base, |values| values[i]),
            adaptation: optional("adaptation"),
            recovery: optional("recovery"),
        }
    }

    fn numbers(self) -> [f64; 5] {
        [self.v, self.since, self.threshold, self.adaptation, self.recovery]
    }

    /// The next state, whether there was a spike, and how far the potential was from the threshold.
    fn step(mut self, class: &str, p: impl Fn(&str) -> f64, current: f64, dt: f64) -> (Self, bool, f64) {
        let (rest, reset) = (p("potential_rest"), p("potential_reset") - p("potential_rest"));
        let refractory = refractory(class);
        let strict = class.starts_with("Strict");
        let cooldown = if refractory {
            (p("cooldown") / dt).round_ties_even()
        } else {
            0.0
        };
        let ready = !refractory || self.since > cooldown || (strict && self.since == cooldown);
        let drive = p("resistance") * (if ready { current } else { 0.0 } - self.adaptation);
        if class == "IzhikevichSoma" {
            for _ in 0..(if dt > 0.5 { 2 } else { 1 }) {
                let v = self.v + rest;
                self.v += dt.min(0.5) * (0.04 * v * v + 5.0 * v + 140.0 - self.recovery + drive);
            }
            let seen = self.v.min(self.threshold) + rest;
            self.recovery +=
                dt * p("recovery_timescale") * (p("recovery_sensitivity") * seen - self.recovery);
        } else if strict && !ready {
            self.v = reset;
        } else if class.contains("Exponential") {
            let slope = p("spike_slope");
            let upstroke = slope * ((self.v + rest - p("rheobase_threshold")) / slope).exp();
            self.v += dt / p("potential_tau") * (-self.v + upstroke + drive);
        } else {
            self.v = drive + (self.v - drive) * (-dt / p("potential_tau")).exp();
        }
        let margin = self.v - self.threshold;
        let fires = ready && margin > 0.0;
        if fires {
            self.v = reset;
        }
        self.after(class, p, fires, dt);
        (self, fires, margin)
    }

    /// What follows the spike test.
    fn after(&mut self, class: &str, p: impl Fn(&str) -> f64, fires: bool, dt: f64) {
        let spike = f64::from(u8::from(fires));
        self.since = if fires || !refractory(class) {
            0.0
        } else {
            self.since + 1.0
        };
        match class {
            "IzhikevichSoma" => self.recovery += p("recovery_update") * spike,
            "AdaptiveExponentialSoma" | "AdaptiveCurrentLeakySoma" => {
                let tau = p("adaptation_tau");
                let rate = if class.contains("Exponential") {
                    dt / tau
                } else {
                    1.0 - (-dt / tau).exp()
                };
                let goal = p("adaptation_subthreshold") * self.v;
                self.adaptation += rate * (goal - self.adaptation) + p("adaptation_delta") * spike;
            }
            "AdaptiveThresholdLeakySoma" | "SimplifiedAdaptiveExponentialSoma" => {
                let base = p("threshold") - p("potential_rest");
                self.threshold = base
                    + (self.threshold - base) * (-dt / p("threshold_tau")).exp()
                    + p("threshold_delta") * spike;
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_reset_soma_repeats_its_run_and_a_second_reset_changes_nothing((class, n, seed, compat) in populations()) {
        let mut soma = Soma::new(class, &arrays(class, &[n], seed), &[n], 1.0, compat);
        let first = run(&mut soma, seed, n, 0..STEPS);
        let last = state(&soma);
        soma.module.reset();
        let once = state(&soma);
        soma.module.reset();
        prop_assert_eq!(state(&soma), once);
        prop_assert_eq!(run(&mut soma, seed, n, 0..STEPS), first);
        prop_assert_eq!(state(&soma), last);
    }

    #[test]
    fn two_halves_are_one_run((class, n, seed, compat) in populations()) {
        let build = || Soma::new(class, &arrays(class, &[n], seed), &[n], 1.0, compat);
        let mut whole = build();
        let expected = run(&mut whole, seed, n, 0..STEPS);
        let mut first = build();
        let mut found = run(&mut first, seed, n, 0..STEPS / 2);
        let mut second = build();
        run(&mut second, seed + 1, n, 0..7);
        spark::restore(&mut *second.module, spark::snapshot(&*first.module)).unwrap();
        found.extend(run(&mut second, seed, n, STEPS / 2..STEPS));
        prop_assert_eq!(found, expected);
        prop_assert_eq!(state(&second), state(&whole));
    }

    #[test]
    fn each_unit_of_a_population_is_a_population_of_one((class, n, seed, compat) in populations()) {
        let mut all = Soma::new(class, &arrays(class, &[n], seed), &[n], 0.5, compat);
        let mut single: Vec<Soma> = (0..n)
            .map(|unit| {
                let own = |(name, values): (&str, Vec<f64>)| (name.to_owned(), json!([values[unit]]));
                let array = |(name, data): (String, Value)| (name, json!({"__type__": "jax_array", "dtype": "float32", "shape": [1], "data": data}));
                let fields: Map<String, Value> = parameters(class, seed, n).into_iter().map(own).map(array).collect();
                Soma::new(class, &Value::Object(fields), &[1], 0.5, compat)
            })
            .collect();
        for t in 0..STEPS {
            let currents = currents(seed, t, n);
            let fired = all.step(&currents);
            for (unit, soma) in (0u32..).zip(&mut single) {
                prop_assert_eq!(!soma.step(&[currents[unit as usize]]).is_empty(), fired.contains(&unit));
            }
        }
        prop_assert_eq!(potentials(&all), single.iter().flat_map(potentials).collect::<Vec<String>>());
    }

    #[test]
    fn one_number_for_all_units_is_the_same_number_for_each((class, n, seed, compat) in populations()) {
        // Numbers of few digits: they are exact in single precision, and so are their differences.
        let rounded = |value: f64| (value * 4.0).round().max(1.0) / 4.0;
        let defaults = (REGISTRY.module(class).unwrap().default_config)().to_fields();
        let names = parameters(class, seed, 1).into_iter().map(|(name, _)| name);
        let values: Vec<(&str, f64)> = names.map(|name| (name, defaults[name].as_f64().unwrap())).collect();
        let value = |value: f64| if value < 0.0 { -rounded(-value) } else { rounded(value) };
        let one: Map<String, Value> = values.iter().map(|&(name, v)| (name.to_owned(), json!(value(v)))).collect();
        let each: Map<String, Value> = values
            .iter()
            .map(|&(name, v)| (name.to_owned(), json!({"__type__": "jax_array", "dtype": "float32", "shape": [n], "data": vec![value(v); n]})))
            .collect();
        let [mut one, mut each] = [one, each].map(|fields| Soma::new(class, &Value::Object(fields), &[n], 1.0, compat));
        prop_assert_eq!(run(&mut one, seed, n, 0..STEPS), run(&mut each, seed, n, 0..STEPS));
        prop_assert_eq!(potentials(&one), potentials(&each));
    }

    #[test]
    fn a_step_is_that_of_the_textbook((class, n, seed, _) in populations(), dt in prop::sample::select(vec![0.1, 0.5, 1.0])) {
        let parameters: BTreeMap<&str, Vec<f64>> = parameters(class, seed, n).into_iter().collect();
        let mut soma = Soma::new(class, &arrays(class, &[n], seed), &[n], dt, Compat::Standard);
        let all = |soma: &Soma| -> Vec<Unit> { (0..n).map(|i| Unit::of(soma, &parameters, i)).collect() };
        for t in 0..STEPS {
            let before = all(&soma);
            let currents = currents(seed, t, n);
            let fired = soma.step(&currents);
            for (i, (before, after)) in before.into_iter().zip(all(&soma)).enumerate() {
                let p = |name: &str| parameters[name][i];
                let (expected, fires, margin) = before.step(class, p, currents[i], dt);
                // Rounding decides at the threshold, and grows along a steep upstroke.
                if margin.abs() < 1e-3 || after.v > 1e3 {
                    continue;
                }
                prop_assert_eq!(fired.contains(&(i as u32)), fires, "{} unit {} step {}: {:?}", class, i, t, expected);
                for (found, expected) in after.numbers().into_iter().zip(expected.numbers()) {
                    let difference = (found - expected).abs() / expected.abs().max(1.0);
                    prop_assert!(difference < 2e-4, "{} unit {} step {}: {} is not {}", class, i, t, found, expected);
                }
            }
        }
    }

    #[test]
    fn units_in_rows_and_columns_are_units_in_a_row((class, n, seed, compat) in populations(), rows in 1usize..4) {
        let count = rows * n;
        let mut flat = Soma::new(class, &arrays(class, &[count], seed), &[count], 1.0, compat);
        let mut table = Soma::new(class, &arrays(class, &[rows, n], seed), &[rows, n], 1.0, compat);
        prop_assert_eq!(run(&mut table, seed, count, 0..STEPS), run(&mut flat, seed, count, 0..STEPS));
        prop_assert_eq!(potentials(&table), potentials(&flat));
    }
}
