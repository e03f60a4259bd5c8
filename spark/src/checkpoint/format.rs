//! The file of a checkpoint: a safetensors file whose metadata says what the tensors are of.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use safetensors::SafeTensors;
use safetensors::tensor::Metadata;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use spark_ir::diagnostic::Diagnostic;
use spark_ir::format::json;
use spark_ir::table::ModuleKind;

use super::arrays::{self, Tensor};
use super::error::Problems;
use super::{Checkpoint, Input};
use crate::core::compat::Compat;
use crate::core::payload::Shape;
use crate::core::state::{StateEntry, StateMap};
use crate::core::variable::VariableKind;

/// The version of what stands in the metadata.
const FORMAT: &str = "1";

/// The most bytes of a header, as in every reader of safetensors.
const MAX_HEADER: u64 = 100_000_000;

/// The bytes in front of the header, which say how long it is.
const LENGTH: usize = 8;

/// How the header calls the metadata: no variable can have this name.
const METADATA: &str = "__metadata__";

/// What a user's notes are called in the metadata: `note.step`.
const NOTE: &str = "note.";

const CHECKSUM: &str = "spark.crc32";

/// What the metadata says of a variable.
#[derive(Serialize, Deserialize)]
struct VariableDoc {
    kind: VariableKind,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    notes: BTreeMap<String, String>,
}

const fn name_of(kind: ModuleKind) -> &'static str {
    match kind {
        ModuleKind::Module => "module",
        ModuleKind::Neuron => "neuron",
        ModuleKind::Brain => "brain",
    }
}

fn error(code: &'static str, place: impl Into<String>, message: impl Into<String>) -> Diagnostic<String> {
    Diagnostic::error(code, place.into(), message)
}

/// The bytes of a file. Equal checkpoints give equal bytes.
pub(super) fn encode(checkpoint: &Checkpoint) -> Result<Vec<u8>, Problems> {
    let unwritable = |reason: String| vec![error("SPK113", "", "the state cannot be written").found(reason)];
    if checkpoint.state.get(METADATA).is_some() {
        return Err(unwritable(format!("a variable called `{METADATA}`")));
    }
    let tensors = checkpoint
        .state
        .iter()
        .map(|(path, entry)| (path, Tensor(&entry.value)));
    let file = safetensors::serialize(tensors, None).map_err(|reason| unwritable(reason.to_string()))?;
    let mut metadata = metadata_of(checkpoint);
    let tensors = SafeTensors::deserialize(&file).map_err(|reason| unwritable(reason.to_string()))?;
    metadata.insert(CHECKSUM.to_owned(), checksum(&tensors, &metadata));
    with_metadata(file, &metadata).map_err(unwritable)
}

fn metadata_of(checkpoint: &Checkpoint) -> BTreeMap<String, String> {
    let mut metadata = BTreeMap::new();
    let mut add = |key: &str, value: String| metadata.insert(key.to_owned(), value);
    let variables: BTreeMap<&str, VariableDoc> = checkpoint
        .state
        .iter()
        .map(|(path, entry)| {
            let notes = entry.notes.clone();
            let kind = entry.kind;
            (path, VariableDoc { kind, notes })
        })
        .collect();
    let inputs: Map<String, Value> = checkpoint
        .inputs
        .iter()
        .map(|input| (input.name.clone(), json!(input.shape.to_vec())))
        .collect();
    add("spark.format", FORMAT.to_owned());
    add("spark.version", checkpoint.version.clone());
    add("spark.kind", name_of(checkpoint.kind).to_owned());
    add("spark.name", checkpoint.name.clone());
    add("spark.compat", checkpoint.compat.name().to_owned());
    add("spark.inputs", Value::Object(inputs).to_string());
    add("spark.variables", json!(variables).to_string());
    if let Some(config) = &checkpoint.config {
        add("spark.config", json::to_text(config));
    }
    if !checkpoint.declared_only.is_empty() {
        add("spark.declared_only", json!(checkpoint.declared_only).to_string());
    }
    for (name, text) in &checkpoint.notes {
        add(&format!("{NOTE}{name}"), text.clone());
    }
    metadata
}

/// Adds the metadata to the header of a file. The library would write it in an order that differs from run to run.
fn with_metadata(mut file: Vec<u8>, metadata: &BTreeMap<String, String>) -> Result<Vec<u8>, String> {
    let (length, _) = SafeTensors::read_metadata(&file).map_err(|reason| reason.to_string())?;
    let end = LENGTH + length;
    let tensors: Map<String, Value> =
        serde_json::from_slice(&file[LENGTH..end]).map_err(|reason| reason.to_string())?;
    let mut header = Map::new();
    header.insert(METADATA.to_owned(), json!(metadata));
    header.extend(tensors);
    let mut text = Value::Object(header).to_string().into_bytes();
    text.resize(text.len().next_multiple_of(LENGTH), b' ');
    if text.len() as u64 > MAX_HEADER {
        return Err(format!(
            "a header of {} bytes; {MAX_HEADER} are allowed",
            text.len()
        ));
    }
    let length = (text.len() as u64).to_le_bytes();
    file.splice(..end, length.into_iter().chain(text));
    Ok(file)
}

