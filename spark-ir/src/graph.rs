//! A network as it was written, and what its wires mean.
//!
//! Everything is generic over `S`, the place in the source: a span of tokens for the macros, a JSON pointer for files.

use crate::diagnostic::Diagnostic;
pub use crate::schedule::Schedule;
use crate::shape::{MAX_INPUTS, MAX_NODES, MAX_PORTS};
use crate::table::ModuleKind;

/// A name and where it stands.
#[derive(Debug, Clone)]
pub struct Name<S> {
    /// The name.
    pub text: String,
    /// Its place.
    pub span: S,
}

impl<S> Name<S> {
    /// A name at a place.
    pub fn new(text: impl Into<String>, span: S) -> Self {
        Name {
            text: text.into(),
            span,
        }
    }
}

/// An input or output of a network.
#[derive(Debug, Clone)]
pub struct Port<S> {
    /// Its name.
    pub name: Name<S>,
    /// Its payload as written.
    pub payload: String,
    /// Its shape if it is declared; a size that is no literal is `None`.
    pub shape: Option<Vec<Option<usize>>>,
}

/// A node.
#[derive(Debug, Clone)]
pub struct Node<S> {
    /// Its name.
    pub name: Name<S>,
    /// Its module as written.
    pub module: String,
}

/// One end of a wire.
#[derive(Debug, Clone)]
pub struct End<S> {
    /// The node. `None`: an input or output of the network. `self`: the network itself.
    pub node: Option<Name<S>>,
    /// The port.
    pub port: Name<S>,
    /// Whether it is written with parentheses: a property.
    pub property: bool,
    /// The place of the whole end.
    pub span: S,
}

impl<S> End<S> {
    /// As written: `soma.spikes`, `soma.potential()`, `signal`.
    pub fn text(&self) -> String {
        let parentheses = if self.property { "()" } else { "" };
        match &self.node {
            Some(node) => format!("{}.{}{parentheses}", node.text, self.port.text),
            None => format!("{}{parentheses}", self.port.text),
        }
    }
}

/// A wire: `a, (b, c) -> d, e;` has two sources for each of its two sinks.
#[derive(Debug, Clone)]
pub struct Wire<S> {
    /// What is concatenated, in this order.
    pub sources: Vec<End<S>>,
    /// Where it goes.
    pub sinks: Vec<End<S>>,
    /// `<->`: the sink updates the source.
    pub in_place: bool,
    /// The place of the whole wire.
    pub span: S,
}

/// A network as it was written.
#[derive(Debug, Clone)]
pub struct Graph<S> {
    /// Neuron or brain.
    pub kind: ModuleKind,
    /// Its name.
    pub name: Name<S>,
    /// Inputs.
    pub inputs: Vec<Port<S>>,
    /// Outputs.
    pub outputs: Vec<Port<S>>,
    /// Nodes, as declared.
    pub nodes: Vec<Node<S>>,
    /// Wires, as written.
    pub wires: Vec<Wire<S>>,
}

/// Where a value comes from: [`crate::table::Source`], owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// An input of the network, by index.
    Input(usize),
    /// An output of a node.
    Output {
        /// Index of the node.
        node: usize,
        /// Output port.
        port: String,
    },
    /// A property of a node.
    Property {
        /// Index of the node.
        node: usize,
        /// Property.
        port: String,
    },
    /// A property of the network itself.
    Controller {
        /// Property.
        port: String,
    },
}

impl Origin {
    /// The node that the value comes from.
    pub fn node(&self) -> Option<usize> {
        match self {
            Origin::Output { node, .. } | Origin::Property { node, .. } => Some(*node),
            Origin::Input(_) | Origin::Controller { .. } => None,
        }
    }

    /// The same, borrowed, as tables hold it.
    pub fn as_table(&self) -> crate::table::Source<'_> {
        use crate::table::Source;
        match self {
            Origin::Input(input) => Source::Input(*input),
            Origin::Output { node, port } => Source::Output { node: *node, port },
            Origin::Property { node, port } => Source::Property { node: *node, port },
            Origin::Controller { port } => Source::Controller { port },
        }
    }
}

