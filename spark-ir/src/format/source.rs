//! A model file as the text of a `network!`.
//!
//! The text says what the file says: wires, seeds, and every field that differs from the defaults of its module. A neuron
//! inside of a brain becomes its type, where one of the same graph is known, or else a declaration that all neurons of its
//! class and graph share. [`Vocabulary`] says which types stand for the classes in the file.
//!
//! ```
//! use spark_ir::format::source::{Options, source};
//! use spark_ir::format::vocabulary::Vocabulary;
//!
//! # fn main() -> Result<(), Vec<spark_ir::diagnostic::Diagnostic<String>>> {
//! let json = serde_json::json!({"__type__": "brain_config", "__cfg__": {"seed": 3, "modules_specs": [
//!     {"__type__": "module_specs", "__data__": {
//!         "name": "gain", "module_cls": {"__module_type__": "gain", "__subregistry__": "MODULES"},
//!         "inputs": {"signal": [{"__type__": "port_map", "__data__": {"origin": "__call__", "port": "signal"}}]},
//!         "config": {"factor": 3.0}, "outputs": {"scaled": "scaled"}}}]}});
//! let mut options = Options::named("Louder");
//! options.inputs.push("signal=FloatArray[2]".parse()?);
//! options.outputs.push("scaled=FloatArray".parse()?);
//! let source = source(&json, &Vocabulary::default(), &options)?;
//! assert_eq!(source.text, "\
//! pub brain Louder(signal: FloatArray[2]) -> (scaled: FloatArray) {
//!     seed = 3;
//!     compat = SparkSnn1;
//!
//!     gain = Gain { factor: 3.0 };
//!
//!     signal      -> gain.signal;
//!     gain.scaled -> scaled;
//! }
//! ");
//! # Ok(())
//! # }
//! ```

mod layout;
mod networks;
mod types;
mod values;
mod wires;

use std::str::FromStr;

use serde_json::Value;

use self::types::Group;
use super::scfg::ControllerDoc;
use super::unread;
use super::vocabulary::Vocabulary;
use crate::diagnostic::Diagnostic;
use crate::names::{is_identifier, snake_case};
use crate::suggest::nearest;

type Problems = Vec<Diagnostic<String>>;

/// What a file does not say.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The name of the network.
    pub name: String,
    /// Its visibility, `pub`; may be empty. Neurons that are declared for it have the same.
    pub visibility: String,
    /// Inputs of the network with a shape, a payload or both.
    pub inputs: Vec<PortOption>,
    /// Outputs of the network with a shape, a payload or both.
    pub outputs: Vec<PortOption>,
    /// Types that stand for classes of the file. A neuron is declared under this name.
    pub types: Vec<(String, String)>,
    /// Where arrays go.
    pub arrays: Arrays,
}

impl Options {
    /// A public network of this name, nothing else said.
    pub fn named(name: impl Into<String>) -> Self {
        Options {
            name: name.into(),
            visibility: "pub".to_owned(),
            ..Options::default()
        }
    }
}

/// Where arrays go.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Arrays {
    /// Into the text, whatever their size is.
    #[default]
    Inline,
    /// Those with more elements than this into NumPy files, which the text names by their path in this folder.
    Files {
        /// The most elements of an array in the text.
        above: usize,
        /// The folder, relative to the source file that the text goes into; may be empty.
        folder: String,
    },
    /// Those with more elements than this into the text as the bytes of a NumPy file.
    Embedded {
        /// The most elements of an array that is written as a list.
        above: usize,
    },
}

/// An input or output of the network: `signal=[4]`, `signal=FloatArray`, `signal=FloatArray[4]`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PortOption {
    /// Its name.
    pub name: String,
    /// Its payload as written, where the file and the vocabulary do not tell.
    pub payload: Option<String>,
    /// Its shape as written, `[4]`.
    pub shape: Option<String>,
}

impl FromStr for PortOption {
    type Err = Problems;

    fn from_str(text: &str) -> Result<Self, Problems> {
        let wrong = || {
            let message = format!("`{text}` says nothing about an input or output");
            vec![
                Diagnostic::error("SPK063", String::new(), message)
                    .help("write `signal=[4]`, or `signal=FloatArray[4]` where the payload is not known"),
            ]
        };
        let (name, rest) = text.split_once('=').ok_or_else(wrong)?;
        let (payload, shape) = match rest.find('[') {
            Some(at) if rest.ends_with(']') => (&rest[..at], Some(rest[at..].to_owned())),
            Some(_) => return Err(wrong()),
            None => (rest, None),
        };
        let payload = Some(payload.trim()).filter(|payload| !payload.is_empty());
        let name = name.trim();
        if !is_identifier(name) || (payload.is_none() && shape.is_none()) {
            return Err(wrong());
        }
        Ok(PortOption {
            name: name.to_owned(),
            payload: payload.map(str::to_owned),
            shape,
        })
    }
}

