//! The parameters of `step`: each is a port.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, GenericArgument, LitInt, Pat, PatType, PathArguments, Token, Type, parenthesized};

use super::property::Property;
use super::take;
use crate::support::ctxt::{Ctxt, did_you_mean};
use crate::support::docs;

/// How a port is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum PortKind {
    Input,
    Many,
    InPlace,
    Output,
}

/// A port as read.
pub(super) struct Port {
    pub(super) name: Ident,
    pub(super) kind: PortKind,
    pub(super) optional: bool,
    pub(super) payload: Type,
    pub(super) per_synapse: bool,
    pub(super) sparse: bool,
    pub(super) shape: Shape,
    pub(super) doc: String,
}

/// What `#[shape(..)]` says.
pub(super) enum Shape {
    /// There is none.
    Unsaid,
    /// `#[shape(build)]`: known only once the module is built.
    Build,
    /// Terms, concatenated.
    Terms(Vec<Term>),
}

/// One term of `#[shape(..)]`.
pub(super) enum Term {
    /// An input or a field.
    Name(Ident),
    Fixed(usize),
    /// The number of elements of an input or a field.
    Flat(Ident),
    Pairs {
        post: Ident,
        pre: Ident,
    },
}

impl Parse for Term {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitInt) {
            return Ok(Term::Fixed(input.parse::<LitInt>()?.base10_parse()?));
        }
        let name: Ident = input.parse()?;
        if !input.peek(syn::token::Paren) {
            return Ok(Term::Name(name));
        }
        let arguments;
        parenthesized!(arguments in input);
        if name == "flat" {
            return Ok(Term::Flat(arguments.parse()?));
        }
        if name != "pairs" {
            let text = format!(
                "SPK076: `{name}(..)` is no shape\nhelp: those that take arguments are `pairs(post, pre)` and `flat(input)`"
            );
            return Err(syn::Error::new(name.span(), text));
        }
        let post = arguments.parse()?;
        arguments.parse::<Token![,]>()?;
        let pre = arguments.parse()?;
        Ok(Term::Pairs { post, pre })
    }
}

/// Reads a parameter and takes our attributes off it.
pub(super) fn read(parameter: &mut PatType, ctxt: &mut Ctxt) -> Option<Port> {
    let shape = read_shape(&take(&mut parameter.attrs, "shape"), ctxt);
    let per_synapse = take(&mut parameter.attrs, "per_synapse");
    let sparse = take(&mut parameter.attrs, "sparse");
    // Rust allows no doc comment on a parameter; here it documents the port.
    let comments: Vec<Attribute> = take(&mut parameter.attrs, "doc");
    let name = match &*parameter.pat {
        Pat::Ident(pat) => pat.ident.clone(),
        other => {
            ctxt.error(other, "SPK074: a port has a name: it is what wires speak of\nhelp: write `current: In<CurrentArray>`");
            return None;
        }
    };
    let Some((kind, optional, payload)) = read_type(&parameter.ty) else {
        ctxt.error(&parameter.ty, no_port(&name, &parameter.ty));
        return None;
    };
    if optional && kind == PortKind::Output {
        ctxt.error(
            &parameter.ty,
            "SPK074: an output is always there; only inputs may be optional\nhelp: write `Out<..>`, and leave it empty",
        );
        return None;
    }
    if let (Some(attr), true) = (per_synapse.first(), kind != PortKind::Output) {
        ctxt.error(
            attr,
            "SPK076: `per_synapse` belongs on an output\nhelp: an input takes what its source gives",
        );
    }
    if let (Some(attr), true) = (sparse.first(), kind != PortKind::InPlace) {
        ctxt.error(
            attr,
            "SPK076: `sparse` belongs on a kernel that is updated in place\nhelp: write `kernel: InOut<FloatArray>`",
        );
    }
    let doc = docs::text(&comments);
    let name = syn::ext::IdentExt::unraw(&name);
    Some(Port {
        name: strip(&name),
        kind,
        optional,
        payload,
        per_synapse: !per_synapse.is_empty(),
        sparse: !sparse.is_empty(),
        shape,
        doc,
    })
}

/// `_current` is the port `current`: the underscore only says that the step does not read it.
fn strip(name: &Ident) -> Ident {
    match name.to_string().strip_prefix('_') {
        Some(plain) if !plain.is_empty() && !plain.starts_with(|c: char| c.is_ascii_digit()) => {
            Ident::new(plain, name.span())
        }
        _ => name.clone(),
    }
}

fn no_port(name: &Ident, ty: &Type) -> String {
    let written = super::super::config::type_text(ty);
    let near = match last_segment(ty) {
        Some(segment) => did_you_mean(&segment.ident.to_string(), ["In", "Out", "InOut", "Many"]),
        None => String::new(),
    };
    format!(
        "SPK074: the parameter `{name}` is no port\nexpected: In<T>, Option<In<T>>, InOut<T>, Many<T> or Out<T>\n\
         found: {written}{near}"
    )
}

fn last_segment(ty: &Type) -> Option<&syn::PathSegment> {
    match ty {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        Type::Group(group) => last_segment(&group.elem),
        Type::Paren(paren) => last_segment(&paren.elem),
        _ => None,
    }
}

