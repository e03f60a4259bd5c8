//! An evolution strategy over a batch: candidates for the parameters of a population run side by side, the best of them
//! are the parents of the next ones. The population is to fire at 20 Hz for a weak drive and at 40 Hz for a strong one.
//!
//! `cargo run --release --example evolution`

use std::error::Error;

use spark::prelude::*;

network! {
    /// A population that noise drives.
    pub brain Driven(signal: FloatArray[64]) -> (spikes: SpikeArray[32]) {
        seed = 3;

        spiker = PoissonSpiker { max_freq: 100Hz };
        pool   = ALIFNeuron { units: [32], hebbian_rule.eta: 0.0 };

        signal          -> spiker.signal;
        spiker.spikes   -> pool.in_spikes;
        pool.out_spikes -> spikes;
    }
}

/// What is searched: the scale of the weights, by which the threshold moves with each spike (mV), both as logarithms.
type Genome = [f64; 2];

const CANDIDATES: usize = 16;
const PARENTS: usize = 4;
const GENERATIONS: usize = 12;
/// How wide the children of the first generation scatter, and by what it shrinks.
const SPREAD: f64 = 0.7;
const SHRINK: f64 = 0.8;
/// Steps of 1 ms per trial.
const STEPS: usize = 500;

fn main() -> Result<(), Box<dyn Error>> {
    let drives = [(0.4, 20.0), (0.8, 40.0)].map(|(drive, target)| (FloatArray::filled(64, drive), target));
    let mut noise = Noise(Key::from_seed(1));
    let mut genomes: Vec<Genome> = (0..CANDIDATES)
        .map(|_| noise.child(&[5.0, 2.0], SPREAD))
        .collect();
    let mut spread = SPREAD;
    for generation in 1..=GENERATIONS {
        let mut batch = Batch::new(CANDIDATES, |i| candidate(&genomes[i]))?.with_threads(2);
        let errors = batch.map(|_, brain| drives.iter().map(|drive| trial(brain, drive)).sum::<f64>());
        let mut ranked: Vec<(f64, Genome)> = errors.into_iter().zip(genomes).collect();
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (error, [scale, delta]) = ranked[0];
        println!(
            "generation {generation:2}: off by {:5.1} Hz   weights x{:6.1}   threshold +{:.1} mV per spike",
            error / drives.len() as f64,
            scale.exp(),
            delta.exp()
        );
        spread *= SHRINK;
        // Parents stay; their children are spread around them.
        genomes = (0..CANDIDATES)
            .map(|i| match ranked[i % PARENTS].1 {
                parent if i < PARENTS => parent,
                parent => noise.child(&parent, spread),
            })
            .collect();
    }
    Ok(())
}

fn candidate([scale, delta]: &Genome) -> Result<Driven, BuildError> {
    let mut config = Driven::config();
    config.set("pool__synapses__kernel__scale", scale.exp())?;
    config.set("pool__soma__threshold_delta", delta.exp())?;
    Driven::build(
        config,
        DrivenShapes {
            signal: Shape::from(64),
        },
    )
}

/// How far the mean rate is from the target, Hz.
fn trial(brain: &mut Driven, (drive, target): &(FloatArray, f64)) -> f64 {
    brain.reset();
    let spikes: usize = (0..STEPS)
        .map(|_| brain.step(DrivenInputs { signal: drive }).spikes.count())
        .sum();
    let rate = spikes as f64 / 32.0 / (STEPS as f64 / 1000.0);
    (rate - target).abs()
}

/// Normal random numbers from the library's own generator.
struct Noise(Key);

impl Noise {
    fn child(&mut self, parent: &Genome, spread: f64) -> Genome {
        parent.map(|gene| gene + spread * self.normal())
    }

    /// Box and Muller's.
    fn normal(&mut self) -> f64 {
        let [a, b] = self
            .0
            .next()
            .0
            .map(|word| (f64::from(word) + 0.5) / 4_294_967_296.0);
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }
}
