//! What stands in `include_network!`: `"model.scfg" as pub Name(signal: FloatArray[4]) -> (action: FloatArray[2])`.

use proc_macro2::{Ident, Span, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, LitStr, Path, Token, Visibility, token};

use crate::network::ast::{Port, Problem};
use crate::network::parse::ports;

const FORM: &str = "write `include_network!(\"model.scfg\" as pub Name(signal: FloatArray[4]));`, inputs as far as their shapes are known";

/// One invocation.
pub(super) struct Invocation {
    pub(super) attrs: Vec<Attribute>,
    pub(super) path: LitStr,
    pub(super) vis: Visibility,
    pub(super) name: Ident,
    pub(super) inputs: Vec<Port>,
    pub(super) outputs: Vec<Port>,
    /// Types that stand for classes of the file.
    pub(super) types: Vec<(Ident, Path)>,
}

/// Reads the tokens; `None` if they are not of the form.
pub(super) fn read(tokens: TokenStream, problems: &mut Vec<Problem>) -> Option<Invocation> {
    if tokens.is_empty() {
        problems.push(Problem::new("SPK060", Span::call_site(), "`include_network!` is empty").help(FORM));
        return None;
    }
    let parsed = Parser::parse2(|input: ParseStream<'_>| invocation(input, problems), tokens);
    match parsed {
        Ok(invocation) if problems.is_empty() => Some(invocation),
        Ok(_) => None,
        Err(error) => {
            problems.push(Problem::new("SPK060", error.span(), error.to_string()).help(FORM));
            None
        }
    }
}

fn invocation(input: ParseStream<'_>, problems: &mut Vec<Problem>) -> syn::Result<Invocation> {
    let attrs = input.call(Attribute::parse_outer)?;
    let path = input
        .parse()
        .map_err(|error| syn::Error::new(error.span(), "expected the path of a model file as a text"))?;
    input
        .parse::<Token![as]>()
        .map_err(|error| syn::Error::new(error.span(), "expected `as` and the name of the network"))?;
    let vis = input.parse()?;
    let name = input
        .parse()
        .map_err(|error| syn::Error::new(error.span(), "expected the name of the network"))?;
    let mut of = |what, input: ParseStream<'_>| ports(input, what, &mut Vec::new(), problems);
    let inputs = if input.peek(token::Paren) {
        of("inputs", input)?
    } else {
        Vec::new()
    };
    let outputs = if input.peek(Token![->]) {
        input.parse::<Token![->]>()?;
        of("outputs", input)?
    } else {
        Vec::new()
    };
    let types = if input.peek(token::Brace) {
        types(input)?
    } else {
        Vec::new()
    };
    input.parse::<Option<Token![,]>>()?;
    if !input.is_empty() {
        return Err(input.error("nothing more belongs here"));
    }
    Ok(Invocation {
        attrs,
        path,
        vis,
        name,
        inputs,
        outputs,
        types,
    })
}

/// `{ my_gain = Gain; alif_mod_neuron = Pool; }`
fn types(input: ParseStream<'_>) -> syn::Result<Vec<(Ident, Path)>> {
    let content;
    syn::braced!(content in input);
    let mut types = Vec::new();
    while !content.is_empty() {
        let class: Ident = content.parse()?;
        content.parse::<Token![=]>()?;
        let path = content.call(Path::parse_mod_style)?;
        content.parse::<Token![;]>()?;
        types.push((class, path));
    }
    Ok(types)
}
