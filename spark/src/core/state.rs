//! The state of a model: every variable by path, and how models show theirs.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use ndarray::IxDyn;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::core::array::{ArrayD, Element, hollow, standard};
use crate::core::dtype::Dtype;
use crate::core::error::{MergeError, Problem};
use crate::core::rng::Key;

pub use crate::core::variable::{Variable, VariableKind};
/// Derives the trait of the same name.
///
/// ```
/// use spark::prelude::*;
///
/// #[derive(Stateful)]
/// struct Inner {
///     trace: Variable<FloatArray>,
/// }
///
/// #[derive(Stateful)]
/// struct Outer {
///     kernel: Variable<FloatArray>,
///     #[nested]
///     inner: Inner,
///     gain: f64, // constant: no part of the state
/// }
///
/// # fn main() {
/// let inner = Inner { trace: Variable::new(FloatArray::from([0.0])) };
/// let outer = Outer { kernel: Variable::learned(FloatArray::from([1.0])), inner, gain: 2.0 };
/// assert_eq!(spark::snapshot(&outer).paths().collect::<Vec<_>>(), ["inner/trace", "kernel"]);
/// # assert_eq!(outer.gain, 2.0);
/// # }
/// ```
pub use spark_macros::Stateful;

/// An array of any of the types that a state may hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum StateArray {
    Float32(ArrayD<f32>),
    Float64(ArrayD<f64>),
    UInt8(ArrayD<u8>),
    UInt16(ArrayD<u16>),
    UInt32(ArrayD<u32>),
    UInt64(ArrayD<u64>),
    Int32(ArrayD<i32>),
    Int64(ArrayD<i64>),
    Bool(ArrayD<bool>),
}

macro_rules! each_type {
    ($value:expr, $array:ident => $result:expr) => {
        match $value {
            StateArray::Float32($array) => $result,
            StateArray::Float64($array) => $result,
            StateArray::UInt8($array) => $result,
            StateArray::UInt16($array) => $result,
            StateArray::UInt32($array) => $result,
            StateArray::UInt64($array) => $result,
            StateArray::Int32($array) => $result,
            StateArray::Int64($array) => $result,
            StateArray::Bool($array) => $result,
        }
    };
}

fn dtype_of<T: Element>(_: &ArrayD<T>) -> Dtype {
    T::DTYPE
}

impl StateArray {
    /// Sizes.
    pub fn shape(&self) -> &[usize] {
        each_type!(self, array => array.shape())
    }

    /// Number type.
    pub fn dtype(&self) -> Dtype {
        each_type!(self, array => dtype_of(array))
    }

    /// The memory that its elements take, in bytes.
    pub fn byte_len(&self) -> usize {
        each_type!(self, array => std::mem::size_of_val(array.as_slice().unwrap_or_default()))
    }
}

impl<T: Element> From<ArrayD<T>> for StateArray {
    fn from(array: ArrayD<T>) -> Self {
        T::into_state(array)
    }
}

/// One variable of a state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StateEntry {
    /// What the variable is for.
    pub kind: VariableKind,
    /// Its value.
    pub value: StateArray,
    /// Its notes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<String, String>,
}

/// Appends a name to a path.
pub fn join(path: &str, name: &str) -> String {
    match (path.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => path.to_owned(),
        _ => format!("{path}/{name}"),
    }
}

/// Variables by path (`left/soma/potential`), sorted.
///
/// ```
/// use spark::{ArrayD, StateMap, VariableKind};
/// let mut state = StateMap::new();
/// state.insert_f32("soma/potential", ArrayD::zeros(vec![3]));
/// state.insert_array("synapses/kernel", VariableKind::Learned, ArrayD::from_elem(vec![3, 2], 1.5));
/// assert_eq!(state.paths().collect::<Vec<_>>(), ["soma/potential", "synapses/kernel"]);
/// assert_eq!(state.get("soma/potential").map(|entry| entry.value.shape()), Some(&[3][..]));
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StateMap {
    entries: BTreeMap<String, StateEntry>,
}

macro_rules! inserters {
    ($($name:ident $ty:ty),*) => {$(
        /// Adds an array as activity.
        pub fn $name(&mut self, path: impl Into<String>, array: ArrayD<$ty>) {
            self.insert_array(path, VariableKind::Activity, array);
        }
    )*};
}

impl StateMap {
    /// Without any variable.
    pub const fn new() -> Self {
        StateMap {
            entries: BTreeMap::new(),
        }
    }

