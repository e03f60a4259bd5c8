//! Synapses against closed forms.

use spark::nn::tracers::{RDTracer, RFSParams, RFSTracer, RUParams, RUTracer, Tracer};
use spark::prelude::*;

network! {
    brain Trains(spikes: SpikeArray[1]) -> (currents: CurrentArray[1]) {
        synapses = ShortTermSynapses { units: [1], kernel: [100.0], tau: 1ms };
        spikes            -> synapses.spikes;
        synapses.currents -> currents;
    }

    brain Cuba(spikes: SpikeArray[2]) -> (currents: CurrentArray[1], potential: PotentialArray[1]) {
        synapses = ExponentialCurrentSynapses { units: [1], kernel: [100.0, 50.0] };
        soma     = LeakySoma { threshold: 1V };

        spikes            -> synapses.spikes;
        synapses.currents -> soma.current, currents;
        soma.potential()  -> potential;
    }

    neuron Coba(in_spikes: SpikeArray[2]) -> (out_spikes: SpikeArray[1], potential: PotentialArray[1]) {
        units    = [1];
        synapses = ConductanceSynapses { kernel: [2nS, 6nS] };
        soma     = LeakySoma { threshold: 1V };

        in_spikes         -> synapses.spikes;
        soma.potential()  -> synapses.potential;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
        soma.potential()  -> potential;
    }

    brain Clamped(spikes: SpikeArray[2], potential: PotentialArray[1]) -> (currents: CurrentArray[1]) {
        synapses = ConductanceSynapses { units: [1], kernel: [2nS, 6nS] };

        spikes            -> synapses.spikes;
        potential         -> synapses.potential;
        synapses.currents -> currents;
    }

    /// Every kind of synapses, with and without delays.
    brain Many(spikes: SpikeArray[3]) -> (
        traced_currents: CurrentArray[2], rising_currents: CurrentArray[2], mixed_currents: CurrentArray[2],
        short_term_currents: CurrentArray[2], plain_currents: CurrentArray[2], exponential_currents: CurrentArray[2],
    ) {
        delays      = N2NDelays { units: [2], max_delay: 4ms };
        traced      = TracedSynapses { units: [2] };
        rising      = RDTracedSynapses { units: [2] };
        mixed       = RFSTracedSynapses { units: [2] };
        short_term  = ShortTermSynapses { units: [2], tau_facil: 50ms };
        plain       = ShortTermSynapses { units: [2], tau_facil: 50ms };
        exponential = ExponentialCurrentSynapses { units: [2] };

        spikes            -> delays.in_spikes, plain.spikes;
        delays.out_spikes -> traced.spikes, rising.spikes, mixed.spikes, short_term.spikes, exponential.spikes;
        traced.currents      -> traced_currents;
        rising.currents      -> rising_currents;
        mixed.currents       -> mixed_currents;
        short_term.currents  -> short_term_currents;
        plain.currents       -> plain_currents;
        exponential.currents -> exponential_currents;
    }
}

fn spike(inputs: usize, fired: impl IntoIterator<Item = u32>) -> SpikeArray {
    SpikeArray::from_indices([inputs], fired.into_iter().collect::<Vec<u32>>()).unwrap()
}

fn close(found: impl Into<f64>, expected: f64, tolerance: f64) {
    let found = found.into();
    assert!(
        (found - expected).abs() <= tolerance * expected.abs().max(1e-3),
        "{found} is not {expected}"
    );
}

/// The sum over time of what a tracer gives for one input of 1.
fn sum(mut step: impl FnMut(&[Real]) -> Real) -> f64 {
    let inputs = std::iter::once(1.0).chain(std::iter::repeat_n(0.0, 2000));
    inputs.map(|x| f64::from(step(&[x]))).sum()
}

/// The sum of 1, d, d^2, .. with d the decay over one step.
fn geometric(tau: f64, dt: f64) -> f64 {
    1.0 / (1.0 - (-dt / tau).exp())
}

const DT: f64 = 0.5;

fn one() -> Shape {
    Shape::from([1])
}

