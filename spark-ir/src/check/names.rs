//! Names: each is declared once.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Name, Resolved};
use crate::shape::{MAX_INPUTS, MAX_NODES, MAX_PORTS};

pub(super) fn check<S: Clone>(
    graph: &Graph<S>,
    resolved: &mut Resolved<S>,
    problems: &mut Vec<Diagnostic<S>>,
) {
    problems.extend(too_large(graph));
    for i in duplicates("input", graph.inputs.iter().map(|port| &port.name), problems) {
        resolved.duplicate_inputs[i] = true;
    }
    for i in duplicates("output", graph.outputs.iter().map(|port| &port.name), problems) {
        resolved.outputs[i].duplicate = true;
    }
    for i in duplicates("node", graph.nodes.iter().map(|node| &node.name), problems) {
        resolved.nodes[i].duplicate = true;
    }
    for node in &graph.nodes {
        if let Some(input) = graph
            .inputs
            .iter()
            .find(|input| input.name.text == node.name.text)
        {
            let message = format!("the node `{0}` has the name of the input `{0}`", node.name.text);
            let problem = Diagnostic::error("SPK001", node.name.span.clone(), message)
                .help("give the node another name")
                .related(input.name.span.clone(), "the input is declared here");
            problems.push(problem);
        }
    }
}

/// Beyond these sizes shapes cannot be followed, and nothing is emitted.
fn too_large<S: Clone>(graph: &Graph<S>) -> Option<Diagnostic<S>> {
    if graph.fits() {
        return None;
    }
    let (inputs, outputs, nodes) = (graph.inputs.len(), graph.outputs.len(), graph.nodes.len());
    let message = format!("`{}` is too large for one network", graph.name.text);
    let problem = Diagnostic::error("SPK019", graph.name.span.clone(), message)
        .expected(format!(
            "at most {MAX_INPUTS} inputs, {MAX_PORTS} outputs and {MAX_NODES} nodes"
        ))
        .found(format!("{inputs} inputs, {outputs} outputs, {nodes} nodes"));
    Some(problem.help("part it into neurons, or pass several values in one array"))
}

/// The indices of names that stand for something else already.
fn duplicates<'a, S: Clone + 'a>(
    what: &str,
    names: impl Iterator<Item = &'a Name<S>>,
    problems: &mut Vec<Diagnostic<S>>,
) -> Vec<usize> {
    let mut first: HashMap<&str, &Name<S>> = HashMap::new();
    let mut duplicates = Vec::new();
    for (i, name) in names.enumerate() {
        match first.get(name.text.as_str()) {
            Some(earlier) => {
                let message = format!("the {what} `{}` is declared twice", name.text);
                let problem = Diagnostic::error("SPK001", name.span.clone(), message)
                    .help(format!("give one {what} another name"))
                    .related(earlier.span.clone(), "it is declared here first");
                problems.push(problem);
                duplicates.push(i);
            }
            None => {
                first.insert(&name.text, name);
            }
        }
    }
    duplicates
}
