//! The parsed network as a graph of `spark-ir`, whose places are spans; its checks as compile errors.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use spark_ir::diagnostic::{Diagnostic, Level};
use spark_ir::graph::{End as IrEnd, Graph, Name, Node as IrNode, Port as IrPort, Resolved, Wire as IrWire};
use spark_ir::table::ModuleKind;

use super::ast::{End, Kind, Network, Port, compile_error};

/// A place: the first and the last token.
pub(crate) type Place = (Span, Span);

/// The graph, what its wires mean, the errors of both as tokens to emit, and the warnings.
pub(crate) struct Lowered {
    pub(crate) graph: Graph<Place>,
    pub(crate) resolved: Resolved<Place>,
    pub(crate) messages: TokenStream,
    pub(crate) warnings: Vec<Diagnostic<Place>>,
    /// Whether the shapes of a wire from an input to an output are told to disagree.
    pub(crate) shapes_told: bool,
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
            .map(|node| IrNode {
                name: name(&node.name),
                module: path_text(&node.written),
            })
            .collect(),
        wires: network
            .wires
            .iter()
            .map(|wire| IrWire {
                sources: wire.sources.iter().map(end).collect(),
                sinks: wire.sinks.iter().map(end).collect(),
                in_place: wire.in_place,
                span: wire.arrow,
            })
            .collect(),
    };
    let (resolved, diagnostics) = graph.resolve_beside(&network.unread);
    let is_error = |diagnostic: &&Diagnostic<Place>| diagnostic.level == Level::Error;
    let errors = diagnostics.iter().filter(is_error);
    let messages = errors
        .map(|error| compile_error(error.span.0, error.span.1, &error.to_string()))
        .collect();
    let shapes_told = diagnostics.iter().any(|diagnostic| diagnostic.code == "SPK014");
    let warnings = diagnostics
        .into_iter()
        .filter(|diagnostic| diagnostic.level == Level::Warning)
        .collect();
    Lowered {
        graph,
        resolved,
        messages,
        warnings,
        shapes_told,
    }
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
    IrPort {
        name: name(&port.name),
        payload: path_text(&port.written),
        shape: port.shape.as_ref().map(sizes),
    }
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
    IrEnd {
        node: end.node.as_ref().map(name),
        port: name(&end.port),
        property: end.property,
        span: end.ends(),
    }
}

/// A compiler warning that depends on nothing.
pub(crate) fn warning(at: proc_macro2::Span, name: &str, text: &str) -> TokenStream {
    let method = quote::format_ident!("{name}", span = at);
    quote_spanned! {at=>
        const _: fn() = || {
            struct Warning;
            impl Warning {
                #[deprecated(note = #text)]
                fn #method(self) {}
            }
            Warning.#method();
        };
    }
}

/// Compiler warnings on stable: uses of deprecated methods, at the user's tokens.
///
/// `checks` are the aliases that hold the checks of the types: while one of them fails there are no warnings, since the
/// mistake may be the reason.
pub(crate) fn warnings(
    lowered: &Lowered,
    network: &proc_macro2::Ident,
    checks: &[proc_macro2::Ident],
) -> TokenStream {
    let all = checks
        .iter()
        .rev()
        .fold(quote!(()), |rest, check| quote!((#check, #rest)));
    let one = |(index, warning): (usize, &Diagnostic<Place>)| {
        let (at, text) = (warning.span.0, warning.to_string());
        let method = quote::format_ident!(
            "{}_warning_{index}",
            network.to_string().to_lowercase(),
            span = at
        );
        quote_spanned! {at=>
            const _: fn() = || {
                struct Warning;
                impl Warning {
                    #[deprecated(note = #text)]
                    fn #method(self) {}
                }
                fn some<T>() -> T { loop {} }
                some::<<::spark::rt::Gated<Warning, #all> as ::spark::rt::Pick>::Out>().#method();
            };
        }
    };
    lowered.warnings.iter().enumerate().map(one).collect()
}
