//! The network as a module, and its own methods.

use super::*;

impl<'a> Emitter<'a> {
    pub(super) fn module_impl(&mut self) -> TokenStream {
        let (name, config, inputs) = (self.name, self.config.clone(), self.inputs.clone());
        let (outputs, shapes) = (self.outputs.clone(), self.shapes.clone());
        let text = name.to_string();
        let key = snake_case(&text);
        let kind = kind_tokens(self.network.kind);
        let is_neuron = self.network.kind == Kind::Neuron;
        let path = if is_neuron { "Neurons" } else { "Brains" };
        let doc = docs::own(&self.network.attrs);
        let in_ports = self.live_inputs();
        let in_names: Vec<&Ident> = in_ports.iter().map(|port| &port.name).collect();
        let in_texts: Vec<String> = in_names.iter().map(|n| n.to_string()).collect();
        let in_types: Vec<_> = in_ports.iter().map(|port| &port.payload).collect();
        let in_index: Vec<usize> = (0..in_ports.len()).collect();
        let in_place: Vec<syn::Index> = (0..in_ports.len()).map(syn::Index::from).collect();
        let in_docs: Vec<String> = in_ports.iter().map(|port| docs::own(&port.attrs)).collect();
        let in_shapes: Vec<TokenStream> = in_ports.iter().map(|port| input_rule(port)).collect();
        let out_ports = self.live_outputs();
        let out_names: Vec<&Ident> = out_ports.iter().map(|(_, port)| &port.name).collect();
        let out_texts: Vec<String> = out_names.iter().map(|n| n.to_string()).collect();
        let out_types: Vec<_> = out_ports.iter().map(|(_, port)| &port.payload).collect();
        let out_index: Vec<usize> = (0..out_ports.len()).collect();
        let out_docs: Vec<String> = out_ports.iter().map(|(_, port)| docs::own(&port.attrs)).collect();
        let out_count = out_ports.len();
        let properties = is_neuron.then(|| quote! {
            ::spark::rt::table::PortTable {
                name: "inhibition_mask",
                payload: <::spark::rt::BooleanMask as ::spark::rt::SparkPayload>::TABLE,
                optional: false, many: false, writable: false, per_synapse: false, sparse: false,
                shape: ::spark::rt::shape::ShapeRule::Terms(&[::spark::rt::shape::ShapeTerm::Field("units")]),
                doc: "Which units are inhibitory.",
            }
        });
        let property_impls = is_neuron.then(|| {
            quote! {
                impl ::spark::rt::Property<0> for #name {
                    type Payload = ::spark::rt::BooleanMask;
                    fn get(&self) -> &Self::Payload { &self.nodes.inhibition_mask }
                }
            }
        });
        let property_any = if is_neuron {
            quote!((port == 0).then_some(&self.nodes.inhibition_mask as &dyn ::core::any::Any))
        } else {
            quote!(::core::option::Option::None)
        };
        let node_names: Vec<&Ident> = self.nodes().iter().map(|(_, node)| &node.name).collect();
        let node_texts: Vec<String> = node_names.iter().map(|n| n.to_string()).collect();
        let visit_cache = if is_neuron {
            quote!()
        } else {
            quote!(visitor.nested("_cache", |visitor| { #(visitor.nested(#node_texts, |visitor| ::spark::rt::DynModule::visit_seen(&mut self.nodes.#node_names, visitor));)* });)
        };
        let spark_cache = (!is_neuron)
            .then(|| quote!(#(::spark::rt::spark_seen(path, #node_texts, state, &self.nodes.#node_names);)*));
        let read_cache = if is_neuron {
            quote!()
        } else {
            quote!(reader.nested("_cache", |reader| { #(reader.nested(#node_texts, |reader| ::spark::rt::DynModule::read_seen(&self.nodes.#node_names, reader));)* });)
        };
        let new = self.new_fn();
        let registration = crate::attr::registration("MODULES", &quote!(#name));
        let vis = &self.network.vis;
        let steps_lifetime = (!in_ports.is_empty()).then(|| quote!(<'_>));
        let step_generics = (!in_ports.is_empty()).then(|| quote!(<'a>));
        let run_lifetime = (!in_ports.is_empty()).then(|| quote!(<'i>));
        quote! {
            impl ::spark::rt::Module for #name {
                type Config = #config;
                type Inputs<'a> = (#(::core::option::Option<&'a #in_types>,)*);
                type Outputs = #outputs;
                const TABLE: &'static ::spark::rt::table::ModuleTable = &::spark::rt::table::ModuleTable {
                    name: #text,
                    key: #key,
                    class: #key,
                    path: #path,
                    doc: #doc,
                    kind: #kind,
                    inputs: &[#(::spark::rt::table::PortTable {
                        name: #in_texts, payload: <#in_types as ::spark::rt::SparkPayload>::TABLE,
                        optional: false, many: false, writable: false, per_synapse: false, sparse: false, shape: #in_shapes, doc: #in_docs,
                    }),*],
                    outputs: &[#(::spark::rt::table::PortTable {
                        name: #out_texts, payload: <#out_types as ::spark::rt::SparkPayload>::TABLE,
                        optional: false, many: false, writable: false, per_synapse: false, sparse: false,
                        shape: ::spark::rt::shape::ShapeRule::Graph, doc: #out_docs,
                    }),*],
                    properties: &[#properties],
                    config: &CONFIG,
                    graph: ::core::option::Option::Some(&GRAPH),
                    origin: ::core::module_path!(),
                };

                fn build(config: &#config, ports: &::spark::rt::Ports<Self>, keys: &mut ::spark::rt::Keys) -> ::core::result::Result<Self, ::spark::rt::BuildError> {
                    let mut nodes = Nodes::build(config, ports.infos(), keys)?;
                    let mut outputs = nodes.outputs(ports.infos());
                    if keys.compat().is_spark_snn_1() {
                        nodes.rehearse(ports.infos(), &mut outputs);
                    }
                    let shapes = #shapes { #(#in_names: ::spark::rt::shape_at(ports.infos(), #in_index),)* };
                    ::core::result::Result::Ok(#name { nodes, config: config.clone(), shapes, outputs, stream: ::core::option::Option::None })
                }
                fn outputs(&self, _config: &#config, _ports: &::spark::rt::Ports<Self>) -> ::core::result::Result<#outputs, ::spark::rt::BuildError> {
                    ::core::result::Result::Ok(self.outputs.clone())
                }
                fn run(&mut self, inputs: Self::Inputs<'_>, outputs: &mut #outputs) {
                    self.nodes.run(inputs, outputs);
                }
                fn reset(&mut self) {
                    self.nodes.reset(self.config.compat.unwrap_or_default());
                    ::spark::rt::Payloads::clear(&mut self.outputs);
                }
                fn duplicate(&self) -> ::core::result::Result<Self, ::spark::rt::Problem> {
                    ::core::result::Result::Ok(#name {
                        nodes: self.nodes.duplicate()?,
                        config: self.config.clone(),
                        shapes: self.shapes.clone(),
                        outputs: self.outputs.clone(),
                        stream: self.stream.clone(),
                    })
                }
                fn sharing(&self) -> ::spark::core::sharing::Sharing {
                    ::spark::core::sharing::of_network(&GRAPH, &self.nodes.sharing())
                }
                fn restrict(&mut self, part: ::spark::core::sharing::Part) {
                    let mut shared = ::spark::core::sharing::shared_nodes(&GRAPH, &self.nodes.sharing()).into_iter();
                    #(if shared.next().unwrap_or_default() { ::spark::rt::Module::restrict(&mut self.nodes.#node_names.module, part); })*
                }
                fn exchange(&mut self, other: &Self, steps: usize) {
                    #(self.nodes.#node_names.exchange(&other.nodes.#node_names, steps);)*
                    ::spark::rt::Payloads::unite(&mut self.outputs, &other.outputs);
                }
                fn gather(&mut self, copy: &Self, part: ::spark::core::sharing::Part) {
                    #(self.nodes.#node_names.gather(&copy.nodes.#node_names, part);)*
                    ::spark::rt::Payloads::latch(&mut self.outputs, &copy.outputs);
                    self.stream.clone_from(&copy.stream);
                }
                fn spark_state(&self, path: &str, state: &mut ::spark::rt::StateMap) {
                    #(self.nodes.#node_names.spark_state(&::spark::rt::state_path(path, #node_texts), state);)*
                    #spark_cache
                    if let ::core::option::Option::Some(stream) = &self.stream {
                        ::spark::rt::insert_key(state, path, stream);
                    }
                }
                fn watch(&self, config: &#config, _outputs: &#outputs, place: &str, watch: &mut ::spark::watch::Watch) {
                    #(::spark::rt::Module::watch(&self.nodes.#node_names.module, &config.#node_names, &self.nodes.#node_names.out, &::spark::rt::join(place, #node_texts), watch);)*
                }
                fn feed<'a>(inputs: &mut Self::Inputs<'a>, port: usize, value: ::spark::rt::AnyInput<'a>) -> bool {
                    match port {
                        #(#in_index => ::spark::rt::feed_shared(&mut inputs.#in_place, value),)*
                        _ => false,
                    }
                }
                fn property(&self, port: usize) -> ::core::option::Option<&dyn ::core::any::Any> { #property_any }
                fn property_mut(&mut self, _port: usize) -> ::core::option::Option<&mut dyn ::core::any::Any> {
                    ::core::option::Option::None
                }
                fn node(&self, name: &str) -> ::core::option::Option<&dyn ::spark::rt::DynModule> {
                    match name { #(#node_texts => ::core::option::Option::Some(&self.nodes.#node_names),)* _ => ::core::option::Option::None }
                }
            }

            #(impl ::spark::rt::InputPort<#in_index> for #name {
                type Payload = #in_types;
                type Ref<'a> = &'a #in_types;
                fn put<'a>(inputs: &mut Self::Inputs<'a>, value: &'a #in_types) { inputs.#in_place = ::core::option::Option::Some(value); }
            })*

            #(impl ::spark::rt::OutputPort<#out_index> for #name {
                type Payload = #out_types;
                fn get(outputs: &#outputs) -> &#out_types { &outputs.#out_names }
            })*

            #property_impls

            impl ::spark::rt::Payloads for #outputs {
                fn count(&self) -> usize { #out_count }
                fn get_any(&self, index: usize) -> ::core::option::Option<&dyn ::core::any::Any> {
                    match index { #(#out_index => ::core::option::Option::Some(&self.#out_names),)* _ => ::core::option::Option::None }
                }
                fn info(&self, index: usize) -> ::core::option::Option<::spark::rt::PortInfo> {
                    match index { #(#out_index => ::core::option::Option::Some(::spark::rt::PortInfo::of(&self.#out_names)),)* _ => ::core::option::Option::None }
                }
                fn latch(&mut self, newer: &Self) { #(::spark::rt::SparkPayload::latch(&mut self.#out_names, &newer.#out_names);)* }
                fn unite(&mut self, other: &Self) { #(::spark::rt::SparkPayload::unite(&mut self.#out_names, &other.#out_names);)* }
                fn clear(&mut self) { #(::spark::rt::SparkPayload::clear(&mut self.#out_names);)* }
                fn visit(&mut self, _ports: &[::spark::rt::table::PortTable], visitor: &mut ::spark::rt::StateVisitor<'_>) {
                    #(::spark::rt::visit_payload(#out_texts, &mut self.#out_names, visitor);)*
                }
                fn visit_ref(&self, _ports: &[::spark::rt::table::PortTable], reader: &mut ::spark::rt::StateReader<'_>) {
                    #(::spark::rt::read_payload(#out_texts, &self.#out_names, reader);)*
                }
            }

            #[diagnostic::do_not_recommend]
            impl ::spark::rt::Stateful for #name {
                fn visit(&mut self, visitor: &mut ::spark::rt::StateVisitor<'_>) {
                    #(visitor.leaf(#node_texts, &mut self.nodes.#node_names);)*
                    #visit_cache
                    if let ::core::option::Option::Some(stream) = &mut self.stream { visitor.leaf("rng", stream); }
                }
                fn visit_ref(&self, reader: &mut ::spark::rt::StateReader<'_>) {
                    #(reader.leaf(#node_texts, &self.nodes.#node_names);)*
                    #read_cache
                    if let ::core::option::Option::Some(stream) = &self.stream { reader.leaf("rng", stream); }
                }
            }

            impl #name {
                #new

                /// Builds the network for these input shapes. Nothing is stepped.
                ///
                /// # Errors
                /// All problems of the configuration and of the shapes at once.
                #vis fn build(config: #config, shapes: #shapes) -> ::core::result::Result<Self, ::spark::rt::BuildError> {
                    let config = ::spark::rt::resolved(&config)?;
                    let infos = [#(::core::option::Option::Some(::spark::rt::PortInfo::plain(shapes.#in_names))),*];
                    ::spark::rt::check_input_shapes(&GRAPH, &infos)?;
                    let mut keys = ::spark::rt::top_keys(&::spark::rt::ControllerConfig::header(&config), #text);
                    let ports = ::spark::rt::Ports::<Self>::new(infos.to_vec());
                    let mut network = <Self as ::spark::rt::Module>::build(&config, &ports, &mut keys)?;
                    network.stream = keys.into_stream();
                    ::core::result::Result::Ok(network)
                }

                /// One step.
                ///
                /// # Panics
                /// If an input has another shape than the network was built for.
                #[track_caller]
                #vis fn step(&mut self, inputs: #inputs #steps_lifetime) -> &#outputs {
                    #(::spark::rt::expect_shape(#text, #in_texts, &self.shapes.#in_names, ::spark::rt::SparkPayload::shape(inputs.#in_names));)*
                    self.nodes.run((#(::core::option::Option::Some(inputs.#in_names),)*), &mut self.outputs);
                    &self.outputs
                }

                /// `steps` steps; `inputs` is asked for the inputs of each. Gives the outputs of the last.
                #[track_caller]
                #vis fn run<'i>(&mut self, steps: usize, mut inputs: impl ::core::ops::FnMut(usize) -> #inputs #run_lifetime) -> &#outputs {
                    for t in 0..steps {
                        self.step(inputs(t));
                    }
                    &self.outputs
                }

                /// Shows a [`Watch`](::spark::watch::Watch) what happened in the last step: to be called after each.
                #vis fn watch(&self, watch: &mut ::spark::watch::Watch) {
                    ::spark::rt::Module::watch(self, &self.config, &self.outputs, "", watch);
                    watch.state(self);
                }

                /// What the last step gave.
                #vis fn outputs(&self) -> &#outputs { &self.outputs }

                /// Clears activity; keeps what was learned and the random streams.
                #vis fn reset(&mut self) { ::spark::rt::Module::reset(self); }

                /// A copy in the same state. What never changes and is shared by handle (delay plans, masks) stays shared.
                ///
                /// # Errors
                /// If the type of a module is not `Clone`, with the place of that module.
                #vis fn duplicate(&self) -> ::core::result::Result<Self, ::spark::rt::Problem> { ::spark::rt::Module::duplicate(self) }

                /// Back to the state after building.
                ///
                /// # Errors
                /// Never, for a network that could be built: it is built once more.
                #vis fn reset_all(&mut self) -> ::core::result::Result<(), ::spark::rt::BuildError> {
                    *self = Self::build(self.config.clone(), self.shapes.clone())?;
                    ::core::result::Result::Ok(())
                }

                /// Saves configuration and state: a run from the file goes on as this one.
                ///
                /// # Errors
                /// If the file cannot be written; the old file is then untouched.
                #vis fn save(&self, path: impl ::core::convert::AsRef<::std::path::Path>) -> ::core::result::Result<(), ::spark::checkpoint::CheckpointError> {
                    ::spark::checkpoint::save(self, path)
                }

                /// Builds the network from a file, in the state that it was saved in.
                ///
                /// # Errors
                /// All problems at once: no checkpoint, damaged, of another network, a state that does not fit.
                #vis fn load(path: impl ::core::convert::AsRef<::std::path::Path>) -> ::core::result::Result<Self, ::spark::checkpoint::CheckpointError> {
                    ::spark::checkpoint::load(path)
                }

                /// The configuration as declared.
                #vis fn config() -> #config { <#config as ::core::default::Default>::default() }

                /// The configuration that this network was built from: seeds, time step and units are filled in.
                #vis fn built_config(&self) -> &#config { &self.config }

                /// The shapes of the inputs.
                #vis fn shapes(&self) -> &#shapes { &self.shapes }

                /// The nodes with what is wired into them.
                #vis fn specs() -> ::std::vec::Vec<::spark::rt::ModuleSpecs> { ::spark::rt::export::specs(&Self::config()) }

                /// The state under the Python package's paths and in its layout.
                #vis fn spark_state(&self) -> ::spark::rt::StateMap {
                    let mut state = ::spark::rt::StateMap::default();
                    <Self as ::spark::rt::Module>::spark_state(self, "", &mut state);
                    state
                }
            }

            impl ::spark::parallel::Parted for #name {
                fn plan(&self) -> ::spark::core::sharing::Plan {
                    ::spark::core::sharing::of_brain(&GRAPH, &self.nodes.sharing())
                }
                fn written(&self) -> &#outputs { &self.outputs }
                fn written_mut(&mut self) -> &mut #outputs { &mut self.outputs }
            }

            impl ::spark::batch::Member for #name {
                fn duplicate(&self) -> ::core::result::Result<Self, ::spark::rt::Problem> { ::spark::rt::Module::duplicate(self) }
                fn reset(&mut self) { ::spark::rt::Module::reset(self); }
            }

            impl #step_generics ::spark::batch::Step<#inputs #step_generics> for #name {
                fn try_step(&mut self, inputs: #inputs #step_generics) -> ::core::result::Result<(), ::spark::rt::Problem> {
                    #(::spark::rt::check_shape(#in_texts, &self.shapes.#in_names, ::spark::rt::SparkPayload::shape(inputs.#in_names))?;)*
                    self.nodes.run((#(::core::option::Option::Some(inputs.#in_names),)*), &mut self.outputs);
                    ::core::result::Result::Ok(())
                }
            }

            impl ::spark::checkpoint::Checkpointed for #name {
                type Config = #config;
                const DECLARED: bool = true;
                fn saved_config(&self) -> &#config { &self.config }
                fn saved_shapes(&self) -> ::std::vec::Vec<::spark::rt::Shape> {
                    ::std::vec![#(self.shapes.#in_names.clone()),*]
                }
                fn read_config(_name: &str, json: &::spark::rt::serde_json::Value) -> ::core::result::Result<#config, ::spark::rt::BuildError> {
                    ::spark::rt::export::from_json(json)
                }
                fn rebuild(config: #config, shapes: &[::spark::rt::Shape]) -> ::core::result::Result<Self, ::spark::rt::BuildError> {
                    Self::build(config, #shapes { #(#in_names: ::spark::rt::saved_shape(shapes, #in_index),)* })
                }
            }

            impl #config {
                /// Reads a file of the Python package or of this crate, `.scfg` or `.json`, for this very network.
                ///
                /// # Errors
                /// All problems at once, each with its JSON pointer: unreadable, another graph, unknown fields, values out of range.
                #vis fn from_file(path: impl ::core::convert::AsRef<::std::path::Path>) -> ::core::result::Result<Self, ::spark::rt::FileError> {
                    ::spark::rt::export::from_file(path.as_ref())
                }
                /// Writes the network as a file of the Python package: `.scfg` (xz) or `.json`.
                ///
                /// # Errors
                /// If the configuration has problems, or the file cannot be written; the old file is then untouched.
                #vis fn to_file(&self, path: impl ::core::convert::AsRef<::std::path::Path>) -> ::core::result::Result<(), ::spark::rt::FileError> {
                    ::spark::rt::export::to_file(self, path.as_ref())
                }
                /// The network as the Python package's JSON.
                ///
                /// # Errors
                /// All problems of the configuration at once.
                #vis fn to_json(&self) -> ::core::result::Result<::spark::rt::serde_json::Value, ::spark::rt::BuildError> {
                    ::spark::rt::export::to_json(self)
                }
                /// Reads the Python package's JSON.
                ///
                /// # Errors
                /// All problems at once, each with its JSON pointer.
                #vis fn from_json(json: &::spark::rt::serde_json::Value) -> ::core::result::Result<Self, ::spark::rt::BuildError> {
                    ::spark::rt::export::from_json(json)
                }
                /// Where the Python package would compute something else: rows of `docs/fidelity.md`. Writing a file
                /// warns of them through the `log` crate.
                #vis fn differences_from_python(&self) -> ::std::vec::Vec<&'static str> {
                    ::spark::rt::differences::differences(self)
                }
                /// The same configuration with all seeds drawn anew from one, as the Python package draws them.
                #[must_use]
                #vis fn with_new_seeds(mut self, seed: u32) -> Self {
                    ::spark::rt::SparkConfig::with_new_seeds(&mut self, seed);
                    self
                }
            }

            #registration
        }
    }

    /// `new`, where the shapes of all inputs are declared and `units` is.
    pub(super) fn new_fn(&self) -> TokenStream {
        let ports = self.live_inputs();
        let units = !self.is_neuron() || self.network.header.iter().any(|setting| setting.name == "units");
        if !units || ports.iter().any(|port| port.shape.is_none()) {
            return quote!();
        }
        let (shapes, vis) = (&self.shapes, &self.network.vis);
        let names = ports.iter().map(|port| &port.name);
        let sizes = ports.iter().map(|port| {
            let sizes = port.shape.iter().flatten().filter_map(value::size);
            quote!(::spark::rt::Shape::from([#(#sizes),*] as [usize; _]))
        });
        quote! {
            /// Builds the network as declared.
            ///
            /// # Errors
            /// All problems of the declared values that only running can tell.
            #vis fn new() -> ::core::result::Result<Self, ::spark::rt::BuildError> {
                Self::build(Self::config(), #shapes { #(#names: #sizes,)* })
            }
        }
    }
}
