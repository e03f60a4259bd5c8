//! Currents from several synapses into the same units.

use std::ops::Range;

use crate::core::array::Real;
use crate::core::error::{BuildError, Problem};
use crate::core::field::Units;
use crate::core::module::{Keys, Many, Out, Ports};
use crate::core::payload::CurrentArray;
use crate::core::sharing::{Part, Sharing};
use crate::core::state::Stateful;
use crate::kernels::dispatch::vectorised;
use crate::prelude::*;

/// Configuration of [`CurrentSum`].
#[register_config]
pub struct CurrentSumConfig {
    /// Shape of the pool of units.
    #[field(required)]
    pub units: Units,
}

/// Adds up currents unit by unit: where several kinds of synapses drive one soma.
///
/// `I_i = sum over the sources s of I^s_i`. (Several sources in the port of a soma would stand one after the other.)
///
/// Parameter: `units`.
///
/// Input: `inputs`, any number of sources, each of the shape `units`. Output: `currents`. There is no state: a reset does
/// nothing. The Python package has no such module.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Both(spikes: SpikeArray[2]) -> (currents: CurrentArray[1]) {
///         fast  = LinearSynapses { units: [1], kernel: 1.0 };
///         slow  = TracedSynapses { units: [1], kernel: 10.0 };
///         total = CurrentSum { units: [1] };
///         spikes                          -> fast.spikes, slow.spikes;
///         (fast.currents, slow.currents)  -> total.inputs;
///         total.currents                  -> currents;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut both = Both::new()?;
/// let spikes = SpikeArray::from_indices(2, [0, 1])?;
/// both.step(BothInputs { spikes: &spikes });
/// // A brain reads what was there one step before.
/// let out = both.step(BothInputs { spikes: &spikes });
/// assert_eq!(out.currents.as_slice(), [22.0]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct CurrentSum {
    /// Those that are computed.
    units: Range<usize>,
}

/// Adds up currents unit by unit.
#[register_module(config = CurrentSumConfig, path = "Components/Synapses")]
impl CurrentSum {
    fn build(config: &CurrentSumConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        let (units, arriving) = (config.units.count(), ports.shape("inputs")?.count());
        if units == 0 || !arriving.is_multiple_of(units) {
            let problem = Problem::new("inputs", "currents for other units arrive");
            let problem = problem
                .expected(format!("{} from each source", config.units))
                .found(format!("{arriving} currents in all"));
            return Err(problem.inside(keys.path()).into());
        }
        Ok(CurrentSum { units: 0..units })
    }

    fn step(
        &mut self,
        /// Currents into the units, pA.
        inputs: Many<CurrentArray>,
        /// Their sum, pA.
        #[shape(units)]
        currents: Out<CurrentArray>,
    ) {
        let sums = &mut currents.as_mut_slice()[self.units.clone()];
        let mut parts = inputs
            .iter()
            .filter_map(|input| input.as_slice().get(self.units.clone()));
        match parts.next() {
            Some(first) => sums.copy_from_slice(first),
            None => sums.fill(0.0),
        }
        for more in parts {
            vectorised!(add(sums, more));
        }
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

#[inline(always)]
fn add(sums: &mut [Real], more: &[Real]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}
