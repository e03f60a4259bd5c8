//! A model in words: its nodes with shapes, parameters and memory, and the steps between its inputs and outputs.

use std::fmt;

use serde::Serialize;
use spark_ir::diagnostic::Diagnostic;
use spark_ir::shape::{ConstValue, Dims, Flow, Known};
use spark_ir::table::{GraphTable, ModuleTable, NodeTable, Source};

use super::config::ModelConfig;
use super::latency::{self, Cut, Path};
use super::levels::{Level, with_level};
use super::model::Model;
use crate::core::error::BuildError;
use crate::core::payload::Shape;
use crate::core::state::{StateMap, snapshot};
use crate::core::variable::VariableKind;
use crate::rt::controller::{self, ControllerConfig};

/// A model as a tree: what [`Model::tree`] and [`ModelConfig::tree`] give, to be printed or read by a program.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tree {
    /// The model, or a node in it.
    #[serde(flatten)]
    pub root: TreeNode,
    /// The time step in ms.
    pub dt: f64,
    /// The mode in which it computes.
    pub compat: &'static str,
    /// The ways from every input to every output that depends on it, the shortest first. In graphs with circles: those
    /// that come by each node at most once.
    pub paths: Vec<Path>,
    /// Where there are more ways than are listed.
    pub cut: Vec<Cut>,
}

/// A node of a [`Tree`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TreeNode {
    /// Its name.
    pub name: String,
    /// Its module.
    pub module: String,
    /// Inputs that are wired.
    pub inputs: Vec<TreePort>,
    /// Outputs.
    pub outputs: Vec<TreePort>,
    /// Numbers that are learned; not known before the model is built.
    pub learned: Option<usize>,
    /// Bytes that its state takes; not known before the model is built.
    pub bytes: Option<usize>,
    /// The nodes in it, if it is a network.
    pub nodes: Vec<TreeNode>,
}

/// A port of a [`TreeNode`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TreePort {
    /// Its name.
    pub name: String,
    /// What it carries.
    pub payload: String,
    /// Its shape, as far as it is known.
    pub shape: Option<Vec<usize>>,
}

impl ModelConfig {
    /// What is known of the model without building it. Inputs whose shapes are not given have none in the tree, nor has
    /// what depends on them.
    ///
    /// ```
    /// use spark::nn::controllers::ModelConfig;
    /// use spark::prelude::*;
    /// # fn main() -> Result<(), BuildError> {
    /// # let json = LIFNeuronConfig { units: Shape::from(4), ..LIFNeuron::config() }.to_json()?;
    /// let config = ModelConfig::from_json(&json)?;
    /// let tree = config.tree(&[("in_spikes", Shape::from(8))])?;
    /// let synapses = tree.root.nodes.iter().find(|node| node.name == "synapses").unwrap();
    /// assert_eq!(synapses.inputs[0].shape.as_deref(), Some(&[4, 8][..]));
    /// assert_eq!(tree.paths[0].steps, 0);
    /// println!("{tree}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A shape for an input that the model does not have.
    pub fn tree(&self, shapes: &[(&str, Shape)]) -> Result<Tree, BuildError> {
        let inputs = self.known_inputs(shapes)?;
        Ok(tree(self, &inputs, None))
    }

