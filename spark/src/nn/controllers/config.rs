//! The configuration of a network that comes from a file.

use std::path::Path;

use serde_json::{Map, Number, Value};
use spark_ir::diagnostic::Diagnostic;
use spark_ir::format::file::{self, FileError, Limits};
use spark_ir::format::scfg::ControllerDoc;
use spark_ir::format::unread::{self, Read, fields_pointer};
use spark_ir::shape::ConstValue;
use spark_ir::table::{ConfigTable, GraphTable, ModuleKind, ModuleTable};

use super::load::Loading;
use super::network::Network;
use super::neurons::Neurons;
use super::places;
use crate::core::compat::Compat;
use crate::core::config::{DynConfig, HEAD};
use crate::core::dynamic::DynModule;
use crate::core::error::{BuildError, Problem};
use crate::core::field::FieldValue;
use crate::core::module::{Keys, PortInfo};
use crate::core::payload::Shape;
use crate::core::registry::ModuleEntry;
use crate::rt::controller::{self, ControllerConfig, Header};
use crate::rt::export;
use crate::units::Ms;

/// A node: what runs it, with its configuration.
#[derive(Debug)]
pub(super) enum Part {
    /// A registered module, or a compiled neuron.
    Registered(&'static ModuleEntry, Box<dyn DynConfig>),
    /// A neuron that was loaded with the network.
    Loaded(Box<ModelConfig>),
}

impl Part {
    /// A registered module with its defaults.
    pub(super) fn registered(entry: &'static ModuleEntry) -> Self {
        Part::Registered(entry, (entry.default_config)())
    }

    /// Its ports.
    pub(super) fn table(&self) -> &'static ModuleTable {
        match self {
            Part::Registered(entry, _) => entry.table,
            Part::Loaded(config) => config.table,
        }
    }

    pub(super) fn config(&self) -> &dyn DynConfig {
        match self {
            Part::Registered(_, config) => &**config,
            Part::Loaded(config) => &**config,
        }
    }

    pub(super) fn config_mut(&mut self) -> &mut dyn DynConfig {
        match self {
            Part::Registered(_, config) => &mut **config,
            Part::Loaded(config) => &mut **config,
        }
    }

    /// Its fields as files hold them, in the form of the file that they were read from.
    fn written_over(&self, file: &Map<String, Value>) -> Map<String, Value> {
        match self {
            // A declared network does not keep what a file says besides.
            Part::Registered(entry, config) if entry.table.graph.is_some() => {
                in_form_of(file, config.to_fields())
            }
            _ => self.config().to_fields(),
        }
    }

    /// Builds the node.
    pub(super) fn build(
        &self,
        infos: Vec<Option<PortInfo>>,
        keys: Keys,
    ) -> Result<Box<dyn DynModule>, BuildError> {
        match self {
            Part::Registered(entry, config) => (entry.build)(&**config, infos, keys),
            Part::Loaded(config) => Ok(Box::new(Network::build(config, infos, keys)?)),
        }
    }
}

impl Clone for Part {
    fn clone(&self) -> Self {
        match self {
            Part::Registered(entry, config) => Part::Registered(entry, config.clone_config()),
            Part::Loaded(config) => Part::Loaded(config.clone()),
        }
    }
}

/// The configuration of a brain or neuron whose graph is known at run time only: read from a `.scfg` or `.json` file of
/// the Python package or of this crate.
///
/// ```
/// use spark::nn::controllers::{Model, ModelConfig};
/// use spark::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let json = LIFNeuronConfig { units: Shape::from(4), ..LIFNeuron::config() }.to_json()?;
/// // `ModelConfig::from_file("pool.scfg")?` reads a file.
/// let config = ModelConfig::from_json(&json)?;
/// let mut pool = Model::from_config(&config, &[("in_spikes", Shape::from(8))])?;
/// let volley = SpikeArray::from_indices(8, 0..8)?;
/// pool.step([("in_spikes", &volley as &dyn std::any::Any)])?;
/// assert!(pool.output::<SpikeArray>("out_spikes").is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ModelConfig {
    table: &'static ModuleTable,
    graph: &'static GraphTable<'static>,
    header: Header,
    parts: Vec<Part>,
    /// The file as it was read: what it says beyond the values of header and nodes is written back.
    doc: Box<ControllerDoc>,
}

