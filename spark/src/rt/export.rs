//! Declared networks as files of the Python package, and back.

use std::fmt::Display;
use std::path::Path;

use serde_json::{Map, Number, Value, json};
use spark_ir::diagnostic::{CODES, Diagnostic};
use spark_ir::format::file::{self, Limits};
use spark_ir::format::scfg::{ControllerDoc, ModuleDoc, OWN, OWN_FORMAT, PortMapDoc, PortMaps, Subregistry};
use spark_ir::format::unread;
use spark_ir::table::{GraphTable, ModuleKind, Source};

pub use spark_ir::format::file::FileError;

use super::controller::{ControllerConfig, Header, resolved};
use super::differences::differences;
use crate::core::compat::Compat;
use crate::core::config::{DynConfig, SparkConfig};
use crate::core::error::{BuildError, Problem};
use crate::core::payload::Shape;
use crate::core::specs::ModuleSpecs;
use crate::units::Ms;

/// The fields of a network's configuration, as files hold them.
pub fn to_fields<C: ControllerConfig + ?Sized>(config: &C) -> Map<String, Value> {
    config.document().to_fields()
}

/// A declared network as files describe it.
pub(crate) fn declared_document<C: ControllerConfig + ?Sized>(config: &C) -> ControllerDoc {
    let header = config.header();
    let mut doc = ControllerDoc::new(config.file_kind());
    doc.seed = header.seed;
    doc.dt = header.dt.and_then(|dt| Number::from_f64(dt.0));
    if config.graph().kind == ModuleKind::Neuron {
        doc.units = header.units.map(|units| units.to_vec());
        doc.inhibitory_rate = header.inhibitory_rate.and_then(Number::from_f64);
    }
    doc.modules = modules(config);
    doc
}

fn modules<C: ControllerConfig + ?Sized>(config: &C) -> Vec<ModuleDoc> {
    let graph = config.graph();
    config
        .nodes()
        .into_iter()
        .zip(graph.nodes)
        .enumerate()
        .map(|(index, ((name, fields), node))| ModuleDoc {
            name: name.to_owned(),
            class: node.module.class.to_owned(),
            registry: match node.module.kind {
                ModuleKind::Module => Subregistry::Modules,
                ModuleKind::Neuron | ModuleKind::Brain => Subregistry::Neurons,
            },
            inputs: inputs(graph, index),
            config: fields.to_fields(),
            outputs: outputs(graph, index),
            effects: effects(graph, index),
        })
        .collect()
}

fn port_map(graph: &GraphTable<'_>, source: &Source<'_>) -> PortMapDoc {
    match source {
        Source::Input(input) => PortMapDoc::output(spark_ir::format::scfg::CALL, graph.inputs[*input].name),
        Source::Output { node, port } => PortMapDoc::output(graph.nodes[*node].name, port),
        Source::Property { node, port } => PortMapDoc::property(graph.nodes[*node].name, port),
        Source::Controller { port } => PortMapDoc::property(spark_ir::format::scfg::SELF, port),
    }
}

/// What feeds a node. The Python package wants optional ports wired too: an open `inhibition_mask` of a neuron's
/// module is fed by the neuron's own, which says the same as long as no unit is inhibitory.
fn inputs(graph: &GraphTable<'_>, node: usize) -> PortMaps {
    let node = &graph.nodes[node];
    let mut maps = PortMaps::new();
    for port in node.module.inputs {
        if let Some(feed) = node.feeds.iter().find(|feed| feed.port == port.name) {
            let sources = feed
                .sources
                .iter()
                .map(|source| port_map(graph, source))
                .collect();
            maps.push((port.name.to_owned(), sources));
        } else if open_mask(graph, port.name) {
            let mask = PortMapDoc::property(spark_ir::format::scfg::SELF, port.name);
            maps.push((port.name.to_owned(), vec![mask]));
        }
    }
    maps
}

fn open_mask(graph: &GraphTable<'_>, port: &str) -> bool {
    graph.kind == ModuleKind::Neuron && port == "inhibition_mask"
}

