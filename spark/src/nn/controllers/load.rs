//! From a file's description of a network to tables, as `network!` would have written them.
//!
//! The tables of a graph live as long as the program, like those of a declared network; a graph that was loaded before
//! gets the same tables again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use spark_ir::check::{self, TablePlace};
use spark_ir::diagnostic::Diagnostic;
use spark_ir::format::scfg::{CALL, ControllerDoc, ModuleDoc, Subregistry};
use spark_ir::format::tags;
use spark_ir::format::wiring::{Nodes, Wiring};
use spark_ir::graph::{Graph, Origin, Resolved};
use spark_ir::shape::{ConstValue, ShapeRule, ShapeTerm};
use spark_ir::suggest::nearest;
use spark_ir::table::{
    ConfigTable, Effect, Feed, GraphTable, InputTable, ModuleKind, ModuleTable, NodeTable, OutputTable,
    PayloadTable, PortTable, Source,
};
use spark_ir::wiring::find;

use super::config::{ModelConfig, Part};
use crate::core::payload::{BooleanMask, FloatArray, Shape, SparkPayload};
use crate::core::registry::{ModuleEntry, REGISTRY};
use crate::rt::export;

type Problems = Vec<Diagnostic<String>>;

/// A network and the place of its fields in the file.
pub(super) struct Loading<'a> {
    pub(super) doc: &'a ControllerDoc,
    pub(super) name: &'a str,
    pub(super) pointer: &'a str,
    /// How many networks it stands in.
    pub(super) depth: usize,
}

/// The most networks that stand one inside of the other: what follows shapes takes stack and time for each.
const MOST_LEVELS: usize = 4;

