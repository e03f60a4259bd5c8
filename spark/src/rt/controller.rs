//! Building and running declared networks: seeds, time step, units, shapes, the inhibition mask.

use spark_ir::format::scfg::ControllerDoc;
use spark_ir::shape::{ConstValue, Dims, Known, flow};
use spark_ir::table::{Feed, GraphTable, KnownField, ModuleKind, ModuleTable, NodeTable, Source};

use crate::core::compat::Compat;
use crate::core::config::DynConfig;
use crate::core::error::{BuildError, Problem};
use crate::core::module::{Keys, PortInfo};
use crate::core::payload::{BooleanMask, Shape, SparkPayload};
use crate::core::rng::Key;
use crate::rt::export;
use crate::units::Ms;

/// The seed of a network that names none. Fixed, so that a program does the same twice.
pub const DEFAULT_SEED: u64 = 0;

/// The time step of a network that names none.
pub const DEFAULT_DT: Ms = Ms(1.0);

/// The configuration of a network, declared or loaded: a header and one configuration per node.
pub trait ControllerConfig {
    /// Its graph.
    fn graph(&self) -> &'static GraphTable<'static>;
    /// The module that this configures.
    fn module(&self) -> &'static ModuleTable;

    /// The name of the configuration in files. The Python package knows its own neurons by name; any other is a plain
    /// `neuron_config` to it.
    fn file_kind(&self) -> &'static str {
        match self.graph().kind {
            ModuleKind::Brain => "brain_config",
            _ if self.module().origin.starts_with("spark::") => self.module().config.key,
            _ => "neuron_config",
        }
    }

    /// The network as files describe it.
    fn document(&self) -> ControllerDoc {
        export::declared_document(self)
    }

    /// Completes the head of a file: what this crate says of the mode, where the editor draws things.
    fn complete(&self, doc: &mut ControllerDoc) {
        export::declared_head(self, doc);
    }

    /// The nodes' configurations, in the order declared.
    fn nodes(&self) -> Vec<(&'static str, &dyn DynConfig)>;
    /// The same, to be changed.
    fn nodes_mut(&mut self) -> Vec<(&'static str, &mut dyn DynConfig)>;
    /// The header.
    fn header(&self) -> Header;
    /// Replaces the header.
    fn set_header(&mut self, header: Header);
}

/// The header of a network.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Header {
    /// Its seed; the nodes' seeds follow from it.
    pub seed: Option<u64>,
    /// Its time step.
    pub dt: Option<Ms>,
    /// Units of a neuron.
    pub units: Option<Shape>,
    /// Share of inhibitory units of a neuron.
    pub inhibitory_rate: Option<f64>,
    /// Mode of computation.
    pub compat: Option<Compat>,
}

/// Spark's `with_new_seeds` over a network: one split of the key per node in order, then one for its own seed.
pub fn with_new_seeds<C: ControllerConfig + ?Sized>(config: &mut C, seed: u32) {
    let mut key = Key::from_seed(u64::from(seed));
    for (_, node) in config.nodes_mut() {
        node.with_new_seeds(next_seed(&mut key));
    }
    let mut header = config.header();
    header.seed = Some(u64::from(next_seed(&mut key)));
    config.set_header(header);
}

/// The same walk, but seeds that are given stay.
pub fn fill_seeds<C: ControllerConfig + ?Sized>(config: &mut C, seed: u32) {
    let mut key = Key::from_seed(u64::from(seed));
    for (_, node) in config.nodes_mut() {
        node.fill_seeds(next_seed(&mut key));
    }
    let mut header = config.header();
    header.seed.get_or_insert(u64::from(next_seed(&mut key)));
    config.set_header(header);
}

/// `key, sub = split(key)`; the first word of `sub` is the seed.
pub fn next_seed(key: &mut Key) -> u32 {
    key.next().0[0]
}

