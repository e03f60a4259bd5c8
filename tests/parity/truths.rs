//! What models mean, where the Python package computes something else: the default mode, beside its compatible twin.

use spark::core::convert::IntoField;
use spark::core::field::{ArrayValue, Init};
use spark::core::module::{Keys, Module, PortInfo, Ports};
use spark::core::units::{Hz, Ms};
use spark::nn::delays::{N2NDelays, N2NDelaysConfig};
use spark::nn::initializers::UniformInitializer;
use spark::nn::interfaces::input::{TopologicalLinearSpiker, TopologicalLinearSpikerConfig};
use spark::nn::interfaces::output::{ExponentialIntegrator, ExponentialIntegratorConfig};
use spark::nn::plasticity::{QuadrupletRuleTensor, QuadrupletRuleTensorConfig};
use spark::{BuildError, Compat, Dtype, FloatArray, Shape, SpikeArray};

fn build<M: Module>(
    config: &M::Config,
    shapes: &[&[usize]],
    dt: f64,
    compat: Compat,
) -> Result<(M, M::Outputs), BuildError> {
    let ports = Ports::<M>::new(
        shapes
            .iter()
            .map(|&shape| Some(PortInfo::plain(Shape::from(shape))))
            .collect(),
    );
    let module = M::build(config, &ports, &mut Keys::new(0, Ms(dt), compat, "test"))?;
    let outputs = module.outputs(config, &ports)?;
    Ok((module, outputs))
}

fn delays(values: &[f64]) -> N2NDelaysConfig {
    let array = ArrayValue::new(Dtype::Int32, [values.len(), 1], values.to_vec()).unwrap();
    N2NDelaysConfig {
        max_delay: Ms(4.0),
        units: Shape::from([values.len()]),
        delays: Init::Array(array),
        ..Default::default()
    }
}

/// After how many steps one spike arrives at each unit.
fn arrivals(delays: &N2NDelaysConfig, compat: Compat) -> Vec<usize> {
    let (mut module, mut out) = build::<N2NDelays>(delays, &[&[1]], 1.0, compat).unwrap();
    let mut after = vec![usize::MAX; delays.units.count()];
    for t in 0..=2 * delays.max_delay.value() as usize {
        let spikes = SpikeArray::from_indices([1], (0..u32::from(t == 0)).collect::<Vec<u32>>()).unwrap();
        module.run((Some(&spikes),), &mut out);
        let arriving = out.0.to_flat();
        arriving
            .iter()
            .for_each(|&unit| after[unit as usize] = after[unit as usize].min(t));
    }
    after
}

#[test]
fn the_longest_delay_is_a_delay() {
    let delays = delays(&[1.0, 2.0, 3.0, 4.0]);
    assert_eq!(arrivals(&delays, Compat::Standard), [1, 2, 3, 4]);
    assert_eq!(arrivals(&delays, Compat::SparkSnn1), [1, 2, 3, 0]);
}

#[test]
fn delays_cannot_be_written_in_the_mode_of_the_python_package_either() {
    let (mut module, _) = build::<N2NDelays>(&delays(&[1.0]), &[&[1]], 1.0, Compat::SparkSnn1).unwrap();
    assert!(module.property(0).is_some() && module.property_mut(0).is_none());
}

#[test]
fn a_delay_beyond_the_longest_is_refused() {
    let error = build::<N2NDelays>(&delays(&[5.0]), &[&[1]], 1.0, Compat::Standard)
        .err()
        .unwrap();
    assert!(error.to_string().contains("at most 4 steps"), "{error}");
}

// Recorded by `tests/fidelity/package.py`, as all numbers of the package here.
#[test]
fn a_delay_beyond_the_longest_wraps_around_in_the_python_package() {
    assert_eq!(
        arrivals(&delays(&[5.0, 6.0, 7.0, 9.0]), Compat::SparkSnn1),
        [1, 2, 3, 1]
    );
}

/// Delays around those that 8 bits hold.
fn long_delays() -> N2NDelaysConfig {
    N2NDelaysConfig {
        max_delay: Ms(400.0),
        ..delays(&[254.0, 255.0, 256.0, 300.0, 399.0])
    }
}

#[test]
fn a_spike_arrives_after_more_than_255_steps() {
    assert_eq!(
        arrivals(&long_delays(), Compat::Standard),
        [254, 255, 256, 300, 399]
    );
}

#[test]
fn delays_end_at_255_steps_in_the_python_package() {
    assert_eq!(
        arrivals(&long_delays(), Compat::SparkSnn1),
        [254, 255, 255, 255, 255]
    );
}