    /// What is wrong with the shapes, each problem at its JSON pointer. Nothing is built for it: what only building can
    /// tell is not told.
    ///
    /// ```
    /// use spark::nn::controllers::ModelConfig;
    /// use spark::prelude::*;
    ///
    /// network! {
    ///     neuron Pool(current: CurrentArray) -> (spikes: SpikeArray) {
    ///         units = [3];
    ///         soma = LeakySoma;
    ///         current                -> soma.current;
    ///         self.inhibition_mask() -> soma.inhibition_mask;
    ///         soma.spikes            -> spikes;
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), BuildError> {
    /// let config = ModelConfig::from_json(&Pool::config().to_json()?)?;
    /// assert!(config.check_shapes(&[("current", Shape::from(3))])?.is_empty());
    /// let problems = config.check_shapes(&[("current", Shape::from(4))])?;
    /// assert_eq!((problems[0].code, problems[0].place.as_str()), ("SPK050", "model.soma.inhibition_mask"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A shape for an input that the model does not have.
    pub fn check_shapes(&self, shapes: &[(&str, Shape)]) -> Result<Vec<Diagnostic<String>>, BuildError> {
        let inputs = self.known_inputs(shapes)?;
        let mut problems = Vec::new();
        let known = controller::known_fields(&settled(self));
        with_level(ControllerConfig::graph(self), &known, &inputs, |level| {
            check_level(level, "/__cfg__", self.table().name, &mut problems);
        });
        Ok(problems)
    }

    /// How many numbers its ports and properties hold, which bounds what building it takes. `None` if that is not known.
    pub fn size(&self, shapes: &[(&str, Shape)]) -> Result<Option<usize>, BuildError> {
        let inputs = self.known_inputs(shapes)?;
        let known = controller::known_fields(&settled(self));
        Ok(with_level(
            ControllerConfig::graph(self),
            &known,
            &inputs,
            size_of_level,
        ))
    }

    fn known_inputs(&self, shapes: &[(&str, Shape)]) -> Result<Vec<Known>, BuildError> {
        super::model::check_names(self, shapes)?;
        let known = |name: &str| {
            let (_, shape) = shapes.iter().find(|(known, _)| *known == name)?;
            Dims::new(shape)
        };
        let inputs = self.table().inputs.iter();
        let plain = |dims| Known {
            dims,
            per_synapse: false,
        };
        Ok(inputs.map(|port| plain(known(port.name))).collect())
    }
}

impl Model {
    /// The model as a tree, with all shapes, parameters and memory.
    ///
    /// ```
    /// use spark::nn::controllers::{Model, ModelConfig};
    /// use spark::prelude::*;
    /// # fn main() -> Result<(), BuildError> {
    /// # let json = LIFNeuronConfig { units: Shape::from(4), ..LIFNeuron::config() }.to_json()?;
    /// let model = Model::from_config(&ModelConfig::from_json(&json)?, &[("in_spikes", Shape::from(8))])?;
    /// assert_eq!(model.tree().root.learned, Some(4 * 8));
    /// # Ok(())
    /// # }
    /// ```
    pub fn tree(&self) -> Tree {
        let plain = |shape: Option<&Shape>| Known {
            dims: shape.and_then(|shape| Dims::new(shape)),
            per_synapse: false,
        };
        let inputs: Vec<Known> = self.shapes().map(plain).collect();
        tree(self.config(), &inputs, Some(&snapshot(self)))
    }
}

/// With units and time step in every node, as it will be built; as it is, if it cannot be built.
fn settled(config: &ModelConfig) -> ModelConfig {
    controller::resolved(config).unwrap_or_else(|_| config.clone())
}

fn tree(config: &ModelConfig, inputs: &[Known], state: Option<&StateMap>) -> Tree {
    let config = settled(config);
    let table = config.table();
    let known = controller::known_fields(&config);
    with_level(ControllerConfig::graph(&config), &known, inputs, |level| {
        let ports = table.inputs.iter().zip(inputs);
        let outputs = table.outputs.iter().enumerate().map(|(i, port)| {
            let source = level.graph.outputs.get(i).map(|output| output.source);
            let known = source.map(|source| level.flow.source(level.graph, &source, inputs));
            tree_port(port.name, port.payload.name, known.and_then(|known| known.dims))
        });
        let (learned, bytes) = amounts(state, "");
        let (paths, cut) = latency::paths(level);
        Tree {
            root: TreeNode {
                name: table.name.to_owned(),
                module: table.config.name.trim_end_matches("_config").to_owned(),
                inputs: ports
                    .map(|(port, known)| tree_port(port.name, port.payload.name, known.dims))
                    .collect(),
                outputs: outputs.collect(),
                learned,
                bytes,
                nodes: nodes_of(level, "", state),
            },
            dt: config.time_step().0,
            compat: config.compat().name(),
            paths,
            cut,
        }
    })
}

