//! A model file: a controller, its modules and its wires, key by key as the Python package writes them.

use serde_json::{Map, Number, Value, json};

use super::pointer_to;
use super::tags::{as_shape, is_bookkeeping, type_of};
use super::unread::{self, Unread, unknown_keys};
use crate::diagnostic::Diagnostic;
use crate::names::snake_case;

/// The origin that stands for the inputs of the controller.
pub const CALL: &str = "__call__";
/// The origin that stands for the controller itself and its properties.
pub const SELF: &str = "__self__";

/// The version of what this crate writes into `__metadata__`.
pub const OWN_FORMAT: u64 = 1;
/// The entry of `__metadata__` that is this crate's own.
pub const OWN: &str = "spark_rs";

type Problems = Vec<Diagnostic<String>>;

/// What stands at the head of every configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// `__config_delimiter__`.
    pub delimiter: String,
    /// `__shared_config_delimiter__`.
    pub shared_delimiter: String,
    /// `__metadata__`: free; programs keep what they find.
    pub metadata: Map<String, Value>,
    /// `__graph_editor_metadata__`: where the editor draws things.
    pub editor: Map<String, Value>,
}

impl Default for Header {
    fn default() -> Self {
        Header {
            delimiter: "__".to_owned(),
            shared_delimiter: "_s_".to_owned(),
            metadata: Map::new(),
            editor: Map::new(),
        }
    }
}

impl Header {
    /// Reads the head of a configuration; all of it may be missing.
    pub fn read(fields: &Map<String, Value>, pointer: &str, problems: &mut Problems) -> Header {
        let default = Header::default();
        let mut text = |key: &str, default: String| match fields.get(key) {
            None | Some(Value::Null) => default,
            Some(Value::String(text)) => text.clone(),
            Some(other) => {
                problems.push(wrong_type(pointer_to(pointer, key), "a text", other));
                default
            }
        };
        let delimiter = text("__config_delimiter__", default.delimiter);
        let shared_delimiter = text("__shared_config_delimiter__", default.shared_delimiter);
        let mut map = |key: &str| map_of(fields, key, pointer, problems);
        let metadata = map("__metadata__");
        let editor = map("__graph_editor_metadata__");
        Header {
            delimiter,
            shared_delimiter,
            metadata,
            editor,
        }
    }

    /// Writes the head into an empty configuration.
    pub fn write(&self, fields: &mut Map<String, Value>) {
        fields.insert(
            "__config_delimiter__".to_owned(),
            Value::String(self.delimiter.clone()),
        );
        fields.insert(
            "__shared_config_delimiter__".to_owned(),
            Value::String(self.shared_delimiter.clone()),
        );
        fields.insert("__metadata__".to_owned(), Value::Object(self.metadata.clone()));
        fields.insert(
            "__graph_editor_metadata__".to_owned(),
            Value::Object(self.editor.clone()),
        );
    }
}

/// The head and the fields of a configuration, parted.
pub fn split_config(
    config: &Map<String, Value>,
    pointer: &str,
    problems: &mut Problems,
) -> (Header, Map<String, Value>) {
    let header = Header::read(config, pointer, problems);
    let fields = config.iter().filter(|(key, _)| !is_bookkeeping(key));
    (
        header,
        fields.map(|(key, value)| (key.clone(), value.clone())).collect(),
    )
}

/// The head and the fields of a configuration, joined.
pub fn join_config(header: &Header, fields: &Map<String, Value>) -> Map<String, Value> {
    let mut config = Map::new();
    header.write(&mut config);
    config.extend(fields.iter().map(|(key, value)| (key.clone(), value.clone())));
    config
}

/// One source of a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortMapDoc {
    /// A module, [`CALL`] or [`SELF`].
    pub origin: String,
    /// Its port.
    pub port: String,
    /// Whether the port is a property.
    pub is_property: bool,
}

impl PortMapDoc {
    /// An output of a module.
    pub fn output(module: &str, port: &str) -> Self {
        PortMapDoc {
            origin: module.to_owned(),
            port: port.to_owned(),
            is_property: false,
        }
    }

    /// A property of a module.
    pub fn property(module: &str, port: &str) -> Self {
        PortMapDoc {
            origin: module.to_owned(),
            port: port.to_owned(),
            is_property: true,
        }
    }

