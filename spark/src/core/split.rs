//! Taking the state out of a model and putting it back.

use std::fmt;

use crate::core::error::{MergeError, Problem};
use crate::core::state::{self, Slots, State, StateMap, Stateful, VariableKind};

/// A model without its state.
#[derive(Clone)]
pub struct Graph<M> {
    model: M,
    slots: Slots,
}

impl<M> Graph<M> {
    /// The paths of the variables that it lacks.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.slots.keys().map(String::as_str)
    }
}

/// Graphs are equal if they ask for the same variables.
impl<M> PartialEq for Graph<M> {
    fn eq(&self, other: &Self) -> bool {
        self.slots == other.slots
    }
}

impl<M> fmt::Debug for Graph<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Graph")
            .field("slots", &self.slots)
            .finish_non_exhaustive()
    }
}

/// Which variables belong to a part of a state.
///
/// ```
/// use spark::{Filter, VariableKind};
/// let potentials = Filter::path("left/**/potential");
/// assert!(potentials.takes("left/soma/potential", VariableKind::Activity));
/// assert!(!potentials.takes("right/soma/potential", VariableKind::Activity));
/// assert!(Filter::Kind(VariableKind::Learned).takes("left/synapses/kernel", VariableKind::Learned));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// All of this kind.
    Kind(VariableKind),
    /// All whose path fits the pattern: `*` stands for any part of a name, `**` for any number of names.
    Path(String),
    /// All that fit none of these.
    Not(Vec<Filter>),
    /// All that are left.
    Rest,
}

impl Filter {
    /// A path pattern: `**/rng`, `left/*/potential`.
    pub fn path(pattern: impl Into<String>) -> Self {
        Filter::Path(pattern.into())
    }

    /// Whether a variable belongs to the part.
    pub fn takes(&self, path: &str, kind: VariableKind) -> bool {
        match self {
            Filter::Kind(wanted) => *wanted == kind,
            Filter::Path(pattern) => fits(pattern, path),
            Filter::Not(filters) => !filters.iter().any(|filter| filter.takes(path, kind)),
            Filter::Rest => true,
        }
    }
}

impl From<VariableKind> for Filter {
    fn from(kind: VariableKind) -> Self {
        Filter::Kind(kind)
    }
}

impl From<&str> for Filter {
    fn from(pattern: &str) -> Self {
        Filter::path(pattern)
    }
}

/// Whether a path fits a pattern.
fn fits(pattern: &str, path: &str) -> bool {
    let patterns: Vec<&str> = pattern.split('/').collect();
    let names: Vec<&str> = path.split('/').collect();
    // row[j]: whether the patterns so far fit the first j names.
    let mut row = vec![false; names.len() + 1];
    row[0] = true;
    for part in patterns {
        let mut next = vec![false; names.len() + 1];
        next[0] = part == "**" && row[0];
        for (j, name) in names.iter().enumerate() {
            next[j + 1] = if part == "**" {
                row[j + 1] || next[j]
            } else {
                row[j] && name_fits(part, name)
            };
        }
        row = next;
    }
    row[names.len()]
}

