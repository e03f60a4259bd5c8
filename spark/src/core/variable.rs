//! A value that changes while a model runs.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};

use crate::core::payload::{Shape, SparkPayload};
use crate::core::state::{StateReader, StateValue, StateVisitor, Stateful};

/// What a variable is for: what a reset clears, what training keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum VariableKind {
    /// Activity: potentials, traces, rings of past spikes. A reset clears it.
    #[default]
    Activity,
    /// Learned: kernels. A reset keeps it.
    Learned,
    /// A random stream. A reset keeps it.
    Random,
}

impl std::fmt::Display for VariableKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            VariableKind::Activity => "activity",
            VariableKind::Learned => "learned",
            VariableKind::Random => "random",
        })
    }
}

/// A value that changes while a model runs: [`split`](crate::split) takes it out, [`merge`](crate::merge) puts it
/// back. It is used as the value itself.
///
/// ```
/// use spark::{FloatArray, Variable, VariableKind};
/// let mut potential = Variable::new(FloatArray::from([0.0, 0.0])).with_note("unit", "mV");
/// potential.as_mut_slice()[1] += 2.5;
/// assert_eq!(potential.as_slice(), [0.0, 2.5]);
/// assert_eq!(potential.kind(), VariableKind::Activity);
/// assert_eq!(Variable::learned(FloatArray::from([1.0])).kind(), VariableKind::Learned);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Variable<T> {
    value: T,
    kind: VariableKind,
    notes: BTreeMap<String, String>,
}

impl<T: StateValue> Variable<T> {
    /// A variable of the kind that is usual for the value: random for keys, activity for everything else.
    pub fn new(value: T) -> Self {
        Variable::with_kind(value, T::KIND)
    }

    /// A variable that is learned.
    pub fn learned(value: T) -> Self {
        Variable::with_kind(value, VariableKind::Learned)
    }
}

impl<T> Variable<T> {
    /// A variable of this kind.
    pub const fn with_kind(value: T, kind: VariableKind) -> Self {
        Variable {
            value,
            kind,
            notes: BTreeMap::new(),
        }
    }

    /// With a note: a name and a text that travel with the variable.
    pub fn with_note(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.notes.insert(name.into(), text.into());
        self
    }

    /// What it is for.
    pub const fn kind(&self) -> VariableKind {
        self.kind
    }

    /// Its notes.
    pub const fn notes(&self) -> &BTreeMap<String, String> {
        &self.notes
    }

    /// The value.
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// The value, to be changed.
    pub const fn value_mut(&mut self) -> &mut T {
        &mut self.value
    }

    /// Gives the value up.
    pub fn into_value(self) -> T {
        self.value
    }
}

impl<T: SparkPayload> Variable<T> {
    /// The shape of the payload.
    pub fn shape(&self) -> &Shape {
        self.value.shape()
    }
}

impl<T> Deref for Variable<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Variable<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: StateValue> From<T> for Variable<T> {
    fn from(value: T) -> Self {
        Variable::new(value)
    }
}

/// A variable stands at the path it is visited under.
#[diagnostic::do_not_recommend]
impl<T: StateValue> Stateful for Variable<T> {
    fn visit(&mut self, visitor: &mut StateVisitor<'_>) {
        let value = &mut self.value;
        visitor.of_kind(self.kind, &self.notes, |visitor| value.visit_value(visitor));
    }

    fn visit_ref(&self, reader: &mut StateReader<'_>) {
        reader.of_kind(self.kind, &self.notes, |reader| self.value.save(reader));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::payload::FloatArray;
    use crate::core::rng::Key;

    #[test]
    fn a_variable_is_used_as_its_value() {
        let mut potential = Variable::new(FloatArray::zeros(&Shape::from([3]))).with_note("unit", "mV");
        potential.as_mut_slice()[1] = 2.0;
        assert_eq!(potential.as_slice(), [0.0, 2.0, 0.0]);
        assert_eq!(potential.shape(), &Shape::from([3]));
        assert_eq!(potential.notes()["unit"], "mV");
    }

    #[test]
    fn keys_are_random_and_kernels_are_learned() {
        assert_eq!(Variable::new(Key::from_seed(1)).kind(), VariableKind::Random);
        assert_eq!(Variable::learned(1.0f32).kind(), VariableKind::Learned);
        assert_eq!(Variable::new(1.0f32).kind(), VariableKind::Activity);
    }
}
