//! Models from files, as all subcommands take them.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;
use spark::Shape;
use spark::core::overrides::{ConfigExt as _, Overrides};
use spark::nn::controllers::{ModelConfig, Neurons};
use spark_ir::diagnostic::Diagnostic;
use spark_ir::format::file::{self, FileError, Limits};
use spark_ir::format::json;
use spark_ir::format::tags::as_shape;

use crate::answer::{Failure, print_to_stderr};
use crate::report::{Source, render_broken_text};

/// `NAME=VALUE`.
#[derive(Debug, Clone)]
pub(crate) struct Pair<T> {
    pub(crate) name: String,
    pub(crate) value: T,
}

fn split_pair(text: &str) -> Result<(&str, &str), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok((name, value)),
        _ => Err("NAME=VALUE is needed".to_owned()),
    }
}

pub(crate) fn parse_file_pair(text: &str) -> Result<Pair<PathBuf>, String> {
    let (name, value) = split_pair(text)?;
    Ok(Pair {
        name: name.to_owned(),
        value: PathBuf::from(value),
    })
}

pub(crate) fn parse_shape_pair(text: &str) -> Result<Pair<Shape>, String> {
    let (name, value) = split_pair(text)?;
    Ok(Pair {
        name: name.to_owned(),
        value: parse_shape(value)?,
    })
}

/// `[4]`, `[2,3]`, `4`.
pub(crate) fn parse_shape(text: &str) -> Result<Shape, String> {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let sizes = inner.unwrap_or(text).split(',');
    sizes
        .map(|size| size.trim().parse::<usize>().ok().filter(|size| *size > 0))
        .collect::<Option<Shape>>()
        .ok_or_else(|| format!("`{text}` is no shape; write it as [4] or [2,3]"))
}

/// Neurons that a file names without holding them.
#[derive(Debug, Args)]
pub(crate) struct NeuronOptions {
    /// A neuron that the model names without holding its modules, and the file that holds them. May be given several
    /// times.
    #[arg(long = "neuron", value_name = "NAME=FILE", value_parser = parse_file_pair)]
    neurons: Vec<Pair<PathBuf>>,
}

impl NeuronOptions {
    pub(crate) fn read(&self) -> Result<Neurons, Failure> {
        let mut neurons = Neurons::new();
        for pair in &self.neurons {
            let path = &pair.value;
            let text = read_text(path)?;
            let json = parse_text(path, &text)?;
            let (with, problems) = neurons.with_json(&pair.name, &json);
            let source = Source::new(path, text, problems);
            neurons = match with {
                Some(neurons) => {
                    print_to_stderr(&source.render());
                    neurons
                }
                None => return Err(Failure::Problems(Box::new(source))),
            };
        }
        Ok(neurons)
    }
}

/// Fields that are to have other values than the file says.
#[derive(Debug, Args)]
pub(crate) struct FieldOptions {
    /// Another value of a field, such as left.soma.threshold=-45: in the field's own unit, as in files. `_s_units=[16]` is
    /// for all fields of this name. May be given several times.
    #[arg(long = "set", value_name = "PLACE=VALUE", value_parser = parse_field_pair)]
    fields: Vec<Pair<Value>>,
}

fn parse_field_pair(text: &str) -> Result<Pair<Value>, String> {
    let (name, value) = split_pair(text)?;
    let read = json::parse(value)
        .map_err(|_| format!("`{value}` is no value; write it as in a file: -45, [16], \"float32\""))?;
    Ok(Pair {
        name: name.to_owned(),
        value: read,
    })
}

impl FieldOptions {
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Changes a configuration; all that cannot be changed is told at once.
    pub(crate) fn apply(&self, config: &mut ModelConfig) -> Result<(), Failure> {
        let pairs = self.fields.iter();
        let fields: Overrides = pairs
            .map(|pair| (pair.name.replace('.', "__"), pair.value.clone()))
            .collect();
        config.merge(&fields).map_err(|error| {
            let told = error.problems().iter().map(|problem| format!("--set {problem}"));
            Failure::new(told.collect::<Vec<_>>().join("\n"))
        })
    }
}

