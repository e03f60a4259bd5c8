//! Brunel's network with synapses that learn: spike-timing-dependent plasticity between excitatory neurons.
//!
//! ```text
//! cargo run --release --example brunel_stdp
//! cargo run --release --example brunel_stdp -- --seconds 2 --json
//! ```
//!
//! The network of `brunel`; a synapse between excitatory neurons is depressed in proportion to its weight when a spike is fired
//! after one of its target, and potentiated by a constant when it is the other way round. The 1.5 ms of delay are those of the
//! dendrite: the rule sees a spike when it is fired, and one of the target 1.5 ms later. Rates climb with the weights: 36 to 40
//! Hz in the first second.
//!
//! Morrison, Aertsen and Diesmann, *Spike-timing-dependent plasticity in balanced random networks*, Neural Computation 19,
//! 2007, doi:10.1162/neco.2007.19.6.1437.

mod standard;

use std::time::Instant;

use clap::Parser;
use spark::core::state::StateArray;
use spark::prelude::*;

use standard::{Run, Standard, jump, numbers};

network! {
    /// Excitatory neurons. Synapses from each other learn, those from inhibitory ones do not.
    neuron Learning(excitation: SpikeArray, inhibition: SpikeArray) -> (out_spikes: SpikeArray) {
        delays     = NDelays { max_delay: 1.4ms, delays: 14 };
        slowed     = NDelays { max_delay: 1.4ms, delays: 14 };
        plastic    = LinearSynapses;
        fixed      = LinearSynapses;
        total      = CurrentSum;
        background = PoissonBackground;
        soma       = StrictRefractoryLeakySoma {
            potential_rest: 0mV, potential_reset: 0mV, threshold: 20mV,
            potential_tau: 20ms, resistance: 0.1GOhm, cooldown: 2ms,
        };
        // What a spike of a unit needs to the synapses, through the dendrite.
        dendrite   = NDelays { max_delay: 1.6ms, delays: 16 };
        rule       = PairSTDPRule { pre_tau: 20ms, post_tau: 20ms, mu_plus: 0.0, mu_minus: 1.0 };

        excitation                         -> delays.in_spikes, rule.pre_spikes;
        inhibition                         -> slowed.in_spikes;
        delays.out_spikes                  -> plastic.spikes;
        slowed.out_spikes                  -> fixed.spikes;
        (plastic.currents, fixed.currents) -> total.inputs;
        total.currents                     -> background.current;
        background.currents                -> soma.current;
        soma.spikes                        -> dendrite.in_spikes, out_spikes;
        dendrite.out_spikes                -> rule.post_spikes;
        plastic.kernel()                  <-> rule.kernel;
    }

    /// Inhibitory neurons, whose synapses do not learn.
    neuron Fixed(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        delays     = NDelays { max_delay: 1.4ms, delays: 14 };
        synapses   = LinearSynapses;
        background = PoissonBackground;
        soma       = StrictRefractoryLeakySoma {
            potential_rest: 0mV, potential_reset: 0mV, threshold: 20mV,
            potential_tau: 20ms, resistance: 0.1GOhm, cooldown: 2ms,
        };

        in_spikes              -> delays.in_spikes;
        delays.out_spikes      -> synapses.spikes;
        synapses.currents      -> background.current;
        background.currents    -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> out_spikes;
    }

    /// Excitatory neurons that learn, and inhibitory ones.
    brain BrunelSTDP() -> (excitatory: SpikeArray, inhibitory: SpikeArray) {
        dt = 0.1ms;

        e = Learning { units: [2000], inhibitory_rate: 0.0 };
        i = Fixed { units: [500], inhibitory_rate: 1.0 };

        e.out_spikes                 -> e.excitation, excitatory;
        i.out_spikes                 -> e.inhibition, inhibitory;
        (e.out_spikes, i.out_spikes) -> i.in_spikes;
    }
}

/// Simulates Brunel's network with plastic synapses.
#[derive(Parser)]
#[command(about)]
struct Options {
    /// Number of inhibitory neurons; there are four times as many excitatory ones.
    #[arg(long, default_value_t = 500)]
    order: usize,
    #[command(flatten)]
    standard: Standard,
}

