//! A graph as a picture: what is on it, as a mermaid diagram, as DOT of Graphviz, as a list of wires.

use std::fmt::Write;

use crate::graph::{Graph, Origin, Resolved};
use crate::table::{GraphTable, Source};

/// What an arrow means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A value is read.
    Wire,
    /// A property is read and updated.
    InPlace,
    /// A property is written after the step.
    Effect,
}

/// A place on the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// An input of the network, by index.
    Input(usize),
    /// A node, by index.
    Node(usize),
    /// An output of the network, by index.
    Output(usize),
    /// The network itself.
    Controller,
}

/// From a source to a place, with the words at both ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// Where it begins.
    pub from: Point,
    /// The port there; with parentheses, if it is a property. Empty for inputs of the network.
    pub from_port: String,
    /// Where it ends.
    pub to: Point,
    /// The port there. Empty for outputs of the network.
    pub to_port: String,
    /// What it means.
    pub style: Style,
}

/// What is on a picture of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Names of the inputs.
    pub inputs: Vec<String>,
    /// Names of the outputs.
    pub outputs: Vec<String>,
    /// Names and modules of the nodes.
    pub nodes: Vec<(String, String)>,
    /// Wires, one per source and sink.
    pub arrows: Vec<Arrow>,
}

impl Picture {
    /// The words beside a node: ports where arrows end, ports where they begin.
    pub fn ports(&self, node: usize) -> (Vec<&str>, Vec<&str>) {
        let (mut ends, mut begins) = (Vec::new(), Vec::new());
        for arrow in &self.arrows {
            if arrow.to == Point::Node(node) && !ends.contains(&&*arrow.to_port) {
                ends.push(&*arrow.to_port);
            }
            if arrow.from == Point::Node(node) && !begins.contains(&&*arrow.from_port) {
                begins.push(&*arrow.from_port);
            }
        }
        (ends, begins)
    }

    /// Whether anything begins at the network itself.
    pub fn has_controller(&self) -> bool {
        self.arrows.iter().any(|arrow| arrow.from == Point::Controller)
    }

    /// The words where an arrow begins at the network itself.
    pub fn controller_ports(&self) -> Vec<&str> {
        let mut ports: Vec<&str> = Vec::new();
        for arrow in self.arrows.iter().filter(|arrow| arrow.from == Point::Controller) {
            if !ports.contains(&&*arrow.from_port) {
                ports.push(&arrow.from_port);
            }
        }
        ports
    }

    fn start(&self, source: Source<'_>) -> (Point, String) {
        match source {
            Source::Input(i) => (Point::Input(i), String::new()),
            Source::Output { node, port } => (Point::Node(node), port.to_owned()),
            Source::Property { node, port } => (Point::Node(node), format!("{port}()")),
            Source::Controller { port } => (Point::Controller, format!("{port}()")),
        }
    }

    fn arrow(&mut self, source: Source<'_>, to: Point, to_port: String, style: Style) {
        let (from, from_port) = self.start(source);
        self.arrows.push(Arrow {
            from,
            from_port,
            to,
            to_port,
            style,
        });
    }

    /// Of a graph as it was written.
    pub fn of_graph<S>(graph: &Graph<S>, resolved: &Resolved<S>) -> Picture {
        let mut picture = Picture {
            inputs: graph.inputs.iter().map(|port| port.name.text.clone()).collect(),
            outputs: graph.outputs.iter().map(|port| port.name.text.clone()).collect(),
            nodes: graph
                .nodes
                .iter()
                .map(|node| (node.name.text.clone(), node.module.clone()))
                .collect(),
            arrows: Vec::new(),
        };
        for (n, node) in resolved.nodes.iter().enumerate() {
            for feed in &node.feeds {
                let style = if feed.in_place {
                    Style::InPlace
                } else {
                    Style::Wire
                };
                for source in &feed.sources {
                    picture.arrow(
                        source.origin.as_table(),
                        Point::Node(n),
                        feed.port.text.clone(),
                        style,
                    );
                }
            }
        }
        for effect in &resolved.effects {
            let property = format!("{}()", effect.property.text);
            picture.arrow(
                effect.source.origin.as_table(),
                Point::Node(effect.node),
                property,
                Style::Effect,
            );
        }
        for (o, output) in resolved.outputs.iter().enumerate() {
            if let Some(source) = &output.source {
                picture.arrow(
                    source.origin.as_table(),
                    Point::Output(o),
                    String::new(),
                    Style::Wire,
                );
            }
        }
        picture
    }