impl ModelConfig {
    /// Of a loaded graph. `parts` stand in the order of its nodes.
    pub(super) fn new(
        table: &'static ModuleTable,
        graph: &'static GraphTable<'static>,
        parts: Vec<Part>,
        doc: &ControllerDoc,
    ) -> Self {
        ModelConfig {
            table,
            graph,
            header: Header::default(),
            parts,
            doc: Box::new(doc.clone()),
        }
    }

    /// Reads what a file says of header and nodes.
    pub(super) fn read(&mut self, doc: &ControllerDoc, pointer: &str, problems: &mut Vec<Problem>) {
        export::take_over(self, doc, pointer, problems);
    }

    /// Reads a file, `.scfg` or `.json`.
    ///
    /// # Errors
    /// All problems at once, each with its JSON pointer.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, FileError> {
        ModelConfig::from_file_with(path, &Neurons::new())
    }

    /// Reads a file that may name neurons whose modules stand elsewhere: see [`Neurons`].
    ///
    /// # Errors
    /// All problems at once, each with its JSON pointer.
    pub fn from_file_with(path: impl AsRef<Path>, neurons: &Neurons) -> Result<Self, FileError> {
        let path = path.as_ref();
        let json = file::read(path, &Limits::default())?;
        let (config, problems) = ModelConfig::check(&name_of(path), &json, neurons);
        if config.is_some() {
            export::warn(&path.display(), &problems);
        }
        config.ok_or_else(|| FileError::Format {
            path: path.to_owned(),
            problems: problems.into_iter().filter(Diagnostic::is_error).collect(),
        })
    }

    /// Reads JSON of the same content.
    ///
    /// # Errors
    /// All problems at once, each with its JSON pointer.
    pub fn from_json(json: &Value) -> Result<Self, BuildError> {
        ModelConfig::from_json_with(json, &Neurons::new())
    }

    /// Reads JSON of a network of this name.
    pub(super) fn from_named_json(name: &str, json: &Value, neurons: &Neurons) -> Result<Self, BuildError> {
        let (config, problems) = ModelConfig::check(name, json, neurons);
        if config.is_some() {
            export::warn(&name, &problems);
        }
        let errors = problems.iter().filter(|problem| problem.is_error());
        config.ok_or_else(|| BuildError::from(errors.map(export::as_problem).collect::<Vec<_>>()))
    }

    /// Reads JSON that may name neurons whose modules stand elsewhere: see [`Neurons`].
    ///
    /// # Errors
    /// All problems at once, each with its JSON pointer.
    pub fn from_json_with(json: &Value, neurons: &Neurons) -> Result<Self, BuildError> {
        ModelConfig::from_named_json("model", json, neurons)
    }

    /// Everything that can be said of a model without the shapes of its inputs: errors and warnings, each at its JSON
    /// pointer and with its place in the model. There is a configuration if none of them is an error.
    ///
    /// A key that nothing knows is an error in a file of this crate, whose head says so, and a warning in one of the Python
    /// package, which passes over such keys itself: it is kept, and written back where it stood.
    ///
    /// ```
    /// use serde_json::json;
    /// use spark::nn::controllers::{ModelConfig, Neurons};
    /// use spark::prelude::*;
    ///
    /// # fn main() -> Result<(), BuildError> {
    /// let mut json = LIFNeuronConfig { units: Shape::from(4), ..LIFNeuron::config() }.to_json()?;
    /// json["__cfg__"]["modules_specs"][0]["__data__"]["config"]["max_dely"] = json!(8.0);
    /// json["__cfg__"]["dt"] = json!("1 ms");
    /// let (config, problems) = ModelConfig::check("pool", &json, &Neurons::new());
    /// assert!(config.is_none());
    /// let found: Vec<_> = problems.iter().map(|problem| (problem.code, problem.place.as_str())).collect();
    /// assert_eq!(found, [("SPK090", "pool.dt"), ("SPK092", "pool.delays.max_dely")]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn check(name: &str, json: &Value, neurons: &Neurons) -> (Option<Self>, Vec<Diagnostic<String>>) {
        let (read, mut problems) = ModelConfig::read_file(name, json, neurons);
        problems.extend(read.warnings);
        (read.got, problems)
    }

    /// The same, with what was read of the file and what was not: keys that nothing knows are mistakes in a file of this
    /// crate only.
    pub(super) fn read_file<'a>(
        name: &str,
        json: &'a Value,
        neurons: &Neurons,
    ) -> (Read<'a, Option<Self>>, Vec<Diagnostic<String>>) {
        let (mut read, problems) = unread::tolerant(json, |json| ModelConfig::check_all(name, json, neurons));
        if let Some(config) = &mut read.got {
            config.doc.unread.clone_from(&read.unread);
        }
        (read, problems)
    }

    fn check_all(name: &str, json: &Value, neurons: &Neurons) -> (Option<Self>, Vec<Diagnostic<String>>) {
        let filled = neurons.filled(json);
        let (doc, mut found) = ControllerDoc::read(&filled);
        let config = doc.and_then(|doc| ModelConfig::of_doc(name, &doc, fields_pointer(json), &mut found));
        places::settle(name, json, &mut found);
        let is_sound = !found.iter().any(Diagnostic::is_error);
        (config.filter(|_| is_sound), found)
    }

    /// What went wrong in building, each problem at its JSON pointer. `json` is what the configuration was read from.
    pub fn located(&self, error: &BuildError, json: &Value) -> Vec<Diagnostic<String>> {
        let mut problems: Vec<_> = error.problems().iter().map(export::as_diagnostic).collect();
        places::settle(self.table.name, json, &mut problems);
        problems
    }

    fn of_doc(
        name: &str,
        doc: &ControllerDoc,
        pointer: &str,
        found: &mut Vec<Diagnostic<String>>,
    ) -> Option<Self> {
        let mut problems = Vec::new();
        let loading = Loading {
            doc,
            name,
            pointer,
            depth: 0,
        };
        let config = loading.load(found).map(|mut config| {
            config.read(doc, pointer, &mut problems);
            config
        });
        let compat = export::compat_of(doc, &mut problems);
        let config = config.map(|mut config| {
            config.header.compat = Some(compat);
            // With a time step that cannot be, no node can agree.
            match config.header.dt {
                Some(dt) if !controller::is_time_step(dt) => {
                    DynConfig::validate(&config, name, &mut problems)
                }
                _ => problems.extend(controller::resolved(&config).err().into_iter().flatten()),
            }
            // A neuron may leave its units, and with them those of its modules, to whoever builds it.
            if config.lacks_units() {
                problems.retain(|problem| !problem.message.starts_with("SPK040: `units`"));
            }
            config
        });
        found.extend(problems.iter().map(export::as_diagnostic));
        config
    }

    fn lacks_units(&self) -> bool {
        self.graph.kind == ModuleKind::Neuron
            && self.header.units.as_ref().is_none_or(|units| units.is_empty())
    }

    /// The network as a module: its ports.
    pub fn table(&self) -> &'static ModuleTable {
        self.table
    }

    /// The nodes, in the order of the graph.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The same configuration with all seeds drawn anew from one, as the Python package draws them.
    #[must_use]
    pub fn with_new_seeds(mut self, seed: u32) -> Self {
        controller::with_new_seeds(&mut self, seed);
        self
    }

    /// Draws all seeds anew from `seed`, as [`ModelConfig::with_new_seeds`] does; without one, from a seed that the
    /// operating system gives. Gives the seed, so that the same model can be made again.
    ///
    /// ```
    /// use spark::nn::controllers::ModelConfig;
    /// use spark::prelude::*;
    /// # fn main() -> Result<(), BuildError> {
    /// # let json = LIFNeuronConfig { units: Shape::from(4), ..LIFNeuron::config() }.to_json()?;
    /// let mut config = ModelConfig::from_json(&json)?;
    /// let seed = config.refresh_seeds(None)?;
    /// assert_eq!(config.to_json()?, ModelConfig::from_json(&json)?.with_new_seeds(seed).to_json()?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The system has no random numbers.
    pub fn refresh_seeds(&mut self, seed: Option<u32>) -> Result<u32, BuildError> {
        let seed = match seed {
            Some(seed) => seed,
            None => getrandom::u32().map_err(|reason| {
                let problem = Problem::new("", "the system gives no random numbers to draw seeds from");
                BuildError::from(problem.found(reason).help("give a seed"))
            })?,
        };
        controller::with_new_seeds(self, seed);
        Ok(seed)
    }

    /// The names of its inputs, in the order in which they were first used.
    pub fn get_controller_inputs(&self) -> Vec<&'static str> {
        self.table.inputs.iter().map(|port| port.name).collect()
    }

    /// The names of its outputs.
    pub fn get_controller_outputs(&self) -> Vec<&'static str> {
        self.table.outputs.iter().map(|port| port.name).collect()
    }

    /// The same configuration in this mode, whatever its file says.
    #[must_use]
    pub fn with_compat(mut self, compat: Compat) -> Self {
        self.header.compat = Some(compat);
        self
    }

    /// The mode in which it computes: that of its file.
    pub fn compat(&self) -> Compat {
        self.header.compat.unwrap_or_default()
    }

    /// Its time step; without one in its file, 1 ms.
    pub fn time_step(&self) -> Ms {
        self.header.dt.unwrap_or(controller::DEFAULT_DT)
    }

    /// The graph: nodes and wires.
    pub fn graph(&self) -> &'static GraphTable<'static> {
        self.graph
    }

    /// The nodes by name, each with its module, as declared.
    pub fn node_tables(&self) -> impl Iterator<Item = (&'static str, &'static ModuleTable)> {
        self.graph
            .nodes
            .iter()
            .zip(&self.parts)
            .map(|(node, part)| (node.name, part.table()))
    }

    /// The network as the Python package's JSON. What the file that it was read from says besides (positions in the
    /// editor, metadata) is kept, and numbers that have not changed are written as they were.
    ///
    /// # Errors
    /// All problems of the configuration at once.
    pub fn to_json(&self) -> Result<Value, BuildError> {
        Ok(export::as_it_stands(self)?.to_value())
    }

    /// Writes the network to a file: `.scfg` (xz) or `.json`.
    ///
    /// # Errors
    /// If the configuration has problems, or the file cannot be written; the old file is then untouched.
    pub fn to_file(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        export::write(export::as_it_stands(self), path.as_ref())
    }
}

