//! `#[register_config]`, and what `#[register_initializer]` shares with it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Fields, ItemStruct, LitStr, Path, Type, Visibility, parse_quote};

use super::{item, no_generics, registration};
use crate::debug;
use crate::network::seal::{self, Check};
use crate::support::ctxt::Ctxt;
use crate::support::options::{Options, key};
use crate::support::{docs, units};

/// Fields that the Python package's base classes bring along, in the order in which its files write them.
const MODULE_FIELDS: &[&str] = &["seed", "dtype", "dt"];
/// The fields of its base class of initializers; `__class_ref__` follows the last of them.
const INITIALIZER_FIELDS: &[&str] = &["dtype", "scale", "min_value", "max_value"];

/// `#[register_config]`.
pub(crate) fn expand(options: TokenStream, tokens: TokenStream) -> TokenStream {
    let structure = match item::<ItemStruct>("register_config", "a struct", &tokens) {
        Ok(structure) => structure,
        Err(answer) => return answer,
    };
    let mut ctxt = Ctxt::default();
    let mut options = Options::read("register_config", &["plain", "name"], options, &mut ctxt);
    let plain = options.flag("plain", &mut ctxt).is_some();
    let key = key(&mut options, &structure.ident.to_string(), &mut ctxt);
    let prepended = if plain { &[] } else { MODULE_FIELDS };
    let config = Config::read(structure, key, prepended, &mut ctxt);
    let emitted = config.emit(&quote!(::core::option::Option::None));
    let errors = ctxt.finish();
    let name = config.name.to_string();
    debug::show(&name, quote!(#errors #emitted))
}

/// A configuration struct as read.
pub(crate) struct Config {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    key: String,
    fields: Vec<Field>,
    aliases: TokenStream,
}

struct Field {
    attrs: Vec<Attribute>,
    vis: Visibility,
    name: Ident,
    /// As written, or an alias of it.
    ty: Type,
    ty_text: String,
    default: Option<Expr>,
    default_text: String,
    known: TokenStream,
    required: bool,
    number: TokenStream,
    validators: Vec<Path>,
    unit: Option<LitStr>,
}

impl Config {
    /// Reads a struct whose first fields are to be `prepended`.
    pub(crate) fn read(item: ItemStruct, key: String, prepended: &[&str], ctxt: &mut Ctxt) -> Config {
        no_generics(&item.generics, "a configuration", ctxt);
        let mut fields: Vec<Field> = prepended.iter().map(|name| Field::prepended(name)).collect();
        match item.fields {
            Fields::Named(named) => {
                for field in named.named {
                    if let Some(field) = Field::read(field, prepended, ctxt) {
                        fields.push(field);
                    }
                }
            }
            Fields::Unit => {}
            Fields::Unnamed(unnamed) => ctxt.error(
                &unnamed,
                "SPK071: the fields of a configuration have names: files write them\nhelp: write `{ pub tau: Ms }`",
            ),
        }
        let mut config = Config {
            attrs: item.attrs,
            vis: item.vis,
            name: item.ident,
            key,
            fields,
            aliases: TokenStream::new(),
        };
        config.seal();
        config
    }

    /// Replaces the types of the fields by aliases whose check tells once what is wrong with them.
    fn seal(&mut self) {
        let config = self.name.to_string();
        for field in &mut self.fields {
            let Type::Path(written) = &field.ty else { continue };
            if written.qself.is_some() || written.path.leading_colon.is_some() {
                continue;
            }
            let (name, ty) = (field.plain_name(), field.ty_text.clone());
            let check = Check {
                probe: "IS_FIELD",
                function: "field_type",
                arguments: quote!(#name, #ty),
            };
            let label = format!("__{config}_{name}");
            let path = seal::alias(&label, &written.path, &check, &mut self.aliases);
            field.ty = parse_quote!(#path);
        }
    }

    /// How many of the first fields belong to the Python package's base class of initializers.
    pub(crate) fn base_fields(&self) -> usize {
        self.fields
            .iter()
            .take_while(|field| INITIALIZER_FIELDS.contains(&field.plain_name().as_str()))
            .count()
    }

    /// The struct and everything that a configuration is.
    pub(crate) fn emit(&self, class: &TokenStream) -> TokenStream {
        let Config { attrs, vis, name, .. } = self;
        let fields = self.fields.iter().map(Field::declare);
        let default = self.emit_default();
        let config = self.emit_config(class);
        let slots = self
            .fields
            .iter()
            .enumerate()
            .map(|(index, field)| field.emit_slot(name, index));
        let serde = emit_serde(name);
        let entry = registration("CONFIGS", &quote!(#name));
        let aliases = &self.aliases;
        quote! {
            #aliases
            #(#attrs)*
            #[derive(::core::clone::Clone, ::core::fmt::Debug)]
            #vis struct #name {
                #(#fields,)*
                #[doc(hidden)]
                pub __origin: ::spark::rt::Origin,
            }
            #default
            #config
            #(#slots)*
            #serde
            #entry
        }
    }

    fn emit_default(&self) -> TokenStream {
        let name = &self.name;
        let values = self.fields.iter().map(Field::emit_default);
        quote! {
            #[automatically_derived]
            impl ::core::default::Default for #name {
                fn default() -> Self {
                    #name { #(#values,)* __origin: ::core::default::Default::default() }
                }
            }
            #[automatically_derived]
            impl ::core::cmp::PartialEq for #name {
                fn eq(&self, other: &Self) -> bool {
                    ::spark::rt::same_fields(self, other)
                }
            }
        }
    }

    fn emit_config(&self, class: &TokenStream) -> TokenStream {
        let Config { name, key, .. } = self;
        let doc = docs::text(&self.attrs);
        let text = name.to_string();
        let tables = self.fields.iter().map(Field::emit_table);
        // At the span of the type: what a type lacks is told there, once.
        let borrowed = |mutable: Option<syn::Token![mut]>| {
            let borrow = move |field: &Field| {
                let (name, ty) = (&field.name, &field.ty);
                quote_spanned!(ty.span()=> & #mutable self.#name)
            };
            self.fields.iter().map(borrow).collect::<Vec<_>>()
        };
        let (values, slots) = (borrowed(None), borrowed(Some(Default::default())));
        let checks = self
            .fields
            .iter()
            .enumerate()
            .flat_map(|(index, field)| field.emit_checks(index));
        quote! {
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl ::spark::rt::SparkConfig for #name {
                const TABLE: &'static ::spark::rt::table::ConfigTable = &::spark::rt::table::ConfigTable {
                    name: #text, key: #key, fields: &[#(#tables),*], doc: #doc,
                };
                const CHECKS: &'static [(usize, ::spark::rt::Check)] = &[#(#checks),*];
                const CLASS: ::core::option::Option<(usize, &'static str)> = #class;
                fn fields(&self) -> ::std::vec::Vec<&dyn ::spark::rt::FieldValue> {
                    ::std::vec![#(#values),*]
                }
                fn fields_mut(&mut self) -> ::std::vec::Vec<&mut dyn ::spark::rt::FieldValue> {
                    ::std::vec![#(#slots),*]
                }
                fn origin(&self) -> ::core::option::Option<&::spark::rt::Origin> {
                    ::core::option::Option::Some(&self.__origin)
                }
                fn origin_mut(&mut self) -> ::core::option::Option<&mut ::spark::rt::Origin> {
                    ::core::option::Option::Some(&mut self.__origin)
                }
            }
        }
    }
}

fn emit_serde(name: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::spark::rt::serde::Serialize for #name {
            fn serialize<S: ::spark::rt::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                ::spark::rt::serialize_config(self, serializer)
            }
        }
        #[automatically_derived]
        impl<'de> ::spark::rt::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::spark::rt::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                ::spark::rt::deserialize_config(deserializer)
            }
        }
    }
}

