//! Nodes that nothing depends on.

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Resolved};

/// Warns of nodes from which no way leads to an output or into a property (SPK012). Silent while there are errors,
/// whose repair may be the missing way, and in a network without outputs, which is there to be recorded.
pub(super) fn check<S: Clone>(graph: &Graph<S>, resolved: &Resolved<S>, problems: &mut Vec<Diagnostic<S>>) {
    if graph.outputs.is_empty() || problems.iter().any(Diagnostic::is_error) {
        return;
    }
    let mut live = vec![false; graph.nodes.len()];
    let mut found: Vec<usize> = Vec::new();
    found.extend(
        resolved
            .outputs
            .iter()
            .filter_map(|output| output.source.as_ref()?.origin.node()),
    );
    found.extend(
        resolved
            .effects
            .iter()
            .filter_map(|effect| effect.source.origin.node()),
    );
    found.extend((0..graph.nodes.len()).filter(|&node| resolved.nodes[node].last));
    while let Some(node) = found.pop() {
        if !live[node] {
            live[node] = true;
            let feeds = resolved.nodes[node].feeds.iter();
            found.extend(
                feeds
                    .flat_map(|feed| &feed.sources)
                    .filter_map(|source| source.origin.node()),
            );
        }
    }
    for (node, live) in graph.nodes.iter().zip(live) {
        if !live {
            let name = &node.name.text;
            let message = format!(
                "nothing that leaves `{}` depends on the node `{name}`",
                graph.name.text
            );
            let help = "wire it to something, or remove it";
            problems.push(Diagnostic::warning("SPK012", node.name.span.clone(), message).help(help));
        }
    }
}
