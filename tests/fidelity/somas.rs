//! Somas against formulas: rates, steady states, firing patterns. And the points in which the Python package computes
//! something else, from both sides.

use serde_json::{Value, json};
use spark::prelude::*;

use crate::BOTH;
use crate::soma::Soma;

fn soma(class: &str, config: &Value, dt: f64) -> Soma {
    Soma::new(class, config, &[1], dt, Compat::Standard)
}

/// The steps in which a unit fires under a constant current, pA.
fn spikes(soma: &mut Soma, current: f64, steps: usize) -> Vec<usize> {
    (0..steps).filter(|_| !soma.step(&[current]).is_empty()).collect()
}

fn intervals(times: &[usize]) -> Vec<usize> {
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// Steps from one spike to the next, once that has settled.
fn interval(class: &str, config: &Value, dt: f64, current: f64) -> usize {
    let times = spikes(&mut soma(class, config, dt), current, (3000.0 / dt) as usize);
    let intervals = intervals(&times);
    let last = intervals[intervals.len() - 1];
    assert_eq!(
        last,
        intervals[intervals.len() - 2],
        "{class} at {current} pA: {intervals:?}"
    );
    last
}

const NEVER: [usize; 0] = [];

/// Time in which a leaky membrane rises from `from` to `to` when it is driven towards `goal`: `tau` times this.
fn rise(from: f64, goal: f64, to: f64) -> f64 {
    ((goal - from) / (goal - to)).ln()
}

#[test]
fn a_leaky_soma_fires_at_the_rate_of_the_formula() {
    // From the reset at 10 mV above rest to the threshold at 20 mV, tau 20 ms.
    for dt in [0.1f64, 0.5, 1.0] {
        for current in [210.0, 250.0, 400.0, 1000.0] {
            let expected = 20.0 * rise(10.0, 0.1 * current, 20.0) / dt;
            assert_eq!(
                interval("LeakySoma", &json!({}), dt, current),
                expected.ceil() as usize,
                "{current} pA, {dt} ms"
            );
        }
    }
    let mut silent = soma("LeakySoma", &json!({}), 1.0);
    assert_eq!(spikes(&mut silent, 199.0, 1000), NEVER);
}

#[test]
fn a_strict_refractory_period_adds_its_length_to_every_interval() {
    for dt in [0.1f64, 0.5, 1.0] {
        for current in [210.0, 400.0, 1000.0] {
            let expected = 5.0 / dt + (20.0 * rise(10.0, 0.1 * current, 20.0) / dt).ceil();
            let found = interval(
                "StrictRefractoryLeakySoma",
                &json!({"cooldown": 5.0}),
                dt,
                current,
            );
            assert_eq!(found, expected.round() as usize, "{current} pA, {dt} ms");
        }
    }
}

#[test]
fn a_refractory_soma_leaks_until_it_takes_input_again() {
    for dt in [0.1f64, 0.5, 1.0] {
        for current in [210.0, 400.0, 1000.0] {
            // More than the cooldown must have passed.
            let held: f64 = 5.0 / dt + 1.0;
            let left = 10.0 * (-held * dt / 20.0).exp();
            let expected = held + (20.0 * rise(left, 0.1 * current, 20.0) / dt).ceil();
            let found = interval("RefractoryLeakySoma", &json!({"cooldown": 5.0}), dt, current);
            assert_eq!(found, expected.round() as usize, "{current} pA, {dt} ms");
        }
    }
}

#[test]
fn a_strong_current_makes_a_soma_fire_once_per_refractory_period() {
    for cooldown in [0.0f64, 1.0, 4.0] {
        let of = |class: &str| interval(class, &json!({"cooldown": cooldown}), 1.0, 1e5) as f64;
        assert_eq!(of("StrictRefractoryLeakySoma"), cooldown + 1.0);
        for class in ["RefractoryLeakySoma", "RefractoryExponentialSoma"] {
            assert_eq!(of(class), cooldown + 2.0, "{class}");
        }
    }
}

#[test]
fn a_strict_soma_may_fire_right_after_a_reset_and_a_lenient_one_not() {
    let first = |class: &str| spikes(&mut soma(class, &json!({}), 1.0), 1e5, 3)[0];
    assert_eq!(
        [first("StrictRefractoryLeakySoma"), first("RefractoryLeakySoma")],
        [0, 1]
    );
}

#[test]
fn an_adaptive_threshold_settles_where_its_rise_has_faded() {
    for (delta, tau) in [(10.0f64, 50.0f64), (100.0, 20.0), (3.0, 100.0)] {
        let config = json!({"threshold_delta": delta, "threshold_tau": tau, "cooldown": 2.0});
        let n = interval("AdaptiveThresholdLeakySoma", &config, 1.0, 1000.0);
        // The trace that `n` steps return to itself, and what is left of it `m` steps after a spike.
        let threshold = |m: f64| 20.0 + delta * (-m / tau).exp() / (1.0 - (-(n as f64) / tau).exp());
        let potential = |m: f64| 100.0 + (10.0 * (-3.0f64 / 20.0).exp() - 100.0) * ((3.0 - m) / 20.0).exp();
        let above = |m: usize| potential(m as f64) > threshold(m as f64 - 1.0);
        assert!(above(n) && !above(n - 1), "delta {delta}, tau {tau}: {n}");
    }
}

#[test]
fn an_adaptation_current_settles_where_potential_and_current_agree() {
    // V = R (I - a V).
    for (resistance, a, current) in [(0.1, 0.5, 150.0), (0.1, 4.0, 180.0), (0.05, -3.0, 100.0)] {
        let config = json!({"resistance": resistance, "adaptation_subthreshold": a});
        let mut soma = soma("AdaptiveCurrentLeakySoma", &config, 1.0);
        assert_eq!(spikes(&mut soma, current, 3000), NEVER);
        let v = resistance * current / (1.0 + resistance * a);
        let (found, w) = (soma.variable("_potential")[0], soma.variable("adaptation")[0]);
        assert!(
            (found - v).abs() < 1e-3 && (w - a * v).abs() < 1e-3,
            "{found} {w}, not {v} {}",
            a * v
        );
    }
}

/// Means from one spike to the 50th after it: of potential and adaptation current, and the interval in ms.
fn adapted(class: &str, config: &Value, current: f64) -> (f64, f64, f64) {
    let dt = 0.5;
    let mut soma = soma(class, config, dt);
    spikes(&mut soma, current, 4000);
    while soma.step(&[current]).is_empty() {}
    let (mut potential, mut w, mut steps, mut fired) = (0.0, 0.0, 0.0, 0);
    while fired < 50 {
        fired += soma.step(&[current]).len();
        potential += soma.variable("_potential")[0];
        w += soma.variable("adaptation")[0];
        steps += 1.0;
    }
    (potential / steps, w / steps, dt * steps / 50.0)
}

#[test]
fn a_tonic_unit_adapts_to_the_mean_of_its_potential_and_its_rate() {
    // The mean of tau dw/dt = a V - w + tau b sum of spikes over a period: w = a V + b tau / interval.
    let config = json!({"adaptation_subthreshold": 0.5, "adaptation_delta": 20.0, "adaptation_tau": 80.0});
    for (class, current) in [
        ("AdaptiveExponentialSoma", 120.0),
        ("AdaptiveCurrentLeakySoma", 500.0),
    ] {
        let (potential, w, interval) = adapted(class, &config, current);
        let expected = 0.5 * potential + 20.0 * 80.0 / interval;
        assert!(
            (w - expected).abs() < 0.01 * expected,
            "{class}: {w}, not {expected}"
        );
    }
}

#[test]
fn an_exponential_soma_fires_beyond_its_rheobase() {
    for (rheobase, slope, resistance) in [(-50.0, 2.0, 0.5), (-55.0, 1.0, 0.2), (-40.0, 4.0, 1.0)] {
        let config = json!({"rheobase_threshold": rheobase, "spike_slope": slope, "resistance": resistance, "potential_reset": -60.0});
        // The exponential touches the line: V = rheobase, R I = V - V_rest - slope.
        let least = (rheobase + 70.0 - slope) / resistance;
        for class in [
            "ExponentialSoma",
            "RefractoryExponentialSoma",
            "SimplifiedAdaptiveExponentialSoma",
        ] {
            assert_eq!(
                spikes(&mut soma(class, &config, 0.5), 0.99 * least, 4000),
                NEVER,
                "{class}"
            );
            assert_ne!(
                spikes(&mut soma(class, &config, 0.5), 1.01 * least, 4000),
                NEVER,
                "{class}"
            );
        }
    }
}

#[test]
fn an_exponential_soma_below_its_rheobase_rests_where_its_equation_is_zero() {
    let adex = json!({"adaptation_subthreshold": 0.5});
    for (class, config, a) in [
        ("ExponentialSoma", json!({}), 0.0),
        ("AdaptiveExponentialSoma", adex, 0.5),
    ] {
        let mut soma = soma(class, &config, 1.0);
        assert_eq!(spikes(&mut soma, 34.0, 3000), NEVER);
        let v = soma.variable("_potential")[0];
        let slope = -v + 2.0 * ((v - 20.0) / 2.0).exp() + 0.5 * (34.0 - a * v);
        assert!(slope.abs() < 1e-4, "{class}: {slope} at {v}");
        assert!(a == 0.0 || (soma.variable("adaptation")[0] - a * v).abs() < 1e-3);
    }
}

#[test]
fn an_izhikevich_soma_rests_where_its_equations_are_zero() {
    // 0.04 v^2 + 5 v + 140 - b v = 0 and u = b v: with b = 0.2 at -70 mV.
    for (b, v) in [(0.2, -70.0), (0.25, -64.4)] {
        let mut soma = soma("IzhikevichSoma", &json!({"recovery_sensitivity": b}), 1.0);
        assert_eq!(spikes(&mut soma, 0.0, 3000), NEVER);
        let (potential, u) = (
            soma.variable("_potential")[0] - 65.0,
            soma.variable("recovery")[0],
        );
        assert!((potential - v).abs() < 0.05, "{potential} is not {v}");
        assert!(
            (u - b * potential).abs() < 1e-3,
            "{u} is not {b} times {potential}"
        );
    }
}

/// Milliseconds from spike to spike in one second under 100 pA, an input of 10, with a, b, c, d of the paper.
fn pattern(parameters: [f64; 4], dt: f64) -> Vec<f64> {
    let [a, b, c, d] = parameters;
    let config = json!({
        "recovery_timescale": a, "recovery_sensitivity": b, "potential_reset": c, "recovery_update": d,
        "potential_rest": -70.0,
    });
    let times = spikes(
        &mut soma("IzhikevichSoma", &config, dt),
        100.0,
        (1000.0 / dt) as usize,
    );
    intervals(&times)
        .into_iter()
        .map(|steps| steps as f64 * dt)
        .collect()
}

const TIME_STEPS: [f64; 4] = [0.1, 0.25, 0.5, 1.0];

#[test]
fn regular_spiking_units_slow_down_after_their_first_spikes() {
    for dt in TIME_STEPS {
        let intervals = pattern([0.02, 0.2, -65.0, 8.0], dt);
        assert!(intervals[0] < 0.6 * intervals[1], "{intervals:?}");
        assert!(
            intervals[1..].iter().all(|ms| (44.0..48.0).contains(ms)),
            "{intervals:?}"
        );
    }
}

#[test]
fn fast_spiking_units_fire_at_a_high_rate_and_hardly_adapt() {
    for dt in TIME_STEPS {
        let intervals = pattern([0.1, 0.2, -65.0, 2.0], dt);
        let settled = &intervals[3..];
        let [least, most] = [f64::min, f64::max].map(|of| settled.iter().copied().reduce(of).unwrap());
        assert!(
            most - least <= 1.01 && most <= 12.0,
            "{least} to {most} ms at {dt}"
        );
    }
}

#[test]
fn intrinsically_bursting_units_start_with_a_burst_and_go_on_with_single_spikes() {
    for dt in TIME_STEPS {
        let intervals = pattern([0.02, 0.2, -55.0, 4.0], dt);
        assert!(intervals[..2].iter().all(|&ms| ms < 8.0), "{intervals:?}");
        assert!(intervals[2..].iter().all(|&ms| ms > 30.0), "{intervals:?}");
    }
}

#[test]
fn chattering_units_fire_burst_after_burst() {
    for dt in TIME_STEPS {
        let intervals = pattern([0.02, 0.2, -50.0, 2.0], dt);
        let pauses = intervals.iter().filter(|&&ms| ms > 40.0).count();
        let spikes = intervals.iter().filter(|&&ms| ms < 15.0).count();
        assert_eq!(pauses + spikes, intervals.len(), "{intervals:?}");
        assert!(pauses > 10 && spikes >= 3 * pauses, "{intervals:?}");
        assert!(
            intervals.windows(2).all(|pair| pair[0] < 40.0 || pair[1] < 15.0),
            "{intervals:?}"
        );
    }
}

#[test]
fn low_threshold_spiking_units_adapt_and_answer_to_little_current() {
    for dt in TIME_STEPS {
        let intervals = pattern([0.02, 0.25, -65.0, 2.0], dt);
        assert!(
            intervals.windows(2).take(5).all(|pair| pair[0] < pair[1] + dt),
            "{intervals:?}"
        );
        assert!(intervals[0] < 0.3 * intervals[20], "{intervals:?}");
    }
    let fires = |b: f64| {
        let config = json!({"recovery_sensitivity": b, "recovery_update": 2.0});
        !spikes(&mut soma("IzhikevichSoma", &config, 1.0), 20.0, 500).is_empty()
    };
    assert!(fires(0.25) && !fires(0.2));
}

/// Parameters with which the package comes closest to the model: with the opposite sign its potential is the right one.
fn mirrored(resistance: f64) -> Value {
    json!({"potential_rest": 65.0, "potential_reset": 65.0, "threshold": 160.0, "resistance": resistance, "recovery_update": 8.0})
}

fn regular(resistance: f64) -> Value {
    json!({"resistance": resistance, "recovery_update": 8.0})
}

fn like_the_package(class: &str, config: &Value) -> Soma {
    Soma::new(class, config, &[1], 1.0, Compat::SparkSnn1)
}

#[test]
fn an_izhikevich_soma_without_input_is_silent_unless_the_python_package_is_followed() {
    assert_eq!(
        spikes(&mut soma("IzhikevichSoma", &json!({}), 1.0), 0.0, 100),
        NEVER
    );
    let mut package = like_the_package("IzhikevichSoma", &json!({}));
    assert_eq!(spikes(&mut package, 0.0, 5), [0, 1, 2, 3, 4]);
    assert!((package.variable("recovery")[0] - 23.021_374).abs() < 1e-4);
}

#[test]
fn the_resistance_scales_the_current_alone_unless_the_python_package_is_followed() {
    // 10 pA through 1 GOhm and 100 pA through 0.1 GOhm are the same input.
    let run = |resistance: f64| {
        spikes(
            &mut soma("IzhikevichSoma", &regular(resistance), 1.0),
            10.0 / resistance,
            300,
        )
    };
    assert_eq!(run(0.1), run(1.0));
    let package = |resistance: f64| {
        let mut soma = like_the_package("IzhikevichSoma", &mirrored(resistance));
        (
            spikes(&mut soma, 10.0 / resistance, 300),
            soma.variable("recovery")[0],
        )
    };
    assert_eq!(package(1.0).0, [45, 95, 143, 192, 243, 292]);
    let (times, recovery) = package(0.1);
    assert_eq!(times, NEVER);
    assert!((recovery + 14.656_77).abs() < 1e-4, "{recovery}");
}

#[test]
fn the_recovery_starts_in_balance_unless_the_python_package_is_followed() {
    let start = BOTH.map(|compat| {
        let mut soma = Soma::new("IzhikevichSoma", &json!({}), &[1], 1.0, compat);
        let built = soma.variable("recovery")[0];
        spikes(&mut soma, 100.0, 50);
        soma.module.reset();
        assert_eq!(soma.variable("recovery")[0], built);
        built
    });
    assert_eq!(start, [-13.0, 0.0]);
}

#[test]
fn an_izhikevich_soma_takes_steps_of_half_a_millisecond_unless_the_python_package_is_followed() {
    // From -65 mV and u = -13 under an input of 10.
    let mut v = -65.0f64;
    for _ in 0..2 {
        v += 0.5 * (0.04 * v * v + 5.0 * v + 140.0 + 13.0 + 10.0);
    }
    let mut soma = soma("IzhikevichSoma", &json!({}), 1.0);
    soma.step(&[100.0]);
    let (potential, u) = (
        soma.variable("_potential")[0] - 65.0,
        soma.variable("recovery")[0],
    );
    assert!((potential - v).abs() < 1e-4, "{potential} is not {v}");
    assert!((u - (-13.0 + 0.02 * (0.2 * v + 13.0))).abs() < 1e-4, "{u}");
    // The package takes one step, here from u = 0.
    let mut package = like_the_package("IzhikevichSoma", &mirrored(1.0));
    package.step(&[10.0]);
    assert!((package.variable("_potential")[0] - (0.04 * 4225.0 - 325.0 + 140.0 + 10.0)).abs() < 1e-4);
}

// In double precision nothing overflows here.
#[cfg(not(spark_f64))]
#[test]
fn an_exponential_soma_goes_on_after_an_overflow_unless_the_python_package_is_followed() {
    let cases = [
        ("ExponentialSoma", json!({"spike_slope": 0.05}), [3, 5]),
        (
            "RefractoryExponentialSoma",
            json!({"potential_reset": -40.0, "cooldown": 1.0}),
            [5, 8],
        ),
        (
            "SimplifiedAdaptiveExponentialSoma",
            json!({"threshold_delta": 1000.0}),
            [5, 13],
        ),
    ];
    for (class, config, first) in cases {
        let mut package = like_the_package(class, &config);
        assert_eq!(spikes(&mut package, 100.0, 200), first, "{class}");
        assert!(package.variable("_potential")[0].is_nan());
        let mut soma = soma(class, &config, 1.0);
        let times = spikes(&mut soma, 100.0, 200);
        assert!(
            times.starts_with(&first) && times[times.len() - 1] > 180,
            "{class}: {times:?}"
        );
        assert!(soma.variable("_potential")[0].is_finite());
    }
}

#[test]
fn the_recovery_stays_a_number_under_strong_inhibition() {
    let mut soma = soma("IzhikevichSoma", &json!({"resistance": 1.0}), 1.0);
    spikes(&mut soma, -3000.0, 200);
    assert!(soma.variable("recovery")[0].is_finite());
    assert!(soma.variable("_potential")[0].is_finite());
}

#[cfg(not(spark_f64))]
#[test]
fn the_recovery_overflows_under_strong_inhibition_in_the_python_package() {
    let mut package = like_the_package("IzhikevichSoma", &json!({"resistance": 1.0}));
    spikes(&mut package, -3000.0, 200);
    assert!(package.variable("recovery")[0].is_nan());
}

#[test]
fn a_long_cooldown_ends_unless_the_python_package_counts_it_in_half_precision() {
    let half = json!({"dtype": {"__type__": "dtype", "name": "float16"}, "cooldown": 2100.0});
    for class in ["RefractoryExponentialSoma", "SimplifiedAdaptiveExponentialSoma"] {
        let times = BOTH.map(|compat| spikes(&mut Soma::new(class, &half, &[1], 1.0, compat), 1e4, 5000));
        assert_eq!(times[0][..2], [1, 2103]);
        assert_eq!(times[1], NEVER, "{class}");
    }
}

network! {
    brain Differing(current: CurrentArray[1]) -> (first: SpikeArray[1], second: SpikeArray[1], third: SpikeArray[1]) {
        strict      = StrictRefractoryLeakySoma;
        exponential = SimplifiedAdaptiveExponentialSoma;
        izhikevich  = IzhikevichSoma;

        current            -> strict.current, exponential.current, izhikevich.current;
        strict.spikes      -> first;
        exponential.spikes -> second;
        izhikevich.spikes  -> third;
    }
}

#[test]
fn an_export_names_the_points_in_which_somas_of_the_package_differ() {
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/fidelity.md");
    let table = std::fs::read_to_string(table).unwrap();
    let rows = Differing::config().differences_from_python();
    assert_eq!(rows.len(), 9, "{rows:?}");
    for row in rows {
        assert!(
            table.contains(&format!("| {row} |")),
            "`{row}` is no row of docs/fidelity.md"
        );
    }
}

#[test]
fn the_soma_with_an_adaptive_threshold_bears_two_names() {
    let entry = spark::REGISTRY.module("AdaptiveThresholdLeakySoma").unwrap();
    for name in [
        "AdaptiveLeakySoma",
        "adaptive_leaky_soma",
        "adaptive_threshold_leaky_soma",
    ] {
        assert!(
            std::ptr::eq(spark::REGISTRY.module(name).unwrap(), entry),
            "{name}"
        );
    }
    for name in ["AdaptiveLeakySomaConfig", "AdaptiveThresholdLeakySomaConfig"] {
        assert_eq!(
            spark::REGISTRY.config(name).unwrap().table.name,
            "AdaptiveThresholdLeakySomaConfig"
        );
    }
    let _: AdaptiveThresholdLeakySomaConfig = AdaptiveLeakySomaConfig::default();
    // Files say the package's name.
    let config = ALIFNeuronConfig {
        units: Shape::from(4),
        ..ALIFNeuron::config()
    };
    let text = config.to_json().unwrap().to_string();
    assert!(
        text.contains("\"adaptive_leaky_soma\"") && !text.contains("threshold_leaky"),
        "{text}"
    );
    let written = serde_json::to_value(AdaptiveLeakySomaConfig::default()).unwrap();
    assert_eq!(written["__type__"], "adaptive_leaky_soma_config");
}
