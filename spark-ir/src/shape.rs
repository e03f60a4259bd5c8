//! Shapes as data: rules that say which shape a port has, and the one interpreter that reads them.
//!
//! The interpreter is `const`: `network!` runs it while compiling, the runtime and the file loader run the same
//! code while building.

use crate::suggest::same;
use crate::table::{GraphTable, KnownField, ModuleTable, NodeTable, PortTable, Source};

/// The most dimensions an array may have.
pub const MAX_DIMS: usize = 8;

/// The most nodes of one network.
pub const MAX_NODES: usize = 256;

/// The most inputs of one module.
pub const MAX_INPUTS: usize = 12;

/// The most outputs of one module.
pub const MAX_PORTS: usize = 8;

/// Sizes of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dims {
    sizes: [usize; MAX_DIMS],
    len: usize,
}

impl Dims {
    /// No dimension yet.
    pub const EMPTY: Dims = Dims {
        sizes: [0; MAX_DIMS],
        len: 0,
    };

    /// From a slice; `None` beyond [`MAX_DIMS`] dimensions.
    pub const fn new(sizes: &[usize]) -> Option<Dims> {
        let mut dims = Dims::EMPTY;
        let mut i = 0;
        while i < sizes.len() {
            match dims.push(sizes[i]) {
                Some(more) => dims = more,
                None => return None,
            }
            i += 1;
        }
        Some(dims)
    }

    /// As a slice.
    pub const fn as_slice(&self) -> &[usize] {
        self.sizes.split_at(self.len).0
    }

    /// With one dimension more.
    pub const fn push(mut self, size: usize) -> Option<Dims> {
        if self.len == MAX_DIMS {
            return None;
        }
        self.sizes[self.len] = size;
        self.len += 1;
        Some(self)
    }

    /// With all of `other` appended.
    pub const fn append(mut self, other: &Dims) -> Option<Dims> {
        let mut i = 0;
        while i < other.len {
            match self.push(other.sizes[i]) {
                Some(more) => self = more,
                None => return None,
            }
            i += 1;
        }
        Some(self)
    }

    /// The number of elements.
    pub const fn count(&self) -> usize {
        let mut product = 1usize;
        let mut i = 0;
        while i < self.len {
            product = product.saturating_mul(self.sizes[i]);
            i += 1;
        }
        product
    }

    /// Whether two shapes are equal.
    pub const fn same(&self, other: &Dims) -> bool {
        if self.len != other.len {
            return false;
        }
        let mut i = 0;
        while i < self.len {
            if self.sizes[i] != other.sizes[i] {
                return false;
            }
            i += 1;
        }
        true
    }
}

/// A value known without running anything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ConstValue {
    /// Not known before the network is built.
    Unknown,
    /// A number, in the field's unit.
    Number(f64),
    /// A shape.
    Dims(Dims),
}

impl ConstValue {
    /// A shape from a slice; unknown beyond [`MAX_DIMS`] dimensions.
    pub const fn dims(sizes: &[usize]) -> ConstValue {
        match Dims::new(sizes) {
            Some(dims) => ConstValue::Dims(dims),
            None => ConstValue::Unknown,
        }
    }

    /// The value as a shape: a whole number `n` is `[n]`.
    const fn as_dims(self) -> Option<Dims> {
        match self {
            ConstValue::Dims(dims) => Some(dims),
            ConstValue::Number(n) if n >= 0.0 && n < 1e9 => Dims::EMPTY.push(n as usize),
            _ => None,
        }
    }
}

