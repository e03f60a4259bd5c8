//! Delays of neurons, interfaces that join and sample, spikers, encoders, sources: each is its definition, for any shape,
//! mask, delay and form of spikes.

use spark::core::module::Many;
use spark::core::units::Hz;
use spark::nn::delays::{NDelays, NDelaysConfig, ZeroDelay, ZeroDelayConfig};
use spark::nn::interfaces::control::{Concat, ConcatConfig, Sampler, SamplerConfig};
use spark::nn::interfaces::input::{
    LatencyEncoder, LatencyEncoderConfig, LinearSpiker, LinearSpikerConfig, PhaseEncoder, PhaseEncoderConfig,
    PoissonSpiker, PoissonSpikerConfig, RateEncoder, RateEncoderConfig, RatePoissonSource,
    RatePoissonSourceConfig, SpikeListSource, SpikeListSourceConfig, TopologicalLinearSpiker,
    TopologicalLinearSpikerConfig, TopologicalPoissonSpiker, TopologicalPoissonSpikerConfig,
};
use spark::{restore, snapshot};

use super::*;

/// The values of step `t`, from -0.1 to 1.1.
fn values(setup: &Setup, t: usize, n: usize) -> Vec<Real> {
    let draw = setup.uniform(50_000 + t as u64, n);
    draw.into_iter().map(|u| (1.2 * u - 0.1) as Real).collect()
}

fn signal(setup: &Setup, t: usize, shape: &Shape) -> FloatArray {
    FloatArray::from_vec(shape.clone(), values(setup, t, shape.count())).unwrap()
}

/// The three forms of the spikes of a step, with what a module may know of each.
fn forms(source: &Source, arriving: &Arriving) -> [(PortInfo, SpikeArray); 3] {
    let Setup { post, pre, .. } = source.setup;
    let per_synapse = PortInfo {
        per_synapse: true,
        ..PortInfo::plain(Shape::from([post, pre]))
    };
    [
        (PortInfo::plain(Shape::from([pre])), arriving.plain.clone()),
        (per_synapse, arriving.per_synapse.clone()),
        (source.info(), arriving.delayed.clone()),
    ]
}

