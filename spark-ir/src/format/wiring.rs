//! The wires of a file: what `network!` would have parsed, each name at its JSON pointer.

use super::scfg::{CALL, ControllerDoc, ModuleDoc, PortMapDoc, SELF};
use crate::diagnostic::Diagnostic;
use crate::graph::{End, Graph, Name, Node, Port, Wire};
use crate::table::ModuleKind;

type Problems = Vec<Diagnostic<String>>;

/// What a file leaves to the types of its nodes. Nodes are counted as in the file.
pub trait Nodes {
    /// The name of the type.
    fn module(&self, node: usize) -> String;
    /// Whether an input is updated in place; `None` if the type is not known.
    fn updates(&self, node: usize, port: &str) -> Option<bool>;
    /// Whether a port is a property and no output.
    fn is_property(&self, node: usize, port: &str) -> bool;
}

/// A network in a file, to be read as a graph.
pub struct Wiring<'a> {
    /// The network.
    pub doc: &'a ControllerDoc,
    /// Its name.
    pub name: &'a str,
    /// The place of its fields in the file.
    pub pointer: &'a str,
    /// The types of its nodes.
    pub nodes: &'a dyn Nodes,
}

impl Wiring<'_> {
    /// The place of a node's description.
    pub fn at(&self, module: usize) -> String {
        format!("{}/modules_specs/{module}/__data__", self.pointer)
    }

    /// The graph, its wires by the nodes that they lead to.
    pub fn graph(&self, problems: &mut Problems) -> Graph<String> {
        let kind = if self.doc.is_brain() {
            ModuleKind::Brain
        } else {
            ModuleKind::Neuron
        };
        let mut graph = Graph {
            kind,
            name: Name::new(self.name, self.pointer.to_owned()),
            inputs: Vec::new(),
            outputs: Vec::new(),
            nodes: Vec::new(),
            wires: Vec::new(),
        };
        for (i, module) in self.doc.modules.iter().enumerate() {
            graph.nodes.push(Node {
                name: Name::new(&module.name, format!("{}/name", self.at(i))),
                module: self.nodes.module(i),
            });
        }
        for i in 0..self.doc.modules.len() {
            self.wire_inputs(i, &mut graph, problems);
        }
        for i in 0..self.doc.modules.len() {
            self.wire_effects(i, &mut graph, problems);
            self.wire_outputs(i, &mut graph, problems);
        }
        graph
    }

    fn wire_inputs(&self, index: usize, graph: &mut Graph<String>, problems: &mut Problems) {
        let module = &self.doc.modules[index];
        for (port, sources) in &module.inputs {
            let place = format!("{}/inputs/{port}", self.at(index));
            if sources.is_empty() {
                continue;
            }
            let in_place = self.updates(index, port);
            if in_place && !self.written_back(index, port, sources) {
                problems.push(not_written_back(module, port, &place));
                continue;
            }
            let sources = sources.iter().enumerate();
            let sources = sources
                .map(|(k, map)| self.source(map, format!("{place}/{k}"), graph))
                .collect();
            graph.wires.push(Wire {
                sources,
                sinks: vec![end(Some(&module.name), port, false, &place)],
                in_place,
                span: place,
            });
        }
    }

    /// Whether a port of a node is updated in place. Of a type that is not known the file tells: its port is, if what it
    /// reads is also where its output is written.
    fn updates(&self, index: usize, port: &str) -> bool {
        self.nodes.updates(index, port).unwrap_or_else(|| {
            let inputs = &self.doc.modules[index].inputs;
            let found = inputs.iter().find(|(name, _)| name == port);
            found.is_some_and(|(_, sources)| self.written_back(index, port, sources))
        })
    }

    /// Whether what a port reads is also where its output is written: an update in place.
    fn written_back(&self, index: usize, port: &str, sources: &[PortMapDoc]) -> bool {
        let [source] = sources else { return false };
        let name = &self.doc.modules[index].name;
        let target = self
            .doc
            .modules
            .iter()
            .find(|module| module.name == source.origin);
        let effects = target.into_iter().flat_map(|module| &module.effects);
        let effect = |(property, maps): &(String, Vec<PortMapDoc>)| {
            *property == source.port
                && maps
                    .first()
                    .is_some_and(|map| map.origin == *name && map.port == port)
        };
        source.is_property && effects.into_iter().any(effect)
    }

    fn source(&self, map: &PortMapDoc, place: String, graph: &mut Graph<String>) -> End<String> {
        match map.origin.as_str() {
            CALL => {
                if !graph.inputs.iter().any(|input| input.name.text == map.port) {
                    graph.inputs.push(Port {
                        name: Name::new(&map.port, place.clone()),
                        payload: String::new(),
                        shape: None,
                    });
                }
                end(None, &map.port, false, &place)
            }
            SELF => end(Some("self"), &map.port, true, &place),
            node => {
                let (node, port, property) = self.behind(node, &map.port, map.is_property);
                end(Some(&node), &port, property, &place)
            }
        }
    }

    /// A rule gives the kernel that it updates as an output of the same name: that is the property itself.
    fn behind(&self, node: &str, port: &str, is_property: bool) -> (String, String, bool) {
        let index = self.doc.modules.iter().position(|module| module.name == node);
        if let Some(index) = index.filter(|&index| !is_property && self.updates(index, port)) {
            let feeds = self.doc.modules[index]
                .inputs
                .iter()
                .find(|(name, _)| name == port);
            if let Some(source) = feeds.and_then(|(_, sources)| sources.first()) {
                return (source.origin.clone(), source.port.clone(), source.is_property);
            }
        }
        (node.to_owned(), port.to_owned(), is_property)
    }

    fn wire_effects(&self, index: usize, graph: &mut Graph<String>, problems: &mut Problems) {
        let module = &self.doc.modules[index];
        for (property, sources) in &module.effects {
            let place = format!("{}/effects/{property}", self.at(index));
            // The Python package looks at the first of a list only.
            let Some(map) = sources.first() else { continue };
            let from = self
                .doc
                .modules
                .iter()
                .position(|module| module.name == map.origin);
            if let Some(from) = from.filter(|&from| self.updates(from, &map.port)) {
                let reads = |(port, sources): &(String, Vec<PortMapDoc>)| {
                    *port == map.port
                        && sources
                            .first()
                            .is_some_and(|s| s.origin == module.name && s.port == *property)
                };
                if !self.doc.modules[from].inputs.iter().any(reads) {
                    problems.push(not_written_back(&self.doc.modules[from], &map.port, &place));
                }
                continue;
            }
            let source = self.source(map, format!("{place}/0"), graph);
            graph.wires.push(Wire {
                sources: vec![source],
                sinks: vec![end(Some(&module.name), property, true, &place)],
                in_place: false,
                span: place,
            });
        }
    }

    fn wire_outputs(&self, index: usize, graph: &mut Graph<String>, problems: &mut Problems) {
        let module = &self.doc.modules[index];
        for (output, port) in &module.outputs {
            let place = format!("{}/outputs/{output}", self.at(index));
            let is_property = self.nodes.is_property(index, port);
            if is_property {
                problems.push(property_as_output(module, port, &place));
            }
            let (node, port, property) = self.behind(&module.name, port, is_property);
            graph.outputs.push(Port {
                name: Name::new(output, place.clone()),
                payload: String::new(),
                shape: None,
            });
            graph.wires.push(Wire {
                sources: vec![end(Some(&node), &port, property, &place)],
                sinks: vec![end(None, output, false, &place)],
                in_place: false,
                span: place,
            });
        }
    }
}

fn end(node: Option<&str>, port: &str, property: bool, place: &str) -> End<String> {
    End {
        node: node.map(|node| Name::new(node, place.to_owned())),
        port: Name::new(port, place.to_owned()),
        property,
        span: place.to_owned(),
    }
}

fn property_as_output(module: &ModuleDoc, port: &str, place: &str) -> Diagnostic<String> {
    let message = format!("`{}` has no output `{port}`: that is a property", module.name);
    Diagnostic::error("SPK021", place.to_owned(), message)
        .help("in a file an output of a network is fed by an output of a node")
}

fn not_written_back(module: &ModuleDoc, port: &str, place: &str) -> Diagnostic<String> {
    let message = format!(
        "`{}.{port}` updates a property in place: what it reads and where its output is written must be one and the same",
        module.name
    );
    Diagnostic::error("SPK096", place.to_owned(), message).help(format!(
        "feed it with a property of a node, and give that node an effect on the property from `{}.{port}`",
        module.name
    ))
}