/// CRC-32 over all tensors and all metadata but itself, in the order of their names. See `docs/checkpoints.md`.
fn checksum(tensors: &SafeTensors<'_>, metadata: &BTreeMap<String, String>) -> String {
    let mut crc = crc32fast::Hasher::new();
    let mut tensors = tensors.tensors();
    tensors.sort_by(|(left, _), (right, _)| left.cmp(right));
    for (name, tensor) in &tensors {
        crc.update(format!("{name}\0{}\0{:?}\0", tensor.dtype(), tensor.shape()).as_bytes());
        crc.update(tensor.data());
    }
    for (key, value) in metadata.iter().filter(|(key, _)| *key != CHECKSUM) {
        crc.update(format!("{key}\0{value}\0").as_bytes());
    }
    format!("{:08x}", crc.finalize())
}

/// What the bytes of a file hold.
pub(super) fn decode(bytes: &[u8]) -> Result<Checkpoint, Problems> {
    let (tensors, metadata) = open(bytes)?;
    let mut reader = Reader {
        metadata: &metadata,
        problems: Vec::new(),
    };
    let checkpoint = reader.checkpoint(&tensors);
    match checkpoint {
        Some(checkpoint) if reader.problems.is_empty() => Ok(checkpoint),
        _ => Err(reader.problems),
    }
}

type Opened<'a> = (SafeTensors<'a>, BTreeMap<String, String>);

/// Takes a file apart whose bytes are those that were written, in a format that is known.
fn open(bytes: &[u8]) -> Result<Opened<'_>, Problems> {
    let header = header(bytes)?;
    let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
    let pairs = header.metadata().iter().flatten();
    let metadata: BTreeMap<String, String> = pairs.map(|(key, value)| (key.clone(), value.clone())).collect();
    check_format(&metadata)?;
    check_sum(&tensors, &metadata)?;
    Ok((tensors, metadata))
}

fn check_format(metadata: &BTreeMap<String, String>) -> Result<(), Problems> {
    let place = "spark.format";
    let problem = match metadata.get(place).map(String::as_str) {
        Some(FORMAT) => return Ok(()),
        Some(other) => error("SPK103", place, "this format of checkpoints is not known")
            .expected(FORMAT)
            .found(other)
            .help("read the file with the version of `spark` that wrote it"),
        None => error("SPK100", place, "this is a safetensors file, but no checkpoint")
            .help("`spark` writes checkpoints with `save`"),
    };
    Err(vec![problem])
}

fn check_sum(tensors: &SafeTensors<'_>, metadata: &BTreeMap<String, String>) -> Result<(), Problems> {
    let Some(expected) = metadata.get(CHECKSUM) else {
        return Err(vec![missing(CHECKSUM)]);
    };
    let found = checksum(tensors, metadata);
    if *expected == found {
        return Ok(());
    }
    let message = "the checkpoint is damaged: its checksum is another";
    Err(vec![
        error("SPK102", CHECKSUM, message)
            .expected(expected)
            .found(found)
            .help("take an older one; if it was changed on purpose, `docs/checkpoints.md` tells how to write the checksum"),
    ])
}

fn damaged(reason: impl std::fmt::Display) -> Problems {
    let problem = error("SPK102", "", "the checkpoint is damaged").found(reason.to_string());
    vec![problem.help("take an older one")]
}

fn cut_off(message: &str, expected: impl Into<String>, found: usize) -> Problems {
    let problem = error("SPK101", "", message)
        .expected(expected)
        .found(format!("{found} bytes"));
    vec![problem.help("copy the file anew, or take an older one")]
}

/// The table of tensors and the metadata, which speak of as many bytes as there are.
fn header(bytes: &[u8]) -> Result<Metadata, Problems> {
    let Some((length, rest)) = bytes.split_first_chunk::<LENGTH>() else {
        let message = "the checkpoint is cut off in front of its header";
        return Err(cut_off(message, "8 bytes and a header", bytes.len()));
    };
    if !matches!(rest.first(), Some(b'{') | None) {
        return Err(not_a_checkpoint(bytes));
    }
    let length = u64::from_le_bytes(*length);
    if length > MAX_HEADER {
        let problem = error(
            "SPK104",
            "",
            "the header of the checkpoint is larger than allowed",
        )
        .expected(format!("at most {MAX_HEADER} bytes"))
        .found(format!("{length} bytes"));
        return Err(vec![problem.help("the file is damaged: take an older one")]);
    }
    let Some((text, data)) = rest.split_at_checked(length as usize) else {
        let message = "the checkpoint is cut off in its header";
        return Err(cut_off(
            message,
            format!("a header of {length} bytes"),
            rest.len(),
        ));
    };
    let header: Metadata = serde_json::from_slice(text).map_err(damaged)?;
    let expected = format!("{} bytes behind the header", header.data_len());
    match data.len().cmp(&header.data_len()) {
        Ordering::Equal => Ok(header),
        Ordering::Less => Err(cut_off("the checkpoint is cut off", expected, data.len())),
        Ordering::Greater => Err(cut_off(
            "the checkpoint goes on behind its end",
            expected,
            data.len(),
        )),
    }
}

