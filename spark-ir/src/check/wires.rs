//! Wires: both ends exist and point the right way, and every place has one writer.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::graph::{End, Graph, Origin, Port, Resolved, ResolvedEffect, ResolvedFeed, ResolvedSource, Wire};
use crate::suggest::nearest;
use crate::table::ModuleKind;

/// The one property of a neuron itself.
const MASK: &str = "inhibition_mask";

/// Among the ports that a wire mentions: one that the wire does not name.
const ANY: &str = "*";

/// Where a wire leads.
enum Sink {
    Port(usize),
    Property(usize),
    Output(usize),
}

pub(super) fn check<S: Clone>(
    graph: &Graph<S>,
    resolved: &mut Resolved<S>,
    unread: &[String],
    problems: &mut Vec<Diagnostic<S>>,
) {
    let mentioned = |port: &Port<S>| unread.contains(&port.name.text);
    for (node, meaning) in graph.nodes.iter().zip(&mut resolved.nodes) {
        if unread.contains(&node.name.text) {
            meaning.mentioned.push(ANY.to_owned());
        }
    }
    let mut wiring = Wiring {
        graph,
        unread,
        resolved,
        problems,
        used: graph.inputs.iter().map(mentioned).collect(),
        fed: graph.outputs.iter().map(mentioned).collect(),
        fed_at: vec![None; graph.outputs.len()],
        writers: HashMap::new(),
    };
    for (index, wire) in graph.wires.iter().enumerate() {
        if wire.in_place {
            wiring.in_place(index, wire)
        } else {
            wiring.forward(index, wire)
        }
    }
    wiring.unfed();
    wiring.unused();
}

/// What the wires seen so far have done.
struct Wiring<'a, S> {
    graph: &'a Graph<S>,
    /// Names in statements that could not be read.
    unread: &'a [String],
    resolved: &'a mut Resolved<S>,
    problems: &'a mut Vec<Diagnostic<S>>,
    /// Inputs that some wire starts from, or was meant to.
    used: Vec<bool>,
    /// Outputs that some wire leads to, or was meant to.
    fed: Vec<bool>,
    fed_at: Vec<Option<S>>,
    /// Who writes a property: (node, property).
    writers: HashMap<(usize, String), S>,
}

