//! `#[derive(Stateful)]`.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, Fields, Type};

use crate::debug;
use crate::support::ctxt::{Ctxt, did_you_mean};

/// Expands the derive.
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let input = match syn::parse2::<DeriveInput>(tokens) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut ctxt = Ctxt::default();
    let leaves = leaves(&input, &mut ctxt);
    let errors = ctxt.finish();
    let name = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let visits = leaves.iter().map(|leaf| leaf.visit(&quote!(&mut), "visitor"));
    let reads = leaves.iter().map(|leaf| leaf.visit(&quote!(&), "reader"));
    let expansion = quote! {
        #errors
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #generics ::spark::rt::Stateful for #name #arguments #bounds {
            #[allow(unused_variables)]
            fn visit(&mut self, visitor: &mut ::spark::rt::StateVisitor<'_>) {
                #(#visits)*
            }
            #[allow(unused_variables)]
            fn visit_ref(&self, reader: &mut ::spark::rt::StateReader<'_>) {
                #(#reads)*
            }
        }
    };
    debug::show(&name.to_string(), expansion)
}

/// A field that has state.
struct Leaf<'a> {
    name: &'a Ident,
    ty: &'a Type,
}

impl Leaf<'_> {
    fn visit(&self, borrow: &TokenStream, walker: &str) -> TokenStream {
        let Leaf { name, ty } = self;
        let text = syn::ext::IdentExt::unraw(*name).to_string();
        let walker = Ident::new(walker, proc_macro2::Span::call_site());
        quote_spanned!(ty.span()=> #walker.leaf(#text, #borrow self.#name);)
    }
}

fn leaves<'a>(input: &'a DeriveInput, ctxt: &mut Ctxt) -> Vec<Leaf<'a>> {
    let Data::Struct(data) = &input.data else {
        ctxt.error(
            &input.ident,
            "SPK081: `Stateful` is derived for structs\nhelp: implement the trait by hand for this type",
        );
        return Vec::new();
    };
    if let (Fields::Unnamed(unnamed), false) = (&data.fields, data.fields.is_empty()) {
        ctxt.error(
            unnamed,
            "SPK081: variables are told apart by name\nhelp: write `{ potential: Variable<..> }`",
        );
    }
    data.fields.iter().filter_map(|field| leaf(field, ctxt)).collect()
}

fn leaf<'a>(field: &'a Field, ctxt: &mut Ctxt) -> Option<Leaf<'a>> {
    let nested = field.attrs.iter().find(|attr| attr.path().is_ident("nested"));
    if let Some(attr) = nested.filter(|attr| attr.meta.require_path_only().is_err()) {
        ctxt.error(attr, "SPK081: `nested` takes no options\nhelp: write `#[nested]`");
    }
    let name = field.ident.as_ref()?;
    let outer = outermost(&field.ty);
    match (outer.as_deref(), nested) {
        (Some("Variable"), Some(attr)) => {
            ctxt.error(
                attr,
                "SPK081: a `Variable` is found by its type\nhelp: remove `#[nested]`",
            );
        }
        (Some("Variable"), None) | (_, Some(_)) => {}
        (Some(other), None) => {
            let near = did_you_mean(other, ["Variable"]);
            if !near.is_empty() && other != "Variable" {
                ctxt.error(&field.ty, format!("SPK081: `{other}` holds no state{near}"));
            }
            return None;
        }
        (None, None) => return None,
    }
    Some(Leaf { name, ty: &field.ty })
}

/// The last name of a type's path; `Option<Variable<..>>` counts as `Variable`.
fn outermost(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    if segment.ident == "Option" {
        let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
            return None;
        };
        return arguments.args.iter().find_map(|argument| match argument {
            syn::GenericArgument::Type(inner) => outermost(inner),
            _ => None,
        });
    }
    Some(segment.ident.to_string())
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::expand;

    #[test]
    fn variables_and_nested_fields_are_visited() {
        let text = expand(quote! {
            struct Soma {
                potential: Variable<PotentialArray>,
                decay: Constant<f32>,
                stream: Option<Variable<Key>>,
                #[nested]
                tracer: Tracer,
            }
        })
        .to_string();
        for name in ["\"potential\"", "\"stream\"", "\"tracer\""] {
            assert!(text.contains(name), "{name}");
        }
        assert!(!text.contains("decay"));
    }

    #[test]
    fn likely_slips_are_told() {
        let text = expand(quote!(
            struct Soma {
                potential: Varible<f32>,
                #[nested]
                a: Variable<f32>,
            }
        ))
        .to_string();
        assert!(text.contains("did you mean `Variable`") && text.contains("remove `#[nested]`"));
        assert!(
            expand(quote!(
                enum Soma {}
            ))
            .to_string()
            .contains("SPK081")
        );
    }
}
