//! Shapes through a network and the networks in it, as far as they are known without building anything.

use spark_ir::shape::{ConstValue, Dims, Flow, Known, flow};
use spark_ir::table::{GraphTable, InputTable, KnownField, NodeTable};

/// What is known of fields, dotted by node.
pub(super) type KnownFields = Vec<(String, ConstValue)>;

/// A network with what is known of its fields and inputs.
pub(super) struct Level<'a> {
    pub(super) graph: &'a GraphTable<'a>,
    pub(super) inputs: &'a [Known],
    pub(super) flow: &'a Flow,
    fields: &'a [KnownFields],
}

impl Level<'_> {
    /// What is known of the fields of a node.
    pub(super) fn fields(&self, node: usize) -> &[(String, ConstValue)] {
        self.fields.get(node).map_or(&[], |fields| fields)
    }

    /// What arrives at the inputs of a node.
    pub(super) fn arriving(&self, node: &NodeTable<'_>) -> Vec<Known> {
        let (arriving, count) = self.flow.arriving(self.graph, node, self.inputs);
        arriving[..count].to_vec()
    }

    /// The network that a node is.
    pub(super) fn enter<R>(&self, node: usize, see: impl FnOnce(&Level<'_>) -> R) -> Option<R> {
        let table = self.graph.nodes.get(node)?;
        let graph = table.module.graph?;
        Some(with_level(graph, self.fields(node), &self.arriving(table), see))
    }
}

/// Shows a network with the shapes in it. `known` is what is known of its fields, `inputs` what of its inputs.
pub(super) fn with_level<R>(
    graph: &GraphTable<'_>,
    known: &[(String, ConstValue)],
    inputs: &[Known],
    see: impl FnOnce(&Level<'_>) -> R,
) -> R {
    let of_node = |node: &NodeTable<'_>| -> KnownFields {
        let own = node
            .fields
            .iter()
            .map(|field| (field.name.to_owned(), field.value));
        let strip = |(name, value): &(String, ConstValue)| {
            let field = name.strip_prefix(node.name)?.strip_prefix('.')?;
            Some((field.to_owned(), *value))
        };
        known.iter().filter_map(strip).chain(own).collect()
    };
    let fields: Vec<KnownFields> = graph.nodes.iter().map(of_node).collect();
    let views: Vec<Vec<KnownField<'_>>> = fields.iter().map(view).collect();
    let nodes: Vec<NodeTable<'_>> = graph
        .nodes
        .iter()
        .zip(&views)
        .map(|(node, fields)| NodeTable { fields, ..*node })
        .collect();
    let said = |known: Option<&Known>| match known.and_then(|known| known.dims) {
        Some(dims) => ConstValue::Dims(dims),
        None => ConstValue::Unknown,
    };
    let ports: Vec<InputTable<'_>> = graph
        .inputs
        .iter()
        .enumerate()
        .map(|(i, input)| InputTable {
            shape: said(inputs.get(i)),
            ..*input
        })
        .collect();
    let units = known.iter().find(|(name, _)| name == "units");
    let units = match units.map(|(_, value)| *value) {
        Some(ConstValue::Dims(dims)) => Some(dims),
        Some(ConstValue::Number(size)) => Dims::new(&[size as usize]),
        _ => None,
    };
    let graph = GraphTable {
        nodes: &nodes,
        inputs: &ports,
        units: units.map_or(graph.units, ConstValue::Dims),
        ..*graph
    };
    let flow = flow(&graph, inputs, units, &[]);
    see(&Level {
        graph: &graph,
        inputs,
        flow: &flow,
        fields: &fields,
    })
}

/// As tables hold them.
fn view(fields: &KnownFields) -> Vec<KnownField<'_>> {
    fields
        .iter()
        .map(|(name, value)| KnownField { name, value: *value })
        .collect()
}
