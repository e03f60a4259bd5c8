//! The wires of a network as lines: from its inputs, between nodes, in place, effects.

use super::layout::{Doc, WIDTH};
use crate::graph::{End, Graph, Wire};

/// Left sides beyond this are not lined up with the others.
const WIDE: usize = 46;

/// What runs where, in the order in which it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Input,
    Node,
    InPlace,
    Effect,
}

impl Rank {
    fn of(wire: &Wire<String>) -> Rank {
        if wire.in_place {
            Rank::InPlace
        } else if wire.sinks.iter().any(|sink| sink.property) {
            Rank::Effect
        } else if wire.sources.iter().all(|source| source.node.is_none()) {
            Rank::Input
        } else {
            Rank::Node
        }
    }
}

/// A wire with all its sinks.
struct Line {
    rank: Rank,
    sources: Vec<String>,
    sinks: Vec<String>,
}

impl Line {
    fn from(&self) -> Doc {
        match self.sources.as_slice() {
            [one] => Doc::text(one),
            several => Doc::list("(", several.iter().map(Doc::text), ")"),
        }
    }

    /// How far its left side reaches: the arrow of an in-place port begins one letter earlier.
    fn reach(&self) -> usize {
        self.from().flat().chars().count() + usize::from(self.rank == Rank::InPlace)
    }

    fn write(&self, width: usize) -> String {
        let flat = self.from().flat();
        let left = match self.rank {
            Rank::InPlace => format!("{flat:before$} <-> ", before = width.saturating_sub(1)),
            _ => format!("{flat:width$} -> "),
        };
        let to = self.sinks.join(", ");
        if 4 + left.chars().count() + to.chars().count() < WIDTH {
            return format!("    {left}{to};\n");
        }
        match self.sinks.split_last() {
            // The same source once more.
            Some((last, others)) if !others.is_empty() => {
                let part = |sinks: &[String]| Line {
                    rank: self.rank,
                    sources: self.sources.clone(),
                    sinks: sinks.to_vec(),
                };
                part(others).write(width) + &part(std::slice::from_ref(last)).write(width)
            }
            _ => format!("    {} -> {to};\n", self.from().write(4, WIDTH)),
        }
    }
}

/// All wires; those with the same sources are one.
pub(super) fn text(graph: &Graph<String>) -> String {
    let mut lines: Vec<Line> = Vec::new();
    for wire in &graph.wires {
        let rank = Rank::of(wire);
        let sources: Vec<String> = wire.sources.iter().map(End::text).collect();
        let sinks = wire.sinks.iter().map(End::text);
        let same = |line: &&mut Line| line.rank == rank && line.sources == sources && rank < Rank::InPlace;
        match lines.iter_mut().find(same) {
            Some(line) => line.sinks.extend(sinks),
            None => lines.push(Line {
                rank,
                sinks: sinks.collect(),
                sources,
            }),
        }
    }
    lines.sort_by_key(|line| line.rank);
    let reach = lines.iter().map(Line::reach).filter(|reach| *reach <= WIDE);
    let width = reach.max().unwrap_or(0);
    lines.iter().map(|line| line.write(width)).collect()
}