#[test]
fn delays_of_more_than_255_steps_are_kept() {
    let config = N2NDelaysConfig {
        max_delay: Ms(400.0),
        units: Shape::from([40]),
        ..Default::default()
    };
    let (module, _) = build::<N2NDelays>(&config, &[&[40]], 1.0, Compat::Standard).unwrap();
    assert!(module.plan().max_lag() > 390);
    let (module, _) = build::<N2NDelays>(&config, &[&[40]], 1.0, Compat::SparkSnn1).unwrap();
    assert!(module.plan().max_lag() <= 255);
}

#[test]
fn delay_initializers_draw_from_one_step_to_the_longest_delay() {
    let lags = |compat, scale, min_value| {
        let config = N2NDelaysConfig {
            max_delay: Ms(8.0),
            units: Shape::from([40]),
            delays: UniformInitializer {
                scale,
                min_value,
                ..Default::default()
            }
            .into_field(),
            ..Default::default()
        };
        let (module, _) = build::<N2NDelays>(&config, &[&[40]], 1.0, compat).unwrap();
        module.plan().max_lag()
    };
    for compat in [Compat::Standard, Compat::SparkSnn1] {
        assert_eq!(lags(compat, 1000.0, Some(500.0)), lags(compat, 1.0, None));
    }
    assert_eq!(lags(Compat::Standard, 1000.0, Some(500.0)), 8);
}

/// Mean signal and lowest signal when all inputs fire at the saturation frequency.
fn saturated(smooth_trace: bool, inputs: usize, dt: f64, compat: Compat) -> (f64, f64) {
    let config = ExponentialIntegratorConfig {
        num_outputs: 1,
        smooth_trace,
        ..Default::default()
    };
    let (mut module, mut out) = build::<ExponentialIntegrator>(&config, &[&[inputs]], dt, compat).unwrap();
    let (warm, steps) = ((200.0 / dt) as usize, (2000.0 / dt) as usize);
    let (mut sum, mut lowest) = (0.0, f64::INFINITY);
    for t in 0..warm + steps {
        // Each input fires every 20 ms, all of them spread evenly.
        let period = (20.0 / dt) as usize;
        let fired = (0..inputs as u32)
            .filter(|&i| (t + i as usize).is_multiple_of(period))
            .collect::<Vec<u32>>();
        module.run(
            (Some(&SpikeArray::from_indices([inputs], fired).unwrap()),),
            &mut out,
        );
        let signal = f64::from(out.0.as_slice()[0]);
        lowest = lowest.min(signal);
        sum += if t >= warm { signal } else { 0.0 };
    }
    (sum / steps as f64, lowest)
}

#[test]
fn the_integrator_gives_one_at_saturation_and_never_less_than_zero() {
    for smooth in [false, true] {
        for inputs in [3, 40] {
            for dt in [0.5, 1.0] {
                let (mean, lowest) = saturated(smooth, inputs, dt, Compat::Standard);
                assert!(
                    (mean - 1.0).abs() < 1e-3 && lowest >= 0.0,
                    "smooth {smooth}, {inputs}, {dt}: {mean}, {lowest}"
                );
            }
        }
    }
    assert!(saturated(true, 3, 1.0, Compat::SparkSnn1).1 < -1.0);
}

#[test]
fn groups_of_any_size_give_one_at_saturation() {
    // Three inputs for the first output, one for the second; each input fires every 20 ms.
    let config = ExponentialIntegratorConfig {
        num_outputs: 2,
        output_map: Some(ArrayValue::new(Dtype::Int32, [4], vec![0.0, 0.0, 0.0, 1.0]).unwrap()),
        ..Default::default()
    };
    let (mut module, mut out) =
        build::<ExponentialIntegrator>(&config, &[&[4]], 1.0, Compat::Standard).unwrap();
    let mut sums = [0.0; 2];
    for t in 0..2200u32 {
        let fired = (0..4).filter(|i| (t + i) % 20 == 0).collect::<Vec<u32>>();
        module.run((Some(&SpikeArray::from_indices([4], fired).unwrap()),), &mut out);
        for (sum, signal) in sums.iter_mut().zip(out.0.as_slice()) {
            *sum += if t >= 200 { f64::from(*signal) } else { 0.0 };
        }
    }
    for sum in sums {
        assert!((sum / 2000.0 - 1.0).abs() < 1e-3, "{}", sum / 2000.0);
    }
}

/// What is wrong with an integrator of four outputs and three inputs, and with a map to outputs that do not exist.
fn misfits(compat: Compat) -> [BuildError; 2] {
    let config = ExponentialIntegratorConfig {
        num_outputs: 4,
        ..Default::default()
    };
    let few = build::<ExponentialIntegrator>(&config, &[&[3]], 1.0, compat);
    let map = ArrayValue::new(Dtype::Int32, [2], vec![0.0, 7.0]).unwrap();
    let config = ExponentialIntegratorConfig {
        output_map: Some(map),
        ..config
    };
    let mapped = build::<ExponentialIntegrator>(&config, &[&[3]], 1.0, compat);
    [few.err().unwrap(), mapped.err().unwrap()]
}

