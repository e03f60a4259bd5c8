//! Aliases of the types that a network names. Each is checked once, in words of ours; all else that is emitted names the
//! alias, so that a type that is not what it stands for gives one error, not one per place where it is needed.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Path;
use syn::spanned::Spanned;

use super::ast::{Network, Port};
use super::lower::path_text;

/// Replaces the types of nodes and ports by aliases.
pub(crate) fn seal(network: &mut Network) {
    let mut aliases = TokenStream::new();
    let name = network.name.to_string();
    for (index, node) in network.nodes.iter_mut().enumerate() {
        let label = format!("__{name}_node_{index}_{}", node.name);
        let (of, ty, help) = (
            node.name.to_string(),
            path_text(&node.written),
            module_help(&node.written),
        );
        let check = Check {
            probe: "IS_MODULE",
            function: "module",
            arguments: quote!(#of, #ty, #help),
        };
        node.module = alias(&label, &node.written, &check, &mut aliases);
    }
    let mut seal_port = |kind: &str, index: usize, port: &mut Port| {
        let label = format!("__{name}_{kind}_{index}_{}", port.name);
        let (of, ty) = (port.name.to_string(), path_text(&port.written));
        let check = Check {
            probe: "IS_PAYLOAD",
            function: "payload_type",
            arguments: quote!(#of, #ty),
        };
        port.payload = alias(&label, &port.written, &check, &mut aliases);
    };
    network
        .inputs
        .iter_mut()
        .enumerate()
        .for_each(|(index, port)| seal_port("input", index, port));
    network
        .outputs
        .iter_mut()
        .enumerate()
        .for_each(|(index, port)| seal_port("output", index, port));
    network.aliases = aliases;
}

/// What a type must be: a constant of `rt::Probe`, and the check of `wiring` that is told its value.
pub(crate) struct Check {
    pub(crate) probe: &'static str,
    pub(crate) function: &'static str,
    pub(crate) arguments: TokenStream,
}

/// Adds an alias `label` of the type `written`, and gives its path.
pub(crate) fn alias(label: &str, written: &Path, check: &Check, items: &mut TokenStream) -> Path {
    let span = written.span();
    let (named, alias) = (
        format_ident!("{label}_written", span = span),
        format_ident!("{label}", span = span),
    );
    let probe = Ident::new(check.probe, span);
    let arguments = &check.arguments;
    let arguments =
        quote!({ use ::spark::rt::Otherwise as _; ::spark::rt::Probe::<#named>::#probe }, #arguments);
    let call = super::emit::check_call((span, span), check.function, arguments);
    // Pages show what an alias stands for: there it is the type as written, without its check.
    items.extend(quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        type #named = #written;
        #[cfg(doc)]
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        type #alias = #written;
        #[cfg(not(doc))]
        #[doc(hidden)]
        #[allow(non_camel_case_types, unused_braces)]
        type #alias = <::spark::rt::Checked<#named, { #call }> as ::spark::rt::Pick>::Out;
    });
    alias.into()
}

fn module_help(written: &Path) -> String {
    let text = path_text(written);
    match text.strip_suffix("Config") {
        Some(module) if !module.is_empty() => {
            format!("name the module, `{module}`; its fields follow in braces")
        }
        _ => "a module is a type with `#[register_module]`, or a network declared as `neuron`".to_owned(),
    }
}
