//! How the work of a network is shared by several threads.
//!
//! Every thread has a copy of the whole network. In each copy a population computes its own part of the units, and all
//! else is computed everywhere. What the units of one part fire reaches the others when the copies
//! [exchange](crate::core::module::Module::exchange) it: not in each step, but once in as many steps as a spike needs at
//! least until it is heard.

use std::ops::Range;

use spark_ir::table::{Feed, GraphTable, ModuleKind, Source};

use crate::core::module::Module;
use crate::core::state::{StateArray, StateMap, restore, snapshot};

/// The part of a network that a copy computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Its number, from 0 on.
    pub index: usize,
    /// How many parts there are.
    pub of: usize,
}

/// Parts begin at multiples of this: no two threads write to the same cache line, and random numbers are drawn in blocks.
const GRAIN: usize = 64;

impl Part {
    /// The units of a population of `count` that belong to it.
    ///
    /// ```
    /// use spark::core::sharing::Part;
    /// let parts = [0, 1].map(|index| Part { index, of: 2 }.units(1000));
    /// assert_eq!(parts, [0..512, 512..1000]);
    /// ```
    pub fn units(&self, count: usize) -> Range<usize> {
        let grains = count.div_ceil(GRAIN);
        let begin = |part: usize| (grains * part / self.of.max(1) * GRAIN).min(count);
        begin(self.index)..begin(self.index + 1)
    }
}

/// What a copy of a module does in one of several threads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Sharing {
    /// All of its work, like every other copy. It has to see all of its input in every step.
    #[default]
    Alone,
    /// All of its work on what it gets, which may be the spikes of a part only. The others are united with it later; for
    /// `slack` steps nobody misses them.
    Whole {
        /// The shortest time, in steps, after which what arrived is used.
        slack: usize,
    },
    /// Its part of the units, and nothing else.
    Units {
        /// Their number.
        count: usize,
    },
    /// The same for a neuron: some of its modules wait before they use what arrives.
    Population {
        /// The number of its units.
        count: usize,
        /// The slack of each input.
        slacks: Vec<usize>,
    },
}

impl Sharing {
    /// How late what arrives at an input may be completed.
    fn slack(&self, input: usize) -> usize {
        match self {
            Sharing::Whole { slack } => *slack,
            Sharing::Population { slacks, .. } => slacks.get(input).copied().unwrap_or_default(),
            Sharing::Alone | Sharing::Units { .. } => 0,
        }
    }

    /// The number of units that are shared.
    fn count(&self) -> Option<usize> {
        match self {
            Sharing::Units { count } | Sharing::Population { count, .. } => Some(*count),
            Sharing::Alone | Sharing::Whole { .. } => None,
        }
    }
}

/// How a declared network is shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Whether a node computes a part of its units, in the order declared.
    pub shared: Vec<bool>,
    /// After how many steps copies have to exchange their spikes; `None`: they never hear of each other.
    pub latency: Option<usize>,
}

/// All feeds of a node, each with the index of its port.
fn feeds<'g>(graph: &'g GraphTable<'_>, node: usize) -> impl Iterator<Item = (usize, &'g Feed<'g>)> {
    let node = &graph.nodes[node];
    node.feeds.iter().filter_map(|feed| {
        let port = node
            .module
            .inputs
            .iter()
            .position(|port| port.name == feed.port)?;
        Some((port, feed))
    })
}

/// How a neuron is shared, as its modules are.
pub fn of_neuron(graph: &GraphTable<'_>, nodes: &[Sharing]) -> Sharing {
    let Some(count) = nodes.iter().find_map(Sharing::count) else {
        return Sharing::Alone;
    };
    let partial = partial_nodes(graph, nodes);
    let from_part = |source: &Source<'_>| match source {
        Source::Output { node, .. } | Source::Property { node, .. } => partial[*node],
        Source::Input(_) | Source::Controller { .. } => false,
    };
    let fits = |(node, sharing): (usize, &Sharing)| match sharing {
        Sharing::Alone => !graph.nodes[node]
            .feeds
            .iter()
            .any(|feed| feed.sources.iter().any(from_part)),
        Sharing::Units { count: own } => *own == count,
        Sharing::Whole { .. } => true,
        Sharing::Population { .. } => false,
    };
    // An effect of a part reaches that part only.
    let effects = graph
        .effects
        .iter()
        .all(|effect| !from_part(&effect.source) || partial[effect.node]);
    let spikes = |output: &spark_ir::table::OutputTable<'_>| {
        !from_part(&output.source) || output.payload.key == "spike_array"
    };
    if !nodes.iter().enumerate().all(fits) || !effects || !graph.outputs.iter().all(spikes) {
        return Sharing::Alone;
    }
    let slack = |input: usize| {
        let uses = (0..nodes.len()).flat_map(|node| {
            feeds(graph, node)
                .filter(move |(_, feed)| feed.sources.contains(&Source::Input(input)))
                .map(move |(port, _)| nodes[node].slack(port))
        });
        let passed_on = graph
            .outputs
            .iter()
            .any(|output| output.source == Source::Input(input));
        if passed_on {
            0
        } else {
            uses.min().unwrap_or(usize::MAX)
        }
    };
    Sharing::Population {
        count,
        slacks: (0..graph.inputs.len()).map(slack).collect(),
    }
}

