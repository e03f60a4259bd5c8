//! What a module expands to.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Index;
use syn::spanned::Spanned;

use super::Module;
use super::port::{Port, PortKind, Shape};
use crate::attr::registration;

impl Module {
    /// `impl Module`, the ports, the entry of the registry.
    pub(super) fn emit(&self) -> TokenStream {
        let name = &self.name;
        let module = self.emit_module();
        let inputs = self
            .inputs()
            .enumerate()
            .map(|(index, port)| self.emit_input(index, port));
        let outputs = self
            .outputs()
            .enumerate()
            .map(|(index, port)| self.emit_output(index, port));
        let properties = self
            .properties
            .iter()
            .enumerate()
            .map(|(index, property)| property.emit_traits(name, index));
        let checks = self.emit_checks();
        let entry = self
            .config
            .is_some()
            .then(|| registration("MODULES", &quote!(#name)));
        quote!(#module #(#inputs)* #(#outputs)* #(#properties)* #checks #entry)
    }

    fn config(&self) -> TokenStream {
        match &self.config {
            Some(config) => quote!(#config),
            // The mistake is told already; something must stand here.
            None => quote!(::spark::rt::NoConfig),
        }
    }

    fn emit_module(&self) -> TokenStream {
        let name = &self.name;
        let config = self.config();
        let table = self.emit_table();
        let input_types = self.inputs().map(Port::input_type);
        let output_types = self.outputs().map(|port| &port.payload);
        let build = self.emit_build();
        let outputs = self.emit_outputs();
        let run = self.emit_run();
        let reset = self.emit_reset();
        let duplicate = emit_duplicate();
        let spark_state = self.emit_spark_state();
        let sharing = self.emit_sharing();
        let dynamic = self.emit_dynamic();
        quote! {
            #[automatically_derived]
            impl ::spark::rt::Module for #name {
                type Config = #config;
                type Inputs<'a> = (#(#input_types,)*);
                type Outputs = (#(#output_types,)*);
                const TABLE: &'static ::spark::rt::table::ModuleTable = &#table;
                #build
                #outputs
                #run
                #reset
                #duplicate
                #spark_state
                #sharing
                #dynamic
            }
        }
    }

    fn emit_table(&self) -> TokenStream {
        let Module {
            path,
            key,
            class,
            doc,
            properties,
            ..
        } = self;
        let name = self.name.to_string();
        let config = self.config();
        let first = self.inputs().next().map(|port| port.name.to_string());
        let like_input = match first {
            Some(first) => quote! {
                ::spark::rt::shape::ShapeRule::Terms(&[::spark::rt::shape::ShapeTerm::Input(#first)])
            },
            None => quote!(::spark::rt::shape::ShapeRule::Any),
        };
        let any = quote!(::spark::rt::shape::ShapeRule::Any);
        let inputs = self
            .inputs()
            .map(|port| port.emit_table(&self.ports, any.clone()));
        let outputs = self
            .outputs()
            .map(|port| port.emit_table(&self.ports, like_input.clone()));
        let properties = properties.iter().map(|property| property.emit_table(&self.ports));
        quote! {
            ::spark::rt::table::ModuleTable {
                name: #name,
                key: #key,
                class: #class,
                path: #path,
                doc: #doc,
                kind: ::spark::rt::table::ModuleKind::Module,
                inputs: &[#(#inputs),*],
                outputs: &[#(#outputs),*],
                properties: &[#(#properties),*],
                config: <#config as ::spark::rt::SparkConfig>::TABLE,
                graph: ::core::option::Option::None,
                origin: ::core::module_path!(),
            }
        }
    }

    fn emit_build(&self) -> TokenStream {
        let name = &self.name;
        // Without `build` the mistake is told already, and `Self::build` would call this very function.
        let call = if self.has_build {
            quote!(#name::build(config, ports, keys))
        } else {
            quote!(::core::result::Result::Err(::spark::rt::not_built(<#name as ::spark::rt::Module>::TABLE, keys)))
        };
        quote! {
            fn build(
                config: &Self::Config,
                ports: &::spark::rt::Ports<Self>,
                keys: &mut ::spark::rt::Keys,
            ) -> ::core::result::Result<Self, ::spark::rt::BuildError> {
                ::spark::rt::check_inputs::<Self>(config, ports, keys.path())?;
                #call
            }
        }
    }

    fn emit_outputs(&self) -> TokenStream {
        let name = &self.name;
        let zeros = self.outputs().enumerate().map(|(index, port)| {
            let payload = &port.payload;
            let shape = match port.shape {
                Shape::Build => {
                    let method = format_ident!("{}_shape", port.name);
                    quote_spanned!(port.name.span()=> &#name::#method(self))
                }
                _ => quote!(&::spark::rt::output_shape::<Self>(config, ports, #index)?),
            };
            quote!(<#payload as ::spark::rt::SparkPayload>::zeros(#shape))
        });
        let slots = (0..self.outputs().count()).map(Index::from);
        let init = self
            .has_init_outputs
            .then(|| quote!(#name::init_outputs(self, #(&mut outputs.#slots),*);));
        quote! {
            #[allow(unused_mut, unused_variables, clippy::let_unit_value)]
            fn outputs(
                &self,
                config: &Self::Config,
                ports: &::spark::rt::Ports<Self>,
            ) -> ::core::result::Result<Self::Outputs, ::spark::rt::BuildError> {
                let mut outputs = (#(#zeros,)*);
                #init
                ::core::result::Result::Ok(outputs)
            }
        }
    }

    fn emit_run(&self) -> TokenStream {
        let name = &self.name;
        let (mut input, mut output) = (0, 0);
        let arguments = self.ports.iter().map(|port| match port.kind {
            PortKind::Output => {
                let slot = Index::from(output);
                output += 1;
                quote!(&mut outputs.#slot)
            }
            _ => {
                let (index, slot) = (input, Index::from(input));
                input += 1;
                if port.optional {
                    quote!(inputs.#slot)
                } else {
                    quote!(::spark::rt::required(inputs.#slot, <#name as ::spark::rt::Module>::TABLE, #index))
                }
            }
        });
        let call = self.has_step.then(|| quote!(#name::step(self, #(#arguments),*);));
        quote! {
            #[allow(unused_variables)]
            #[inline]
            fn run(&mut self, inputs: Self::Inputs<'_>, outputs: &mut Self::Outputs) {
                #call
            }
        }
    }

    fn emit_reset(&self) -> TokenStream {
        let name = &self.name;
        let call = self.has_reset.then(|| quote!(#name::reset(self)));
        quote! {
            fn reset(&mut self) {
                #call
            }
        }
    }

    /// What the block says about several threads; the trait has defaults.
    fn emit_sharing(&self) -> TokenStream {
        let name = &self.name;
        let hooks = self.sharing.iter().map(|hook| match hook.to_string().as_str() {
            "sharing" => quote! {
                fn sharing(&self) -> ::spark::core::sharing::Sharing { #name::sharing(self) }
            },
            "restrict" => quote! {
                fn restrict(&mut self, part: ::spark::core::sharing::Part) { #name::restrict(self, part) }
            },
            "exchange" => quote! {
                fn exchange(&mut self, other: &Self, steps: usize) { #name::exchange(self, other, steps) }
            },
            _ => quote! {
                fn gather(&mut self, copy: &Self, part: ::spark::core::sharing::Part) { #name::gather(self, copy, part) }
            },
        });
        quote!(#(#hooks)*)
    }

    fn emit_spark_state(&self) -> TokenStream {
        let name = &self.name;
        let call = if self.has_spark_state {
            quote!(#name::spark_state(self, path, state))
        } else {
            quote!(::spark::rt::own_state(self, path, state))
        };
        quote! {
            fn spark_state(&self, path: &str, state: &mut ::spark::rt::StateMap) {
                #call
            }
        }
    }

    fn emit_dynamic(&self) -> TokenStream {
        let feeds = self.inputs().enumerate().map(|(index, port)| {
            let slot = Index::from(index);
            let feed = match port.kind {
                PortKind::InPlace => quote!(feed_in_place),
                PortKind::Many => quote!(feed_many),
                _ => quote!(feed_shared),
            };
            quote!(#index => ::spark::rt::#feed(&mut inputs.#slot, value))
        });
        let reads = (0..self.properties.len()).map(|index| {
            quote!(#index => ::core::option::Option::Some(<Self as ::spark::rt::Property<#index>>::get(self)))
        });
        let writes = self
            .properties
            .iter()
            .enumerate()
            .filter(|(_, property)| property.writer.is_some());
        let writes = writes.map(|(index, _)| {
            quote!(#index => ::core::option::Option::Some(<Self as ::spark::rt::PropertyMut<#index>>::get_mut(self)))
        });
        quote! {
            #[allow(unused_variables)]
            fn feed<'a>(inputs: &mut Self::Inputs<'a>, port: usize, value: ::spark::rt::AnyInput<'a>) -> bool {
                match port {
                    #(#feeds,)*
                    _ => false,
                }
            }
            fn property(&self, port: usize) -> ::core::option::Option<&dyn ::core::any::Any> {
                match port {
                    #(#reads,)*
                    _ => ::core::option::Option::None,
                }
            }
            fn property_mut(&mut self, port: usize) -> ::core::option::Option<&mut dyn ::core::any::Any> {
                match port {
                    #(#writes,)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    }

    fn emit_input(&self, index: usize, port: &Port) -> TokenStream {
        let name = &self.name;
        let payload = &port.payload;
        let slot = Index::from(index);
        if port.kind == PortKind::InPlace {
            return quote! {
                #[automatically_derived]
                impl ::spark::rt::InPlacePort<#index> for #name {
                    type Payload = #payload;
                    #[inline]
                    fn put<'a>(inputs: &mut <Self as ::spark::rt::Module>::Inputs<'a>, value: &'a mut #payload) {
                        inputs.#slot = ::core::option::Option::Some(value);
                    }
                }
            };
        }
        let (lent, value) = match port.kind {
            PortKind::Many => (quote!(&'a [&'a #payload]), quote!(::spark::rt::Many::of(value))),
            _ => (quote!(&'a #payload), quote!(value)),
        };
        quote! {
            #[automatically_derived]
            impl ::spark::rt::InputPort<#index> for #name {
                type Payload = #payload;
                type Ref<'a> = #lent;
                #[inline]
                fn put<'a>(inputs: &mut <Self as ::spark::rt::Module>::Inputs<'a>, value: #lent) {
                    inputs.#slot = ::core::option::Option::Some(#value);
                }
            }
        }
    }

    fn emit_output(&self, index: usize, port: &Port) -> TokenStream {
        let name = &self.name;
        let payload = &port.payload;
        let slot = Index::from(index);
        quote! {
            #[automatically_derived]
            impl ::spark::rt::OutputPort<#index> for #name {
                type Payload = #payload;
                #[inline]
                fn get(outputs: &<Self as ::spark::rt::Module>::Outputs) -> &#payload {
                    &outputs.#slot
                }
            }
        }
    }

    /// A name in `#[shape(..)]` that is no input must be a field of the configuration: only rustc knows its table.
    fn emit_checks(&self) -> TokenStream {
        let Some(config) = &self.config else {
            return TokenStream::new();
        };
        let of_ports = self.ports.iter().flat_map(|port| port.shape.fields(&self.ports));
        let of_properties = self
            .properties
            .iter()
            .flat_map(|property| property.shape.fields(&self.ports));
        let is_port = |name: &proc_macro2::Ident| self.ports.iter().any(|port| port.name == *name);
        let checks = of_ports
            .chain(of_properties)
            .filter(|field| !is_port(field))
            .map(|field| {
                let alias = format_ident!("shape_of_{}", field);
                let text = field.to_string();
                let check = quote_spanned! {field.span()=>
                    ::spark::rt::shape_field(<#config as ::spark::rt::SparkConfig>::TABLE, #text)
                };
                quote! {
                    const _: () = {
                        #[allow(non_camel_case_types)]
                        type #alias = [(); { #check; 0 }];
                        const _: #alias = [];
                    };
                }
            });
        quote!(#(#checks)*)
    }
}

/// Whether the module is `Clone` only rustc knows.
fn emit_duplicate() -> TokenStream {
    quote! {
        fn duplicate(&self) -> ::core::result::Result<Self, ::spark::rt::Problem> {
            #[allow(unused_imports)]
            use ::spark::rt::NotCloned as _;
            ::spark::rt::Copied(self).duplicate()
        }
    }
}

impl Port {
    fn input_type(&self) -> TokenStream {
        let payload = &self.payload;
        match self.kind {
            PortKind::InPlace => quote_spanned!(payload.span()=> ::core::option::Option<&'a mut #payload>),
            PortKind::Many => {
                quote_spanned!(payload.span()=> ::core::option::Option<::spark::rt::Many<'a, #payload>>)
            }
            _ => quote_spanned!(payload.span()=> ::core::option::Option<&'a #payload>),
        }
    }
}