    /// Of a table.
    pub fn of_table(table: &GraphTable<'_>) -> Picture {
        let mut picture = Picture {
            inputs: table.inputs.iter().map(|port| port.name.to_owned()).collect(),
            outputs: table.outputs.iter().map(|port| port.name.to_owned()).collect(),
            nodes: table
                .nodes
                .iter()
                .map(|node| (node.name.to_owned(), node.module.name.to_owned()))
                .collect(),
            arrows: Vec::new(),
        };
        for (n, node) in table.nodes.iter().enumerate() {
            for feed in node.feeds {
                let style = if feed.in_place {
                    Style::InPlace
                } else {
                    Style::Wire
                };
                for source in feed.sources {
                    picture.arrow(*source, Point::Node(n), feed.port.to_owned(), style);
                }
            }
        }
        for effect in table.effects {
            let property = format!("{}()", effect.property);
            picture.arrow(effect.source, Point::Node(effect.node), property, Style::Effect);
        }
        for (o, output) in table.outputs.iter().enumerate() {
            picture.arrow(output.source, Point::Output(o), String::new(), Style::Wire);
        }
        picture
    }

    /// Mermaid's names are ours with a prefix: `end`, `graph` and the like are words of its own.
    fn id(&self, point: &Point) -> String {
        match point {
            Point::Input(i) => format!("in_{}", self.inputs[*i]),
            Point::Output(o) => format!("out_{}", self.outputs[*o]),
            Point::Node(n) => format!("node_{}", self.nodes[*n].0),
            Point::Controller => "self_".to_owned(),
        }
    }

    fn name(&self, point: &Point, port: &str) -> String {
        match point {
            Point::Input(i) => self.inputs[*i].clone(),
            Point::Output(o) => self.outputs[*o].clone(),
            Point::Node(n) => format!("{}.{port}", self.nodes[*n].0),
            Point::Controller => format!("self.{port}"),
        }
    }

    fn mermaid(&self) -> String {
        let mut text = String::from("flowchart LR\n");
        for input in &self.inputs {
            let _ = writeln!(text, "    in_{input}([\"{input}\"])");
        }
        if self.has_controller() {
            text.push_str("    self_([\"self\"])\n");
        }
        for (name, module) in &self.nodes {
            let _ = writeln!(text, "    node_{name}[\"{name}<br/>{}\"]", escaped(module));
        }
        for output in &self.outputs {
            let _ = writeln!(text, "    out_{output}([\"{output}\"])");
        }
        for arrow in &self.arrows {
            let (from, to) = (self.id(&arrow.from), self.id(&arrow.to));
            let label = label(&arrow.from_port, &arrow.to_port);
            let line = match arrow.style {
                Style::Wire => format!("{from} -->|\"{label}\"| {to}"),
                Style::InPlace => format!("{from} <-->|\"{label}\"| {to}"),
                Style::Effect => format!("{from} -.->|\"{label}\"| {to}"),
            };
            let _ = writeln!(text, "    {line}");
        }
        text
    }

    fn dot(&self, name: &str) -> String {
        let mut text = format!("digraph {} {{\n", quoted(name));
        text.push_str("    rankdir=LR;\n    node [shape=record, fontname=\"Helvetica\"];\n");
        text.push_str("    edge [fontname=\"Helvetica\"];\n");
        for (i, input) in self.inputs.iter().enumerate() {
            let _ = writeln!(
                text,
                "    in{i} [shape=box, style=rounded, label={}];",
                quoted(input)
            );
        }
        if self.has_controller() {
            let ports = record_ports("o", &self.controller_ports());
            let _ = writeln!(
                text,
                "    self [label={}];",
                quoted_record(&format!("{{self|{{{ports}}}}}"))
            );
        }
        for (i, (name, module)) in self.nodes.iter().enumerate() {
            let (ends, begins) = self.ports(i);
            let (ends, begins) = (record_ports("i", &ends), record_ports("o", &begins));
            let label = format!(
                "{{{{{ends}}}|{}\\n{}|{{{begins}}}}}",
                record_text(name),
                record_text(module)
            );
            let _ = writeln!(text, "    node{i} [label={}];", quoted_record(&label));
        }
        for (i, output) in self.outputs.iter().enumerate() {
            let _ = writeln!(
                text,
                "    out{i} [shape=box, style=rounded, label={}];",
                quoted(output)
            );
        }
        for arrow in &self.arrows {
            let style = match arrow.style {
                Style::Wire => "",
                Style::InPlace => " [dir=both]",
                Style::Effect => " [style=dashed]",
            };
            let (from, to) = (self.dot_end(arrow, true), self.dot_end(arrow, false));
            let _ = writeln!(text, "    {from} -> {to}{style};");
        }
        text.push_str("}\n");
        text
    }