/// Which nodes of a neuron hold what belongs to a part only.
fn partial_nodes(graph: &GraphTable<'_>, nodes: &[Sharing]) -> Vec<bool> {
    let mut partial: Vec<bool> = nodes.iter().map(|node| node.count().is_some()).collect();
    // A delay passes on what it gets, which is a part or all.
    for _ in 0..nodes.len() {
        for node in 0..nodes.len() {
            let gets_part = feeds(graph, node).any(|(_, feed)| {
                feed.sources
                    .iter()
                    .any(|source| matches!(source, Source::Output { node, .. } if partial[*node]))
            });
            partial[node] |= gets_part && matches!(nodes[node], Sharing::Whole { .. });
        }
    }
    partial
}

/// How a brain is shared, as its nodes are: populations whose outputs are spikes and whose properties nobody reads.
pub fn of_brain(graph: &GraphTable<'_>, nodes: &[Sharing]) -> Plan {
    let read = |node: usize| {
        let is_property =
            |source: &Source<'_>| matches!(source, Source::Property { node: of, .. } if *of == node);
        let of_nodes = graph
            .nodes
            .iter()
            .flat_map(|node| node.feeds)
            .flat_map(|feed| feed.sources);
        of_nodes
            .chain(graph.outputs.iter().map(|output| &output.source))
            .any(is_property)
    };
    let fires = |node: usize| {
        let outputs = graph.nodes[node].module.outputs;
        outputs.iter().all(|port| port.payload.key == "spike_array")
    };
    let shared: Vec<bool> = nodes
        .iter()
        .enumerate()
        .map(|(node, sharing)| matches!(sharing, Sharing::Population { .. }) && fires(node) && !read(node))
        .collect();
    let hears = |feed: &Feed<'_>| {
        feed.sources
            .iter()
            .any(|source| matches!(source, Source::Output { node, .. } if shared[*node]))
    };
    let latency = (0..nodes.len())
        .flat_map(|node| {
            feeds(graph, node)
                .filter(|(_, feed)| hears(feed))
                // A wire of a brain takes a step.
                .map(|(port, _)| nodes[node].slack(port).saturating_add(1))
                .collect::<Vec<_>>()
        })
        .min();
    Plan { shared, latency }
}

/// How a declared network is shared, as its nodes are.
pub fn of_network(graph: &GraphTable<'_>, nodes: &[Sharing]) -> Sharing {
    match graph.kind {
        ModuleKind::Neuron => of_neuron(graph, nodes),
        _ => Sharing::Alone,
    }
}

/// Which nodes of a declared network compute their part only.
pub fn shared_nodes(graph: &GraphTable<'_>, nodes: &[Sharing]) -> Vec<bool> {
    match graph.kind {
        ModuleKind::Neuron => nodes.iter().map(|node| node.count().is_some()).collect(),
        _ => of_brain(graph, nodes).shared,
    }
}

/// Takes over what a copy knows of its part: arrays with an element per unit in that part, all others from the first copy.
pub fn gather<M: Module>(whole: &mut M, copy: &M, part: Part) {
    let mut state = snapshot(whole);
    let count = match whole.sharing() {
        Sharing::Units { count } => Some(count),
        _ => None,
    };
    take_part(
        &mut state,
        snapshot(copy),
        count.map(|count| (count, part.units(count))),
        part.index == 0,
    );
    // The shapes are those of `whole`.
    let _ = restore(whole, state);
}

fn take_part(whole: &mut StateMap, copy: StateMap, units: Option<(usize, Range<usize>)>, all: bool) {
    for (path, entry) in copy {
        let Some(own) = whole.get_mut(&path) else {
            continue;
        };
        if own.value.shape() != entry.value.shape() {
            continue;
        }
        match &units {
            Some((count, range)) if entry.value.shape().iter().product::<usize>() == *count => {
                copy_units(&mut own.value, &entry.value, range.clone());
            }
            _ if all => *own = entry,
            _ => {}
        }
    }
}

fn copy_units(into: &mut StateArray, from: &StateArray, range: Range<usize>) {
    macro_rules! copy {
        ($($variant:ident),*) => {
            match (into, from) {
                $((StateArray::$variant(into), StateArray::$variant(from)) => {
                    let pairs = into.iter_mut().zip(from).skip(range.start).take(range.len());
                    pairs.for_each(|(into, from)| *into = *from);
                })*
                _ => {}
            }
        };
    }
    copy!(
        Float32, Float64, UInt8, UInt16, UInt32, UInt64, Int32, Int64, Bool
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_all_of_the_units_and_begin_at_whole_grains() {
        for count in [1, 63, 64, 1000, 12_500] {
            for of in 1..6 {
                let parts: Vec<_> = (0..of).map(|index| Part { index, of }.units(count)).collect();
                assert_eq!((parts[0].start, parts[of - 1].end), (0, count));
                assert!(parts.windows(2).all(|pair| pair[0].end == pair[1].start));
                assert!(
                    parts
                        .iter()
                        .all(|part| part.start % GRAIN == 0 || part.start == count)
                );
            }
        }
    }
}
