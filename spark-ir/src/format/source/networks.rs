//! Networks: head, header, nodes, wires.

use super::layout::Doc;
use super::types::{Type, Types, default_of};
use super::values::{Fields, float, with_unit};
use super::{PortOption, Writer, said, wires};
use crate::diagnostic::Diagnostic;
use crate::format::scfg::{ControllerDoc, ModuleDoc};
use crate::format::tags::as_payload;
use crate::format::vocabulary::ConfigWords;
use crate::format::wiring::Wiring;
use crate::graph::{End, Graph};
use crate::names::snake_case;
use crate::suggest::nearest;

/// What cannot name a node: the header's fields.
const HEADER: [&str; 5] = ["dt", "seed", "units", "inhibitory_rate", "compat"];
/// The share of inhibitory units of a neuron that says none.
const INHIBITORY_RATE: f64 = 0.2;

/// A network that is about to be written.
struct Head<'a> {
    doc: &'a ControllerDoc,
    name: &'a str,
    pointer: &'a str,
    inputs: &'a [PortOption],
    outputs: &'a [PortOption],
    header: Vec<String>,
}

/// Payloads of the inputs and outputs of a network.
type Ports = Vec<(String, String)>;

impl<'a> Writer<'a> {
    /// The networks of a file, the model itself last.
    pub(super) fn model(&mut self, doc: &ControllerDoc) -> String {
        let pointer = "/__cfg__";
        self.own_name();
        self.collect(doc, pointer);
        let mut texts = Vec::new();
        for group in 0..self.groups.len() {
            texts.extend(self.declaration(group));
        }
        texts.extend(self.top(doc, pointer));
        texts.join("\n")
    }

    /// Refuses a name that cannot be written, or that the registry knows for something else.
    fn own_name(&mut self) {
        let name = &self.options.name;
        self.identifier(name, "");
        let key = snake_case(name);
        let known = self
            .vocabulary
            .modules
            .iter()
            .find(|words| snake_case(&words.name) == key);
        if let Some(words) = known {
            let message = format!(
                "`{name}` would be registered under `{key}`, the name of `{}`",
                words.name
            );
            let problem = Diagnostic::error("SPK049", String::new(), message);
            self.problems.push(problem.help("give the network another name"));
        }
    }

    fn top(&mut self, doc: &ControllerDoc, pointer: &str) -> Option<String> {
        let types = self.types(doc, pointer, &self.options.inputs)?;
        let mut nodes = Vec::new();
        for (i, module) in doc.modules.iter().enumerate() {
            let ty = types.get(i)?;
            let pointer = format!("{pointer}/modules_specs/{i}/__data__/config");
            nodes.push(self.node_fields(ty, module, doc, None, &pointer));
        }
        let mut header = Vec::new();
        let mut say = |name: &str, value: Option<String>| {
            header.extend(value.map(|value| format!("    {name} = {value};\n")));
        };
        let dt = doc.dt.as_ref().and_then(serde_json::Number::as_f64);
        say("dt", dt.map(|dt| with_unit(dt, "ms")));
        say("seed", doc.seed.map(seed_text));
        say(
            "units",
            doc.units
                .as_ref()
                .filter(|units| !units.is_empty())
                .map(|units| format!("{units:?}")),
        );
        say(
            "inhibitory_rate",
            rate_of(doc).filter(|rate| *rate != INHIBITORY_RATE).map(float),
        );
        let mut problems = Vec::new();
        say("compat", Some(doc.compat(&mut problems).to_owned()));
        self.problems.extend(problems);
        let options = self.options;
        let head = Head {
            doc,
            name: &options.name,
            pointer,
            inputs: &options.inputs,
            outputs: &options.outputs,
            header,
        };
        let (text, _, _) = self.network(&head, &types, nodes)?;
        Some(text)
    }

