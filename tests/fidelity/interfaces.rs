//! Delays of neurons and interfaces against closed forms, and where the Python package computes something else.

use spark::core::field::ArrayValue;
use spark::core::module::{Many, PortInfo};
use spark::prelude::*;

use crate::BOTH;

/// A module that stands alone, with plain inputs of these shapes.
fn build<M: Module>(
    config: &M::Config,
    shapes: &[&[usize]],
    dt: f64,
    compat: Compat,
) -> Result<(M, M::Outputs), BuildError> {
    let info = |shape: &&[usize]| Some(PortInfo::plain(Shape::from(*shape)));
    let ports = Ports::<M>::new(shapes.iter().map(info).collect());
    let module = M::build(config, &ports, &mut Keys::new(0, Ms(dt), compat, "test"))?;
    let outputs = module.outputs(config, &ports)?;
    Ok((module, outputs))
}

/// How often each unit spikes in `steps` steps of one signal.
fn counts<M>(config: &M::Config, signal: &[Real], dt: f64, steps: usize, compat: Compat) -> Vec<usize>
where
    M: for<'a> Module<Inputs<'a> = (Option<&'a FloatArray>,), Outputs = (SpikeArray,)>,
{
    let (mut module, mut out) = build::<M>(config, &[&[signal.len()]], dt, compat).unwrap();
    let signal = FloatArray::from(signal.to_vec());
    let mut counts = vec![0; out.0.shape().count()];
    for _ in 0..steps {
        module.run((Some(&signal),), &mut out);
        out.0
            .indices()
            .iter()
            .for_each(|&unit| counts[unit as usize] += 1);
    }
    counts
}

/// Spikes of a second.
fn linear(dt: f64, tau: f64, max_freq: f64, value: Real, compat: Compat) -> usize {
    let config = LinearSpikerConfig {
        tau: Ms(tau),
        max_freq: Hz(max_freq),
        ..Default::default()
    };
    counts::<LinearSpiker>(&config, &[value], dt, (1000.0 / dt) as usize, compat)[0]
}

#[test]
fn a_linear_spiker_fires_at_its_rate_whatever_the_time_step() {
    for (max_freq, tau) in [(20.0, 100.0), (100.0, 100.0), (100.0, 5.0)] {
        for dt in [0.1, 0.25, 0.5, 1.0, 2.0, 4.0] {
            let period = 1000.0 / linear(dt, tau, max_freq, 1.0, Compat::Standard) as f64;
            // A refractory period and a time of charging, each rounded up to steps; the second may be cut off.
            let (shortest, longest) = (1000.0 / max_freq, 1000.0 / max_freq + 2.0 * dt);
            assert!(
                period >= shortest - 1e-6 && period <= longest * 1.06,
                "{max_freq} Hz at {dt}: {period} ms"
            );
        }
    }
    // What is too weak to fire is so at any time step.
    for dt in [0.5, 1.0, 2.0] {
        assert_eq!(linear(dt, 5.0, 100.0, 0.6, Compat::Standard), 0);
    }
}

#[test]
fn the_rate_of_a_linear_spiker_depends_on_the_time_step_in_the_python_package() {
    // Spikes of a second as the package gives them.
    assert_eq!(linear(4.0, 5.0, 100.0, 1.0, Compat::SparkSnn1), 125);
    let weak = [0.5, 1.0, 2.0].map(|dt| linear(dt, 5.0, 100.0, 0.6, Compat::SparkSnn1));
    assert_eq!(weak, [0, 0, 83]);
}

#[test]
fn a_linear_spiker_whose_rate_is_forbidden_is_refused() {
    let config = LinearSpikerConfig {
        max_freq: Hz(500.0),
        ..Default::default()
    };
    let built = |compat| build::<LinearSpiker>(&config, &[&[1]], 1.0, compat);
    let error = built(Compat::Standard).err().unwrap();
    assert!(error.to_string().contains("less than 500 Hz"), "{error}");
    assert!(built(Compat::SparkSnn1).is_ok());
}

/// Spikes of `steps` steps must be as many as of independent draws: within four standard deviations.
fn assert_by_chance(count: usize, probability: f64, steps: usize) {
    let mean = probability * steps as f64;
    let deviation = (mean * (1.0 - probability)).sqrt();
    assert!(
        (count as f64 - mean).abs() <= 4.0 * deviation,
        "{count} spikes, {mean} expected"
    );
}

#[test]
fn poisson_spikes_have_the_mean_of_their_rate_whatever_the_time_step() {
    let values = [0.1, 0.5, 1.0];
    for dt in [0.25, 1.0, 2.0] {
        let config = PoissonSpikerConfig {
            max_freq: Hz(200.0),
            ..Default::default()
        };
        let found = counts::<PoissonSpiker>(&config, &values, dt, 20_000, Compat::Standard);
        for (count, value) in found.into_iter().zip(values) {
            assert_by_chance(count, dt * 0.2 * f64::from(value), 20_000);
        }
    }
    let config = TopologicalPoissonSpikerConfig {
        max_freq: Hz(200.0),
        resolution: 3,
        sigma: 0.5,
        ..Default::default()
    };
    let found = counts::<TopologicalPoissonSpiker>(&config, &[0.5], 1.0, 20_000, Compat::Standard);
    let beside = (-(std::f64::consts::FRAC_PI_2.tanh().powi(2))).exp();
    for (count, drive) in found.into_iter().zip([beside, 1.0, beside]) {
        assert_by_chance(count, 0.2 * drive, 20_000);
    }
}

#[test]
fn poisson_counts_vary_as_much_as_their_mean_tells() {
    // Counts of 400 units in 500 steps are binomial.
    let (units, steps, probability) = (400, 500, 0.05);
    let config = RatePoissonSourceConfig {
        rate: Init::Value(Hz(50.0)),
        units: Shape::from(units),
        ..Default::default()
    };
    let (mut source, mut out) = build::<RatePoissonSource>(&config, &[], 1.0, Compat::Standard).unwrap();
    let mut counts = vec![0.0; units];
    for _ in 0..steps {
        source.run((), &mut out);
        out.0
            .indices()
            .iter()
            .for_each(|&unit| counts[unit as usize] += 1.0);
    }
    let mean = counts.iter().sum::<f64>() / units as f64;
    let variance = counts
        .iter()
        .map(|count| (count - mean) * (count - mean))
        .sum::<f64>()
        / units as f64;
    assert!((mean - 25.0).abs() < 1.0, "{mean}");
    let expected = steps as f64 * probability * (1.0 - probability);
    assert!(
        (variance / expected - 1.0).abs() < 0.25,
        "{variance} is not {expected}"
    );
}

#[test]
fn a_rate_below_zero_is_refused() {
    let config = RatePoissonSourceConfig {
        rate: Init::Array(ArrayValue::vector([5.0, -2.0])),
        units: Shape::from(2),
        ..Default::default()
    };
    let error = build::<RatePoissonSource>(&config, &[], 1.0, Compat::Standard)
        .err()
        .unwrap();
    assert!(error.to_string().contains("-2 Hz"), "{error}");
}

/// Which populations hear the value in the first row and second column of a square signal.
fn heard_by(compat: Compat) -> Vec<usize> {
    let config = TopologicalPoissonSpikerConfig {
        max_freq: Hz(1000.0),
        resolution: 2,
        ..Default::default()
    };
    let (mut module, mut out) = build::<TopologicalPoissonSpiker>(&config, &[&[2, 2]], 1.0, compat).unwrap();
    // 0 drives the first unit of a population at every step, 1 the second one.
    let signal = FloatArray::from_vec([2, 2], vec![0.0, 1.0, 0.0, 0.0]).unwrap();
    module.run((Some(&signal),), &mut out);
    assert_eq!(out.0.shape(), &Shape::from([2, 2, 2]));
    out.0
        .indices()
        .iter()
        .filter(|unit| **unit % 2 == 1)
        .map(|unit| *unit as usize / 2)
        .collect()
}

#[test]
fn a_square_signal_keeps_its_axes() {
    assert_eq!(heard_by(Compat::Standard), [1]);
}

#[test]
fn a_square_signal_is_transposed_in_the_python_package() {
    assert_eq!(heard_by(Compat::SparkSnn1), [2]);
}

#[test]
fn signals_of_any_shape_are_coded() {
    for compat in BOTH {
        for shape in [&[2, 3][..], &[1, 3], &[2, 3, 4]] {
            let config = TopologicalLinearSpikerConfig {
                resolution: 5,
                ..Default::default()
            };
            let (_, out) = build::<TopologicalLinearSpiker>(&config, &[shape], 1.0, compat).unwrap();
            assert_eq!(out.0.shape(), &Shape::from(shape).append(&Shape::from(5)));
        }
    }
}

fn inhibitory_pair() -> SpikeArray {
    let spikes = SpikeArray::from_indices(2, [0, 1]).unwrap();
    spikes.with_mask(Mask::new([true, false])).unwrap()
}

/// What a sampler and an interface that joins make of one inhibitory and one excitatory spike.
fn passed_on(compat: Compat) -> (Vec<Real>, Vec<u32>, Vec<Real>) {
    let config = SamplerConfig {
        sample_size: 6,
        ..Default::default()
    };
    let (mut sampler, mut samples) = build::<Sampler>(&config, &[&[2]], 1.0, compat).unwrap();
    let pair = inhibitory_pair();
    sampler.run((Some(&pair),), &mut samples);
    let (mut concat, mut joined) = build::<Concat>(&ConcatConfig::default(), &[&[4]], 1.0, compat).unwrap();
    concat.run((Some(Many::of(&[&pair, &pair])),), &mut joined);
    (
        samples.0.value().iter().copied().collect(),
        sampler.indices().to_vec(),
        joined.0.value().iter().copied().collect(),
    )
}

#[test]
fn what_is_sampled_or_joined_stays_inhibitory() {
    let (samples, indices, joined) = passed_on(Compat::Standard);
    let expected: Vec<Real> = indices.iter().map(|&index| [-1.0, 1.0][index as usize]).collect();
    assert!(indices.contains(&0) && indices.contains(&1));
    assert_eq!(samples, expected);
    assert_eq!(joined, [-1.0, 1.0, -1.0, 1.0]);
}

#[test]
fn what_is_sampled_or_joined_loses_its_inhibitory_spikes_in_the_python_package() {
    let (samples, indices, joined) = passed_on(Compat::SparkSnn1);
    let expected: Vec<Real> = indices.iter().map(|&index| [0.0, 1.0][index as usize]).collect();
    assert_eq!(samples, expected);
    assert_eq!(joined, [0.0, 1.0, 0.0, 1.0]);
}

#[test]
fn a_shape_that_does_not_hold_what_arrives_is_refused() {
    let config = ConcatReshapeConfig {
        reshape: Shape::from([2, 3]),
        ..Default::default()
    };
    let error = build::<ConcatReshape>(&config, &[&[7]], 1.0, Compat::Standard)
        .err()
        .unwrap();
    let text = error.to_string();
    assert!(
        text.contains("test.reshape") && text.contains("a shape of 7 elements"),
        "{text}"
    );
}

network! {
    neuron Relayed(in_spikes: SpikeArray[3]) -> (out_spikes: SpikeArray) {
        delays   = NDelays { max_delay: 4ms, delays: [1, 2, 4] };
        synapses = LinearSynapses { kernel: ConstantInitializer { scale: 10000.0 } };
        soma     = LeakySoma;

        in_spikes         -> delays.in_spikes;
        delays.out_spikes -> synapses.spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
    }
}

fn relayed(units: usize, compat: Compat) -> Result<Relayed, BuildError> {
    let config = RelayedConfig {
        compat: Some(compat),
        units: Shape::from(units),
        ..Relayed::config()
    };
    let in_spikes = Shape::from(3);
    Relayed::build(config, RelayedShapes { in_spikes })
}

#[test]
fn delayed_neurons_reach_every_unit_through_synapses() {
    let mut neuron = relayed(2, Compat::Standard).unwrap();
    let (all, none) = (
        SpikeArray::from_indices(3, [0, 1, 2]).unwrap(),
        SpikeArray::from_indices(3, [0u32; 0]).unwrap(),
    );
    let mut step = |t| {
        let in_spikes = if t == 0 { &all } else { &none };
        neuron.step(RelayedInputs { in_spikes }).out_spikes.count()
    };
    assert_eq!([0, 1, 2, 3, 4, 5].map(&mut step), [0, 2, 2, 0, 2, 0]);
}

#[test]
fn delayed_neurons_reach_a_unit_each_in_the_python_package() {
    let error = relayed(2, Compat::SparkSnn1).err().unwrap();
    assert!(error.to_string().contains("spikes per synapse"), "{error}");
    let mut neuron = relayed(3, Compat::SparkSnn1).unwrap();
    for t in 0..6 {
        let fed: &[u32] = if t == 0 { &[0, 1, 2] } else { &[] };
        let in_spikes = SpikeArray::from_indices(3, fed.iter().copied()).unwrap();
        let out = &neuron
            .step(RelayedInputs {
                in_spikes: &in_spikes,
            })
            .out_spikes;
        // A delay as long as the buffer is none.
        let expected: &[u32] = [&[2][..], &[0], &[1], &[], &[], &[]][t];
        assert_eq!(out.to_flat(), expected, "step {t}");
    }
}

#[test]
fn delays_are_there_to_be_read() {
    let config = NDelaysConfig {
        delays: Init::Array(ArrayValue::vector([2.0, 5.0])),
        ..Default::default()
    };
    let (mut module, _) = build::<NDelays>(&config, &[&[2]], 1.0, Compat::Standard).unwrap();
    let kernel = module.property(0).unwrap().downcast_ref();
    assert_eq!(kernel, Some(&IntegerArray::from([2, 5])));
    assert!(module.property_mut(0).is_none());
    let config = N2NDelaysConfig {
        units: Shape::from([2, 1]),
        delays: Init::Array(ArrayValue::new(Dtype::Int32, [2, 1], vec![3.0, 4.0]).unwrap()),
        ..Default::default()
    };
    let (mut module, _) = build::<N2NDelays>(&config, &[&[1]], 1.0, Compat::Standard).unwrap();
    let kernel = IntegerArray::from_vec([2, 1], vec![3, 4]).unwrap();
    assert_eq!(module.property(0).unwrap().downcast_ref(), Some(&kernel));
    assert!(module.property_mut(0).is_none());
}

/// After how many steps a spike of each neuron arrives.
fn arrivals(compat: Compat) -> Vec<usize> {
    let config = NDelaysConfig {
        max_delay: Ms(4.0),
        delays: Init::Array(ArrayValue::vector([1.0, 2.0, 3.0, 4.0])),
        ..Default::default()
    };
    let (mut module, mut out) = build::<NDelays>(&config, &[&[4]], 1.0, compat).unwrap();
    let mut after = vec![usize::MAX; 4];
    for t in 0..8 {
        let fired = if t == 0 { 0u32..4 } else { 0..0 };
        module.run((Some(&SpikeArray::from_indices(4, fired).unwrap()),), &mut out);
        out.0.to_flat().iter().for_each(|&unit| after[unit as usize] = t);
    }
    after
}

#[test]
fn the_longest_delay_of_a_neuron_is_a_delay() {
    assert_eq!(arrivals(Compat::Standard), [1, 2, 3, 4]);
    assert_eq!(arrivals(Compat::SparkSnn1), [1, 2, 3, 0]);
}

network! {
    neuron Noise(signal: FloatArray[2]) -> (spikes: SpikeArray[2]) {
        units = [2];
        inner = PoissonSpiker;
        signal       -> inner.signal;
        inner.spikes -> spikes;
    }

    brain Noises(signal: FloatArray[2]) -> (spikes: SpikeArray[2], pooled: SpikeArray[2]) {
        alone = PoissonSpiker;
        pool  = Noise;
        signal       -> alone.signal, pool.signal;
        alone.spikes -> spikes;
        pool.spikes  -> pooled;
    }
}

/// How many keys a stream has used, by its seed.
fn used(state: &StateMap, path: &str, seed: u64) -> Option<usize> {
    let spark::StateArray::UInt32(words) = &state.get(path)?.value else {
        return None;
    };
    let mut stream = Key::from_seed(seed);
    (0..10).find(|_| {
        let found = words.iter().eq(&stream.0);
        stream.next();
        found
    })
}

#[test]
fn chance_begins_with_its_first_key_unless_the_python_package_is_followed() {
    // There, a module in a network is called while it is built.
    let keys = BOTH.map(|compat| {
        let mut config = NoisesConfig {
            compat: Some(compat),
            ..Noises::config()
        };
        config.alone.seed = Some(5);
        config.pool.inner.seed = Some(6);
        let brain = Noises::build(
            config,
            NoisesShapes {
                signal: Shape::from(2),
            },
        )
        .unwrap();
        let mut config = NoiseConfig {
            compat: Some(compat),
            ..Noise::config()
        };
        config.inner.seed = Some(7);
        let neuron = Noise::build(
            config,
            NoiseShapes {
                signal: Shape::from(2),
            },
        )
        .unwrap();
        let state = brain.spark_state();
        let (alone, inside) = (used(&state, "alone/rng", 5), used(&state, "pool/inner/rng", 6));
        [alone, inside, used(&neuron.spark_state(), "inner/rng", 7)].map(Option::unwrap)
    });
    assert_eq!(keys, [[0, 0, 0], [3, 5, 3]]);
}

#[test]
fn encoders_spike_when_their_formula_says() {
    let times = |mut step: Box<dyn FnMut() -> Vec<u32>>| -> Vec<Vec<usize>> {
        let mut times = vec![Vec::new(); 3];
        for t in 0..20 {
            step().iter().for_each(|&unit| times[unit as usize].push(t));
        }
        times
    };
    let signal = || FloatArray::from([1.0, 0.5, 0.25]);
    // 250 Hz: every 4 ms at full value.
    let config = RateEncoderConfig {
        max_freq: Hz(250.0),
        ..Default::default()
    };
    let (mut rate, mut out) = build::<RateEncoder>(&config, &[&[3]], 1.0, Compat::Standard).unwrap();
    let found = times(Box::new(move || {
        rate.run((Some(&signal()),), &mut out);
        out.0.to_flat()
    }));
    assert_eq!(found, [vec![3, 7, 11, 15, 19], vec![7, 15], vec![15]]);
    // tau ln(1 / x) with tau = 4 ms: 0, 2.8, 5.5 ms, in steps of half a millisecond, of windows of 8 ms.
    let config = LatencyEncoderConfig {
        window: Ms(8.0),
        tau: Some(Ms(4.0)),
        ..Default::default()
    };
    let (mut latency, mut out) = build::<LatencyEncoder>(&config, &[&[3]], 0.5, Compat::Standard).unwrap();
    let found = times(Box::new(move || {
        latency.run((Some(&signal()),), &mut out);
        out.0.to_flat()
    }));
    assert_eq!(found, [vec![0, 16], vec![5], vec![11]]);
    // A cycle of 10 ms, spread over its first half: 0, 2.5, 3.75 ms.
    let config = PhaseEncoderConfig {
        frequency: Hz(100.0),
        ..Default::default()
    };
    let (mut phase, mut out) = build::<PhaseEncoder>(&config, &[&[3]], 1.0, Compat::Standard).unwrap();
    let found = times(Box::new(move || {
        phase.run((Some(&signal()),), &mut out);
        out.0.to_flat()
    }));
    assert_eq!(found, [[0, 10], [2, 12], [3, 13]]);
}

#[test]
fn a_frequency_of_more_than_one_spike_per_step_is_refused() {
    let config = RateEncoderConfig {
        max_freq: Hz(1001.0),
        ..Default::default()
    };
    let error = build::<RateEncoder>(&config, &[&[1]], 1.0, Compat::Standard)
        .err()
        .unwrap();
    assert!(error.to_string().contains("at most 1000 Hz"), "{error}");
}

#[test]
fn everything_that_is_wrong_with_a_list_of_spikes_is_told() {
    let config = SpikeListSourceConfig {
        times: vec![Ms(1.0), Ms(-1.0), Ms(3.0)],
        indices: vec![0, 5],
        units: Shape::from(2),
        period: Some(Ms(3.0)),
        ..Default::default()
    };
    let error = build::<SpikeListSource>(&config, &[], 1.0, Compat::Standard)
        .err()
        .unwrap();
    assert_eq!(error.problems().len(), 3, "{error}");
}
