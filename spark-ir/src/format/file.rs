//! Model files on disk: xz-compressed JSON (`.scfg`) or plain JSON.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use liblzma::read::XzDecoder;
use liblzma::stream::{CONCATENATED, Check, Stream};
use liblzma::write::XzEncoder;
use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::format::json;
use crate::format::scfg::ControllerDoc;

const XZ_MAGIC: [u8; 6] = [0xfd, b'7', b'z', b'X', b'Z', 0];

/// What a file may cost: a small file can claim a great deal of memory.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the file, and of its text once it is decompressed.
    pub text: u64,
    /// Bytes that decompression itself may use.
    pub memory: u64,
    /// Numbers, texts, lists and objects in the text: one that takes two bytes there takes about a hundred in memory.
    pub values: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            text: 256 << 20,
            memory: 128 << 20,
            values: 32 << 20,
        }
    }
}

/// Why a file cannot be read or written.
#[non_exhaustive]
pub enum FileError {
    /// The system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried: "read", "write".
        action: &'static str,
        /// The system's reason.
        reason: io::Error,
    },
    /// The file, or its text once decompressed, is larger than allowed.
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most bytes it may have.
        limit: u64,
    },
    /// The text holds more values than allowed.
    TooMany {
        /// The file.
        path: PathBuf,
        /// The most values that it may hold.
        limit: usize,
    },
    /// The xz container is damaged.
    Xz {
        /// The file.
        path: PathBuf,
        /// What the decoder says.
        reason: io::Error,
    },
    /// The text is no JSON.
    Json {
        /// The file.
        path: PathBuf,
        /// Line, from 1; 0 if it is not known.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// The JSON is no model: all problems, each at a JSON pointer.
    Format {
        /// The file.
        path: PathBuf,
        /// The problems.
        problems: Vec<Diagnostic<String>>,
    },
}

impl FileError {
    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            FileError::Io { path, .. }
            | FileError::TooLarge { path, .. }
            | FileError::TooMany { path, .. }
            | FileError::Xz { path, .. }
            | FileError::Json { path, .. }
            | FileError::Format { path, .. } => path,
        }
    }

    fn io(path: &Path, action: &'static str, reason: io::Error) -> Self {
        FileError::Io {
            path: path.to_owned(),
            action,
            reason,
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path().display();
        match self {
            FileError::Io { action, reason, .. } => write!(f, "cannot {action} `{path}`: {reason}"),
            FileError::TooLarge { limit, .. } => {
                write!(
                    f,
                    "`{path}` is larger than allowed: its text may have {limit} bytes"
                )
            }
            FileError::TooMany { limit, .. } => {
                write!(f, "`{path}` holds more values than allowed: there may be {limit}")
            }
            FileError::Xz { reason, .. } => write!(f, "`{path}` is damaged: {reason}"),
            FileError::Json {
                line, column, reason, ..
            } => {
                write!(
                    f,
                    "`{path}` is not a model file: line {line}, column {column}: {reason}"
                )
            }
            FileError::Format { problems, .. } => {
                write!(f, "`{path}` is not a model that can be used:")?;
                for problem in problems {
                    let place = if problem.span.is_empty() {
                        "(top)"
                    } else {
                        &problem.span
                    };
                    write!(f, "\n{place}: {problem}")?;
                }
                Ok(())
            }
        }
    }
}

/// The same text: `main` prints it when it returns the error.
impl fmt::Debug for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            FileError::Io { reason, .. } | FileError::Xz { reason, .. } => Some(reason),
            _ => None,
        }
    }
}

/// Reads the JSON of a file, xz-compressed or plain, whatever its name ends with.
pub fn read(path: &Path, limits: &Limits) -> Result<Value, FileError> {
    parse(&read_text(path, limits)?, path)
}

/// Reads the text of a file, xz-compressed or plain, whatever its name ends with.
pub fn read_text(path: &Path, limits: &Limits) -> Result<String, FileError> {
    let failed = |reason| FileError::io(path, "read", reason);
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(limits.text.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    text_of(bytes, path, limits)
}

/// The JSON in the bytes of a file. `path` is what errors name.
pub fn from_bytes(bytes: &[u8], path: &Path, limits: &Limits) -> Result<Value, FileError> {
    parse(&text_of(bytes.to_vec(), path, limits)?, path)
}

/// The JSON in the text of a file. `path` is what errors name.
pub fn parse(text: &str, path: &Path) -> Result<Value, FileError> {
    json::parse(text).map_err(|error| FileError::Json {
        path: path.to_owned(),
        line: error.line(),
        column: error.column(),
        reason: error.to_string(),
    })
}

fn text_of(bytes: Vec<u8>, path: &Path, limits: &Limits) -> Result<String, FileError> {
    if bytes.len() as u64 > limits.text {
        return Err(FileError::TooLarge {
            path: path.to_owned(),
            limit: limits.text,
        });
    }
    let bytes = if bytes.starts_with(&XZ_MAGIC) {
        inflate(&bytes, path, limits)?
    } else {
        bytes
    };
    // Every value stands behind one of these, but for the outermost.
    let begins = || bytes.iter().filter(|byte| matches!(byte, b',' | b'[' | b'{'));
    // There are no more of them than bytes: only large files are counted.
    if bytes.len() > limits.values && begins().count() > limits.values {
        return Err(FileError::TooMany {
            path: path.to_owned(),
            limit: limits.values,
        });
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        FileError::Json {
            path: path.to_owned(),
            line: 1 + good.iter().filter(|&&byte| byte == b'\n').count(),
            column: 1,
            reason: "the text is not UTF-8".to_owned(),
        }
    })
}

