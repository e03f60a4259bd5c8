//! `SPARK_DEBUG_MACRO=Name cargo build` prints what a macro made of the item `Name`, as a person would have written it.
//! `SPARK_TIME_MACRO=Name` prints how long the `network!` with `Name` in it took.

use std::time::Instant;

use proc_macro2::TokenStream;
use quote::quote;

const SWITCH: &str = "SPARK_DEBUG_MACRO";
const TIME_SWITCH: &str = "SPARK_TIME_MACRO";

/// Whether `name` is asked for by an environment variable: names with commas between them, or `*`.
fn asked(switch: &str, name: &str) -> bool {
    let wanted = std::env::var(switch).unwrap_or_default();
    wanted.split(',').any(|one| one == name || one == "*")
}

/// Prints the expansion of `name` if it is asked for. What is returned makes cargo expand again when the switch
/// changes.
pub(crate) fn show(name: &str, expansion: TokenStream) -> TokenStream {
    if asked(SWITCH, name) {
        eprintln!("// expansion of {name}\n{}", pretty(&expansion));
    }
    quote! {
        #expansion
        const _: ::core::option::Option<&str> = ::core::option_env!("SPARK_DEBUG_MACRO");
    }
}

/// Prints how long the invocation took that began then, if it is asked for. For benchmarks: cargo does not expand again
/// for it.
pub(crate) fn took(name: &str, begin: Instant) {
    if asked(TIME_SWITCH, name) {
        eprintln!(
            "expansion of {name} took {:.3} ms",
            begin.elapsed().as_secs_f64() * 1000.0
        );
    }
}

fn pretty(tokens: &TokenStream) -> String {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => tokens.to_string(),
    }
}