    fn to_value(&self) -> Value {
        json!({
            "__type__": "port_map",
            "__data__": { "origin": self.origin, "port": self.port, "is_property": self.is_property },
        })
    }

    fn read(value: &Value, pointer: &str, problems: &mut Problems) -> Option<PortMapDoc> {
        let (data, pointer) = tagged(value, "port_map", pointer, problems)?;
        let origin = text_of(data, "origin", &pointer, problems);
        let port = text_of(data, "port", &pointer, problems);
        let is_property = match data.get("is_property") {
            None | Some(Value::Null) => false,
            Some(Value::Bool(is_property)) => *is_property,
            Some(other) => {
                problems.push(wrong_type(
                    pointer_to(&pointer, "is_property"),
                    "true or false",
                    other,
                ));
                false
            }
        };
        unknown_keys(data, &["origin", "port", "is_property"], &pointer, problems);
        Some(PortMapDoc {
            origin: origin?,
            port: port?,
            is_property,
        })
    }
}

/// Where a module class is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subregistry {
    /// `MODULES`.
    Modules,
    /// `NEURONS`.
    Neurons,
}

impl Subregistry {
    /// As written in files.
    pub const fn text(self) -> &'static str {
        match self {
            Subregistry::Modules => "MODULES",
            Subregistry::Neurons => "NEURONS",
        }
    }
}

/// Sources by the port that they feed, in the order written.
pub type PortMaps = Vec<(String, Vec<PortMapDoc>)>;

/// A module of a controller.
#[derive(Debug, Clone, PartialEq)]
pub struct ModuleDoc {
    /// Its name in the controller.
    pub name: String,
    /// The key of its class, `leaky_soma`.
    pub class: String,
    /// Where the class is registered.
    pub registry: Subregistry,
    /// What feeds its inputs.
    pub inputs: PortMaps,
    /// Its configuration as it stands, head included (see [`split_config`]).
    pub config: Map<String, Value>,
    /// Outputs of the controller that it feeds: (output of the controller, port of this module).
    pub outputs: Vec<(String, String)>,
    /// What is written into its properties after the step.
    pub effects: PortMaps,
}

impl ModuleDoc {
    /// The module as a controller, if it is one: neurons keep their modules inside their configuration.
    /// `pointer` is that of the configuration.
    pub fn as_controller(&self, pointer: &str) -> Option<Result<ControllerDoc, Problems>> {
        self.read_controller(pointer).map(sound)
    }

    /// [`ModuleDoc::as_controller`], as far as it can be read, and what is wrong with it.
    pub fn read_controller(&self, pointer: &str) -> Option<(Option<ControllerDoc>, Problems)> {
        self.config.get("modules_specs")?;
        Some(ControllerDoc::read_fields(
            &format!("{}_config", self.class),
            &self.config,
            pointer,
        ))
    }

    fn graph_text(&self) -> String {
        let maps = |maps: &PortMaps| {
            let one = |map: &PortMapDoc| format!("{:?}.{:?}.{}", map.origin, map.port, map.is_property);
            let all = |sources: &[PortMapDoc]| sources.iter().map(one).collect::<Vec<_>>().join("+");
            let fed = maps.iter().filter(|(_, sources)| !sources.is_empty());
            let mut maps: Vec<String> = fed
                .map(|(port, sources)| format!("{port:?}={}", all(sources)))
                .collect();
            maps.sort_unstable();
            maps.join(",")
        };
        let mut outputs = self.outputs.clone();
        outputs.sort_unstable();
        let inner = match self.as_controller("") {
            Some(Ok(inner)) => inner.graph_text(),
            _ => String::new(),
        };
        format!(
            "{:?} {:?} {} in {} out {outputs:?} effects {} {{{inner}}}",
            self.name,
            snake_case(&self.class),
            self.registry.text(),
            maps(&self.inputs),
            maps(&self.effects),
        )
    }

    fn to_value(&self) -> Value {
        let outputs: Map<_, _> = self
            .outputs
            .iter()
            .map(|(name, port)| (name.clone(), Value::String(port.clone())))
            .collect();
        json!({
            "__type__": "module_specs",
            "__data__": {
                "name": self.name,
                "module_cls": { "__module_type__": self.class, "__subregistry__": self.registry.text() },
                "inputs": maps_to_value(&self.inputs),
                "config": self.config,
                "outputs": outputs,
                "effects": maps_to_value(&self.effects),
            }
        })
    }

