//! Checks on the graph as written: one mistake, one problem, and what is left goes on.
#![allow(clippy::unwrap_used)]

use spark_ir::draw;
use spark_ir::graph::*;
use spark_ir::table::ModuleKind;

type Place = String;

fn name(text: &str) -> Name<Place> {
    Name::new(text, text.to_owned())
}

fn end(text: &str) -> End<Place> {
    let (path, property) = match text.strip_suffix("()") {
        Some(path) => (path, true),
        None => (text, false),
    };
    let (node, port) = match path.split_once('.') {
        Some((node, port)) => (Some(name(node)), port),
        None => (None, path),
    };
    End {
        node,
        port: name(port),
        property,
        span: text.to_owned(),
    }
}

/// `neuron a,b -> c; soma, syn; a -> soma.x; ...`
fn graph(kind: ModuleKind, inputs: &str, outputs: &str, nodes: &str, wires: &[&str]) -> Graph<Place> {
    let list = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let port = |text: &String| {
        let (text, shape) = match text.split_once(':') {
            Some((text, size)) => (text, Some(vec![size.parse().ok()])),
            None => (text.as_str(), None),
        };
        Port {
            name: name(text),
            payload: "SpikeArray".to_owned(),
            shape,
        }
    };
    let wire = |text: &&str| {
        let (sign, in_place) = if text.contains("<->") {
            ("<->", true)
        } else {
            ("->", false)
        };
        let (sources, sinks) = text.split_once(sign).unwrap();
        let ends = |text: &str| text.split_whitespace().map(end).collect();
        Wire {
            sources: ends(sources),
            sinks: ends(sinks),
            in_place,
            span: (*text).to_owned(),
        }
    };
    Graph {
        kind,
        name: name("Net"),
        inputs: list(inputs).iter().map(port).collect(),
        outputs: list(outputs).iter().map(port).collect(),
        nodes: list(nodes)
            .iter()
            .map(|text| Node {
                name: name(text),
                module: format!("{text}Type"),
            })
            .collect(),
        wires: wires.iter().map(wire).collect(),
    }
}

fn neuron(inputs: &str, outputs: &str, nodes: &str, wires: &[&str]) -> Graph<Place> {
    graph(ModuleKind::Neuron, inputs, outputs, nodes, wires)
}

/// The codes and places of the problems.
fn problems(graph: &Graph<Place>) -> Vec<(&'static str, Place)> {
    graph
        .resolve()
        .1
        .into_iter()
        .map(|problem| (problem.code, problem.span))
        .collect()
}

fn pool() -> Graph<Place> {
    neuron(
        "in_spikes",
        "out_spikes",
        "hebbian soma synapses delays",
        &[
            "in_spikes -> delays.in_spikes",
            "delays.out_spikes -> synapses.spikes hebbian.pre_spikes",
            "synapses.currents -> soma.current",
            "self.inhibition_mask() -> soma.inhibition_mask",
            "soma.spikes -> hebbian.post_spikes out_spikes",
            "synapses.kernel() <-> hebbian.kernel",
        ],
    )
}

#[test]
fn a_pool_resolves_without_problems() {
    let pool = pool();
    let (resolved, problems) = pool.resolve();
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(resolved.schedule.first, [3, 2, 1]);
    assert_eq!(resolved.schedule.second, [0]);
    assert_eq!(resolved.nodes[1].feeds.len(), 2);
    let kernel = resolved.nodes[0].feeds.iter().find(|feed| feed.in_place).unwrap();
    assert_eq!(
        kernel.sources[0].origin,
        Origin::Property {
            node: 2,
            port: "kernel".to_owned()
        }
    );
    assert_eq!(
        resolved.outputs[0].source.as_ref().unwrap().end.text(),
        "soma.spikes"
    );
}

#[test]
fn a_pool_is_drawn() {
    let pool = pool();
    let (resolved, _) = pool.resolve();
    let diagram = draw::mermaid(&pool, &resolved);
    assert!(diagram.starts_with("flowchart LR\n    in_in_spikes([\"in_spikes\"])\n"));
    assert!(diagram.contains("node_synapses <-->|\"kernel() to kernel\"| node_hebbian"));
    assert!(diagram.contains("node_soma[\"soma<br/>somaType\"]"));
    let wires = draw::wire_list(&pool, &resolved);
    assert!(wires.contains("synapses.kernel() <-> hebbian.kernel\n"));
    assert!(wires.contains("self.inhibition_mask() -> soma.inhibition_mask\n"));
}

