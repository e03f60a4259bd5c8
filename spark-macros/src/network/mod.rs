//! `network!`: parse -> lower to the graph of `spark-ir` and check -> emit.
//!
//! A mistake in one place leaves the rest standing: what could be read is emitted, and where nothing could be, a type
//! of the name stands in for the network, so that one mistake gives one error.

mod ast;
mod docs;
mod emit;
mod lower;
mod parse;
mod value;

use proc_macro2::TokenStream;

use crate::debug;

/// Expands all networks of one invocation.
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let mut problems = Vec::new();
    let networks = parse::networks(tokens, &mut problems);
    let mut expansion: TokenStream = networks
        .iter()
        .map(|network| debug::show(&network.name.to_string(), emit::network(network, &mut problems)))
        .collect();
    for problem in problems.iter().filter(|problem| problem.message != parse::SILENT) {
        expansion.extend(problem.emit());
    }
    expansion
}