    fn read(value: &Value, pointer: &str, problems: &mut Problems) -> Option<ModuleDoc> {
        let (data, pointer) = tagged(value, "module_specs", pointer, problems)?;
        let name = text_of(data, "name", &pointer, problems);
        let class = class_of(data, &pointer, problems);
        if !data.contains_key("inputs") {
            problems.push(missing(&pointer, "inputs"));
        }
        let inputs = maps_of(data, "inputs", &pointer, problems);
        let config = config_of(data, &pointer, problems);
        let outputs = outputs_of(data, &pointer, problems);
        let effects = maps_of(data, "effects", &pointer, problems);
        unknown_keys(
            data,
            &["name", "module_cls", "inputs", "config", "outputs", "effects"],
            &pointer,
            problems,
        );
        let (class, registry) = class?;
        Some(ModuleDoc {
            name: name?,
            class,
            registry,
            inputs,
            config,
            outputs,
            effects,
        })
    }
}

/// A controller: a brain or a neuron.
#[derive(Debug, Clone, PartialEq)]
pub struct ControllerDoc {
    /// The key of its configuration: `brain_config`, `neuron_config`, `lif_neuron_config`.
    pub kind: String,
    /// The head of its configuration.
    pub header: Header,
    /// Modules, in order.
    pub modules: Vec<ModuleDoc>,
    /// Seed.
    pub seed: Option<u64>,
    /// Time step in ms. A whole number stays whole.
    pub dt: Option<Number>,
    /// Neurons: the shape of the population.
    pub units: Option<Vec<usize>>,
    /// Neurons: the share of inhibitory units.
    pub inhibitory_rate: Option<Number>,
    /// What the file says besides, which nothing reads.
    pub unread: Vec<Unread>,
}

impl ControllerDoc {
    /// A controller without modules.
    pub fn new(kind: impl Into<String>) -> Self {
        ControllerDoc {
            kind: kind.into(),
            header: Header::default(),
            modules: Vec::new(),
            seed: None,
            dt: None,
            units: None,
            inhibitory_rate: None,
            unread: Vec::new(),
        }
    }

    /// Whether it is a brain.
    pub fn is_brain(&self) -> bool {
        self.kind == "brain_config"
    }