#[test]
fn an_exponential_trace_sums_to_its_scale_over_what_it_loses_per_step() {
    let mut trace = Tracer::uniform(&one(), 12.0, 3.0, 0.0, DT);
    let found = sum(|x| {
        trace.step(x);
        trace.at(0)
    });
    close(found, 3.0 * geometric(12.0, DT), 1e-5);
}

#[test]
fn a_rising_and_decaying_trace_sums_to_the_difference_of_its_parts() {
    let mut trace = RDTracer::uniform(&one(), 3.0, 12.0, 2.0, DT);
    let found = sum(|x| {
        trace.step(x);
        trace.at(0)
    });
    close(
        found,
        2.0 * (geometric(12.0, DT) - geometric(3.0 * 12.0 / 15.0, DT)),
        1e-5,
    );
}

#[test]
fn a_rising_and_decaying_trace_is_one_minus_an_exponential_times_an_exponential() {
    let mut trace = RDTracer::uniform(&one(), 3.0, 12.0, 2.0, DT);
    for step in 0..100 {
        trace.step(&[Real::from(u8::from(step == 0))]);
        let t = f64::from(step) * DT;
        close(
            trace.at(0),
            2.0 * (1.0 - (-t / 3.0).exp()) * (-t / 12.0).exp(),
            1e-4,
        );
    }
}

#[test]
fn a_fast_and_a_slow_trace_are_mixed_by_their_share() {
    let params = RFSParams {
        alpha: 0.3.into(),
        tau_rise: 2.0.into(),
        tau_fast_decay: 6.0.into(),
        tau_slow_decay: 40.0.into(),
        ..RFSParams::default()
    };
    let mut trace = RFSTracer::new(&one(), &params, DT);
    for step in 0..200 {
        trace.step(&[Real::from(u8::from(step == 0))]);
        let t = f64::from(step) * DT;
        let decays = 0.3 * (-t / 6.0).exp() + 0.7 * (-t / 40.0).exp();
        close(trace.at(0), (1.0 - (-t / 2.0).exp()) * decays, 1e-4);
    }
}

/// Usage after a spike and resources before it in a regular train of this period, in the long run.
fn steady(release: f64, tau_rec: f64, tau_facil: f64, period: f64) -> (f64, f64) {
    let (faded, unrecovered) = ((-period / tau_facil).exp(), (-period / tau_rec).exp());
    let usage = release / (1.0 - (1.0 - release) * faded);
    (usage, (1.0 - unrecovered) / (1.0 - (1.0 - usage) * unrecovered))
}

/// A depressing, a facilitating and a mixed synapse.
const KINDS: [(f64, f64, f64); 3] = [(0.5, 800.0, 0.0), (0.04, 100.0, 1000.0), (0.3, 200.0, 150.0)];

#[test]
fn regular_trains_come_to_the_steady_state_of_tsodyks_and_markram() {
    for (release, tau_rec, tau_facil) in KINDS {
        for period in [5, 20, 100] {
            let mut config = Trains::config();
            config.synapses.release = Init::Value(release);
            config.synapses.tau_rec = Init::Value(Ms(tau_rec));
            config.synapses.tau_facil = Init::Value(Ms(tau_facil));
            let mut brain = Trains::build(config, TrainsShapes { spikes: one() }).unwrap();
            let mut charge = 0.0;
            for t in 0..period * 400 {
                let spikes = spike(1, (t % period == 0).then_some(0));
                let current = brain.step(TrainsInputs { spikes: &spikes }).currents.as_slice()[0];
                charge += if t >= period * 399 {
                    f64::from(current)
                } else {
                    0.0
                };
            }
            let (usage, resources) = steady(release, tau_rec, tau_facil, f64::from(period));
            // In a steady state the charge of a period is that of a spike: K u x tau.
            close(charge, 100.0 * usage * resources, 1e-4);
        }
    }
}

fn usage(compat: Compat) -> RUTracer {
    let params = RUParams {
        r_tau: 50.0.into(),
        u_tau: 100.0.into(),
        u_scale: 0.4.into(),
    };
    RUTracer::new(&one(), &params, 1.0, compat)
}