/// Fields with what a file says besides: its order, its bookkeeping, its way to write a number.
fn in_form_of(file: &Map<String, Value>, mut fields: Map<String, Value>) -> Map<String, Value> {
    let mut formed = Map::new();
    for (name, old) in file {
        match fields.remove(name) {
            _ if HEAD.contains(&name.as_str()) => {
                formed.insert(name.clone(), old.clone());
            }
            Some(new) => {
                formed.insert(name.clone(), value_in_form_of(old, new));
            }
            None => {}
        }
    }
    formed.extend(fields);
    formed
}

fn value_in_form_of(file: &Value, value: Value) -> Value {
    match (file, value) {
        (Value::Object(file), Value::Object(fields)) => Value::Object(in_form_of(file, fields)),
        (Value::Array(file), Value::Array(items)) if file.len() == items.len() => file
            .iter()
            .zip(items)
            .map(|(old, new)| value_in_form_of(old, new))
            .collect(),
        (Value::Number(old), Value::Number(new)) if old.as_f64() == new.as_f64() => file.clone(),
        (_, value) => value,
    }
}

/// A number as the file wrote it, if it still is that number.
fn written(value: Option<f64>, file: Option<Number>) -> Option<Number> {
    match file {
        Some(number) if number.as_f64() == value => Some(number),
        _ => value.and_then(Number::from_f64),
    }
}

