//! The attributes that register things, and `derive(Stateful)`.

pub(crate) mod config;
pub(crate) mod initializer;
pub(crate) mod module;
pub(crate) mod payload;
pub(crate) mod stateful;
pub(crate) mod validator;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::Parse;

use crate::support::ctxt::Ctxt;

/// Reads the item under an attribute. If it is another kind of item, tells so and gives the item back untouched.
fn item<T: Parse>(attribute: &str, wanted: &str, tokens: &TokenStream) -> Result<T, TokenStream> {
    syn::parse2::<T>(tokens.clone()).map_err(|error| {
        let mut ctxt = Ctxt::default();
        match syn::parse2::<syn::Item>(tokens.clone()) {
            Ok(other) => {
                let help = format!("move `#[{attribute}]` to {wanted}");
                ctxt.error(
                    &head(&other),
                    format!("SPK071: `{attribute}` stands on {wanted}\nhelp: {help}"),
                );
            }
            Err(_) => ctxt.syntax("SPK071", error),
        }
        let errors = ctxt.finish();
        quote!(#errors #tokens)
    })
}

/// The name of an item if it has one, else its first token.
fn head(item: &syn::Item) -> TokenStream {
    use syn::Item::{Const, Enum, Fn, Mod, Static, Struct, Trait, Type, Union};
    match item {
        Const(item) => item.ident.to_token_stream(),
        Enum(item) => item.ident.to_token_stream(),
        Fn(item) => item.sig.ident.to_token_stream(),
        Mod(item) => item.ident.to_token_stream(),
        Static(item) => item.ident.to_token_stream(),
        Struct(item) => item.ident.to_token_stream(),
        Trait(item) => item.ident.to_token_stream(),
        Type(item) => item.ident.to_token_stream(),
        Union(item) => item.ident.to_token_stream(),
        other => other.to_token_stream().into_iter().take(1).collect(),
    }
}

/// Generic parameters cannot be registered: the registry names types, and a name stands for one type.
fn no_generics(generics: &syn::Generics, attribute: &str, ctxt: &mut Ctxt) {
    if !generics.params.is_empty() {
        let text = format!(
            "SPK085: {attribute} cannot be generic: its registry name stands for one type\n\
             help: write one type per use, or a type alias of a private generic one"
        );
        ctxt.error(&generics.params, text);
    }
}

/// The type `name` behind the check that it implements what `attribute` promises: an alias, an error where it does not.
/// `probe` is the constant of `rt::Probe` that knows, `form` what to write.
fn promised(name: &proc_macro2::Ident, attribute: &str, probe: &str, form: &str) -> TokenStream {
    let probe = proc_macro2::Ident::new(probe, name.span());
    let text = name.to_string();
    let is = quote!({ use ::spark::rt::Otherwise as _; ::spark::rt::Probe::<#name>::#probe });
    let call =
        quote::quote_spanned!(name.span()=> ::spark::rt::wiring::promised(#is, #attribute, #text, #form));
    quote!(<::spark::rt::Checked<#name, { #call }> as ::spark::rt::Pick>::Out)
}

/// A static in one of the registry's slices.
pub(crate) fn registration(slice: &str, entry: &TokenStream) -> TokenStream {
    let slice = proc_macro2::Ident::new(slice, proc_macro2::Span::call_site());
    let kind = match slice.to_string().as_str() {
        "MODULES" => quote!(ModuleEntry),
        "PAYLOADS" => quote!(PayloadEntry),
        "INITIALIZERS" => quote!(InitializerEntry),
        "CONFIGS" => quote!(ConfigEntry),
        _ => quote!(ValidatorEntry),
    };
    quote! {
        #[allow(unsafe_code, reason = "the linker collects the entries in a section of its own")]
        const _: () = {
            #[::spark::rt::linkme::distributed_slice(::spark::rt::#slice)]
            #[linkme(crate = ::spark::rt::linkme)]
            static ENTRY: ::spark::rt::#kind = ::spark::rt::#kind::of::<#entry>(
                ::core::module_path!(), ::core::file!(), ::core::line!(),
            );
        };
    }
}
