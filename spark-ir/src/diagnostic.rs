//! Problems: code, place, what was expected, what was found, help. One form for the compiler, the loader, the
//! command line and the editor.

use std::fmt;

use crate::message::Message;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "files", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Level {
    /// The network cannot be used.
    Error,
    /// The network can be used, but something in it is probably not meant.
    Warning,
}

/// A problem at a place `S`: a span of tokens, or a pointer into a file.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "files", derive(serde::Serialize))]
pub struct Diagnostic<S> {
    /// `SPK002`; see [`CODES`].
    pub code: &'static str,
    /// Error or warning.
    pub level: Level,
    /// Where it is, in the network's own names: `PushPull.left.in_spikes`. May be empty.
    pub place: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What was expected.
    pub expected: Option<String>,
    /// What was found.
    pub found: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Where it is in the source.
    pub span: S,
    /// Other places that belong to it, each with a remark.
    pub related: Vec<(S, String)>,
}

impl<S> Diagnostic<S> {
    /// An error.
    pub fn error(code: &'static str, span: S, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            level: Level::Error,
            place: String::new(),
            message: message.into(),
            expected: None,
            found: None,
            help: None,
            span,
            related: Vec::new(),
        }
    }

    /// A warning.
    pub fn warning(code: &'static str, span: S, message: impl Into<String>) -> Self {
        Diagnostic {
            level: Level::Warning,
            ..Diagnostic::error(code, span, message)
        }
    }

    /// The message of a check over tables ([`crate::wiring::find`]), whose text begins with the code.
    pub fn from_message(message: &Message, span: S) -> Self {
        let text = message.as_str();
        let (head, rest) = text.split_once(": ").unwrap_or(("", text));
        let code = CODES
            .iter()
            .find(|(code, _)| *code == head)
            .map_or("SPK000", |(code, _)| code);
        let (sentence, help) = match rest.split_once("\nhelp: ") {
            Some((sentence, help)) => (sentence, Some(help.to_owned())),
            None => (rest, None),
        };
        Diagnostic {
            help,
            ..Diagnostic::error(code, span, sentence)
        }
    }

    /// With the place in the network's own names.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = place.into();
        self
    }

    /// With what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// With what was found.
    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With "did you mean ...?", if there is something to suggest.
    #[must_use]
    pub fn did_you_mean(self, suggestion: Option<&str>) -> Self {
        match suggestion {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// With another place that belongs to it.
    #[must_use]
    pub fn related(mut self, span: S, remark: impl Into<String>) -> Self {
        self.related.push((span, remark.into()));
        self
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.level == Level::Error
    }

    /// The same problem with its places translated.
    pub fn map_span<T>(self, mut to: impl FnMut(S) -> T) -> Diagnostic<T> {
        Diagnostic {
            code: self.code,
            level: self.level,
            place: self.place,
            message: self.message,
            expected: self.expected,
            found: self.found,
            help: self.help,
            span: to(self.span),
            related: self
                .related
                .into_iter()
                .map(|(span, remark)| (to(span), remark))
                .collect(),
        }
    }
}

impl<S> fmt::Display for Diagnostic<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        for (label, text) in [
            ("expected", &self.expected),
            ("found", &self.found),
            ("help", &self.help),
        ] {
            if let Some(text) = text {
                write!(f, "\n{label}: {text}")?;
            }
        }
        Ok(())
    }
}

/// The meaning of a code, in one line.
pub fn meaning(code: &str) -> Option<&'static str> {
    CODES
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, meaning)| *meaning)
}

