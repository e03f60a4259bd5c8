//! `spark modules`.

use std::fmt::Write as _;

use clap::Args;
use serde_json::{Value, json};
use spark::REGISTRY;
use spark_ir::shape::{ConstValue, ShapeRule, ShapeTerm};
use spark_ir::suggest::nearest;
use spark_ir::table::{ConfigTable, FieldTable, ModuleKind, ModuleTable, PortTable};

use crate::answer::{Answer, Failure, help, ok, print, print_json};

/// Lists the modules that a model may be made of, or shows one: ports, fields with units and defaults, shapes.
///
/// Initializers, which stand as values of fields, are listed and shown as well.
#[derive(Debug, Args)]
#[command(after_help = help!("
  spark modules
  spark modules LeakySoma
  spark modules leaky_soma --json | jq .fields"))]
pub(crate) struct Arguments {
    /// A module or initializer, as a type (LeakySoma) or as in files (leaky_soma).
    name: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Answer {
    let Some(name) = &arguments.name else {
        if arguments.json {
            print_json(&list_json());
        } else {
            print(&list());
        }
        return Ok(ok());
    };
    if let Some(entry) = REGISTRY.get(name) {
        if arguments.json {
            print_json(&module_json(entry.table));
        } else {
            print(&module_text(entry.table));
        }
    } else if let Some(entry) = REGISTRY.initializer(name) {
        if arguments.json {
            print_json(&config_json(entry.table));
        } else {
            print(&config_text(entry.table));
        }
    } else {
        return Err(unknown(name));
    }
    Ok(ok())
}

fn unknown(name: &str) -> Failure {
    let modules = tables().flat_map(|table| [table.name, table.key]);
    let initializers = REGISTRY.initializers().iter().map(|entry| entry.table.name);
    let failure = Failure::new(format!("no module or initializer has the name `{name}`"));
    match nearest(name, modules.chain(initializers)) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help("`spark modules` lists them all"),
    }
}

fn tables() -> impl Iterator<Item = &'static ModuleTable> + Clone {
    let modules = REGISTRY.modules().iter().chain(REGISTRY.neurons());
    modules.chain(REGISTRY.brains()).map(|entry| entry.table)
}

fn group(table: &ModuleTable) -> &'static str {
    match table.kind {
        ModuleKind::Module if table.path.is_empty() => "Modules",
        ModuleKind::Module => table.path.trim_matches('/'),
        ModuleKind::Neuron => "Neurons",
        ModuleKind::Brain => "Brains",
    }
}

/// The first sentence of a documentation.
fn sentence(doc: &str) -> String {
    let words = doc.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.find(". ") {
        Some(end) => words[..=end].to_owned(),
        None => words,
    }
}

fn list() -> String {
    let mut groups: Vec<&str> = Vec::new();
    for table in tables() {
        if !groups.contains(&group(table)) {
            groups.push(group(table));
        }
    }
    groups.sort_unstable();
    let mut text = String::new();
    for name in groups {
        let members = tables().filter(|table| group(table) == name);
        add_group(&mut text, name, members.map(|table| (table.name, table.doc)));
    }
    let initializers = REGISTRY.initializers().iter();
    add_group(
        &mut text,
        "Initializers",
        initializers.map(|entry| (entry.table.name, entry.table.doc)),
    );
    text
}

fn add_group<'a>(text: &mut String, name: &str, members: impl Iterator<Item = (&'a str, &'a str)> + Clone) {
    let width = members.clone().map(|(name, _)| name.len()).max().unwrap_or(0);
    let _ = writeln!(text, "{name}");
    for (member, doc) in members {
        let _ = writeln!(
            text,
            "{}",
            format!("  {member:width$}  {}", sentence(doc)).trim_end()
        );
    }
    text.push('\n');
}

fn list_json() -> Value {
    let module = |table: &ModuleTable| json!({ "name": table.name, "key": table.key, "class": table.class, "group": group(table), "doc": sentence(table.doc) });
    let initializer =
        |table: &ConfigTable| json!({ "name": table.name, "key": table.key, "doc": sentence(table.doc) });
    json!({
        "modules": tables().map(module).collect::<Vec<_>>(),
        "initializers": REGISTRY.initializers().iter().map(|entry| initializer(entry.table)).collect::<Vec<_>>(),
    })
}

fn module_text(table: &ModuleTable) -> String {
    let mut text = format!("{} ({}, `{}` in files)\n", table.name, group(table), table.class);
    add_doc(&mut text, table.doc);
    let lists = [
        ("Inputs", table.inputs),
        ("Outputs", table.outputs),
        ("Properties", table.properties),
    ];
    for (word, ports) in lists.into_iter().filter(|(_, ports)| !ports.is_empty()) {
        let _ = writeln!(text, "\n{word}");
        for port in ports {
            let mut line = format!(
                "  {}: {}  {}",
                port.name,
                port.payload.name,
                shape_text(&port.shape)
            );
            for remark in remarks(port, word == "Inputs") {
                let _ = write!(line, ", {remark}");
            }
            let _ = writeln!(text, "{line}");
            add_remark(&mut text, port.doc);
        }
    }
    add_fields(&mut text, table.config);
    text
}

