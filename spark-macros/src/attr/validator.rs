//! `#[register_cfg_validator]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemStruct;

use super::{item, no_generics, promised, registration};
use crate::debug;
use crate::support::ctxt::Ctxt;
use crate::support::docs;
use crate::support::options::{Options, key};

/// Expands the attribute.
pub(crate) fn expand(options: TokenStream, tokens: TokenStream) -> TokenStream {
    let structure = match item::<ItemStruct>("register_cfg_validator", "a struct", &tokens) {
        Ok(structure) => structure,
        Err(answer) => return answer,
    };
    let mut ctxt = Ctxt::default();
    let mut options = Options::read("register_cfg_validator", &["name"], options, &mut ctxt);
    let name = &structure.ident;
    let text = name.to_string();
    let key = key(&mut options, &text, &mut ctxt);
    no_generics(&structure.generics, "a validator", &mut ctxt);
    if !structure.fields.is_empty() {
        ctxt.error(
            &structure.fields,
            "SPK084: a validator has no fields: it is named in `validate(..)`, never constructed\n\
             help: write one validator per bound",
        );
    }
    let doc = docs::text(&structure.attrs);
    let form = format!("impl ConfigValidator for {name} {{ .. }}");
    let checked = promised(name, "register_cfg_validator", "IS_VALIDATOR", &form);
    let alias = quote::format_ident!("__{name}", span = name.span());
    let entry = registration("VALIDATORS", &quote!(#name));
    let errors = ctxt.finish();
    let expansion = quote! {
        #errors
        #structure
        #[doc(hidden)]
        #[allow(unused_braces)]
        type #alias = #checked;
        #[automatically_derived]
        #[doc(hidden)]
        #[diagnostic::do_not_recommend]
        impl ::spark::rt::RegisteredValidator for #name {
            const TABLE: &'static ::spark::rt::table::ValidatorTable = &::spark::rt::table::ValidatorTable {
                name: #text,
                key: #key,
                range: <#alias as ::spark::rt::ConfigValidator>::RANGE,
                doc: #doc,
            };
            const CHECK: ::spark::rt::Check = <#alias as ::spark::rt::ConfigValidator>::check;
        }
        #entry
    };
    debug::show(&text, expansion)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn a_validator_with_fields_is_refused() {
        let text = super::expand(
            quote!(),
            quote!(
                pub struct AtMost(f64);
            ),
        )
        .to_string();
        assert!(text.contains("SPK084") && text.contains("struct AtMost"));
    }
}