/// The network of this order, and the current that is a jump of the potential by 1 mV.
fn config(order: usize, options: &Standard) -> BrunelSTDPConfig {
    let (excitatory, inhibitory) = (4 * order, order);
    let (from_e, from_i) = (excitatory / 10, inhibitory / 10);
    let weight = 100.0 / from_e as f64;
    let current = |mv: f64| jump(mv, options.dt);
    let of_one = |degree: usize, mv: f64| {
        let (degree, weight) = (Init::Value(degree as f64), Init::Value(current(mv)));
        FixedInDegreeInitializer {
            degree,
            weight,
            ..Default::default()
        }
        .into_field()
    };
    let background = PoissonBackgroundConfig {
        rate: Hz(2.0 * 20.0 / (weight * 20.0) * 1000.0),
        weight: PAmp(current(weight)),
        ..Default::default()
    };
    let mut config = BrunelSTDPConfig {
        seed: Some(options.seed.into()),
        dt: Some(Ms(options.dt)),
        ..BrunelSTDP::config()
    };
    let (e, i) = (&mut config.e, &mut config.i);
    e.units = Shape::from(excitatory);
    i.units = Shape::from(inhibitory);
    for delays in [&mut e.delays, &mut e.slowed, &mut i.delays] {
        standard::delay(delays, options.dt, 1);
    }
    // The rule sees presynaptic spikes one step late, as everybody does: so it does those of the units.
    standard::delay(&mut e.dendrite, options.dt, -1);
    e.plastic.kernel = of_one(from_e, weight);
    e.fixed.kernel = of_one(from_i, 5.0 * weight);
    i.synapses.kernel = FixedInDegreeInitializer {
        sources: vec![excitatory, inhibitory],
        degree: numbers([from_e as f64, from_i as f64]),
        weight: numbers([current(weight), current(5.0 * weight)]),
        ..Default::default()
    }
    .into_field();
    (e.background, i.background) = (background.clone(), background);
    // Weights up to twice the initial ones, steps of a hundredth, depression twice as strong as potentiation.
    e.rule.w_max = current(2.0 * weight);
    e.rule.a_plus = 0.01 * e.rule.w_max;
    e.rule.a_minus = 0.02 * e.rule.w_max;
    config
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Options {
        order,
        standard: options,
    } = Options::parse();
    let start = Instant::now();
    let brain = BrunelSTDP::build(config(order, &options), BrunelSTDPShapes {})?;
    let (graph, mut state) = spark::split(brain);
    standard::spread(&mut state, "e", 0.0..20.0, options.seed, 1);
    standard::spread(&mut state, "i", 0.0..20.0, options.seed, 2);
    let synapses = standard::synapses(&state);
    let mut brain = spark::merge(graph, state)?;
    let build_s = start.elapsed().as_secs_f64();

    let name = format!("brunel_stdp_{}", 5 * order);
    let run = Run::of(name, 5 * order, synapses, build_s, || {
        let mut spikes = 0;
        for _ in 0..options.steps() {
            let out = brain.step(BrunelSTDPInputs {});
            spikes += out.excitatory.count() + out.inhibitory.count();
        }
        spikes
    });
    let (mean, deviation) = weights(&spark::split(brain).1);
    let mv = jump(1.0, options.dt);
    let figures = [("w_mean", mean / mv), ("w_sd", deviation / mv)];
    run.report(&options, 1, &figures);
    Ok(())
}

/// Mean and standard deviation of the weights that learn.
fn weights(state: &State<BrunelSTDP>) -> (f64, f64) {
    let Some(StateArray::Float32(weights)) = state
        .map()
        .get("e/plastic/weights/kernel")
        .map(|entry| &entry.value)
    else {
        return (f64::NAN, f64::NAN);
    };
    let n = weights.len() as f64;
    let mean = weights.iter().map(|&w| f64::from(w)).sum::<f64>() / n;
    let squares = weights.iter().map(|&w| (f64::from(w) - mean).powi(2));
    (mean, (squares.sum::<f64>() / n).sqrt())
}