/// The text of a `network!`.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The networks, the model itself last. It ends with a line break.
    pub text: String,
    /// NumPy files that the text names.
    pub files: Vec<NpyFile>,
    /// What the file says besides, each with its JSON pointer: nothing reads it.
    pub warnings: Problems,
}

impl Source {
    /// The text as a source file: `network!` around it, and what it needs in scope. `from` is the file that it was made
    /// of.
    pub fn program(&self, from: &str) -> String {
        let mut text = format!(
            "//! The model of `{from}`, written by `spark codegen`.\n\nuse spark::prelude::*;\n\nnetwork! {{\n"
        );
        for line in self.text.lines() {
            if !line.is_empty() {
                text.push_str("    ");
                text.push_str(line);
            }
            text.push('\n');
        }
        text.push_str("}\n");
        text
    }
}

/// A NumPy file.
#[derive(Debug, Clone, PartialEq)]
pub struct NpyFile {
    /// Its name, without a folder.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The text of a model.
///
/// # Errors
/// All problems of the file at once, each with its JSON pointer.
pub fn source(json: &Value, vocabulary: &Vocabulary, options: &Options) -> Result<Source, Problems> {
    let (read, problems) = unread::tolerant(json, |json| match write(json, vocabulary, options) {
        Ok(source) => (Some(source), Vec::new()),
        Err(problems) => (None, problems),
    });
    let mut source = read.got.ok_or(problems)?;
    source.warnings = read.warnings;
    Ok(source)
}

fn write(json: &Value, vocabulary: &Vocabulary, options: &Options) -> Result<Source, Problems> {
    let doc = ControllerDoc::from_value(json)?;
    let mut writer = Writer {
        vocabulary,
        options,
        arrays: &options.arrays,
        problems: Vec::new(),
        files: Vec::new(),
        groups: Vec::new(),
    };
    let text = writer.model(&doc);
    // A neuron is read for its declaration and for its node.
    let problems = once(writer.problems);
    if problems.is_empty() {
        Ok(Source {
            text,
            files: once(writer.files),
            warnings: Vec::new(),
        })
    } else {
        Err(problems)
    }
}

/// Each of them once.
fn once<T: PartialEq>(all: Vec<T>) -> Vec<T> {
    let mut found: Vec<T> = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// What writing a model needs at hand.
struct Writer<'a> {
    vocabulary: &'a Vocabulary,
    options: &'a Options,
    arrays: &'a Arrays,
    problems: Problems,
    files: Vec<NpyFile>,
    /// Neurons that are declared, those inside of others first.
    groups: Vec<Group>,
}

impl Writer<'_> {
    /// Refuses a name that cannot be written in Rust.
    fn identifier(&mut self, name: &str, pointer: &str) {
        if !is_identifier(name) {
            let message = format!("`{name}` cannot be a name in Rust source");
            let problem = Diagnostic::error("SPK049", pointer.to_owned(), message);
            self.problems.push(problem.help(
                "rename it in the file: letters, digits and `_`, no keyword, and a letter or `_` in front",
            ));
        }
    }

    /// The type of a class that the vocabulary does not know: as the options say, or by convention, unless the class looks
    /// like a slip.
    fn type_of_class<'k>(
        &mut self,
        class: &str,
        what: &str,
        pointer: &str,
        known: impl Iterator<Item = &'k str>,
    ) -> Option<String> {
        let class = snake_case(class);
        if let Some(name) = self.option_type(&class) {
            return Some(name.to_owned());
        }
        if let Some(near) = nearest(&class, known) {
            let message = format!("no {what} is known under the name `{class}`");
            let problem = Diagnostic::error("SPK097", pointer.to_owned(), message).found(&class);
            self.problems.push(problem.help(format!(
                "did you mean `{near}`? If it is a type of your own, say which: `{class} = {}`",
                crate::names::camel_case(class.trim_end_matches("_config"))
            )));
            return None;
        }
        let name = crate::names::camel_case(class.strip_suffix("_config").unwrap_or(&class));
        self.identifier(&name, pointer);
        Some(name)
    }

    /// The type that the options give to a class.
    fn option_type(&self, class: &str) -> Option<&str> {
        let class = class.strip_suffix("_config").unwrap_or(class);
        let found = self.options.types.iter().find(|(of, _)| snake_case(of) == class);
        found.map(|(_, name)| name.as_str())
    }

    /// What files that belong to the network begin with.
    fn file_stem(&self) -> String {
        snake_case(&self.options.name)
    }
}