    /// The declaration of a neuron: what all its members say alike.
    fn declaration(&mut self, group: usize) -> Option<String> {
        let members = self.groups[group].members.clone();
        let first = members.first()?;
        let types = self.types(&first.doc, &first.pointer, &[])?;
        // Fields of each member, by node of the first one.
        let mut all: Vec<Vec<Fields>> = Vec::new();
        for member in &members {
            let mut nodes = Vec::new();
            for (i, module) in first.doc.modules.iter().enumerate() {
                let own = member
                    .doc
                    .modules
                    .iter()
                    .position(|own| own.name == module.name)?;
                let pointer = format!("{}/modules_specs/{own}/__data__/config", member.pointer);
                let (ty, own) = (types.get(i)?, &member.doc.modules[own]);
                nodes.push(self.node_fields(ty, own, &member.doc, None, &pointer));
            }
            all.push(nodes);
        }
        let shared = |node: usize, (path, value): &(String, Doc)| {
            let is_seed = path == "seed" || path.ends_with(".seed");
            !is_seed
                && all
                    .iter()
                    .all(|nodes| nodes[node].contains(&(path.clone(), value.clone())))
        };
        let mut nodes: Vec<Fields> = Vec::new();
        for (i, fields) in all.first()?.iter().enumerate() {
            nodes.push(fields.iter().filter(|field| shared(i, field)).cloned().collect());
        }
        let common = nodes.iter().zip(&first.doc.modules).flat_map(|(fields, module)| {
            fields
                .iter()
                .map(|(path, value)| (format!("{}.{path}", module.name), value.flat()))
        });
        self.groups[group].common = common.collect();
        let name = self.groups[group].name.clone();
        let head = Head {
            doc: &first.doc,
            name: &name,
            pointer: &first.pointer,
            inputs: &[],
            outputs: &[],
            header: Vec::new(),
        };
        let (text, inputs, outputs) = self.network(&head, &types, nodes)?;
        self.groups[group].inputs = inputs;
        self.groups[group].outputs = outputs;
        Some(text)
    }

    /// What a node says beyond its type. `around` is the network that it is in, `base` the same node of a known neuron.
    fn node_fields(
        &mut self,
        ty: &Type<'a>,
        module: &ModuleDoc,
        around: &ControllerDoc,
        base: Option<&ModuleDoc>,
        pointer: &str,
    ) -> Fields {
        let words = match ty {
            Type::Known(words) if !words.neuron => Some(*words),
            Type::Known(_) | Type::Declared(_) => return self.neuron_fields(ty, module, around, pointer),
            Type::Named(_) => None,
        };
        let config: Option<&ConfigWords> = words.map(|words| &words.config);
        let defaults = base
            .map(|base| &base.config)
            .or(config.map(|config| &config.default));
        let dt = around.dt.as_ref().and_then(serde_json::Number::as_f64);
        let units = around.units.as_deref().unwrap_or_default();
        let is_neuron = !around.is_brain();
        // What the network around it hands down.
        let unless = |name: &str, value: &serde_json::Value| match name {
            "dt" => value.is_null() || value.as_f64() == dt,
            "units" if is_neuron => {
                let own = crate::format::tags::as_shape(value);
                units.is_empty() || own.is_some_and(|own| own.is_empty() || own == units)
            }
            _ => false,
        };
        self.fields(config, defaults, &module.config, pointer, &unless)
    }

    /// What a neuron says beyond its type: the header's fields, then those of its nodes.
    fn neuron_fields(
        &mut self,
        ty: &Type<'a>,
        module: &ModuleDoc,
        around: &ControllerDoc,
        pointer: &str,
    ) -> Fields {
        let default = match ty {
            Type::Known(words) => default_of(words),
            _ => None,
        };
        let inline = match module.as_controller(pointer) {
            Some(Ok(inline)) => inline,
            Some(Err(_)) => return Fields::new(),
            None => match ControllerDoc::from_fields("", &with_modules(module), pointer) {
                Ok(inline) => inline,
                Err(more) => {
                    self.problems.extend(more);
                    return Fields::new();
                }
            },
        };
        let mut fields = Fields::new();
        let mut say = |name: &str, value: Option<String>| {
            fields.extend(value.map(|value| (name.to_owned(), Doc::text(value))));
        };
        say(
            "units",
            inline
                .units
                .as_ref()
                .filter(|units| !units.is_empty())
                .map(|units| format!("{units:?}")),
        );
        let rate = default.as_ref().and_then(rate_of).unwrap_or(INHIBITORY_RATE);
        say(
            "inhibitory_rate",
            rate_of(&inline).filter(|own| *own != rate).map(float),
        );
        say("seed", inline.seed.map(seed_text));
        let dt = |doc: &ControllerDoc| doc.dt.as_ref().and_then(serde_json::Number::as_f64);
        let own_dt = dt(&inline).filter(|own| Some(*own) != dt(around));
        say("dt", own_dt.map(|dt| with_unit(dt, "ms")));
        if inline.modules.is_empty() {
            return fields;
        }
        let Some(types) = self.types(&inline, pointer, &[]) else {
            return fields;
        };
        for (i, inner) in inline.modules.iter().enumerate() {
            let Some(inner_type) = types.get(i) else { continue };
            let base = default.as_ref().and_then(|default| node_of(default, &inner.name));
            let pointer = format!("{pointer}/modules_specs/{i}/__data__/config");
            let own = self.node_fields(inner_type, inner, &inline, base, &pointer);
            let own = own
                .into_iter()
                .map(|(path, value)| (format!("{}.{path}", inner.name), value));
            fields.extend(own.filter(|(path, value)| !self.is_common(ty, path, value)));
        }
        fields
    }