    /// The name of its mode of computation: as written by this crate, else that of the Python package.
    pub fn compat(&self, problems: &mut Problems) -> &'static str {
        let package = "SparkSnn1";
        let Some(own) = self.header.metadata.get(OWN) else {
            return package;
        };
        let pointer = "/__cfg__/__metadata__/spark_rs";
        let format = own.get("format");
        if format.and_then(Value::as_u64) != Some(OWN_FORMAT) {
            let problem = Diagnostic::error(
                "SPK093",
                pointer_to(pointer, "format"),
                "this version of the format is not known",
            );
            let found = format.map_or_else(|| "nothing".to_owned(), Value::to_string);
            problems.push(
                problem
                    .expected(OWN_FORMAT.to_string())
                    .found(found)
                    .help("read the file with the version of `spark` that wrote it"),
            );
        }
        match own.get("compat").and_then(Value::as_str) {
            None | Some("SparkSnn1") => package,
            Some("Standard") => "Standard",
            Some(other) => {
                let message =
                    format!("`{other}` is not a mode of computation; there are Standard and SparkSnn1");
                problems.push(Diagnostic::error(
                    "SPK097",
                    pointer_to(pointer, "compat"),
                    message,
                ));
                package
            }
        }
    }

    /// What its graph is made of: nodes, classes and wires, in no order. Two controllers with the same text have the same
    /// graph.
    pub fn graph_text(&self) -> String {
        let mut nodes: Vec<String> = self.modules.iter().map(ModuleDoc::graph_text).collect();
        nodes.sort_unstable();
        nodes.join("\n")
    }

    /// The controller in a file's JSON; all problems at once.
    pub fn from_value(value: &Value) -> Result<ControllerDoc, Problems> {
        sound(ControllerDoc::read(value))
    }

    /// The controller in a file's JSON as far as it can be read, and what is wrong with it. There is one as soon as all
    /// of its modules can be read.
    pub fn read(file: &Value) -> (Option<ControllerDoc>, Problems) {
        let (value, pointer) = match unwrapped(file) {
            Ok(inner) => inner,
            Err(problems) => return (None, problems),
        };
        let Some(kind) = type_of(value) else {
            let help = "a model file begins {\"__type__\": \"brain_config\", \"__cfg__\": {..}}";
            return (None, vec![missing(&pointer, "__type__").help(help)]);
        };
        let mut problems = Vec::new();
        if !pointer.is_empty() {
            unknown_keys(file, &["__version__", "__data__"], "", &mut problems);
        }
        unknown_keys(value, &["__type__", "__cfg__"], &pointer, &mut problems);
        let inner = pointer_to(&pointer, "__cfg__");
        let mut controller = None;
        match value.get("__cfg__") {
            Some(Value::Object(fields)) => {
                let (read, more) = ControllerDoc::read_fields(kind, fields, &inner);
                controller = read;
                problems.extend(more);
            }
            Some(other) => problems.push(wrong_type(inner, "an object", other)),
            None => problems.push(missing(&pointer, "__cfg__")),
        }
        (controller, problems)
    }

    /// The controller in the fields of a configuration; all problems at once. `pointer` is that of the fields.
    pub fn from_fields(
        kind: &str,
        fields: &Map<String, Value>,
        pointer: &str,
    ) -> Result<ControllerDoc, Problems> {
        sound(ControllerDoc::read_fields(kind, fields, pointer))
    }

    /// [`ControllerDoc::read`] of the fields of a configuration.
    pub fn read_fields(
        kind: &str,
        fields: &Map<String, Value>,
        pointer: &str,
    ) -> (Option<ControllerDoc>, Problems) {
        let mut problems = Vec::new();
        let header = Header::read(fields, pointer, &mut problems);
        let before = problems.len();
        let modules = modules_of(fields, pointer, &mut problems);
        let is_whole = problems.len() == before;
        let seed = seed_of(fields, pointer, &mut problems);
        let dt = number_of(fields, "dt", pointer, &mut problems);
        let mut controller = ControllerDoc {
            header,
            modules,
            seed,
            dt,
            ..ControllerDoc::new(kind)
        };
        if controller.is_brain() {
            known_fields(fields, &["modules_specs", "seed", "dt"], pointer, &mut problems);
        } else {
            controller.units = units_of(fields, pointer, &mut problems);
            controller.inhibitory_rate = number_of(fields, "inhibitory_rate", pointer, &mut problems);
            let known = ["modules_specs", "seed", "dt", "units", "inhibitory_rate"];
            known_fields(fields, &known, pointer, &mut problems);
        }
        (is_whole.then_some(controller), problems)
    }

    /// The fields of its configuration, as files and brains hold them.
    pub fn to_fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        self.header.write(&mut fields);
        let modules = self.modules.iter().map(ModuleDoc::to_value).collect();
        fields.insert("modules_specs".to_owned(), Value::Array(modules));
        let mut insert = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                fields.insert(key.to_owned(), value);
            }
        };
        insert("seed", self.seed.map(Value::from));
        insert("dt", self.dt.clone().map(Value::Number));
        insert("units", self.units.clone().map(Value::from));
        insert("inhibitory_rate", self.inhibitory_rate.clone().map(Value::Number));
        fields
    }

    /// The JSON of a file. What nothing reads is written back, but not into a file of this crate, where it would be a
    /// mistake.
    pub fn to_value(&self) -> Value {
        let mut value = super::tags::config(&self.kind, self.to_fields());
        if !self.header.metadata.contains_key(OWN) {
            unread::put_back(&mut value, &self.unread);
        }
        value
    }
}

/// What was read without any problem.
fn sound((controller, problems): (Option<ControllerDoc>, Problems)) -> Result<ControllerDoc, Problems> {
    controller.filter(|_| problems.is_empty()).ok_or(problems)
}