fn argument(segment: &syn::PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    let mut types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    match (types.next(), types.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

fn read_type(ty: &Type) -> Option<(PortKind, bool, Type)> {
    let segment = last_segment(ty)?;
    let inner = argument(segment)?;
    let kind = match segment.ident.to_string().as_str() {
        "In" => PortKind::Input,
        "Many" => PortKind::Many,
        "InOut" => PortKind::InPlace,
        "Out" => PortKind::Output,
        "Option" => {
            let (kind, optional, payload) = read_type(inner)?;
            return (!optional).then_some((kind, true, payload));
        }
        _ => return None,
    };
    Some((kind, false, inner.clone()))
}

/// Reads `#[shape(..)]`.
pub(super) fn read_shape(attrs: &[Attribute], ctxt: &mut Ctxt) -> Shape {
    let Some(first) = attrs.first() else {
        return Shape::Unsaid;
    };
    if let Some(second) = attrs.get(1) {
        ctxt.error(
            second,
            "SPK076: a port has one shape\nhelp: terms in one `#[shape(a, b)]` are concatenated",
        );
    }
    let syn::Meta::List(list) = &first.meta else {
        ctxt.error(
            first,
            "SPK076: this shape says nothing\nhelp: write `#[shape(units)]` or `#[shape(build)]`",
        );
        return Shape::Unsaid;
    };
    let terms = match Punctuated::<Term, Token![,]>::parse_terminated.parse2(list.tokens.clone()) {
        Ok(terms) => terms.into_iter().collect::<Vec<_>>(),
        Err(error) => {
            ctxt.syntax("SPK076", error);
            return Shape::Unsaid;
        }
    };
    match terms.as_slice() {
        [Term::Name(name)] if name == "build" => Shape::Build,
        _ => Shape::Terms(terms),
    }
}

/// A shape that names an output, or that stands on an input and cannot be said there.
pub(super) fn check_shapes(ports: &[Port], properties: &[Property], ctxt: &mut Ctxt) {
    let of_ports = ports.iter().map(|port| (&port.name, &port.shape, port.kind));
    let of_properties = properties
        .iter()
        .map(|property| (&property.name, &property.shape, PortKind::Output));
    for (owner, shape, kind) in of_ports.chain(of_properties) {
        if let (Shape::Build, true) = (shape, kind != PortKind::Output) {
            ctxt.error(
                owner,
                "SPK076: the shape of an input is there before the module is built\nhelp: leave it out",
            );
        }
        let Shape::Terms(terms) = shape else { continue };
        for name in terms.iter().flat_map(Term::names) {
            check_name(owner, name, ports, ctxt);
        }
    }
}

fn check_name(owner: &Ident, name: &Ident, ports: &[Port], ctxt: &mut Ctxt) {
    let named = ports.iter().find(|port| port.name == *name);
    if named.is_some_and(|port| port.kind == PortKind::Output) {
        ctxt.error(
            name,
            format!(
                "SPK076: the shape of `{owner}` is made of inputs and fields; `{name}` is an output\n\
                     help: name the input or field that gives `{name}` its shape"
            ),
        );
    } else if named.is_some() && name == owner {
        ctxt.error(
            name,
            format!("SPK076: the shape of `{owner}` is said by itself\nhelp: name another port or a field"),
        );
    }
}

impl Term {
    fn names(&self) -> Vec<&Ident> {
        match self {
            Term::Name(name) | Term::Flat(name) => vec![name],
            Term::Fixed(_) => Vec::new(),
            Term::Pairs { post, pre } => vec![post, pre],
        }
    }

    fn emit(&self, ports: &[Port]) -> TokenStream {
        let term = quote!(::spark::rt::shape::ShapeTerm);
        match self {
            Term::Fixed(size) => quote!(#term::Fixed(#size)),
            Term::Flat(name) => {
                let text = name.to_string();
                quote!(#term::Flat(#text))
            }
            Term::Name(name) => {
                let text = name.to_string();
                let variant = if is_input(name, ports) {
                    quote!(Input)
                } else {
                    quote!(Field)
                };
                quote!(#term::#variant(#text))
            }
            Term::Pairs { post, pre } => {
                let (post, pre) = (post.to_string(), pre.to_string());
                quote!(#term::Pairs { post: #post, pre: #pre })
            }
        }
    }
}

fn is_input(name: &Ident, ports: &[Port]) -> bool {
    ports
        .iter()
        .any(|port| port.name == *name && port.kind != PortKind::Output)
}

impl Shape {
    /// The rule as a `const`.
    pub(super) fn emit(&self, ports: &[Port], unsaid: TokenStream) -> TokenStream {
        let rule = quote!(::spark::rt::shape::ShapeRule);
        match self {
            Shape::Unsaid => unsaid,
            Shape::Build => quote!(#rule::Any),
            Shape::Terms(terms) => {
                let terms = terms.iter().map(|term| term.emit(ports));
                quote!(#rule::Terms(&[#(#terms),*]))
            }
        }
    }

    /// The config fields that the rule names.
    pub(super) fn fields<'a>(&'a self, ports: &'a [Port]) -> Vec<&'a Ident> {
        match self {
            Shape::Terms(terms) => terms
                .iter()
                .flat_map(Term::names)
                .filter(|name| !is_input(name, ports))
                .collect(),
            _ => Vec::new(),
        }
    }
}

impl Port {
    /// The entry of the table.
    pub(super) fn emit_table(&self, ports: &[Port], unsaid: TokenStream) -> TokenStream {
        let Port {
            optional,
            payload,
            per_synapse,
            sparse,
            doc,
            ..
        } = self;
        let name = self.name.to_string();
        let shape = self.shape.emit(ports, unsaid);
        let many = self.kind == PortKind::Many;
        let writable = self.kind == PortKind::InPlace;
        let span = syn::spanned::Spanned::span(payload);
        let table = quote_spanned!(span=> <#payload as ::spark::rt::SparkPayload>::TABLE);
        quote! {
            ::spark::rt::table::PortTable {
                name: #name, payload: #table, optional: #optional, many: #many, writable: #writable,
                per_synapse: #per_synapse, sparse: #sparse, shape: #shape, doc: #doc,
            }
        }
    }
}