fn tree_port(name: &str, payload: &str, dims: Option<Dims>) -> TreePort {
    TreePort {
        name: name.to_owned(),
        payload: payload.to_owned(),
        shape: dims.map(|dims| dims.as_slice().to_vec()),
    }
}

fn nodes_of(level: &Level<'_>, path: &str, state: Option<&StateMap>) -> Vec<TreeNode> {
    let node = |(index, node): (usize, &NodeTable<'_>)| {
        let path = crate::core::state::join(path, node.name);
        let (learned, bytes) = amounts(state, &path);
        TreeNode {
            name: node.name.to_owned(),
            module: node.module.name.to_owned(),
            inputs: inputs_of(node.module, node, &level.arriving(node)),
            outputs: outputs_of(level, index, node.module),
            learned,
            bytes,
            nodes: level
                .enter(index, |inner| nodes_of(inner, &path, state))
                .unwrap_or_default(),
        }
    };
    level.graph.nodes.iter().enumerate().map(node).collect()
}

fn inputs_of(module: &ModuleTable, node: &NodeTable<'_>, arriving: &[Known]) -> Vec<TreePort> {
    let wired = |name: &str| node.feeds.iter().any(|feed| feed.port == name);
    let ports = module.inputs.iter().zip(arriving);
    ports
        .filter(|(port, _)| wired(port.name))
        .map(|(port, known)| tree_port(port.name, port.payload.name, known.dims))
        .collect()
}

fn outputs_of(level: &Level<'_>, node: usize, module: &ModuleTable) -> Vec<TreePort> {
    let known = |port: &str| {
        level
            .flow
            .source(level.graph, &Source::Output { node, port }, level.inputs)
    };
    let ports = module.outputs.iter();
    ports
        .map(|port| tree_port(port.name, port.payload.name, known(port.name).dims))
        .collect()
}

/// Learned numbers and bytes of the state under a path.
fn amounts(state: Option<&StateMap>, path: &str) -> (Option<usize>, Option<usize>) {
    let Some(state) = state else { return (None, None) };
    let is_inside = |at: &str| {
        let rest = at.strip_prefix(path);
        path.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let (mut learned, mut bytes) = (0, 0);
    for (_, entry) in state.iter().filter(|(at, _)| is_inside(at)) {
        bytes += entry.value.byte_len();
        if entry.kind == VariableKind::Learned {
            learned += entry.value.shape().iter().product::<usize>();
        }
    }
    (Some(learned), Some(bytes))
}

fn check_level(level: &Level<'_>, pointer: &str, place: &str, problems: &mut Vec<Diagnostic<String>>) {
    use spark_ir::check::TablePlace;
    for problem in spark_ir::check::tables(level.graph) {
        let (TablePlace::Feed { node, feed }, "SPK050") = (problem.span, problem.code) else {
            continue;
        };
        let Some(table) = level.graph.nodes.get(node) else {
            continue;
        };
        let port = table.feeds.get(feed).map_or("", |feed| feed.port);
        let at = format!("{pointer}/modules_specs/{node}/__data__/inputs/{port}");
        let place = crate::rt::join(&crate::rt::join(place, table.name), port);
        problems.push(problem.map_span(|_| at.clone()).at(place));
    }
    for (index, node) in level.graph.nodes.iter().enumerate() {
        let pointer = format!("{pointer}/modules_specs/{index}/__data__/config");
        level.enter(index, |inner| {
            check_level(inner, &pointer, &crate::rt::join(place, node.name), problems);
        });
    }
}

fn size_of_level(level: &Level<'_>) -> Option<usize> {
    let mut size = 0usize;
    for (index, node) in level.graph.nodes.iter().enumerate() {
        for port in node.module.outputs {
            size = size.saturating_add(count(
                level.flow,
                level.graph,
                index,
                port.name,
                false,
                level.inputs,
            )?);
        }
        for port in node.module.properties {
            // A property whose shape is known only once it is built is no larger than those that are.
            let known = count(level.flow, level.graph, index, port.name, true, level.inputs);
            size = size.saturating_add(known.unwrap_or(0));
        }
        if let Some(inner) = level.enter(index, size_of_level) {
            size = size.saturating_add(inner?);
        }
    }
    Some(size)
}

fn count(
    flow: &Flow,
    graph: &GraphTable<'_>,
    node: usize,
    port: &str,
    property: bool,
    inputs: &[Known],
) -> Option<usize> {
    let source = if property {
        Source::Property { node, port }
    } else {
        Source::Output { node, port }
    };
    Some(flow.source(graph, &source, inputs).dims?.count())
}

impl fmt::Display for TreePort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.shape {
            Some(shape) => write!(f, "{} {shape:?}", self.name),
            None => write!(f, "{} [?]", self.name),
        }
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = &self.root;
        writeln!(
            f,
            "{}: {}, dt = {} ms, {}",
            root.name, root.module, self.dt, self.compat
        )?;
        let lists = [("input ", &root.inputs), ("output", &root.outputs)];
        for (word, ports) in lists {
            for port in ports {
                writeln!(f, "{word}  {port} {}", port.payload)?;
            }
        }
        let mut lines = Vec::new();
        lay_out(&root.nodes, "", &mut lines);
        let width = |column: fn(&Line) -> &str| {
            lines
                .iter()
                .map(|line| column(line).chars().count())
                .max()
                .unwrap_or(0)
        };
        let (first, second) = (width(|line| &line.node), width(|line| &line.ports));
        for line in &lines {
            let text = format!("{:first$}  {:second$}  {}", line.node, line.ports, line.amounts);
            writeln!(f, "{}", text.trim_end())?;
        }
        if let (Some(learned), Some(bytes)) = (root.learned, root.bytes) {
            writeln!(f, "in all: {learned} learned, {}", bytes_text(bytes))?;
        }
        for path in &self.paths {
            writeln!(f, "{path}")?;
        }
        self.cut.iter().try_for_each(|cut| writeln!(f, "{cut}"))
    }
}

