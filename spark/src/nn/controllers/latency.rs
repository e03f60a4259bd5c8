//! How many steps it takes from an input of a model to an output.

use std::fmt;

use serde::Serialize;
use spark_ir::table::{GraphTable, ModuleKind, Source};

use super::levels::Level;
use super::tree::longest_delay;

/// The shortest way from an input to an output.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Path {
    /// The input.
    pub input: String,
    /// The output.
    pub output: String,
    /// The nodes on the way.
    pub nodes: Vec<String>,
    /// Steps between the one in which a value arrives and the first in which the output can show it: one for each wire
    /// between two nodes of a brain, none inside of a neuron.
    pub steps: usize,
    /// What the delays on the way add at most, in ms.
    pub delays: f64,
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps = if self.steps == 1 { "step" } else { "steps" };
        write!(f, "{} -> {}: {} {steps}", self.input, self.output, self.steps)?;
        if !self.nodes.is_empty() {
            write!(f, " ({})", self.nodes.join(", "))?;
        }
        if self.delays > 0.0 {
            write!(f, ", and delays of up to {} ms", self.delays)?;
        }
        Ok(())
    }
}

/// The shortest ways from all inputs to all outputs that depend on them.
pub(super) fn paths(level: &Level<'_>) -> Vec<Path> {
    let graph = level.graph;
    let mut paths = Vec::new();
    for (input, port) in graph.inputs.iter().enumerate() {
        let reached = spread(graph, input);
        for output in graph.outputs {
            let Some((steps, nodes)) = arrival(graph, &reached, input, &output.source) else {
                continue;
            };
            let delay = |node: &usize| longest_delay(level.fields(*node)).unwrap_or(0.0);
            paths.push(Path {
                input: port.name.to_owned(),
                output: output.name.to_owned(),
                delays: nodes.iter().map(delay).sum(),
                nodes: nodes
                    .iter()
                    .map(|node| graph.nodes[*node].name.to_owned())
                    .collect(),
                steps,
            });
        }
    }
    paths
}

/// For each node: after how many steps an input reaches it first, and from which node.
type Reached = Vec<Option<(usize, Option<usize>)>>;

fn spread(graph: &GraphTable<'_>, input: usize) -> Reached {
    let mut reached: Reached = vec![None; graph.nodes.len()];
    let mut changed = true;
    // Each round settles the nodes that one wire more leads to.
    while changed {
        changed = false;
        for (index, node) in graph.nodes.iter().enumerate() {
            let feeds = node.feeds.iter().flat_map(|feed| feed.sources);
            let effects = graph.effects.iter().filter(|effect| effect.node == index);
            for source in feeds.chain(effects.map(|effect| &effect.source)) {
                let Some((steps, from)) = step_to(graph, &reached, input, source, index) else {
                    continue;
                };
                if reached[index].is_none_or(|(known, _)| steps < known) {
                    reached[index] = Some((steps, from));
                    changed = true;
                }
            }
        }
    }
    reached
}

/// After how many steps a node reads what came in, if its source has it.
fn step_to(
    graph: &GraphTable<'_>,
    reached: &Reached,
    input: usize,
    source: &Source<'_>,
    to: usize,
) -> Option<(usize, Option<usize>)> {
    match *source {
        Source::Input(index) => (index == input).then_some((0, None)),
        Source::Output { node, .. } => {
            let (steps, _) = (*reached.get(node)?)?;
            let wire = usize::from(graph.kind == ModuleKind::Brain);
            Some((steps + wire, Some(node)))
        }
        Source::Property { node, .. } => {
            let (steps, _) = (*reached.get(node)?)?;
            let at = |node: usize| graph.order.iter().position(|other| *other == node);
            // A property of a node that runs later is that of the step before.
            Some((steps + usize::from(at(node) >= at(to)), Some(node)))
        }
        Source::Controller { .. } => None,
    }
}

/// After how many steps an output shows what came in, and by which nodes.
fn arrival(
    graph: &GraphTable<'_>,
    reached: &Reached,
    input: usize,
    source: &Source<'_>,
) -> Option<(usize, Vec<usize>)> {
    let last = match *source {
        Source::Input(index) => return (index == input).then(|| (0, Vec::new())),
        Source::Output { node, .. } | Source::Property { node, .. } => node,
        Source::Controller { .. } => return None,
    };
    let (steps, mut from) = (*reached.get(last)?)?;
    let mut nodes = vec![last];
    while let Some(node) = from.filter(|_| nodes.len() <= graph.nodes.len()) {
        nodes.push(node);
        from = reached[node].and_then(|(_, from)| from);
    }
    nodes.reverse();
    Some((steps, nodes))
}