/// Hands the time step down to the nodes, and with it the units of a neuron to its modules; a node that says others is
/// a problem.
pub fn adopt_dt<C: ControllerConfig + ?Sized>(
    config: &mut C,
    dt: Ms,
    path: &str,
    problems: &mut Vec<Problem>,
) {
    let mut header = config.header();
    match header.dt {
        Some(own) if own != dt => problems.push(other_dt(path, own, dt)),
        _ => header.dt = Some(dt),
    }
    config.set_header(header);
    for (name, node) in config.nodes_mut() {
        node.adopt_dt(dt, &super::join(path, name), problems);
    }
    hand_down_units(config, path, problems);
}

/// The problem of a module that says another time step than the network around it.
pub fn other_dt(path: &str, own: Ms, dt: Ms) -> Problem {
    Problem::new(
        super::join(path, "dt"),
        format!("says dt = {own}, but the network around it runs at dt = {dt}"),
    )
    .help("set `dt` in the header of the outermost network only")
}

/// Hands `units` down to the nodes of a neuron.
pub fn adopt_units<C: ControllerConfig + ?Sized>(
    config: &mut C,
    units: &Shape,
    path: &str,
    problems: &mut Vec<Problem>,
) {
    let mut header = config.header();
    match &header.units {
        Some(own) if !own.is_empty() && own != units => problems.push(
            Problem::new(
                path,
                format!("says units = {own}, but the neuron around it has {units}"),
            )
            .help("leave `units` out here"),
        ),
        _ => header.units = Some(units.clone()),
    }
    config.set_header(header);
}

/// The network's configuration with nothing left open: seeds, time step and units in every node.
///
/// All problems at once.
pub fn resolved<C: ControllerConfig + DynConfig + Clone>(config: &C) -> Result<C, BuildError> {
    let name = config.graph().name;
    let mut config = config.clone();
    let mut problems = Vec::new();
    let header = config.header();
    let seed = header.seed.unwrap_or(DEFAULT_SEED);
    // Only the low 32 bits of a seed are used, as everywhere.
    fill_seeds(&mut config, seed as u32);
    let mut with_seed = config.header();
    with_seed.seed = Some(seed);
    config.set_header(with_seed);
    adopt_dt(&mut config, header.dt.unwrap_or(DEFAULT_DT), name, &mut problems);
    DynConfig::validate(&config, name, &mut problems);
    if problems.is_empty() {
        Ok(config)
    } else {
        Err(BuildError::from(problems))
    }
}

/// Gives the units of a neuron to its modules.
fn hand_down_units<C: ControllerConfig + ?Sized>(config: &mut C, path: &str, problems: &mut Vec<Problem>) {
    if let Some(units) = config.header().units.filter(|units| !units.is_empty()) {
        for (name, node) in config.nodes_mut() {
            node.adopt_units(&units, &super::join(path, name), problems);
        }
    }
}

/// Whether a network can run at this time step.
pub fn is_time_step(dt: Ms) -> bool {
    dt.0 > 0.0 && dt.0.is_finite()
}

/// Checks header and nodes.
pub fn validate<C: ControllerConfig + ?Sized>(config: &C, path: &str, problems: &mut Vec<Problem>) {
    let header = config.header();
    if let Some(dt) = header.dt.filter(|dt| !is_time_step(*dt)) {
        problems.push(Problem::new(
            super::join(path, "dt"),
            format!("SPK043: `dt` must be a positive number of ms, found {}", dt.0),
        ));
    }
    if let Some(rate) = header.inhibitory_rate.filter(|rate| !(0.0..=1.0).contains(rate)) {
        problems.push(Problem::new(
            super::join(path, "inhibitory_rate"),
            format!("SPK043: `inhibitory_rate` must lie between 0 and 1, found {rate}"),
        ));
    }
    if config.graph().kind == ModuleKind::Neuron && header.units.as_ref().is_none_or(|units| units.is_empty())
    {
        problems.push(
            Problem::new(path, "SPK040: `units` is not given".to_owned())
                .help("give the shape of the population: `units: [256]`"),
        );
    }
    for (name, node) in config.nodes() {
        node.validate(&super::join(path, name), problems);
    }
}

