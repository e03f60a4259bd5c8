//! Looking after a running network: numbers that are none, and units that fire too fast.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;

use spark_ir::shape::ConstValue;

use crate::core::config::DynConfig;
use crate::core::payload::SpikeArray;
use crate::core::state::{StateArray, Stateful, snapshot};
use crate::units::Ms;

/// What a [`Watch`] has seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// The step in which it was seen, counted from 0.
    pub step: u64,
    /// Where: a variable (`left/soma/potential`), or an output (`left.soma.spikes`).
    pub place: String,
    /// What.
    pub kind: WarningKind,
}

/// Kinds of [`Warning`].
#[derive(Debug, Clone, PartialEq)]
pub enum WarningKind {
    /// A variable holds NaN or infinity.
    NotFinite {
        /// How many of its elements are NaN.
        nan: usize,
        /// How many are infinite.
        infinite: usize,
        /// Flat index of the first.
        first: usize,
    },
    /// A unit fired again before its refractory period was over.
    TooFast {
        /// Flat index of the unit.
        unit: u32,
        /// Time since its last spike.
        interval: Ms,
        /// Its refractory period.
        refractory: Ms,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}, `{}`: ", self.step, self.place)?;
        match &self.kind {
            WarningKind::NotFinite { nan, infinite, first } => {
                write!(
                    f,
                    "{nan} elements are NaN and {infinite} infinite, the first at index {first}"
                )
            }
            WarningKind::TooFast {
                unit,
                interval,
                refractory,
            } => write!(
                f,
                "unit {unit} fired {interval} after its last spike, within its refractory period of {refractory}"
            ),
        }
    }
}

/// Looks after a running network and warns, through the `log` crate and in [`Watch::warnings`], once for each place:
///
/// - where a variable holds NaN or infinity (looked for every so many steps: it costs a pass over the state),
/// - where a unit fires before its refractory period is over: outputs with spikes of modules whose configuration says
///   `cooldown` or `cd`, of any module, also one's own.
///
/// ```
/// use spark::prelude::*;
/// use spark::watch::Watch;
///
/// network! {
///     brain Driven(current: CurrentArray[1]) -> (spikes: SpikeArray[1]) {
///         soma = RefractoryLeakySoma { cooldown: 2ms };
///         current     -> soma.current;
///         soma.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut brain = Driven::new()?;
/// let mut watch = Watch::every(10);
/// for t in 0..20 {
///     let current = CurrentArray::from([if t == 15 { Real::NAN } else { 300.0 }]);
///     brain.step(DrivenInputs { current: &current });
///     brain.watch(&mut watch);
/// }
/// assert_eq!(watch.warnings().len(), 1);
/// assert_eq!(watch.warnings()[0].place, "soma/potential");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Watch {
    every: u64,
    step: u64,
    warnings: Vec<Warning>,
    /// By output: the step of each unit's last spike, counted from 1; 0 for none.
    last_spikes: BTreeMap<String, Vec<u64>>,
}

impl Default for Watch {
    /// Looks at the state every 100 steps.
    fn default() -> Self {
        Watch::every(100)
    }
}

impl Watch {
    /// Looks at the state every so many steps (at least 1), at spikes in each.
    pub fn every(steps: u64) -> Self {
        Watch {
            every: steps.max(1),
            step: 0,
            warnings: Vec::new(),
            last_spikes: BTreeMap::new(),
        }
    }

    /// Everything seen so far, one entry per place and kind.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Forgets when units fired, as after a reset of the network. Warnings stay.
    pub fn reset(&mut self) {
        self.last_spikes.clear();
    }

    /// Ends a step: looks at the state if it is time. Networks call it.
    pub fn state<M: Stateful + ?Sized>(&mut self, model: &M) {
        if (self.step + 1).is_multiple_of(self.every) {
            for (path, entry) in snapshot(model).iter() {
                if let Some(kind) = not_finite(&entry.value) {
                    self.warn(path, kind);
                }
            }
        }
        self.step += 1;
    }

    /// Looks at the spikes of an output whose units are refractory for some time.
    pub fn spikes(&mut self, place: &str, spikes: &SpikeArray, refractory: Ms, dt: Ms) {
        let now = self.step + 1;
        let fired = spikes.to_flat();
        if !self.last_spikes.contains_key(place) {
            self.last_spikes
                .insert(place.to_owned(), vec![0; spikes.shape().count()]);
        }
        let Some(last) = self.last_spikes.get_mut(place) else {
            return;
        };
        let mut first = None;
        for unit in fired {
            if let Some(last) = last.get_mut(unit as usize) {
                let interval = Ms((now - *last) as f64 * dt.0);
                // A step of slack for rounding: periods are counted in whole steps.
                if *last > 0 && interval.0 < refractory.0 - 0.5 * dt.0 {
                    first.get_or_insert((unit, interval));
                }
                *last = now;
            }
        }
        if let Some((unit, interval)) = first {
            self.warn(
                place,
                WarningKind::TooFast {
                    unit,
                    interval,
                    refractory,
                },
            );
        }
    }

    /// Looks at an output of a module.
    pub(crate) fn output(&mut self, place: &str, value: &dyn Any, config: &dyn DynConfig) {
        let (Some(spikes), Some(refractory), Some(dt)) = (
            value.downcast_ref::<SpikeArray>(),
            refractory_period(config),
            config.dt(),
        ) else {
            return;
        };
        self.spikes(place, spikes, refractory, dt);
    }

    fn warn(&mut self, place: &str, kind: WarningKind) {
        let known = |seen: &Warning| {
            seen.place == place && std::mem::discriminant(&seen.kind) == std::mem::discriminant(&kind)
        };
        if self.warnings.iter().any(known) {
            return;
        }
        let warning = Warning {
            step: self.step,
            place: place.to_owned(),
            kind,
        };
        log::warn!("{warning}");
        self.warnings.push(warning);
    }
}

/// What a configuration says of a refractory period that is the same for all units.
fn refractory_period(config: &dyn DynConfig) -> Option<Ms> {
    config
        .known_fields()
        .into_iter()
        .find_map(|(name, value)| match (name.as_str(), value) {
            ("cooldown" | "cd", ConstValue::Number(period)) => Some(Ms(period)),
            _ => None,
        })
}

fn not_finite(array: &StateArray) -> Option<WarningKind> {
    fn count(values: impl Iterator<Item = f64>) -> Option<WarningKind> {
        let (mut nan, mut infinite, mut first) = (0, 0, None);
        for (index, value) in values.enumerate() {
            nan += usize::from(value.is_nan());
            infinite += usize::from(value.is_infinite());
            if !value.is_finite() {
                first.get_or_insert(index);
            }
        }
        Some(WarningKind::NotFinite {
            nan,
            infinite,
            first: first?,
        })
    }
    match array {
        StateArray::Float32(array) => count(array.iter().map(|&x| f64::from(x))),
        StateArray::Float64(array) => count(array.iter().copied()),
        _ => None,
    }
}