/// The shapes of inputs.
#[derive(Debug, Args)]
pub(crate) struct ShapeOptions {
    /// The shape of an input, such as signal=[4]. May be given several times. Files that this crate wrote may hold it.
    #[arg(long = "input", value_name = "NAME=SHAPE", value_parser = parse_shape_pair)]
    inputs: Vec<Pair<Shape>>,
}

impl ShapeOptions {
    /// The shapes as given, else as the file says.
    pub(crate) fn of(&self, opened: &Opened) -> Vec<(String, Shape)> {
        let given = self
            .inputs
            .iter()
            .map(|pair| (pair.name.clone(), pair.value.clone()));
        with_shapes_of_file(given.collect(), opened)
    }
}

/// Adds the shapes that the file holds to those that are given.
pub(crate) fn with_shapes_of_file(mut shapes: Vec<(String, Shape)>, opened: &Opened) -> Vec<(String, Shape)> {
    for port in opened.config.table().inputs {
        let is_given = shapes.iter().any(|(name, _)| name == port.name);
        if let Some(shape) = shape_in_file(&opened.json, port.name).filter(|_| !is_given) {
            shapes.push((port.name.to_owned(), shape));
        }
    }
    shapes
}

/// The shape of an input as this crate writes it for the editor. What the Python package writes there is not reliable.
fn shape_in_file(json: &Value, input: &str) -> Option<Shape> {
    let fields = json.get("__cfg__")?;
    fields.pointer("/__metadata__/spark_rs")?;
    let node = fields.get("__graph_editor_metadata__")?.get(input)?;
    as_shape(node.pointer("/spec/__data__/shape")?).map(Shape::from)
}

/// Shapes as the library takes them.
pub(crate) fn borrowed(shapes: &[(String, Shape)]) -> Vec<(&str, Shape)> {
    shapes
        .iter()
        .map(|(name, shape)| (name.as_str(), shape.clone()))
        .collect()
}

/// A model that was read from a file.
pub(crate) struct Opened {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    pub(crate) json: Value,
    pub(crate) config: ModelConfig,
}

impl Opened {
    /// The problems of this file as a reason to stop.
    pub(crate) fn failure(&self, problems: Vec<Diagnostic<String>>) -> Failure {
        Failure::Problems(Box::new(Source::new(&self.path, self.text.clone(), problems)))
    }
}

/// The text of a file.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    Ok(file::read_text(path, &Limits::default())?)
}

/// The JSON of a file; text that is none is shown where it breaks.
pub(crate) fn parse_text(path: &Path, text: &str) -> Result<Value, Failure> {
    file::parse(text, path).map_err(|error| match error {
        FileError::Json {
            line, column, reason, ..
        } => {
            crate::answer::print_to_stderr(&render_broken_text(path, text, line, column, &reason));
            Failure::new(format!("`{}` cannot be read as JSON", path.display()))
        }
        other => other.into(),
    })
}

/// Reads a model from its text: there is a configuration unless a problem is an error.
pub(crate) fn check_text(
    path: &Path,
    text: String,
    neurons: &Neurons,
) -> Result<(Option<ModelConfig>, Source), Failure> {
    let json = parse_text(path, &text)?;
    let (config, problems) = ModelConfig::check(&name_of(path), &json, neurons);
    Ok((config, Source::new(path, text, problems)))
}

/// Reads a model that is to be used. What is told of it is no error then.
pub(crate) fn open(path: &Path, neurons: &NeuronOptions) -> Result<Opened, Failure> {
    let neurons = neurons.read()?;
    let text = read_text(path)?;
    let json = parse_text(path, &text)?;
    let (config, problems) = ModelConfig::check(&name_of(path), &json, &neurons);
    let source = Source::new(path, text, problems);
    match config {
        Some(config) => {
            print_to_stderr(&source.render());
            Ok(Opened {
                path: source.path,
                text: source.text,
                json,
                config,
            })
        }
        None => Err(Failure::Problems(Box::new(source))),
    }
}

fn name_of(path: &Path) -> String {
    path.file_stem()
        .map_or_else(|| "model".into(), |stem| stem.to_string_lossy().into_owned())
}