/// What is known of all fields, dotted by node.
pub fn known_fields<C: ControllerConfig + ?Sized>(config: &C) -> Vec<(String, ConstValue)> {
    let mut known = Vec::new();
    if let Some(units) = config.header().units.filter(|units| !units.is_empty()) {
        known.push(("units".to_owned(), ConstValue::dims(&units)));
    }
    for (name, node) in config.nodes() {
        known.extend(
            node.known_fields()
                .into_iter()
                .map(|(field, value)| (super::join(name, &field), value)),
        );
    }
    known
}

/// What arrives at the inputs of one node.
#[derive(Debug, Clone)]
pub struct Arrivals {
    inputs: Vec<Arrival>,
}

#[derive(Debug, Clone)]
enum Arrival {
    Unwired,
    Unknown,
    Known(PortInfo),
}

impl Arrivals {
    /// Replaces what was inferred about one input by what its source, already built, says itself.
    pub fn set(&mut self, input: usize, infos: &[PortInfo]) {
        let info = match infos {
            [one] => one.clone(),
            several => PortInfo::plain(Shape::from(
                several.iter().map(|i| i.shape.count()).sum::<usize>(),
            )),
        };
        if let Some(slot) = self.inputs.get_mut(input) {
            *slot = Arrival::Known(info);
        }
    }

    /// One entry per input; an input whose shape is still unknown is an error.
    pub fn finish(
        self,
        table: &'static ModuleTable,
        path: &str,
    ) -> Result<Vec<Option<PortInfo>>, BuildError> {
        let mut problems = Vec::new();
        let mut infos = Vec::with_capacity(self.inputs.len());
        for (arrival, port) in self.inputs.into_iter().zip(table.inputs) {
            match arrival {
                Arrival::Unwired => infos.push(None),
                Arrival::Known(info) => infos.push(Some(info)),
                Arrival::Unknown => problems.push(
                    Problem::new(
                        format!("{path}.{}", port.name),
                        "the shape of what arrives here is not known".to_owned(),
                    )
                    .help("declare the shapes of the network's inputs, or pass them to `build`"),
                ),
            }
        }
        if problems.is_empty() {
            Ok(infos)
        } else {
            Err(BuildError::from(problems))
        }
    }
}

/// Follows the shapes through a network: what arrives at every input of every node, as far as it can be known
/// without building anything.
pub fn infer<C: ControllerConfig + ?Sized>(config: &C, inputs: &[Option<PortInfo>]) -> Vec<Arrivals> {
    let graph = config.graph();
    let configs = config.nodes();
    let known: Vec<Vec<(String, ConstValue)>> = configs.iter().map(|(_, node)| node.known_fields()).collect();
    let fields: Vec<Vec<KnownField<'_>>> = known
        .iter()
        .map(|fields| {
            fields
                .iter()
                .map(|(name, value)| KnownField { name, value: *value })
                .collect()
        })
        .collect();
    let nodes: Vec<NodeTable<'_>> = graph
        .nodes
        .iter()
        .zip(&fields)
        .map(|(node, fields)| NodeTable {
            name: node.name,
            module: node.module,
            fields,
            feeds: node.feeds,
        })
        .collect();
    let graph = GraphTable {
        nodes: &nodes,
        ..*graph
    };
    let entering: Vec<Known> = inputs.iter().map(crate::core::support::known).collect();
    let units = config
        .header()
        .units
        .filter(|units| !units.is_empty())
        .and_then(|units| Dims::new(&units));
    let flow = flow(&graph, &entering, units, &[]);
    nodes
        .iter()
        .map(|node| {
            let (arriving, count) = flow.arriving(&graph, node, &entering);
            Arrivals {
                inputs: (0..count).map(|i| arrival(node, i, &arriving[i])).collect(),
            }
        })
        .collect()
}

