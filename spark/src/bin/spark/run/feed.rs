//! What is fed into an input, step by step.

use std::any::Any;
use std::fs;
use std::path::{Path, PathBuf};

use spark::core::npy;
use spark::{
    BooleanMask, CurrentArray, FloatArray, IntegerArray, IntegerMask, Key, PotentialArray, Real, Shape,
    SparkPayload as _, SpikeArray,
};
use spark_ir::table::PortTable;

use crate::answer::Failure;
use crate::model::parse_shape;
use crate::run::number;

/// `--input NAME=SOURCE`.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) name: String,
    /// A shape alone.
    pub(super) shape: Option<Shape>,
    pub(super) source: Option<Source>,
}

/// Where values come from.
#[derive(Debug, Clone)]
pub(super) struct Source {
    kind: SourceKind,
    shape: Option<Shape>,
}

#[derive(Debug, Clone)]
enum SourceKind {
    Constant(f64),
    /// Spikes at a rate in Hz.
    Poisson(f64),
    Npy(PathBuf),
    Csv(PathBuf),
}

/// Reads `NAME=SOURCE`.
pub(super) fn parse(text: &str) -> Result<Given, String> {
    let (name, text) = text.split_once('=').ok_or("NAME=SOURCE is needed")?;
    let mut given = Given {
        name: name.to_owned(),
        shape: None,
        source: None,
    };
    if text.starts_with('[') {
        given.shape = Some(parse_shape(text)?);
        return Ok(given);
    }
    let (kind, rest) = text.split_once(':').ok_or_else(|| unknown(text))?;
    let (rest, shape) = split_shape(rest)?;
    let kind = match kind {
        "const" => SourceKind::Constant(number(rest, "").ok_or(format!("`{rest}` is no number"))?),
        "poisson" => {
            let rate = number(rest, "Hz").filter(|rate| *rate >= 0.0 && f64::is_finite(*rate));
            SourceKind::Poisson(rate.ok_or(format!("`{rest}` is no rate; write it as 20Hz"))?)
        }
        "npy" => SourceKind::Npy(PathBuf::from(rest)),
        "csv" => SourceKind::Csv(PathBuf::from(rest)),
        _ => return Err(unknown(text)),
    };
    given.source = Some(Source { kind, shape });
    Ok(given)
}

fn unknown(text: &str) -> String {
    format!(
        "`{text}` is no source; there are const:0.5[4], poisson:20Hz[100], npy:FILE, csv:FILE, and [4] for a shape alone"
    )
}

/// A source and the shape in brackets behind it.
fn split_shape(text: &str) -> Result<(&str, Option<Shape>), String> {
    match text.rfind('[').filter(|_| text.ends_with(']')) {
        Some(at) => Ok((&text[..at], Some(parse_shape(&text[at..])?))),
        None => Ok((text, None)),
    }
}

/// What a source must fit.
pub(super) struct Setting<'a> {
    pub(super) port: &'static PortTable,
    /// The shape that the model file states.
    pub(super) shape: Option<&'a Shape>,
    pub(super) steps: usize,
    /// In ms.
    pub(super) dt: f64,
    pub(super) seed: u32,
    /// Which input of the model it is: each has random numbers of its own.
    pub(super) index: usize,
}

/// What is fed into one input.
pub(super) struct Feed {
    values: Values,
    payload: Payload,
    shape: Shape,
    /// The numbers of this step.
    row: Vec<f64>,
}

enum Values {
    /// The same in every step.
    Constant,
    /// With this probability a spike, from this stream.
    Poisson(f32, Key),
    /// One row per step.
    Rows(Vec<f64>),
}

impl Feed {
    /// Opens a source.
    pub(super) fn open(source: &Source, setting: &Setting<'_>) -> Result<Feed, Failure> {
        let name = setting.port.name;
        let known = source.shape.as_ref().or(setting.shape);
        let needed = || {
            known.cloned().ok_or_else(|| {
                Failure::new(format!("the shape of the input `{name}` is not known"))
                    .help("write it in brackets behind the source, such as const:0.5[4]")
            })
        };
        match &source.kind {
            SourceKind::Constant(value) => {
                let shape = needed()?;
                let row = vec![*value; shape.count()];
                Feed::new(Values::Constant, shape, row, setting)
            }
            SourceKind::Poisson(rate) => {
                let probability = rate * setting.dt / 1000.0;
                if probability > 1.0 {
                    let most = 1000.0 / setting.dt;
                    return Err(Failure::new(format!(
                        "`{name}`: {rate} Hz is more than one spike in a step of {} ms",
                        setting.dt
                    ))
                    .help(format!(
                        "a unit can fire at most once in a step: take {most} Hz or less"
                    )));
                }
                let shape = needed()?;
                let row = vec![0.0; shape.count()];
                let keys = Key::from_seed(u64::from(setting.seed)).split(setting.index + 1);
                let key = keys.last().copied().unwrap_or(Key::from_seed(0));
                Feed::new(Values::Poisson(probability as f32, key), shape, row, setting)
            }
            SourceKind::Npy(path) => {
                let (shape, rows) = read_npy(path)?;
                Feed::rows(path, shape, rows, known, setting)
            }
            SourceKind::Csv(path) => {
                let (shape, rows) = read_csv(path)?;
                Feed::rows(path, shape, rows, known, setting)
            }
        }
    }