struct Line {
    node: String,
    ports: String,
    amounts: String,
}

fn lay_out(nodes: &[TreeNode], indent: &str, lines: &mut Vec<Line>) {
    for (i, node) in nodes.iter().enumerate() {
        let is_last = i + 1 == nodes.len();
        let (branch, below) = if is_last {
            ("└── ", "    ")
        } else {
            ("├── ", "│   ")
        };
        let ports = |ports: &[TreePort]| {
            ports
                .iter()
                .map(TreePort::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let learned = node.learned.filter(|learned| *learned > 0);
        let amounts = [
            learned.map(|learned| format!("{learned} learned")),
            node.bytes.map(bytes_text),
        ];
        lines.push(Line {
            node: format!("{indent}{branch}{}: {}", node.name, node.module),
            ports: format!("{} -> {}", ports(&node.inputs), ports(&node.outputs))
                .trim_end_matches("-> ")
                .to_owned(),
            amounts: amounts.into_iter().flatten().collect::<Vec<_>>().join(", "),
        });
        lay_out(&node.nodes, &format!("{indent}{below}"), lines);
    }
}

/// `1.5 kB`.
fn bytes_text(bytes: usize) -> String {
    const UNITS: [&str; 4] = ["B", "kB", "MB", "GB"];
    let (mut amount, mut unit) = (bytes as f64, 0);
    while amount >= 1000.0 && unit + 1 < UNITS.len() {
        amount /= 1000.0;
        unit += 1;
    }
    if unit == 0 {
        format!("{bytes} B")
    } else {
        format!("{amount:.1} {}", UNITS[unit])
    }
}

/// The longest delay that fields state, in ms.
pub(super) fn longest_delay(fields: &[(String, ConstValue)]) -> Option<f64> {
    let is_delay = |name: &str| name == "max_delay" || name.ends_with(".max_delay");
    let delays = fields.iter().filter_map(|(name, value)| match value {
        ConstValue::Number(delay) if is_delay(name) => Some(*delay),
        _ => None,
    });
    delays.max_by(f64::total_cmp)
}