    /// Adds an entry; gives back the one that stood there.
    pub fn insert(&mut self, path: impl Into<String>, entry: StateEntry) -> Option<StateEntry> {
        self.entries.insert(path.into(), entry)
    }

    /// Adds an array.
    pub fn insert_array<T: Element>(
        &mut self,
        path: impl Into<String>,
        kind: VariableKind,
        array: ArrayD<T>,
    ) {
        self.insert(
            path,
            StateEntry {
                kind,
                value: array.into(),
                notes: BTreeMap::new(),
            },
        );
    }

    inserters!(
        insert_f32 f32, insert_f64 f64, insert_u8 u8, insert_u16 u16, insert_u32 u32, insert_u64 u64, insert_i32 i32,
        insert_i64 i64, insert_bool bool
    );

    /// The entry at a path.
    pub fn get(&self, path: &str) -> Option<&StateEntry> {
        self.entries.get(path)
    }

    /// The entry at a path, to be changed.
    pub fn get_mut(&mut self, path: &str) -> Option<&mut StateEntry> {
        self.entries.get_mut(path)
    }

    /// Takes an entry out.
    pub fn remove(&mut self, path: &str) -> Option<StateEntry> {
        self.entries.remove(path)
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All entries by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &StateEntry)> {
        self.entries.iter().map(|(path, entry)| (path.as_str(), entry))
    }

    /// All paths.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }
}

impl IntoIterator for StateMap {
    type Item = (String, StateEntry);
    type IntoIter = std::collections::btree_map::IntoIter<String, StateEntry>;
    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl FromIterator<(String, StateEntry)> for StateMap {
    fn from_iter<I: IntoIterator<Item = (String, StateEntry)>>(entries: I) -> Self {
        StateMap {
            entries: entries.into_iter().collect(),
        }
    }
}

impl Extend<(String, StateEntry)> for StateMap {
    fn extend<I: IntoIterator<Item = (String, StateEntry)>>(&mut self, entries: I) {
        self.entries.extend(entries);
    }
}

/// The state of a model of type `M`.
///
/// ```
/// use spark::prelude::*;
/// # #[derive(Stateful)]
/// # struct Model {
/// #     kernel: Variable<FloatArray>,
/// #     potential: Variable<FloatArray>,
/// # }
/// # fn model() -> Model {
/// #     let kernel = Variable::learned(FloatArray::from([1.0, 2.0]));
/// #     Model { kernel, potential: Variable::new(FloatArray::from([0.0])) }
/// # }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (graph, mut state) = spark::split(model());
/// let copy: State<Model> = state.clone();
/// let moved = ArrayD::from_elem(vec![1], 4.0 as Real);
/// state.map_mut().insert_array("potential", VariableKind::Activity, moved);
/// assert_ne!(state, copy);
/// assert_eq!(spark::merge(graph, state)?.potential.as_slice(), [4.0]);
/// # Ok(())
/// # }
/// ```
pub struct State<M> {
    map: StateMap,
    model: PhantomData<fn() -> M>,
}

impl<M> State<M> {
    /// From variables by path; whether they fit is seen when they are merged.
    pub const fn from_map(map: StateMap) -> Self {
        State {
            map,
            model: PhantomData,
        }
    }

    /// Variables by path.
    pub const fn map(&self) -> &StateMap {
        &self.map
    }

    /// Variables by path, to be changed.
    pub const fn map_mut(&mut self) -> &mut StateMap {
        &mut self.map
    }

    /// Gives the variables up.
    pub fn into_map(self) -> StateMap {
        self.map
    }
}

impl<M> Clone for State<M> {
    fn clone(&self) -> Self {
        State::from_map(self.map.clone())
    }
}

impl<M> PartialEq for State<M> {
    fn eq(&self, other: &Self) -> bool {
        self.map == other.map
    }
}

impl<M> fmt::Debug for State<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("State").field(&self.map).finish()
    }
}

impl<M> Serialize for State<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.map.serialize(serializer)
    }
}

impl<'de, M> Deserialize<'de> for State<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        StateMap::deserialize(deserializer).map(State::from_map)
    }
}

/// What a model must be given to have a state: kind, type and shape by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) kind: VariableKind,
    pub(crate) dtype: Dtype,
    pub(crate) shape: Vec<usize>,
}

pub(crate) type Slots = BTreeMap<String, Slot>;

