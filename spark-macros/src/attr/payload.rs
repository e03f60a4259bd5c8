//! `#[register_payload]`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericArgument, ItemStruct, PathArguments, Type};

use super::{item, no_generics, promised, registration};
use crate::debug;
use crate::support::ctxt::Ctxt;
use crate::support::docs;
use crate::support::names::snake;
use crate::support::options::{Options, key};

/// Expands the attribute.
pub(crate) fn expand(options: TokenStream, tokens: TokenStream) -> TokenStream {
    let mut structure = match item::<ItemStruct>("register_payload", "a struct", &tokens) {
        Ok(structure) => structure,
        Err(answer) => return answer,
    };
    let mut ctxt = Ctxt::default();
    let mut options = Options::read(
        "register_payload",
        &["concat", "name", "dtype"],
        options,
        &mut ctxt,
    );
    let concat = options.flag("concat", &mut ctxt).is_some();
    let dtype = options.path("dtype", "dtype = Float32", &mut ctxt);
    let key = key(&mut options, &structure.ident.to_string(), &mut ctxt);
    no_generics(&structure.generics, "a payload", &mut ctxt);
    let fixed = fixed_fields(&mut structure);
    let value = match value_field(&mut structure, &mut ctxt) {
        Ok(value) => value,
        Err(NotAnArray) => {
            let errors = ctxt.finish();
            return quote!(#errors #structure);
        }
    };
    let mut table = emit_table(&structure, &key, concat);
    if concat {
        let name = &structure.ident;
        let form = format!("impl spark::Concat for {name} {{ fn concat_into(..) {{ .. }} }}");
        let checked = promised(name, "register_payload(concat)", "IS_CONCAT", &form);
        table.extend(quote! {
            fn gather(into: &mut Self, parts: &[&Self]) {
                <#checked as ::spark::rt::Concat>::concat_into(into, parts);
            }
        });
    }
    let payload = match &value {
        Some(value) => emit_from_value(&structure, value, &table),
        None => emit_from_methods(&structure, dtype.as_ref(), &table),
    };
    let state = emit_state(&structure, value.as_ref(), &fixed);
    if let (Some(_), syn::Fields::Named(fields)) = (&value, &mut structure.fields) {
        fields
            .named
            .push(syn::parse_quote!(#[doc(hidden)] __shape: ::spark::rt::Shape));
    }
    let entry = registration("PAYLOADS", &{
        let name = &structure.ident;
        quote!(#name)
    });
    let errors = ctxt.finish();
    debug::show(
        &structure.ident.to_string(),
        quote!(#errors #structure #payload #state #entry),
    )
}

/// The array that a payload is: its field and element type.
struct Value {
    field: Ident,
    element: Type,
}

/// A field marked `#[value]` is no array: that is told, and nothing can be made of the payload.
struct NotAnArray;

/// The field marked `#[value]`, else the one named `array`, if it is an array.
fn value_field(structure: &mut ItemStruct, ctxt: &mut Ctxt) -> Result<Option<Value>, NotAnArray> {
    let mut broken = false;
    let mut marked: Option<Value> = None;
    let mut named: Option<Value> = None;
    for field in &mut structure.fields {
        let own = super::module::take(&mut field.attrs, "value");
        let element = element(&field.ty);
        let Some(name) = field.ident.clone() else {
            if let Some(attr) = own.first() {
                ctxt.error(attr, "SPK082: the value of a payload is a field with a name");
            }
            continue;
        };
        match (own.first(), element) {
            (Some(attr), _) if marked.is_some() => ctxt.error(attr, "SPK082: a payload has one `#[value]`"),
            (Some(_), Some(element)) => marked = Some(Value { field: name, element }),
            (Some(_), None) => {
                let text =
                    "SPK082: the value of a payload is an array of `ndarray`\nhelp: write `ArrayD<f32>`";
                ctxt.error(&field.ty, text);
                broken = true;
            }
            (None, Some(element)) if name == "array" => named = Some(Value { field: name, element }),
            (None, _) => {}
        }
    }
    if broken {
        Err(NotAnArray)
    } else {
        Ok(marked.or(named))
    }
}

/// `ArrayD<T>` -> `T`.
fn element(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path
        .path
        .segments
        .last()
        .filter(|segment| segment.ident == "ArrayD")?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    })
}

fn emit_table(structure: &ItemStruct, key: &str, concat: bool) -> TokenStream {
    let name = structure.ident.to_string();
    let doc = docs::text(&structure.attrs);
    quote! {
        const TABLE: &'static ::spark::rt::table::PayloadTable = &::spark::rt::table::PayloadTable {
            name: #name, key: #key, origin: ::core::module_path!(), concatenates: #concat, doc: #doc,
        };
    }
}

/// Everything follows from the array; other fields keep their defaults.
fn emit_from_value(structure: &ItemStruct, value: &Value, table: &TokenStream) -> TokenStream {
    let name = &structure.ident;
    let Value { field, element } = value;
    let others: Vec<&Ident> = structure
        .fields
        .iter()
        .filter_map(|other| other.ident.as_ref())
        .filter(|other| *other != field)
        .collect();
    quote! {
        #[automatically_derived]
        impl ::core::convert::From<::spark::rt::ArrayD<#element>> for #name {
            fn from(array: ::spark::rt::ArrayD<#element>) -> Self {
                let __shape = ::spark::rt::Shape::from(array.shape());
                #name { #field: array, __shape, #(#others: ::core::default::Default::default(),)* }
            }
        }
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl ::spark::rt::SparkPayload for #name {
            #table
            fn zeros(shape: &::spark::rt::Shape) -> Self {
                #name::from(::spark::rt::zeros::<#element>(shape))
            }
            fn shape(&self) -> &::spark::rt::Shape {
                &self.__shape
            }
            fn dtype(&self) -> ::spark::rt::Dtype {
                <#element as ::spark::rt::Element>::DTYPE
            }
            fn clear(&mut self) {
                self.#field.fill(::core::default::Default::default());
            }
            fn latch(&mut self, newer: &Self) {
                self.#field.clone_from(&newer.#field);
                self.__shape.clone_from(&newer.__shape);
                #(self.#others.clone_from(&newer.#others);)*
            }
        }
    }
}