/// One term of a shape rule.
#[derive(Debug, Clone, Copy)]
pub enum ShapeTerm {
    /// The shape of an input.
    Input(&'static str),
    /// The value of a config field: a shape or a size.
    Field(&'static str),
    /// A fixed size.
    Fixed(usize),
    /// The number of elements of an input or of a field that is a shape.
    Flat(&'static str),
    /// The shape of a kernel between post units and what arrives at an input: `post ++ input`, or the shape of the
    /// input itself if that has one spike per synapse already.
    Pairs {
        /// Where the post units come from (a field or an input).
        post: &'static str,
        /// The presynaptic input.
        pre: &'static str,
    },
}

/// The shape of a port: its terms, concatenated.
#[derive(Debug, Clone, Copy)]
pub enum ShapeRule {
    /// Concatenated terms.
    Terms(&'static [ShapeTerm]),
    /// Inputs: any shape. Outputs and properties: known only once the module is built.
    Any,
    /// The shape of an output of the module's own graph (networks declared with `network!`).
    Graph,
}

/// What is known of the value on a wire.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Its shape, `None` if it cannot be known yet.
    pub dims: Option<Dims>,
    /// Whether it holds one spike per synapse.
    pub per_synapse: bool,
}

impl Known {
    /// Nothing is known.
    pub const NOTHING: Known = Known {
        dims: None,
        per_synapse: false,
    };

    /// A plain shape.
    pub const fn plain(value: ConstValue) -> Known {
        Known {
            dims: value.as_dims(),
            per_synapse: false,
        }
    }
}

/// Looks up a field of a node: what is said from outside of the neuron, else what the node says, else what the neuron
/// around it says, else the default.
const fn field_value(scope: &Scope<'_>, module: &ModuleTable, name: &str) -> ConstValue {
    let mut i = 0;
    while i < scope.overrides.len() {
        if is_dotted(scope.overrides[i].name, scope.node, name) {
            return scope.overrides[i].value;
        }
        i += 1;
    }
    let mut i = 0;
    while i < scope.fields.len() {
        if same(scope.fields[i].name, name) {
            return scope.fields[i].value;
        }
        i += 1;
    }
    if same(name, "units")
        && let Some(units) = scope.units
    {
        return ConstValue::Dims(units);
    }
    let mut i = 0;
    while i < module.config.fields.len() {
        if same(module.config.fields[i].name, name) {
            return module.config.fields[i].default;
        }
        i += 1;
    }
    ConstValue::Unknown
}

/// The fields of a node and the `units` of the neuron it stands in.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// What is said about the node's fields.
    pub fields: &'a [KnownField<'a>],
    /// `units` of the neuron around the node.
    pub units: Option<Dims>,
    /// What a brain says about the fields of the neuron around the node, dotted by node.
    pub overrides: &'a [KnownField<'a>],
    /// The name of the node in the neuron.
    pub node: &'a str,
}

impl<'a> Scope<'a> {
    /// The fields of a module that stands alone.
    pub const fn of(fields: &'a [KnownField<'a>]) -> Scope<'a> {
        Scope {
            fields,
            units: None,
            overrides: &[],
            node: "",
        }
    }
}

/// Whether `dotted` reads `node.field`.
const fn is_dotted(dotted: &str, node: &str, field: &str) -> bool {
    let (dotted, node, field) = (dotted.as_bytes(), node.as_bytes(), field.as_bytes());
    if dotted.len() != node.len() + 1 + field.len() || dotted[node.len()] != b'.' {
        return false;
    }
    let mut i = 0;
    while i < node.len() {
        if dotted[i] != node[i] {
            return false;
        }
        i += 1;
    }
    let mut i = 0;
    while i < field.len() {
        if dotted[node.len() + 1 + i] != field[i] {
            return false;
        }
        i += 1;
    }
    true
}

const fn find_port(ports: &[PortTable], name: &str) -> Option<usize> {
    let mut i = 0;
    while i < ports.len() {
        if same(ports[i].name, name) {
            return Some(i);
        }
        i += 1;
    }
    None
}

const fn arriving_dims(input: &str, module: &ModuleTable, inputs: &[Known]) -> Option<Dims> {
    match find_port(module.inputs, input) {
        Some(i) if i < inputs.len() => inputs[i].dims,
        _ => None,
    }
}

const fn term_dims(
    term: &ShapeTerm,
    module: &ModuleTable,
    scope: &Scope<'_>,
    inputs: &[Known],
) -> Option<Dims> {
    match term {
        ShapeTerm::Fixed(size) => Dims::EMPTY.push(*size),
        ShapeTerm::Field(name) => field_value(scope, module, name).as_dims(),
        ShapeTerm::Input(name) => arriving_dims(name, module, inputs),
        ShapeTerm::Flat(name) => {
            let dims = match find_port(module.inputs, name) {
                Some(_) => arriving_dims(name, module, inputs),
                None => field_value(scope, module, name).as_dims(),
            };
            match dims {
                Some(dims) => Dims::EMPTY.push(dims.count()),
                None => None,
            }
        }
        ShapeTerm::Pairs { post, pre } => {
            let arriving = match find_port(module.inputs, pre) {
                Some(i) if i < inputs.len() => inputs[i],
                _ => return None,
            };
            if arriving.per_synapse {
                return arriving.dims;
            }
            let post_dims = match find_port(module.inputs, post) {
                Some(i) if i < inputs.len() => inputs[i].dims,
                _ => field_value(scope, module, post).as_dims(),
            };
            match (post_dims, arriving.dims) {
                (Some(a), Some(b)) => a.append(&b),
                _ => None,
            }
        }
    }
}

