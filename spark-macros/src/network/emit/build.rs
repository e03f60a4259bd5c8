//! Building: the nodes in order, with what arrives at each.

use super::*;

impl<'a> Emitter<'a> {
    pub(super) fn build_items(&mut self) -> TokenStream {
        let config = &self.config;
        let nodes = self.nodes();
        let node_names: Vec<&Ident> = nodes.iter().map(|(_, node)| &node.name).collect();
        let node_types: Vec<_> = nodes.iter().map(|(_, node)| &node.module).collect();
        let node_texts: Vec<String> = node_names.iter().map(|name| name.to_string()).collect();
        let node_vars: Vec<Ident> = node_names.iter().map(|name| node_var(name)).collect();
        let buffers = self.buffers();
        let buffer_names: Vec<Ident> = buffers.iter().map(|(name, _)| name.clone()).collect();
        let buffer_sinks: Vec<Ident> = buffers.iter().map(|(_, sink)| sink.clone()).collect();
        let mask_field = self
            .is_neuron()
            .then(|| quote!(inhibition_mask: ::spark::rt::BooleanMask,));
        let mask_build = self.is_neuron().then(|| {
            quote!(keys.enter_neuron(); let inhibition_mask = ::spark::rt::inhibition_mask(keys, &config.units, config.inhibitory_rate);)
        });
        let mask_copy = self
            .is_neuron()
            .then(|| quote!(inhibition_mask: self.inhibition_mask.clone(),));
        let mask_name = self.is_neuron().then(|| quote!(inhibition_mask,));
        let order = self.order();
        let mut built: Vec<usize> = Vec::new();
        let mut steps = Vec::new();
        for &index in &order {
            steps.push(self.build_node(index, &built));
            built.push(index);
        }
        quote! {
            pub struct Nodes {
                #(#node_names: ::spark::rt::Node<#node_types>,)*
                #(#buffer_names: <#buffer_sinks as ::spark::rt::Carries>::Payload,)*
                #mask_field
            }

            impl Nodes {
                /// What a copy of each node does in one of several threads.
                fn sharing(&self) -> ::std::vec::Vec<::spark::core::sharing::Sharing> {
                    ::std::vec![#(::spark::rt::Module::sharing(&self.#node_names.module)),*]
                }

                /// The same nodes in the same state.
                fn duplicate(&self) -> ::core::result::Result<Self, ::spark::rt::Problem> {
                    ::core::result::Result::Ok(Nodes {
                        #(#node_names: self.#node_names.duplicate(#node_texts)?,)*
                        #(#buffer_names: self.#buffer_names.clone(),)*
                        #mask_copy
                    })
                }

                fn build(
                    config: &#config,
                    inputs: &[::core::option::Option<::spark::rt::PortInfo>],
                    keys: &mut ::spark::rt::Keys,
                ) -> ::core::result::Result<Self, ::spark::rt::BuildError> {
                    let arrivals = ::spark::rt::infer(config, inputs);
                    #mask_build
                    #(#steps)*
                    ::core::result::Result::Ok(Nodes { #(#node_names: #node_vars,)* #(#buffer_names,)* #mask_name })
                }
            }
        }
    }

    /// Buffers of the ports with several sources: the field and the alias of the port.
    pub(super) fn buffers(&self) -> Vec<(Ident, Ident)> {
        self.all_feeds()
            .into_iter()
            .filter(|(_, _, feed)| feed.sources.len() > 1)
            .map(|(_, node, feed)| {
                (
                    buffer_name(node, &feed.port.text),
                    sink_name(node, &feed.port.text),
                )
            })
            .collect()
    }

    pub(super) fn build_node(&self, index: usize, built: &[usize]) -> TokenStream {
        let node = &self.network.nodes[index];
        let (name, ty, text) = (&node.name, &node.module, node.name.to_string());
        let var = node_var(name);
        let live = self.live_index(index);
        let feeds = &self.lowered.resolved.nodes[index].feeds;
        let set: Vec<TokenStream> = feeds
            .iter()
            .filter_map(|feed| self.set_infos(node, feed, built))
            .collect();
        let buffers: Vec<TokenStream> = feeds
            .iter()
            .filter(|feed| feed.sources.len() > 1)
            .map(|feed| {
                let (buffer, sink) = (
                    buffer_name(node, &feed.port.text),
                    sink_name(node, &feed.port.text),
                );
                quote!(let #buffer = ::spark::rt::buffer::<#sink>(&infos);)
            })
            .collect();
        let rehearsal = self.rehearsal(node, feeds, &var);
        quote! {
            let mut arriving = arrivals[#live].clone();
            #(#set)*
            let infos = arriving.finish(<#ty as ::spark::rt::Module>::TABLE, &::spark::rt::join(keys.path(), #text))?;
            #(#buffers)*
            let mut #var = ::spark::rt::Node::<#ty>::build(&config.#name, infos.clone(), ::spark::rt::keys_of(&config.#name, keys, #text))?;
            #rehearsal
        }
    }

    /// The calls with zeros that the Python package makes while it builds a node.
    pub(super) fn rehearsal(&self, node: &Node, feeds: &[ResolvedFeed<Place>], var: &Ident) -> TokenStream {
        let ty = &node.module;
        let mut zeros = Vec::new();
        let mut calls = Vec::new();
        for feed in feeds {
            let sink = sink_name(node, &feed.port.text);
            let zero = format_ident!("zero_{}", feed.port.text, span = Span::mixed_site());
            if feed.in_place {
                zeros.push(quote!(let mut #zero = ::spark::rt::buffer::<#sink>(&infos);));
                calls.push(quote!(#sink::lend(&mut inputs, &mut #zero);));
            } else {
                zeros.push(quote!(let #zero = ::spark::rt::buffer::<#sink>(&infos); let #zero = [&#zero];));
                calls.push(quote!(#sink::one(&mut inputs, &#zero);));
            }
        }
        quote! {
            if keys.compat().is_spark_snn_1() {
                #(#zeros)*
                ::spark::rt::hidden_calls::rehearse(&mut #var, |node| {
                    let mut inputs = <<#ty as ::spark::rt::Module>::Inputs<'_> as ::core::default::Default>::default();
                    #(#calls)*
                    ::spark::rt::Module::run(&mut node.module, inputs, &mut node.out);
                });
            }
        }
    }

    /// What sources that are built already say of themselves (delay plans above all).
    pub(super) fn set_infos(
        &self,
        node: &Node,
        feed: &ResolvedFeed<Place>,
        built: &[usize],
    ) -> Option<TokenStream> {
        let mut infos = Vec::new();
        for (k, source) in feed.sources.iter().enumerate() {
            let alias = source_name(node, &feed.port.text, k);
            infos.push(match &source.origin {
                Origin::Input(i) => quote!(inputs[#i].clone()?),
                Origin::Controller { .. } => quote!(::spark::rt::PortInfo::of(&inhibition_mask)),
                Origin::Output { node, .. } if built.contains(node) => {
                    let from = node_var(&self.network.nodes[*node].name);
                    quote!(#alias::info(&#from.out))
                }
                Origin::Property { node, .. } if built.contains(node) => {
                    let from = node_var(&self.network.nodes[*node].name);
                    quote!(#alias::info(&#from.module))
                }
                _ => return None,
            });
        }
        let sink = sink_name(node, &feed.port.text);
        Some(quote! {
            if let ::core::option::Option::Some(infos) = (|| ::core::option::Option::Some([#(#infos),*]))() {
                arriving.set(::spark::rt::index_of::<#sink>(), &infos);
            }
        })
    }
}