/// The name of a model that is read from a file: that of the file, without its ending.
pub(super) fn name_of(path: &Path) -> String {
    path.file_stem()
        .map_or_else(|| "model".into(), |stem| stem.to_string_lossy().into_owned())
}

impl ControllerConfig for ModelConfig {
    fn graph(&self) -> &'static GraphTable<'static> {
        self.graph
    }

    fn module(&self) -> &'static ModuleTable {
        self.table
    }

    fn file_kind(&self) -> &'static str {
        self.table.config.key
    }

    fn document(&self) -> ControllerDoc {
        let mut doc = (*self.doc).clone();
        doc.seed = self.header.seed;
        doc.dt = written(self.header.dt.map(|dt| dt.0), doc.dt);
        if self.graph.kind == ModuleKind::Neuron {
            doc.units = self.header.units.as_ref().map(|units| units.to_vec());
            doc.inhibitory_rate = written(self.header.inhibitory_rate, doc.inhibitory_rate);
        }
        for (module, part) in doc.modules.iter_mut().zip(&self.parts) {
            module.config = part.written_over(&module.config);
        }
        doc
    }

    fn complete(&self, doc: &mut ControllerDoc) {
        let compat = self.header.compat.unwrap_or_default();
        // A file of the Python package says nothing, and is read in its mode.
        if export::says_mode(doc) || !compat.is_spark_snn_1() {
            export::say_mode(compat, doc);
        }
    }

    fn nodes(&self) -> Vec<(&'static str, &dyn DynConfig)> {
        let names = self.graph.nodes.iter().map(|node| node.name);
        names.zip(self.parts.iter().map(Part::config)).collect()
    }

    fn nodes_mut(&mut self) -> Vec<(&'static str, &mut dyn DynConfig)> {
        let names = self.graph.nodes.iter().map(|node| node.name);
        names.zip(self.parts.iter_mut().map(Part::config_mut)).collect()
    }

    fn header(&self) -> Header {
        self.header.clone()
    }

    fn set_header(&mut self, header: Header) {
        self.header = header;
    }
}

