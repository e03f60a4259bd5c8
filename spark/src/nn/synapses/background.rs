//! Input from neurons that are not part of the network.

use std::ops::Range;

use crate::core::array::Real;
use crate::core::error::{BuildError, Problem};
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::CurrentArray;
use crate::core::rng::Key;
use crate::core::sharing::{Part, Sharing};
use crate::core::state::{Stateful, Variable};
use crate::kernels::dispatch::vectorised;
use crate::nn::validators::{NonNegativeValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`PoissonBackground`].
#[register_config]
pub struct PoissonBackgroundConfig {
    /// Rate of the spikes that arrive at each unit, those of all unseen neurons together.
    #[field(default = 1000Hz, validate(TypeValidator, NonNegativeValidator))]
    pub rate: Hz,
    /// Current of one step that each spike brings.
    #[field(default = 10pA, validate(TypeValidator))]
    pub weight: PAmp,
}

/// Adds the input from a large population that is not part of the network: to each unit a Poisson train of its own.
///
/// `I_i = current_i + weight k_i`, where `k_i` is drawn anew in each step from the Poisson distribution of mean `rate dt`:
/// several spikes may arrive in one step. As with [`LinearSynapses`](super::LinearSynapses) a spike is a current of one step;
/// in a leaky soma it raises the potential by `(1 - exp(-dt/tau)) R weight`.
///
/// Parameters: `rate` 1000 Hz, `weight` 10 pA.
///
/// Input: `current`, what the synapses give. Output: `currents`, of the same shape. The random stream is state; a reset leaves
/// it as it is. Draws are exact up to 2^-32. The Python package has no such module.
///
/// Brunel, *Dynamics of sparsely connected networks of excitatory and inhibitory spiking neurons*, J. Comput. Neurosci. 8,
/// 2000, doi:10.1023/A:1008925309027.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Noisy(current: CurrentArray[1000]) -> (currents: CurrentArray[1000]) {
///         background = PoissonBackground { rate: 2000Hz, weight: 3pA };
///         current             -> background.current;
///         background.currents -> currents;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut noisy = Noisy::new()?;
/// let none = CurrentArray::filled(1000, 0.0);
/// let currents = noisy.step(NoisyInputs { current: &none }).currents.as_slice();
/// // Two spikes per unit and step of 1 ms, on average.
/// let mean = currents.iter().sum::<Real>() / 1000.0;
/// assert!((5.5..6.5).contains(&mean));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct PoissonBackground {
    rng: Variable<Key>,
    counts: PoissonCounts,
    weight: Real,
    /// Those that are computed.
    units: Range<usize>,
}

/// Adds the input from a large population that is not part of the network.
#[register_module(config = PoissonBackgroundConfig, path = "Components/Synapses")]
impl PoissonBackground {
    fn build(
        config: &PoissonBackgroundConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let mean = config.rate.value() / 1000.0 * keys.dt().value();
        if mean > MOST {
            let problem = Problem::new("rate", "too many spikes arrive in one step");
            let problem = problem
                .expected(format!("at most {MOST} per step"))
                .found(format!("{mean} on average"))
                .help("choose a smaller dt, or a constant current");
            return Err(problem.inside(keys.path()).into());
        }
        Ok(PoissonBackground {
            rng: keys.take_stream(),
            counts: PoissonCounts::new(mean),
            weight: config.weight.value() as Real,
            units: 0..ports.shape("current")?.count(),
        })
    }

    fn step(
        &mut self,
        /// Current into each unit, pA.
        current: In<CurrentArray>,
        /// The same with what the spikes bring, pA.
        #[shape(current)]
        currents: Out<CurrentArray>,
    ) {
        let key = self.rng.next();
        let work = AddCounts {
            counts: &self.counts,
            key,
            weight: self.weight,
            first: self.units.start,
            current: &current.as_slice()[self.units.clone()],
            currents: &mut currents.as_mut_slice()[self.units.clone()],
        };
        vectorised!(work.run());
    }

    fn sharing(&self) -> Sharing {
        Sharing::Units {
            count: self.units.end,
        }
    }

    fn restrict(&mut self, part: Part) {
        self.units = part.units(self.units.end);
    }
}

/// The largest mean of a step: tables beyond would be long.
const MOST: f64 = 1000.0;