fn text_of(dtype: Dtype, shape: &[usize]) -> String {
    format!("{dtype} {shape:?}")
}

/// How an entry of a state does not fit a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misfit {
    Missing,
    Surplus,
    Dtype,
    Shape,
}

/// All differences between what a model must be given and what `map` holds.
pub(crate) fn misfits(slots: &Slots, map: &StateMap) -> Vec<(Misfit, Problem)> {
    let mut found = Vec::new();
    for (path, slot) in slots {
        let expected = text_of(slot.dtype, &slot.shape);
        let Some(entry) = map.get(path) else {
            let problem = Problem::new(path, "missing in the state").expected(expected);
            found.push((Misfit::Missing, problem));
            continue;
        };
        let misfit = if entry.value.dtype() != slot.dtype {
            Misfit::Dtype
        } else if entry.value.shape() != slot.shape {
            Misfit::Shape
        } else {
            continue;
        };
        let problem = Problem::new(path, "does not fit the model").expected(expected);
        found.push((
            misfit,
            problem.found(text_of(entry.value.dtype(), entry.value.shape())),
        ));
    }
    for (path, entry) in map.iter().filter(|(path, _)| !slots.contains_key(*path)) {
        let problem = Problem::new(path, "the model has no such variable");
        found.push((
            Misfit::Surplus,
            problem.found(text_of(entry.value.dtype(), entry.value.shape())),
        ));
    }
    found
}

/// Whether `map` has exactly these entries. All differences are listed.
pub(crate) fn check_fit(slots: &Slots, map: &StateMap) -> Result<(), MergeError> {
    let problems = misfits(slots, map).into_iter().map(|(_, problem)| problem);
    MergeError::check(problems.collect())
}

enum Reading<'a> {
    Copy(&'a mut StateMap),
    Describe(&'a mut Slots),
}

/// Reads the variables of a model: copies them, or notes their shapes.
pub struct StateReader<'a> {
    path: String,
    kind: VariableKind,
    notes: BTreeMap<String, String>,
    reading: Reading<'a>,
}

impl<'a> StateReader<'a> {
    /// Copies variables into `map`, under `path`.
    pub fn new(path: &str, map: &'a mut StateMap) -> Self {
        StateReader::with(path, Reading::Copy(map))
    }

    fn with(path: &str, reading: Reading<'a>) -> Self {
        StateReader {
            path: path.to_owned(),
            kind: VariableKind::Activity,
            notes: BTreeMap::new(),
            reading,
        }
    }

    /// Visits what stands under a name.
    pub fn nested(&mut self, name: &str, visit: impl FnOnce(&mut Self)) {
        let len = self.path.len();
        self.path = join(&self.path, name);
        visit(self);
        self.path.truncate(len);
    }

    /// Visits a variable under a name.
    pub fn leaf<T: Stateful>(&mut self, name: &str, variable: &T) {
        self.nested(name, |reader| variable.visit_ref(reader));
    }

    /// Visits a value that is no variable, as if it were one.
    pub fn item<T: StateValue>(&mut self, name: &str, kind: VariableKind, value: &T) {
        self.nested(name, |reader| {
            reader.of_kind(kind, &BTreeMap::new(), |reader| value.save(reader))
        });
    }

    pub(crate) fn of_kind(
        &mut self,
        kind: VariableKind,
        notes: &BTreeMap<String, String>,
        visit: impl FnOnce(&mut Self),
    ) {
        let outer_kind = std::mem::replace(&mut self.kind, kind);
        let outer_notes = std::mem::replace(&mut self.notes, notes.clone());
        visit(self);
        self.kind = outer_kind;
        self.notes = outer_notes;
    }

    /// An array of the current variable. The name is empty if the variable is one array.
    pub fn array<T: Element>(&mut self, name: &str, array: &ArrayD<T>) {
        self.value(name, array.shape(), || standard(array.clone()));
    }

    /// An array of the current variable that has to be made first.
    pub fn value<T: Element>(&mut self, name: &str, shape: &[usize], make: impl FnOnce() -> ArrayD<T>) {
        let path = join(&self.path, name);
        match &mut self.reading {
            Reading::Copy(map) => {
                let entry = StateEntry {
                    kind: self.kind,
                    value: make().into(),
                    notes: self.notes.clone(),
                };
                map.insert(path, entry);
            }
            Reading::Describe(slots) => {
                slots.insert(
                    path,
                    Slot {
                        kind: self.kind,
                        dtype: T::DTYPE,
                        shape: shape.to_vec(),
                    },
                );
            }
        }
    }
}

