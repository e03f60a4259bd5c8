//! The documentation of a declared network: its ports, its parameters as declared, a diagram.

use super::ast::{Field, Network, Port, Value};
use super::lower::{Lowered, path_text};
pub(crate) use crate::support::docs::text as own;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// The documentation of a port's field.
pub(crate) fn port(port: &Port) -> String {
    let own = own(&port.attrs);
    if own.is_empty() {
        format!("`{}`{}.", path_text(&port.written), shape(port))
    } else {
        own
    }
}

fn shape(port: &Port) -> String {
    match &port.shape {
        Some(sizes) => {
            let sizes: Vec<String> = sizes.iter().map(|size| text(&size.to_token_stream())).collect();
            format!(" of shape `[{}]`", sizes.join(", "))
        }
        None => String::new(),
    }
}

fn text(tokens: &TokenStream) -> String {
    tokens
        .to_string()
        .replace(" . ", ".")
        .replace(" :: ", "::")
        .replace("- ", "-")
}

/// The doc attributes of the network's struct: what the user wrote, then ports, nodes and a diagram.
pub(crate) fn network(network: &Network, lowered: &Lowered) -> Vec<TokenStream> {
    let mut lines = Vec::new();
    let own = own(&network.attrs);
    if own.is_empty() {
        lines.push(format!(
            "The {} `{}`, declared with `network!`.",
            network.kind.word(),
            network.name
        ));
    } else {
        lines.extend(own.lines().map(str::to_owned));
    }
    lines.push(String::new());
    ports(&mut lines, "Input", &network.inputs);
    ports(&mut lines, "Output", &network.outputs);
    parameters(&mut lines, network);
    lines.push("# Wires".to_owned());
    lines.push("```text".to_owned());
    lines.extend(
        spark_ir::draw::wire_list(&lowered.graph, &lowered.resolved)
            .lines()
            .map(str::to_owned),
    );
    lines.push("```".to_owned());
    lines.push(String::new());
    lines.push("# Diagram".to_owned());
    lines.push("```mermaid".to_owned());
    lines.extend(
        spark_ir::draw::mermaid(&lowered.graph, &lowered.resolved)
            .lines()
            .map(str::to_owned),
    );
    lines.push("```".to_owned());
    lines.into_iter().map(|line| quote!(#[doc = #line])).collect()
}

fn ports(lines: &mut Vec<String>, title: &str, ports: &[Port]) {
    if ports.is_empty() {
        return;
    }
    lines.push(format!("| {title} | payload | shape | |"));
    lines.push("|---|---|---|---|".to_owned());
    for port in ports {
        let size = shape(port).replace(" of shape ", "");
        let size = if size.is_empty() { "any".to_owned() } else { size };
        let doc = own(&port.attrs).replace('\n', " ");
        lines.push(format!(
            "| `{}` | [`{}`] | {size} | {doc} |",
            port.name,
            path_text(&port.written)
        ));
    }
    lines.push(String::new());
}

fn parameters(lines: &mut Vec<String>, network: &Network) {
    lines.push("| Node | module | declared |".to_owned());
    lines.push("|---|---|---|".to_owned());
    for node in &network.nodes {
        let fields: Vec<String> = node.fields.iter().map(field).collect();
        lines.push(format!(
            "| `{}` | [`{}`] | {} |",
            node.name,
            path_text(&node.written),
            fields.join(", ")
        ));
    }
    lines.push(String::new());
    for setting in &network.header {
        if let Value::Expr { expr, .. } = &setting.value {
            lines.push(format!(
                "- `{} = {}`",
                setting.name,
                text(&expr.to_token_stream())
            ));
        }
    }
    lines.push(String::new());
}

fn field(field: &Field) -> String {
    let value = match &field.value {
        Value::Expr { expr, .. } => text(&expr.to_token_stream()),
        Value::Config { path, fields } => {
            let inner: Vec<String> = fields.iter().map(|f| self::field(f).replace('`', "")).collect();
            format!("{} {{ {} }}", path_text(path), inner.join(", "))
        }
    };
    format!("`{}: {}`", field.dotted(), value.replace('|', "\\|"))
}