fn outputs(graph: &GraphTable<'_>, index: usize) -> Vec<(String, String)> {
    graph
        .outputs
        .iter()
        .filter_map(|output| match output.source {
            Source::Output { node, port } if node == index => Some((output.name.to_owned(), port.to_owned())),
            _ => None,
        })
        .collect()
}

/// Effects on a node's properties: wires into them, and in-place ports, which are an input and an effect in files.
fn effects(graph: &GraphTable<'_>, index: usize) -> PortMaps {
    let mut maps = PortMaps::new();
    let mut add = |property: &str, map: PortMapDoc| match maps.iter_mut().find(|(name, _)| name == property) {
        Some((_, sources)) => sources.push(map),
        None => maps.push((property.to_owned(), vec![map])),
    };
    for node in graph.nodes {
        for feed in node.feeds.iter().filter(|feed| feed.in_place) {
            if let Some(Source::Property { node: target, port }) = feed.sources.first()
                && *target == index
            {
                add(port, PortMapDoc::output(node.name, feed.port));
            }
        }
    }
    for effect in graph.effects.iter().filter(|effect| effect.node == index) {
        add(effect.property, port_map(graph, &effect.source));
    }
    maps
}

/// What files of the Python package cannot say, although this crate can run it.
fn inexpressible<C: ControllerConfig + ?Sized>(config: &C) -> Vec<Problem> {
    let graph = config.graph();
    let mut problems = Vec::new();
    for output in graph.outputs {
        if !matches!(output.source, Source::Output { .. }) {
            let place = format!("{}.{}", graph.name, output.name);
            problems.push(
                Problem::new(place, "the Python package's files cannot say that an output of a network is fed by an input or a property")
                    .help("feed it from an output of a node"),
            );
        }
    }
    let rate = config.header().inhibitory_rate.unwrap_or(0.0);
    for node in graph.nodes {
        let open =
            node.module.inputs.iter().any(|port| {
                open_mask(graph, port.name) && node.feeds.iter().all(|feed| feed.port != port.name)
            });
        if open && rate > 0.0 {
            problems.push(
                Problem::new(
                    format!("{}.{}.inhibition_mask", graph.name, node.name),
                    format!("is not wired, though {rate} of the units are inhibitory: the Python package would wire it"),
                )
                .help(format!("add `self.inhibition_mask() -> {}.inhibition_mask;`, or set `inhibitory_rate` to 0", node.name)),
            );
        }
    }
    problems
}

/// The network as JSON of the Python package.
pub fn to_json<C: ControllerConfig + DynConfig + Clone>(config: &C) -> Result<Value, BuildError> {
    Ok(finished(config)?.to_value())
}

fn finished<C: ControllerConfig + DynConfig + Clone>(config: &C) -> Result<ControllerDoc, BuildError> {
    as_it_stands(&resolved(config)?)
}

/// The network as a file describes it, with what is open in its configuration left open.
pub(crate) fn as_it_stands<C: ControllerConfig + ?Sized>(config: &C) -> Result<ControllerDoc, BuildError> {
    BuildError::check(inexpressible(config))?;
    let rows = differences(config);
    if !rows.is_empty() {
        log::warn!(
            "`{}` does not run under `compat = SparkSnn1`: the Python package will compute something else in these \
             points (docs/fidelity.md): {}",
            config.graph().name,
            rows.join("; ")
        );
    }
    Ok(marked(config))
}

/// A configuration as a document of this crate, with its head.
fn marked<C: ControllerConfig + ?Sized>(config: &C) -> ControllerDoc {
    let mut doc = config.document();
    config.complete(&mut doc);
    doc
}

/// The configuration that a network was built from as JSON, and what the Python package's files cannot say of it.
pub(crate) fn built_to_json<C: ControllerConfig + ?Sized>(config: &C) -> (Value, Vec<Problem>) {
    (marked(config).to_value(), inexpressible(config))
}

