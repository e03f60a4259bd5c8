//! Checkpoints every so many steps, the newest of which are kept.

use std::path::{Path, PathBuf};

use super::{Checkpoint, CheckpointError, Checkpointed};

/// The digits of a step in the name of a file, so that names sort as steps do.
const DIGITS: usize = 12;

/// Saves a model every `every` steps and keeps the newest `keep` files: `brain-000000001000.safetensors`.
///
/// ```
/// use spark::checkpoint::Autosave;
/// use spark::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("spark-doc-autosave-{}", std::process::id()));
/// # let path = folder.join("pool.safetensors");
/// let mut autosave = Autosave::new(&path, 100, 3); // "runs/pool.safetensors"
/// let mut pool = match autosave.latest()? {
///     Some(newest) => LIFNeuron::load(newest)?,
///     None => {
///         let config = LIFNeuronConfig { units: Shape::from(4), ..LIFNeuron::config() };
///         LIFNeuron::build(config, LIFNeuronShapes { in_spikes: Shape::from(8) })?
///     }
/// };
/// let in_spikes = SpikeArray::from_indices(8, 0..8)?;
/// while autosave.step() < 1000 {
///     pool.step(LIFNeuronInputs { in_spikes: &in_spikes });
///     autosave.tick(&pool)?;
/// }
/// // Started again, the program goes on from here.
/// let newest = Autosave::new(&path, 100, 3).latest()?;
/// assert!(newest.is_some_and(|path| path.ends_with("pool-000000001000.safetensors")));
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Autosave {
    path: PathBuf,
    every: u64,
    keep: usize,
    step: u64,
}

impl Autosave {
    /// Files beside `path`, each with its step in its name. With `every` 0 nothing is saved but by [`Autosave::save`];
    /// the newest file is kept whatever `keep` says.
    pub fn new(path: impl Into<PathBuf>, every: u64, keep: usize) -> Self {
        Autosave {
            path: path.into(),
            every,
            keep: keep.max(1),
            step: 0,
        }
    }

    /// The newest file that is intact, from whose step counting then goes on. Files that are not are passed over, with a
    /// warning through the `log` crate.
    ///
    /// # Errors
    /// If the folder cannot be read. One that does not exist has no files.
    pub fn latest(&mut self) -> Result<Option<PathBuf>, CheckpointError> {
        for (step, path) in self.files()?.into_iter().rev() {
            match Checkpoint::read(&path) {
                Ok(_) => {
                    self.step = step;
                    return Ok(Some(path));
                }
                Err(error) => log::warn!("passed over: {error}"),
            }
        }
        Ok(None)
    }

    /// The steps that were counted.
    pub const fn step(&self) -> u64 {
        self.step
    }

    /// Counts a step, and saves the model if it is time to. To be called after each step.
    ///
    /// # Errors
    /// If the file cannot be written, those that stand there already are untouched; or if an old one cannot be removed.
    pub fn tick<M: Checkpointed>(&mut self, model: &M) -> Result<(), CheckpointError> {
        self.step += 1;
        match self.is_due() {
            true => self.save(model).map(drop),
            false => Ok(()),
        }
    }

    /// The same for what is no network: `make` gives the checkpoint, if it is time to.
    ///
    /// # Errors
    /// Those of [`Autosave::tick`].
    pub fn tick_with(&mut self, make: impl FnOnce() -> Checkpoint) -> Result<(), CheckpointError> {
        self.step += 1;
        match self.is_due() {
            true => self.write(make()).map(drop),
            false => Ok(()),
        }
    }

    /// Saves the model now, under the step that it is at. Gives the file.
    ///
    /// # Errors
    /// Those of [`Autosave::tick`].
    pub fn save<M: Checkpointed>(&self, model: &M) -> Result<PathBuf, CheckpointError> {
        let checkpoint = Checkpoint::of(model);
        checkpoint.check_declared::<M>()?;
        self.write(checkpoint)
    }

    const fn is_due(&self) -> bool {
        self.every != 0 && self.step.is_multiple_of(self.every)
    }

    fn write(&self, mut checkpoint: Checkpoint) -> Result<PathBuf, CheckpointError> {
        let path = self.file(self.step);
        let folder = self.folder();
        std::fs::create_dir_all(folder).map_err(|reason| CheckpointError::io(folder, "create", reason))?;
        checkpoint.notes.insert("step".to_owned(), self.step.to_string());
        checkpoint.write(&path)?;
        self.rotate()?;
        Ok(path)
    }

    /// Removes the oldest files. Those of later steps, which another run left, are not touched.
    fn rotate(&self) -> Result<(), CheckpointError> {
        let mut files = self.files()?;
        files.retain(|(step, _)| *step <= self.step);
        let surplus = files.len().saturating_sub(self.keep);
        for (_, path) in files.drain(..surplus) {
            std::fs::remove_file(&path).map_err(|reason| CheckpointError::io(&path, "remove", reason))?;
        }
        Ok(())
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// What stands in front of the step in the name of a file, and behind it.
    fn name(&self) -> (String, String) {
        let text = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
        let stem = text(self.path.file_stem()).unwrap_or_default();
        let extension = text(self.path.extension()).unwrap_or_else(|| "safetensors".to_owned());
        (format!("{stem}-"), format!(".{extension}"))
    }

    fn file(&self, step: u64) -> PathBuf {
        let (front, back) = self.name();
        self.folder().join(format!("{front}{step:0DIGITS$}{back}"))
    }

    /// All files with their steps, the oldest first.
    fn files(&self) -> Result<Vec<(u64, PathBuf)>, CheckpointError> {
        let failed = |reason| CheckpointError::io(self.folder(), "read", reason);
        let entries = match std::fs::read_dir(self.folder()) {
            Err(reason) if reason.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let (front, back) = self.name();
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let digits = name
                .to_str()
                .and_then(|name| name.strip_prefix(&front)?.strip_suffix(&back));
            let digits =
                digits.filter(|text| text.len() >= DIGITS && text.bytes().all(|b| b.is_ascii_digit()));
            if let Some(step) = digits.and_then(|text| text.parse().ok()) {
                files.push((step, entry.path()));
            }
        }
        files.sort();
        Ok(files)
    }
}