#[test]
fn what_a_spike_releases_is_a_share_of_what_is_there() {
    let mut tracer = usage(Compat::Standard);
    let first = f64::from(tracer.step(&[1.0])[0]);
    close(first, 0.4, 1e-6);
    let usage = 0.4 * (-1.0f64 / 100.0).exp();
    let usage = usage + 0.4 * (1.0 - usage);
    let resources = 1.0 - first * (-1.0f64 / 50.0).exp();
    close(tracer.step(&[1.0])[0], usage * resources, 1e-5);
}

#[test]
fn tracers_of_resources_and_usage_come_to_their_steady_state() {
    let mut tracer = usage(Compat::Standard);
    let last = (0..2000)
        .map(|t| tracer.step(&[Real::from(u8::from(t % 10 == 9))])[0])
        .last()
        .unwrap();
    let (usage, resources) = steady(0.4, 50.0, 100.0, 10.0);
    close(last, usage * resources, 1e-5);
}

#[test]
fn the_python_package_would_release_more_than_there_is() {
    let mut tracer = usage(Compat::SparkSnn1);
    let first = f64::from(tracer.step(&[1.0])[0]);
    close(first, 0.4, 1e-6);
    let usage = 0.4 * (-1.0f64 / 100.0).exp() + 0.4;
    // Out of the resources of the step before.
    close(tracer.step(&[1.0])[0], usage * (1.0 - first), 1e-5);
    let lowest = (0..50)
        .map(|_| {
            tracer.step(&[1.0]);
            tracer.resources(0)
        })
        .fold(1.0, Real::min);
    assert!(lowest < 0.0, "{lowest}");
}

fn cuba(dt: f64) -> Cuba {
    let config = CubaConfig {
        dt: Some(Ms(dt)),
        ..Cuba::config()
    };
    Cuba::build(
        config,
        CubaShapes {
            spikes: Shape::from([2]),
        },
    )
    .unwrap()
}

#[test]
fn a_spike_carries_its_weight_times_its_time_constant_at_any_time_step() {
    let inhibitory = Mask::new([false, true]);
    for dt in [0.1, 0.5, 1.0, 3.0] {
        for (input, charge) in [(0, 100.0 * 5.0), (1, -50.0 * 10.0)] {
            let mut brain = cuba(dt);
            let spikes = spike(2, [input]).with_mask(inhibitory.clone()).unwrap();
            let none = spike(2, []);
            let mut found = 0.0;
            for t in 0..(200.0 / dt) as usize {
                let spikes = if t == 0 { &spikes } else { &none };
                found += dt * f64::from(brain.step(CubaInputs { spikes }).currents.as_slice()[0]);
            }
            close(found, charge, 1e-4);
        }
    }
}

#[test]
fn the_potential_after_a_spike_is_the_difference_of_two_exponentials() {
    // V(t) = R K tau_s / (tau_m - tau_s) (exp(-t / tau_m) - exp(-t / tau_s)); R K is 10 mV, tau_m 20 ms, tau_s 5 ms.
    for (dt, tolerance) in [(0.1, 1e-4), (1.0, 5e-3)] {
        let mut brain = cuba(dt);
        let steps = (30.0 / dt) as usize;
        let (spikes, none) = (spike(2, [0]), spike(2, []));
        // The property tells the potential as the last step left it.
        for t in 0..=steps {
            let spikes = if t == 0 { &spikes } else { &none };
            let v = brain.step(CubaInputs { spikes }).potential.as_slice()[0];
            let t = t as f64 * dt;
            if t >= 5.0 {
                let expected = 10.0 * 5.0 / 15.0 * ((-t / 20.0).exp() - (-t / 5.0).exp());
                close(v, expected, tolerance);
            }
        }
    }
}

/// The current at a clamped potential, absolute, right after a spike of an input.
fn clamped(input: u32, potential: f64) -> f64 {
    let mut brain = Clamped::new().unwrap();
    let spikes = spike(2, [input]).with_mask(Mask::new([false, true])).unwrap();
    let potential = PotentialArray::from([(potential + 60.0) as Real]);
    let inputs = ClampedInputs {
        spikes: &spikes,
        potential: &potential,
    };
    f64::from(brain.step(inputs).currents.as_slice()[0])
}

