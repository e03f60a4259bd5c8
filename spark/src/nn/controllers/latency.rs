//! How many steps it takes from an input of a model to an output, on each way between them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;

use serde::Serialize;
use spark_ir::table::{GraphTable, ModuleKind, ModuleTable, Source};

use super::levels::Level;
use super::tree::longest_delay;

/// The most ways from an input to an output that are listed.
const MOST: usize = 32;

/// The most ways, whole or begun, that are looked at for an input and an output: where nodes are wired to each other in
/// all directions there are more than can be counted.
const MOST_BEGUN: usize = 20_000;

/// A way from an input to an output, which comes by each node at most once.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Path {
    /// The input.
    pub input: String,
    /// The output.
    pub output: String,
    /// The nodes on the way.
    pub nodes: Vec<String>,
    /// Steps between the one in which a value arrives and the first in which the output can show it: one for each wire
    /// between two nodes of a brain, none for those of a neuron, and one for each property that is updated. Through a
    /// neuron: those of the shortest way in it.
    pub steps: usize,
    /// What the delays on the way add at most, in ms.
    pub delays: f64,
    /// Whether a property is updated on the way, such as a kernel that is learned.
    pub updates: bool,
}

/// An input and an output with more ways between them than are listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// The input.
    pub input: String,
    /// The output.
    pub output: String,
    /// How many are listed, the shortest.
    pub listed: usize,
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps = if self.steps == 1 { "step" } else { "steps" };
        write!(f, "{} -> {}: {} {steps}", self.input, self.output, self.steps)?;
        if !self.nodes.is_empty() {
            write!(f, " ({})", self.nodes.join(", "))?;
        }
        if self.updates {
            f.write_str(", by an update")?;
        }
        if self.delays > 0.0 {
            write!(f, ", and delays of up to {} ms", self.delays)?;
        }
        Ok(())
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (input, output, listed) = (&self.input, &self.output, self.listed);
        write!(
            f,
            "{input} -> {output}: cut off here, {listed} of the shortest paths are shown"
        )
    }
}

/// The ways from all inputs to all outputs, the shortest first, and where not all of them are listed.
pub(super) fn paths(level: &Level<'_>) -> (Vec<Path>, Vec<Cut>) {
    let graph = level.graph;
    let edges = edges(graph);
    let (mut paths, mut cut) = (Vec::new(), Vec::new());
    for (input, port) in graph.inputs.iter().enumerate() {
        for output in graph.outputs {
            let (found, is_cut) = ways(&edges, graph.nodes.len(), input, &output.source);
            let delay = |node: &usize| longest_delay(level.fields(*node)).unwrap_or(0.0);
            let name = |node: &usize| graph.nodes[*node].name.to_owned();
            paths.extend(found.iter().map(|way| Path {
                input: port.name.to_owned(),
                output: output.name.to_owned(),
                nodes: way.nodes.iter().map(name).collect(),
                steps: way.steps,
                delays: way.nodes.iter().map(delay).sum(),
                updates: way.updates,
            }));
            if is_cut {
                cut.push(Cut {
                    input: port.name.to_owned(),
                    output: output.name.to_owned(),
                    listed: found.len(),
                });
            }
        }
    }
    (paths, cut)
}

/// Where something comes from on its way into a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    Input(usize),
    Node(usize),
}

/// That a node depends on something, after how many steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Edge {
    from: From,
    to: usize,
    steps: usize,
    /// By a property of the node that is updated after the step.
    updates: bool,
}

/// All that nodes depend on, each dependence once.
fn edges(graph: &GraphTable<'_>) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    let mut add = |edge: Edge| {
        if !edges.contains(&edge) {
            edges.push(edge);
        }
    };
    for (to, node) in graph.nodes.iter().enumerate() {
        for feed in node.feeds {
            let inside = through(node.module, feed.port);
            for source in feed.sources {
                if let Some(inside) = inside {
                    add_source(graph, source, to, inside, &mut add);
                }
                if let (Source::Property { node: owner, .. }, true) = (source, feed.in_place) {
                    add(update(From::Node(to), *owner));
                }
            }
        }
    }
    for effect in graph.effects {
        match effect.source {
            Source::Input(input) => add(update(From::Input(input), effect.node)),
            Source::Output { node, .. } | Source::Property { node, .. } => {
                add(update(From::Node(node), effect.node));
            }
            Source::Controller { .. } => {}
        }
    }
    edges
}

/// What is updated after a step is read in the next one.
const fn update(from: From, to: usize) -> Edge {
    Edge {
        from,
        to,
        steps: 1,
        updates: true,
    }
}