fn arrival(node: &NodeTable<'_>, input: usize, known: &Known) -> Arrival {
    let name = node.module.inputs[input].name;
    if !node.feeds.iter().any(|feed: &Feed<'_>| feed.port == name) {
        return Arrival::Unwired;
    }
    match known.dims {
        Some(dims) => Arrival::Known(PortInfo {
            shape: Shape::from(dims.as_slice()),
            per_synapse: known.per_synapse,
            plan: None,
            topology: None,
            deferrable: None,
        }),
        None => Arrival::Unknown,
    }
}

/// Draws which units of a neuron are inhibitory: the first `k` of a random permutation.
///
/// `k` is `units * rate`, rounded; the Python package cuts the fraction off (100 units at 0.29 give 28).
pub fn inhibition_mask(keys: &mut Keys, units: &Shape, rate: f64) -> BooleanMask {
    let count = units.count();
    let product = count as f64 * rate;
    let inhibitory = match keys.compat() {
        Compat::SparkSnn1 => product as usize,
        Compat::Standard => product.round() as usize,
    };
    let order = keys.next_key().permutation(count);
    let mut mask = BooleanMask::zeros(units);
    mask.edit(|bits| {
        for unit in order.into_iter().take(inhibitory) {
            bits[unit as usize] = true;
        }
    });
    mask
}

/// The keys of a node of the network that `around` belongs to.
pub fn keys_of<C: DynConfig + ?Sized>(config: &C, around: &Keys, name: &str) -> Keys {
    around.inner(config.seed().unwrap_or_default(), name)
}

/// The mode, time step and name that a network runs under when it stands alone.
pub fn top_keys(header: &Header, name: &str) -> Keys {
    Keys::new(
        header.seed.unwrap_or(DEFAULT_SEED),
        header.dt.unwrap_or(DEFAULT_DT),
        header.compat.unwrap_or_default(),
        name,
    )
}

/// Refuses input shapes that do not fit the declared ones, all at once.
pub fn check_input_shapes(graph: &GraphTable<'_>, shapes: &[Option<PortInfo>]) -> Result<(), BuildError> {
    let mut problems = Vec::new();
    for (input, info) in graph.inputs.iter().zip(shapes) {
        let (ConstValue::Dims(declared), Some(info)) = (input.shape, info) else {
            continue;
        };
        if declared.as_slice() != &info.shape[..] {
            let declared = Shape::from(declared.as_slice());
            problems.push(Problem::new(
                format!("{}.{}", graph.name, input.name),
                format!("was declared as {declared}, but is built for {}", info.shape),
            ));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(BuildError::from(problems))
    }
}

/// Refuses an input whose shape is not the one the network was built for.
///
/// # Panics
/// With the names and both shapes: stepping a network with an array of another shape is a mistake of the program.
#[inline]
#[track_caller]
pub fn expect_shape(network: &str, input: &str, built: &Shape, given: &Shape) {
    if built != given {
        wrong_shape(network, input, built, given);
    }
}

/// The same as an answer, for callers that go on.
pub fn check_shape(input: &str, built: &Shape, given: &Shape) -> Result<(), Problem> {
    if built == given {
        return Ok(());
    }
    let problem = Problem::new(input, "the shape is not that which the network was built for");
    Err(problem.expected(built).found(given))
}

#[cold]
#[track_caller]
#[expect(
    clippy::panic,
    reason = "the documented answer of `step` to an array of the wrong shape, as in ndarray"
)]
fn wrong_shape(network: &str, input: &str, built: &Shape, given: &Shape) -> ! {
    panic!("`{network}` was built for `{input}` of shape {built}, but the step was given {given}")
}

/// The sources of a graph in words: `spiker.spikes`, `left.kernel()`, `signal`.
pub fn source_text(graph: &GraphTable<'_>, source: &Source<'_>) -> String {
    match source {
        Source::Input(i) => graph.inputs[*i].name.to_owned(),
        Source::Output { node, port } => format!("{}.{port}", graph.nodes[*node].name),
        Source::Property { node, port } => format!("{}.{port}()", graph.nodes[*node].name),
        Source::Controller { port } => format!("self.{port}()"),
    }
}