#[test]
fn at_the_reversal_potential_no_current_flows() {
    for (input, reversal) in [(0, 0.0), (1, -80.0)] {
        assert_eq!(clamped(input, reversal), 0.0);
        assert!(clamped(input, reversal - 1.0) > 0.0);
        assert!(clamped(input, reversal + 1.0) < 0.0);
    }
}

#[test]
fn nanosiemens_times_millivolts_are_picoamperes() {
    // The mean of 2 nS over a step of 1 ms, 60 mV away.
    close(
        clamped(0, -60.0),
        2.0 * 5.0 * (1.0 - (-0.2f64).exp()) * 60.0,
        1e-5,
    );
}

#[test]
fn open_conductances_pull_the_potential_to_the_mean_of_their_reversal_potentials() {
    let mut neuron = Coba::new().unwrap();
    let spikes = spike(2, [0, 1]).with_mask(Mask::new([false, true])).unwrap();
    let steps = (0..500).map(|_| {
        neuron
            .step(CobaInputs { in_spikes: &spikes })
            .potential
            .as_slice()[0]
    });
    let found = steps.last().unwrap();
    // A spike in each step: geometric sums of means. R is 0.1 GOhm, the leak 10 nS.
    let open = |conductance: f64, tau: f64| conductance * tau;
    let (g, h, leak) = (open(2.0, 5.0), open(6.0, 10.0), 10.0);
    close(found, (g * 60.0 - h * 20.0) / (leak + g + h), 1e-4);
}

#[test]
fn negative_conductances_are_refused_in_words() {
    let mut config = Clamped::config();
    config.synapses.kernel = Init::Array(ArrayValue::new(Dtype::Float32, [1, 2], vec![1.0, -2.0]).unwrap());
    config.synapses.tau_inhibitory = Init::Value(Ms(1.0));
    let shapes = ClampedShapes {
        spikes: Shape::from([2]),
        potential: one(),
    };
    let error = Clamped::build(config, shapes).err().unwrap().to_string();
    assert!(
        error.contains("synapses.kernel") && error.contains("-2 nS"),
        "{error}"
    );
    assert!(error.contains("the mask of the spikes"), "{error}");
}

/// What the synapses of `Many` give in the steps from `begin` to `end`.
fn many(brain: &mut Many, begin: u32, end: u32) -> Vec<Vec<Real>> {
    let step = |t: u32| {
        let spikes = spike(3, (0..3).filter(|i| (t * 7 + i * 5) % 11 < 3));
        let out = brain.step(ManyInputs { spikes: &spikes });
        let currents = [
            &out.traced_currents,
            &out.rising_currents,
            &out.mixed_currents,
            &out.short_term_currents,
            &out.plain_currents,
            &out.exponential_currents,
        ];
        currents
            .iter()
            .flat_map(|currents| currents.as_slice().to_vec())
            .collect()
    };
    (begin..end).map(step).collect()
}

#[test]
fn synapses_go_on_where_they_were_taken_apart() {
    for compat in [Compat::Standard, Compat::SparkSnn1] {
        let config = || ManyConfig {
            compat: Some(compat),
            ..Many::config()
        };
        let built = || {
            Many::build(
                config(),
                ManyShapes {
                    spikes: Shape::from([3]),
                },
            )
            .unwrap()
        };
        let whole = many(&mut built(), 0, 60);
        let mut half = built();
        many(&mut half, 0, 30);
        let (graph, state) = spark::split(half);
        let mut half = spark::merge(graph, state).unwrap();
        assert_eq!(many(&mut half, 30, 60), whole[30..]);
        assert!(whole[59].iter().any(|current| *current != 0.0));
    }
}

#[test]
fn a_reset_of_synapses_begins_anew_and_does_nothing_twice() {
    let mut brain = Many::new().unwrap();
    let first = many(&mut brain, 0, 40);
    brain.reset();
    let once = brain.spark_state();
    brain.reset();
    assert_eq!(brain.spark_state(), once);
    assert_eq!(many(&mut brain, 0, 40), first);
}
