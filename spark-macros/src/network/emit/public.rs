//! The items that a user sees: the struct, its configuration, inputs, outputs and shapes.

use super::*;

impl<'a> Emitter<'a> {
    pub(super) fn public_items(&mut self) -> TokenStream {
        let (network, name, config, inputs) =
            (self.network, self.name, self.config.clone(), self.inputs.clone());
        let (outputs, shapes, state) = (self.outputs.clone(), self.shapes.clone(), self.state.clone());
        let (vis, attrs) = (&network.vis, &network.attrs);
        let docs = docs::network(network, self.lowered);
        let node_fields = self
            .network
            .nodes
            .iter()
            .enumerate()
            .filter(|(i, _)| !self.lowered.resolved.nodes[*i].duplicate)
            .map(|(_, node)| {
                let (name, ty, written) = (&node.name, &node.module, &node.written);
                let own = docs::own(&node.attrs);
                let doc = if own.is_empty() {
                    format!("Configuration of the node `{name}`.")
                } else {
                    own
                };
                quote! {
                    #[doc = #doc]
                    #[cfg(not(doc))]
                    pub #name: <#ty as ::spark::rt::Module>::Config,
                    #[doc = #doc]
                    #[cfg(doc)]
                    pub #name: <#written as ::spark::rt::Module>::Config
                }
            });
        let neuron_fields = (network.kind == Kind::Neuron).then(|| {
            quote! {
                /// Shape of the population.
                pub units: ::spark::rt::Units,
                /// Share of inhibitory units.
                pub inhibitory_rate: f64,
            }
        });
        let in_ports = self.live_inputs();
        let input_names: Vec<&Ident> = in_ports.iter().map(|port| &port.name).collect();
        let input_types: Vec<_> = in_ports.iter().map(|port| &port.payload).collect();
        let input_docs: Vec<String> = in_ports.iter().map(|port| docs::port(port)).collect();
        let out_ports = self.live_outputs();
        let output_names: Vec<&Ident> = out_ports.iter().map(|(_, port)| &port.name).collect();
        let output_types: Vec<_> = out_ports.iter().map(|(_, port)| &port.payload).collect();
        let output_docs: Vec<String> = out_ports.iter().map(|(_, port)| docs::port(port)).collect();
        let lifetime = (!in_ports.is_empty()).then(|| quote!(<'a>));
        let (config_doc, inputs_doc) = (
            format!("Configuration of [`{name}`]: as declared by default."),
            format!("What a step of [`{name}`] takes."),
        );
        let (outputs_doc, shapes_doc) = (
            format!("What a step of [`{name}`] gives."),
            format!("The shapes of the inputs that a [`{name}`] is built for."),
        );
        let state_doc = format!("The state of a [`{name}`], apart from its graph: see [`spark::split`].");
        let kept: Vec<_> = attrs.iter().filter(|attr| !attr.path().is_ident("doc")).collect();
        quote! {
            #(#docs)*
            #(#kept)*
            #[allow(non_snake_case)]
            #vis struct #name {
                nodes: <#config as ::spark::rt::Declared>::Nodes,
                config: #config,
                shapes: #shapes,
                outputs: #outputs,
                stream: ::core::option::Option<::spark::rt::Variable<::spark::rt::Key>>,
            }

            #[doc = #config_doc]
            #[derive(Debug, Clone, PartialEq)]
            #[allow(non_snake_case)]
            #vis struct #config {
                /// Seed from which the nodes' seeds follow.
                pub seed: ::core::option::Option<u64>,
                /// Time step; inherited from the network around it if not given.
                pub dt: ::core::option::Option<::spark::units::Ms>,
                /// Mode of computation; inherited like the time step.
                pub compat: ::core::option::Option<::spark::rt::Compat>,
                #neuron_fields
                #(#node_fields,)*
            }

            #[doc = #inputs_doc]
            #[derive(Debug, Clone, Copy)]
            #[allow(non_snake_case)]
            #vis struct #inputs #lifetime {
                #(#[doc = #input_docs] pub #input_names: &'a #input_types,)*
            }

            #[doc = #outputs_doc]
            #[derive(Debug, Clone)]
            #[allow(non_snake_case)]
            #vis struct #outputs {
                #(#[doc = #output_docs] pub #output_names: #output_types,)*
            }

            #[doc = #shapes_doc]
            #[derive(Debug, Clone, PartialEq, Eq)]
            #[allow(non_snake_case)]
            #vis struct #shapes {
                #(#[doc = #input_docs] pub #input_names: ::spark::rt::Shape,)*
            }

            #[doc = #state_doc]
            #vis type #state = ::spark::rt::State<#name>;
        }
    }
}
