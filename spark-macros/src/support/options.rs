//! Options of the attributes: `name = value`, `flag`, `list(..)`, parsed without stopping at the first mistake.

use proc_macro2::{Ident, TokenStream};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, LitStr, Path, Token, parenthesized};

use super::ctxt::{Ctxt, did_you_mean};

/// One option as written.
pub(crate) struct Given {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

/// What stands behind its name.
pub(crate) enum Value {
    Flag,
    Assigned(Expr),
    List(Vec<Path>),
}

impl Parse for Given {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.call(<Ident as syn::ext::IdentExt>::parse_any)?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Value::Assigned(input.parse()?)
        } else if input.peek(syn::token::Paren) {
            let list;
            parenthesized!(list in input);
            Value::List(
                Punctuated::<Path, Token![,]>::parse_terminated(&list)?
                    .into_iter()
                    .collect(),
            )
        } else {
            Value::Flag
        };
        Ok(Given { name, value })
    }
}

/// The options of one attribute.
pub(crate) struct Options {
    attribute: &'static str,
    given: Vec<Given>,
    /// Options that are not known, as written.
    unknown: Vec<String>,
}

impl Options {
    /// Reads `tokens`; `known` are the names that `attribute` takes.
    pub(crate) fn read(
        attribute: &'static str,
        known: &[&'static str],
        tokens: TokenStream,
        ctxt: &mut Ctxt,
    ) -> Options {
        let parsed = Punctuated::<Given, Token![,]>::parse_terminated.parse2(tokens);
        let given = match parsed {
            Ok(given) => given.into_iter().collect(),
            Err(error) => {
                ctxt.syntax("SPK070", error);
                Vec::new()
            }
        };
        let mut options = Options {
            attribute,
            given: Vec::new(),
            unknown: Vec::new(),
        };
        for one in given {
            options.admit(one, known, ctxt);
        }
        options
    }

    fn admit(&mut self, given: Given, known: &[&'static str], ctxt: &mut Ctxt) {
        let name = given.name.to_string();
        if !known.contains(&name.as_str()) {
            let near = did_you_mean(&name, known.iter().copied());
            let list = if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            };
            let text = format!(
                "SPK070: `{}` has no option `{name}`; it has: {list}{near}",
                self.attribute
            );
            ctxt.error(&given.name, text);
            self.unknown.push(name);
        } else if self.given.iter().any(|other| other.name == given.name) {
            ctxt.error(
                &given.name,
                format!("SPK070: the option `{name}` is given twice\nhelp: keep one of them"),
            );
        } else {
            self.given.push(given);
        }
    }

    /// Whether an option that is not known was meant for `name`.
    pub(crate) fn misspelt(&self, name: &str) -> bool {
        self.unknown
            .iter()
            .any(|wrong| !did_you_mean(wrong, [name]).is_empty())
    }

    fn take(&mut self, name: &str) -> Option<Given> {
        let index = self.given.iter().position(|given| given.name == name)?;
        Some(self.given.swap_remove(index))
    }

    /// `name = EXPR`.
    pub(crate) fn expr(&mut self, name: &str, example: &str, ctxt: &mut Ctxt) -> Option<(Ident, Expr)> {
        let given = self.take(name)?;
        match given.value {
            Value::Assigned(expr) => Some((given.name, expr)),
            _ => {
                self.malformed(&given.name, example, ctxt);
                None
            }
        }
    }

    /// `name = "text"`.
    pub(crate) fn text(&mut self, name: &str, example: &str, ctxt: &mut Ctxt) -> Option<LitStr> {
        let (_, expr) = self.expr(name, example, ctxt)?;
        match expr {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => Some(text),
            other => {
                ctxt.error(
                    &other,
                    format!("SPK070: `{name}` takes a text\nhelp: write `{example}`"),
                );
                None
            }
        }
    }

    /// `name = path::to::Type`.
    pub(crate) fn path(&mut self, name: &str, example: &str, ctxt: &mut Ctxt) -> Option<Path> {
        let (_, expr) = self.expr(name, example, ctxt)?;
        match expr {
            Expr::Path(path) if path.qself.is_none() => Some(path.path),
            other => {
                ctxt.error(
                    &other,
                    format!("SPK070: `{name}` takes the name of a type\nhelp: write `{example}`"),
                );
                None
            }
        }
    }

    /// A bare `name`.
    pub(crate) fn flag(&mut self, name: &str, ctxt: &mut Ctxt) -> Option<Ident> {
        let given = self.take(name)?;
        if !matches!(given.value, Value::Flag) {
            self.malformed(&given.name, name, ctxt);
        }
        Some(given.name)
    }

    /// `name(A, B)`.
    pub(crate) fn list(&mut self, name: &str, example: &str, ctxt: &mut Ctxt) -> Vec<Path> {
        match self.take(name) {
            Some(Given {
                value: Value::List(paths),
                ..
            }) => paths,
            Some(given) => {
                self.malformed(&given.name, example, ctxt);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn malformed(&self, at: &Ident, example: &str, ctxt: &mut Ctxt) {
        let text = format!(
            "SPK070: this is not how `{}` takes `{at}`\nhelp: write `{example}`",
            self.attribute
        );
        ctxt.error(at, text);
    }
}

/// The registry key: `name = "..."` if given, else made of the type's name.
pub(crate) fn key(options: &mut Options, type_name: &str, ctxt: &mut Ctxt) -> String {
    let Some(text) = options.text("name", "name = \"my_key\"", ctxt) else {
        return super::names::snake(type_name);
    };
    let key = text.value();
    if key.is_empty()
        || !key
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        let snake = super::names::snake(&key.replace([' ', '-'], "_"));
        ctxt.error(
            &text,
            format!("SPK070: a registry name is written in snake_case\nhelp: write `{snake:?}`"),
        );
    }
    key
}
