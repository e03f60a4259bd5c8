//! What a run records.

use std::any::Any;
use std::io::Cursor;
use std::path::Path;

use clap::ValueEnum;
use ndarray::{ArrayD, IxDyn};
use ndarray_npy::{NpzWriter, WritableElement, WriteNpzError};
use serde_json::{Value, json};
use spark::nn::controllers::Model;
use spark::{
    BooleanMask, CurrentArray, FloatArray, IntegerArray, IntegerMask, PotentialArray, Real, Shape, SpikeArray,
};
use spark_ir::format::file::write_bytes;

use crate::answer::Failure;

/// How spikes are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Spikes {
    /// Pairs of step and index.
    Events,
    /// A truth value for each unit and step.
    Dense,
}

/// One recorded value.
pub(super) struct Record {
    /// Its place in the model: see `Model::read`.
    place: String,
    name: String,
    shape: Shape,
    kept: Kept,
}

enum Kept {
    /// Step, index, step, index, ..
    Events(Vec<u32>),
    Dense(Vec<bool>),
    /// Truth values that are no spikes.
    Masks(Vec<bool>),
    Reals(Vec<Real>),
    Integers(Vec<i32>),
}

impl Record {
    /// Finds what is to be recorded.
    pub(super) fn open(name: &str, model: &Model, spikes: Spikes) -> Result<Record, Failure> {
        let value = model.read_any(name).map_err(|problem| {
            let known = problem.expected.map(|known| format!("there are: {known}"));
            let failure = Failure::new(format!("there is no `{name}` to record"));
            match problem.help.or(known) {
                Some(help) => failure.help(help),
                None => failure,
            }
        })?;
        let (shape, kept) = start(value, spikes)
            .ok_or_else(|| Failure::new(format!("`{name}` carries a payload that cannot be recorded")))?;
        Ok(Record {
            place: name.to_owned(),
            name: name.trim_end_matches("()").to_owned(),
            shape,
            kept,
        })
    }