/// The head of a declared network's file.
pub(crate) fn declared_head<C: ControllerConfig + ?Sized>(config: &C, doc: &mut ControllerDoc) {
    say_mode(config.header().compat.unwrap_or_default(), doc);
    doc.header.editor = editor_nodes(config.graph());
}

/// Says in the head of a file under which mode it runs.
pub(crate) fn say_mode(compat: Compat, doc: &mut ControllerDoc) {
    doc.header.metadata.insert(
        OWN.to_owned(),
        json!({ "format": OWN_FORMAT, "compat": compat.name() }),
    );
}

/// Whether a file says under which mode it runs.
pub(crate) fn says_mode(doc: &ControllerDoc) -> bool {
    doc.header.metadata.contains_key(OWN)
}

/// The nodes for inputs and outputs that the Python package's editor needs to open a file.
fn editor_nodes(graph: &GraphTable<'_>) -> Map<String, Value> {
    let mut nodes = Map::new();
    let mut add = |name: &str, kind: &str, row: usize, payload: &str, shape: &spark_ir::shape::ConstValue| {
        let x = if kind == "source" { -500.0 } else { 500.0 };
        let y = 150.0 * row as f64;
        let shape: Option<Vec<usize>> = match shape {
            spark_ir::shape::ConstValue::Dims(dims) => Some(dims.as_slice().to_vec()),
            _ => None,
        };
        let spec = spark_ir::format::tags::port_specs(payload, shape.as_deref(), None, "");
        nodes.insert(
            name.to_owned(),
            json!({ "type": kind, "pos": [x, y], "spec": spec }),
        );
    };
    for (row, input) in graph.inputs.iter().enumerate() {
        add(input.name, "source", row, input.payload.key, &input.shape);
    }
    for (row, output) in graph.outputs.iter().enumerate() {
        add(output.name, "sink", row, output.payload.key, &output.shape);
    }
    nodes
}

/// Writes the network to a file.
pub fn to_file<C: ControllerConfig + DynConfig + Clone>(config: &C, path: &Path) -> Result<(), FileError> {
    write(finished(config), path)
}

/// Writes what [`as_it_stands`] gives.
pub(crate) fn write(doc: Result<ControllerDoc, BuildError>, path: &Path) -> Result<(), FileError> {
    let doc = doc.map_err(|error| as_file_error(path, error.problems()))?;
    file::write_model(path, &doc)
}

fn as_file_error(path: &Path, problems: &[Problem]) -> FileError {
    FileError::Format {
        path: path.to_owned(),
        problems: problems.iter().map(as_diagnostic).collect(),
    }
}

/// A problem of a configuration in a file. The code of its message becomes its own.
pub(crate) fn as_diagnostic(problem: &Problem) -> Diagnostic<String> {
    let (code, message) = match problem.message.split_once(": ") {
        Some((head, rest)) => match CODES.iter().find(|(code, _)| *code == head) {
            Some((code, _)) => (*code, rest),
            None => ("SPK095", problem.message.as_str()),
        },
        None => ("SPK095", problem.message.as_str()),
    };
    let mut diagnostic = Diagnostic::error(code, problem.place.clone(), message);
    diagnostic.expected.clone_from(&problem.expected);
    diagnostic.found.clone_from(&problem.found);
    diagnostic.help.clone_from(&problem.help);
    diagnostic
}

/// Reads a file for this very network.
pub fn from_file<C: ControllerConfig + SparkConfig>(path: &Path) -> Result<C, FileError> {
    let json = file::read(path, &Limits::default())?;
    read_json(&path.display(), &json).map_err(|error| as_file_error(path, error.problems()))
}

/// Reads JSON for this very network.
pub fn from_json<C: ControllerConfig + SparkConfig>(json: &Value) -> Result<C, BuildError> {
    let name = C::default().graph().name;
    read_json(&name, json)
}

