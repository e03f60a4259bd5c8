//! Errors: each names the place, what was expected, what was found and what to do. All problems are listed at once.

use std::fmt;

use spark_ir::suggest;
use spark_ir::table::ModuleTable;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: `PushPull.left.soma`, or a JSON pointer. Empty if there is no place.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What was expected.
    pub expected: Option<String>,
    /// What was found.
    pub found: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at a place.
    pub fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Problem {
            place: place.into(),
            message: message.into(),
            expected: None,
            found: None,
            help: None,
        }
    }

    /// With what was expected.
    pub fn expected(mut self, expected: impl fmt::Display) -> Self {
        self.expected = Some(expected.to_string());
        self
    }

    /// With what was found.
    pub fn found(mut self, found: impl fmt::Display) -> Self {
        self.found = Some(found.to_string());
        self
    }

    /// With what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same problem inside of `outer`.
    pub fn inside(mut self, outer: &str) -> Self {
        self.place = match (outer.is_empty(), self.place.is_empty()) {
            (true, _) => self.place,
            (false, true) => outer.to_owned(),
            (false, false) => format!("{outer}.{}", self.place),
        };
        self
    }
}

impl std::error::Error for Problem {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.message)?;
        let details = [
            ("expected", &self.expected),
            ("found", &self.found),
            ("help", &self.help),
        ];
        for (name, text) in details {
            if let Some(text) = text {
                write!(f, "\n  {name}: {text}")?;
            }
        }
        Ok(())
    }
}

pub(crate) fn list(f: &mut fmt::Formatter<'_>, what: &str, problems: &[Problem]) -> fmt::Result {
    match problems {
        [] => f.write_str(what),
        [one] => write!(f, "{what}: {one}"),
        many => {
            write!(f, "{what}, {} problems:", many.len())?;
            many.iter().try_for_each(|problem| write!(f, "\n{problem}"))
        }
    }
}

/// A network or module could not be built.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct BuildError {
    problems: Vec<Problem>,
}

impl BuildError {
    /// One problem.
    pub fn one(place: impl Into<String>, message: impl Into<String>) -> Self {
        Problem::new(place, message).into()
    }

    /// Nothing is wired into an input that must be.
    pub fn unwired(table: &ModuleTable, port: &str) -> Self {
        let names: Vec<&str> = table.inputs.iter().map(|input| input.name).collect();
        if names.contains(&port) {
            return Problem::new(
                "",
                format!("nothing is wired into the input `{port}` of `{}`", table.name),
            )
            .help(format!("add a wire: `source -> node.{port};`"))
            .into();
        }
        let problem = Problem::new("", format!("`{}` has no input `{port}`", table.name)).expected(
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            },
        );
        match names.iter().find(|name| suggest::is_near(port, name)) {
            Some(near) => problem.help(format!("did you mean `{near}`?")).into(),
            None => problem.into(),
        }
    }

    /// Nothing is wrong if there are no problems.
    pub fn check(problems: Vec<Problem>) -> Result<(), BuildError> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(BuildError { problems })
        }
    }

    /// Adds the problems of another error.
    pub fn extend(&mut self, more: impl IntoIterator<Item = Problem>) {
        self.problems.extend(more);
    }

    /// The same problems inside of `outer`.
    pub fn inside(self, outer: &str) -> Self {
        BuildError {
            problems: self
                .problems
                .into_iter()
                .map(|problem| problem.inside(outer))
                .collect(),
        }
    }

    /// All problems.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, "the network cannot be built", &self.problems)
    }
}

/// The same text: `main` prints it when it returns the error.
impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for BuildError {}

impl From<Problem> for BuildError {
    fn from(problem: Problem) -> Self {
        BuildError {
            problems: vec![problem],
        }
    }
}

impl From<Vec<Problem>> for BuildError {
    fn from(problems: Vec<Problem>) -> Self {
        BuildError { problems }
    }
}

impl From<ArrayError> for BuildError {
    fn from(error: ArrayError) -> Self {
        BuildError::one("", error.to_string())
    }
}

impl IntoIterator for BuildError {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;
    fn into_iter(self) -> Self::IntoIter {
        self.problems.into_iter()
    }
}

/// A state does not fit a model.
#[derive(Clone, PartialEq, Eq)]
pub struct MergeError {
    problems: Vec<Problem>,
}

impl MergeError {
    /// From all that is wrong.
    pub fn new(problems: Vec<Problem>) -> Self {
        MergeError { problems }
    }

    /// Nothing is wrong if there are no problems.
    pub fn check(problems: Vec<Problem>) -> Result<(), MergeError> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(MergeError { problems })
        }
    }

    /// All problems.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, "the state does not fit the model", &self.problems)
    }
}

/// The same text: `main` prints it when it returns the error.
impl fmt::Debug for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for MergeError {}

/// Arrays or payloads that do not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArrayError {
    /// The number of elements is not what the shape says.
    #[error("the shape {shape:?} has {expected} elements, but {found} were given")]
    Count {
        /// The shape.
        shape: Vec<usize>,
        /// How many elements it has.
        expected: usize,
        /// How many were given.
        found: usize,
    },
    /// The shape has more elements than memory has.
    #[error("the shape {shape:?} has more elements than an array can hold")]
    TooLarge {
        /// The shape.
        shape: Vec<usize>,
    },
    /// Shapes that do not broadcast.
    #[error(
        "shapes {left:?} and {right:?} do not broadcast: from the last size on, sizes must be equal or 1"
    )]
    Broadcast {
        /// Shape of the left operand.
        left: Vec<usize>,
        /// Shape of the right operand.
        right: Vec<usize>,
    },
    /// Shapes that have no matrix product.
    #[error(
        "shapes {left:?} and {right:?} have no matrix product: the last size of the left must equal the last but one \
         (of a vector: the only one) of the right, leading sizes must broadcast, and neither may be a single number"
    )]
    Matmul {
        /// Shape of the left operand.
        left: Vec<usize>,
        /// Shape of the right operand.
        right: Vec<usize>,
    },
    /// An index beyond the last element.
    #[error("index {index} is outside of the shape {shape:?}, which has {count} elements")]
    Index {
        /// The index, as given.
        index: String,
        /// The shape.
        shape: Vec<usize>,
        /// Its number of elements.
        count: usize,
    },
    /// A mask of another length.
    #[error("a mask of {found} units does not fit spikes of shape {shape:?}: {expected} are needed")]
    Mask {
        /// The shape of the spikes.
        shape: Vec<usize>,
        /// How many units it has.
        expected: usize,
        /// How many the mask has.
        found: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_place_expected_found_and_help() {
        let problem = Problem::new("soma.tau", "out of range")
            .expected("a positive number")
            .found(-1)
            .help("use 20ms");
        assert_eq!(
            problem.inside("PushPull.left").to_string(),
            "PushPull.left.soma.tau: out of range\n  expected: a positive number\n  found: -1\n  help: use 20ms"
        );
    }

    #[test]
    fn all_problems_are_listed() {
        let mut error = BuildError::one("a", "first");
        error.extend(BuildError::one("b", "second"));
        let text = error.to_string();
        assert!(
            text.contains("2 problems") && text.contains("a: first") && text.contains("b: second"),
            "{text}"
        );
    }
}