fn find<S>(ports: &[Port<S>], name: &str) -> Option<usize> {
    ports.iter().position(|port| port.name.text == name)
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

impl<S: Clone> Wiring<'_, S> {
    fn forward(&mut self, index: usize, wire: &Wire<S>) {
        let found: Vec<_> = wire.sources.iter().map(|end| self.source(end)).collect();
        let complete = found.iter().all(Option::is_some);
        let sources: Vec<_> = found.into_iter().flatten().collect();
        for end in &wire.sinks {
            match self.sink(end) {
                Some(Sink::Port(node)) => self.feed(index, node, end, &sources, complete),
                Some(Sink::Property(node)) => self.effect(index, node, end, &sources, complete),
                Some(Sink::Output(output)) => self.output(index, output, end, &sources, complete),
                None => {}
            }
        }
    }

    /// What a source is; a problem if it is nothing.
    fn source(&mut self, end: &End<S>) -> Option<ResolvedSource<S>> {
        let origin = match &end.node {
            None => Origin::Input(self.input(end)?),
            Some(node) if node.text == "self" => self.own_property(end)?,
            Some(_) => {
                let node = self.node(end)?;
                let port = end.port.text.clone();
                if end.property {
                    Origin::Property { node, port }
                } else {
                    self.resolved.nodes[node].mentioned.push(format!("{port} ->"));
                    Origin::Output { node, port }
                }
            }
        };
        Some(ResolvedSource {
            origin,
            end: end.clone(),
        })
    }

    fn sink(&mut self, end: &End<S>) -> Option<Sink> {
        match &end.node {
            None => self.network_output(end).map(Sink::Output),
            Some(node) if node.text == "self" => {
                let message = format!(
                    "`{}` cannot be written: the network's own properties are fixed",
                    end.text()
                );
                self.problems
                    .push(Diagnostic::error("SPK013", end.span.clone(), message));
                None
            }
            Some(_) if end.property => {
                let node = self.node(end)?;
                self.resolved.nodes[node]
                    .mentioned
                    .push(format!("{}()", end.port.text));
                Some(Sink::Property(node))
            }
            Some(_) => {
                let node = self.node(end)?;
                self.resolved.nodes[node].mentioned.push(end.port.text.clone());
                Some(Sink::Port(node))
            }
        }
    }

    fn own_property(&mut self, end: &End<S>) -> Option<Origin> {
        let neuron = self.graph.kind == ModuleKind::Neuron;
        if neuron && end.property && end.port.text == MASK {
            return Some(Origin::Controller {
                port: MASK.to_owned(),
            });
        }
        let message = match self.graph.kind {
            ModuleKind::Brain => format!("`{}`: a brain has no properties of its own", end.text()),
            _ => format!("`{}`: a neuron's own property is `self.{MASK}()`", end.text()),
        };
        let mut problem = Diagnostic::error("SPK013", end.span.clone(), message);
        if neuron {
            problem = problem.help(format!("write `self.{MASK}()`"));
        }
        self.problems.push(problem);
        None
    }

    /// The node of an end (SPK002).
    fn node(&mut self, end: &End<S>) -> Option<usize> {
        let name = end.node.as_ref()?;
        let nodes = &self.graph.nodes;
        if let Some(index) = nodes.iter().position(|node| node.name.text == name.text) {
            return Some(index);
        }
        if self.unread.contains(&name.text) {
            return None;
        }
        let names = || nodes.iter().map(|node| node.name.text.as_str());
        let suggestion = nearest(&name.text, names());
        let message = format!("there is no node `{}`; there is: {}", name.text, list(names()));
        let mut problem = Diagnostic::error("SPK002", name.span.clone(), message);
        if let Some(input) = find(&self.graph.inputs, &name.text) {
            self.used[input] = true;
            problem = problem.help(format!(
                "`{0}` is an input of the network: write `{0}` without a port",
                name.text
            ));
        } else if let Some(output) = find(&self.graph.outputs, &name.text) {
            self.fed[output] = true;
            problem = problem.help(format!(
                "`{0}` is an output of the network: write `{0}` without a port",
                name.text
            ));
        } else {
            problem = problem.did_you_mean(suggestion);
        }
        // The node that was meant is not to be reported as lacking this wire.
        if let Some(meant) = suggestion.and_then(|name| nodes.iter().position(|node| node.name.text == name))
        {
            self.resolved.nodes[meant].mentioned.push(end.port.text.clone());
        }
        self.problems.push(problem);
        None
    }

    /// The input of the network that a bare source names (SPK003, SPK004).
    fn input(&mut self, end: &End<S>) -> Option<usize> {
        let name = &end.port.text;
        if !end.property
            && let Some(input) = find(&self.graph.inputs, name)
        {
            self.used[input] = true;
            return Some(input);
        }
        if !end.property
            && let Some(output) = find(&self.graph.outputs, name)
        {
            self.fed[output] = true;
            let message = format!("`{name}` is an output of the network and cannot be a source");
            let problem = Diagnostic::error("SPK004", end.span.clone(), message)
                .help("an output stands on the right of `->`; to use its value, name the port that feeds it");
            self.problems.push(problem);
            return None;
        }
        if self.unread.contains(name) {
            return None;
        }
        let (problem, meant) = self.unknown_port("input", end, &self.graph.inputs);
        self.problems.push(problem);
        if let Some(input) = meant {
            self.used[input] = true;
        }
        None
    }

    /// The output of the network that a bare sink names (SPK003, SPK004).
    fn network_output(&mut self, end: &End<S>) -> Option<usize> {
        let name = &end.port.text;
        if !end.property
            && let Some(output) = find(&self.graph.outputs, name)
        {
            self.fed[output] = true;
            return Some(output);
        }
        if !end.property
            && let Some(input) = find(&self.graph.inputs, name)
        {
            self.used[input] = true;
            let message = format!("`{name}` is an input of the network and cannot be a sink");
            let problem = Diagnostic::error("SPK004", end.span.clone(), message)
                .help("wires run `source -> sink`: an input stands on the left of `->`");
            self.problems.push(problem);
            return None;
        }
        if self.unread.contains(name) {
            return None;
        }
        if let Some(node) = self.graph.nodes.iter().position(|node| node.name.text == *name) {
            self.resolved.nodes[node].mentioned.push(ANY.to_owned());
        }
        let (problem, meant) = self.unknown_port("output", end, &self.graph.outputs);
        self.problems.push(problem);
        if let Some(output) = meant {
            self.fed[output] = true;
        }
        None
    }

    fn unknown_port(&self, what: &str, end: &End<S>, ports: &[Port<S>]) -> (Diagnostic<S>, Option<usize>) {
        let name = &end.port.text;
        let names = || ports.iter().map(|port| port.name.text.as_str());
        let network = &self.graph.name.text;
        let message = format!(
            "`{network}` has no {what} `{}`; it has: {}",
            end.text(),
            list(names())
        );
        let problem = Diagnostic::error("SPK003", end.span.clone(), message);
        if self.graph.nodes.iter().any(|node| node.name.text == *name) {
            return (
                problem.help(format!("`{name}` is a node: name its port, as in `{name}.port`")),
                None,
            );
        }
        if end.property {
            return (
                problem.help(format!("a property belongs to a node: write `node.{name}()`")),
                None,
            );
        }
        let suggestion = nearest(name, names());
        (
            problem.did_you_mean(suggestion),
            suggestion.and_then(|meant| find(ports, meant)),
        )
    }

    fn feed(
        &mut self,
        wire: usize,
        node: usize,
        end: &End<S>,
        sources: &[ResolvedSource<S>],
        complete: bool,
    ) {
        if !self.is_free(node, end) || sources.is_empty() {
            return;
        }
        let feed = ResolvedFeed {
            port: end.port.clone(),
            sources: sources.to_vec(),
            in_place: false,
            complete,
            wire,
            end: end.clone(),
        };
        self.resolved.nodes[node].feeds.push(feed);
    }

    /// Whether no other wire leads to the port (SPK008).
    fn is_free(&mut self, node: usize, end: &End<S>) -> bool {
        let feeds = &self.resolved.nodes[node].feeds;
        let Some(earlier) = feeds.iter().find(|feed| feed.port.text == end.port.text) else {
            return true;
        };
        let message = format!("`{}` is fed by two separate wires", end.text());
        let problem = Diagnostic::error("SPK008", end.span.clone(), message)
            .help(format!(
                "join them in one wire, in the order wanted: `(a.x, b.y) -> {}`",
                end.text()
            ))
            .related(earlier.end.span.clone(), "the other wire leads here");
        self.problems.push(problem);
        false
    }

    fn output(
        &mut self,
        wire: usize,
        output: usize,
        end: &End<S>,
        sources: &[ResolvedSource<S>],
        complete: bool,
    ) {
        if let Some(earlier) = &self.fed_at[output] {
            let message = format!("the output `{}` is fed more than once", end.text());
            let problem = Diagnostic::error("SPK006", end.span.clone(), message)
                .help("an output has one source; declare another output for the other")
                .related(earlier.clone(), "it is fed here first");
            self.problems.push(problem);
            return;
        }
        self.fed_at[output] = Some(end.span.clone());
        if self.takes_one(end, sources) && complete {
            self.resolved.outputs[output].source = sources.first().cloned();
            self.resolved.outputs[output].wire = Some(wire);
        }
    }

    /// One source for a place that can take no more (SPK018).
    fn takes_one(&mut self, end: &End<S>, sources: &[ResolvedSource<S>]) -> bool {
        if sources.len() < 2 {
            return true;
        }
        let message = format!(
            "`{}` takes one source, and {} are given",
            end.text(),
            sources.len()
        );
        let names = sources
            .iter()
            .map(|source| source.end.text())
            .collect::<Vec<_>>()
            .join(", ");
        let problem = Diagnostic::error("SPK018", end.span.clone(), message)
            .found(format!("({names})"))
            .help("wire them to a node that joins them, or declare a place for each");
        self.problems.push(problem);
        false
    }

    fn effect(
        &mut self,
        wire: usize,
        node: usize,
        end: &End<S>,
        sources: &[ResolvedSource<S>],
        complete: bool,
    ) {
        if !self.takes_one(end, sources) || !complete {
            return;
        }
        let Some(source) = sources.first() else { return };
        if !matches!(source.origin, Origin::Output { .. }) {
            let message = format!(
                "`{}` is written into the property `{}`, but only an output of a node can be",
                source.end.text(),
                end.text()
            );
            self.problems
                .push(Diagnostic::error("SPK017", source.end.span.clone(), message));
            return;
        }
        if self.is_only_writer(node, end) {
            let effect = ResolvedEffect {
                node,
                property: end.port.clone(),
                source: source.clone(),
                wire,
                end: end.clone(),
            };
            self.resolved.effects.push(effect);
        }
    }

    /// Whether nothing else writes the property (SPK010).
    fn is_only_writer(&mut self, node: usize, end: &End<S>) -> bool {
        let key = (node, end.port.text.clone());
        if let Some(earlier) = self.writers.get(&key) {
            let message = format!("the property `{}` has two writers", end.text());
            let problem = Diagnostic::error("SPK010", end.span.clone(), message)
                .help("keep one of the two wires: the second would undo what the first wrote")
                .related(earlier.clone(), "it is written here too");
            self.problems.push(problem);
            return false;
        }
        self.writers.insert(key, end.span.clone());
        true
    }

    /// `property <-> port`, in either order (SPK011).
    fn in_place(&mut self, index: usize, wire: &Wire<S>) {
        let (property, port) = match (wire.sources.as_slice(), wire.sinks.as_slice()) {
            ([a], [b]) if a.property != b.property => {
                if a.property {
                    (a, b)
                } else {
                    (b, a)
                }
            }
            _ => return self.not_a_pair(wire),
        };
        if port.node.as_ref().is_none_or(|node| node.text == "self") || property.node.is_none() {
            return self.not_a_pair(wire);
        }
        if property.node.as_ref().is_some_and(|node| node.text == "self") {
            let message = format!(
                "`{}` cannot be updated: the network's own properties are fixed",
                property.text()
            );
            self.problems
                .push(Diagnostic::error("SPK013", property.span.clone(), message));
            self.node_port(port);
            return;
        }
        let source = self.source(property);
        let Some(node) = self.node_port(port) else { return };
        let Some(source) = source else { return };
        let Some(owner) = source.origin.node() else { return };
        if self.is_free(node, port) && self.is_only_writer(owner, property) {
            let feed = ResolvedFeed {
                port: port.port.clone(),
                sources: vec![source],
                in_place: true,
                complete: true,
                wire: index,
                end: port.clone(),
            };
            self.resolved.nodes[node].feeds.push(feed);
        }
    }

    /// The node of an in-place port; it runs last, be the rest of the wire right or wrong.
    fn node_port(&mut self, port: &End<S>) -> Option<usize> {
        let node = self.node(port)?;
        self.resolved.nodes[node].mentioned.push(port.port.text.clone());
        self.resolved.nodes[node].last = true;
        Some(node)
    }

    fn not_a_pair(&mut self, wire: &Wire<S>) {
        // Names that are wrong anyway are reported; names that are right count as wired.
        for end in wire.sources.iter().chain(&wire.sinks) {
            match &end.node {
                Some(name) if name.text != "self" => {
                    if let Some(node) = self.node(end)
                        && !end.property
                    {
                        self.resolved.nodes[node].mentioned.push(end.port.text.clone());
                    }
                }
                Some(_) => {}
                None => {
                    if let Some(input) = find(&self.graph.inputs, &end.port.text) {
                        self.used[input] = true;
                    }
                    if let Some(output) = find(&self.graph.outputs, &end.port.text) {
                        self.fed[output] = true;
                    }
                }
            }
        }
        let ends = |ends: &[End<S>]| ends.iter().map(End::text).collect::<Vec<_>>().join(", ");
        let message = "`<->` joins one property of a node and one input of a node";
        let problem = Diagnostic::error("SPK011", wire.span.clone(), message)
            .found(format!("{} <-> {}", ends(&wire.sources), ends(&wire.sinks)))
            .help("write `synapses.kernel() <-> rule.kernel`, or `->` for a wire that only reads");
        self.problems.push(problem);
    }

    fn unfed(&mut self) {
        for (i, output) in self.graph.outputs.iter().enumerate() {
            if !self.fed[i] && !self.resolved.outputs[i].duplicate {
                let name = &output.name.text;
                let problem = Diagnostic::error(
                    "SPK005",
                    output.name.span.clone(),
                    format!("the output `{name}` is never fed"),
                )
                .help(format!("wire something to it: `node.port -> {name};`"));
                self.problems.push(problem);
            }
        }
    }

    fn unused(&mut self) {
        for (i, input) in self.graph.inputs.iter().enumerate() {
            if !self.used[i] && !self.resolved.duplicate_inputs[i] {
                let name = &input.name.text;
                let problem = Diagnostic::error(
                    "SPK007",
                    input.name.span.clone(),
                    format!("the input `{name}` is never used"),
                )
                .help(format!(
                    "wire it to something, `{name} -> node.port;`, or remove it"
                ));
                self.problems.push(problem);
            }
        }
    }
}