    fn dot_end(&self, arrow: &Arrow, is_start: bool) -> String {
        let (point, port) = if is_start {
            (arrow.from, &arrow.from_port)
        } else {
            (arrow.to, &arrow.to_port)
        };
        let index = |ports: &[&str]| ports.iter().position(|known| known == port).unwrap_or(0);
        match point {
            Point::Input(i) => format!("in{i}"),
            Point::Output(i) => format!("out{i}"),
            Point::Controller => format!("self:o{}:e", index(&self.controller_ports())),
            Point::Node(n) if is_start => format!("node{n}:o{}:e", index(&self.ports(n).1)),
            Point::Node(n) => format!("node{n}:i{}:w", index(&self.ports(n).0)),
        }
    }

    fn wire_list(&self) -> String {
        let mut text = String::new();
        for arrow in &self.arrows {
            let sign = if arrow.style == Style::InPlace {
                "<->"
            } else {
                "->"
            };
            let (from, to) = (
                self.name(&arrow.from, &arrow.from_port),
                self.name(&arrow.to, &arrow.to_port),
            );
            let _ = writeln!(text, "{from} {sign} {to}");
        }
        text
    }
}

/// A string of DOT.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A string of DOT that has its own escapes already.
fn quoted_record(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

/// Text in a record of DOT.
fn record_text(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if "{}|<>\\ ".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn record_ports(prefix: &str, ports: &[&str]) -> String {
    let ports = ports.iter().enumerate();
    let port = |(i, port): (usize, &&str)| format!("<{prefix}{i}> {}", record_text(port));
    ports.map(port).collect::<Vec<_>>().join("|")
}

fn escaped(text: &str) -> String {
    text.replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn label(from: &str, to: &str) -> String {
    match (from.is_empty(), to.is_empty()) {
        (false, false) if from == to => from.to_owned(),
        (false, false) => format!("{from} to {to}"),
        (false, true) => from.to_owned(),
        _ if to.is_empty() => " ".to_owned(),
        _ => to.to_owned(),
    }
}

/// A mermaid flow chart: inputs, nodes with their types, wires, in-place wires with two heads, effects dashed.
pub fn mermaid<S>(graph: &Graph<S>, resolved: &Resolved<S>) -> String {
    Picture::of_graph(graph, resolved).mermaid()
}

/// [`mermaid`] of a table.
pub fn mermaid_of_table(table: &GraphTable<'_>) -> String {
    Picture::of_table(table).mermaid()
}

/// A diagram in DOT, the language of Graphviz: nodes with their ports, in-place wires with two heads, effects dashed.
pub fn dot_of_table(table: &GraphTable<'_>) -> String {
    Picture::of_table(table).dot(table.name)
}

/// One line per wire: `soma.spikes -> hebbian.post_spikes`.
pub fn wire_list<S>(graph: &Graph<S>, resolved: &Resolved<S>) -> String {
    Picture::of_graph(graph, resolved).wire_list()
}

/// [`wire_list`] of a table.
pub fn wire_list_of_table(table: &GraphTable<'_>) -> String {
    Picture::of_table(table).wire_list()
}

/// Where a source comes from, in words: `soma.spikes`.
pub fn origin_text<S>(graph: &Graph<S>, origin: &Origin) -> String {
    let node = |node: usize| graph.nodes.get(node).map_or("?", |node| node.name.text.as_str());
    match origin {
        Origin::Input(input) => graph
            .inputs
            .get(*input)
            .map_or("?", |port| port.name.text.as_str())
            .to_owned(),
        Origin::Output { node: n, port } => format!("{}.{port}", node(*n)),
        Origin::Property { node: n, port } => format!("{}.{port}()", node(*n)),
        Origin::Controller { port } => format!("self.{port}()"),
    }
}
