//! The step: every node in order, effects, outputs.

use super::*;

impl<'a> Emitter<'a> {
    pub(super) fn run_items(&mut self) -> TokenStream {
        let name = self.name.to_string();
        let (config, outputs) = (&self.config, &self.outputs);
        let input_ports = self.live_inputs();
        let input_names: Vec<&Ident> = input_ports.iter().map(|port| &port.name).collect();
        let input_texts: Vec<String> = input_names.iter().map(|n| n.to_string()).collect();
        let input_index: Vec<usize> = (0..input_names.len()).collect();
        let input_vars: Vec<Ident> = input_names.iter().map(|n| input_var(n)).collect();
        let input_types: Vec<_> = input_ports.iter().map(|port| &port.payload).collect();
        let steps: Vec<TokenStream> = self.order().iter().map(|&index| self.run_node(index)).collect();
        let effects: Vec<TokenStream> = self
            .lowered
            .resolved
            .effects
            .iter()
            .enumerate()
            .map(|(i, effect)| {
                let (target, source) = (effect_target(i), effect_source(i));
                let to = &self.network.nodes[effect.node].name;
                let from = self.read(&source, &effect.source, false);
                quote!(::spark::rt::SparkPayload::latch(#target::get_mut(&mut self.#to.module), #from);)
            })
            .collect();
        let mut exits = Vec::new();
        let mut exit_values = Vec::new();
        for (i, port) in self.live_outputs() {
            let (field, alias) = (&port.name, exit_name(port));
            match &self.lowered.resolved.outputs[i].source {
                Some(source) => {
                    let from = self.read(&alias, source, false);
                    exits.push(quote!(::spark::rt::SparkPayload::latch(&mut outputs.#field, #from);));
                    let initial = self.initial(&alias, source);
                    exit_values.push(quote!(#field: #initial));
                }
                None => {
                    let ty = &port.payload;
                    exit_values.push(quote!(#field: <#ty as ::spark::rt::SparkPayload>::zeros(&::spark::rt::Shape::from([0usize]))));
                }
            }
        }
        let latches: Vec<TokenStream> = if self.is_neuron() {
            vec![]
        } else {
            self.nodes()
                .iter()
                .map(|(_, node)| {
                    let n = &node.name;
                    quote!(self.#n.latch();)
                })
                .collect()
        };
        let visits = self.visits();
        let is_neuron = self.is_neuron();
        let _ = config;
        quote! {
            impl Nodes {
                #[allow(unused_variables)]
                fn run(&mut self, inputs: (#(::core::option::Option<&#input_types>,)*), outputs: &mut #outputs) {
                    let (#(#input_vars,)*) = inputs;
                    #(let ::core::option::Option::Some(#input_vars) = #input_vars else { ::spark::rt::unfed(#name, #input_texts) };)*
                    #(#steps)*
                    #(#effects)*
                    #(#exits)*
                    #(#latches)*
                }

                fn outputs(&self, inputs: &[::core::option::Option<::spark::rt::PortInfo>]) -> #outputs {
                    #outputs { #(#exit_values,)* }
                }

                /// The call with zeros, and the reset after it, with which the Python package ends the building.
                fn rehearse(&mut self, infos: &[::core::option::Option<::spark::rt::PortInfo>], outputs: &mut #outputs) {
                    #(let #input_vars = ::spark::rt::entrance::<#input_types>(infos, #input_index);)*
                    self.run((#(::core::option::Option::Some(&#input_vars),)*), outputs);
                    self.reset(::spark::rt::Compat::SparkSnn1);
                    ::spark::rt::Payloads::clear(outputs);
                }

                fn reset(&mut self, compat: ::spark::rt::Compat) {
                    let keep_seen = !#is_neuron && compat.is_spark_snn_1();
                    #visits
                }
            }
        }
    }

    pub(super) fn visits(&self) -> TokenStream {
        let names = self
            .order()
            .into_iter()
            .map(|i| &self.network.nodes[i].name)
            .collect::<Vec<_>>();
        quote!(#(self.#names.clear(keep_seen);)*)
    }

    pub(super) fn run_node(&self, index: usize) -> TokenStream {
        let node = &self.network.nodes[index];
        let (name, ty) = (&node.name, &node.module);
        let late = !self.is_neuron();
        let mut before = Vec::new();
        let mut feeds = Vec::new();
        for (f, feed) in self.lowered.resolved.nodes[index].feeds.iter().enumerate() {
            let sink = sink_name(node, &feed.port.text);
            if feed.in_place {
                let Some(source) = feed.sources.first() else {
                    continue;
                };
                let Some(from) = source.origin.node() else {
                    continue;
                };
                let (alias, from) = (
                    source_name(node, &feed.port.text, 0),
                    &self.network.nodes[from].name,
                );
                feeds.push(quote!(#sink::lend(&mut inputs, #alias::get_mut(&mut self.#from.module));));
                continue;
            }
            let reads: Vec<TokenStream> = feed
                .sources
                .iter()
                .enumerate()
                .map(|(k, source)| self.read(&source_name(node, &feed.port.text, k), source, late))
                .collect();
            let var = format_ident!("sources_{f}", span = Span::mixed_site());
            before.push(quote!(let #var = [#(#reads),*];));
            if feed.sources.len() == 1 {
                feeds.push(quote!(#sink::one(&mut inputs, &#var);));
            } else {
                let buffer = buffer_name(node, &feed.port.text);
                feeds.push(quote!(#sink::several(&mut inputs, &#var, &mut self.#buffer);));
            }
        }
        quote! {{
            #(#before)*
            let mut inputs = <<#ty as ::spark::rt::Module>::Inputs<'_> as ::core::default::Default>::default();
            #(#feeds)*
            ::spark::rt::Module::run(&mut self.#name.module, inputs, &mut self.#name.out);
        }}
    }

    /// A reference to what a source holds; `late`: as of the step before.
    pub(super) fn read(&self, alias: &Ident, source: &ResolvedSource<Place>, late: bool) -> TokenStream {
        match &source.origin {
            Origin::Input(i) => {
                let input = input_var(&self.network.inputs[*i].name);
                quote!(<#alias as ::spark::rt::Passes>::get(#input))
            }
            Origin::Controller { .. } => quote!(<#alias as ::spark::rt::Passes>::get(&self.inhibition_mask)),
            Origin::Output { node, .. } => {
                let (node, when) = (
                    &self.network.nodes[*node].name,
                    if late { quote!(seen) } else { quote!(out) },
                );
                quote!(#alias::get(&self.#node.#when))
            }
            Origin::Property { node, .. } => {
                let node = &self.network.nodes[*node].name;
                quote!(#alias::get(&self.#node.module))
            }
        }
    }

    /// What an output holds before the first step.
    pub(super) fn initial(&self, alias: &Ident, source: &ResolvedSource<Place>) -> TokenStream {
        match &source.origin {
            Origin::Input(i) => {
                let ty = &self.network.inputs[*i].payload;
                quote!(::spark::rt::entrance::<#ty>(inputs, #i))
            }
            _ => {
                let from = self.read(alias, source, false);
                quote!(::core::clone::Clone::clone(#from))
            }
        }
    }
}