/// The same, with warnings of keys that nothing knows where this crate did not write the file.
fn read_json<C: ControllerConfig + SparkConfig>(file: &dyn Display, json: &Value) -> Result<C, BuildError> {
    let mut errors = Vec::new();
    let (read, _) = unread::tolerant(json, |json| match read_all(json) {
        Ok(config) => (Some(config), Vec::new()),
        Err(error) => {
            errors = error.problems().to_vec();
            (None, errors.iter().map(as_diagnostic).collect())
        }
    });
    let Some(config) = read.got else {
        return Err(BuildError::from(errors));
    };
    warn(file, &read.warnings);
    Ok(config)
}

/// Tells the program's log of the warnings of a file that is used all the same.
pub(crate) fn warn(file: &dyn Display, problems: &[Diagnostic<String>]) {
    for problem in problems.iter().filter(|problem| !problem.is_error()) {
        log::warn!("{file}: at {}: {problem}", problem.span);
    }
}

fn read_all<C: ControllerConfig + SparkConfig>(json: &Value) -> Result<C, BuildError> {
    let doc = ControllerDoc::from_value(json)
        .map_err(|problems| BuildError::from(problems.iter().map(as_problem).collect::<Vec<_>>()))?;
    let mut problems = Vec::new();
    let mut config = C::default();
    let kind = config.file_kind();
    if doc.kind.as_str() != kind && (doc.kind == "brain_config" || config.graph().kind == ModuleKind::Brain) {
        problems.push(
            Problem::new(
                "/__type__",
                format!("this is no file of `{}`", config.graph().name),
            )
            .expected(kind)
            .found(&doc.kind),
        );
    }
    take_over(&mut config, &doc, unread::fields_pointer(json), &mut problems);
    let mut header = config.header();
    header.compat = Some(compat_of(&doc, &mut problems));
    config.set_header(header);
    if problems.is_empty() {
        SparkConfig::validate(&config, config.graph().name, &mut problems);
    }
    if problems.is_empty() {
        Ok(config)
    } else {
        Err(BuildError::from(problems))
    }
}

/// The mode of a file: as written by this crate, else that of the Python package.
pub(crate) fn compat_of(doc: &ControllerDoc, problems: &mut Vec<Problem>) -> Compat {
    let mut found = Vec::new();
    let compat = doc.compat(&mut found);
    problems.extend(found.iter().map(as_problem));
    compat.parse().unwrap_or_default()
}

pub(crate) fn as_problem(diagnostic: &Diagnostic<String>) -> Problem {
    let message = format!("{}: {}", diagnostic.code, diagnostic.message);
    let mut problem = Problem::new(diagnostic.span.clone(), message);
    problem.expected.clone_from(&diagnostic.expected);
    problem.found.clone_from(&diagnostic.found);
    problem.help.clone_from(&diagnostic.help);
    problem
}

/// Reads the fields of a network inside a file.
pub fn read_fields<C: ControllerConfig + ?Sized>(
    config: &mut C,
    fields: &Map<String, Value>,
    pointer: &str,
    problems: &mut Vec<Problem>,
) {
    match ControllerDoc::from_fields(config.file_kind(), fields, pointer) {
        Ok(doc) => take_over(config, &doc, pointer, problems),
        Err(more) => problems.extend(more.iter().map(as_problem)),
    }
}