/// The shape that a rule gives for a module with these fields and inputs; `None` if it cannot be known yet.
pub const fn rule_dims(
    rule: &ShapeRule,
    module: &ModuleTable,
    scope: &Scope<'_>,
    inputs: &[Known],
) -> Option<Dims> {
    let terms = match rule {
        ShapeRule::Terms(terms) => terms,
        ShapeRule::Any | ShapeRule::Graph => return None,
    };
    let mut dims = Dims::EMPTY;
    let mut i = 0;
    while i < terms.len() {
        let part = match term_dims(&terms[i], module, scope, inputs) {
            Some(part) => part,
            None => return None,
        };
        dims = match dims.append(&part) {
            Some(dims) => dims,
            None => return None,
        };
        i += 1;
    }
    Some(dims)
}

/// What is known of an output of a module.
pub const fn output_of(module: &ModuleTable, port: usize, scope: &Scope<'_>, inputs: &[Known]) -> Known {
    let table = &module.outputs[port];
    let dims = match (&table.shape, module.graph) {
        (ShapeRule::Graph, Some(graph)) => {
            let units = field_value(scope, module, "units").as_dims();
            let mut flow = Flow::UNKNOWN;
            flow.follow(graph, inputs, units, scope.fields);
            return flow.source(graph, &graph.outputs[port].source, inputs);
        }
        (rule, _) => rule_dims(rule, module, scope, inputs),
    };
    Known {
        dims,
        per_synapse: table.per_synapse,
    }
}

/// How far properties are followed that have the shape of what arrives at their node, which may be a property again. Two may
/// have the shape of each other: that is a mistake, but what looks for it comes later.
struct Patience {
    depth: usize,
    reads: usize,
}

impl Patience {
    const fn new() -> Self {
        Patience { depth: 0, reads: 0 }
    }

    const fn is_over(&self) -> bool {
        self.depth >= 16 || self.reads >= 4096
    }
}

/// The shapes of all outputs of all nodes of a graph.
#[derive(Clone, Copy)]
pub struct Flow {
    outputs: [[Known; MAX_PORTS]; MAX_NODES],
    /// `units` of the controller.
    pub units: Option<Dims>,
}

impl Flow {
    const UNKNOWN: Flow = Flow {
        outputs: [[Known::NOTHING; MAX_PORTS]; MAX_NODES],
        units: None,
    };

    /// What is known of a source.
    pub const fn source(&self, graph: &GraphTable<'_>, source: &Source<'_>, inputs: &[Known]) -> Known {
        self.source_within(graph, source, inputs, &mut Patience::new())
    }

    const fn source_within(
        &self,
        graph: &GraphTable<'_>,
        source: &Source<'_>,
        inputs: &[Known],
        patience: &mut Patience,
    ) -> Known {
        match source {
            Source::Input(i) => {
                if *i < inputs.len() {
                    inputs[*i]
                } else {
                    Known::NOTHING
                }
            }
            Source::Output { node, port } => {
                if *node >= graph.nodes.len() || *node >= MAX_NODES {
                    return Known::NOTHING;
                }
                match find_port(graph.nodes[*node].module.outputs, port) {
                    Some(p) if p < MAX_PORTS => self.outputs[*node][p],
                    _ => Known::NOTHING,
                }
            }
            Source::Property { node, port } => {
                if patience.is_over() {
                    return Known::NOTHING;
                }
                patience.depth += 1;
                patience.reads += 1;
                let known = self.property(graph, *node, port, inputs, patience);
                patience.depth -= 1;
                known
            }
            Source::Controller { .. } => Known {
                dims: self.units,
                per_synapse: false,
            },
        }
    }