/// The shortest way through a module from one of its inputs: steps, and whether a property is updated on it. None if it is
/// a network in which the input leads nowhere.
fn through(module: &ModuleTable, port: &str) -> Option<(usize, bool)> {
    let Some(graph) = module.graph else {
        return Some((0, false));
    };
    let input = graph.inputs.iter().position(|input| input.name == port)?;
    let edges = edges(graph);
    let outputs = graph.outputs.iter();
    let firsts = outputs.filter_map(|output| {
        ways(&edges, graph.nodes.len(), input, &output.source)
            .0
            .into_iter()
            .next()
    });
    firsts.map(|way| (way.steps, way.updates)).min()
}

fn add_source(
    graph: &GraphTable<'_>,
    source: &Source<'_>,
    to: usize,
    (inside, updates): (usize, bool),
    add: &mut impl FnMut(Edge),
) {
    let at = |node: usize| graph.order.iter().position(|other| *other == node);
    let (from, steps) = match *source {
        Source::Input(input) => (From::Input(input), 0),
        Source::Output { node, .. } => (From::Node(node), usize::from(graph.kind == ModuleKind::Brain)),
        // A property of a node that runs later is that of the step before.
        Source::Property { node, .. } => (From::Node(node), usize::from(at(node) >= at(to))),
        Source::Controller { .. } => return,
    };
    add(Edge {
        from,
        to,
        steps: steps + inside,
        updates,
    });
}

/// A way that may not have arrived yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    /// Steps of the whole way at least: those so far, and of the shortest way on.
    at_least: usize,
    /// So that of two ways as long the one over fewer nodes comes first, then the one that was found first.
    rank: (usize, usize),
    steps: usize,
    nodes: Vec<usize>,
    updates: bool,
}

/// The ways to a source of an output, the shortest first, and whether there may be more. What is begun goes on where the
/// whole can be shortest, so that they are found in this order.
fn ways(edges: &[Edge], nodes: usize, input: usize, source: &Source<'_>) -> (Vec<Way>, bool) {
    let last = match *source {
        Source::Input(index) if index == input => return (vec![Way::default()], false),
        Source::Output { node, .. } | Source::Property { node, .. } => node,
        Source::Input(_) | Source::Controller { .. } => return (Vec::new(), false),
    };
    let rest = steps_to(edges, nodes, last);
    let mut found: Vec<Way> = Vec::new();
    let (mut begun, mut count) = (BinaryHeap::new(), 0);
    let mut go_on = |way: &Way, from: From, begun: &mut BinaryHeap<Reverse<Way>>| {
        for edge in edges.iter().filter(|edge| edge.from == from) {
            let Some(rest) = rest[edge.to].filter(|_| !way.nodes.contains(&edge.to)) else {
                continue;
            };
            let mut next = way.clone();
            next.nodes.push(edge.to);
            next.steps += edge.steps;
            next.updates |= edge.updates;
            next.at_least = next.steps + rest;
            next.rank = (next.nodes.len(), count);
            count += 1;
            begun.push(Reverse(next));
        }
        count <= MOST_BEGUN
    };
    let mut is_whole = go_on(&Way::default(), From::Input(input), &mut begun);
    while let Some(Reverse(way)) = begun.pop() {
        match way.nodes.last() {
            Some(node) if *node != last => is_whole &= go_on(&way, From::Node(*node), &mut begun),
            _ if is_known(&found, &way) => {}
            _ if found.len() == MOST => return (found, true),
            _ => found.push(way),
        }
        if !is_whole {
            return (found, true);
        }
    }
    (found, false)
}

/// The same nodes in as many steps: two wires that are no two ways.
fn is_known(found: &[Way], way: &Way) -> bool {
    let mut found = found.iter();
    found.any(|known| (known.steps, &known.nodes) == (way.steps, &way.nodes))
}