/// All codes with their meanings. SPK001-SPK019: the graph as written. SPK020-SPK059: ports, payloads, fields and
/// shapes. SPK060-SPK089: the text of a macro. SPK090-SPK099: model files.
/// SPK100 and above: checkpoints.
pub const CODES: &[(&str, &str)] = &[
    ("SPK001", "a name is declared twice"),
    ("SPK002", "a wire names a node that does not exist"),
    (
        "SPK003",
        "a wire names an input or output of the network that does not exist",
    ),
    (
        "SPK004",
        "an output of the network is used as a source, or an input as a sink",
    ),
    ("SPK005", "an output of the network is never fed"),
    ("SPK006", "an output of the network is fed more than once"),
    ("SPK007", "an input of the network is never used"),
    ("SPK008", "a port is fed by two separate wires"),
    ("SPK009", "the nodes of a neuron wait for each other in a circle"),
    ("SPK010", "a property has two writers"),
    ("SPK011", "`<->` does not join a property and an input"),
    ("SPK012", "a node has no effect on any output (warning)"),
    ("SPK013", "the network itself has no such property"),
    ("SPK014", "an output is wired to an input of another shape"),
    ("SPK015", "the network is empty"),
    (
        "SPK016",
        "the output of a node that runs last is needed earlier in the step",
    ),
    (
        "SPK017",
        "what is written into a property is not an output of a node",
    ),
    ("SPK018", "a place that takes one source is given several"),
    ("SPK019", "a network is too large"),
    ("SPK020", "a node has no such input"),
    ("SPK021", "a node has no such output"),
    ("SPK022", "a node has no such property"),
    ("SPK023", "a property cannot be written"),
    ("SPK024", "a port that is updated in place is wired with `->`"),
    ("SPK025", "a port that is only read is wired with `<->`"),
    ("SPK026", "required inputs are not wired"),
    ("SPK027", "a brain is used as a node"),
    ("SPK028", "the type of a node is no module"),
    ("SPK029", "a wire runs from an input to an output"),
    ("SPK030", "source and sink carry different payloads"),
    (
        "SPK031",
        "several sources into a port whose payload cannot be concatenated",
    ),
    ("SPK032", "the type of a port is no payload"),
    ("SPK040", "required fields are not given"),
    ("SPK041", "a configuration has no such field"),
    ("SPK042", "a field has no fields of its own"),
    ("SPK043", "a number lies outside the range of its field"),
    ("SPK044", "a field is given twice"),
    ("SPK045", "a number has a unit that is not known"),
    ("SPK046", "what is written in braces is no configuration"),
    ("SPK047", "a file given to `npy!` is no array that can be read"),
    ("SPK048", "a file given to `include_network!` cannot be read"),
    ("SPK049", "something in a model file has no form in Rust source"),
    ("SPK050", "a source does not have the shape that its sink takes"),
    (
        "SPK051",
        "an output does not have the shape that is declared for it",
    ),
    ("SPK060", "the head of a network cannot be read"),
    ("SPK061", "a statement lacks its `;`"),
    ("SPK062", "an arrow is not written as one"),
    ("SPK063", "an input or output of the network cannot be read"),
    ("SPK064", "a statement or a field cannot be read"),
    ("SPK065", "a wire has two arrows"),
    ("SPK066", "a wire lacks an end"),
    (
        "SPK067",
        "parentheses around sources are missing, or stand around sinks",
    ),
    ("SPK068", "an end of a wire cannot be read"),
    (
        "SPK069",
        "a header field is not known, or has a value that it cannot have",
    ),
    (
        "SPK070",
        "an attribute has an option that it does not know, or takes in another form",
    ),
    ("SPK071", "an attribute stands on an item that it is not made for"),
    ("SPK072", "a module does not name its configuration"),
    ("SPK073", "a module lacks `build` or `step`"),
    ("SPK074", "a parameter of `step` is no port"),
    (
        "SPK075",
        "the ports of a module have the same name, or are too many",
    ),
    ("SPK076", "the shape of a port cannot be"),
    ("SPK077", "a property is not written as one"),
    (
        "SPK078",
        "a field of a configuration has no default, or options that exclude each other",
    ),
    (
        "SPK079",
        "a field has the name of one that every configuration has",
    ),
    ("SPK080", "the default of a field has a unit that is not known"),
    ("SPK081", "`derive(Stateful)` cannot find the state"),
    ("SPK082", "the value of a payload is no array"),
    (
        "SPK083",
        "a type does not implement the trait that its attribute promises",
    ),
    ("SPK084", "a validator has fields"),
    ("SPK085", "a registered type is generic"),
    ("SPK086", "a method of a module takes other parameters"),
    ("SPK090", "a value in a model file has the wrong type"),
    ("SPK091", "a model file lacks something that it must have"),
    (
        "SPK092",
        "a model file has a key that is not known (in files of the Python package a warning)",
    ),
    (
        "SPK093",
        "a model file was written by a version that is not known",
    ),
    (
        "SPK094",
        "an array in a model file does not fit its shape or type",
    ),
    ("SPK095", "a model cannot be built from what a file says"),
    (
        "SPK096",
        "a model file reads a property in one place and updates it in another",
    ),
    ("SPK097", "a model file names something that there is not"),
    ("SPK100", "a file is no checkpoint"),
    ("SPK101", "a checkpoint is cut off, or has bytes too many"),
    ("SPK102", "a checkpoint is damaged"),
    ("SPK103", "a checkpoint was written in a format that is not known"),
    ("SPK104", "the header of a checkpoint is too large"),
    (
        "SPK105",
        "the metadata of a checkpoint lacks something, or cannot be read",
    ),
    ("SPK106", "a checkpoint is of another model"),
    ("SPK107", "a checkpoint lacks a variable of the model"),
    (
        "SPK108",
        "a checkpoint has a variable that the model does not have",
    ),
    ("SPK109", "a variable in a checkpoint has another number type"),
    ("SPK110", "a variable in a checkpoint has another shape"),
    ("SPK111", "a checkpoint holds what no state can hold"),
    (
        "SPK112",
        "only the declared network can be loaded from a checkpoint",
    ),
    ("SPK113", "a state cannot be written"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_top_down() {
        let problem = Diagnostic::error("SPK002", (), "there is no node `lef`")
            .expected("one of: left, right")
            .found("lef")
            .did_you_mean(Some("left"));
        assert_eq!(
            problem.to_string(),
            "SPK002: there is no node `lef`\nexpected: one of: left, right\nfound: lef\nhelp: did you mean `left`?"
        );
    }

    #[test]
    fn codes_are_sorted_and_unique() {
        assert!(CODES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