fn config_text(table: &ConfigTable) -> String {
    let mut text = format!("{} (`{}` in files)\n", table.name, table.key);
    add_doc(&mut text, table.doc);
    add_fields(&mut text, table);
    text
}

fn add_doc(text: &mut String, doc: &str) {
    if !doc.is_empty() {
        let _ = writeln!(text, "\n{}", doc.trim());
    }
}

fn add_remark(text: &mut String, doc: &str) {
    if !doc.is_empty() {
        let _ = writeln!(text, "      {}", sentence(doc));
    }
}

fn add_fields(text: &mut String, config: &ConfigTable) {
    if config.fields.is_empty() {
        return;
    }
    text.push_str("\nFields\n");
    for field in config.fields {
        let _ = writeln!(
            text,
            "  {}: {}, {}",
            field.name,
            type_text(field.ty),
            default_text(field)
        );
        let ranges = field.validators.iter().filter_map(|validator| validator.range);
        let ranges: Vec<&str> = ranges.map(|range| range.text).collect();
        let range = if ranges.is_empty() {
            String::new()
        } else {
            format!(" ({})", ranges.join(", "))
        };
        if !field.doc.is_empty() || !range.is_empty() {
            let _ = writeln!(text, "      {}{range}", sentence(field.doc));
        }
    }
}

fn default_text(field: &FieldTable) -> String {
    match default_of(field) {
        _ if field.required => "required".to_owned(),
        Some(default) => format!("default {default}"),
        None if field.unit.is_empty() => "may be left out".to_owned(),
        None => format!("in {}, may be left out", field.unit),
    }
}

/// The default with its unit.
fn default_of(field: &FieldTable) -> Option<String> {
    match field.default {
        ConstValue::Number(number) => Some(format!("{number}{}", field.unit)),
        ConstValue::Dims(dims) => Some(format!("{:?}", dims.as_slice())),
        ConstValue::Unknown => Some(field.default_text.to_owned()).filter(|text| !text.is_empty()),
    }
}

/// A type without its paths: `:: core::option::Option<:: spark::units::Ms>` is `Option<Ms>`.
fn type_text(ty: &str) -> String {
    let mut text = String::new();
    let mut name = String::new();
    for c in ty.chars().filter(|c| !c.is_whitespace()) {
        match c {
            ':' => name.clear(),
            _ if c.is_alphanumeric() || c == '_' => name.push(c),
            _ => {
                text.push_str(&std::mem::take(&mut name));
                text.push(c);
            }
        }
    }
    text + &name
}

fn remarks(port: &PortTable, is_input: bool) -> Vec<&'static str> {
    let all = [
        (is_input && port.optional, "may be left unwired"),
        (port.many, "takes its sources one by one"),
        (port.writable, "may be updated"),
        (port.per_synapse, "one spike per synapse"),
        (port.sparse, "may be sparse"),
    ];
    all.into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, text)| text)
        .collect()
}

/// A shape rule in words: `[units ++ in_spikes]`.
fn shape_text(rule: &ShapeRule) -> String {
    match rule {
        ShapeRule::Any => "[any shape]".to_owned(),
        ShapeRule::Graph => "[as its node gives it]".to_owned(),
        ShapeRule::Terms(terms) => {
            let terms: Vec<String> = terms.iter().map(term_text).collect();
            format!("[{}]", terms.join(" ++ "))
        }
    }
}

fn term_text(term: &ShapeTerm) -> String {
    match term {
        ShapeTerm::Input(name) => format!("shape of {name}"),
        ShapeTerm::Field(name) => (*name).to_owned(),
        ShapeTerm::Fixed(size) => size.to_string(),
        ShapeTerm::Flat(name) => format!("size of {name}"),
        ShapeTerm::Pairs { post, pre } => format!("{post} ++ {pre}"),
    }
}

fn module_json(table: &ModuleTable) -> Value {
    let port = |port: &PortTable| {
        json!({
            "name": port.name,
            "payload": port.payload.name,
            "shape": shape_text(&port.shape),
            "optional": port.optional,
            "many": port.many,
            "writable": port.writable,
            "per_synapse": port.per_synapse,
            "sparse": port.sparse,
            "doc": port.doc,
        })
    };
    let ports = |ports: &[PortTable]| ports.iter().map(port).collect::<Vec<_>>();
    json!({
        "name": table.name,
        "key": table.key,
        "class": table.class,
        "group": group(table),
        "doc": table.doc,
        "inputs": ports(table.inputs),
        "outputs": ports(table.outputs),
        "properties": ports(table.properties),
        "fields": fields_json(table.config),
    })
}

fn config_json(table: &ConfigTable) -> Value {
    json!({ "name": table.name, "key": table.key, "doc": table.doc, "fields": fields_json(table) })
}

fn fields_json(config: &ConfigTable) -> Vec<Value> {
    let field = |field: &FieldTable| {
        json!({
            "name": field.name,
            "type": type_text(field.ty),
            "unit": Some(field.unit).filter(|unit| !unit.is_empty()),
            "required": field.required,
            "default": default_of(field),
            "ranges": field.validators.iter().filter_map(|validator| Some(validator.range?.text)).collect::<Vec<_>>(),
            "doc": field.doc,
        })
    };
    config.fields.iter().map(field).collect()
}
