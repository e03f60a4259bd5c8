//! The order of a step.

use crate::table::ModuleKind;

/// The order in which the nodes of a network run in a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Phase 1: all nodes without in-place ports.
    pub first: Vec<usize>,
    /// Phase 2: nodes with in-place ports, as declared. Effects come after it.
    pub second: Vec<usize>,
}

impl Schedule {
    /// All nodes, in order.
    pub fn all(&self) -> impl Iterator<Item = usize> + '_ {
        self.first.iter().chain(&self.second).copied()
    }
}

/// Orders `node_count` nodes. `dependencies` are pairs (giver, taker); `last[n]` says that node `n` has an in-place
/// port.
///
/// A neuron is a pipeline: a node runs after all it takes from, ties go by declaration. The wires of a brain take a
/// step, so its nodes run as declared. Nodes that wait for each other in a circle are the error.
pub fn order(
    kind: ModuleKind,
    node_count: usize,
    dependencies: &[(usize, usize)],
    last: &[bool],
) -> Result<Schedule, Vec<usize>> {
    let is_last = |node: usize| last.get(node).copied().unwrap_or(false);
    let second = (0..node_count).filter(|&node| is_last(node)).collect();
    let mut left: Vec<usize> = (0..node_count).filter(|&node| !is_last(node)).collect();
    if kind == ModuleKind::Brain {
        return Ok(Schedule { first: left, second });
    }
    let mut first = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |taker: usize| {
            dependencies
                .iter()
                .any(|&(from, to)| to == taker && left.contains(&from))
        };
        match left.iter().position(|&node| !waits(node)) {
            Some(ready) => first.push(left.remove(ready)),
            None => return Err(left),
        }
    }
    Ok(Schedule { first, second })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neuron_runs_givers_first_and_ties_as_declared() {
        let schedule = order(ModuleKind::Neuron, 4, &[(2, 0), (0, 3)], &[false; 4]);
        assert_eq!(
            schedule,
            Ok(Schedule {
                first: vec![1, 2, 0, 3],
                second: vec![]
            })
        );
    }

    #[test]
    fn a_circle_is_an_error_in_a_neuron_only() {
        assert_eq!(
            order(ModuleKind::Neuron, 3, &[(0, 1), (1, 0)], &[false; 3]),
            Err(vec![0, 1])
        );
        let schedule = order(ModuleKind::Brain, 3, &[(0, 1), (1, 0)], &[true, false, false]);
        assert_eq!(
            schedule,
            Ok(Schedule {
                first: vec![1, 2],
                second: vec![0]
            })
        );
    }
}