    /// Its name in the recording.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Records a step.
    pub(super) fn take(&mut self, step: usize, model: &Model) {
        // It was there when the record was opened.
        let Ok(value) = model.read_any(&self.place) else {
            return;
        };
        match &mut self.kept {
            Kept::Events(events) => {
                let spikes = value.downcast_ref::<SpikeArray>().map(SpikeArray::to_flat);
                for index in spikes.unwrap_or_default() {
                    events.extend([step as u32, index]);
                }
            }
            Kept::Dense(bits) => {
                let spikes = value.downcast_ref::<SpikeArray>().map(SpikeArray::spikes);
                bits.extend(spikes.iter().flatten());
            }
            Kept::Masks(bits) => {
                let mask = value.downcast_ref::<BooleanMask>();
                bits.extend(mask.map_or(&[][..], BooleanMask::as_slice));
            }
            Kept::Reals(kept) => kept.extend(reals(value).map_or(&[][..], |(values, _)| values)),
            Kept::Integers(kept) => kept.extend(integers(value).map_or(&[][..], |(values, _)| values)),
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let (kind, count) = match &self.kept {
            Kept::Events(events) => ("events", events.len() / 2),
            Kept::Dense(bits) => ("dense", bits.iter().filter(|bit| **bit).count()),
            Kept::Masks(_) | Kept::Reals(_) | Kept::Integers(_) => ("values", 0),
        };
        let spikes = (kind != "values").then_some(count);
        let finite = match &self.kept {
            Kept::Reals(values) => values.iter().all(|value| value.is_finite()),
            _ => true,
        };
        json!({
            "name": self.name,
            "shape": self.shape.as_slice(),
            "kind": kind,
            "spikes": spikes,
            "finite": finite,
        })
    }

    /// One line about what was recorded.
    pub(super) fn text(&self, steps: usize, dt: f64) -> String {
        let head = format!("{} {}", self.name, self.shape);
        let spikes = match &self.kept {
            Kept::Events(events) => events.len() / 2,
            Kept::Dense(bits) => bits.iter().filter(|bit| **bit).count(),
            Kept::Masks(bits) => {
                let set = bits.iter().filter(|bit| **bit).count();
                return format!("{head}: {set} of {} true", bits.len());
            }
            Kept::Reals(values) => {
                return format!("{head}: {}", range(values.iter().map(|value| f64::from(*value))));
            }
            Kept::Integers(values) => {
                return format!("{head}: {}", range(values.iter().map(|value| f64::from(*value))));
            }
        };
        let word = if spikes == 1 { "spike" } else { "spikes" };
        let seconds = steps as f64 * dt / 1000.0;
        let rate = spikes as f64 / (seconds * self.shape.count() as f64);
        if rate.is_finite() {
            format!("{head}: {spikes} {word}, {rate:.2} Hz per unit")
        } else {
            format!("{head}: {spikes} {word}")
        }
    }

    fn write(&self, steps: usize, file: &mut NpzWriter<Cursor<Vec<u8>>>) -> Result<(), WriteNpzError> {
        match &self.kept {
            Kept::Events(events) => {
                let sizes: Vec<u32> = self.shape.iter().map(|size| *size as u32).collect();
                add(file, &self.name, &[events.len() / 2, 2], events)?;
                add(file, &format!("{}.shape", self.name), &[sizes.len()], &sizes)
            }
            Kept::Dense(bits) | Kept::Masks(bits) => add(file, &self.name, &self.shape_of(steps), bits),
            Kept::Reals(values) => add(file, &self.name, &self.shape_of(steps), values),
            Kept::Integers(values) => add(file, &self.name, &self.shape_of(steps), values),
        }
    }

    fn shape_of(&self, steps: usize) -> Vec<usize> {
        Shape::from(steps).append(&self.shape).to_vec()
    }
}

fn range(values: impl Iterator<Item = f64> + Clone) -> String {
    let strange = values.clone().filter(|value| !value.is_finite()).count();
    let strange = match strange {
        0 => String::new(),
        1 => ", and 1 that is no finite number".to_owned(),
        count => format!(", and {count} that are no finite numbers"),
    };
    let values = values.filter(|value| value.is_finite());
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if low > high {
        format!("no values{strange}")
    } else {
        format!("from {low:.4} to {high:.4}{strange}")
    }
}

/// Writes recordings to a file: complete, or not at all.
pub(super) fn write(
    path: &Path,
    records: &[Record],
    first: usize,
    steps: usize,
    dt: f64,
) -> Result<(), Failure> {
    let failed = |error: WriteNpzError| Failure::new(format!("cannot write `{}`: {error}", path.display()));
    let mut file = NpzWriter::new_compressed(Cursor::new(Vec::new()));
    add(&mut file, "dt", &[], &[dt]).map_err(failed)?;
    add(&mut file, "first_step", &[], &[first as u64]).map_err(failed)?;
    add(&mut file, "steps", &[], &[steps as u64]).map_err(failed)?;
    for record in records {
        record.write(steps, &mut file).map_err(failed)?;
    }
    let bytes = file.finish().map_err(failed)?.into_inner();
    Ok(write_bytes(path, &bytes)?)
}

fn add<T: WritableElement + Clone>(
    file: &mut NpzWriter<Cursor<Vec<u8>>>,
    name: &str,
    shape: &[usize],
    values: &[T],
) -> Result<(), WriteNpzError> {
    // One row per step was recorded, so that the shape fits; were it not so, the values are kept as a list.
    let array = ArrayD::from_shape_vec(IxDyn(shape), values.to_vec())
        .unwrap_or_else(|_| ndarray::Array1::from_vec(values.to_vec()).into_dyn());
    file.add_array(name, &array)
}

fn reals(value: &dyn Any) -> Option<(&[Real], &Shape)> {
    if let Some(values) = value.downcast_ref::<FloatArray>() {
        return Some((values.as_slice(), values.shape()));
    }
    if let Some(values) = value.downcast_ref::<CurrentArray>() {
        return Some((values.as_slice(), values.shape()));
    }
    let values = value.downcast_ref::<PotentialArray>()?;
    Some((values.as_slice(), values.shape()))
}

fn integers(value: &dyn Any) -> Option<(&[i32], &Shape)> {
    if let Some(values) = value.downcast_ref::<IntegerArray>() {
        return Some((values.as_slice(), values.shape()));
    }
    let values = value.downcast_ref::<IntegerMask>()?;
    Some((values.as_slice(), values.shape()))
}

/// The shape of a value, and an empty record of its type.
fn start(value: &dyn Any, spikes: Spikes) -> Option<(Shape, Kept)> {
    if let Some(value) = value.downcast_ref::<SpikeArray>() {
        let kept = match spikes {
            Spikes::Events => Kept::Events(Vec::new()),
            Spikes::Dense => Kept::Dense(Vec::new()),
        };
        return Some((value.shape().clone(), kept));
    }
    if let Some(mask) = value.downcast_ref::<BooleanMask>() {
        return Some((mask.shape().clone(), Kept::Masks(Vec::new())));
    }
    if let Some((_, shape)) = integers(value) {
        return Some((shape.clone(), Kept::Integers(Vec::new())));
    }
    let (_, shape) = reals(value)?;
    Some((shape.clone(), Kept::Reals(Vec::new())))
}