/// Draws from a Poisson distribution by inverting its distribution function: `k` is how many of the cuts a random number
/// of 32 bits reaches.
#[derive(Debug, Clone, PartialEq)]
struct PoissonCounts {
    /// `2^32 P(count <= k)` for `k` = 0, 1, .. as long as it is below `2^32`.
    cuts: Vec<u32>,
}

/// Draws that are made at once.
const BLOCK: usize = 32;

impl PoissonCounts {
    fn new(mean: f64) -> Self {
        let mut cuts = Vec::new();
        // Log probabilities: exp(-mean) itself may be too small.
        let (mut log_probability, mut below, mut k) = (-mean, 0.0, 0.0);
        loop {
            below += log_probability.exp();
            let cut = (below * 4_294_967_296.0).round();
            // Beyond the mean all that is left is less than one draw in 2^32.
            if cut >= 4_294_967_295.5 || (k > mean && log_probability < -40.0) {
                return PoissonCounts { cuts };
            }
            cuts.push(cut as u32);
            k += 1.0;
            log_probability += mean.ln() - k.ln();
        }
    }

    #[inline(always)]
    fn of(&self, bits: [u32; BLOCK]) -> [u32; BLOCK] {
        let mut counts = [0; BLOCK];
        for &cut in &self.cuts {
            for (count, bits) in counts.iter_mut().zip(bits) {
                *count += u32::from(bits >= cut);
            }
        }
        counts
    }
}

/// Writes `current + weight k` for each unit.
struct AddCounts<'a> {
    counts: &'a PoissonCounts,
    key: Key,
    weight: Real,
    /// The first unit: a multiple of the size of a block.
    first: usize,
    current: &'a [Real],
    currents: &'a mut [Real],
}

impl AddCounts<'_> {
    #[inline(always)]
    fn run(self) {
        let blocks = self.currents.chunks_mut(BLOCK).zip(self.current.chunks(BLOCK));
        for (block, (into, from)) in (self.first / BLOCK..).zip(blocks) {
            let counts = self.counts.of(self.key.bits_of_block::<BLOCK>(block as u32));
            for ((into, from), count) in into.iter_mut().zip(from).zip(counts) {
                // Counts are small: as signed numbers they convert in one operation.
                *into = from + self.weight * (count as i32) as Real;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(counts: &PoissonCounts, seed: u64, units: usize) -> Vec<Real> {
        let mut currents = vec![0.0; units];
        let work = AddCounts {
            counts,
            key: Key::from_seed(seed),
            weight: 1.0,
            first: 0,
            current: &vec![0.0; units],
            currents: &mut currents,
        };
        vectorised!(work.run());
        currents
    }

    #[test]
    fn counts_have_the_mean_and_the_variance_of_a_poisson_distribution() {
        for mean in [0.0, 0.05, 0.4, 2.0, 30.0, 500.0] {
            let counts = PoissonCounts::new(mean);
            let mut all = Vec::new();
            for step in 0..200 {
                all.extend(drawn(&counts, step, 1000).into_iter().map(f64::from));
            }
            let n = all.len() as f64;
            let measured = all.iter().sum::<f64>() / n;
            let variance = all.iter().map(|k| (k - measured).powi(2)).sum::<f64>() / n;
            // Five standard errors, of the mean and of the variance.
            assert!(
                (measured - mean).abs() <= 5.0 * (mean / n).sqrt(),
                "{measured}, not {mean}"
            );
            let error = ((mean + 2.0 * mean * mean) / n).sqrt();
            assert!((variance - mean).abs() <= 5.0 * error, "{variance}, not {mean}");
        }
    }

    #[test]
    fn small_counts_come_as_often_as_they_should() {
        let counts = PoissonCounts::new(2.0);
        let drawn = drawn(&counts, 9, 400_000);
        let mut probability = (-2.0f64).exp();
        for k in 0..8 {
            let share = drawn.iter().filter(|count| **count == k as Real).count() as f64 / 4e5;
            let error = (probability * (1.0 - probability) / 4e5).sqrt();
            assert!(
                (share - probability).abs() < 5.0 * error,
                "{k}: {share}, not {probability}"
            );
            probability *= 2.0 / f64::from(k + 1);
        }
    }
}
