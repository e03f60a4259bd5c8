//! The configuration of a network: declared values as its default, fields by index, tables.

use super::*;

impl<'a> Emitter<'a> {
    pub(super) fn config_items(&mut self) -> TokenStream {
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
                fn graph(&self) -> &'static ::spark::rt::table::GraphTable<'static> { &GRAPH }
                fn module(&self) -> &'static ::spark::rt::table::ModuleTable { <#name as ::spark::rt::Module>::TABLE }

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
    pub(super) fn config_default(&mut self) -> TokenStream {
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
    pub(super) fn assign(
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

    pub(super) fn value(&mut self, value: &Value, at: &str) -> value::Emitted {
        match value {
            Value::Expr { expr, .. } => value::emit(expr, self.problems),
            Value::Config { path, fields } => {
                let var = Ident::new("nested", Span::mixed_site());
                let label = format!("config_of_{}", at.replace('.', "_of_"));
                let text = super::super::lower::path_text(path);
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
    pub(super) fn header_values(&mut self) -> Vec<TokenStream> {
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

    pub(super) fn header_range(&mut self, field: &str, place: Place, known: Option<&TokenStream>) {
        let Some(known) = known else { return };
        let name = self.name.to_string();
        let call = check_call(place, "in_range", quote!(&CONFIG, #name, #field, #known));
        self.check(&format!("range_of_{field}"), &call);
    }

    /// `compat = SparkSnn1;`: a variant of `Compat` by its name.
    pub(super) fn compat_value(&mut self, expr: &syn::Expr, config_var: &Ident) -> TokenStream {
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
    pub(super) fn config_fields(&mut self) -> TokenStream {
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
            let module = super::super::lower::path_text(&node.written);
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
}