    const fn property(
        &self,
        graph: &GraphTable<'_>,
        node: usize,
        port: &str,
        inputs: &[Known],
        patience: &mut Patience,
    ) -> Known {
        if node >= graph.nodes.len() {
            return Known::NOTHING;
        }
        let table = &graph.nodes[node];
        let arriving = self.arriving_within(graph, table, inputs, patience);
        match find_port(table.module.properties, port) {
            Some(p) => {
                let scope = Scope {
                    fields: table.fields,
                    units: self.units,
                    overrides: &[],
                    node: table.name,
                };
                let rule = &table.module.properties[p].shape;
                let live = arriving.0.split_at(arriving.1).0;
                Known {
                    dims: rule_dims(rule, table.module, &scope, live),
                    per_synapse: false,
                }
            }
            None => Known::NOTHING,
        }
    }

    /// What arrives at each input of a node, and how many inputs it has.
    pub const fn arriving(
        &self,
        graph: &GraphTable<'_>,
        node: &NodeTable<'_>,
        inputs: &[Known],
    ) -> ([Known; 16], usize) {
        self.arriving_within(graph, node, inputs, &mut Patience::new())
    }

    const fn arriving_within(
        &self,
        graph: &GraphTable<'_>,
        node: &NodeTable<'_>,
        inputs: &[Known],
        patience: &mut Patience,
    ) -> ([Known; 16], usize) {
        let mut arriving = [Known::NOTHING; 16];
        let count = if node.module.inputs.len() < 16 {
            node.module.inputs.len()
        } else {
            16
        };
        let mut f = 0;
        while f < node.feeds.len() {
            let feed = &node.feeds[f];
            if let Some(p) = find_port(node.module.inputs, feed.port)
                && p < count
            {
                arriving[p] = self.merged_within(graph, feed.sources, inputs, patience);
            }
            f += 1;
        }
        (arriving, count)
    }

    /// One source keeps its shape; several are flattened and concatenated.
    pub const fn merged(&self, graph: &GraphTable<'_>, sources: &[Source<'_>], inputs: &[Known]) -> Known {
        self.merged_within(graph, sources, inputs, &mut Patience::new())
    }

    const fn merged_within(
        &self,
        graph: &GraphTable<'_>,
        sources: &[Source<'_>],
        inputs: &[Known],
        patience: &mut Patience,
    ) -> Known {
        if sources.len() == 1 {
            return self.source_within(graph, &sources[0], inputs, patience);
        }
        let mut total = 0usize;
        let mut i = 0;
        while i < sources.len() {
            match self.source_within(graph, &sources[i], inputs, patience).dims {
                Some(dims) => total = dims.count().saturating_add(total),
                None => return Known::NOTHING,
            }
            i += 1;
        }
        Known {
            dims: Dims::EMPTY.push(total),
            per_synapse: false,
        }
    }
}

/// Follows the shapes through a graph. `inputs` are the shapes of the controller's inputs; `overrides` is what a
/// brain says about the fields of this neuron, dotted by node.
pub const fn flow(
    graph: &GraphTable<'_>,
    inputs: &[Known],
    units: Option<Dims>,
    overrides: &[KnownField<'_>],
) -> Flow {
    let mut flow = Flow::UNKNOWN;
    flow.follow(graph, inputs, units, overrides);
    flow
}

impl Flow {
    /// See [`flow`]. In place: it is large, and networks stand inside of networks.
    const fn follow(
        &mut self,
        graph: &GraphTable<'_>,
        inputs: &[Known],
        units: Option<Dims>,
        overrides: &[KnownField<'_>],
    ) {
        self.units = match units {
            Some(units) => Some(units),
            None => graph.units.as_dims(),
        };
        let nodes = if graph.nodes.len() < MAX_NODES {
            graph.nodes.len()
        } else {
            MAX_NODES
        };
        let mut round = 0;
        let mut changed = true;
        // Each round settles at least one more output, so the number of nodes bounds the rounds.
        while changed && round <= nodes {
            changed = false;
            let mut n = 0;
            while n < nodes {
                let node = &graph.nodes[n];
                let (arriving, count) = self.arriving(graph, node, inputs);
                let live = arriving.split_at(count).0;
                let scope = Scope {
                    fields: node.fields,
                    units: self.units,
                    overrides,
                    node: node.name,
                };
                let mut p = 0;
                while p < node.module.outputs.len() && p < MAX_PORTS {
                    if self.outputs[n][p].dims.is_none() {
                        let known = output_of(node.module, p, &scope, live);
                        if known.dims.is_some() {
                            self.outputs[n][p] = known;
                            changed = true;
                        }
                    }
                    p += 1;
                }
                n += 1;
            }
            round += 1;
        }
    }
}
