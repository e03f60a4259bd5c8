//! The parsed network as a graph of `spark-ir`, whose places are spans; its checks as compile errors.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use spark_ir::diagnostic::{Diagnostic, Level};
use spark_ir::graph::{End as IrEnd, Graph, Name, Node as IrNode, Port as IrPort, Resolved, Wire as IrWire};
use spark_ir::table::ModuleKind;

use super::ast::{End, Kind, Network, Port, compile_error};

/// A place: the first and the last token.
pub(crate) type Place = (Span, Span);

/// The graph, what its wires mean, and the problems of both as tokens to emit.
pub(crate) struct Lowered {
    pub(crate) graph: Graph<Place>,
    pub(crate) resolved: Resolved<Place>,
    pub(crate) messages: TokenStream,
}

/// Lowers and checks.
pub(crate) fn lower(network: &Network) -> Lowered {
    let graph = Graph {
        kind: match network.kind {
            Kind::Neuron => ModuleKind::Neuron,
            Kind::Brain => ModuleKind::Brain,
        },
        name: name(&network.name),
        inputs: network.inputs.iter().map(port).collect(),
        outputs: network.outputs.iter().map(port).collect(),
        nodes: network
            .nodes
            .iter()
            .map(|node| IrNode { name: name(&node.name), module: path_text(&node.module) })
            .collect(),
        wires: network
            .wires
            .iter()
            .map(|wire| IrWire {
                sources: wire.sources.iter().map(end).collect(),
                sinks: wire.sinks.iter().map(end).collect(),
                in_place: wire.in_place,
                span: (wire.arrow, wire.arrow),
            })
            .collect(),
    };
    let (resolved, diagnostics) = graph.resolve();
    let messages = diagnostics.iter().enumerate().map(|(i, d)| message(i, &network.name, d)).collect();
    Lowered { graph, resolved, messages }
}

/// A path as it was written.
pub(crate) fn path_text(path: &syn::Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}

fn name(ident: &proc_macro2::Ident) -> Name<Place> {
    Name::new(ident.to_string(), (ident.span(), ident.span()))
}

fn port(port: &Port) -> IrPort<Place> {
    let sizes = |exprs: &Vec<syn::Expr>| exprs.iter().map(literal_size).collect();
    IrPort { name: name(&port.name), payload: path_text(&port.payload), shape: port.shape.as_ref().map(sizes) }
}

fn literal_size(expr: &syn::Expr) -> Option<usize> {
    match expr {
        syn::Expr::Lit(lit) => match &lit.lit {
            syn::Lit::Int(int) => int.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

fn end(end: &End) -> IrEnd<Place> {
    IrEnd { node: end.node.as_ref().map(name), port: name(&end.port), property: end.property, span: end.ends() }
}

fn message(index: usize, network: &proc_macro2::Ident, diagnostic: &Diagnostic<Place>) -> TokenStream {
    let (first, last) = diagnostic.span;
    let text = diagnostic.to_string();
    match diagnostic.level {
        Level::Error => compile_error(first, last, &text),
        Level::Warning => warning(index, network, first, &text),
    }
}

/// A compiler warning on stable: the use of a deprecated constant, at the user's token.
fn warning(index: usize, network: &proc_macro2::Ident, at: Span, text: &str) -> TokenStream {
    let constant = quote::format_ident!("{}_warning_{index}", network.to_string().to_lowercase(), span = at);
    quote_spanned! {at=>
        #[allow(non_upper_case_globals)]
        const _: () = {
            #[deprecated(note = #text)]
            const #constant: () = ();
            #constant
        };
    }
}