impl Loading<'_> {
    /// Reads the network. `None` if there are problems: what can be said of the fields is said then, too.
    pub(super) fn load(&self, problems: &mut Problems) -> Option<ModelConfig> {
        let before = problems.len();
        let modules = self.doc.modules.iter().enumerate();
        let mut parts: Vec<Option<Part>> = modules
            .map(|(i, module)| self.part(i, module, problems))
            .collect();
        self.choose_variants(&mut parts);
        let graph = Wiring {
            doc: self.doc,
            name: self.name,
            pointer: self.pointer,
            nodes: &Ports {
                doc: self.doc,
                parts: &parts,
            },
        };
        let graph = graph.graph(problems);
        let (resolved, found) = graph.resolve();
        let is_own =
            |problem: &Diagnostic<String>| problem.is_error() && !self.is_of_duplicate(problem, &resolved);
        problems.extend(found.into_iter().filter(is_own));
        let tables = self.tables(&graph, &resolved, &parts, problems);
        match tables.filter(|_| problems.len() == before) {
            Some((table, graph)) => Some(ModelConfig::new(
                table,
                graph,
                parts.into_iter().flatten().collect(),
                self.doc,
            )),
            None => {
                self.check_fields(parts, problems);
                None
            }
        }
    }

    /// The tables of the network, and what is wrong with its ports. `None` if the module of a node is not known.
    fn tables(
        &self,
        graph: &Graph<String>,
        resolved: &Resolved<String>,
        parts: &[Option<Part>],
        problems: &mut Problems,
    ) -> Option<Tables> {
        if !graph.fits() {
            return None;
        }
        let modules = (0..parts.len())
            .map(|i| table_of(parts, i))
            .collect::<Option<Vec<_>>>()?;
        let (table, kept) = tables(self, graph, resolved, &modules);
        let mut found = check::tables(kept);
        found.retain(|problem| !self.is_consequence(problem, kept, resolved));
        problems.extend(
            found
                .into_iter()
                .map(|problem| problem.map_span(|place| self.pointer_to(place, kept))),
        );
        Some((table, kept))
    }

    /// Whether a problem with ports is there only because a wire was left out, which has been told already.
    fn is_consequence(
        &self,
        problem: &Diagnostic<TablePlace>,
        graph: &GraphTable<'_>,
        resolved: &Resolved<String>,
    ) -> bool {
        match problem.span {
            TablePlace::Node(index) if problem.code == "SPK026" => {
                let (Some(node), Some(module)) = (graph.nodes.get(index), self.doc.modules.get(index)) else {
                    return false;
                };
                let wired = module.inputs.iter().filter(|(_, sources)| !sources.is_empty());
                let wired: Vec<&str> = wired.map(|(port, _)| port.as_str()).collect();
                find::required_inputs(node.module, node.name, &wired).is_ok()
            }
            TablePlace::Feed { node, feed } => {
                let feeds = resolved.nodes.get(node).map(|meaning| &meaning.feeds);
                let feed = feeds.and_then(|feeds| feeds.get(feed));
                problem.code == "SPK050" && feed.is_some_and(|feed| !feed.complete)
            }
            _ => false,
        }
    }

    /// Whether a wire is wrong only because its node has the name of another one.
    fn is_of_duplicate(&self, problem: &Diagnostic<String>, resolved: &Resolved<String>) -> bool {
        let mut nodes = resolved.nodes.iter().enumerate();
        problem.code == "SPK008"
            && nodes.any(|(i, node)| node.duplicate && problem.span.starts_with(&format!("{}/", self.at(i))))
    }

    /// What is wrong with the fields of the nodes whose modules are known.
    fn check_fields(&self, parts: Vec<Option<Part>>, problems: &mut Problems) {
        let mut found = Vec::new();
        for (i, part) in parts.into_iter().enumerate() {
            let (Some(mut part), Some(module)) = (part, self.doc.modules.get(i)) else {
                continue;
            };
            let before = found.len();
            part.config_mut()
                .read_fields(&module.config, &format!("{}/config", self.at(i)), &mut found);
            if found.len() == before {
                let place = crate::rt::join(self.name, &module.name);
                if let Some(units) = self.doc.units.as_deref() {
                    part.config_mut()
                        .adopt_units(&Shape::from(units), &place, &mut found);
                }
                part.config().validate(&place, &mut found);
            }
        }
        problems.extend(found.iter().map(export::as_diagnostic));
    }

    fn at(&self, module: usize) -> String {
        format!("{}/modules_specs/{module}/__data__", self.pointer)
    }

    fn pointer_to(&self, place: TablePlace, graph: &GraphTable<'_>) -> String {
        match place {
            TablePlace::Node(node) => self.at(node),
            TablePlace::Field { node, .. } => format!("{}/config", self.at(node)),
            TablePlace::Feed { node, feed } => {
                let port = graph
                    .nodes
                    .get(node)
                    .and_then(|node| Some(node.feeds.get(feed)?.port));
                format!("{}/inputs/{}", self.at(node), port.unwrap_or_default())
            }
            TablePlace::Effect(effect) => match graph.effects.get(effect) {
                Some(effect) => format!("{}/effects/{}", self.at(effect.node), effect.property),
                None => self.pointer.to_owned(),
            },
            TablePlace::Output(output) => {
                let name = graph.outputs.get(output).map_or("", |output| output.name);
                let feeds = |module: &ModuleDoc| module.outputs.iter().any(|(output, _)| output == name);
                let node = self.doc.modules.iter().position(feeds);
                node.map_or_else(
                    || self.pointer.to_owned(),
                    |node| format!("{}/outputs/{name}", self.at(node)),
                )
            }
        }
    }

    /// What runs a node: a registered module, a compiled neuron of the same graph, or the neuron that stands inline.
    fn part(&self, index: usize, module: &ModuleDoc, problems: &mut Problems) -> Option<Part> {
        let place = format!("{}/module_cls/__module_type__", self.at(index));
        if module.registry == Subregistry::Modules {
            let found = REGISTRY.modules_of_class(&module.class).next();
            if found.is_none() {
                let known = || REGISTRY.modules().iter().map(|entry| entry.table.class);
                problems.push(unknown("module", &module.class, place, known()));
            }
            return found.map(Part::registered);
        }
        let pointer = format!("{}/config", self.at(index));
        let compiled = REGISTRY.neuron(&module.class);
        let inline = match module.read_controller(&pointer) {
            None => {
                if compiled.is_none() {
                    let known = REGISTRY.neurons().iter().map(|entry| entry.table.key);
                    problems.push(unknown("neuron", &module.class, place, known).help(
                        "register it, or write its modules inline (`modules_specs` in its configuration)",
                    ));
                }
                return compiled.map(Part::registered);
            }
            Some((inline, more)) => {
                problems.extend(more);
                inline?
            }
        };
        if let Some(entry) = compiled.filter(|entry| same_graph(entry, &inline)) {
            return Some(Part::registered(entry));
        }
        if self.depth + 1 >= MOST_LEVELS {
            problems.push(too_deep(&module.name, pointer));
            return None;
        }
        let inner = Loading {
            doc: &inline,
            name: &module.class,
            pointer: &pointer,
            depth: self.depth + 1,
        };
        Some(Part::Loaded(Box::new(inner.load(problems)?)))
    }

    /// Where one class stands for several modules, takes the one whose first input fits what arrives there.
    fn choose_variants(&self, parts: &mut [Option<Part>]) {
        let has_variants = |table: &ModuleTable| REGISTRY.modules_of_class(table.class).nth(1).is_some();
        let mut open: Vec<usize> = (0..parts.len())
            .filter(|&i| table_of(parts, i).is_some_and(has_variants))
            .collect();
        // A variant may feed another one: each round settles at least one, or there is nothing to go by.
        while !open.is_empty() {
            let before = open.len();
            let waiting = open.clone();
            open.retain(|&i| match self.first_payload(i, parts, &waiting) {
                Some(payload) => {
                    let fits = |entry: &&'static ModuleEntry| {
                        entry
                            .table
                            .inputs
                            .first()
                            .is_some_and(|port| port.payload.key == payload.key)
                    };
                    let class = table_of(parts, i).map_or("", |table| table.class);
                    if let Some(entry) = REGISTRY.modules_of_class(class).find(fits) {
                        parts[i] = Some(Part::registered(entry));
                    }
                    false
                }
                None => true,
            });
            if open.len() == before {
                return;
            }
        }
    }

    /// The payload that arrives first at a node, if a node that is settled gives it.
    fn first_payload(
        &self,
        index: usize,
        parts: &[Option<Part>],
        open: &[usize],
    ) -> Option<&'static PayloadTable> {
        let (_, sources) = self.doc.modules[index].inputs.first()?;
        let source = sources.first()?;
        if source.origin == CALL {
            return self.payload_of_input(&source.port);
        }
        let from = self
            .doc
            .modules
            .iter()
            .position(|module| module.name == source.origin)?;
        if open.contains(&from) {
            return None;
        }
        let table = table_of(parts, from)?;
        let ports = if source.is_property {
            table.properties
        } else {
            table.outputs
        };
        // What a node updates in place is given on under the name of the input.
        let updated = table
            .inputs
            .iter()
            .filter(|port| port.writable && !source.is_property);
        let found = ports.iter().chain(updated).find(|port| port.name == source.port);
        found.map(|port| port.payload)
    }

    /// The payload of an input of the network: files say it in what the editor shows there, if anywhere.
    fn payload_of_input(&self, input: &str) -> Option<&'static PayloadTable> {
        let shown = self.doc.header.editor.get(input)?;
        let key = tags::as_payload(shown.pointer("/spec/__data__/payload_type")?)?;
        REGISTRY.payload(key).map(|entry| entry.table)
    }
}

