//! Values of fields: literals with units become quantities, and what can be known while compiling is also written
//! as a `const` expression for the checks.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use spark_ir::unit;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Lit, UnOp};

use super::ast::Problem;
use crate::support::units::{RUST_SUFFIXES, not_a_unit, unit_help};

/// A value, ready to be emitted.
pub(crate) struct Emitted {
    /// The expression that runs.
    pub(crate) run: TokenStream,
    /// The same as a `ConstValue`, where literals, paths and arithmetic allow it.
    pub(crate) known: Option<TokenStream>,
    /// Whether it could not be read: it is then told already, and nothing is to be assigned.
    pub(crate) broken: bool,
}

/// Rewrites a value expression.
pub(crate) fn emit(expr: &Expr, problems: &mut Vec<Problem>) -> Emitted {
    let known = known(expr);
    let mut run = expr.clone();
    let unread = matches!(expr, Expr::Verbatim(tokens) if tokens.is_empty());
    let mut rewriter = Units {
        problems,
        whole: true,
        broken: unread,
    };
    rewriter.visit_expr_mut(&mut run);
    let broken = rewriter.broken;
    Emitted {
        run: quote!(#run),
        known,
        broken,
    }
}

/// Replaces every literal that carries a unit by a quantity, inside arithmetic and arrays too.
struct Units<'a> {
    problems: &'a mut Vec<Problem>,
    /// Whether the expression in hand is the whole value (or an element of an array): a bare integer there gets a
    /// type of its own, so that a seed beyond `i32` is no error.
    whole: bool,
    /// Whether a unit was not known.
    broken: bool,
}

impl VisitMut for Units<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let whole = std::mem::replace(&mut self.whole, false);
        match expr {
            Expr::Lit(lit) => {
                if let Some(quantity) = self.quantity(&lit.lit, whole) {
                    *expr = quantity;
                }
            }
            Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) && is_number(&unary.expr) => {
                self.whole = whole;
                self.visit_expr_mut(&mut unary.expr);
                if whole && !matches!(*unary.expr, Expr::Lit(_)) {
                    let inner = &unary.expr;
                    let span = inner.span();
                    *expr = Expr::Verbatim(quote_spanned!(span=> (-#inner)));
                }
            }
            Expr::Array(array) => {
                for element in &mut array.elems {
                    self.whole = whole;
                    self.visit_expr_mut(element);
                }
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
        self.whole = whole;
    }
}

fn is_number(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(lit) if matches!(lit.lit, Lit::Int(_) | Lit::Float(_)))
}

impl Units<'_> {
    fn quantity(&mut self, lit: &Lit, whole: bool) -> Option<Expr> {
        let (digits, suffix, span, integer) = match lit {
            Lit::Int(int) => (
                int.base10_digits().to_owned(),
                int.suffix().to_owned(),
                int.span(),
                true,
            ),
            Lit::Float(float) => (
                float.base10_digits().to_owned(),
                float.suffix().to_owned(),
                float.span(),
                false,
            ),
            _ => return None,
        };
        if suffix.is_empty() && whole {
            let typed = format!("{digits}{}", if integer { "i64" } else { "f64" });
            let typed = syn::parse_str::<proc_macro2::Literal>(&typed).map(|mut literal| {
                literal.set_span(span);
                literal
            });
            return typed.ok().map(|literal| Expr::Verbatim(quote!(#literal)));
        }
        if RUST_SUFFIXES.contains(&suffix.as_str()) {
            return None;
        }
        let Some(unit) = unit::parse(&suffix) else {
            self.broken = true;
            self.problems.push(unknown_unit(&suffix, span));
            return Some(Expr::Verbatim(
                quote_spanned!(span=> ::core::default::Default::default()),
            ));
        };
        let Some(value) = unit.literal(&digits) else {
            self.broken = true;
            self.problems.push(out_of_range(span));
            return Some(Expr::Verbatim(
                quote_spanned!(span=> ::core::default::Default::default()),
            ));
        };
        let ty = Ident::new(unit.type_name, span);
        Some(Expr::Verbatim(quote_spanned!(span=> ::spark::units::#ty(#value))))
    }
}

fn unknown_unit(suffix: &str, span: Span) -> Problem {
    Problem::new("SPK045", span, not_a_unit(suffix)).help(unit_help(suffix))
}

fn out_of_range(span: Span) -> Problem {
    Problem::new("SPK045", span, "this number is beyond the range of a double")
        .help("write a number whose size is below 1.8e308")
}

/// The value as tokens of type `ConstValue`; `None` if only running the program tells.
fn known(expr: &Expr) -> Option<TokenStream> {
    match expr {
        Expr::Array(array) => {
            let sizes: Option<Vec<TokenStream>> = array.elems.iter().map(size).collect();
            let sizes = sizes?;
            Some(quote!(::spark::rt::shape::ConstValue::dims(&[#(#sizes),*])))
        }
        Expr::Path(path) if path.qself.is_none() && is_constant(&path.path) => {
            let span = path.span();
            Some(quote_spanned!(span=> ::spark::rt::number(#path).known()))
        }
        Expr::Path(_) => None,
        _ => {
            let number = number(expr)?;
            Some(quote!(::spark::rt::shape::ConstValue::Number(#number)))
        }
    }
}

/// Whether a path names a constant: `N`, `limits::TAU`. Anything else may be a local variable or a function.
fn is_constant(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|segment| {
        let name = segment.ident.to_string();
        segment.arguments.is_empty()
            && name.chars().any(|c| c.is_ascii_uppercase())
            && name
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    })
}

/// An element of a shape: a whole number or a constant.
pub(crate) fn size(expr: &Expr) -> Option<TokenStream> {
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Int(int) if int.suffix().is_empty() || int.suffix() == "usize" => {
                let digits = int.base10_digits().parse::<usize>().ok()?;
                Some(quote!(#digits))
            }
            _ => None,
        },
        _ => {
            let number = number(expr)?;
            Some(quote!((#number as usize)))
        }
    }
}

/// The value as a `const` expression of type `f64`, in base units.
fn number(expr: &Expr) -> Option<TokenStream> {
    match expr {
        Expr::Lit(lit) => literal_number(&lit.lit),
        Expr::Paren(paren) => {
            let inner = number(&paren.expr)?;
            Some(quote!((#inner)))
        }
        Expr::Group(group) => number(&group.expr),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
            let inner = number(&unary.expr)?;
            Some(quote!((-#inner)))
        }
        Expr::Binary(binary) => {
            use syn::BinOp::{Add, Div, Mul, Sub};
            if !matches!(binary.op, Add(_) | Sub(_) | Mul(_) | Div(_)) {
                return None;
            }
            let (left, right, op) = (number(&binary.left)?, number(&binary.right)?, &binary.op);
            Some(quote!((#left #op #right)))
        }
        Expr::Path(path) if path.qself.is_none() && is_constant(&path.path) => {
            let span = path.span();
            Some(quote_spanned!(span=> ::spark::rt::as_f64(::spark::rt::number(#path).known())))
        }
        _ => None,
    }
}

fn literal_number(lit: &Lit) -> Option<TokenStream> {
    let (digits, suffix) = match lit {
        Lit::Int(int) => (int.base10_digits(), int.suffix()),
        Lit::Float(float) => (float.base10_digits(), float.suffix()),
        _ => return None,
    };
    let value = if RUST_SUFFIXES.contains(&suffix) {
        digits.parse::<f64>().ok()?
    } else {
        unit::parse(suffix)?.literal(digits)?
    };
    // A literal beyond the range of a double cannot be written as one.
    value.is_finite().then(|| quote!(#value))
}
