//! What a `network!` says, as written: names with their spans, nothing resolved yet.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Path, Visibility};

/// One `neuron` or `brain`.
pub(crate) struct Network {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) kind: Kind,
    pub(crate) name: Ident,
    pub(crate) inputs: Vec<Port>,
    pub(crate) outputs: Vec<Port>,
    pub(crate) header: Vec<Setting>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) wires: Vec<Wire>,
    /// Names in statements that could not be read: nothing more is said of them.
    pub(crate) unread: Vec<String>,
    /// Aliases of the types that the network names, with their checks.
    pub(crate) aliases: TokenStream,
}

/// Neuron or brain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Neuron,
    Brain,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Neuron => "neuron",
            Kind::Brain => "brain",
        }
    }
}

/// An input or output of the network: `signal: FloatArray[4]`.
#[derive(Clone)]
pub(crate) struct Port {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) name: Ident,
    /// The payload as written.
    pub(crate) written: Path,
    /// The payload as emitted: an alias of it that holds a check.
    pub(crate) payload: Path,
    /// The declared sizes, and the span of the brackets.
    pub(crate) shape: Option<Vec<syn::Expr>>,
}

/// A header field: `dt = 1ms;`.
pub(crate) struct Setting {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

/// A node: `soma = LeakySoma { threshold: -40mV };`.
pub(crate) struct Node {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) name: Ident,
    /// The module as written.
    pub(crate) written: Path,
    /// The module as emitted: an alias of it that holds a check.
    pub(crate) module: Path,
    pub(crate) fields: Vec<Field>,
}

/// A field of a node or of a config literal; dotted for nested ones.
pub(crate) struct Field {
    pub(crate) path: Vec<Ident>,
    pub(crate) value: Value,
}

impl Field {
    /// `soma.threshold`.
    pub(crate) fn dotted(&self) -> String {
        let names: Vec<String> = self.path.iter().map(Ident::to_string).collect();
        names.join(".")
    }
}

/// The value of a field.
pub(crate) enum Value {
    /// `Path { field: value }`: a config with defaults for the rest.
    Config { path: Path, fields: Vec<Field> },
    /// Any expression; literals with units are not rewritten yet.
    Expr {
        expr: Box<syn::Expr>,
        first: Span,
        last: Span,
    },
}

impl Value {
    /// The spans of the first and the last token.
    pub(crate) fn ends(&self) -> (Span, Span) {
        match self {
            Value::Config { path, .. } => {
                let span = syn::spanned::Spanned::span(path);
                (span, span)
            }
            Value::Expr { first, last, .. } => (*first, *last),
        }
    }
}

/// `(a.x, b.y) -> c.z, d.w;` or `a.kernel() <-> b.kernel;`.
pub(crate) struct Wire {
    pub(crate) sources: Vec<End>,
    pub(crate) sinks: Vec<End>,
    pub(crate) in_place: bool,
    /// The first and the last token of the arrow.
    pub(crate) arrow: (Span, Span),
}

/// One end of a wire.
#[derive(Clone)]
pub(crate) struct End {
    /// `None`: a bare name, an input or output of the network itself.
    pub(crate) node: Option<Ident>,
    pub(crate) port: Ident,
    /// Whether it was written with parentheses: a property.
    pub(crate) property: bool,
}

impl End {
    /// The spans of its first and last name.
    pub(crate) fn ends(&self) -> (Span, Span) {
        let first = self.node.as_ref().map_or_else(|| self.port.span(), Ident::span);
        (first, self.port.span())
    }
}

/// A problem found while reading the tokens.
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    pub(crate) first: Span,
    pub(crate) last: Span,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Problem {
    pub(crate) fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Problem {
            code,
            first: span,
            last: span,
            message: message.into(),
            help: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn to(mut self, last: Span) -> Self {
        self.last = last;
        self
    }

    /// `compile_error!` over the tokens from `first` to `last`.
    pub(crate) fn emit(&self) -> TokenStream {
        let mut text = format!("{}: {}", self.code, self.message);
        if let Some(help) = &self.help {
            text.push_str("\nhelp: ");
            text.push_str(help);
        }
        compile_error(self.first, self.last, &text)
    }
}

/// `::core::compile_error!{ text }` whose span runs from `first` to `last`.
pub(crate) fn compile_error(first: Span, last: Span, text: &str) -> TokenStream {
    use proc_macro2::{Delimiter, Group, Literal, Punct, Spacing, TokenTree};
    let mut message = Literal::string(text);
    message.set_span(last);
    let mut group = Group::new(Delimiter::Brace, TokenTree::from(message).into());
    group.set_span(last);
    let punct = |c, spacing| {
        let mut punct = Punct::new(c, spacing);
        punct.set_span(first);
        TokenTree::from(punct)
    };
    [
        punct(':', Spacing::Joint),
        punct(':', Spacing::Alone),
        TokenTree::from(Ident::new("core", first)),
        punct(':', Spacing::Joint),
        punct(':', Spacing::Alone),
        TokenTree::from(Ident::new("compile_error", first)),
        punct('!', Spacing::Alone),
        TokenTree::from(group),
    ]
    .into_iter()
    .collect()
}