/// The ports of a node, if its module is known.
fn table_of(parts: &[Option<Part>], index: usize) -> Option<&'static ModuleTable> {
    parts.get(index)?.as_ref().map(Part::table)
}

/// What a file leaves to the types of its nodes.
struct Ports<'a> {
    doc: &'a ControllerDoc,
    parts: &'a [Option<Part>],
}

impl Nodes for Ports<'_> {
    fn module(&self, node: usize) -> String {
        let class = self.doc.modules.get(node).map_or("", |module| &*module.class);
        table_of(self.parts, node)
            .map_or(class, |table| table.name)
            .to_owned()
    }

    fn updates(&self, node: usize, port: &str) -> Option<bool> {
        let inputs = table_of(self.parts, node).map_or(&[][..], |table| table.inputs);
        Some(inputs.iter().any(|input| input.name == port && input.writable))
    }

    fn is_property(&self, node: usize, port: &str) -> bool {
        let Some(table) = table_of(self.parts, node) else {
            return false;
        };
        let has = |ports: &[PortTable]| ports.iter().any(|known| known.name == port);
        !has(table.outputs) && has(table.properties)
    }
}

fn unknown<'a>(
    what: &str,
    class: &str,
    place: String,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic<String> {
    let suggestion = nearest(class, known).map(str::to_owned);
    Diagnostic::error(
        "SPK097",
        place,
        format!("no {what} is registered under the name `{class}`"),
    )
    .found(class)
    .help("name the crate that registers it in the program: `use my_modules as _;`")
    .did_you_mean(suggestion.as_deref())
}

