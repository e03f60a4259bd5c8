//! The code of a network: types, tables, build and step. What is emitted calls `spark::rt`; the checks that need
//! types stand in `const` arguments of type aliases, at the user's tokens.

mod build;
mod config;
mod module;
mod public;
mod step;
mod tables;
mod wires;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use spark_ir::graph::{Origin, ResolvedFeed, ResolvedSource};
use syn::spanned::Spanned;

use super::ast::{Field, Kind, Network, Node, Port, Problem, Value};
use super::lower::{Lowered, Place, lower};
use super::seal::{self, Check};
use super::{docs, value};
use crate::support::names::snake as snake_case;

/// Emits one network.
pub(crate) fn network(network: &Network, problems: &mut Vec<Problem>) -> TokenStream {
    let lowered = lower(network);
    if !lowered.graph.fits() {
        let (messages, vis, name) = (&lowered.messages, &network.vis, &network.name);
        return quote!(#messages #vis struct #name;);
    }
    let mut emitter = Emitter::new(network, &lowered, problems);
    let config = emitter.config_items();
    let (aliases, tables, build, run) = emitter.graph_items();
    let items = emitter.public_items();
    let module = emitter.module_impl();
    let values = emitter.values;
    let checks = emitter.checks;
    let messages = &lowered.messages;
    let sealed = &network.aliases;
    let tokens: Vec<TokenTree> = aliases
        .clone()
        .into_iter()
        .chain(checks.iter().cloned().flatten())
        .collect();
    let gates: Vec<Ident> = tokens.windows(2).filter_map(alias_name).collect();
    let warnings = super::lower::warnings(&lowered, &network.name, &gates);
    quote! {
        #messages
        #sealed
        #items
        #[allow(
            non_camel_case_types, non_snake_case, non_upper_case_globals, dead_code, unused_variables, unused_mut, unused_braces,
            long_running_const_eval, clippy::all, clippy::pedantic, clippy::unwrap_used
        )]
        const _: () = {
            #aliases
            #(#checks)*
            #warnings
            #tables
            #config
            #(#values)*
            #build
            #run
            #module
        };
    }
}

/// The name that two tokens begin to define: `type` and an identifier.
fn alias_name(tokens: &[TokenTree]) -> Option<Ident> {
    match tokens {
        [TokenTree::Ident(keyword), TokenTree::Ident(name)] if keyword == "type" => Some(name.clone()),
        _ => None,
    }
}

