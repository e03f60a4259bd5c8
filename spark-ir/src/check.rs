//! Checks of a network. All problems are reported at once.
//!
//! The graph as written needs names and wires, no types ([`Graph::resolve`]). Who has the tables of all modules at
//! hand, as the loader and the editor have, checks ports, payloads, fields and shapes as well ([`tables`]); in
//! `network!` the compiler does that.

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Resolved, ResolvedNode, ResolvedOutput, Schedule};

mod cycles;
mod dead;
mod names;
mod shapes;
mod typed;
mod wires;

pub use typed::{TablePlace, tables};

/// Checks a graph and says what its wires mean, without whatever was wrong.
///
/// What `unread` names stands in statements that could not be read: nothing is said of it a second time.
pub(crate) fn resolve<S: Clone>(graph: &Graph<S>, unread: &[String]) -> (Resolved<S>, Vec<Diagnostic<S>>) {
    let mut problems = Vec::new();
    let mut resolved = blank(graph);
    names::check(graph, &mut resolved, &mut problems);
    if graph.nodes.is_empty() && graph.wires.is_empty() {
        if unread.is_empty() {
            problems.push(empty(graph));
        }
        return (resolved, problems);
    }
    wires::check(graph, &mut resolved, unread, &mut problems);
    shapes::check(graph, &resolved, &mut problems);
    cycles::check(graph, &mut resolved, &mut problems);
    if unread.is_empty() {
        dead::check(graph, &resolved, &mut problems);
    }
    for problem in &mut problems {
        problem.place.clone_from(&graph.name.text);
    }
    (resolved, problems)
}

fn blank<S>(graph: &Graph<S>) -> Resolved<S> {
    let node = || ResolvedNode {
        feeds: Vec::new(),
        mentioned: Vec::new(),
        duplicate: false,
        last: false,
    };
    let output = || ResolvedOutput {
        source: None,
        wire: None,
        duplicate: false,
    };
    Resolved {
        nodes: graph.nodes.iter().map(|_| node()).collect(),
        outputs: graph.outputs.iter().map(|_| output()).collect(),
        duplicate_inputs: vec![false; graph.inputs.len()],
        effects: Vec::new(),
        schedule: Schedule::default(),
    }
}

fn empty<S: Clone>(graph: &Graph<S>) -> Diagnostic<S> {
    let message = format!("`{}` has no nodes and no wires", graph.name.text);
    Diagnostic::error("SPK015", graph.name.span.clone(), message)
        .help("declare a node, `name = Module { .. };`, and wire it, `input -> name.port;`")
        .at(&graph.name.text)
}
