//! `include_network!` of a model is `network!` of what `spark codegen` prints for it, token by token.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use spark_ir::format::vocabulary::Vocabulary;

use super::{expand, tracked, vocabulary};

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests")
}

/// The tokens inside of the one `network!` of a source file.
fn network_in(source: &Path) -> TokenStream {
    let text = std::fs::read_to_string(source).unwrap();
    let file: syn::File = syn::parse_str(&text).unwrap();
    let mut networks = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Macro(item) if item.mac.path.is_ident("network") => Some(item.mac.tokens),
        _ => None,
    });
    networks.next().unwrap()
}

/// The head that gave the source: name and ports of the last network in it.
fn head(network: &TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = network.clone().into_iter().collect();
    let kind =
        |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "brain" || word == "neuron");
    let at = tokens.iter().rposition(kind).unwrap();
    let head = &tokens[at + 1..tokens.len() - 1];
    head.iter().cloned().collect()
}

#[test]
fn a_file_expands_as_the_source_that_is_printed_for_it() {
    let models = std::fs::read_to_string(tests().join("codegen/models.txt")).unwrap();
    let mut count = 0;
    for line in models.lines() {
        let mut words = line.split(' ');
        let (module, file) = (words.next().unwrap(), words.next().unwrap());
        let source = network_in(&tests().join(format!("codegen/{module}.rs")));
        let path = format!("fixtures/{file}");
        let head = head(&source);
        let included = expand(quote::quote!(#path as pub #head), &tests());
        let tracked = tracked(&tests().join(&path));
        let declared = crate::network::expand(source);
        assert!(!declared.to_string().contains("compile_error"), "{declared}");
        let declared = quote::quote!(#tracked #declared);
        assert!(included.to_string() == declared.to_string(), "{module}");
        count += 1;
    }
    assert!(count >= 9, "every model of the corpus");
}

#[test]
fn the_vocabulary_can_be_read() {
    assert_ne!(vocabulary(), Vocabulary::default());
}

#[test]
fn whatever_stands_in_an_invocation_is_answered() {
    let whole = quote::quote! {
        /// Doc.
        "fixtures/goldens/models/lif_neuron/model.scfg" as pub(crate) Pool(in_spikes: SpikeArray[2, N]) -> (out_spikes: SpikeArray) { a = b::C; },
    };
    let all: Vec<TokenTree> = whole.into_iter().collect();
    for at in 0..all.len() {
        expand(all[..at].iter().cloned().collect(), &tests());
        let without = all.iter().enumerate().filter(|(i, _)| *i != at);
        expand(without.map(|(_, token)| token.clone()).collect(), &tests());
    }
    let expansion = expand(all.into_iter().collect(), &tests()).to_string();
    assert!(
        expansion.contains("struct Pool") && !expansion.contains("compile_error"),
        "{expansion}"
    );
}
