//! A graph as text: a mermaid diagram, and a list of wires.

use std::fmt::Write;

use crate::graph::{Graph, Origin, Resolved};
use crate::table::{GraphTable, Source};

/// What an arrow means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Wire,
    InPlace,
    Effect,
}

/// A place on the picture.
enum Point {
    Input(usize),
    Node(usize),
    Output(usize),
    Controller,
}

/// From a source to a place, with the words at both ends.
struct Arrow {
    from: Point,
    from_port: String,
    to: Point,
    to_port: String,
    style: Style,
}

struct Picture {
    inputs: Vec<String>,
    outputs: Vec<String>,
    nodes: Vec<(String, String)>,
    arrows: Vec<Arrow>,
}

impl Picture {
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

    fn of_graph<S>(graph: &Graph<S>, resolved: &Resolved<S>) -> Picture {
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

    fn of_table(table: &GraphTable<'_>) -> Picture {
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
        if self
            .arrows
            .iter()
            .any(|arrow| matches!(arrow.from, Point::Controller))
        {
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