/// Whether one name fits one pattern with `*`.
fn name_fits(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else {
        return rest.is_empty();
    };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Variables that no filter takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no filter takes {}\n  help: add `Filter::Rest` as the last filter", self.paths.join(", "))]
pub struct SplitError {
    /// Their paths.
    pub paths: Vec<String>,
}

/// Takes the state out of a model, without copying it.
///
/// ```
/// use spark::prelude::*;
///
/// #[derive(Stateful)]
/// struct Model {
///     kernel: Variable<FloatArray>,
///     potential: Variable<FloatArray>,
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let kernel = Variable::learned(FloatArray::from([1.0, 2.0]));
/// let model = Model { kernel, potential: Variable::new(FloatArray::from([0.0])) };
/// let (graph, state) = spark::split(model);
/// let paths: Vec<&str> = state.map().paths().collect();
/// assert_eq!(paths, ["kernel", "potential"]);
/// let model = spark::merge(graph, state)?;
/// assert_eq!(model.kernel.as_slice(), [1.0, 2.0]);
/// # Ok(())
/// # }
/// ```
pub fn split<M: Stateful>(mut model: M) -> (Graph<M>, State<M>) {
    let slots = state::describe(&model);
    let map = state::take(&mut model);
    (Graph { model, slots }, State::from_map(map))
}

/// Takes the state out of a model, in parts. A variable belongs to the first filter that takes it.
///
/// ```
/// use spark::prelude::*;
/// # #[derive(Stateful)]
/// # struct Model {
/// #     kernel: Variable<FloatArray>,
/// #     potential: Variable<FloatArray>,
/// #     rng: Variable<Key>,
/// # }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kernel = Variable::learned(FloatArray::from([1.0, 2.0]));
/// # let potential = Variable::new(FloatArray::from([0.0]));
/// # let model = Model { kernel, potential, rng: Variable::new(Key::from_seed(1)) };
/// let filters = [Filter::Kind(VariableKind::Learned), Filter::path("**/rng"), Filter::Rest];
/// let (graph, [learned, random, activity]) = spark::split_with(model, filters)?;
/// assert_eq!(learned.paths().collect::<Vec<_>>(), ["kernel"]);
/// assert_eq!(random.paths().collect::<Vec<_>>(), ["rng"]);
/// let model = spark::merge(graph, [learned, random, activity])?;
/// assert_eq!(model.kernel.as_slice(), [1.0, 2.0]);
/// # Ok(())
/// # }
/// ```
pub fn split_with<M: Stateful, const N: usize>(
    model: M,
    filters: [Filter; N],
) -> Result<(Graph<M>, [StateMap; N]), SplitError> {
    let slots = state::describe(&model);
    let part_of = |path: &str, kind| filters.iter().position(|filter| filter.takes(path, kind));
    let left: Vec<String> = slots
        .iter()
        .filter(|(path, slot)| part_of(path, slot.kind).is_none())
        .map(|(path, _)| path.clone())
        .collect();
    if !left.is_empty() {
        return Err(SplitError { paths: left });
    }
    let (graph, whole) = split(model);
    let mut parts = std::array::from_fn(|_| StateMap::new());
    for (path, entry) in whole.into_map() {
        if let Some(part) = part_of(&path, entry.kind) {
            parts[part].insert(path, entry);
        }
    }
    Ok((graph, parts))
}

/// What [`merge`] takes: a state, a map of variables, or several maps.
pub trait IntoStates<M> {
    /// As one map; a path that stands in two maps is an error.
    fn into_states(self) -> Result<StateMap, MergeError>;
}

impl<M> IntoStates<M> for State<M> {
    fn into_states(self) -> Result<StateMap, MergeError> {
        Ok(self.into_map())
    }
}

impl<M> IntoStates<M> for StateMap {
    fn into_states(self) -> Result<StateMap, MergeError> {
        Ok(self)
    }
}

impl<M, const N: usize> IntoStates<M> for [StateMap; N] {
    fn into_states(self) -> Result<StateMap, MergeError> {
        union(self)
    }
}

impl<M> IntoStates<M> for Vec<StateMap> {
    fn into_states(self) -> Result<StateMap, MergeError> {
        union(self)
    }
}

fn union(parts: impl IntoIterator<Item = StateMap>) -> Result<StateMap, MergeError> {
    let mut whole = StateMap::new();
    let mut problems = Vec::new();
    for (path, entry) in parts.into_iter().flatten() {
        if whole.get(&path).is_some() {
            problems.push(Problem::new(path, "stands in two of the states").help("give each variable once"));
        } else {
            whole.insert(path, entry);
        }
    }
    MergeError::check(problems)?;
    Ok(whole)
}

/// Puts a state back into a graph. All that is missing, too much or of another shape is listed.
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
/// let (graph, mut state) = spark::split(model());
/// state.map_mut().remove("kernel");
/// let problems = match spark::merge(graph, state) {
///     Ok(_) => String::new(),
///     Err(error) => error.to_string(),
/// };
/// assert!(problems.contains("kernel: missing in the state"));
/// # }
/// ```
pub fn merge<M: Stateful>(graph: Graph<M>, state: impl IntoStates<M>) -> Result<M, MergeError> {
    let map = state.into_states()?;
    state::check_fit(&graph.slots, &map)?;
    let mut model = graph.model;
    state::load(&mut model, map);
    Ok(model)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::payload::{FloatArray, SpikeArray};
    use crate::core::rng::Key;
    use crate::core::state::{StateReader, StateVisitor, Variable, snapshot};

    #[derive(Debug, Clone, PartialEq)]
    struct Toy {
        kernel: Variable<FloatArray>,
        spikes: Variable<SpikeArray>,
        rng: Variable<Key>,
    }

    impl Stateful for Toy {
        fn visit(&mut self, visitor: &mut StateVisitor<'_>) {
            visitor.leaf("kernel", &mut self.kernel);
            visitor.leaf("spikes", &mut self.spikes);
            visitor.leaf("rng", &mut self.rng);
        }
        fn visit_ref(&self, reader: &mut StateReader<'_>) {
            reader.leaf("kernel", &self.kernel);
            reader.leaf("spikes", &self.spikes);
            reader.leaf("rng", &self.rng);
        }
    }

    fn toy() -> Toy {
        Toy {
            kernel: Variable::learned(FloatArray::from([1.0, 2.0])).with_note("unit", "pA"),
            spikes: Variable::new(SpikeArray::from_indices([3], [1]).unwrap()),
            rng: Variable::new(Key::from_seed(3)),
        }
    }

    #[test]
    fn what_was_split_merges_back_and_arrays_are_not_copied() {
        let model = toy();
        let address = model.kernel.as_slice().as_ptr();
        let (graph, state) = split(model);
        assert_eq!(state.map(), &snapshot(&toy()));
        let merged = merge(graph, state).unwrap();
        assert_eq!(merged, toy());
        assert_eq!(merged.kernel.as_slice().as_ptr(), address);
    }

    #[test]
    fn the_first_filter_that_fits_takes_a_variable() {
        let filters = [
            Filter::Kind(VariableKind::Learned),
            Filter::path("r*"),
            Filter::Rest,
        ];
        let (graph, parts) = split_with(toy(), filters).unwrap();
        let paths = parts
            .each_ref()
            .map(|part| part.paths().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(paths, [vec!["kernel"], vec!["rng"], vec!["spikes"]]);
        assert_eq!(merge(graph, parts).unwrap(), toy());
    }

    #[test]
    fn variables_that_no_filter_takes_are_named() {
        let error = split_with(toy(), [Filter::path("kernel")]).unwrap_err();
        assert_eq!(error.paths, ["rng", "spikes"]);
        assert!(error.to_string().contains("rng, spikes"));
    }

    #[test]
    fn a_merge_lists_everything_that_does_not_fit() {
        let (graph, parts) = split_with(toy(), [Filter::path("rng"), Filter::Rest]).unwrap();
        let [rng, rest] = parts;
        let twice = merge(graph.clone(), vec![rng.clone(), rest.clone(), rng]).unwrap_err();
        assert!(twice.to_string().contains("rng: stands in two"), "{twice}");
        let missing = merge(graph, rest).unwrap_err();
        assert!(
            missing.to_string().contains("rng: missing in the state"),
            "{missing}"
        );
    }

    #[test]
    fn patterns_fit_names_and_paths() {
        assert!(fits("**/rng", "rng") && fits("**/rng", "a/b/rng") && !fits("**/rng", "a/rng/b"));
        assert!(fits("left/*/pot*al", "left/soma/potential") && !fits("left/*", "left/soma/potential"));
        assert!(fits("**", "a/b") && fits("a/**", "a/b/c") && fits("a/**", "a"));
        assert!(!fits("ab*ba", "aba") && fits("a*b*c", "axbxc"));
    }

    #[test]
    fn a_hollow_graph_keeps_its_shapes() {
        let (graph, _) = split(toy());
        assert_eq!(graph.model.spikes.shape().count(), 3);
        assert_eq!(graph.paths().count(), 3);
    }
}