    /// Whether the declaration of a neuron says a field already.
    fn is_common(&self, ty: &Type<'_>, path: &str, value: &Doc) -> bool {
        let Type::Declared(group) = ty else { return false };
        self.groups[*group]
            .common
            .get(path)
            .is_some_and(|common| *common == value.flat())
    }

    /// One network, and the payloads of its ports.
    fn network(
        &mut self,
        head: &Head<'_>,
        types: &Types<'a>,
        nodes: Vec<Fields>,
    ) -> Option<(String, Ports, Ports)> {
        let wiring = Wiring {
            doc: head.doc,
            name: head.name,
            pointer: head.pointer,
            nodes: types,
        };
        let graph = wiring.graph(&mut self.problems);
        self.names(&graph);
        let (_, found) = graph.resolve();
        let before = self.problems.len();
        self.problems
            .extend(found.into_iter().filter(Diagnostic::is_error));
        if self.problems.len() > before {
            return None;
        }
        let inputs = self.inputs(head, &graph, types);
        let outputs = self.outputs(head, &graph, types, &inputs);
        let kind = if head.doc.is_brain() { "brain" } else { "neuron" };
        let visibility = match self.options.visibility.as_str() {
            "" => String::new(),
            visibility => format!("{visibility} "),
        };
        let begin = format!("{visibility}{kind} {}", head.name);
        let mut text = ports_text(
            &begin,
            &port_list(&inputs, head.inputs),
            &port_list(&outputs, head.outputs),
        );
        let blank = if head.header.is_empty() { "" } else { "\n" };
        text.extend(head.header.iter().map(String::as_str).chain([blank]));
        text.push_str(&nodes_text(head.doc, types, nodes));
        text.push('\n');
        text.push_str(&wires::text(&graph));
        text.push_str("}\n");
        Some((text, inputs, outputs))
    }

    /// Refuses names that cannot be written.
    fn names(&mut self, graph: &Graph<String>) {
        let ports = graph.inputs.iter().chain(&graph.outputs).map(|port| &port.name);
        for name in ports.chain(graph.nodes.iter().map(|node| &node.name)) {
            self.identifier(&name.text, &name.span);
        }
        for node in graph
            .nodes
            .iter()
            .filter(|node| HEADER.contains(&node.name.text.as_str()))
        {
            let message = format!("`{}` cannot name a node: it is a header field", node.name.text);
            let problem = Diagnostic::error("SPK049", node.name.span.clone(), message);
            self.problems.push(problem.help("rename it in the file"));
        }
    }

    /// Inputs with the payload that the first port takes that they feed.
    fn inputs(&mut self, head: &Head<'_>, graph: &Graph<String>, types: &Types<'_>) -> Ports {
        let mut ports = Ports::new();
        for input in &graph.inputs {
            let name = &input.name.text;
            let is_it = |end: &End<String>| end.node.is_none() && end.port.text == *name;
            let feeds = graph.wires.iter().filter(|wire| wire.sources.iter().any(is_it));
            let taken = feeds.flat_map(|wire| &wire.sinks).find_map(|sink| {
                let node = node_index(graph, sink)?;
                self.taken(types.get(node)?, &sink.port.text)
            });
            let payload = self.payload(head, head.inputs, name, taken, &input.name.span, "input");
            ports.push((name.clone(), payload));
        }
        self.options_known(head.inputs, &ports, "input");
        ports
    }

    /// Outputs with the payload of their source.
    fn outputs(
        &mut self,
        head: &Head<'_>,
        graph: &Graph<String>,
        types: &Types<'_>,
        inputs: &Ports,
    ) -> Ports {
        let mut ports = Ports::new();
        for output in &graph.outputs {
            let name = &output.name.text;
            let is_it = |end: &End<String>| end.node.is_none() && end.port.text == *name;
            let wire = graph.wires.iter().find(|wire| wire.sinks.iter().any(is_it));
            let given = wire
                .and_then(|wire| wire.sources.first())
                .and_then(|source| match &source.node {
                    None => inputs
                        .iter()
                        .find(|(input, _)| *input == source.port.text)
                        .map(|(_, payload)| payload.clone()),
                    Some(node) if node.text == "self" => Some("BooleanMask".to_owned()),
                    Some(_) => self.given(
                        types.get(node_index(graph, source)?)?,
                        &source.port.text,
                        source.property,
                    ),
                });
            let payload = self.payload(head, head.outputs, name, given, &output.name.span, "output");
            ports.push((name.clone(), payload));
        }
        self.options_known(head.outputs, &ports, "output");
        ports
    }

