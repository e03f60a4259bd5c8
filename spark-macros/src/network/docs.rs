//! The documentation of a declared network: its ports, its parameters as declared, a diagram.

use super::ast::{Field, Network, Port, Setting, Value};
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
    if !network.inputs.is_empty() || !network.outputs.is_empty() {
        lines.push("# Ports".to_owned());
    }
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
    lines.push("# Diagram (mermaid)".to_owned());
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
    let documented = ports.iter().any(|port| !own(&port.attrs).is_empty());
    let (head, rule) = if documented {
        (" description |", "---|")
    } else {
        ("", "")
    };
    lines.push(format!("| {title} | payload | shape |{head}"));
    lines.push(format!("|---|---|---|{rule}"));
    for port in ports {
        let size = shape(port).replace(" of shape ", "");
        let size = if size.is_empty() { "any".to_owned() } else { size };
        let doc = own(&port.attrs).replace('\n', " ").replace('|', "\\|");
        let doc = if documented {
            format!(" {doc} |")
        } else {
            String::new()
        };
        let payload = path_text(&port.written);
        lines.push(format!("| `{}` | [`{payload}`] | {size} |{doc}", port.name));
    }
    lines.push(String::new());
}

fn parameters(lines: &mut Vec<String>, network: &Network) {
    if !network.nodes.is_empty() {
        lines.push("# Nodes".to_owned());
        lines.push("| Node | module | parameters |".to_owned());
        lines.push("|---|---|---|".to_owned());
    }
    for node in &network.nodes {
        let fields: Vec<String> = node.fields.iter().map(field).collect();
        let fields = if fields.is_empty() {
            "defaults".to_owned()
        } else {
            fields.join(", ")
        };
        let module = path_text(&node.written);
        lines.push(format!("| `{}` | [`{module}`] | {fields} |", node.name));
    }
    lines.push(String::new());
    let setting = |setting: &Setting| match &setting.value {
        Value::Expr { expr, .. } => Some(format!("`{} = {}`", setting.name, text(&expr.to_token_stream()))),
        Value::Config { .. } => None,
    };
    let settings: Vec<String> = network.header.iter().filter_map(setting).collect();
    if !settings.is_empty() {
        lines.push(format!("For all of them: {}.", settings.join(", ")));
        lines.push(String::new());
    }
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