fn not_a_checkpoint(bytes: &[u8]) -> Problems {
    let is_model = bytes.starts_with(b"\xfd7zXZ\0") || bytes.starts_with(b"{");
    vec![error("SPK100", "", "this is no checkpoint").help(if is_model {
        "model files are read with `from_file`: a checkpoint holds the state as well"
    } else {
        "`spark` writes checkpoints with `save`"
    })]
}

fn missing(key: &str) -> Diagnostic<String> {
    error("SPK105", key, "the checkpoint lacks this entry of its metadata")
}

/// Reads what the metadata says. All problems are listed.
struct Reader<'a> {
    metadata: &'a BTreeMap<String, String>,
    problems: Problems,
}

impl Reader<'_> {
    fn text(&mut self, key: &'static str) -> Option<&str> {
        let text = self.metadata.get(key);
        if text.is_none() {
            self.problems.push(missing(key));
        }
        text.map(String::as_str)
    }

    /// An entry that is read by a function, which says what is wrong with it.
    fn read<T>(&mut self, key: &'static str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(key)?.to_owned();
        read(&text)
            .map_err(|reason| {
                let message = "the entry of the metadata cannot be read";
                self.problems.push(error("SPK105", key, message).found(reason));
            })
            .ok()
    }

    fn json<T: serde::de::DeserializeOwned>(&mut self, key: &'static str) -> Option<T> {
        self.read(key, |text| {
            serde_json::from_str(text).map_err(|reason| reason.to_string())
        })
    }

    /// An entry that may be left out: `Some(None)`.
    fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.metadata.contains_key(key) {
            true => read(self).map(Some),
            false => Some(None),
        }
    }

    fn checkpoint(&mut self, tensors: &SafeTensors<'_>) -> Option<Checkpoint> {
        let version = self.text("spark.version").map(str::to_owned);
        let name = self.text("spark.name").map(str::to_owned);
        let kind = self.read("spark.kind", |text| {
            [ModuleKind::Module, ModuleKind::Neuron, ModuleKind::Brain]
                .into_iter()
                .find(|kind| name_of(*kind) == text)
                .ok_or_else(|| format!("`{text}`; there are module, neuron and brain"))
        });
        let compat = self.read("spark.compat", |text| {
            text.parse::<Compat>().map_err(|reason| reason.to_string())
        });
        let config = self.optional("spark.config", |reader| {
            reader.read("spark.config", |text| {
                json::parse(text).map_err(|reason| reason.to_string())
            })
        });
        let inputs: Option<Map<String, Value>> = self.json("spark.inputs");
        let inputs = inputs.and_then(|inputs| self.inputs(inputs));
        let declared_only = self.optional("spark.declared_only", |reader| reader.json("spark.declared_only"));
        let state = self.state(tensors);
        let notes = self.metadata.iter();
        let notes = notes.filter_map(|(key, text)| Some((key.strip_prefix(NOTE)?.to_owned(), text.clone())));
        Some(Checkpoint {
            name: name?,
            kind: kind?,
            compat: compat?,
            version: version?,
            config: config?,
            inputs: inputs?,
            notes: notes.collect(),
            state: state?,
            declared_only: declared_only?.unwrap_or_default(),
            path: Default::default(),
        })
    }

    fn inputs(&mut self, inputs: Map<String, Value>) -> Option<Vec<Input>> {
        let mut read = Vec::new();
        for (name, shape) in inputs {
            match serde_json::from_value::<Vec<usize>>(shape) {
                Ok(sizes) => read.push(Input {
                    name,
                    shape: Shape::from(sizes),
                }),
                Err(reason) => {
                    let place = format!("spark.inputs/{name}");
                    let message = "the shape of an input cannot be read";
                    self.problems
                        .push(error("SPK105", place, message).found(reason.to_string()));
                    return None;
                }
            }
        }
        Some(read)
    }

    /// Every tensor with what the metadata says of it.
    fn state(&mut self, tensors: &SafeTensors<'_>) -> Option<StateMap> {
        let mut variables: BTreeMap<String, VariableDoc> = self.json("spark.variables")?;
        let mut state = StateMap::new();
        let mut tensors = tensors.tensors();
        tensors.sort_by(|(left, _), (right, _)| left.cmp(right));
        for (path, tensor) in tensors {
            let Some(VariableDoc { kind, notes }) = variables.remove(&path) else {
                let message = "the metadata does not say what this tensor is for";
                self.problems.push(error("SPK105", path, message));
                continue;
            };
            match arrays::array(&tensor) {
                Ok(value) => {
                    state.insert(path, StateEntry { kind, value, notes });
                }
                Err(found) => {
                    let message = "the tensor holds what no state can hold";
                    self.problems.push(error("SPK111", path, message).found(found));
                }
            }
        }
        for path in variables.into_keys() {
            let message = "the metadata speaks of a variable that is no tensor of the file";
            self.problems.push(error("SPK105", path, message));
        }
        Some(state)
    }
}
