//! `include_network!`: model file -> text of a `network!` -> the same way as `network!`.
//!
//! The macros have no registry. What `spark` itself registers is kept in `vocabulary.json`, which a test of
//! `tests/codegen` holds equal to the registry (`SPARK_BLESS=1` writes it anew). All tokens of the text stand at the path
//! literal; those of the head are the user's own.

mod invocation;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::Instant;

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use spark_ir::diagnostic::Diagnostic;
use spark_ir::format::file::{self, FileError, Limits};
use spark_ir::format::source::{Arrays, Options, PortOption, Source, source};
use spark_ir::format::vocabulary::Vocabulary;

use self::invocation::Invocation;
use crate::network::ast::{Network, Port, Problem};
use crate::network::lower::{path_text, warning};
use crate::network::{expand_parsed, parse};

/// Arrays with more elements than this are embedded as bytes: a list of tokens compiles slowly.
const LARGE: usize = 64;

/// Expands one invocation; the path in it is relative to `folder`.
pub(crate) fn expand(tokens: TokenStream, folder: &Path) -> TokenStream {
    let begin = Instant::now();
    let mut problems = Vec::new();
    let Some(invocation) = invocation::read(tokens, &mut problems) else {
        return problems.iter().map(Problem::emit).collect();
    };
    let path = folder.join(invocation.path.value());
    match networks(&invocation, &path, &mut problems) {
        Some((networks, warnings)) => {
            let tracked = tracked(&path);
            let expansion = expand_parsed(networks, problems, begin);
            quote!(#tracked #warnings #expansion)
        }
        None => {
            let told: TokenStream = problems.iter().map(Problem::emit).collect();
            // So that its name is known, and one mistake gives one error.
            let (vis, name) = (&invocation.vis, &invocation.name);
            quote!(#told #vis struct #name;)
        }
    }
}

/// What makes cargo compile anew when the file changes.
fn tracked(path: &Path) -> TokenStream {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path = path.to_string_lossy();
    quote!(
        const _: &[u8] = ::core::include_bytes!(#path);
    )
}

/// The networks of the file, the model itself last, with the head that the user wrote; and what is to be told of it.
fn networks(
    invocation: &Invocation,
    path: &Path,
    problems: &mut Vec<Problem>,
) -> Option<(Vec<Network>, TokenStream)> {
    let source = read_source(invocation, path, problems)?;
    let at = invocation.path.span();
    let tokens = match source.text.parse::<TokenStream>() {
        Ok(tokens) => spanned(tokens, at),
        Err(error) => {
            let message = format!(
                "{}: what stands in it cannot be written in Rust: {error}",
                invocation.path.value()
            );
            problems.push(Problem::new("SPK049", at, message));
            return None;
        }
    };
    let mut networks = parse::networks(tokens, problems);
    let model = networks.last_mut()?;
    model.attrs.clone_from(&invocation.attrs);
    model.name = invocation.name.clone();
    take_over(&mut model.inputs, &invocation.inputs);
    take_over(&mut model.outputs, &invocation.outputs);
    for network in &mut networks {
        network.vis = invocation.vis.clone();
        for node in &mut network.nodes {
            let own = invocation
                .types
                .iter()
                .find(|(_, path)| path_text(path) == path_text(&node.written));
            if let Some((_, path)) = own {
                node.written = path.clone();
                node.module = path.clone();
            }
        }
    }
    Some((networks, warnings(&source, invocation)))
}

/// Compiler warnings of what the file says and nothing reads, at its path.
fn warnings(source: &Source, invocation: &Invocation) -> TokenStream {
    let name = invocation.name.to_string().to_lowercase();
    let one = |(index, problem): (usize, &Diagnostic<String>)| {
        let file = invocation.path.value();
        let text = format!("`{file}` at {}: {problem}", problem.span);
        warning(
            invocation.path.span(),
            &format!("{name}_warning_of_file_{index}"),
            &text,
        )
    };
    source.warnings.iter().enumerate().map(one).collect()
}

/// Ports that the user wrote stand for those of the file.
fn take_over(ports: &mut [Port], written: &[Port]) {
    for port in ports {
        if let Some(own) = written.iter().find(|own| own.name == port.name) {
            port.clone_from(own);
        }
    }
}

/// The text of the networks.
fn read_source(invocation: &Invocation, path: &Path, problems: &mut Vec<Problem>) -> Option<Source> {
    let written = invocation.path.value();
    let at = invocation.path.span();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let problem = Problem::new("SPK048", at, format!("`{written}` cannot be read: {error}"));
            problems.push(problem.help("the path is relative to the folder of this source file"));
            return None;
        }
    };
    let options = Options {
        name: invocation.name.to_string(),
        visibility: invocation.vis.to_token_stream().to_string(),
        inputs: invocation.inputs.iter().map(port_option).collect(),
        outputs: invocation.outputs.iter().map(port_option).collect(),
        types: invocation
            .types
            .iter()
            .map(|(class, path)| (class.to_string(), path_text(path)))
            .collect(),
        arrays: Arrays::Embedded { above: LARGE },
    };
    let model = file::from_bytes(&bytes, Path::new(&written), &Limits::default());
    let found = match model {
        Ok(json) => source(&json, &vocabulary(), &options),
        Err(FileError::Format { problems, .. }) => Err(problems),
        Err(error) => {
            problems.push(
                Problem::new("SPK048", at, error.to_string())
                    .help("write the file anew from the program that made it"),
            );
            return None;
        }
    };
    match found {
        Ok(source) => Some(source),
        Err(found) => {
            problems.extend(found.iter().map(|problem| as_problem(problem, invocation)));
            None
        }
    }
}

/// What `spark` itself registers.
fn vocabulary() -> Vocabulary {
    // A test of this crate reads the same text.
    Vocabulary::from_text(include_str!("vocabulary.json")).unwrap_or_default()
}

fn port_option(port: &Port) -> PortOption {
    let shape = port.shape.as_ref().map(|sizes| {
        let sizes: Vec<String> = sizes
            .iter()
            .map(|size| size.to_token_stream().to_string())
            .collect();
        format!("[{}]", sizes.join(", "))
    });
    PortOption {
        name: port.name.to_string(),
        payload: Some(port.written.to_token_stream().to_string()),
        shape,
    }
}

/// A problem of the file at its path; one of the head at the port that the user wrote there, or at the name.
fn as_problem(problem: &Diagnostic<String>, invocation: &Invocation) -> Problem {
    if problem.span.is_empty() {
        let mut ports = invocation.inputs.iter().chain(&invocation.outputs);
        let port = ports.find(|port| port.name == problem.place);
        let at = port.map_or(&invocation.name, |port| &port.name).span();
        return with_help(
            Problem::new(problem.code, at, &problem.message),
            problem.help.as_deref(),
        );
    }
    let mut message = format!(
        "`{}` at {}: {}",
        invocation.path.value(),
        problem.span,
        problem.message
    );
    for (label, text) in [("expected", &problem.expected), ("found", &problem.found)] {
        if let Some(text) = text {
            message.push_str(&format!("\n{label}: {text}"));
        }
    }
    let told = Problem::new(problem.code, invocation.path.span(), message);
    with_help(told, problem.help.as_deref())
}

fn with_help(problem: Problem, help: Option<&str>) -> Problem {
    match help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// The tokens, all of them at one place.
fn spanned(tokens: TokenStream, at: Span) -> TokenStream {
    let one = |token: TokenTree| {
        let mut token = match token {
            TokenTree::Group(group) => Group::new(group.delimiter(), spanned(group.stream(), at)).into(),
            token => token,
        };
        token.set_span(at);
        token
    };
    tokens.into_iter().map(one).collect()
}
