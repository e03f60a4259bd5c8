//! Runs that are kept in a checkpoint, and gone on with.

use std::path::Path;

use spark::checkpoint::Checkpoint;
use spark::nn::controllers::Model;
use spark::{Compat, Shape};

use super::{Arguments, configured};
use crate::answer::Failure;

/// The notes of a checkpoint: the step, as `Autosave` notes it, and what `--seed` said.
const STEP: &str = "step";
const SEED: &str = "seed";

/// A run that is to go on.
pub(super) struct Begun {
    pub(super) model: Model,
    /// How many steps it has come.
    pub(super) step: usize,
    pub(super) seed: Option<u32>,
}

/// The run in a checkpoint; options and the model file, if they are given again, must be those that it was begun with.
pub(super) fn resume(path: &Path, arguments: &Arguments) -> Result<Begun, Failure> {
    let checkpoint = read(path)?;
    let step = noted(&checkpoint, path, STEP)?.unwrap_or(0);
    if step >= arguments.steps {
        return Err(
            Failure::new(format!("`{}` is at step {step} already", path.display())).help(format!(
                "--steps says how far the run is to come in all: take more than {step}"
            )),
        );
    }
    let seed = noted(&checkpoint, path, SEED)?;
    check_seed(path, seed, arguments)?;
    check_mode(path, checkpoint.compat, arguments)?;
    let saved = checkpoint.config.clone();
    let model: Model = checkpoint.build().map_err(Failure::new)?;
    let begun = Begun { model, step, seed };
    if arguments.file.is_none() && !arguments.fields.is_empty() {
        return Err(
            Failure::new("--set changes a model file, but the model is that of the checkpoint")
                .help("leave --set out: the checkpoint holds what it said"),
        );
    }
    if arguments.file.is_some() && saved != config_of_file(arguments, &begun)? {
        return Err(Failure::new(format!(
            "`{}` is a run of another model, or of this one with other numbers",
            path.display()
        ))
        .help("leave the model file out: the checkpoint holds the model; or begin anew without --resume"));
    }
    Ok(begun)
}

/// What is no file, such as a device, may have no end.
fn read(path: &Path) -> Result<Checkpoint, Failure> {
    if path.exists() && !path.is_file() {
        return Err(Failure::new(format!("`{}` is no file", path.display())));
    }
    Checkpoint::read(path).map_err(Failure::new)
}

/// A note that is a number.
fn noted<T: std::str::FromStr>(
    checkpoint: &Checkpoint,
    path: &Path,
    name: &str,
) -> Result<Option<T>, Failure> {
    let Some(text) = checkpoint.notes.get(name) else {
        return Ok(None);
    };
    let number = text.parse().map_err(|_| {
        let path = path.display();
        Failure::new(format!(
            "`{path}`: the note `{name}` says `{text}`, which is no number that it can be"
        ))
    });
    number.map(Some)
}

fn check_seed(path: &Path, noted: Option<u32>, arguments: &Arguments) -> Result<(), Failure> {
    if arguments.seed.is_none() || arguments.seed == noted {
        return Ok(());
    }
    let said = noted.map_or_else(
        || "without --seed".to_owned(),
        |seed| format!("with --seed {seed}"),
    );
    Err(
        Failure::new(format!("the run in `{}` was begun {said}", path.display()))
            .help("leave --seed out: the checkpoint holds it"),
    )
}

fn check_mode(path: &Path, saved: Compat, arguments: &Arguments) -> Result<(), Failure> {
    match arguments.compat.map(Compat::from) {
        Some(mode) if mode != saved => Err(Failure::new(format!(
            "the run in `{}` computes in the mode {}",
            path.display(),
            saved.name()
        ))
        .help("leave --compat out: the checkpoint holds it")),
        _ => Ok(()),
    }
}

/// The configuration that a run of the model file would have with what the checkpoint says.
fn config_of_file(arguments: &Arguments, begun: &Begun) -> Result<Option<serde_json::Value>, Failure> {
    let opened = configured(arguments, begun.seed)?;
    let config = opened.config.clone().with_compat(begun.model.config().compat());
    let ports = begun.model.table().inputs.iter().map(|port| port.name);
    let shapes: Vec<(&str, Shape)> = ports
        .zip(begun.model.shapes())
        .filter_map(|(name, shape)| Some((name, shape?.clone())))
        .collect();
    // A model that does not take these shapes is another one.
    Ok(Model::from_config(&config, &shapes)
        .ok()
        .and_then(|model| Checkpoint::of(&model).config))
}

/// Refuses a file that something else would be lost for, before the run.
pub(super) fn check(path: &Path, arguments: &Arguments) -> Result<(), Failure> {
    super::check_folder(path)?;
    if path.exists()
        && !arguments
            .resume
            .as_deref()
            .is_some_and(|resumed| is_same(path, resumed))
    {
        let shown = path.display();
        let failure = Failure::new(format!("`{shown}` is there already"));
        return Err(failure.help(match read(path) {
            Ok(_) => format!("go on from it with --resume {shown}, or take another name, or remove it"),
            Err(_) => "it is no checkpoint that can be read: take another name".to_owned(),
        }));
    }
    Ok(())
}

fn is_same(left: &Path, right: &Path) -> bool {
    match (left.canonicalize(), right.canonicalize()) {
        (Ok(left), Ok(right)) => left == right,
        _ => false,
    }
}

/// Writes the run as it is now.
pub(super) fn save(path: &Path, model: &Model, step: usize, seed: Option<u32>) -> Result<(), Failure> {
    let mut checkpoint = Checkpoint::of(model);
    checkpoint.notes.insert(STEP.to_owned(), step.to_string());
    if let Some(seed) = seed {
        checkpoint.notes.insert(SEED.to_owned(), seed.to_string());
    }
    checkpoint.write(path).map_err(Failure::new)
}
