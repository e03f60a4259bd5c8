//! The graph as a table: what shapes, files and editors read.

use super::*;

impl<'a> Emitter<'a> {
    pub(super) fn tables(&mut self) -> TokenStream {
        let name = self.name.to_string();
        let kind = kind_tokens(self.network.kind);
        let inputs: Vec<TokenStream> = self.network.inputs.iter().map(|port| {
            let (name, ty) = (port.name.to_string(), &port.payload);
            let shape = self.declared_shape(port);
            quote!(::spark::rt::table::InputTable { name: #name, payload: <#ty as ::spark::rt::SparkPayload>::TABLE, shape: #shape })
        }).collect();
        let mut outputs = Vec::new();
        for (i, port) in self.live_outputs() {
            let Some(source) = &self.lowered.resolved.outputs[i].source else {
                continue;
            };
            let (name, ty, source) = (port.name.to_string(), &port.payload, self.source_table(source));
            let shape = self.declared_shape(port);
            outputs.push((port, quote!(::spark::rt::table::OutputTable { name: #name, payload: <#ty as ::spark::rt::SparkPayload>::TABLE, shape: #shape, source: #source })));
        }
        for (index, (port, _)) in outputs.iter().enumerate() {
            let told = self.lowered.shapes_told;
            if port.shape.is_some() && !told {
                let place = (port.name.span(), port.name.span());
                let call = check_call(place, "check_output_shape_in", quote!(&GRAPH, &FLOW, #index));
                self.check(&format!("shape_of_{}", port.name), &call);
            }
        }
        let outputs = outputs.into_iter().map(|(_, table)| table);
        let nodes: Vec<TokenStream> = self
            .nodes()
            .iter()
            .map(|(i, node)| self.node_table(*i, node))
            .collect();
        self.feed_shape_checks();
        let effects: Vec<TokenStream> = self
            .lowered
            .resolved
            .effects
            .iter()
            .map(|effect| {
                let (node, property, source) = (
                    self.live_index(effect.node),
                    &effect.property.text,
                    self.source_table(&effect.source),
                );
                quote!(::spark::rt::table::Effect { node: #node, property: #property, source: #source })
            })
            .collect();
        let order: Vec<usize> = self.order().into_iter().map(|i| self.live_index(i)).collect();
        let units = self
            .network
            .header
            .iter()
            .find(|setting| setting.name == "units")
            .and_then(|setting| match &setting.value {
                Value::Expr { expr, .. } => value::emit(expr, &mut Vec::new()).known,
                Value::Config { .. } => None,
            })
            .unwrap_or_else(|| quote!(::spark::rt::shape::ConstValue::Unknown));
        quote! {
            const GRAPH: ::spark::rt::table::GraphTable<'static> = ::spark::rt::table::GraphTable {
                name: #name,
                kind: #kind,
                inputs: &[#(#inputs),*],
                outputs: &[#(#outputs),*],
                nodes: &[#(#nodes),*],
                effects: &[#(#effects),*],
                order: &[#(#order),*],
                units: #units,
            };
            const FLOW: ::spark::rt::shape::Flow = ::spark::rt::wiring::shapes_of(&GRAPH);
        }
    }

    /// The index of a node among those that are emitted.
    pub(super) fn live_index(&self, node: usize) -> usize {
        self.lowered
            .resolved
            .nodes
            .iter()
            .take(node)
            .filter(|n| !n.duplicate)
            .count()
    }

    pub(super) fn order(&self) -> Vec<usize> {
        self.lowered
            .resolved
            .schedule
            .all()
            .filter(|&i| !self.lowered.resolved.nodes[i].duplicate)
            .collect()
    }

    pub(super) fn feed_shape_checks(&mut self) {
        let mut count_in_node = std::collections::HashMap::new();
        for (index, node, feed) in self.all_feeds() {
            let k = count_in_node.entry(index).or_insert(0usize);
            if !feed.complete {
                continue;
            }
            let feed_index = *k;
            *k += 1;
            let live = self.live_index(index);
            let place = match feed.sources.first() {
                Some(source) if !feed.in_place => source.end.span,
                _ => feed.end.span,
            };
            let call = check_call(
                place,
                "check_feed_shape_in",
                quote!(&GRAPH, &FLOW, #live, #feed_index),
            );
            self.check(&format!("shape_into_{}_of_{}", feed.port.text, node.name), &call);
        }
    }

    pub(super) fn declared_shape(&mut self, port: &Port) -> TokenStream {
        let Some(sizes) = &port.shape else {
            return quote!(::spark::rt::shape::ConstValue::Unknown);
        };
        let mut known = Vec::new();
        for size in sizes {
            match value::size(size) {
                Some(size) => known.push(size),
                None => {
                    let problem =
                        Problem::new("SPK063", size.span(), "a size is a whole number or a constant").help(
                            "leave the brackets out for a shape that is known only when the network is built",
                        );
                    if !self
                        .problems
                        .iter()
                        .any(|p| p.code == "SPK063" && p.message == problem.message)
                    {
                        self.problems.push(problem);
                    }
                }
            }
        }
        quote!(::spark::rt::shape::ConstValue::dims(&[#(#known),*]))
    }

    pub(super) fn node_table(&mut self, index: usize, node: &Node) -> TokenStream {
        let (name, ty) = (node.name.to_string(), &node.module);
        let fields: Vec<TokenStream> = node
            .fields
            .iter()
            .map(|field| {
                let dotted = field.dotted();
                let known = match &field.value {
                    Value::Expr { expr, .. } => value::emit(expr, &mut Vec::new()).known,
                    Value::Config { .. } => None,
                };
                let known = known.unwrap_or_else(|| quote!(::spark::rt::shape::ConstValue::Unknown));
                quote!(::spark::rt::table::KnownField { name: #dotted, value: #known })
            })
            .collect();
        let feeds: Vec<TokenStream> = self.lowered.resolved.nodes[index].feeds.iter().filter(|feed| feed.complete).map(|feed| {
            let (port, in_place) = (&feed.port.text, feed.in_place);
            let sources = feed.sources.iter().map(|source| self.source_table(source));
            quote!(::spark::rt::table::Feed { port: #port, sources: &[#(#sources),*], in_place: #in_place })
        }).collect();
        quote!(::spark::rt::table::NodeTable {
            name: #name,
            module: <#ty as ::spark::rt::Module>::TABLE,
            fields: &[#(#fields),*],
            feeds: &[#(#feeds),*],
        })
    }

    pub(super) fn source_table(&self, source: &ResolvedSource<Place>) -> TokenStream {
        match &source.origin {
            Origin::Input(i) => quote!(::spark::rt::table::Source::Input(#i)),
            Origin::Output { node, port } => {
                let node = self.live_index(*node);
                quote!(::spark::rt::table::Source::Output { node: #node, port: #port })
            }
            Origin::Property { node, port } => {
                let node = self.live_index(*node);
                quote!(::spark::rt::table::Source::Property { node: #node, port: #port })
            }
            Origin::Controller { port } => quote!(::spark::rt::table::Source::Controller { port: #port }),
        }
    }
}
