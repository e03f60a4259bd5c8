//! What models mean, where the Python package computes something else: the default mode, beside its compatible twin.

use spark::core::field::{ArrayValue, Init};
use spark::core::module::{Keys, Module, PortInfo, Ports};
use spark::core::units::{Hz, Ms};
use spark::nn::delays::{N2NDelays, N2NDelaysConfig};
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
fn arrivals(compat: Compat) -> Vec<usize> {
    let (mut module, mut out) =
        build::<N2NDelays>(&delays(&[1.0, 2.0, 3.0, 4.0]), &[&[1]], 1.0, compat).unwrap();
    let mut after = vec![usize::MAX; 4];
    for t in 0..8 {
        let spikes = SpikeArray::from_indices([1], (0..u32::from(t == 0)).collect::<Vec<u32>>()).unwrap();
        module.run((Some(&spikes),), &mut out);
        out.0.to_flat().iter().for_each(|&unit| after[unit as usize] = t);
    }
    after
}

#[test]
fn the_longest_delay_is_a_delay() {
    assert_eq!(arrivals(Compat::Standard), [1, 2, 3, 4]);
    assert_eq!(arrivals(Compat::SparkSnn1), [1, 2, 3, 0]);
}

#[test]
fn a_delay_beyond_the_longest_is_refused() {
    let error = build::<N2NDelays>(&delays(&[5.0]), &[&[1]], 1.0, Compat::Standard)
        .err()
        .unwrap();
    assert!(error.to_string().contains("at most 4 steps"), "{error}");
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
fn an_integrator_needs_an_input_per_output_and_a_map_that_fits() {
    let config = ExponentialIntegratorConfig {
        num_outputs: 4,
        ..Default::default()
    };
    let error = build::<ExponentialIntegrator>(&config, &[&[3]], 1.0, Compat::Standard)
        .err()
        .unwrap();
    assert!(error.to_string().contains("more outputs than inputs"), "{error}");
    let map = ArrayValue::new(Dtype::Int32, [2], vec![0.0, 7.0]).unwrap();
    let config = ExponentialIntegratorConfig {
        output_map: Some(map),
        ..config
    };
    let error = build::<ExponentialIntegrator>(&config, &[&[3]], 1.0, Compat::Standard)
        .err()
        .unwrap();
    assert_eq!(error.problems().len(), 2, "{error}");
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