/// The fewest steps from each node to one of them.
fn steps_to(edges: &[Edge], nodes: usize, last: usize) -> Vec<Option<usize>> {
    let mut steps: Vec<Option<usize>> = vec![None; nodes];
    if let Some(own) = steps.get_mut(last) {
        *own = Some(0);
    }
    let mut changed = true;
    // Each round settles the nodes from which one wire more is needed.
    while changed {
        changed = false;
        for edge in edges {
            let (From::Node(from), Some(rest)) = (edge.from, steps[edge.to]) else {
                continue;
            };
            let through = edge.steps + rest;
            if steps[from].is_none_or(|known| through < known) {
                steps[from] = Some(through);
                changed = true;
            }
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use crate::nn::controllers::{ModelConfig, Tree};
    use crate::prelude::*;

    network! {
        /// A population that learns from a reward.
        neuron Learner(spikes: SpikeArray, reward: FloatArray) -> (out: SpikeArray) {
            units = [3];
            inhibitory_rate = 0.0;
            synapses = TracedSynapses;
            soma     = LeakySoma;
            rule     = ThreeFactorHebbianRule;
            spikes            -> synapses.spikes, rule.pre_spikes;
            reward            -> rule.reward;
            synapses.currents -> soma.current;
            soma.spikes       -> rule.post_spikes, out;
            synapses.kernel() <-> rule.kernel;
        }
    }

    network! {
        /// Two populations that drive each other.
        brain Circle(spikes: SpikeArray[3], reward: FloatArray[1]) -> (out: SpikeArray) {
            a = Learner;
            b = Learner;
            (spikes, b.out) -> a.spikes;
            (a.out, a.out)  -> b.spikes;
            reward          -> a.reward, b.reward;
            b.out           -> out;
        }
    }

    network! {
        /// Six populations, each of which drives all others.
        brain Mesh(spikes: SpikeArray[3]) -> (out: SpikeArray) {
            a = LIFNeuron { units: [3] };
            b = LIFNeuron { units: [3] };
            c = LIFNeuron { units: [3] };
            d = LIFNeuron { units: [3] };
            e = LIFNeuron { units: [3] };
            f = LIFNeuron { units: [3] };
            (spikes, b.out_spikes, c.out_spikes, d.out_spikes, e.out_spikes, f.out_spikes) -> a.in_spikes;
            (a.out_spikes, c.out_spikes, d.out_spikes, e.out_spikes, f.out_spikes) -> b.in_spikes;
            (a.out_spikes, b.out_spikes, d.out_spikes, e.out_spikes, f.out_spikes) -> c.in_spikes;
            (a.out_spikes, b.out_spikes, c.out_spikes, e.out_spikes, f.out_spikes) -> d.in_spikes;
            (a.out_spikes, b.out_spikes, c.out_spikes, d.out_spikes, f.out_spikes) -> e.in_spikes;
            (a.out_spikes, b.out_spikes, c.out_spikes, d.out_spikes, e.out_spikes) -> f.in_spikes;
            f.out_spikes -> out;
        }
    }

    fn tree(json: Result<serde_json::Value, BuildError>) -> Tree {
        ModelConfig::from_json(&json.unwrap()).unwrap().tree(&[]).unwrap()
    }

    #[test]
    fn a_way_by_an_update_takes_a_step_more() {
        let tree = tree(Learner::config().to_json());
        let ways: Vec<String> = tree.paths.iter().map(ToString::to_string).collect();
        assert_eq!(
            ways,
            [
                "spikes -> out: 0 steps (synapses, soma)",
                "spikes -> out: 1 step (rule, synapses, soma), by an update",
                "reward -> out: 1 step (rule, synapses, soma), by an update",
            ]
        );
    }

    #[test]
    fn in_a_circle_each_way_comes_by_a_node_once() {
        let tree = tree(Circle::config().to_json());
        let ways: Vec<String> = tree.paths.iter().map(ToString::to_string).collect();
        assert_eq!(
            ways,
            [
                "spikes -> out: 1 step (a, b)",
                "reward -> out: 1 step (b), by an update",
                "reward -> out: 2 steps (a, b), by an update",
            ]
        );
        assert!(tree.cut.is_empty());
    }

    #[test]
    fn of_very_many_ways_the_shortest_are_listed_and_the_rest_is_said_to_be_cut_off() {
        // From a to f: 1 way over no other node, 4 over one, 12 over two, 24 over three, 24 over four.
        let tree = tree(Mesh::config().to_json());
        let steps: Vec<usize> = tree.paths.iter().map(|path| path.steps).collect();
        let expected = [[1].repeat(1), [2].repeat(4), [3].repeat(12), [4].repeat(15)].concat();
        assert_eq!(steps, expected);
        for path in &tree.paths {
            let mut nodes = path.nodes.clone();
            nodes.sort();
            nodes.dedup();
            assert_eq!(nodes.len(), path.nodes.len(), "{path}");
        }
        let text = "spikes -> out: cut off here, 32 of the shortest paths are shown\n";
        assert_eq!(
            (tree.cut.len(), tree.to_string().ends_with(text)),
            (1, true),
            "{tree}"
        );
    }
}
