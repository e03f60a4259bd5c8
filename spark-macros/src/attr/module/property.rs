//! `#[property]` methods: what other nodes may read, and with `name_mut` also write.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{FnArg, ImplItem, ImplItemFn, ItemImpl, ReturnType, Type};

use super::port::{Port, Shape, read_shape};
use super::{check_receiver, take};
use crate::support::ctxt::Ctxt;
use crate::support::docs;

/// A property as read.
pub(super) struct Property {
    pub(super) name: Ident,
    pub(super) payload: Type,
    pub(super) shape: Shape,
    pub(super) doc: String,
    /// The method `name_mut`, if there is one.
    pub(super) writer: Option<Ident>,
}

/// Reads the properties and takes our attributes off them.
pub(super) fn read(block: &mut ItemImpl, ctxt: &mut Ctxt) -> Vec<Property> {
    let mut properties: Vec<Property> = Vec::new();
    let mut writers = Vec::new();
    for item in &mut block.items {
        let ImplItem::Fn(method) = item else { continue };
        let marks = take(&mut method.attrs, "property");
        let shapes = take(&mut method.attrs, "shape");
        if marks.is_empty() {
            if let Some(shape) = shapes.first() {
                ctxt.error(
                    shape,
                    "SPK077: only ports and properties have a shape\nhelp: add `#[property]`",
                );
            }
            continue;
        }
        match read_one(method, ctxt) {
            Some((payload, true)) => writers.push((method.sig.ident.clone(), payload)),
            Some((payload, false)) => properties.push(Property {
                name: syn::ext::IdentExt::unraw(&method.sig.ident),
                payload,
                shape: read_shape(&shapes, ctxt),
                doc: docs::text(&method.attrs),
                writer: None,
            }),
            None => {}
        }
    }
    for (writer, payload) in writers {
        join(writer, &payload, &mut properties, ctxt);
    }
    properties
}

/// The payload of a property method, and whether it is the writing one.
fn read_one(method: &ImplItemFn, ctxt: &mut Ctxt) -> Option<(Type, bool)> {
    let writes = method.sig.ident.to_string().ends_with("_mut");
    check_receiver(method, writes, ctxt);
    if let Some(extra) = method
        .sig
        .inputs
        .iter()
        .find(|arg| matches!(arg, FnArg::Typed(_)))
    {
        ctxt.error(
            extra,
            "SPK077: a property takes nothing but `self`\nhelp: what it depends on is a config field",
        );
    }
    let form = if writes { "&mut FloatArray" } else { "&FloatArray" };
    match &method.sig.output {
        ReturnType::Type(_, ty) => match &**ty {
            Type::Reference(reference) if reference.mutability.is_some() == writes => {
                return Some(((*reference.elem).clone(), writes));
            }
            other => ctxt.error(
                other,
                format!("SPK077: a property lends a payload\nhelp: write `-> {form}`"),
            ),
        },
        ReturnType::Default => {
            ctxt.error(
                &method.sig.ident,
                format!("SPK077: the property gives nothing\nhelp: write `-> {form}`"),
            );
        }
    }
    None
}

fn join(writer: Ident, payload: &Type, properties: &mut [Property], ctxt: &mut Ctxt) {
    let text = writer.to_string();
    let reads = text.strip_suffix("_mut").unwrap_or(&text);
    match properties.iter_mut().find(|property| property.name == reads) {
        Some(property) if property.payload == *payload => property.writer = Some(writer),
        Some(_) => ctxt.error(
            payload,
            format!("SPK077: `{reads}` and `{text}` lend different types"),
        ),
        None => ctxt.error(
            &writer,
            format!(
                "SPK077: what can be written can be read\nhelp: add `#[property] fn {reads}(&self) -> &..`"
            ),
        ),
    }
}

impl Property {
    /// The entry of the table.
    pub(super) fn emit_table(&self, ports: &[Port]) -> TokenStream {
        let Property { payload, doc, .. } = self;
        let name = self.name.to_string();
        let writable = self.writer.is_some();
        let shape = self.shape.emit(ports, quote!(::spark::rt::shape::ShapeRule::Any));
        let span = syn::spanned::Spanned::span(payload);
        let table = quote_spanned!(span=> <#payload as ::spark::rt::SparkPayload>::TABLE);
        quote! {
            ::spark::rt::table::PortTable {
                name: #name, payload: #table, optional: true, many: false, writable: #writable,
                per_synapse: false, sparse: false, shape: #shape, doc: #doc,
            }
        }
    }

    /// `Property<I>` and `PropertyMut<I>`.
    pub(super) fn emit_traits(&self, module: &Ident, index: usize) -> TokenStream {
        let Property { payload, .. } = self;
        let read = &self.name;
        let read = crate::support::names::ident(read);
        let writes = self.writer.as_ref().map(|writer| {
            quote! {
                #[automatically_derived]
                impl ::spark::rt::PropertyMut<#index> for #module {
                    fn get_mut(&mut self) -> &mut #payload {
                        #module::#writer(self)
                    }
                }
            }
        });
        quote! {
            #[automatically_derived]
            impl ::spark::rt::Property<#index> for #module {
                type Payload = #payload;
                fn get(&self) -> &#payload {
                    #module::#read(self)
                }
            }
            #writes
        }
    }
}