#[test]
fn an_integrator_needs_an_input_per_output_and_a_map_that_fits() {
    let [few, mapped] = misfits(Compat::Standard);
    assert!(few.to_string().contains("more outputs than inputs"), "{few}");
    assert_eq!(mapped.problems().len(), 2, "{mapped}");
}

#[test]
fn an_integrator_that_gives_no_number_in_the_python_package_is_refused_in_its_mode_too() {
    let [few, mapped] = misfits(Compat::SparkSnn1);
    assert!(few.to_string().contains("more outputs than inputs"), "{few}");
    assert_eq!(mapped.problems().len(), 2, "{mapped}");
}

/// Time between two spikes of the unit that prefers the value, in ms.
fn peak_period(max_freq: f64, dt: f64) -> f64 {
    let config = TopologicalLinearSpikerConfig {
        max_freq: Hz(max_freq),
        resolution: 3,
        ..Default::default()
    };
    let (mut module, mut out) =
        build::<TopologicalLinearSpiker>(&config, &[&[1]], dt, Compat::Standard).unwrap();
    let steps = (10_000.0 / dt) as usize;
    let fires = |_| {
        module.run((Some(&FloatArray::from([0.0])),), &mut out);
        out.0.indices().contains(&0)
    };
    let fired: Vec<usize> = (0..steps)
        .zip((0..steps).map(fires))
        .filter(|(_, fired)| *fired)
        .map(|(step, _)| step)
        .collect();
    let (first, last) = (fired[0], fired[fired.len() - 1]);
    (last - first) as f64 * dt / (fired.len() - 1) as f64
}

#[test]
fn a_topological_spiker_fires_at_its_rate_whatever_the_time_step() {
    for max_freq in [20.0, 100.0] {
        for dt in [0.1, 0.25, 0.5, 1.0] {
            let period = peak_period(max_freq, dt);
            assert!(
                period >= 1000.0 / max_freq - 1e-6 && period <= 1000.0 / max_freq + 2.0 * dt,
                "{max_freq} Hz at {dt}: {period} ms"
            );
        }
    }
}

#[test]
fn a_rate_that_the_refractory_period_forbids_is_refused() {
    let config = TopologicalLinearSpikerConfig {
        max_freq: Hz(500.0),
        ..Default::default()
    };
    let error = build::<TopologicalLinearSpiker>(&config, &[&[1]], 1.0, Compat::Standard)
        .err()
        .unwrap();
    assert!(error.to_string().contains("less than 500 Hz"), "{error}");
}

#[test]
fn a_forbidden_rate_gives_the_gain_that_comes_out_in_the_python_package() {
    let first_steps = |max_freq| {
        let config = TopologicalLinearSpikerConfig {
            max_freq: Hz(max_freq),
            resolution: 3,
            ..Default::default()
        };
        let (mut module, mut out) =
            build::<TopologicalLinearSpiker>(&config, &[&[1]], 1.0, Compat::SparkSnn1).unwrap();
        let step = |_| {
            module.run((Some(&FloatArray::from([0.5])),), &mut out);
            out.0.indices().to_vec()
        };
        (0..12).map(step).collect::<Vec<Vec<u32>>>()
    };
    // An infinite gain: all units in the first step, then not a number. A negative one: nothing.
    let infinite = first_steps(500.0);
    assert_eq!(infinite[0], [0, 1, 2]);
    assert!(infinite[1..].iter().all(Vec::is_empty));
    assert!(first_steps(800.0).iter().all(Vec::is_empty));
}

/// The weight of one synapse after one presynaptic spike.
fn learned(compat: Compat) -> f64 {
    let config = QuadrupletRuleTensorConfig {
        q_alpha: [0.1; 4],
        eta: 1.0,
        ..Default::default()
    };
    let (mut rule, ()) =
        build::<QuadrupletRuleTensor>(&config, &[&[1], &[1], &[1], &[1, 1]], 1.0, compat).unwrap();
    let mut kernel = FloatArray::from_vec([1, 1], vec![0.0]).unwrap();
    let (one, none) = (
        SpikeArray::from_indices([1], [0]).unwrap(),
        SpikeArray::from_indices([1], [0u32; 0]).unwrap(),
    );
    rule.run(
        (
            Some(&FloatArray::from([1.0])),
            Some(&one),
            Some(&none),
            Some(&mut kernel),
        ),
        &mut (),
    );
    f64::from(kernel.as_slice()[0])
}

#[test]
fn parameters_of_the_tensor_rule_keep_their_digits() {
    assert!((learned(Compat::Standard) - 0.1).abs() < 1e-7);
    assert!((learned(Compat::SparkSnn1) - 0.099_975_586).abs() < 1e-7);
}