/// What a module that takes a signal does in `steps`, from step `first` on; the signal follows from the step.
fn driven<M>(
    module: &mut M,
    out: &mut M::Outputs,
    setup: &Setup,
    shape: &Shape,
    steps: std::ops::Range<usize>,
) -> Vec<Vec<u32>>
where
    M: for<'a> Module<Inputs<'a> = (Option<&'a FloatArray>,), Outputs = (SpikeArray,)>,
{
    steps
        .map(|t| {
            module.run((Some(&signal(setup, t, shape)),), out);
            out.0.to_flat()
        })
        .collect()
}

/// A run in two halves, the second one in another copy, is the run; after a reset everything but chance is as at first.
fn check_state<M>(config: &M::Config, setup: &Setup, by_chance: bool) -> Result<(), TestCaseError>
where
    M: for<'a> Module<Inputs<'a> = (Option<&'a FloatArray>,), Outputs = (SpikeArray,)>,
{
    let shape = Shape::from([setup.post, setup.pre]);
    let new = || {
        build::<M>(
            config,
            vec![Some(PortInfo::plain(shape.clone()))],
            Compat::Standard,
        )
    };
    let run = |(module, out): &mut (M, M::Outputs), steps| driven(module, out, setup, &shape, steps);
    let mut whole = new();
    let expected = run(&mut whole, 0..STEPS);
    let (mut first, mut second) = (new(), new());
    let mut found = run(&mut first, 0..STEPS / 2);
    prop_assert!(restore(&mut second.0, snapshot(&first.0)).is_ok());
    found.extend(run(&mut second, STEPS / 2..STEPS));
    prop_assert_eq!(&found, &expected);
    whole.0.reset();
    let once = snapshot(&whole.0);
    whole.0.reset();
    prop_assert!(once.iter().eq(snapshot(&whole.0).iter()));
    if !by_chance {
        prop_assert_eq!(&run(&mut whole, 0..STEPS), &expected);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_neurons_spike_arrives_after_its_delay_in_every_form(setup in setups(), like_python in any::<bool>()) {
        let compat = if like_python { Compat::SparkSnn1 } else { Compat::Standard };
        let mut source = Source::new(&setup);
        let shapes = forms(&source, &Source::new(&setup).step(0)).map(|(info, _)| info);
        let draw = |n: usize| setup.uniform(60, n).iter().map(|u| (u * (setup.longest + 1) as f32) as usize).collect::<Vec<_>>();
        let mut modules = shapes.map(|info| {
            let delays = draw(info.shape.count());
            let config = NDelaysConfig {
                max_delay: Ms(setup.longest as f64),
                delays: Init::Array(array(&[delays.len()], Dtype::UInt16, delays.iter().map(|&d| d as f64))),
                ..Default::default()
            };
            let lags: Vec<usize> = delays.iter().map(|&d| if like_python { d % setup.longest } else { d }).collect();
            (build::<NDelays>(&config, vec![Some(info)], compat), lags, Vec::<Vec<bool>>::new())
        });
        for t in 0..STEPS {
            let arriving = source.step(t);
            for (((module, out), lags, past), (info, spikes)) in modules.iter_mut().zip(forms(&source, &arriving)) {
                if t == STEPS / 2 {
                    module.reset();
                    past.iter_mut().for_each(|step| step.fill(false));
                }
                past.push(spikes.spikes().iter().copied().collect());
                module.run((Some(&spikes),), out);
                let expected: Vec<u32> = (0..lags.len()).filter(|&i| t >= lags[i] && past[t - lags[i]][i]).map(|i| i as u32).collect();
                prop_assert_eq!(out.0.to_flat(), expected);
                prop_assert_eq!(out.0.shape(), &info.shape);
                prop_assert_eq!(out.0.async_spikes(), info.per_synapse || like_python);
                prop_assert_eq!(out.0.inhibition_mask(), spikes.inhibition_mask());
            }
        }
    }

    #[test]
    fn no_delay_passes_every_form_on(setup in setups()) {
        let mut source = Source::new(&setup);
        let infos = forms(&source, &Source::new(&setup).step(0)).map(|(info, _)| info);
        let mut modules = infos.map(|info| build::<ZeroDelay>(&ZeroDelayConfig::default(), vec![Some(info)], Compat::Standard));
        for t in 0..STEPS {
            let arriving = source.step(t);
            for ((module, out), (info, spikes)) in modules.iter_mut().zip(forms(&source, &arriving)) {
                prop_assert_eq!(PortInfo::of(&out.0).plan, info.plan);
                prop_assert_eq!(PortInfo::of(&out.0).per_synapse, info.per_synapse);
                module.run((Some(&spikes),), out);
                prop_assert_eq!(&out.0, &spikes);
            }
        }
    }

    #[test]
    fn samples_are_the_elements_drawn(setup in setups(), samples in 1usize..20, like_python in any::<bool>()) {
        let compat = if like_python { Compat::SparkSnn1 } else { Compat::Standard };
        let mut source = Source::new(&setup);
        let config = SamplerConfig { sample_size: samples, ..Default::default() };
        let infos = forms(&source, &Source::new(&setup).step(0)).map(|(info, _)| info);
        let mut modules = infos.map(|info| build::<Sampler>(&config, vec![Some(info)], compat));
        for t in 0..STEPS {
            let arriving = source.step(t);
            for ((module, out), (info, spikes)) in modules.iter_mut().zip(forms(&source, &arriving)) {
                module.run((Some(&spikes),), out);
                let drawn = Key::from_seed(0).split_in_two().1.randint_i32(samples, 0, info.shape.count() as i32);
                prop_assert!(module.indices().iter().zip(&drawn).all(|(a, b)| *a as i32 == *b));
                let value = spikes.value();
                let value = value.as_slice().unwrap();
                let expected: Vec<Real> = drawn.iter().map(|&i| value[i as usize]).map(|v| if like_python { v.max(0.0) } else { v }).collect();
                prop_assert_eq!(out.0.value().into_raw_vec_and_offset().0, expected);
                prop_assert!(!out.0.async_spikes());
            }
        }
    }

    #[test]
    fn joined_streams_are_their_parts(setup in setups(), like_python in any::<bool>()) {
        let compat = if like_python { Compat::SparkSnn1 } else { Compat::Standard };
        let mut source = Source::new(&setup);
        let total = setup.pre + 2 * setup.post * setup.pre;
        let info = Some(PortInfo::plain(Shape::from(total)));
        let (mut module, mut out) = build::<Concat>(&ConcatConfig::default(), vec![info], compat);
        for t in 0..STEPS {
            let arriving = source.step(t);
            let parts = forms(&source, &arriving).map(|(_, spikes)| spikes);
            let parts = [&parts[0], &parts[1], &parts[2]];
            module.run((Some(Many::of(&parts)),), &mut out);
            let expected: Vec<Real> = parts.iter().flat_map(|part| part.value().into_iter().collect::<Vec<_>>()).map(|v| if like_python { v.max(0.0) } else { v }).collect();
            prop_assert_eq!(out.0.value().into_raw_vec_and_offset().0, expected);
        }
    }

    #[test]
    fn chance_is_one_draw_per_unit_with_one_key_per_step(setup in setups(), max_freq in 10.0f64..1500.0) {
        let shape = Shape::from([setup.post, setup.pre]);
        let config = PoissonSpikerConfig { max_freq: Hz(max_freq), ..Default::default() };
        let (mut module, mut out) = build::<PoissonSpiker>(&config, vec![Some(PortInfo::plain(shape.clone()))], Compat::Standard);
        let rates = values(&setup, 99, shape.count()).iter().map(|v| f64::from(v.abs()) * max_freq).collect::<Vec<_>>();
        let source = RatePoissonSourceConfig {
            units: shape.clone(),
            rate: Init::Array(array(&shape, Dtype::Float32, rates.iter().copied())),
            ..Default::default()
        };
        let (mut source, mut from_source) = build::<RatePoissonSource>(&source, vec![], Compat::Standard);
        let (mut stream, mut source_stream) = (Key::from_seed(0), Key::from_seed(0));
        source_stream.next();
        let below = |key: Key, p: &dyn Fn(usize) -> Real| -> Vec<u32> {
            (0..shape.count()).filter(|&i| Real::from(key.uniform_f32_at(i as u64)) < p(i)).map(|i| i as u32).collect()
        };
        for t in 0..STEPS {
            let signal = signal(&setup, t, &shape);
            module.run((Some(&signal),), &mut out);
            let scale = (max_freq / 1000.0) as Real;
            prop_assert_eq!(out.0.to_flat(), below(stream.next(), &|i| scale * signal.as_slice()[i]));
            source.run((), &mut from_source);
            let per_hertz = 0.001 as Real;
            prop_assert_eq!(from_source.0.to_flat(), below(source_stream.next(), &|i| rates[i] as Real * per_hertz));
        }
    }

    #[test]
    fn a_population_depends_on_its_value_alone(setup in setups(), glued in any::<bool>()) {
        // A signal of two dimensions is coded as the same values in one.
        let flat = Shape::from(setup.post * setup.pre);
        let square = Shape::from([setup.post, setup.pre]);
        let config = TopologicalLinearSpikerConfig {
            max_freq: Hz(300.0),
            resolution: 4,
            sigma: 0.3,
            glue: Init::Value(f64::from(u8::from(glued))),
            ..Default::default()
        };
        let new = |shape: &Shape| build::<TopologicalLinearSpiker>(&config, vec![Some(PortInfo::plain(shape.clone()))], Compat::Standard);
        let (mut line, mut sheet) = (new(&flat), new(&square));
        prop_assert_eq!(sheet.1.0.shape(), &Shape::from([setup.post, setup.pre, 4]));
        let on_line = driven(&mut line.0, &mut line.1, &setup, &flat, 0..STEPS);
        prop_assert_eq!(driven(&mut sheet.0, &mut sheet.1, &setup, &square, 0..STEPS), on_line);
    }

    #[test]
    fn an_encoded_rate_is_in_proportion_to_the_value(setup in setups(), max_freq in 1.0f64..1000.0) {
        let shape = Shape::from([setup.pre]);
        let config = RateEncoderConfig { max_freq: Hz(max_freq), ..Default::default() };
        let (mut module, mut out) = build::<RateEncoder>(&config, vec![Some(PortInfo::plain(shape.clone()))], Compat::Standard);
        let signal = signal(&setup, 0, &shape);
        let mut counts = vec![0usize; setup.pre];
        for t in 1..=300 {
            module.run((Some(&signal),), &mut out);
            out.0.indices().iter().for_each(|&unit| counts[unit as usize] += 1);
            for (count, value) in counts.iter().zip(signal.as_slice()) {
                let due = t as f64 * max_freq / 1000.0 * f64::from(value.clamp(0.0, 1.0));
                prop_assert!((due - *count as f64) > -1e-6 && (due - *count as f64) < 1.0 + 1e-6, "{} of {}", count, due);
            }
        }
    }

    #[test]
    fn an_encoded_latency_falls_with_the_value(setup in setups(), window in 2usize..30, tau in prop::option::of(1.0f64..40.0)) {
        let shape = Shape::from([setup.pre]);
        let config = LatencyEncoderConfig { window: Ms(window as f64), tau: tau.map(Ms), ..Default::default() };
        let (mut module, mut out) = build::<LatencyEncoder>(&config, vec![Some(PortInfo::plain(shape.clone()))], Compat::Standard);
        for cycle in 0..3 {
            let read = signal(&setup, cycle, &shape);
            let mut first = vec![None; setup.pre];
            for t in 0..window {
                // Only the beginning of a window is read.
                let shown = if t == 0 { read.clone() } else { signal(&setup, 100 + t, &shape) };
                module.run((Some(&shown),), &mut out);
                for &unit in out.0.indices() {
                    prop_assert!(first[unit as usize].replace(t).is_none(), "two spikes in a window");
                }
            }
            for (found, value) in first.iter().zip(read.as_slice()) {
                let value = f64::from(value.clamp(0.0, 1.0));
                let late = match tau {
                    Some(tau) => -tau * value.ln(),
                    None => (window as f64 * (1.0 - value)).min(window as f64 - 1.0),
                };
                let expected = (value > 0.0 && late + 1e-6 < window as f64).then_some((late + 1e-6) as usize);
                prop_assert_eq!(*found, expected, "value {}", value);
            }
        }
    }

    #[test]
    fn an_encoded_phase_comes_once_per_cycle(setup in setups(), cycle in 3usize..40, spread in 0.0f64..0.95) {
        let shape = Shape::from([setup.pre]);
        let config = PhaseEncoderConfig { frequency: Hz(1000.0 / cycle as f64), spread, ..Default::default() };
        let (mut module, mut out) = build::<PhaseEncoder>(&config, vec![Some(PortInfo::plain(shape.clone()))], Compat::Standard);
        let signal = signal(&setup, 0, &shape);
        let mut times = vec![Vec::new(); setup.pre];
        for t in 0..4 * cycle {
            module.run((Some(&signal),), &mut out);
            out.0.indices().iter().for_each(|&unit| times[unit as usize].push(t as f64));
        }
        for (times, value) in times.iter().zip(signal.as_slice()) {
            prop_assert_eq!(times.len(), 4);
            for (n, time) in times.iter().enumerate() {
                // The step holds the moment at which the phase is reached.
                let moment = cycle as f64 * (n as f64 + spread * (1.0 - f64::from(value.clamp(0.0, 1.0))));
                prop_assert!(moment - time > -1e-6 && moment - time < 1.0 + 1e-6, "{} for {}", time, moment);
            }
        }
    }

    #[test]
    fn a_list_of_spikes_is_played_as_it_stands(setup in setups(), period in prop::option::of(5usize..20)) {
        let units = setup.pre;
        let end = period.unwrap_or(STEPS);
        let fired: Vec<Vec<u32>> = (0..end).map(|t| (0u32..).zip(setup.fired(70, t, units)).filter(|(_, bit)| *bit).map(|(unit, _)| unit).collect()).collect();
        let mut list: Vec<(f64, usize)> = fired.iter().enumerate().flat_map(|(t, units)| units.iter().map(move |&unit| (t as f64, unit as usize))).collect();
        list.reverse();
        let config = SpikeListSourceConfig {
            times: list.iter().enumerate().map(|(k, (t, _))| Ms(t + [0.0, 0.5, 0.9][k % 3])).collect(),
            indices: list.iter().map(|(_, unit)| *unit).collect(),
            units: Shape::from([units]),
            period: period.map(|steps| Ms(steps as f64)),
            ..Default::default()
        };
        let (mut module, mut out) = build::<SpikeListSource>(&config, vec![], Compat::Standard);
        for _ in 0..2 {
            for t in 0..STEPS {
                module.run((), &mut out);
                prop_assert_eq!(out.0.indices(), &fired[t % end][..]);
            }
            module.reset();
        }
    }

    #[test]
    fn interfaces_go_on_in_another_copy_and_begin_again_after_a_reset(setup in setups()) {
        let max_freq = Hz(400.0);
        check_state::<PoissonSpiker>(&PoissonSpikerConfig { max_freq, ..Default::default() }, &setup, true)?;
        check_state::<TopologicalPoissonSpiker>(&TopologicalPoissonSpikerConfig { max_freq, resolution: 3, ..Default::default() }, &setup, true)?;
        check_state::<LinearSpiker>(&LinearSpikerConfig { max_freq, ..Default::default() }, &setup, false)?;
        check_state::<TopologicalLinearSpiker>(&TopologicalLinearSpikerConfig { max_freq, resolution: 3, sigma: 0.5, ..Default::default() }, &setup, false)?;
        check_state::<RateEncoder>(&RateEncoderConfig { max_freq, ..Default::default() }, &setup, false)?;
        check_state::<LatencyEncoder>(&LatencyEncoderConfig { window: Ms(7.0), ..Default::default() }, &setup, false)?;
        check_state::<PhaseEncoder>(&PhaseEncoderConfig { frequency: Hz(70.0), ..Default::default() }, &setup, false)?;
    }

    #[test]
    fn delays_of_neurons_go_on_in_another_copy(setup in setups()) {
        let config = NDelaysConfig { max_delay: Ms(setup.longest as f64), ..Default::default() };
        let info = || vec![Some(PortInfo::plain(Shape::from([setup.pre])))];
        let mut source = Source::new(&setup);
        let ((mut whole, mut out), (mut half, mut out_of_half)) =
            (build::<NDelays>(&config, info(), Compat::Standard), build::<NDelays>(&config, info(), Compat::Standard));
        for t in 0..STEPS {
            let spikes = source.step(t).plain;
            whole.run((Some(&spikes),), &mut out);
            if t < STEPS / 2 {
                half.run((Some(&spikes),), &mut out_of_half);
                continue;
            }
            if t == STEPS / 2 {
                let (mut other, other_out) = build::<NDelays>(&config, info(), Compat::Standard);
                prop_assert!(restore(&mut other, snapshot(&half)).is_ok());
                (half, out_of_half) = (other, other_out);
            }
            half.run((Some(&spikes),), &mut out_of_half);
            prop_assert_eq!(&out_of_half.0, &out.0);
        }
    }
}