    /// The payload of a port: as the options say, as the nodes say, as the graph editor noted.
    fn payload(
        &mut self,
        head: &Head<'_>,
        options: &[PortOption],
        name: &str,
        found: Option<String>,
        pointer: &str,
        what: &str,
    ) -> String {
        let noted = || self.noted(head.doc, name);
        if let Some(payload) = said(options, name).or(found).or_else(noted) {
            return payload;
        }
        let message = format!(
            "the payload of the {what} `{name}` of `{}` is not known",
            head.name
        );
        let problem = Diagnostic::error("SPK049", pointer.to_owned(), message);
        self.problems.push(problem.help(format!(
            "it belongs to a module of your own: say what it carries, `{name}: FloatArray` in the head of \
             `include_network!`, or declare the neuron with `network!`"
        )));
        String::new()
    }

    /// The payload of a port that the graph editor noted.
    pub(super) fn noted(&self, doc: &ControllerDoc, name: &str) -> Option<String> {
        let spec = doc.header.editor.get(name)?.get("spec")?;
        let key = as_payload(spec.get("__data__")?.get("payload_type")?)?;
        self.vocabulary.payload(key).map(str::to_owned)
    }

    /// Refuses options about ports that the network does not have.
    fn options_known(&mut self, options: &[PortOption], ports: &Ports, what: &str) {
        let names = || ports.iter().map(|(name, _)| name.as_str());
        for option in options
            .iter()
            .filter(|option| !names().any(|name| name == option.name))
        {
            let message = format!(
                "the model has no {what} `{}`; it has: {}",
                option.name,
                names().collect::<Vec<_>>().join(", ")
            );
            let problem = Diagnostic::error("SPK003", String::new(), message).at(&option.name);
            self.problems
                .push(problem.did_you_mean(nearest(&option.name, names())));
        }
    }
}

/// The fields of a neuron that says nothing of its nodes.
fn with_modules(module: &ModuleDoc) -> serde_json::Map<String, serde_json::Value> {
    let mut fields = module.config.clone();
    fields.insert("modules_specs".to_owned(), serde_json::Value::Array(Vec::new()));
    fields
}

fn node_of<'d>(doc: &'d ControllerDoc, name: &str) -> Option<&'d ModuleDoc> {
    doc.modules.iter().find(|module| module.name == name)
}

fn node_index(graph: &Graph<String>, end: &End<String>) -> Option<usize> {
    let name = &end.node.as_ref()?.text;
    graph.nodes.iter().position(|node| node.name.text == *name)
}

fn rate_of(doc: &ControllerDoc) -> Option<f64> {
    doc.inhibitory_rate.as_ref().and_then(serde_json::Number::as_f64)
}

/// A seed beyond `i64` says what it is.
fn seed_text(seed: u64) -> String {
    if i64::try_from(seed).is_ok() {
        seed.to_string()
    } else {
        format!("{seed}u64")
    }
}

fn port_list(ports: &Ports, options: &[PortOption]) -> Vec<Doc> {
    let port = |(name, payload): &(String, String)| {
        let option = options.iter().find(|option| option.name == *name);
        let shape = option
            .and_then(|option| option.shape.as_deref())
            .unwrap_or_default();
        Doc::text(format!("{name}: {payload}{shape}"))
    };
    ports.iter().map(port).collect()
}

/// `pub brain Name(signal: FloatArray[4]) -> (action: FloatArray) {`.
fn ports_text(begin: &str, inputs: &[Doc], outputs: &[Doc]) -> String {
    let outputs = Doc::list(" -> (", outputs.iter().cloned(), ") {\n");
    let inputs = Doc::list(&format!("{begin}("), inputs.iter().cloned(), ")");
    let text = inputs.write(0, outputs.flat().chars().count());
    let column = text.lines().last().map_or(0, |line| line.chars().count());
    text + &outputs.write(0, column)
}

fn nodes_text(doc: &ControllerDoc, types: &Types<'_>, nodes: Vec<Fields>) -> String {
    let width = doc
        .modules
        .iter()
        .map(|module| module.name.chars().count())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for (i, (module, fields)) in doc.modules.iter().zip(nodes).enumerate() {
        let begin = format!("    {:width$} = ", module.name);
        let value = if fields.is_empty() {
            Doc::text(types.name(i))
        } else {
            Doc::config(types.name(i), fields)
        };
        let column = begin.chars().count();
        text.push_str(&begin);
        text.push_str(&value.write(4, column));
        text.push_str(";\n");
    }
    text
}
