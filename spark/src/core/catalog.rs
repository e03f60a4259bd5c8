//! The registry as a page: all modules, initializers, validators and payloads of a crate, with ports and parameters.

use std::collections::BTreeMap;
use std::fmt::Write;

use spark_ir::shape::{ShapeRule, ShapeTerm};
use spark_ir::table::{FieldTable, ModuleTable, PortTable};

use crate::core::compat::in_python;
use crate::core::registry::{ModuleEntry, Place, REGISTRY};

/// What a crate has registered, as Markdown: `docs/models.md` is the page of this crate.
///
/// ```
/// use spark::prelude::*;
///
/// /// Configuration of [`Relay`].
/// #[register_config]
/// pub struct RelayConfig {
///     /// What the signal is multiplied by.
///     #[field(default = 2mV)]
///     pub gain: Init<Mv>,
/// }
///
/// #[derive(Stateful)]
/// pub struct Relay {}
///
/// /// Passes a signal on.
/// #[register_module(config = RelayConfig, path = "Interfaces/Input")]
/// impl Relay {
///     fn build(_config: &RelayConfig, _ports: &Ports<Self>, _keys: &mut Keys) -> Result<Self, BuildError> {
///         Ok(Relay {})
///     }
///     fn step(&mut self, signal: In<FloatArray>, relayed: Out<FloatArray>) {
///         relayed.as_mut_slice().copy_from_slice(signal.as_slice());
///     }
/// }
///
/// # fn main() {
/// let my_crate = module_path!().split("::").next().unwrap_or_default();
/// let page = spark::core::catalog::markdown(my_crate);
/// assert!(page.contains("### `Relay`"));
/// assert!(page.contains("| `gain` | mV | `2mV` | `Init<Mv>` | What the signal is multiplied by. |"));
/// # }
/// ```
pub fn markdown(crate_name: &str) -> String {
    let own = |place: &Place| place.origin.split("::").next() == Some(crate_name);
    let modules = [REGISTRY.modules(), REGISTRY.neurons(), REGISTRY.brains()].concat();
    let groups = grouped(modules.into_iter().filter(|entry| own(&entry.place)));
    let mut page = format!("# Models of `{crate_name}`\n");
    page.push_str(PREFACE);
    contents(&mut page, &groups);
    for (path, classes) in &groups {
        section(&mut page, path, classes);
    }
    initializers(&mut page, own);
    validators(&mut page, own);
    payloads(&mut page, own);
    page
}

const PREFACE: &str = "
Written by `spark::core::catalog::markdown` from what the attributes register: not to be edited.

Of every module: its ports, then its parameters with the unit of a bare number and the default. A parameter of a type `Init<..>`
is a number, an array or an initializer. All have `seed`, `dtype` and `dt` besides, which the network around fills in. A shape is
written as in `#[shape(..)]`: the sizes of inputs and parameters one behind the other. `b`: beyond the Python package, which does
not know the class.
";

/// Modules that are one class in files.
type Class = Vec<&'static ModuleEntry>;

