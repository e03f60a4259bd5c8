//! Wires: one alias per end, whose `const` argument is its check, and the checks of each node.

use super::*;

impl<'a> Emitter<'a> {
    /// Aliases with their checks, the graph table, and the code of `build` and `run`.
    pub(super) fn graph_items(&mut self) -> (TokenStream, TokenStream, TokenStream, TokenStream) {
        let aliases = self.aliases();
        let tables = self.tables();
        let build = self.build_items();
        let run = self.run_items();
        (aliases, tables, build, run)
    }

    /// One alias per wired port and one per source that feeds it.
    pub(super) fn aliases(&mut self) -> TokenStream {
        let mut items = Vec::new();
        let feeds = self.all_feeds();
        for (_, node, feed) in &feeds {
            let direction = self.direction_alias(node, feed);
            let held = direction
                .as_ref()
                .map(|(name, _)| quote!(::spark::rt::held::<#name>() +));
            items.extend(direction.as_ref().map(|(_, alias)| alias.clone()));
            items.push(self.sink_alias(node, feed, held.as_ref()));
            self.held = held;
            for (k, source) in feed.sources.iter().enumerate() {
                let sink = sink_name(node, &feed.port.text);
                let to = format!("{}.{}", node.name, feed.port.text);
                let alias = source_name(node, &feed.port.text, k);
                let writes = feed.in_place;
                items.push(self.source_alias(
                    &alias,
                    source,
                    &quote!(::spark::rt::payload_of::<#sink>()),
                    &to,
                    writes,
                ));
            }
            if feed.sources.len() > 1 {
                let (ty, text, port) = (&node.module, node.name.to_string(), &feed.port.text);
                let count = feed.sources.len();
                let call = check_call(
                    feed.end.span,
                    "fan_in",
                    quote!(<#ty as ::spark::rt::Module>::TABLE, #text, #port, #count),
                );
                self.check(&format!("sources_of_{port}_of_{text}"), &call);
            }
        }
        self.held = None;
        for (i, effect) in self.lowered.resolved.effects.iter().enumerate() {
            let node = &self.network.nodes[effect.node];
            let (ty, text, port) = (&node.module, node.name.to_string(), &effect.property.text);
            let index = check_call(
                effect.end.span,
                "writable_property_index",
                quote!(<#ty as ::spark::rt::Module>::TABLE, #text, #port),
            );
            let target = effect_target(i);
            items.push(quote!(type #target = ::spark::rt::Writes<#ty, { #index }>;));
            let to = format!("{text}.{port}()");
            let payload = quote!(::spark::rt::payload_of::<#target>());
            let alias = effect_source(i);
            items.push(self.source_alias(&alias, &effect.source, &payload, &to, false));
        }
        for (i, port) in self.live_outputs() {
            if let Some(source) = &self.lowered.resolved.outputs[i].source {
                let ty = &port.payload;
                let payload = quote!(<#ty as ::spark::rt::SparkPayload>::TABLE);
                items.push(self.source_alias(
                    &exit_name(port),
                    source,
                    &payload,
                    &port.name.to_string(),
                    false,
                ));
            }
        }
        self.node_checks();
        quote!(#(#items)*)
    }

    pub(super) fn all_feeds(&self) -> Vec<(usize, &'a Node, &'a ResolvedFeed<Place>)> {
        let nodes = self.nodes();
        let lowered = self.lowered;
        nodes
            .into_iter()
            .flat_map(|(i, node)| {
                lowered.resolved.nodes[i]
                    .feeds
                    .iter()
                    .map(move |feed| (i, node, feed))
            })
            .collect()
    }

    /// One output into one input: a wire that runs the wrong way is one mistake, not one at each end.
    pub(super) fn direction_alias(
        &self,
        node: &Node,
        feed: &ResolvedFeed<Place>,
    ) -> Option<(Ident, TokenStream)> {
        let [source] = feed.sources.as_slice() else {
            return None;
        };
        let Origin::Output {
            node: from,
            port: from_port,
        } = &source.origin
        else {
            return None;
        };
        let from = &self.network.nodes[*from];
        let (from_ty, from_text) = (&from.module, from.name.to_string());
        let (ty, text, port) = (&node.module, node.name.to_string(), &feed.port.text);
        let name = format_ident!("wire_into_{}_of_{}", port, node.name, span = Span::mixed_site());
        let arguments = quote! {
            <#from_ty as ::spark::rt::Module>::TABLE, #from_text, #from_port, <#ty as ::spark::rt::Module>::TABLE, #text, #port
        };
        let call = check_call((source.end.span.0, feed.end.span.1), "direction", arguments);
        Some((name.clone(), quote!(type #name = [(); { #call }];)))
    }

    pub(super) fn sink_alias(
        &self,
        node: &Node,
        feed: &ResolvedFeed<Place>,
        held: Option<&TokenStream>,
    ) -> TokenStream {
        let (ty, text, port) = (&node.module, node.name.to_string(), &feed.port.text);
        let alias = sink_name(node, port);
        let (function, kind) = if feed.in_place {
            ("in_place_index", quote!(InPlaceSink))
        } else {
            ("shared_input_index", quote!(Sink))
        };
        let index = check_call(
            feed.end.span,
            function,
            quote!(<#ty as ::spark::rt::Module>::TABLE, #text, #port),
        );
        quote!(type #alias = ::spark::rt::#kind<#ty, { #held #index }>;)
    }

    /// A source: it must exist, and carry what `payload` says.
    pub(super) fn source_alias(
        &self,
        alias: &Ident,
        source: &ResolvedSource<Place>,
        payload: &TokenStream,
        to: &str,
        writes: bool,
    ) -> TokenStream {
        let place = source.end.span;
        let from = source.end.text();
        match &source.origin {
            Origin::Input(input) => {
                let ty = &self.network.inputs[*input].payload;
                let call = check_call(
                    place,
                    "same_payload",
                    quote!(<#ty as ::spark::rt::SparkPayload>::TABLE, #from, #payload, #to),
                );
                quote!(type #alias = ::spark::rt::Pass<#ty, { #call }>;)
            }
            Origin::Controller { .. } => {
                let mask = quote!(<::spark::rt::BooleanMask as ::spark::rt::SparkPayload>::TABLE);
                let call = check_call(place, "same_payload", quote!(#mask, #from, #payload, #to));
                quote!(type #alias = ::spark::rt::Pass<::spark::rt::BooleanMask, { #call }>;)
            }
            Origin::Output { node, port } => self.checked_port(
                alias,
                *node,
                port,
                place,
                ("output_index", "Tap"),
                &from,
                payload,
                to,
            ),
            Origin::Property { node, port } => {
                let how = if writes {
                    ("writable_property_index", "Writes")
                } else {
                    ("property_index", "Reads")
                };
                self.checked_port(alias, *node, port, place, how, &from, payload, to)
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "each argument is a word of the message")]
    pub(super) fn checked_port(
        &self,
        alias: &Ident,
        node: usize,
        port: &str,
        place: Place,
        (function, kind): (&str, &str),
        from: &str,
        payload: &TokenStream,
        to: &str,
    ) -> TokenStream {
        let node = &self.network.nodes[node];
        let (ty, text) = (&node.module, node.name.to_string());
        let found = format_ident!("{alias}_found");
        let kind = Ident::new(kind, Span::call_site());
        let index = check_call(
            place,
            function,
            quote!(<#ty as ::spark::rt::Module>::TABLE, #text, #port),
        );
        let same = check_call(
            place,
            "same_payload",
            quote!(::spark::rt::payload_of::<#found>(), #from, #payload, #to),
        );
        let held = &self.held;
        quote! {
            type #found = ::spark::rt::#kind<#ty, { #held #index }>;
            type #alias = ::spark::rt::#kind<#ty, { ::spark::rt::index_of::<#found>() + #same }>;
        }
    }

    /// Checks of each node: it is a module, no brain, has its required inputs and fields.
    pub(super) fn node_checks(&mut self) {
        let units_inherited = self.is_neuron();
        for (i, node) in self.nodes() {
            let (ty, text) = (&node.module, node.name.to_string());
            let place = (node.name.span(), node.name.span());
            let span = ty.span();
            let table = quote!(<#ty as ::spark::rt::Module>::TABLE);
            let call = check_call((span, span), "not_a_brain", quote!(#table, #text));
            self.check(&format!("module_kind_of_{text}"), &call);
            let wired = &self.lowered.resolved.nodes[i].mentioned;
            let call = check_call(place, "required_inputs", quote!(#table, #text, &[#(#wired),*]));
            self.check(&format!("required_inputs_of_{text}"), &call);
            let given: Vec<String> = node.fields.iter().map(Field::dotted).collect();
            let config = quote!(<<#ty as ::spark::rt::Module>::Config as ::spark::rt::SparkConfig>::TABLE);
            let call = check_call(
                place,
                "required_fields",
                quote!(#config, #text, &[#(#given),*], #units_inherited),
            );
            self.check(&format!("required_fields_of_{text}"), &call);
        }
    }
}
