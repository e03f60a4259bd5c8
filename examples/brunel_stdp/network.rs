//! Brunel's network, whose synapses learn.

#[path = "../standard/units.rs"]
mod units;

use spark::prelude::*;

use units::{delay, jump, numbers};

network! {
    /// Excitatory neurons. Synapses from each other learn, those from inhibitory ones do not.
    pub neuron Learning(excitation: SpikeArray, inhibition: SpikeArray) -> (out_spikes: SpikeArray) {
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
    pub neuron Fixed(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
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
    pub brain BrunelSTDP() -> (excitatory: SpikeArray, inhibitory: SpikeArray) {
        dt = 0.1ms;

        e = Learning { units: [2000], inhibitory_rate: 0.0 };
        i = Fixed { units: [500], inhibitory_rate: 1.0 };

        e.out_spikes                 -> e.excitation, excitatory;
        i.out_spikes                 -> e.inhibition, inhibitory;
        (e.out_spikes, i.out_spikes) -> i.in_spikes;
    }
}

/// The network of this order, and the current that is a jump of the potential by 1 mV.
pub fn config(order: usize, dt: f64, seed: u32) -> BrunelSTDPConfig {
    let (excitatory, inhibitory) = (4 * order, order);
    let (from_e, from_i) = (excitatory / 10, inhibitory / 10);
    let weight = 100.0 / from_e as f64;
    let current = |mv: f64| jump(mv, dt);
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
        seed: Some(seed.into()),
        dt: Some(Ms(dt)),
        ..BrunelSTDP::config()
    };
    let (e, i) = (&mut config.e, &mut config.i);
    e.units = Shape::from(excitatory);
    i.units = Shape::from(inhibitory);
    for delays in [&mut e.delays, &mut e.slowed, &mut i.delays] {
        delay(delays, dt, 1);
    }
    // The rule sees presynaptic spikes one step late, as everybody does: so it does those of the units.
    delay(&mut e.dendrite, dt, -1);
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

/// The current that makes a potential jump by 1 mV.
pub fn mv(dt: f64) -> f64 {
    jump(1.0, dt)
}