/// The classes of each menu path, both in the order of their names.
fn grouped(modules: impl Iterator<Item = &'static ModuleEntry>) -> BTreeMap<&'static str, Vec<Class>> {
    let mut groups: BTreeMap<&str, Vec<Class>> = BTreeMap::new();
    for entry in modules {
        let classes = groups.entry(entry.table.path).or_default();
        let same_class = |class: &&mut Class| class[0].table.class == entry.table.class;
        match classes.iter_mut().find(same_class) {
            Some(class) => class.push(entry),
            None => classes.push(vec![entry]),
        }
    }
    for class in groups.values_mut().flatten() {
        // The one that bears the name of the class stands for all.
        class.sort_by_key(|entry| entry.table.key != entry.table.class);
    }
    groups
}

fn contents(page: &mut String, groups: &BTreeMap<&str, Vec<Class>>) {
    page.push_str("\n| menu path | classes |\n|---|---|\n");
    for (path, classes) in groups {
        let links: Vec<String> = classes.iter().map(|class| link(class[0].table)).collect();
        row(
            page,
            &[&format!("[{path}](#{})", anchor(path)), &links.join(", ")],
        );
    }
    row(
        page,
        &[
            "",
            "[Initializers](#initializers), [Validators](#validators), [Payloads](#payloads)",
        ],
    );
}

fn section(page: &mut String, path: &str, classes: &[Class]) {
    page.push_str(&format!("\n## {path}\n\n| class | | computes |\n|---|---|---|\n"));
    for class in classes {
        let table = class[0].table;
        row(
            page,
            &[&link(table), mark(table.class), &first_sentence(table.doc)],
        );
    }
    for class in classes {
        module(page, class);
    }
}

fn module(page: &mut String, class: &[&'static ModuleEntry]) {
    let table = class[0].table;
    page.push_str(&format!(
        "\n### `{}`\n\n{}\n",
        table.name,
        first_sentence(table.doc)
    ));
    if class.len() > 1 || table.class != table.key {
        let others: Vec<String> = class[1..].iter().map(|entry| variant(entry.table)).collect();
        let others = if others.is_empty() {
            String::new()
        } else {
            format!("For other payloads: {}. ", others.join(", "))
        };
        page.push_str(&format!("\n{others}In files: `{}`.\n", table.class));
    }
    page.push_str("\n| port | | payload | shape | |\n|---|---|---|---|---|\n");
    for port in table.inputs {
        row(page, &port_cells(port, "input", port.name));
    }
    for port in table.outputs {
        row(page, &port_cells(port, "output", port.name));
    }
    for port in table.properties {
        row(page, &port_cells(port, "property", &format!("{}()", port.name)));
    }
    parameters(page, own_fields(table.config.fields));
}

/// A module of the same class: its name and what it takes.
fn variant(table: &ModuleTable) -> String {
    match table.inputs.first() {
        Some(port) => format!("`{}` (`{}`)", table.name, port.payload.name),
        None => format!("`{}`", table.name),
    }
}

fn port_cells(port: &PortTable, kind: &str, name: &str) -> [String; 5] {
    let mut kind = kind.to_owned();
    for (holds, word) in [
        (port.optional && kind == "input", ", optional"),
        (port.many, ", any number of sources"),
        (
            port.writable,
            if kind == "input" {
                ", in place"
            } else {
                ", may be written"
            },
        ),
    ] {
        if holds {
            kind.push_str(word);
        }
    }
    [
        format!("`{name}`"),
        kind,
        format!("`{}`", port.payload.name),
        shape(port),
        prose(port.doc),
    ]
}

fn shape(port: &PortTable) -> String {
    let shape = match port.shape {
        ShapeRule::Terms(terms) => {
            let terms: Vec<String> = terms.iter().map(term).collect();
            format!("`{}`", terms.join(", "))
        }
        ShapeRule::Any => "any".to_owned(),
        ShapeRule::Graph => "that of the graph".to_owned(),
    };
    if port.per_synapse {
        format!("{shape}: one per synapse")
    } else {
        shape
    }
}

fn term(term: &ShapeTerm) -> String {
    match term {
        ShapeTerm::Input(name) | ShapeTerm::Field(name) => (*name).to_owned(),
        ShapeTerm::Fixed(size) => size.to_string(),
        ShapeTerm::Flat(name) => format!("flat({name})"),
        ShapeTerm::Pairs { post, pre } => format!("pairs({post}, {pre})"),
    }
}

/// The fields of a configuration without those that the network around fills in.
fn own_fields(fields: &'static [FieldTable]) -> &'static [FieldTable] {
    let given = |field: &&FieldTable| matches!(field.name, "seed" | "dtype" | "dt");
    &fields[fields.iter().take_while(given).count()..]
}

fn parameters(page: &mut String, fields: &[FieldTable]) {
    if fields.is_empty() {
        page.push_str("\nNo parameters.\n");
        return;
    }
    page.push_str("\n| parameter | unit | default | takes | |\n|---|---|---|---|---|\n");
    for field in fields {
        let default = match field.default_text {
            _ if field.required => "must be given".to_owned(),
            "" => String::new(),
            // As it is written in a network.
            text if text.starts_with("Vec::<") && text.ends_with("::new()") => "`[]`".to_owned(),
            text => format!("`{text}`"),
        };
        let mut takes = format!("`{}`", field.ty);
        for range in field.validators.iter().filter_map(|validator| validator.range) {
            takes.push_str(", ");
            takes.push_str(range.text);
        }
        row(
            page,
            &[
                &format!("`{}`", field.name),
                field.unit,
                &default,
                &takes,
                &prose(field.doc),
            ],
        );
    }
}

fn initializers(page: &mut String, own: impl Fn(&Place) -> bool) {
    page.push_str("\n## Initializers\n");
    for entry in REGISTRY.initializers().iter().filter(|entry| own(&entry.place)) {
        let table = entry.table;
        let beyond = if in_python(table.key) { "" } else { " (`b`)" };
        page.push_str(&format!(
            "\n### `{}`{beyond}\n\n{}\n",
            table.name,
            first_sentence(table.doc)
        ));
        parameters(page, own_fields(table.fields));
    }
}

fn validators(page: &mut String, own: impl Fn(&Place) -> bool) {
    page.push_str("\n## Validators\n\n| validator | | takes |\n|---|---|---|\n");
    for entry in REGISTRY.validators().iter().filter(|entry| own(&entry.place)) {
        let table = entry.table;
        row(
            page,
            &[
                &format!("`{}`", table.name),
                mark(table.key),
                &first_sentence(table.doc),
            ],
        );
    }
}

fn payloads(page: &mut String, own: impl Fn(&Place) -> bool) {
    page.push_str(
        "\n## Payloads\n\n| payload | | holds | several sources in one port |\n|---|---|---|---|\n",
    );
    for entry in REGISTRY.payloads().iter().filter(|entry| own(&entry.place)) {
        let table = entry.table;
        let concatenates = if table.concatenates {
            "concatenated"
        } else {
            "refused"
        };
        row(
            page,
            &[
                &format!("`{}`", table.name),
                mark(table.key),
                &first_sentence(table.doc),
                concatenates,
            ],
        );
    }
}

/// What stands beside a class that the Python package does not know.
fn mark(key: &str) -> &'static str {
    if in_python(key) { "" } else { "b" }
}

fn link(table: &ModuleTable) -> String {
    format!("[`{}`](#{})", table.name, anchor(table.name))
}

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// Documentation on one line, links to other items as plain code.
fn prose(doc: &str) -> String {
    let line = doc.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace("[`", "`").replace("`]", "`")
}

/// The first sentence of documentation: up to a full stop before a capital letter, or the end of the paragraph.
fn first_sentence(doc: &str) -> String {
    let paragraph = prose(doc.split("\n\n").next().unwrap_or_default());
    let stops = paragraph.match_indices(". ").map(|(stop, _)| stop + 1);
    let end = stops.into_iter().find(|&stop| {
        let next = paragraph[stop..].trim_start().chars().next();
        next.is_some_and(char::is_uppercase)
    });
    let sentence = &paragraph[..end.unwrap_or(paragraph.len())];
    if sentence.is_empty() || sentence.ends_with('.') {
        sentence.to_owned()
    } else {
        format!("{sentence}.")
    }
}

/// A row of a table; a bar in a cell would end it.
fn row<S: AsRef<str>>(page: &mut String, cells: &[S]) {
    page.push('|');
    for cell in cells {
        let cell = cell.as_ref().replace('|', "\\|");
        // Writing to a string does not fail.
        let _ = if cell.is_empty() {
            page.write_str(" |")
        } else {
            write!(page, " {cell} |")
        };
    }
    page.push('\n');
}
