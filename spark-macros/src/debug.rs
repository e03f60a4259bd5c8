//! `SPARK_DEBUG_MACRO=Name cargo build` prints what a macro made of the item `Name`, as a person would have written it.

use proc_macro2::TokenStream;
use quote::quote;

const SWITCH: &str = "SPARK_DEBUG_MACRO";

/// Prints the expansion of `name` if it is asked for. What is returned makes cargo expand again when the switch
/// changes.
pub(crate) fn show(name: &str, expansion: TokenStream) -> TokenStream {
    let wanted = std::env::var(SWITCH).unwrap_or_default();
    if wanted.split(',').any(|one| one == name || one == "*") {
        eprintln!("// expansion of {name}\n{}", pretty(&expansion));
    }
    quote! {
        #expansion
        const _: ::core::option::Option<&str> = ::core::option_env!("SPARK_DEBUG_MACRO");
    }
}

fn pretty(tokens: &TokenStream) -> String {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => tokens.to_string(),
    }
}