    /// Nothing, in every step.
    pub(super) fn zeros(shape: &Shape, setting: &Setting<'_>) -> Result<Feed, Failure> {
        Feed::new(Values::Constant, shape.clone(), vec![0.0; shape.count()], setting)
    }

    fn new(values: Values, shape: Shape, row: Vec<f64>, setting: &Setting<'_>) -> Result<Feed, Failure> {
        let payload = Payload::zeros(setting.port, &shape)?;
        let mut feed = Feed {
            values,
            payload,
            shape,
            row,
        };
        feed.payload.set(&feed.row);
        Ok(feed)
    }

    /// The rows of a file. The first size of `shape` counts them.
    fn rows(
        path: &Path,
        shape: Shape,
        rows: Vec<f64>,
        known: Option<&Shape>,
        setting: &Setting<'_>,
    ) -> Result<Feed, Failure> {
        let path = path.display();
        let Some((&count, own)) = shape.split_first() else {
            return Err(Failure::new(format!(
                "`{path}` holds one number, not one entry for each step"
            )));
        };
        if count < setting.steps {
            return Err(Failure::new(format!(
                "`{path}` holds {count} steps, but {} are to be run",
                setting.steps
            ))
            .help(format!("run it with --steps {count}, or write a longer file")));
        }
        let own = Shape::from(own);
        let shape = known.cloned().unwrap_or_else(|| own.clone());
        if own.count() != shape.count() {
            return Err(Failure::new(format!(
                "`{path}` holds {own} for each step, but the input `{}` is {shape}",
                setting.port.name
            )));
        }
        let row = vec![0.0; shape.count()];
        Feed::new(Values::Rows(rows), shape, row, setting)
    }

    pub(super) fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Draws what the first steps, which are not run, would have drawn.
    pub(super) fn skip(&mut self, steps: usize) {
        if let Values::Poisson(_, key) = &mut self.values {
            for _ in 0..steps {
                key.next();
            }
        }
    }

    /// Goes to a step.
    pub(super) fn advance(&mut self, step: usize) {
        match &mut self.values {
            Values::Constant => return,
            Values::Poisson(probability, key) => {
                let drawn = key.next().uniform_f32(self.row.len());
                for (value, drawn) in self.row.iter_mut().zip(drawn) {
                    *value = f64::from(u8::from(drawn < *probability));
                }
            }
            Values::Rows(rows) => {
                let len = self.row.len();
                if let Some(row) = rows.get(step * len..(step + 1) * len) {
                    self.row.copy_from_slice(row);
                }
            }
        }
        self.payload.set(&self.row);
    }

    /// The value of this step.
    pub(super) fn value(&self) -> &dyn Any {
        self.payload.get()
    }
}

fn read_npy(path: &Path) -> Result<(Shape, Vec<f64>), Failure> {
    let bytes =
        fs::read(path).map_err(|error| Failure::new(format!("cannot read `{}`: {error}", path.display())))?;
    let array = npy::read(&bytes, &path.display().to_string()).map_err(Failure::new)?;
    Ok((array.shape().clone(), array.data().to_vec()))
}