enum Visiting<'a> {
    Take(&'a mut StateMap),
    Load(&'a mut StateMap),
}

/// Moves the variables of a model out or in.
pub struct StateVisitor<'a> {
    path: String,
    kind: VariableKind,
    notes: BTreeMap<String, String>,
    visiting: Visiting<'a>,
}

impl<'a> StateVisitor<'a> {
    fn with(visiting: Visiting<'a>) -> Self {
        StateVisitor {
            path: String::new(),
            kind: VariableKind::Activity,
            notes: BTreeMap::new(),
            visiting,
        }
    }

    /// Visits what stands under a name.
    pub fn nested(&mut self, name: &str, visit: impl FnOnce(&mut Self)) {
        let len = self.path.len();
        self.path = join(&self.path, name);
        visit(self);
        self.path.truncate(len);
    }

    /// Visits a variable under a name.
    pub fn leaf<T: Stateful>(&mut self, name: &str, variable: &mut T) {
        self.nested(name, |visitor| variable.visit(visitor));
    }

    /// Visits a value that is no variable, as if it were one.
    pub fn item<T: StateValue>(&mut self, name: &str, kind: VariableKind, value: &mut T) {
        self.nested(name, |visitor| {
            visitor.of_kind(kind, &BTreeMap::new(), |visitor| value.visit_value(visitor))
        });
    }

    pub(crate) fn of_kind(
        &mut self,
        kind: VariableKind,
        notes: &BTreeMap<String, String>,
        visit: impl FnOnce(&mut Self),
    ) {
        let outer_kind = std::mem::replace(&mut self.kind, kind);
        let outer_notes = std::mem::replace(&mut self.notes, notes.clone());
        visit(self);
        self.kind = outer_kind;
        self.notes = outer_notes;
    }

    /// An array of the current variable, moved without copying. The name is empty if the variable is one array.
    pub fn array<T: Element>(&mut self, name: &str, array: &mut ArrayD<T>) {
        self.value(
            name,
            array,
            |array| std::mem::replace(array, hollow()),
            |array, new| *array = standard(new),
        );
    }

    /// An array of the current variable that is kept in another form: how to make it, how to read it.
    pub fn value<V: ?Sized, T: Element>(
        &mut self,
        name: &str,
        value: &mut V,
        take: impl FnOnce(&mut V) -> ArrayD<T>,
        load: impl FnOnce(&mut V, ArrayD<T>),
    ) {
        let path = join(&self.path, name);
        match &mut self.visiting {
            Visiting::Take(map) => {
                let entry = StateEntry {
                    kind: self.kind,
                    value: take(value).into(),
                    notes: self.notes.clone(),
                };
                map.insert(path, entry);
            }
            Visiting::Load(map) => {
                // The state was checked against the model before: what is missing here stands there twice.
                if let Some(array) = map
                    .remove(&path)
                    .and_then(|entry| T::from_state(entry.value).ok())
                {
                    load(value, array);
                }
            }
        }
    }
}