/// The type has `zeros`, `shape` and `clear` of its own.
fn emit_from_methods(structure: &ItemStruct, dtype: Option<&syn::Path>, table: &TokenStream) -> TokenStream {
    let name = &structure.ident;
    let dtype = match dtype.and_then(syn::Path::get_ident) {
        Some(dtype) => quote!(::spark::rt::Dtype::#dtype),
        None => quote!(::spark::rt::Dtype::Float32),
    };
    // In a module of its own the trait is not in scope: a missing method is told by rustc, and is no call of the
    // trait's method by itself.
    let methods = format_ident!("__{}_methods", snake(&name.to_string()));
    let calls = quote_spanned! {name.span()=>
        pub(super) fn zeros(shape: &::spark::rt::Shape) -> #name {
            #name::zeros(shape)
        }
        pub(super) fn shape(payload: &#name) -> &::spark::rt::Shape {
            payload.shape()
        }
        pub(super) fn clear(payload: &mut #name) {
            payload.clear()
        }
    };
    quote! {
        #[doc(hidden)]
        mod #methods {
            use super::#name;
            #calls
        }
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl ::spark::rt::SparkPayload for #name {
            #table
            fn zeros(shape: &::spark::rt::Shape) -> Self {
                #methods::zeros(shape)
            }
            fn shape(&self) -> &::spark::rt::Shape {
                #methods::shape(self)
            }
            fn dtype(&self) -> ::spark::rt::Dtype {
                #dtype
            }
            fn clear(&mut self) {
                #methods::clear(self)
            }
        }
    }
}

/// Fields that do not change while a model runs: shapes, and those marked `#[fixed]`.
fn fixed_fields(structure: &mut ItemStruct) -> Vec<Ident> {
    let fields = structure.fields.iter_mut().filter_map(|field| {
        let marked = !super::module::take(&mut field.attrs, "fixed").is_empty();
        let shape = matches!(&field.ty, Type::Path(path) if path.path.segments.last().is_some_and(|s| s.ident == "Shape"));
        field.ident.clone().filter(|_| marked || shape)
    });
    fields.collect()
}

/// A payload may be a variable: each of its fields is an array of the state.
fn emit_state(structure: &ItemStruct, value: Option<&Value>, fixed: &[Ident]) -> TokenStream {
    let name = &structure.ident;
    let changes = |field: &&syn::Field| field.ident.as_ref().is_some_and(|ident| !fixed.contains(ident));
    let fields: Vec<&syn::Field> = structure.fields.iter().filter(changes).collect();
    let alone = value.is_some() && fields.len() == 1;
    let visits = fields.iter().filter_map(|field| {
        let ident = field.ident.as_ref()?;
        let text = if alone { String::new() } else { ident.to_string() };
        Some(quote_spanned!(field.ty.span()=> visitor.nested(#text, |visitor| {
            ::spark::rt::StateValue::visit_value(&mut self.#ident, visitor);
        });))
    });
    let saves = fields.iter().filter_map(|field| {
        let ident = field.ident.as_ref()?;
        let text = if alone { String::new() } else { ident.to_string() };
        Some(quote_spanned!(field.ty.span()=> reader.nested(#text, |reader| {
            ::spark::rt::StateValue::save(&self.#ident, reader);
        });))
    });
    quote! {
        #[automatically_derived]
        impl ::spark::rt::StateValue for #name {
            #[allow(unused_variables)]
            fn save(&self, reader: &mut ::spark::rt::StateReader<'_>) {
                #(#saves)*
            }
            #[allow(unused_variables)]
            fn visit_value(&mut self, visitor: &mut ::spark::rt::StateVisitor<'_>) {
                #(#visits)*
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn a_payload_with_an_array_needs_nothing_else() {
        let text = super::expand(
            quote!(concat),
            quote!(
                pub struct Rates {
                    array: ArrayD<f32>,
                }
            ),
        )
        .to_string();
        assert!(
            text.contains("concatenates : true") && text.contains("__shape") && !text.contains("_methods")
        );
    }

    #[test]
    fn mistakes_are_told() {
        let text = super::expand(
            quote!(contact),
            quote!(
                pub struct Rates<T> {
                    #[value]
                    array: Vec<T>,
                }
            ),
        )
        .to_string();
        for part in ["did you mean `concat`", "SPK085", "SPK082", "struct Rates"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