/// A table of numbers. A first line that holds no numbers names the columns.
fn read_csv(path: &Path) -> Result<(Shape, Vec<f64>), Failure> {
    let failed =
        |error: &dyn std::fmt::Display| Failure::new(format!("cannot read `{}`: {error}", path.display()));
    let reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_path(path);
    let (mut rows, mut numbers, mut columns) = (0, Vec::new(), 0);
    for (index, record) in reader.map_err(|error| failed(&error))?.records().enumerate() {
        let record = record.map_err(|error| failed(&error))?;
        let row: Option<Vec<f64>> = record.iter().map(|cell| cell.parse().ok()).collect();
        match row {
            Some(row) => {
                columns = row.len();
                numbers.extend(row);
                rows += 1;
            }
            None if index == 0 && record.iter().all(|cell| cell.parse::<f64>().is_err()) => {}
            None => {
                let cell = record
                    .iter()
                    .find(|cell| cell.parse::<f64>().is_err())
                    .unwrap_or_default();
                let line = record.position().map_or(index as u64 + 1, csv::Position::line);
                return Err(failed(&format!("line {line}: `{cell}` is no number")));
            }
        }
    }
    Ok((Shape::from([rows, columns]), numbers))
}

/// A value of the type that an input takes.
enum Payload {
    Spikes(SpikeArray, Vec<u32>),
    Float(FloatArray),
    Current(CurrentArray),
    Potential(PotentialArray),
    Integer(IntegerArray),
    IntegerMask(IntegerMask),
    Mask(BooleanMask),
}

impl Payload {
    fn zeros(port: &PortTable, shape: &Shape) -> Result<Payload, Failure> {
        Ok(match port.payload.key {
            "spike_array" => Payload::Spikes(SpikeArray::zeros(shape), Vec::new()),
            "float_array" => Payload::Float(FloatArray::zeros(shape)),
            "current_array" => Payload::Current(CurrentArray::zeros(shape)),
            "potential_array" => Payload::Potential(PotentialArray::zeros(shape)),
            "integer_array" => Payload::Integer(IntegerArray::zeros(shape)),
            "integer_mask" => Payload::IntegerMask(IntegerMask::zeros(shape)),
            "boolean_mask" => Payload::Mask(BooleanMask::zeros(shape)),
            other => {
                return Err(Failure::new(format!(
                    "the input `{}` takes `{other}`, for which there are no sources",
                    port.name
                )));
            }
        })
    }

    fn get(&self) -> &dyn Any {
        match self {
            Payload::Spikes(spikes, _) => spikes,
            Payload::Float(values) => values,
            Payload::Current(values) => values,
            Payload::Potential(values) => values,
            Payload::Integer(values) => values,
            Payload::IntegerMask(values) => values,
            Payload::Mask(values) => values,
        }
    }

    /// Takes over numbers; for spikes and masks all but 0 is true.
    fn set(&mut self, row: &[f64]) {
        match self {
            Payload::Spikes(spikes, indices) => {
                indices.clear();
                let fired = row.iter().enumerate().filter(|(_, value)| **value != 0.0);
                indices.extend(fired.map(|(index, _)| index as u32));
                spikes.set_indices(indices);
            }
            Payload::Float(values) => set_reals(values.as_mut_slice(), row),
            Payload::Current(values) => set_reals(values.as_mut_slice(), row),
            Payload::Potential(values) => set_reals(values.as_mut_slice(), row),
            Payload::Integer(values) => set_integers(values.as_mut_slice(), row),
            Payload::IntegerMask(values) => set_integers(values.as_mut_slice(), row),
            Payload::Mask(values) => values.edit(|bits| {
                bits.iter_mut()
                    .zip(row)
                    .for_each(|(bit, value)| *bit = *value != 0.0);
            }),
        }
    }
}

fn set_reals(values: &mut [Real], row: &[f64]) {
    values
        .iter_mut()
        .zip(row)
        .for_each(|(value, number)| *value = *number as Real);
}

fn set_integers(values: &mut [i32], row: &[f64]) {
    values
        .iter_mut()
        .zip(row)
        .for_each(|(value, number)| *value = *number as i32);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn sources_are_read_with_their_shapes() {
        let given = parse("signal=const:0.5[2,3]").unwrap();
        let source = given.source.unwrap();
        assert!(matches!(source.kind, SourceKind::Constant(0.5)));
        assert_eq!(source.shape, Some(Shape::from([2, 3])));
        assert!(matches!(
            parse("a=poisson:20Hz").unwrap().source.unwrap().kind,
            SourceKind::Poisson(20.0)
        ));
        assert_eq!(parse("a=[4]").unwrap().shape, Some(Shape::from(4)));
        let file = parse("a=npy:data[1].npy").unwrap().source.unwrap();
        assert!(file.shape.is_none());
    }

    #[test]
    fn what_is_no_source_is_refused() {
        for text in [
            "a",
            "a=1",
            "a=const:x[4]",
            "a=poisson:-1[4]",
            "a=sine:1[4]",
            "a=const:1[x]",
            "a=[0]",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