/// A call of a check of `spark_ir::wiring`, whose span runs from the first to the last token of `place`.
pub(crate) fn check_call(place: Place, function: &str, arguments: TokenStream) -> TokenStream {
    let (first, last) = place;
    let function = Ident::new(function, first);
    let mut call = quote_spanned!(first=> ::spark::rt::wiring::#function);
    let mut group = Group::new(Delimiter::Parenthesis, arguments);
    group.set_span(last);
    call.extend([TokenTree::Group(group)]);
    call
}

/// A value as a field of type `ty` holds it; the call's span is that of the value.
fn into_field((first, last): Place, ty: &TokenStream, value: &TokenStream) -> TokenStream {
    let mut call = quote_spanned!(first=> ::spark::rt::IntoField::<#ty>::into_field);
    let mut group = Group::new(Delimiter::Parenthesis, value.clone());
    group.set_span(last);
    call.extend([TokenTree::Group(group)]);
    call
}

/// What the emission of one network needs at hand.
struct Emitter<'a> {
    network: &'a Network,
    lowered: &'a Lowered,
    problems: &'a mut Vec<Problem>,
    name: &'a Ident,
    config: Ident,
    inputs: Ident,
    outputs: Ident,
    shapes: Ident,
    state: Ident,
    /// Checks that give no index.
    checks: Vec<TokenStream>,
    /// Items that set declared values.
    values: Vec<TokenStream>,
    /// What the source in hand asks for first: the direction of its wire.
    held: Option<TokenStream>,
    /// Fields that have an alias already.
    fields_seen: std::collections::HashSet<String>,
}

impl<'a> Emitter<'a> {
    fn new(network: &'a Network, lowered: &'a Lowered, problems: &'a mut Vec<Problem>) -> Self {
        let name = &network.name;
        Emitter {
            network,
            lowered,
            problems,
            name,
            config: format_ident!("{name}Config"),
            inputs: format_ident!("{name}Inputs"),
            outputs: format_ident!("{name}Outputs"),
            shapes: format_ident!("{name}Shapes"),
            state: format_ident!("{name}State"),
            checks: Vec::new(),
            values: Vec::new(),
            held: None,
            fields_seen: std::collections::HashSet::new(),
        }
    }

    fn is_neuron(&self) -> bool {
        self.network.kind == Kind::Neuron
    }

    /// The nodes that are emitted: all but those whose name is taken.
    fn nodes(&self) -> Vec<(usize, &'a Node)> {
        let resolved = &self.lowered.resolved.nodes;
        self.network
            .nodes
            .iter()
            .enumerate()
            .filter(|(i, _)| !resolved[*i].duplicate)
            .collect()
    }

    fn live_inputs(&self) -> Vec<&'a Port> {
        let duplicate = &self.lowered.resolved.duplicate_inputs;
        self.network
            .inputs
            .iter()
            .enumerate()
            .filter(|(i, _)| !duplicate[*i])
            .map(|(_, port)| port)
            .collect()
    }

    fn live_outputs(&self) -> Vec<(usize, &'a Port)> {
        let resolved = &self.lowered.resolved.outputs;
        self.network
            .outputs
            .iter()
            .enumerate()
            .filter(|(i, _)| !resolved[*i].duplicate)
            .collect()
    }

    /// Forces a check that gives no index.
    fn check(&mut self, label: &str, call: &TokenStream) {
        let alias = format_ident!("{label}", span = Span::mixed_site());
        self.checks.push(quote! {
            type #alias = [(); { #call; 0 }];
            const _: #alias = [];
        });
    }
}

fn kind_tokens(kind: Kind) -> TokenStream {
    match kind {
        Kind::Neuron => quote!(::spark::rt::table::ModuleKind::Neuron),
        Kind::Brain => quote!(::spark::rt::table::ModuleKind::Brain),
    }
}

/// The shape that an input takes: what is declared, or any.
fn input_rule(port: &Port) -> TokenStream {
    match &port.shape {
        Some(sizes) => {
            let sizes = sizes.iter().filter_map(value::size);
            quote!(::spark::rt::shape::ShapeRule::Terms(&[#(::spark::rt::shape::ShapeTerm::Fixed(#sizes)),*]))
        }
        None => quote!(::spark::rt::shape::ShapeRule::Any),
    }
}

fn sink_name(node: &Node, port: &str) -> Ident {
    format_ident!("{}_of_{}", port, node.name, span = Span::mixed_site())
}

fn source_name(node: &Node, port: &str, k: usize) -> Ident {
    format_ident!(
        "source_{}_of_{}_of_{}",
        k,
        port,
        node.name,
        span = Span::mixed_site()
    )
}

fn effect_target(i: usize) -> Ident {
    format_ident!("target_of_effect_{}", i, span = Span::mixed_site())
}

fn effect_source(i: usize) -> Ident {
    format_ident!("source_of_effect_{}", i, span = Span::mixed_site())
}

fn exit_name(port: &Port) -> Ident {
    format_ident!("source_of_{}", port.name, span = Span::mixed_site())
}

fn buffer_name(node: &Node, port: &str) -> Ident {
    format_ident!("merged_{}_of_{}", port, node.name, span = Span::mixed_site())
}

/// The local variable of an input in generated code: it cannot clash with the code's own.
fn input_var(name: &Ident) -> Ident {
    format_ident!("input_{}", name, span = Span::mixed_site())
}

/// The local variable of a node in generated code.
fn node_var(name: &Ident) -> Ident {
    format_ident!("node_{}", name, span = Span::mixed_site())
}