/// A source whose name has been found.
#[derive(Debug, Clone)]
pub struct ResolvedSource<S> {
    /// What it is.
    pub origin: Origin,
    /// The end as written, with its places.
    pub end: End<S>,
}

/// All that is wired into one port of a node.
#[derive(Debug, Clone)]
pub struct ResolvedFeed<S> {
    /// The port of the node.
    pub port: Name<S>,
    /// Its sources, in the order written. An in-place port has one, a property.
    pub sources: Vec<ResolvedSource<S>>,
    /// `<->`.
    pub in_place: bool,
    /// `false` if a source was wrong and is left out: what arrives here cannot be judged.
    pub complete: bool,
    /// Index of the wire.
    pub wire: usize,
    /// The end at the port as written, with its places.
    pub end: End<S>,
}

/// An output that is written into a property after the step.
#[derive(Debug, Clone)]
pub struct ResolvedEffect<S> {
    /// The node whose property is written.
    pub node: usize,
    /// The property.
    pub property: Name<S>,
    /// Where the value comes from: always an output of a node.
    pub source: ResolvedSource<S>,
    /// Index of the wire.
    pub wire: usize,
    /// The end at the property as written, with its places.
    pub end: End<S>,
}

/// What is known of a node.
#[derive(Debug, Clone)]
pub struct ResolvedNode<S> {
    /// What is wired into it, in the order of the wires.
    pub feeds: Vec<ResolvedFeed<S>>,
    /// Ports that some wire leads to, be it right or wrong: none of them is to be reported as missing.
    pub mentioned: Vec<String>,
    /// Whether another node has its name already: it is left out.
    pub duplicate: bool,
    /// Whether it has an in-place port, and so runs after the others.
    pub last: bool,
}

/// What feeds an output of the network.
#[derive(Debug, Clone)]
pub struct ResolvedOutput<S> {
    /// Its source; `None` if there is none or it was wrong.
    pub source: Option<ResolvedSource<S>>,
    /// Index of the wire.
    pub wire: Option<usize>,
    /// Whether another output has its name already: it is left out.
    pub duplicate: bool,
}

/// The meaning of a network: its wires by where they lead. What was wrong is left out.
#[derive(Debug, Clone)]
pub struct Resolved<S> {
    /// One entry per node of the graph.
    pub nodes: Vec<ResolvedNode<S>>,
    /// One entry per output of the graph.
    pub outputs: Vec<ResolvedOutput<S>>,
    /// One entry per input of the graph: whether another input has its name already.
    pub duplicate_inputs: Vec<bool>,
    /// Effects, in the order written.
    pub effects: Vec<ResolvedEffect<S>>,
    /// The order of a step.
    pub schedule: Schedule,
}

impl<S: Clone> Graph<S> {
    /// Whether it is small enough for its shapes to be followed.
    pub fn fits(&self) -> bool {
        self.inputs.len() <= MAX_INPUTS && self.outputs.len() <= MAX_PORTS && self.nodes.len() <= MAX_NODES
    }

    /// Checks the graph and says what its wires mean: all problems at once, and what is left without them.
    pub fn resolve(&self) -> (Resolved<S>, Vec<Diagnostic<S>>) {
        crate::check::resolve(self, &[])
    }

    /// [`Graph::resolve`] of a graph of which some statements could not be read. `unread` are the names in them: they
    /// are neither unknown nor unused.
    pub fn resolve_beside(&self, unread: &[String]) -> (Resolved<S>, Vec<Diagnostic<S>>) {
        crate::check::resolve(self, unread)
    }
}

/// [`Graph::resolve`].
pub fn resolve<S: Clone>(graph: &Graph<S>) -> (Resolved<S>, Vec<Diagnostic<S>>) {
    graph.resolve()
}