#[test]
fn one_mistake_is_one_problem() {
    for (graph, code, span) in [
        (neuron("a", "b", "n n", &["a -> n.x", "n.y -> b"]), "SPK001", "n"),
        (neuron("a a", "b", "n", &["a -> n.x", "n.y -> b"]), "SPK001", "a"),
        (neuron("n", "b", "n", &["n -> n.x", "n.y -> b"]), "SPK001", "n"),
        (
            neuron("a", "b", "soma", &["a -> sonma.x", "soma.y -> b"]),
            "SPK002",
            "sonma",
        ),
        (neuron("a", "b", "n", &["a.x -> n.x", "n.y -> b"]), "SPK002", "a"),
        (
            neuron("signal", "b", "n", &["signl -> n.x", "n.y -> b"]),
            "SPK003",
            "signl",
        ),
        (
            neuron("a", "action", "n", &["a -> n.x", "n.y -> actoin"]),
            "SPK003",
            "actoin",
        ),
        (neuron("", "b", "n", &["b -> n.x", "n.y -> b"]), "SPK004", "b"),
        (
            neuron("a", "b", "n", &["a -> n.x", "n.y -> b", "n.z -> a"]),
            "SPK004",
            "a",
        ),
        (neuron("a", "b c", "n", &["a -> n.x", "n.y -> b"]), "SPK005", "c"),
        (
            neuron("a", "b", "n", &["a -> n.x", "n.y -> b", "n.z -> b"]),
            "SPK006",
            "b",
        ),
        (neuron("a c", "b", "n", &["a -> n.x", "n.y -> b"]), "SPK007", "c"),
        (
            neuron("a c", "b", "n", &["a -> n.x", "c -> n.x", "n.y -> b"]),
            "SPK008",
            "n.x",
        ),
        (
            neuron("a", "b", "n", &["a n.y -> n.x", "n.y -> b"]),
            "SPK009",
            "n.y",
        ),
        (
            neuron(
                "a",
                "b",
                "n m",
                &["a -> n.x m.x", "n.y -> b", "n.y -> m.p()", "m.y -> m.p()"],
            ),
            "SPK010",
            "m.p()",
        ),
        (
            neuron("a", "b", "n m", &["a -> n.x", "n.y -> b m.x", "n.y <-> m.z"]),
            "SPK011",
            "n.y <-> m.z",
        ),
        (
            neuron("a", "b", "n m", &["a -> n.x m.x", "n.y -> b"]),
            "SPK012",
            "m",
        ),
        (
            neuron("a", "b", "n", &["a -> n.x", "self.mask() -> n.m", "n.y -> b"]),
            "SPK013",
            "self.mask()",
        ),
        (neuron("a:4", "b:2", "", &["a -> b"]), "SPK014", "a"),
        (neuron("a", "b", "", &[]), "SPK015", "Net"),
        (
            neuron(
                "a",
                "b",
                "n m",
                &["a -> n.x m.x", "n.p() <-> m.k", "m.y -> n.z", "n.y -> b"],
            ),
            "SPK016",
            "m.y",
        ),
        (
            neuron("a", "b", "n", &["a -> n.x n.p()", "n.y -> b"]),
            "SPK017",
            "a",
        ),
        (
            neuron("a", "b", "n", &["a -> n.x", "n.y n.z -> b"]),
            "SPK018",
            "b",
        ),
    ] {
        let found = problems(&graph);
        assert_eq!(found, [(code, span.to_owned())]);
    }
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let graph = neuron(
        "a unused",
        "b",
        "n m m",
        &["a -> n.x k.x", "n.y -> b", "m.y -> n.x"],
    );
    let codes: Vec<_> = problems(&graph).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["SPK001", "SPK002", "SPK008", "SPK007"]);
}

#[test]
fn a_circle_is_printed_and_the_rest_goes_on() {
    let wires = [
        "a synapses.out -> soma.x",
        "soma.spikes -> synapses.x b",
        "soma.v() -> soma.w",
    ];
    let graph = neuron("a", "b", "soma synapses", &wires);
    let (resolved, problems) = graph.resolve();
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].message.ends_with("soma -> synapses -> soma"),
        "{}",
        problems[0].message
    );
    assert_eq!(resolved.schedule.first, [0, 1]);
    assert_eq!(resolved.nodes[0].feeds[0].sources.len(), 1);
    assert!(!resolved.nodes[0].feeds[0].complete);
    let brain = Graph {
        kind: ModuleKind::Brain,
        ..graph
    };
    assert!(brain.resolve().1.is_empty());
}

#[test]
fn a_brain_has_no_mask() {
    let wires = ["a -> n.x", "self.inhibition_mask() -> n.m", "n.y -> b"];
    assert_eq!(
        problems(&graph(ModuleKind::Brain, "a", "b", "n", &wires)),
        [("SPK013", "self.inhibition_mask()".to_owned())]
    );
}

#[test]
fn ports_of_wrong_wires_count_as_mentioned() {
    let graph = neuron(
        "a",
        "b",
        "soma",
        &["a -> smoa.current", "soma.y -> b", "nothing.x -> soma.mask"],
    );
    let (resolved, _) = graph.resolve();
    assert_eq!(resolved.nodes[0].mentioned, ["current", "y ->", "mask"]);
}