impl DynConfig for ModelConfig {
    fn table(&self) -> &'static ConfigTable {
        self.table.config
    }
    fn clone_config(&self) -> Box<dyn DynConfig> {
        Box::new(self.clone())
    }
    fn values(&self) -> Vec<&dyn FieldValue> {
        Vec::new()
    }
    fn values_mut(&mut self) -> Vec<&mut dyn FieldValue> {
        Vec::new()
    }
    fn validate(&self, path: &str, problems: &mut Vec<Problem>) {
        controller::validate(self, path, problems);
    }
    fn to_fields(&self) -> Map<String, Value> {
        export::to_fields(self)
    }
    fn read_fields(&mut self, fields: &Map<String, Value>, pointer: &str, problems: &mut Vec<Problem>) {
        export::read_fields(self, fields, pointer, problems);
    }
    fn known_fields(&self) -> Vec<(String, ConstValue)> {
        controller::known_fields(self)
    }
    fn with_new_seeds(&mut self, seed: u32) {
        controller::with_new_seeds(self, seed);
    }
    fn fill_seeds(&mut self, seed: u32) {
        controller::fill_seeds(self, seed);
    }
    fn seed(&self) -> Option<u64> {
        self.header.seed
    }
    fn dt(&self) -> Option<Ms> {
        self.header.dt
    }
    fn units(&self) -> Option<&Shape> {
        self.header.units.as_ref()
    }
    fn adopt_dt(&mut self, dt: Ms, path: &str, problems: &mut Vec<Problem>) {
        controller::adopt_dt(self, dt, path, problems);
    }
    fn adopt_units(&mut self, units: &Shape, path: &str, problems: &mut Vec<Problem>) {
        if self.graph.kind == ModuleKind::Neuron {
            controller::adopt_units(self, units, path, problems);
        }
    }
}