fn too_deep(node: &str, place: String) -> Diagnostic<String> {
    Diagnostic::error(
        "SPK019",
        place,
        format!("`{node}` stands inside of too many networks"),
    )
    .expected(format!("at most {MOST_LEVELS} networks, one inside of the other"))
    .help("put its modules into the network around it")
}

/// Whether a file describes the graph of a compiled neuron.
fn same_graph(entry: &ModuleEntry, doc: &ControllerDoc) -> bool {
    entry
        .table
        .graph
        .is_some_and(|graph| export::is_graph_of(graph, doc))
}

/// Keeps something for the rest of the program.
fn keep<T>(values: Vec<T>) -> &'static [T] {
    Box::leak(values.into_boxed_slice())
}

fn keep_text(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// Graphs that were loaded, by what they are made of.
static KNOWN: Mutex<Option<HashMap<String, Tables>>> = Mutex::new(None);

/// A network as a module, and its graph.
type Tables = (&'static ModuleTable, &'static GraphTable<'static>);

fn tables(
    loading: &Loading<'_>,
    graph: &Graph<String>,
    resolved: &Resolved<String>,
    modules: &[&'static ModuleTable],
) -> Tables {
    let key = signature(loading, graph, resolved, modules);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    *known
        .entry(key)
        .or_insert_with(|| make(loading, graph, resolved, modules))
}

/// Everything that the tables of a graph say.
fn signature(
    loading: &Loading<'_>,
    graph: &Graph<String>,
    resolved: &Resolved<String>,
    modules: &[&'static ModuleTable],
) -> String {
    use std::fmt::Write as _;
    let mut text = format!("{} {} ", loading.doc.kind, loading.name);
    for input in &graph.inputs {
        let _ = write!(text, "{} ", input.name.text);
    }
    for ((node, meaning), module) in graph.nodes.iter().zip(&resolved.nodes).zip(modules) {
        let module: *const ModuleTable = *module;
        let _ = write!(text, "{} {module:?}(", node.name.text);
        for feed in &meaning.feeds {
            let origins: Vec<&Origin> = feed.sources.iter().map(|source| &source.origin).collect();
            let _ = write!(text, "{} {} {origins:?};", feed.port.text, feed.in_place);
        }
        text.push(')');
    }
    for effect in &resolved.effects {
        let _ = write!(
            text,
            "{} {} {:?};",
            effect.node, effect.property.text, effect.source.origin
        );
    }
    for (output, meaning) in graph.outputs.iter().zip(&resolved.outputs) {
        let origin = meaning.source.as_ref().map(|source| &source.origin);
        let _ = write!(text, "{} {origin:?};", output.name.text);
    }
    text
}

fn kept_source(origin: &Origin) -> Source<'static> {
    match origin {
        Origin::Input(input) => Source::Input(*input),
        Origin::Output { node, port } => Source::Output {
            node: *node,
            port: keep_text(port),
        },
        Origin::Property { node, port } => Source::Property {
            node: *node,
            port: keep_text(port),
        },
        Origin::Controller { port } => Source::Controller {
            port: keep_text(port),
        },
    }
}

fn make(
    loading: &Loading<'_>,
    graph: &Graph<String>,
    resolved: &Resolved<String>,
    modules: &[&'static ModuleTable],
) -> Tables {
    let nodes: Vec<NodeTable<'static>> = (graph.nodes.iter().zip(&resolved.nodes).zip(modules))
        .map(|((node, meaning), module)| {
            let feeds = meaning.feeds.iter().map(|feed| Feed {
                port: keep_text(&feed.port.text),
                sources: keep(
                    feed.sources
                        .iter()
                        .map(|source| kept_source(&source.origin))
                        .collect(),
                ),
                in_place: feed.in_place,
            });
            NodeTable {
                name: keep_text(&node.name.text),
                module,
                fields: &[],
                feeds: keep(feeds.collect()),
            }
        })
        .collect();
    let nodes = keep(nodes);
    let inputs: Vec<InputTable<'static>> = (graph.inputs.iter().enumerate())
        .map(|(i, input)| InputTable {
            name: keep_text(&input.name.text),
            payload: taken(nodes, resolved, i),
            shape: ConstValue::Unknown,
        })
        .collect();
    let inputs = keep(inputs);
    let outputs: Vec<OutputTable<'static>> = (graph.outputs.iter().zip(&resolved.outputs))
        .filter_map(|(output, meaning)| {
            let source = kept_source(&meaning.source.as_ref()?.origin);
            // A source that does not exist is told by the checks.
            let payload = given(nodes, inputs, &source).unwrap_or(FloatArray::TABLE);
            Some(OutputTable {
                name: keep_text(&output.name.text),
                payload,
                shape: ConstValue::Unknown,
                source,
            })
        })
        .collect();
    let effects = resolved.effects.iter().map(|effect| Effect {
        node: effect.node,
        property: keep_text(&effect.property.text),
        source: kept_source(&effect.source.origin),
    });
    let table = GraphTable {
        name: keep_text(loading.name),
        kind: graph.kind,
        inputs,
        outputs: keep(outputs),
        nodes,
        effects: keep(effects.collect()),
        order: keep(resolved.schedule.all().collect()),
        units: ConstValue::Unknown,
    };
    let graph = Box::leak(Box::new(table));
    (module_table(loading, graph), graph)
}

/// The payload that an input of the network carries: what the first port that it feeds takes.
fn taken(nodes: &[NodeTable<'static>], resolved: &Resolved<String>, input: usize) -> &'static PayloadTable {
    for (node, meaning) in nodes.iter().zip(&resolved.nodes) {
        for feed in &meaning.feeds {
            let port = node.module.inputs.iter().find(|port| port.name == feed.port.text);
            if let Some(port) = port.filter(|_| feed.sources.iter().any(|s| s.origin == Origin::Input(input)))
            {
                return port.payload;
            }
        }
    }
    // Nothing takes it: the checks tell why.
    FloatArray::TABLE
}

/// The payload of a source.
fn given(
    nodes: &'static [NodeTable<'static>],
    inputs: &'static [InputTable<'static>],
    source: &Source<'_>,
) -> Option<&'static PayloadTable> {
    let port = |ports: &'static [PortTable], name: &str| {
        ports
            .iter()
            .find(|port| port.name == name)
            .map(|port| port.payload)
    };
    match source {
        Source::Input(input) => inputs.get(*input).map(|input| input.payload),
        Source::Output { node, port: name } => port(nodes.get(*node)?.module.outputs, name),
        Source::Property { node, port: name } => port(nodes.get(*node)?.module.properties, name),
        Source::Controller { .. } => Some(BooleanMask::TABLE),
    }
}

const fn port_table(name: &'static str, payload: &'static PayloadTable, shape: ShapeRule) -> PortTable {
    PortTable {
        name,
        payload,
        optional: false,
        many: false,
        writable: false,
        per_synapse: false,
        sparse: false,
        shape,
        doc: "",
    }
}

/// The network as a module of another one.
fn module_table(loading: &Loading<'_>, graph: &'static GraphTable<'static>) -> &'static ModuleTable {
    let name = keep_text(loading.name);
    let kind = keep_text(&loading.doc.kind);
    let inputs = graph
        .inputs
        .iter()
        .map(|input| port_table(input.name, input.payload, ShapeRule::Any));
    let outputs = graph
        .outputs
        .iter()
        .map(|output| port_table(output.name, output.payload, ShapeRule::Graph));
    let mask = port_table(
        "inhibition_mask",
        BooleanMask::TABLE,
        ShapeRule::Terms(&[ShapeTerm::Field("units")]),
    );
    let is_neuron = graph.kind == ModuleKind::Neuron;
    let config = Box::leak(Box::new(ConfigTable {
        name: kind,
        key: kind,
        fields: &[],
        doc: "",
    }));
    Box::leak(Box::new(ModuleTable {
        name,
        key: name,
        class: name,
        path: "",
        doc: "",
        kind: graph.kind,
        inputs: keep(inputs.collect()),
        outputs: keep(outputs.collect()),
        properties: if is_neuron { keep(vec![mask]) } else { &[] },
        config,
        graph: Some(graph),
        origin: "",
    }))
}
