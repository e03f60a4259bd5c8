//! The order of a step: no circles in a neuron, and nothing waits for what runs last.

use std::collections::VecDeque;

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Origin, Resolved};
use crate::schedule;
use crate::table::ModuleKind;

/// An output that a node needs in the same step.
#[derive(Clone, Copy)]
struct Edge {
    from: usize,
    to: usize,
    feed: usize,
    source: usize,
}

pub(super) fn check<S: Clone>(
    graph: &Graph<S>,
    resolved: &mut Resolved<S>,
    problems: &mut Vec<Diagnostic<S>>,
) {
    let mut edges = edges(resolved);
    let mut wrong = Vec::new();
    if graph.kind != ModuleKind::Brain {
        too_late(graph, resolved, &mut edges, &mut wrong, problems);
        circles(graph, resolved, &mut edges, &mut wrong, problems);
    }
    leave_out(resolved, wrong);
    let pairs: Vec<_> = edges.iter().map(|edge| (edge.from, edge.to)).collect();
    let last: Vec<_> = resolved.nodes.iter().map(|node| node.last).collect();
    resolved.schedule = schedule::order(graph.kind, graph.nodes.len(), &pairs, &last).unwrap_or_default();
}

fn edges<S>(resolved: &Resolved<S>) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (to, node) in resolved.nodes.iter().enumerate() {
        for (feed, wired) in node.feeds.iter().enumerate() {
            for (source, end) in wired.sources.iter().enumerate() {
                if let Origin::Output { node: from, .. } = end.origin {
                    edges.push(Edge {
                        from,
                        to,
                        feed,
                        source,
                    });
                }
            }
        }
    }
    edges
}

/// Outputs of nodes that run last go to nodes that run last and later (SPK016).
fn too_late<S: Clone>(
    graph: &Graph<S>,
    resolved: &Resolved<S>,
    edges: &mut Vec<Edge>,
    wrong: &mut Vec<Edge>,
    problems: &mut Vec<Diagnostic<S>>,
) {
    let nodes = &resolved.nodes;
    let late = |edge: &Edge| nodes[edge.from].last && (!nodes[edge.to].last || edge.to <= edge.from);
    wrong.extend(edges.iter().copied().filter(late));
    edges.retain(|edge| !late(edge));
    for edge in wrong.iter() {
        let feed = &nodes[edge.to].feeds[edge.feed];
        let source = &feed.sources[edge.source];
        let from = &graph.nodes[edge.from].name.text;
        let message = format!(
            "`{from}` updates a property in place and so runs last, but `{}` needs `{}` before",
            graph.nodes[edge.to].name.text,
            source.end.text()
        );
        let help = format!(
            "an output of `{from}` can go to an output of the network, into a property (`-> node.property()`), or \
             to a node with a `<->` port declared after it"
        );
        problems.push(Diagnostic::error("SPK016", source.end.span.clone(), message).help(help));
    }
}

/// Nodes that wait for each other in a circle (SPK009): the wire that closes each circle is left out.
fn circles<S: Clone>(
    graph: &Graph<S>,
    resolved: &Resolved<S>,
    edges: &mut Vec<Edge>,
    wrong: &mut Vec<Edge>,
    problems: &mut Vec<Diagnostic<S>>,
) {
    for start in 0..graph.nodes.len() {
        while let Some(circle) = shortest_circle(start, edges, graph.nodes.len()) {
            let Some(&closing) = circle.last() else { break };
            let feed = &resolved.nodes[closing.to].feeds[closing.feed];
            let source = &feed.sources[closing.source];
            let name = |node: usize| graph.nodes[node].name.text.as_str();
            let mut path: Vec<_> = circle.iter().map(|edge| name(edge.from)).collect();
            path.push(name(closing.to));
            let message = format!(
                "a neuron uses a value in the step in which it is made, and these nodes wait for each other: {}",
                path.join(" -> ")
            );
            let problem = Diagnostic::error("SPK009", source.end.span.clone(), message)
                .help(
                    "read a property, `node.property()`, which is there before the node runs, or close the circle in \
                     a brain, where every wire takes a step",
                )
                .related(feed.end.span.clone(), "this port closes the circle");
            problems.push(problem);
            let closes = |edge: &Edge| edge.from == closing.from && edge.to == closing.to;
            wrong.extend(edges.iter().copied().filter(closes));
            edges.retain(|edge| !closes(edge));
        }
    }
}

/// The shortest way from a node back to itself.
fn shortest_circle(start: usize, edges: &[Edge], nodes: usize) -> Option<Vec<Edge>> {
    let mut reached_by: Vec<Option<Edge>> = vec![None; nodes];
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for edge in edges.iter().filter(|edge| edge.from == node) {
            if reached_by[edge.to].is_some() {
                continue;
            }
            reached_by[edge.to] = Some(*edge);
            if edge.to == start {
                return Some(walk_back(start, &reached_by));
            }
            queue.push_back(edge.to);
        }
    }
    None
}

fn walk_back(start: usize, reached_by: &[Option<Edge>]) -> Vec<Edge> {
    let mut circle = Vec::new();
    let mut node = start;
    while let Some(edge) = reached_by[node] {
        circle.push(edge);
        node = edge.from;
        if node == start {
            break;
        }
    }
    circle.reverse();
    circle
}

/// Removes sources that cannot be, and feeds that have none left.
fn leave_out<S>(resolved: &mut Resolved<S>, mut wrong: Vec<Edge>) {
    wrong.sort_by_key(|edge| (edge.to, edge.feed, edge.source));
    for edge in wrong.iter().rev() {
        let feed = &mut resolved.nodes[edge.to].feeds[edge.feed];
        feed.sources.remove(edge.source);
        feed.complete = false;
    }
    for node in &mut resolved.nodes {
        node.feeds.retain(|feed| !feed.sources.is_empty());
    }
}
