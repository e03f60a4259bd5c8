//! The code of a network: types, tables, build and step. What is emitted calls `spark::rt`; the checks that need
//! types stand in `const` arguments of type aliases, at the user's tokens.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use spark_ir::graph::{Origin, ResolvedFeed, ResolvedSource};
use syn::spanned::Spanned;

use super::ast::{Field, Kind, Network, Node, Port, Problem, Value};
use super::lower::{Lowered, Place, lower};
use super::seal::{self, Check};
use super::{docs, value};
use crate::support::names::snake as snake_case;

/// Emits one network.
pub(crate) fn network(network: &Network, problems: &mut Vec<Problem>) -> TokenStream {
    let lowered = lower(network);
    if !lowered.graph.fits() {
        let (messages, vis, name) = (&lowered.messages, &network.vis, &network.name);
        return quote!(#messages #vis struct #name;);
    }
    let mut emitter = Emitter::new(network, &lowered, problems);
    let config = emitter.config_items();
    let (aliases, tables, build, run) = emitter.graph_items();
    let items = emitter.public_items();
    let module = emitter.module_impl();
    let values = emitter.values;
    let checks = emitter.checks;
    let messages = &lowered.messages;
    let sealed = &network.aliases;
    let tokens: Vec<TokenTree> = aliases
        .clone()
        .into_iter()
        .chain(checks.iter().cloned().flatten())
        .collect();
    let gates: Vec<Ident> = tokens.windows(2).filter_map(alias_name).collect();
    let warnings = super::lower::warnings(&lowered, &network.name, &gates);
    quote! {
        #messages
        #sealed
        #items
        #[allow(
            non_camel_case_types, non_snake_case, non_upper_case_globals, dead_code, unused_variables, unused_mut, unused_braces,
            long_running_const_eval, clippy::all, clippy::pedantic, clippy::unwrap_used
        )]
        const _: () = {
            #aliases
            #(#checks)*
            #warnings
            #tables
            #config
            #(#values)*
            #build
            #run
            #module
        };
    }
}

/// The name that two tokens begin to define: `type` and an identifier.
fn alias_name(tokens: &[TokenTree]) -> Option<Ident> {
    match tokens {
        [TokenTree::Ident(keyword), TokenTree::Ident(name)] if keyword == "type" => Some(name.clone()),
        _ => None,
    }
}