pub(crate) fn take_over<C: ControllerConfig + ?Sized>(
    config: &mut C,
    doc: &ControllerDoc,
    pointer: &str,
    problems: &mut Vec<Problem>,
) {
    let graph = config.graph();
    let mut header: Header = config.header();
    header.seed = doc.seed.or(header.seed);
    header.dt = doc.dt.as_ref().and_then(Number::as_f64).map(Ms).or(header.dt);
    if graph.kind == ModuleKind::Neuron {
        header.units = doc.units.as_deref().map(Shape::from).or(header.units);
        header.inhibitory_rate = doc
            .inhibitory_rate
            .as_ref()
            .and_then(Number::as_f64)
            .or(header.inhibitory_rate);
    }
    config.set_header(header);
    for (i, module) in doc.modules.iter().enumerate() {
        if !graph.nodes.iter().any(|node| node.name == module.name) {
            problems.push(
                Problem::new(
                    format!("{pointer}/modules_specs/{i}"),
                    format!("`{}` has no node `{}`", graph.name, module.name),
                )
                .help("this file is of another network; declare a network of its shape"),
            );
        }
    }
    for (index, (name, node)) in config.nodes_mut().into_iter().enumerate() {
        let Some(i) = doc.modules.iter().position(|module| module.name == name) else {
            problems.push(Problem::new(
                format!("{pointer}/modules_specs"),
                format!("the node `{name}` is missing"),
            ));
            continue;
        };
        let module = &doc.modules[i];
        let at = format!("{pointer}/modules_specs/{i}/__data__");
        same_node(graph, index, module, &at, problems);
        node.read_fields(&module.config, &format!("{at}/config"), problems);
    }
}

/// Whether a file describes this very graph.
pub(crate) fn is_graph_of(graph: &GraphTable<'_>, doc: &ControllerDoc) -> bool {
    let mut problems = Vec::new();
    for (index, node) in graph.nodes.iter().enumerate() {
        match doc.modules.iter().find(|module| module.name == node.name) {
            Some(module) => same_node(graph, index, module, "", &mut problems),
            None => return false,
        }
    }
    doc.modules.len() == graph.nodes.len() && problems.is_empty()
}

/// A node of a file must be wired as the declared one is.
fn same_node(
    graph: &GraphTable<'_>,
    index: usize,
    module: &ModuleDoc,
    at: &str,
    problems: &mut Vec<Problem>,
) {
    let class = graph.nodes[index].module.class;
    if module.class != class {
        problems.push(
            Problem::new(format!("{at}/module_cls"), "the node is of another class")
                .expected(class)
                .found(&module.class),
        );
    }
    same_maps("inputs", &inputs(graph, index), &module.inputs, at, problems);
    same_maps("effects", &effects(graph, index), &module.effects, at, problems);
    if outputs(graph, index) != module.outputs {
        problems.push(
            Problem::new(
                format!("{at}/outputs"),
                "the node feeds other outputs of the network",
            )
            .expected(format!("{:?}", outputs(graph, index)))
            .found(format!("{:?}", module.outputs)),
        );
    }
}

fn same_maps(what: &str, declared: &PortMaps, found: &PortMaps, at: &str, problems: &mut Vec<Problem>) {
    let text = |maps: &[PortMapDoc]| {
        let ends: Vec<String> = maps
            .iter()
            .map(|map| format!("{}.{}", map.origin, map.port))
            .collect();
        if ends.is_empty() {
            "nothing".to_owned()
        } else {
            ends.join(", ")
        }
    };
    let get = |maps: &PortMaps, port: &str| {
        maps.iter()
            .find(|(name, _)| name == port)
            .map(|(_, sources)| sources.clone())
            .unwrap_or_default()
    };
    let mut ports: Vec<&str> = declared
        .iter()
        .chain(found)
        .map(|(port, _)| port.as_str())
        .collect();
    ports.sort_unstable();
    ports.dedup();
    for port in ports {
        let (want, have) = (get(declared, port), get(found, port));
        if want != have {
            problems.push(
                Problem::new(
                    format!("{at}/{what}/{port}"),
                    "the port is wired in another way than declared",
                )
                .expected(text(&want))
                .found(text(&have)),
            );
        }
    }
}

/// The nodes of a network with what is wired into them.
pub fn specs<C: ControllerConfig + ?Sized>(config: &C) -> Vec<ModuleSpecs> {
    let fields = config.document().to_fields();
    let Some(Value::Array(modules)) = fields.get("modules_specs") else {
        return Vec::new();
    };
    // The document has just written them: they read back.
    modules
        .iter()
        .filter_map(|module| ModuleSpecs::from_dict(module).ok())
        .collect()
}
