//! What the attribute macros emit: tables of ports, fields, modules and graphs, all of them `const` data.

use crate::shape::{ConstValue, ShapeRule};

/// A payload type: what travels on a wire.
#[derive(Debug)]
pub struct PayloadTable {
    /// The Rust name, `SpikeArray`.
    pub name: &'static str,
    /// The registry key, `spike_array`.
    pub key: &'static str,
    /// The module path of the type: two payloads are the same if name and origin are.
    pub origin: &'static str,
    /// Whether several sources may be concatenated into one port.
    pub concatenates: bool,
    /// First sentence of its documentation.
    pub doc: &'static str,
}

/// A port of a module.
#[derive(Debug)]
pub struct PortTable {
    /// The name of the parameter of `step`, or of the property.
    pub name: &'static str,
    /// What it carries.
    pub payload: &'static PayloadTable,
    /// Whether it may be left unwired.
    pub optional: bool,
    /// Whether it takes its sources one by one instead of concatenated (`Many<T>`).
    pub many: bool,
    /// An input that is updated in place (`InOut<T>`), or a property that may be written.
    pub writable: bool,
    /// Outputs: whether the spikes are one per synapse (`units ++ inputs`), as delays produce them.
    pub per_synapse: bool,
    /// Inputs that are updated in place: whether they take kernels that hold the synapses of a topology only.
    pub sparse: bool,
    /// Outputs and properties: the shape it has. Inputs: the shape it takes.
    pub shape: ShapeRule,
    /// Documentation of the port.
    pub doc: &'static str,
}

/// An interval of numbers, as a validator states it.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// Lower end.
    pub min: f64,
    /// Whether the lower end itself is outside.
    pub min_open: bool,
    /// Upper end.
    pub max: f64,
    /// Whether the upper end itself is outside.
    pub max_open: bool,
    /// What the range asks for, in words: "a positive number".
    pub text: &'static str,
}

impl Range {
    /// Whether `value` lies in the range. NaN lies in none.
    pub const fn contains(&self, value: f64) -> bool {
        let above = if self.min_open {
            value > self.min
        } else {
            value >= self.min
        };
        let below = if self.max_open {
            value < self.max
        } else {
            value <= self.max
        };
        above && below
    }
}

/// A validator of a field.
#[derive(Debug)]
pub struct ValidatorTable {
    /// `PositiveValidator`.
    pub name: &'static str,
    /// `positive_validator`.
    pub key: &'static str,
    /// The range that a number must lie in, if the validator is one: then literals are checked at compile time.
    pub range: Option<Range>,
    /// What it asks for.
    pub doc: &'static str,
}

/// How files write a plain number that stands for a whole array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberForm {
    /// As a number.
    Number,
    /// As an array without dimensions.
    Array,
    /// As an initializer that fills the array with it.
    Constant,
}

/// A field of a configuration.
#[derive(Debug)]
pub struct FieldTable {
    /// Name, `potential_tau`.
    pub name: &'static str,
    /// Rust type as written, `Init<Ms>`.
    pub ty: &'static str,
    /// The unit of a bare number, `ms`; empty for a pure number.
    pub unit: &'static str,
    /// Whether a value must be given.
    pub required: bool,
    /// How files write a plain number: the Python package does not take one everywhere.
    pub number: NumberForm,
    /// The default as written in the source; empty if there is none.
    pub default_text: &'static str,
    /// The default, where it is a number or a shape.
    pub default: ConstValue,
    /// Validators.
    pub validators: &'static [&'static ValidatorTable],
    /// The fields of a nested configuration (the config of a node of a neuron).
    pub nested: Option<&'static ConfigTable>,
    /// Documentation.
    pub doc: &'static str,
}

/// A configuration type.
#[derive(Debug)]
pub struct ConfigTable {
    /// `LeakySomaConfig`.
    pub name: &'static str,
    /// `leaky_soma_config`.
    pub key: &'static str,
    /// Fields, in the order in which files write them.
    pub fields: &'static [FieldTable],
    /// Documentation.
    pub doc: &'static str,
}

/// What kind of module a table describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModuleKind {
    /// A plain module.
    Module,
    /// A neuron declared with `network!`: may stand in a brain.
    Neuron,
    /// A brain: stands alone.
    Brain,
}

