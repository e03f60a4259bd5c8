//! `network!`: parse -> lower to the graph of `spark-ir` and check -> emit.
//!
//! A mistake in one place leaves the rest standing: what could be read is emitted, and where nothing could be, a type
//! of the name stands in for the network, so that one mistake gives one error.

pub(crate) mod ast;
mod docs;
pub(crate) mod emit;
pub(crate) mod lower;
pub(crate) mod parse;
pub(crate) mod seal;
mod value;

use std::time::Instant;

use proc_macro2::TokenStream;

use crate::debug;

/// Expands all networks of one invocation.
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let begin = Instant::now();
    let mut problems = Vec::new();
    let networks = parse::networks(tokens, &mut problems);
    expand_parsed(networks, problems, begin)
}

/// Expands networks that were read since `begin`, and tells what was wrong with them.
pub(crate) fn expand_parsed(
    mut networks: Vec<ast::Network>,
    mut problems: Vec<ast::Problem>,
    begin: Instant,
) -> TokenStream {
    networks.iter_mut().for_each(seal::seal);
    let emitted: TokenStream = networks
        .iter()
        .map(|network| debug::show(&network.name.to_string(), emit::network(network, &mut problems)))
        .collect();
    // What could not be read comes first: the rest may follow from it.
    let told = problems.iter().filter(|problem| problem.message != parse::SILENT);
    let mut expansion: TokenStream = told.map(ast::Problem::emit).collect();
    expansion.extend(emitted);
    networks
        .iter()
        .for_each(|network| debug::took(&network.name.to_string(), begin));
    expansion
}

#[cfg(test)]
mod tests;
