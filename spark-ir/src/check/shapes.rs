//! Shapes that can be compared without tables: a wire straight from an input to an output.

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Origin, Resolved};

pub(super) fn check<S: Clone>(graph: &Graph<S>, resolved: &Resolved<S>, problems: &mut Vec<Diagnostic<S>>) {
    for (output, meaning) in graph.outputs.iter().zip(&resolved.outputs) {
        let Some(source) = &meaning.source else { continue };
        let Origin::Input(input) = source.origin else {
            continue;
        };
        let input = &graph.inputs[input];
        let (Some(given), Some(taken)) = (&input.shape, &output.shape) else {
            continue;
        };
        if disagree(given, taken) {
            let message = format!(
                "`{}` is declared as {} but `{}` as {}",
                input.name.text,
                text(given),
                output.name.text,
                text(taken)
            );
            let problem = Diagnostic::error("SPK014", source.end.span.clone(), message)
                .related(output.name.span.clone(), "the output is declared here");
            problems.push(problem);
        }
    }
}

fn disagree(a: &[Option<usize>], b: &[Option<usize>]) -> bool {
    a.len() != b.len()
        || a.iter()
            .zip(b)
            .any(|(a, b)| matches!((a, b), (Some(a), Some(b)) if a != b))
}

fn text(shape: &[Option<usize>]) -> String {
    let sizes: Vec<_> = shape
        .iter()
        .map(|size| size.map_or("_".to_owned(), |size| size.to_string()))
        .collect();
    format!("[{}]", sizes.join(", "))
}