/// A module: its ports and its configuration.
#[derive(Debug)]
pub struct ModuleTable {
    /// `LeakySoma`.
    pub name: &'static str,
    /// `leaky_soma`.
    pub key: &'static str,
    /// The key of its class in files: its own, unless it bears another name than in the Python package, or is one of
    /// several modules that are one class there.
    pub class: &'static str,
    /// Menu path, `Somas`.
    pub path: &'static str,
    /// Documentation.
    pub doc: &'static str,
    /// Module, neuron or brain.
    pub kind: ModuleKind,
    /// Inputs in the order of the signature.
    pub inputs: &'static [PortTable],
    /// Outputs in the order of the signature.
    pub outputs: &'static [PortTable],
    /// Properties.
    pub properties: &'static [PortTable],
    /// Its configuration.
    pub config: &'static ConfigTable,
    /// The graph of a neuron or brain.
    pub graph: Option<&'static GraphTable<'static>>,
    /// The Rust module it is defined in, for duplicate names.
    pub origin: &'static str,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// An input of the controller, by index.
    Input(usize),
    /// An output of a node, by name.
    Output {
        /// Index of the node.
        node: usize,
        /// Output port.
        port: &'a str,
    },
    /// A property of a node.
    Property {
        /// Index of the node.
        node: usize,
        /// Property.
        port: &'a str,
    },
    /// A property of the controller itself (`self.inhibition_mask()`).
    Controller {
        /// Property.
        port: &'a str,
    },
}

/// All that is wired into one port of a node.
#[derive(Debug, Clone, Copy)]
pub struct Feed<'a> {
    /// The port of the node.
    pub port: &'a str,
    /// Its sources, in the order written.
    pub sources: &'a [Source<'a>],
    /// Whether the port updates a property in place (`<->`).
    pub in_place: bool,
}

/// An output of one node that is written into a property of another after the step.
#[derive(Debug, Clone, Copy)]
pub struct Effect<'a> {
    /// The node whose property is written.
    pub node: usize,
    /// The property.
    pub property: &'a str,
    /// Where the value comes from.
    pub source: Source<'a>,
}

/// A field of a node as far as it is known without running anything.
#[derive(Debug, Clone, Copy)]
pub struct KnownField<'a> {
    /// Field, dotted for nested ones (`soma.threshold`).
    pub name: &'a str,
    /// Its value.
    pub value: ConstValue,
}

/// A node of a graph.
#[derive(Debug, Clone, Copy)]
pub struct NodeTable<'a> {
    /// Name in the network.
    pub name: &'a str,
    /// Its module.
    pub module: &'a ModuleTable,
    /// What the network says about its fields.
    pub fields: &'a [KnownField<'a>],
    /// What is wired into it.
    pub feeds: &'a [Feed<'a>],
}

/// An input of a controller.
#[derive(Debug, Clone, Copy)]
pub struct InputTable<'a> {
    /// Name.
    pub name: &'a str,
    /// Payload.
    pub payload: &'a PayloadTable,
    /// Shape, if declared.
    pub shape: ConstValue,
}

/// An output of a controller.
#[derive(Debug, Clone, Copy)]
pub struct OutputTable<'a> {
    /// Name.
    pub name: &'a str,
    /// Payload.
    pub payload: &'a PayloadTable,
    /// Shape, if declared.
    pub shape: ConstValue,
    /// Where it comes from.
    pub source: Source<'a>,
}

/// The graph of a neuron or brain.
#[derive(Debug, Clone, Copy)]
pub struct GraphTable<'a> {
    /// Name of the controller.
    pub name: &'a str,
    /// Neuron or brain.
    pub kind: ModuleKind,
    /// Inputs.
    pub inputs: &'a [InputTable<'a>],
    /// Outputs.
    pub outputs: &'a [OutputTable<'a>],
    /// Nodes in the order declared.
    pub nodes: &'a [NodeTable<'a>],
    /// Effects in the order declared.
    pub effects: &'a [Effect<'a>],
    /// Indices of nodes in the order in which they run.
    pub order: &'a [usize],
    /// `units` of a neuron's header, if said there.
    pub units: ConstValue,
}