/// A value that a variable may hold.
pub trait StateValue: Send + 'static {
    /// The kind of a variable that holds it, unless said otherwise.
    const KIND: VariableKind = VariableKind::Activity;
    /// Shows its arrays.
    fn save(&self, reader: &mut StateReader<'_>);
    /// Lets its arrays be moved out or in; the same arrays as in [`StateValue::save`].
    fn visit_value(&mut self, visitor: &mut StateVisitor<'_>);
}

/// What has variables: modules, neurons, brains. Derived with `#[derive(Stateful)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what its state is",
    label = "no state is known of this type",
    note = "write `#[derive(Stateful)]` over the struct"
)]
pub trait Stateful {
    /// Lets its variables be moved out or in.
    fn visit(&mut self, visitor: &mut StateVisitor<'_>);
    /// Shows its variables; the same as in [`Stateful::visit`].
    fn visit_ref(&self, reader: &mut StateReader<'_>);
}

/// A copy of the state of a model.
///
/// ```
/// use spark::prelude::*;
/// # #[derive(Stateful)]
/// # struct Model {
/// #     kernel: Variable<FloatArray>,
/// #     potential: Variable<FloatArray>,
/// # }
/// # fn model() -> Model {
/// #     let kernel = Variable::learned(FloatArray::from([1.0, 2.0]));
/// #     Model { kernel, potential: Variable::new(FloatArray::from([0.0])) }
/// # }
/// # fn main() {
/// let mut model = model();
/// let before = spark::snapshot(&model);
/// model.potential.fill(3.0);
/// assert_ne!(spark::snapshot(&model), before);
/// # }
/// ```
pub fn snapshot<M: Stateful + ?Sized>(model: &M) -> StateMap {
    let mut map = StateMap::new();
    model.visit_ref(&mut StateReader::new("", &mut map));
    map
}

pub(crate) fn describe<M: Stateful + ?Sized>(model: &M) -> Slots {
    let mut slots = Slots::new();
    model.visit_ref(&mut StateReader::with("", Reading::Describe(&mut slots)));
    slots
}

pub(crate) fn take<M: Stateful + ?Sized>(model: &mut M) -> StateMap {
    let mut map = StateMap::new();
    model.visit(&mut StateVisitor::with(Visiting::Take(&mut map)));
    map
}

pub(crate) fn load<M: Stateful + ?Sized>(model: &mut M, mut map: StateMap) {
    model.visit(&mut StateVisitor::with(Visiting::Load(&mut map)));
}

/// Puts a state into a model. The model is left as it was if the state does not fit.
///
/// ```
/// use spark::prelude::*;
/// # #[derive(Stateful)]
/// # struct Model {
/// #     kernel: Variable<FloatArray>,
/// #     potential: Variable<FloatArray>,
/// # }
/// # fn model() -> Model {
/// #     let kernel = Variable::learned(FloatArray::from([1.0, 2.0]));
/// #     Model { kernel, potential: Variable::new(FloatArray::from([0.0])) }
/// # }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut model = model();
/// let before = spark::snapshot(&model);
/// model.potential.fill(3.0);
/// spark::restore(&mut model, before)?;
/// assert_eq!(model.potential.as_slice(), [0.0]);
/// # Ok(())
/// # }
/// ```
pub fn restore<M: Stateful + ?Sized>(model: &mut M, state: StateMap) -> Result<(), MergeError> {
    check_fit(&describe(model), &state)?;
    load(model, state);
    Ok(())
}

impl<T: Element> StateValue for ArrayD<T> {
    fn save(&self, reader: &mut StateReader<'_>) {
        reader.array("", self);
    }
    fn visit_value(&mut self, visitor: &mut StateVisitor<'_>) {
        visitor.array("", self);
    }
}

fn scalar<T: Element>(value: T) -> ArrayD<T> {
    ArrayD::from_elem(IxDyn(&[]), value)
}

fn vector<T: Element>(values: Vec<T>) -> ArrayD<T> {
    ndarray::Array1::from_vec(values).into_dyn()
}

macro_rules! number_value {
    ($($ty:ty),*) => {$(
        impl StateValue for $ty {
            fn save(&self, reader: &mut StateReader<'_>) {
                reader.value("", &[], || scalar(*self));
            }
            fn visit_value(&mut self, visitor: &mut StateVisitor<'_>) {
                let load = |value: &mut $ty, array: ArrayD<$ty>| array.iter().for_each(|new| *value = *new);
                visitor.value("", self, |value| scalar(*value), load);
            }
        }
    )*};
}
number_value!(f32, f64, u8, u16, u32, u64, i32, i64, bool);

impl<T: Element> StateValue for Vec<T> {
    fn save(&self, reader: &mut StateReader<'_>) {
        reader.value("", &[self.len()], || vector(self.clone()));
    }
    fn visit_value(&mut self, visitor: &mut StateVisitor<'_>) {
        let load = |values: &mut Vec<T>, array: ArrayD<T>| *values = array.into_iter().collect();
        visitor.value("", self, |values| vector(std::mem::take(values)), load);
    }
}

impl<T: Element, const N: usize> StateValue for [T; N] {
    fn save(&self, reader: &mut StateReader<'_>) {
        reader.value("", &[N], || vector(self.to_vec()));
    }
    fn visit_value(&mut self, visitor: &mut StateVisitor<'_>) {
        let load = |values: &mut [T; N], array: ArrayD<T>| {
            values.iter_mut().zip(array).for_each(|(value, new)| *value = new);
        };
        visitor.value("", self, |values| vector(values.to_vec()), load);
    }
}

impl StateValue for Key {
    const KIND: VariableKind = VariableKind::Random;
    fn save(&self, reader: &mut StateReader<'_>) {
        self.0.save(reader);
    }
    fn visit_value(&mut self, visitor: &mut StateVisitor<'_>) {
        self.0.visit_value(visitor);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Stateful> Stateful for Vec<T> {
    fn visit(&mut self, visitor: &mut StateVisitor<'_>) {
        for (i, item) in self.iter_mut().enumerate() {
            visitor.nested(&i.to_string(), |visitor| item.visit(visitor));
        }
    }
    fn visit_ref(&self, reader: &mut StateReader<'_>) {
        for (i, item) in self.iter().enumerate() {
            reader.nested(&i.to_string(), |reader| item.visit_ref(reader));
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: Stateful> Stateful for Option<T> {
    fn visit(&mut self, visitor: &mut StateVisitor<'_>) {
        if let Some(item) = self {
            item.visit(visitor);
        }
    }
    fn visit_ref(&self, reader: &mut StateReader<'_>) {
        if let Some(item) = self {
            item.visit_ref(reader);
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: Stateful + ?Sized> Stateful for Box<T> {
    fn visit(&mut self, visitor: &mut StateVisitor<'_>) {
        (**self).visit(visitor);
    }
    fn visit_ref(&self, reader: &mut StateReader<'_>) {
        (**self).visit_ref(reader);
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),*))*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($name: Stateful),*> Stateful for ($($name,)*) {
            #[allow(unused_variables)]
            fn visit(&mut self, visitor: &mut StateVisitor<'_>) {
                $(visitor.leaf(stringify!($index), &mut self.$index);)*
            }
            #[allow(unused_variables)]
            fn visit_ref(&self, reader: &mut StateReader<'_>) {
                $(reader.leaf(stringify!($index), &self.$index);)*
            }
        }

        impl<$($name: StateValue),*> StateValue for ($($name,)*) {
            #[allow(unused_variables)]
            fn save(&self, reader: &mut StateReader<'_>) {
                $(reader.nested(stringify!($index), |reader| self.$index.save(reader));)*
            }
            #[allow(unused_variables)]
            fn visit_value(&mut self, visitor: &mut StateVisitor<'_>) {
                $({
                    let value = &mut self.$index;
                    visitor.nested(stringify!($index), |visitor| value.visit_value(visitor));
                })*
            }
        }
    )*};
}
tuples! {
    () (A 0) (A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3) (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5) (A 0, B 1, C 2, D 3, E 4, F 5, G 6) (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pair {
        potential: Variable<Vec<f32>>,
        stream: Option<Variable<Key>>,
    }

    impl Stateful for Pair {
        fn visit(&mut self, visitor: &mut StateVisitor<'_>) {
            visitor.leaf("potential", &mut self.potential);
            visitor.leaf("rng", &mut self.stream);
        }
        fn visit_ref(&self, reader: &mut StateReader<'_>) {
            reader.leaf("potential", &self.potential);
            reader.leaf("rng", &self.stream);
        }
    }

    fn pair() -> Pair {
        Pair {
            potential: Variable::new(vec![1.0, 2.0]),
            stream: Some(Variable::new(Key([3, 4]))),
        }
    }

    #[test]
    fn a_snapshot_restores_what_was() {
        let mut model = (pair(), pair());
        let before = snapshot(&model);
        assert_eq!(
            before.paths().collect::<Vec<_>>(),
            ["0/potential", "0/rng", "1/potential", "1/rng"]
        );
        assert_eq!(before.get("0/rng").unwrap().kind, VariableKind::Random);
        model.1.potential[0] = 9.0;
        assert_ne!(snapshot(&model), before);
        restore(&mut model, before.clone()).unwrap();
        assert_eq!(snapshot(&model), before);
    }

    #[test]
    fn a_state_that_does_not_fit_changes_nothing_and_is_told_in_full() {
        let mut model = pair();
        let before = snapshot(&model);
        let mut wrong = before.clone();
        wrong.remove("rng");
        wrong.insert_f32("potential", ArrayD::zeros(IxDyn(&[3])));
        wrong.insert_u8("other", ArrayD::zeros(IxDyn(&[])));
        let text = restore(&mut model, wrong).unwrap_err().to_string();
        for part in [
            "3 problems",
            "rng: missing",
            "float32 [2]",
            "float32 [3]",
            "other: the model has no such",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert_eq!(snapshot(&model), before);
    }

    #[test]
    fn a_state_survives_json() {
        let state: State<Pair> = State::from_map(snapshot(&pair()));
        let text = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<State<Pair>>(&text).unwrap(), state);
    }
}