/// `{"__version__": "1.0", "__data__": ..}` is a wrapping that readers accept.
fn unwrapped(value: &Value) -> Result<(&Value, String), Problems> {
    let Some(version) = value.get("__version__") else {
        return Ok((value, String::new()));
    };
    if version.as_str() != Some("1.0") {
        let problem = Diagnostic::error(
            "SPK093",
            "/__version__".to_owned(),
            "the version of the file is not known",
        );
        return Err(vec![problem.expected("\"1.0\"").found(version.to_string())]);
    }
    match value.get("__data__") {
        Some(data) => Ok((data, "/__data__".to_owned())),
        None => Err(vec![missing("", "__data__")]),
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn wrong_type(pointer: String, expected: &str, found: &Value) -> Diagnostic<String> {
    let last = pointer.rsplit('/').next().unwrap_or_default().to_owned();
    Diagnostic::error("SPK090", pointer, format!("`{last}` has the wrong type"))
        .expected(expected)
        .found(kind_of(found))
}

fn missing(pointer: &str, key: &str) -> Diagnostic<String> {
    Diagnostic::error("SPK091", pointer.to_owned(), format!("`{key}` is missing"))
}

/// What stands at the head of a configuration beside its fields.
const HEAD: [&str; 5] = [
    "__config_delimiter__",
    "__shared_config_delimiter__",
    "__metadata__",
    "__graph_editor_metadata__",
    "__class_ref__",
];

/// Fields of a configuration, its head aside.
fn known_fields(fields: &Map<String, Value>, known: &[&str], pointer: &str, problems: &mut Problems) {
    let own = fields.keys().filter(|key| !HEAD.contains(&key.as_str()));
    let own: Map<_, _> = own.map(|key| (key.clone(), Value::Null)).collect();
    unknown_keys(&own, known, pointer, problems);
}

/// The content of `{"__type__": tag, "__data__": {..}}`, and its pointer.
fn tagged<'a>(
    value: &'a Value,
    tag: &str,
    pointer: &str,
    problems: &mut Problems,
) -> Option<(&'a Map<String, Value>, String)> {
    if type_of(value) != Some(tag) {
        let found = type_of(value).map_or_else(|| kind_of(value).to_owned(), |found| format!("`{found}`"));
        let problem = Diagnostic::error("SPK090", pointer.to_owned(), format!("a `{tag}` belongs here"));
        problems.push(
            problem
                .expected(format!("{{\"__type__\": \"{tag}\", \"__data__\": {{..}}}}"))
                .found(found),
        );
        return None;
    }
    unknown_keys(value, &["__type__", "__data__"], pointer, problems);
    match value.get("__data__") {
        Some(Value::Object(data)) => Some((data, pointer_to(pointer, "__data__"))),
        Some(other) => {
            problems.push(wrong_type(pointer_to(pointer, "__data__"), "an object", other));
            None
        }
        None => {
            problems.push(missing(pointer, "__data__"));
            None
        }
    }
}

fn text_of(data: &Map<String, Value>, key: &str, pointer: &str, problems: &mut Problems) -> Option<String> {
    match data.get(key) {
        Some(Value::String(text)) => return Some(text.clone()),
        Some(other) => problems.push(wrong_type(pointer_to(pointer, key), "a text", other)),
        None => problems.push(missing(pointer, key)),
    }
    None
}

/// An object that may be missing or null.
fn map_of(
    data: &Map<String, Value>,
    key: &str,
    pointer: &str,
    problems: &mut Problems,
) -> Map<String, Value> {
    match data.get(key) {
        Some(Value::Object(map)) => return map.clone(),
        None | Some(Value::Null) => {}
        Some(other) => problems.push(wrong_type(pointer_to(pointer, key), "an object", other)),
    }
    Map::new()
}

fn class_of(
    data: &Map<String, Value>,
    pointer: &str,
    problems: &mut Problems,
) -> Option<(String, Subregistry)> {
    let place = pointer_to(pointer, "module_cls");
    let class = match data.get("module_cls") {
        Some(Value::Object(class)) => class,
        Some(other) => {
            problems.push(wrong_type(place, "an object", other));
            return None;
        }
        None => {
            problems.push(missing(pointer, "module_cls"));
            return None;
        }
    };
    unknown_keys(class, &["__module_type__", "__subregistry__"], &place, problems);
    let name = text_of(class, "__module_type__", &place, problems);
    let registry = match text_of(class, "__subregistry__", &place, problems)?.as_str() {
        "MODULES" => Subregistry::Modules,
        "NEURONS" => Subregistry::Neurons,
        other => {
            let message = format!("there is no registry `{other}`");
            let problem = Diagnostic::error("SPK097", pointer_to(&place, "__subregistry__"), message);
            problems.push(problem.expected("MODULES or NEURONS"));
            return None;
        }
    };
    Some((name?, registry))
}

fn maps_of(data: &Map<String, Value>, key: &str, pointer: &str, problems: &mut Problems) -> PortMaps {
    let place = pointer_to(pointer, key);
    let mut maps = Vec::new();
    for (port, sources) in map_of(data, key, pointer, problems) {
        let place = pointer_to(&place, &port);
        match sources {
            Value::Array(sources) => {
                let read = |(i, source)| PortMapDoc::read(source, &pointer_to(&place, i), problems);
                let sources = sources.iter().enumerate().filter_map(read).collect();
                maps.push((port, sources));
            }
            other => problems.push(wrong_type(place, "a list of port maps", &other)),
        }
    }
    maps
}

fn maps_to_value(maps: &PortMaps) -> Value {
    let list = |sources: &[PortMapDoc]| Value::Array(sources.iter().map(PortMapDoc::to_value).collect());
    Value::Object(
        maps.iter()
            .map(|(port, sources)| (port.clone(), list(sources)))
            .collect(),
    )
}

/// The configuration of a module: plain fields, or a tagged configuration.
fn config_of(data: &Map<String, Value>, pointer: &str, problems: &mut Problems) -> Map<String, Value> {
    let config = map_of(data, "config", pointer, problems);
    match config.get("__cfg__") {
        Some(Value::Object(fields)) if config.contains_key("__type__") => {
            let place = pointer_to(pointer, "config");
            unknown_keys(&config, &["__type__", "__cfg__"], &place, problems);
            fields.clone()
        }
        _ => config,
    }
}

fn outputs_of(data: &Map<String, Value>, pointer: &str, problems: &mut Problems) -> Vec<(String, String)> {
    let place = pointer_to(pointer, "outputs");
    let mut outputs = Vec::new();
    for (name, port) in map_of(data, "outputs", pointer, problems) {
        match port {
            Value::String(port) => outputs.push((name, port)),
            other => problems.push(wrong_type(
                pointer_to(&place, &name),
                "the name of a port",
                &other,
            )),
        }
    }
    outputs
}

fn modules_of(fields: &Map<String, Value>, pointer: &str, problems: &mut Problems) -> Vec<ModuleDoc> {
    let place = pointer_to(pointer, "modules_specs");
    match fields.get("modules_specs") {
        Some(Value::Array(modules)) => {
            let read = |(i, module)| ModuleDoc::read(module, &pointer_to(&place, i), problems);
            return modules.iter().enumerate().filter_map(read).collect();
        }
        Some(other) => problems.push(wrong_type(place, "a list of modules", other)),
        None => problems.push(missing(pointer, "modules_specs")),
    }
    Vec::new()
}

fn seed_of(fields: &Map<String, Value>, pointer: &str, problems: &mut Problems) -> Option<u64> {
    match fields.get("seed") {
        None | Some(Value::Null) => None,
        Some(value) => {
            let seed = value.as_u64();
            if seed.is_none() {
                problems.push(wrong_type(
                    pointer_to(pointer, "seed"),
                    "a whole number, 0 or above",
                    value,
                ));
            }
            seed
        }
    }
}

fn number_of(
    fields: &Map<String, Value>,
    key: &str,
    pointer: &str,
    problems: &mut Problems,
) -> Option<Number> {
    match fields.get(key) {
        None | Some(Value::Null) => None,
        Some(Value::Number(number)) => Some(number.clone()),
        Some(other) => {
            problems.push(wrong_type(pointer_to(pointer, key), "a finite number", other));
            None
        }
    }
}

fn units_of(fields: &Map<String, Value>, pointer: &str, problems: &mut Problems) -> Option<Vec<usize>> {
    match fields.get("units") {
        None | Some(Value::Null) => None,
        Some(value) => {
            let units = as_shape(value);
            if units.is_none() {
                problems.push(wrong_type(pointer_to(pointer, "units"), "a list of sizes", value));
            }
            units
        }
    }
}