impl Field {
    fn prepended(name: &str) -> Field {
        let (doc, ty, default): (&str, Type, Expr) = match name {
            "seed" => (
                "Seed of the random stream; unset, it is given by what surrounds the module.",
                parse_quote!(::core::option::Option<u64>),
                parse_quote!(::core::option::Option::None),
            ),
            "dt" => (
                "Time step; unset, it is that of what surrounds the module.",
                parse_quote!(::core::option::Option<::spark::units::Ms>),
                parse_quote!(::core::option::Option::None),
            ),
            _ => (
                "Type of the numbers.",
                parse_quote!(::spark::rt::Dtype),
                parse_quote!(::spark::rt::Dtype::Float32),
            ),
        };
        Field {
            attrs: vec![parse_quote!(#[doc = #doc])],
            vis: parse_quote!(pub),
            name: Ident::new(name, Span::call_site()),
            ty_text: type_text(&ty),
            ty,
            default: Some(default),
            default_text: String::new(),
            known: quote!(::spark::rt::shape::ConstValue::Unknown),
            required: false,
            number: quote!(Number),
            validators: Vec::new(),
            unit: None,
        }
    }

    fn read(field: syn::Field, prepended: &[&str], ctxt: &mut Ctxt) -> Option<Field> {
        let name = field.ident?;
        if prepended.contains(&name.to_string().as_str()) || name == "__origin" {
            ctxt.error(
                &name,
                format!(
                    "SPK079: `{name}` is a field of every such configuration already\n\
                     help: leave it out, or write `#[register_config(plain)]` to have none of them"
                ),
            );
            return None;
        }
        let (own, attrs): (Vec<_>, Vec<_>) = field
            .attrs
            .into_iter()
            .partition(|attr| attr.path().is_ident("field"));
        if let Some(cfg) = attrs.iter().find(|attr| attr.path().is_ident("cfg")) {
            ctxt.error(
                cfg,
                "SPK078: a field of a configuration is there always: files are read by every build",
            );
        }
        let mut read = Field {
            attrs,
            vis: field.vis,
            name,
            ty_text: type_text(&field.ty),
            ty: field.ty,
            default: None,
            default_text: String::new(),
            known: quote!(::spark::rt::shape::ConstValue::Unknown),
            required: false,
            number: quote!(Number),
            validators: Vec::new(),
            unit: None,
        };
        read.read_options(&own, ctxt);
        Some(read)
    }

    fn read_options(&mut self, own: &[Attribute], ctxt: &mut Ctxt) {
        if let Some(second) = own.get(1) {
            ctxt.error(
                second,
                "SPK078: a field has one `#[field(..)]`\nhelp: put all options into the first",
            );
        }
        let tokens = match own.first().map(|attr| &attr.meta) {
            Some(syn::Meta::List(list)) => list.tokens.clone(),
            _ => TokenStream::new(),
        };
        let known = ["default", "required", "validate", "unit", "array", "constant"];
        let mut options = Options::read("field", &known, tokens, ctxt);
        let default = options.expr("default", "default = 20ms", ctxt);
        let required = options.flag("required", ctxt);
        self.number = match (options.flag("array", ctxt), options.flag("constant", ctxt)) {
            (Some(_), _) => quote!(Array),
            (None, Some(_)) => quote!(Constant),
            (None, None) => quote!(Number),
        };
        self.validators = options.list("validate", "validate(PositiveValidator)", ctxt);
        self.unit = options.text("unit", "unit = \"ms\"", ctxt);
        self.required = required.is_some();
        match (&default, &required) {
            (Some(_), Some(required)) => {
                ctxt.error(
                    required,
                    "SPK078: a required field has no default\nhelp: keep one of the two",
                );
            }
            (None, None) => {
                let text = format!(
                    "SPK078: the field `{}` has no default\nhelp: write `#[field(default = ..)]` or `#[field(required)]`",
                    self.name
                );
                ctxt.error(&self.name, text);
            }
            _ => {}
        }
        if let Some((_, expr)) = default {
            self.default_text = source_text(&expr);
            self.known = units::const_value(&expr);
            self.default = units::rewrite(&expr, ctxt);
        }
    }

    fn plain_name(&self) -> String {
        syn::ext::IdentExt::unraw(&self.name).to_string()
    }

    fn declare(&self) -> TokenStream {
        let Field {
            attrs, vis, name, ty, ..
        } = self;
        quote!(#(#attrs)* #vis #name: #ty)
    }

    fn emit_default(&self) -> TokenStream {
        let Field { name, ty, .. } = self;
        match &self.default {
            Some(expr) if self.default_text.is_empty() => quote!(#name: #expr),
            Some(expr) => {
                quote_spanned!(expr.span()=> #name: ::spark::rt::IntoField::<#ty>::into_field(#expr))
            }
            None => quote!(#name: <#ty as ::spark::rt::FieldType>::unset()),
        }
    }

    fn emit_table(&self) -> TokenStream {
        let Field {
            ty,
            default_text,
            known,
            required,
            number,
            validators,
            ..
        } = self;
        let name = self.plain_name();
        let doc = docs::text(&self.attrs);
        let ty_text = &self.ty_text;
        let unit = match &self.unit {
            Some(unit) => quote!(#unit),
            None => quote_spanned!(ty.span()=> <#ty as ::spark::rt::FieldType>::UNIT),
        };
        quote! {
            ::spark::rt::table::FieldTable {
                name: #name,
                ty: #ty_text,
                unit: #unit,
                required: #required,
                number: ::spark::rt::table::NumberForm::#number,
                default_text: #default_text,
                default: #known,
                validators: &[#(<#validators as ::spark::rt::RegisteredValidator>::TABLE),*],
                nested: <#ty as ::spark::rt::FieldType>::NESTED,
                doc: #doc,
            }
        }
    }

    fn emit_checks(&self, index: usize) -> Vec<TokenStream> {
        let check = |validator: &Path| quote_spanned!(validator.span()=> (#index, <#validator as ::spark::rt::RegisteredValidator>::CHECK));
        self.validators.iter().map(check).collect()
    }

    fn emit_slot(&self, config: &Ident, index: usize) -> TokenStream {
        let Field { name, ty, .. } = self;
        quote! {
            #[automatically_derived]
            impl ::spark::rt::ConfigField<#index> for #config {
                type Value = #ty;
                fn slot(&mut self) -> &mut #ty {
                    &mut self.#name
                }
            }
        }
    }
}

/// An expression as the user wrote it. The span of an expression ends with its first token unless the compiler is a
/// nightly one: the text is put together from tokens, and what stands in brackets is one.
fn source_text(expr: &Expr) -> String {
    let mut text = String::new();
    for token in quote!(#expr) {
        let piece = token.span().source_text().unwrap_or_else(|| token.to_string());
        let piece = piece.split_whitespace().collect::<Vec<_>>().join(" ");
        let word = |c: char| c.is_alphanumeric() || c == '_';
        if piece.starts_with('{') || (text.ends_with(word) && piece.starts_with(word)) {
            text.push(' ');
        }
        text.push_str(&piece);
    }
    text
}

/// A type as one writes it: `Init<Ms>`, not `Init < Ms >`.
pub(crate) fn type_text(ty: &Type) -> String {
    let text = quote!(#ty).to_string();
    text.replace(" < ", "<")
        .replace(" > ", ">")
        .replace(" >", ">")
        .replace("< ", "<")
        .replace(" :: ", "::")
        .replace(" ,", ",")
        .replace(" ;", ";")
}

/// The alias under which an initializer is its own configuration.
pub(crate) fn alias(name: &Ident) -> Ident {
    format_ident!("{name}Config")
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn a_config_expands_to_items() {
        let tokens = expand(
            quote!(),
            quote! {
                /// Doc.
                pub struct LeakySomaConfig {
                    /// Membrane time constant.
                    #[field(default = 20ms, validate(PositiveValidator))]
                    pub potential_tau: Init<Ms>,
                }
            },
        );
        let text = tokens.to_string();
        assert!(syn::parse2::<syn::File>(tokens).is_ok());
        assert!(text.contains("leaky_soma_config") && !text.contains("compile_error"));
    }

    #[test]
    fn all_mistakes_are_told_and_the_struct_stays() {
        let text = expand(
            quote!(plan),
            quote! {
                struct C {
                    seed: u64,
                    #[field(defualt = 1.0)]
                    a: f64,
                    #[field(default = 1.0, required)]
                    b: f64,
                }
            },
        )
        .to_string();
        for part in [
            "SPK070",
            "did you mean `plain`",
            "SPK079",
            "did you mean `default`",
            "SPK078",
            "struct C",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn types_read_as_written() {
        assert_eq!(type_text(&parse_quote!(Option<Init<Ms>>)), "Option<Init<Ms>>");
        assert_eq!(type_text(&parse_quote!([f64; 4])), "[f64; 4]");
    }
}