fn inflate(bytes: &[u8], path: &Path, limits: &Limits) -> Result<Vec<u8>, FileError> {
    let failed = |reason| FileError::Xz {
        path: path.to_owned(),
        reason,
    };
    let stream =
        Stream::new_stream_decoder(limits.memory, CONCATENATED).map_err(|error| failed(error.into()))?;
    let mut text = Vec::new();
    let decoder = XzDecoder::new_stream(bytes, stream);
    // The memory limit bounds the dictionary, not the output: a bomb is stopped here.
    decoder
        .take(limits.text.saturating_add(1))
        .read_to_end(&mut text)
        .map_err(failed)?;
    if text.len() as u64 > limits.text {
        return Err(FileError::TooLarge {
            path: path.to_owned(),
            limit: limits.text,
        });
    }
    Ok(text)
}

/// Compresses as Python's `lzma` does by default: preset 6, CRC64.
pub fn deflate(text: &[u8]) -> io::Result<Vec<u8>> {
    let stream = Stream::new_easy_encoder(6, Check::Crc64)?;
    let mut encoder = XzEncoder::new_stream(Vec::with_capacity(text.len() / 8 + 1024), stream);
    encoder.write_all(text)?;
    encoder.finish()
}

/// Writes a file: plain for `.json`, xz-compressed otherwise. The file is complete or untouched: the text goes into
/// a temporary file beside it, which then takes its name.
pub fn write(path: &Path, value: &Value) -> Result<(), FileError> {
    let text = json::to_text(value);
    let plain = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let bytes = if plain {
        text.into_bytes()
    } else {
        deflate(text.as_bytes()).map_err(|reason| FileError::io(path, "compress", reason))?
    };
    write_bytes(path, &bytes)
}

/// Replaces a file by these bytes, or leaves it untouched.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    replace(path, bytes).map_err(|reason| FileError::io(path, "write", reason))
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link: what it points to is replaced.
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if target.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
    }
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    remove_stale(folder);
    let mut file = temporary(folder)?;
    file.open.write_all(bytes)?;
    set_permissions(&file.open, &target)?;
    file.open.sync_all()?;
    file.rename(&target)?;
    sync_folder(folder);
    Ok(())
}

/// How the names of temporary files begin and end; between the two stand [`RANDOM`] characters.
const TEMPORARY: (&str, &str) = (".spark-", ".tmp");

/// How many characters of the name of a temporary file differ from one to the next.
const RANDOM: usize = 6;

/// How many names that are taken already are as many as there can be by chance.
const ATTEMPTS: usize = 1000;

/// A file that is removed again unless it is given a name to keep.
struct Temporary {
    open: File,
    /// Nothing once it is renamed.
    path: Option<PathBuf>,
}

impl Temporary {
    /// A new file with a random name that nobody else may read.
    fn new(folder: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        for _ in 0..ATTEMPTS {
            let path = folder.join(random_name());
            match options.open(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                opened => {
                    return Ok(Temporary {
                        open: opened?,
                        path: Some(path),
                    });
                }
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Whether the file is still there under its own name.
    fn exists(&self) -> bool {
        self.path.as_deref().is_some_and(Path::exists)
    }

    /// Gives it the name of `target`, which it replaces.
    fn rename(mut self, target: &Path) -> io::Result<()> {
        if let Some(path) = &self.path {
            std::fs::rename(path, target)?;
            self.path = None;
        }
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Names of which no two are likely to be the same, in whatever processes.
fn random_name() -> String {
    const CHARACTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let (front, back) = TEMPORARY;
    // What protects hash maps from chosen keys: the system's random numbers, in every map others.
    let mut bits = RandomState::new().hash_one(std::process::id());
    let mut name = front.to_owned();
    for _ in 0..RANDOM {
        name.push(char::from(CHARACTERS[(bits % 36) as usize]));
        bits /= 36;
    }
    name + back
}

/// A temporary file, locked for as long as it is written: [`remove_stale`] leaves it alone.
fn temporary(folder: &Path) -> io::Result<Temporary> {
    loop {
        let file = Temporary::new(folder)?;
        match file.open.try_lock() {
            // Another process took it for stale, between the two lines above.
            Err(TryLockError::WouldBlock) => {}
            Ok(()) if !file.exists() => {}
            // Without locks there is nothing to be told by them, and nothing is removed either.
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(file),
        }
    }
}

/// Removes temporary files whose writers were killed: nobody holds their locks. What cannot be removed stays.
fn remove_stale(folder: &Path) {
    let (front, back) = TEMPORARY;
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let random = name
            .strip_prefix(front)
            .and_then(|rest| rest.strip_suffix(back))
            .is_some_and(|rest| {
                rest.len() == RANDOM && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
        if random
            && let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Temporary files are private; a model file keeps the permissions it had, or gets those of any new file.
#[cfg(unix)]
fn set_permissions(file: &File, target: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = match std::fs::metadata(target) {
        Ok(metadata) => metadata.permissions(),
        Err(_) => std::fs::Permissions::from_mode(0o644),
    };
    file.set_permissions(permissions)
}

#[cfg(not(unix))]
fn set_permissions(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}

/// The new name lasts once the folder is on disk. Not every system can say so; the file itself is safe already.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Reads a model.
pub fn read_model(path: &Path, limits: &Limits) -> Result<ControllerDoc, FileError> {
    let value = read(path, limits)?;
    ControllerDoc::from_value(&value).map_err(|problems| FileError::Format {
        path: path.to_owned(),
        problems,
    })
}

/// Writes a model.
pub fn write_model(path: &Path, model: &ControllerDoc) -> Result<(), FileError> {
    write(path, &model.to_value())
}