/// A call of a check of `spark_ir::wiring`, whose span runs from the first to the last token of `place`.
pub(crate) fn check_call(place: Place, function: &str, arguments: TokenStream) -> TokenStream {
    let (first, last) = place;
    let function = Ident::new(function, first);
    let mut call = quote_spanned!(first=> ::spark::rt::wiring::#function);
    let mut group = Group::new(Delimiter::Parenthesis, arguments);
    group.set_span(last);
    call.extend([TokenTree::Group(group)]);
    call
}

/// A value as a field of type `ty` holds it; the call's span is that of the value.
fn into_field((first, last): Place, ty: &TokenStream, value: &TokenStream) -> TokenStream {
    let mut call = quote_spanned!(first=> ::spark::rt::IntoField::<#ty>::into_field);
    let mut group = Group::new(Delimiter::Parenthesis, value.clone());
    group.set_span(last);
    call.extend([TokenTree::Group(group)]);
    call
}

/// What the emission of one network needs at hand.
struct Emitter<'a> {
    network: &'a Network,
    lowered: &'a Lowered,
    problems: &'a mut Vec<Problem>,
    name: &'a Ident,
    config: Ident,
    inputs: Ident,
    outputs: Ident,
    shapes: Ident,
    state: Ident,
    /// Checks that give no index.
    checks: Vec<TokenStream>,
    /// Items that set declared values.
    values: Vec<TokenStream>,
    /// What the source in hand asks for first: the direction of its wire.
    held: Option<TokenStream>,
    /// Fields that have an alias already.
    fields_seen: std::collections::HashSet<String>,
}

impl<'a> Emitter<'a> {
    fn new(network: &'a Network, lowered: &'a Lowered, problems: &'a mut Vec<Problem>) -> Self {
        let name = &network.name;
        Emitter {
            network,
            lowered,
            problems,
            name,
            config: format_ident!("{name}Config"),
            inputs: format_ident!("{name}Inputs"),
            outputs: format_ident!("{name}Outputs"),
            shapes: format_ident!("{name}Shapes"),
            state: format_ident!("{name}State"),
            checks: Vec::new(),
            values: Vec::new(),
            held: None,
            fields_seen: std::collections::HashSet::new(),
        }
    }

    fn is_neuron(&self) -> bool {
        self.network.kind == Kind::Neuron
    }

    /// The nodes that are emitted: all but those whose name is taken.
    fn nodes(&self) -> Vec<(usize, &'a Node)> {
        let resolved = &self.lowered.resolved.nodes;
        self.network
            .nodes
            .iter()
            .enumerate()
            .filter(|(i, _)| !resolved[*i].duplicate)
            .collect()
    }

    fn live_inputs(&self) -> Vec<&'a Port> {
        let duplicate = &self.lowered.resolved.duplicate_inputs;
        self.network
            .inputs
            .iter()
            .enumerate()
            .filter(|(i, _)| !duplicate[*i])
            .map(|(_, port)| port)
            .collect()
    }

    fn live_outputs(&self) -> Vec<(usize, &'a Port)> {
        let resolved = &self.lowered.resolved.outputs;
        self.network
            .outputs
            .iter()
            .enumerate()
            .filter(|(i, _)| !resolved[*i].duplicate)
            .collect()
    }

    /// Forces a check that gives no index.
    fn check(&mut self, label: &str, call: &TokenStream) {
        let alias = format_ident!("{label}", span = Span::mixed_site());
        self.checks.push(quote! {
            type #alias = [(); { #call; 0 }];
            const _: #alias = [];
        });
    }

    // ---- what the user sees -------------------------------------------------------------------------------------

    fn public_items(&mut self) -> TokenStream {
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

    // ---- configuration ------------------------------------------------------------------------------------------

    fn config_items(&mut self) -> TokenStream {
        let defaults = self.config_default();
        let fields = self.config_fields();
        let config = &self.config;
        let (name, is_neuron) = (self.name, self.is_neuron());
        let nodes = self.nodes();
        let node_names: Vec<&Ident> = nodes.iter().map(|(_, node)| &node.name).collect();
        let node_texts: Vec<String> = node_names.iter().map(|n| n.to_string()).collect();
        let (read_units, write_units) = if is_neuron {
            (
                quote!(units: ::core::option::Option::Some(self.units.clone()), inhibitory_rate: ::core::option::Option::Some(self.inhibitory_rate),),
                quote! {
                    if let ::core::option::Option::Some(units) = header.units { self.units = units; }
                    if let ::core::option::Option::Some(rate) = header.inhibitory_rate { self.inhibitory_rate = rate; }
                },
            )
        } else {
            (
                quote!(units: ::core::option::Option::None, inhibitory_rate: ::core::option::Option::None,),
                quote!(),
            )
        };
        let adopt_units = is_neuron.then(|| {
            quote! {
                fn adopt_units(&mut self, units: &::spark::rt::Shape, path: &str, problems: &mut ::std::vec::Vec<::spark::rt::Problem>) {
                    ::spark::rt::adopt_units(self, units, path, problems);
                }
            }
        });
        quote! {
            impl ::spark::rt::Declared for #config {
                type Nodes = Nodes;
            }

            #defaults
            #fields

            impl ::spark::rt::ControllerConfig for #config {
                const GRAPH: &'static ::spark::rt::table::GraphTable<'static> = &GRAPH;
                const MODULE: &'static ::spark::rt::table::ModuleTable = <#name as ::spark::rt::Module>::TABLE;

                fn nodes(&self) -> ::std::vec::Vec<(&'static str, &dyn ::spark::rt::DynConfig)> {
                    ::std::vec![#((#node_texts, &self.#node_names as &dyn ::spark::rt::DynConfig)),*]
                }
                fn nodes_mut(&mut self) -> ::std::vec::Vec<(&'static str, &mut dyn ::spark::rt::DynConfig)> {
                    ::std::vec![#((#node_texts, &mut self.#node_names as &mut dyn ::spark::rt::DynConfig)),*]
                }
                fn header(&self) -> ::spark::rt::Header {
                    ::spark::rt::Header { seed: self.seed, dt: self.dt, compat: self.compat, #read_units }
                }
                fn set_header(&mut self, header: ::spark::rt::Header) {
                    self.seed = header.seed;
                    self.dt = header.dt;
                    self.compat = header.compat;
                    #write_units
                }
            }

            #[diagnostic::do_not_recommend]
            impl ::spark::rt::SparkConfig for #config {
                const TABLE: &'static ::spark::rt::table::ConfigTable = &CONFIG;

                fn validate(&self, path: &str, problems: &mut ::std::vec::Vec<::spark::rt::Problem>) {
                    ::spark::rt::controller::validate(self, path, problems);
                }
                fn to_fields(&self) -> ::spark::rt::serde_json::Map<::std::string::String, ::spark::rt::serde_json::Value> {
                    ::spark::rt::export::to_fields(self)
                }
                fn read_fields(&mut self, fields: &::spark::rt::serde_json::Map<::std::string::String, ::spark::rt::serde_json::Value>, pointer: &str, problems: &mut ::std::vec::Vec<::spark::rt::Problem>) {
                    ::spark::rt::export::read_fields(self, fields, pointer, problems);
                }
                fn known_fields(&self) -> ::std::vec::Vec<(::std::string::String, ::spark::rt::shape::ConstValue)> {
                    ::spark::rt::controller::known_fields(self)
                }
                fn with_new_seeds(&mut self, seed: u32) {
                    ::spark::rt::controller::with_new_seeds(self, seed);
                }
                fn fill_seeds(&mut self, seed: u32) {
                    ::spark::rt::controller::fill_seeds(self, seed);
                }
                fn adopt_dt(&mut self, dt: ::spark::units::Ms, path: &str, problems: &mut ::std::vec::Vec<::spark::rt::Problem>) {
                    ::spark::rt::controller::adopt_dt(self, dt, path, problems);
                }
                #adopt_units
                fn seed(&self) -> ::core::option::Option<u64> { self.seed }
                fn set_seed_if_unset(&mut self, seed: u64) { self.seed.get_or_insert(seed); }
                fn dt(&self) -> ::core::option::Option<::spark::units::Ms> { self.dt }
            }

            impl ::spark::rt::serde::Serialize for #config {
                fn serialize<S: ::spark::rt::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                    ::spark::rt::serialize_config(self, serializer)
                }
            }

            impl<'de> ::spark::rt::serde::Deserialize<'de> for #config {
                fn deserialize<D: ::spark::rt::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                    ::spark::rt::deserialize_config(deserializer)
                }
            }
        }
    }

    /// The declared values, as the default of the configuration.
    fn config_default(&mut self) -> TokenStream {
        let config_var = Ident::new("config", Span::mixed_site());
        let mut assignments = Vec::new();
        for (_, node) in self.nodes() {
            let name = &node.name;
            let ty = &node.module;
            let config_ty = quote!(<#ty as ::spark::rt::Module>::Config);
            for field in &node.fields {
                assignments.push(self.assign(
                    &quote!(#config_var.#name),
                    &config_ty,
                    &name.to_string(),
                    field,
                ));
            }
        }
        let header = self.header_values();
        let node_names: Vec<&Ident> = self.nodes().iter().map(|(_, node)| &node.name).collect();
        let node_types: Vec<_> = self.nodes().iter().map(|(_, node)| &node.module).collect();
        let neuron = self.is_neuron().then(|| {
            quote!(units: ::core::default::Default::default(), inhibitory_rate: ::spark::rt::DEFAULT_INHIBITORY_RATE,)
        });
        let config = &self.config;
        quote! {
            impl ::core::default::Default for #config {
                fn default() -> Self {
                    let mut #config_var = #config {
                        seed: ::core::option::Option::None,
                        dt: ::core::option::Option::None,
                        compat: ::core::option::Option::None,
                        #neuron
                        #(#node_names: <<#node_types as ::spark::rt::Module>::Config as ::core::default::Default>::default(),)*
                    };
                    #(#header)*
                    #(#assignments)*
                    #config_var
                }
            }
        }
    }

    /// One assignment to a field of a node, with its checks.
    fn assign(
        &mut self,
        target: &TokenStream,
        config_ty: &TokenStream,
        place: &str,
        field: &Field,
    ) -> TokenStream {
        let mut ty = config_ty.clone();
        let mut slot = quote!(&mut #target);
        let mut at = place.to_owned();
        let last = field.path.len() - 1;
        for (depth, name) in field.path.iter().enumerate() {
            let text = name.to_string();
            let span = (name.span(), name.span());
            let table = quote!(<#ty as ::spark::rt::SparkConfig>::TABLE);
            let function = if depth == last {
                "field_index"
            } else {
                "nested_config"
            };
            let index = check_call(span, function, quote!(#table, #at, #text));
            let alias = format_ident!(
                "field_{}_of_{}",
                text,
                at.replace('.', "_of_"),
                span = Span::mixed_site()
            );
            // Fields of one nested module share the way to it.
            if self.fields_seen.insert(alias.to_string()) {
                self.checks
                    .push(quote!(type #alias = ::spark::rt::FieldOf<#ty, { #index }>;));
            }
            slot = quote!(#alias::slot(#slot));
            ty = quote!(<#alias as ::spark::rt::HasValue>::Value);
            at = format!("{at}.{text}");
        }
        let value = self.value(&field.value, &at);
        if let Some(known) = value.known {
            let dotted = field.dotted();
            let table = quote!(<#config_ty as ::spark::rt::SparkConfig>::TABLE);
            let call = check_call(
                field.value.ends(),
                "in_range",
                quote!(#table, #place, #dotted, #known),
            );
            self.check(&format!("range_of_{}", at.replace('.', "_of_")), &call);
        }
        if value.broken {
            return quote!();
        }
        let run = value.run;
        let value = into_field(field.value.ends(), &ty, &run);
        quote!(*#slot = #value;)
    }

    fn value(&mut self, value: &Value, at: &str) -> value::Emitted {
        match value {
            Value::Expr { expr, .. } => value::emit(expr, self.problems),
            Value::Config { path, fields } => {
                let var = Ident::new("nested", Span::mixed_site());
                let label = format!("config_of_{}", at.replace('.', "_of_"));
                let text = super::lower::path_text(path);
                let check = Check {
                    probe: "IS_CONFIG",
                    function: "config_type",
                    arguments: quote!(#at, #text),
                };
                let mut items = TokenStream::new();
                let sealed = seal::alias(&label, path, &check, &mut items);
                self.checks.push(items);
                let config_ty = quote!(#sealed);
                let target = quote!(#var);
                let assignments: Vec<_> = fields
                    .iter()
                    .map(|field| self.assign(&target, &config_ty, at, field))
                    .collect();
                let mut block = Group::new(
                    Delimiter::Brace,
                    quote! {
                        let mut #var = <#config_ty as ::core::default::Default>::default();
                        #(#assignments)*
                        #var
                    },
                );
                block.set_span(path.span());
                value::Emitted {
                    run: TokenTree::from(block).into(),
                    known: None,
                    broken: false,
                }
            }
        }
    }

    /// The header's values, and problems with what it says.
    fn header_values(&mut self) -> Vec<TokenStream> {
        let config_var = Ident::new("config", Span::mixed_site());
        let mut seen: Vec<String> = Vec::new();
        let mut values = Vec::new();
        for setting in &self.network.header {
            let text = setting.name.to_string();
            let span = setting.name.span();
            if seen.contains(&text) {
                self.problems.push(
                    Problem::new("SPK044", span, format!("`{text}` is given twice")).help("keep one of them"),
                );
                continue;
            }
            if !self.is_neuron() && matches!(text.as_str(), "units" | "inhibitory_rate") {
                self.problems.push(
                    Problem::new("SPK069", span, format!("a brain has no `{text}`"))
                        .help("neurons have; give it to each of them: `left = MyNeuron { units: [256] };`"),
                );
                continue;
            }
            let Value::Expr { expr, .. } = &setting.value else {
                self.problems.push(Problem::new(
                    "SPK069",
                    span,
                    format!("`{text}` takes a plain value"),
                ));
                continue;
            };
            let name = &setting.name;
            let target = quote!(#config_var.#name);
            if text == "compat" {
                values.push(self.compat_value(expr, &config_var));
            } else {
                let emitted = value::emit(expr, self.problems);
                self.header_range(&text, setting.value.ends(), emitted.known.as_ref());
                if !emitted.broken {
                    let run = emitted.run;
                    let value = into_field(setting.value.ends(), &quote!(_), &run);
                    values.push(quote!(#target = #value;));
                }
            }
            seen.push(text);
        }
        values
    }

    fn header_range(&mut self, field: &str, place: Place, known: Option<&TokenStream>) {
        let Some(known) = known else { return };
        let name = self.name.to_string();
        let call = check_call(place, "in_range", quote!(&CONFIG, #name, #field, #known));
        self.check(&format!("range_of_{field}"), &call);
    }

    /// `compat = SparkSnn1;`: a variant of `Compat` by its name.
    fn compat_value(&mut self, expr: &syn::Expr, config_var: &Ident) -> TokenStream {
        let known = match expr {
            syn::Expr::Path(path) => path.path.segments.last().map(|segment| segment.ident.clone()),
            _ => None,
        };
        match known {
            Some(variant) if variant == "SparkSnn1" || variant == "Standard" => {
                quote!(#config_var.compat = ::core::option::Option::Some(::spark::rt::Compat::#variant);)
            }
            _ => {
                self.problems.push(
                    Problem::new("SPK069", expr.span(), "`compat` takes `SparkSnn1` or `Standard`")
                        .help("`compat = SparkSnn1;` computes what the Python package computes; without it the model means what it says"),
                );
                quote!()
            }
        }
    }

    /// `ConfigField` for the header and for each node, and the table of both.
    fn config_fields(&mut self) -> TokenStream {
        let config = &self.config;
        let name = self.name;
        let is_neuron = self.is_neuron();
        let mut fields: Vec<TokenStream> = Vec::new();
        let mut impls: Vec<TokenStream> = Vec::new();
        let mut push = |field: &Ident, ty: TokenStream, table: TokenStream| {
            let index = fields.len();
            fields.push(table);
            impls.push(quote! {
                impl ::spark::rt::ConfigField<#index> for #config {
                    type Value = #ty;
                    fn slot(&mut self) -> &mut Self::Value { &mut self.#field }
                }
            });
        };
        let id = |text: &str| Ident::new(text, Span::call_site());
        push(
            &id("seed"),
            quote!(::core::option::Option<u64>),
            quote!(::spark::rt::SEED_FIELD),
        );
        push(
            &id("dt"),
            quote!(::core::option::Option<::spark::units::Ms>),
            quote!(::spark::rt::DT_FIELD),
        );
        if is_neuron {
            let given = self.network.header.iter().any(|setting| setting.name == "units");
            push(
                &id("units"),
                quote!(::spark::rt::Units),
                quote!(::spark::rt::units_field(#given)),
            );
            push(
                &id("inhibitory_rate"),
                quote!(f64),
                quote!(::spark::rt::INHIBITORY_RATE_FIELD),
            );
        }
        let resolved = &self.lowered.resolved.nodes;
        for (_, node) in self
            .network
            .nodes
            .iter()
            .enumerate()
            .filter(|(i, _)| !resolved[*i].duplicate)
        {
            let ty = &node.module;
            let text = node.name.to_string();
            let module = super::lower::path_text(&node.written);
            let table = quote!(::spark::rt::node_field(#text, #module, <<#ty as ::spark::rt::Module>::Config as ::spark::rt::SparkConfig>::TABLE));
            push(&node.name, quote!(<#ty as ::spark::rt::Module>::Config), table);
        }
        let config_text = config.to_string();
        let key = snake_case(&config_text);
        let doc = format!("Configuration of {name}.");
        quote! {
            const CONFIG: ::spark::rt::table::ConfigTable = ::spark::rt::table::ConfigTable {
                name: #config_text,
                key: #key,
                fields: &[#(#fields),*],
                doc: #doc,
            };
            #(#impls)*
        }
    }

    // ---- graph --------------------------------------------------------------------------------------------------

    /// Aliases with their checks, the graph table, and the code of `build` and `run`.
    fn graph_items(&mut self) -> (TokenStream, TokenStream, TokenStream, TokenStream) {
        let aliases = self.aliases();
        let tables = self.tables();
        let build = self.build_items();
        let run = self.run_items();
        (aliases, tables, build, run)
    }

    /// One alias per wired port and one per source that feeds it.
    fn aliases(&mut self) -> TokenStream {
        let mut items = Vec::new();
        let feeds = self.all_feeds();
        for (node_index, node, feed) in &feeds {
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
                let alias = source_name(*node_index, &feed.port.text, k);
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

    fn all_feeds(&self) -> Vec<(usize, &'a Node, &'a ResolvedFeed<Place>)> {
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
    fn direction_alias(&self, node: &Node, feed: &ResolvedFeed<Place>) -> Option<(Ident, TokenStream)> {
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

    fn sink_alias(&self, node: &Node, feed: &ResolvedFeed<Place>, held: Option<&TokenStream>) -> TokenStream {
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
    fn source_alias(
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
    fn checked_port(
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
    fn node_checks(&mut self) {
        let units_inherited = self.is_neuron();
        for (i, node) in self.nodes() {
            let (ty, text) = (&node.module, node.name.to_string());
            let place = (node.name.span(), node.name.span());
            let span = ty.span();
            let table = quote!(<#ty as ::spark::rt::Module>::TABLE);
            let call = check_call((span, span), "not_a_brain", quote!(#table, #text));
            self.check(&format!("kind_of_{text}"), &call);
            let wired = &self.lowered.resolved.nodes[i].mentioned;
            let call = check_call(place, "required_inputs", quote!(#table, #text, &[#(#wired),*]));
            self.check(&format!("inputs_of_{text}"), &call);
            let given: Vec<String> = node.fields.iter().map(Field::dotted).collect();
            let config = quote!(<<#ty as ::spark::rt::Module>::Config as ::spark::rt::SparkConfig>::TABLE);
            let call = check_call(
                place,
                "required_fields",
                quote!(#config, #text, &[#(#given),*], #units_inherited),
            );
            self.check(&format!("fields_of_{text}"), &call);
        }
    }

    // ---- tables -------------------------------------------------------------------------------------------------

    fn tables(&mut self) -> TokenStream {
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
    fn live_index(&self, node: usize) -> usize {
        self.lowered
            .resolved
            .nodes
            .iter()
            .take(node)
            .filter(|n| !n.duplicate)
            .count()
    }

    fn order(&self) -> Vec<usize> {
        self.lowered
            .resolved
            .schedule
            .all()
            .filter(|&i| !self.lowered.resolved.nodes[i].duplicate)
            .collect()
    }

    fn feed_shape_checks(&mut self) {
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

    fn declared_shape(&mut self, port: &Port) -> TokenStream {
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

    fn node_table(&mut self, index: usize, node: &Node) -> TokenStream {
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

    fn source_table(&self, source: &ResolvedSource<Place>) -> TokenStream {
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

    // ---- build --------------------------------------------------------------------------------------------------

    fn build_items(&mut self) -> TokenStream {
        let config = &self.config;
        let nodes = self.nodes();
        let node_names: Vec<&Ident> = nodes.iter().map(|(_, node)| &node.name).collect();
        let node_types: Vec<_> = nodes.iter().map(|(_, node)| &node.module).collect();
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
    fn buffers(&self) -> Vec<(Ident, Ident)> {
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

    fn build_node(&self, index: usize, built: &[usize]) -> TokenStream {
        let node = &self.network.nodes[index];
        let (name, ty, text) = (&node.name, &node.module, node.name.to_string());
        let var = node_var(name);
        let live = self.live_index(index);
        let feeds = &self.lowered.resolved.nodes[index].feeds;
        let set: Vec<TokenStream> = feeds
            .iter()
            .filter_map(|feed| self.set_infos(index, node, feed, built))
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
            let mut #var = ::spark::rt::Node::<#ty>::build(&config.#name, infos.clone(), keys, #text)?;
            #rehearsal
        }
    }

    /// The calls with zeros that the Python package makes while it builds a node.
    fn rehearsal(&self, node: &Node, feeds: &[ResolvedFeed<Place>], var: &Ident) -> TokenStream {
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
                ::spark::rt::hidden_calls::rehearse(&mut #var, |module, out| {
                    let mut inputs = <<#ty as ::spark::rt::Module>::Inputs<'_> as ::core::default::Default>::default();
                    #(#calls)*
                    ::spark::rt::Module::run(module, inputs, out);
                });
            }
        }
    }

    /// What sources that are built already say of themselves (delay plans above all).
    fn set_infos(
        &self,
        index: usize,
        node: &Node,
        feed: &ResolvedFeed<Place>,
        built: &[usize],
    ) -> Option<TokenStream> {
        let mut infos = Vec::new();
        for (k, source) in feed.sources.iter().enumerate() {
            let alias = source_name(index, &feed.port.text, k);
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

    // ---- step ---------------------------------------------------------------------------------------------------

    fn run_items(&mut self) -> TokenStream {
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

    fn visits(&self) -> TokenStream {
        let names = self
            .order()
            .into_iter()
            .map(|i| &self.network.nodes[i].name)
            .collect::<Vec<_>>();
        quote!(#(self.#names.reset(keep_seen);)*)
    }

    fn run_node(&self, index: usize) -> TokenStream {
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
                    source_name(index, &feed.port.text, 0),
                    &self.network.nodes[from].name,
                );
                feeds.push(quote!(#sink::lend(&mut inputs, #alias::get_mut(&mut self.#from.module));));
                continue;
            }
            let reads: Vec<TokenStream> = feed
                .sources
                .iter()
                .enumerate()
                .map(|(k, source)| self.read(&source_name(index, &feed.port.text, k), source, late))
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
    fn read(&self, alias: &Ident, source: &ResolvedSource<Place>, late: bool) -> TokenStream {
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
    fn initial(&self, alias: &Ident, source: &ResolvedSource<Place>) -> TokenStream {
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

    // ---- module -------------------------------------------------------------------------------------------------

    fn module_impl(&mut self) -> TokenStream {
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
                optional: false, many: false, writable: false, per_synapse: false,
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
            quote!(visitor.nested("_cache", |visitor| { #(self.nodes.#node_names.visit_seen(#node_texts, visitor);)* });)
        };
        let spark_cache =
            (!is_neuron).then(|| quote!(#(self.nodes.#node_names.spark_seen(path, #node_texts, state);)*));
        let read_cache = if is_neuron {
            quote!()
        } else {
            quote!(reader.nested("_cache", |reader| { #(self.nodes.#node_names.read_seen(#node_texts, reader);)* });)
        };
        let new = self.new_fn();
        let registration = crate::attr::registration("MODULES", &quote!(#name));
        let vis = &self.network.vis;
        let steps_lifetime = (!in_ports.is_empty()).then(|| quote!(<'_>));
        let run_lifetime = (!in_ports.is_empty()).then(|| quote!(<'i>));
        quote! {
            impl ::spark::rt::Module for #name {
                type Config = #config;
                type Inputs<'a> = (#(::core::option::Option<&'a #in_types>,)*);
                type Outputs = #outputs;
                const TABLE: &'static ::spark::rt::table::ModuleTable = &::spark::rt::table::ModuleTable {
                    name: #text,
                    key: #key,
                    path: #path,
                    doc: #doc,
                    kind: #kind,
                    inputs: &[#(::spark::rt::table::PortTable {
                        name: #in_texts, payload: <#in_types as ::spark::rt::SparkPayload>::TABLE,
                        optional: false, many: false, writable: false, per_synapse: false, shape: #in_shapes, doc: #in_docs,
                    }),*],
                    outputs: &[#(::spark::rt::table::PortTable {
                        name: #out_texts, payload: <#out_types as ::spark::rt::SparkPayload>::TABLE,
                        optional: false, many: false, writable: false, per_synapse: false,
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
                fn spark_state(&self, path: &str, state: &mut ::spark::rt::StateMap) {
                    #(self.nodes.#node_names.spark_state(path, #node_texts, state);)*
                    #spark_cache
                    if let ::core::option::Option::Some(stream) = &self.stream {
                        ::spark::rt::insert_key(state, path, stream);
                    }
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
                    #(self.nodes.#node_names.visit(#node_texts, visitor);)*
                    #visit_cache
                    if let ::core::option::Option::Some(stream) = &mut self.stream { visitor.leaf("rng", stream); }
                }
                fn visit_ref(&self, reader: &mut ::spark::rt::StateReader<'_>) {
                    #(self.nodes.#node_names.visit_ref(#node_texts, reader);)*
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

                /// What the last step gave.
                #vis fn outputs(&self) -> &#outputs { &self.outputs }

                /// Clears activity; keeps what was learned and the random streams.
                #vis fn reset(&mut self) { ::spark::rt::Module::reset(self); }

                /// Back to the state after building.
                ///
                /// # Errors
                /// Never, for a network that could be built: it is built once more.
                #vis fn reset_all(&mut self) -> ::core::result::Result<(), ::spark::rt::BuildError> {
                    *self = Self::build(self.config.clone(), self.shapes.clone())?;
                    ::core::result::Result::Ok(())
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
                    ::spark::rt::export::differences(self)
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
    fn new_fn(&self) -> TokenStream {
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

fn kind_tokens(kind: Kind) -> TokenStream {
    match kind {
        Kind::Neuron => quote!(::spark::rt::table::ModuleKind::Neuron),
        Kind::Brain => quote!(::spark::rt::table::ModuleKind::Brain),
    }
}

/// The shape that an input takes: what is declared, or any.
fn input_rule(port: &Port) -> TokenStream {
    match &port.shape {
        Some(sizes) => {
            let sizes = sizes.iter().filter_map(value::size);
            quote!(::spark::rt::shape::ShapeRule::Terms(&[#(::spark::rt::shape::ShapeTerm::Fixed(#sizes)),*]))
        }
        None => quote!(::spark::rt::shape::ShapeRule::Any),
    }
}

fn sink_name(node: &Node, port: &str) -> Ident {
    format_ident!("{}_of_{}", port, node.name, span = Span::mixed_site())
}

fn source_name(node: usize, port: &str, k: usize) -> Ident {
    format_ident!(
        "source_{}_of_{}_of_node_{}",
        k,
        port,
        node,
        span = Span::mixed_site()
    )
}

fn effect_target(i: usize) -> Ident {
    format_ident!("target_of_effect_{}", i, span = Span::mixed_site())
}

fn effect_source(i: usize) -> Ident {
    format_ident!("source_of_effect_{}", i, span = Span::mixed_site())
}

fn exit_name(port: &Port) -> Ident {
    format_ident!("source_of_{}", port.name, span = Span::mixed_site())
}

fn buffer_name(node: &Node, port: &str) -> Ident {
    format_ident!("merged_{}_of_{}", port, node.name, span = Span::mixed_site())
}

/// The local variable of an input in generated code: it cannot clash with the code's own.
fn input_var(name: &Ident) -> Ident {
    format_ident!("input_{}", name, span = Span::mixed_site())
}

/// The local variable of a node in generated code.
fn node_var(name: &Ident) -> Ident {
    format_ident!("node_{}", name, span = Span::mixed_site())
}
