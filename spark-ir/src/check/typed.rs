//! Checks that need the tables of the modules: what the compiler says of `network!`, for networks that come at run
//! time.

use crate::diagnostic::Diagnostic;
use crate::message::Message;
use crate::shape::Flow;
use crate::suggest::same;
use crate::table::{Effect, Feed, GraphTable, KnownField, NodeTable, PayloadTable, Source};
use crate::wiring::find;

/// A place in a [`GraphTable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TablePlace {
    /// A node.
    Node(usize),
    /// A field of a node: its place among the known ones.
    Field {
        /// Index of the node.
        node: usize,
        /// Index among its known fields.
        field: usize,
    },
    /// What is wired into a port of a node: its place among the feeds.
    Feed {
        /// Index of the node.
        node: usize,
        /// Index among its feeds.
        feed: usize,
    },
    /// An effect.
    Effect(usize),
    /// An output of the network.
    Output(usize),
}

/// Checks ports, payloads, fields and shapes of a network: all problems, each at its place.
pub fn tables(graph: &GraphTable<'_>) -> Vec<Diagnostic<TablePlace>> {
    let flow = find::shapes_of(graph);
    let mut typed = Typed {
        graph,
        flow: &flow,
        problems: Vec::new(),
    };
    for index in 0..graph.nodes.len() {
        typed.node(index);
    }
    for (index, effect) in graph.effects.iter().enumerate() {
        typed.effect(index, effect);
    }
    for index in 0..graph.outputs.len() {
        typed.output(index);
    }
    typed.problems
}

struct Typed<'a> {
    graph: &'a GraphTable<'a>,
    flow: &'a Flow,
    problems: Vec<Diagnostic<TablePlace>>,
}

impl<'a> Typed<'a> {
    /// Keeps a problem; gives the index if there is none.
    fn keep(&mut self, found: Result<usize, Message>, place: TablePlace) -> Option<usize> {
        match found {
            Ok(index) => Some(index),
            Err(message) => {
                self.problems
                    .push(Diagnostic::from_message(&message, place).at(self.graph.name));
                None
            }
        }
    }

    fn node(&mut self, index: usize) {
        let node = &self.graph.nodes[index];
        self.keep(find::not_a_brain(node.module, node.name), TablePlace::Node(index));
        for (field, known) in node.fields.iter().enumerate() {
            self.field(node, known, TablePlace::Field { node: index, field });
        }
        for (i, feed) in node.feeds.iter().enumerate() {
            let place = TablePlace::Feed { node: index, feed: i };
            if self.feed(node, feed, place) {
                self.keep(find::feed_shape_in(self.graph, self.flow, index, i), place);
            }
        }
        let wired: Vec<_> = node.feeds.iter().map(|feed| feed.port).collect();
        self.keep(
            find::required_inputs(node.module, node.name, &wired),
            TablePlace::Node(index),
        );
    }

    fn field(&mut self, node: &NodeTable<'_>, known: &KnownField<'_>, place: TablePlace) {
        let mut config = node.module.config;
        let mut rest = known.name;
        while let Some((head, tail)) = rest.split_once('.') {
            let Some(i) = self.keep(find::nested_config(config, node.name, head), place) else {
                return;
            };
            let Some(nested) = config.fields[i].nested else {
                return;
            };
            config = nested;
            rest = tail;
        }
        if self.keep(find::field(config, node.name, rest), place).is_some() {
            self.keep(
                find::in_range(node.module.config, node.name, known.name, known.value),
                place,
            );
        }
    }

    /// Whether the port and all its sources are right.
    fn feed(&mut self, node: &NodeTable<'_>, feed: &Feed<'_>, place: TablePlace) -> bool {
        let check = if feed.in_place {
            find::in_place
        } else {
            find::shared_input
        };
        let Some(port) = self.keep(check(node.module, node.name, feed.port), place) else {
            return false;
        };
        let taken = node.module.inputs[port].payload;
        let to = format!("{}.{}", node.name, feed.port);
        let before = self.problems.len();
        for source in feed.sources {
            self.source(source, taken, &to, feed.in_place, place);
        }
        self.keep(
            find::fan_in(node.module, node.name, feed.port, feed.sources.len()),
            place,
        );
        self.problems.len() == before
    }

    /// The source exists and carries what is taken.
    fn source(
        &mut self,
        source: &Source<'_>,
        taken: &PayloadTable,
        to: &str,
        written: bool,
        place: TablePlace,
    ) {
        let (given, from) = match *source {
            Source::Input(input) => match self.graph.inputs.get(input) {
                Some(input) => (input.payload, input.name.to_owned()),
                None => return,
            },
            Source::Output { node, port } => {
                let Some(node) = self.graph.nodes.get(node) else {
                    return;
                };
                let Some(i) = self.keep(find::output(node.module, node.name, port), place) else {
                    return;
                };
                (node.module.outputs[i].payload, format!("{}.{port}", node.name))
            }
            Source::Property { node, port } => {
                let Some(node) = self.graph.nodes.get(node) else {
                    return;
                };
                let check = if written {
                    find::writable_property
                } else {
                    find::property
                };
                let Some(i) = self.keep(check(node.module, node.name, port), place) else {
                    return;
                };
                (
                    node.module.properties[i].payload,
                    format!("{}.{port}()", node.name),
                )
            }
            // The mask of a neuron: a boolean mask, and so must be what takes it.
            Source::Controller { port } => {
                if !same(taken.key, "boolean_mask") {
                    let message = format!(
                        "`self.{port}()` carries BooleanMask, but `{to}` takes {}",
                        taken.name
                    );
                    self.problems
                        .push(Diagnostic::error("SPK030", place, message).at(self.graph.name));
                }
                return;
            }
        };
        self.keep(find::payload(given, &from, taken, to), place);
    }

    fn effect(&mut self, index: usize, effect: &Effect<'_>) {
        let place = TablePlace::Effect(index);
        let Some(node) = self.graph.nodes.get(effect.node) else {
            return;
        };
        let found = find::writable_property(node.module, node.name, effect.property);
        if let Some(i) = self.keep(found, place) {
            let to = format!("{}.{}()", node.name, effect.property);
            self.source(
                &effect.source,
                node.module.properties[i].payload,
                &to,
                false,
                place,
            );
        }
    }

    fn output(&mut self, index: usize) {
        let output = &self.graph.outputs[index];
        let place = TablePlace::Output(index);
        let before = self.problems.len();
        self.source(&output.source, output.payload, output.name, false, place);
        if self.problems.len() == before {
            self.keep(find::output_shape_in(self.graph, self.flow, index), place);
        }
    }
}
