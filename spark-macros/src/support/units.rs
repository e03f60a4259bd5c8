//! Numbers with units: `20ms`, `-40mV`, inside arithmetic too.
//!
//! rustc refuses an unknown suffix wherever it meets one, so every expression is walked and each such literal replaced.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{quote, quote_spanned};
use spark_ir::unit;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprLit, Lit, UnOp};

use super::ctxt::Ctxt;

/// The suffixes that Rust itself gives to numbers.
pub(crate) const RUST_SUFFIXES: &[&str] = &[
    "", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize",
];

/// Replaces every literal that carries a unit by a quantity of `spark::units`.
/// `None` if a unit is not known: that is told.
pub(crate) fn rewrite(expr: &Expr, ctxt: &mut Ctxt) -> Option<Expr> {
    let mut rewritten = expr.clone();
    let mut rewriter = Rewriter { ctxt, broken: false };
    rewriter.visit_expr_mut(&mut rewritten);
    if rewriter.broken { None } else { Some(rewritten) }
}

struct Rewriter<'a> {
    ctxt: &'a mut Ctxt,
    broken: bool,
}

impl VisitMut for Rewriter<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Lit(lit) = expr {
            if let Some(quantity) = self.quantity(lit) {
                *expr = Expr::Verbatim(quantity);
            }
            return;
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

impl Rewriter<'_> {
    fn quantity(&mut self, lit: &ExprLit) -> Option<TokenStream> {
        let (digits, suffix) = number(&lit.lit)?;
        if RUST_SUFFIXES.contains(&suffix) {
            return None;
        }
        let span = lit.lit.span();
        let Some(unit) = unit::parse(suffix) else {
            self.ctxt.error(lit, unknown_unit(suffix));
            self.broken = true;
            return None;
        };
        let Some(value) = unit.literal(digits) else {
            self.ctxt.error(
                lit,
                "SPK080: a number with a unit is decimal and within the range of a double\nhelp: write `16ms`, not `0x10ms`",
            );
            self.broken = true;
            return None;
        };
        let mut value = Literal::f64_unsuffixed(value);
        value.set_span(span);
        let quantity = Ident::new(unit.type_name, span);
        Some(quote_spanned!(span=> ::spark::units::#quantity(#value)))
    }
}

fn number(lit: &Lit) -> Option<(&str, &str)> {
    match lit {
        Lit::Int(int) => Some((int.base10_digits(), int.suffix())),
        Lit::Float(float) => Some((float.base10_digits(), float.suffix())),
        _ => None,
    }
}

fn unknown_unit(suffix: &str) -> String {
    format!("SPK080: {}\nhelp: {}", not_a_unit(suffix), unit_help(suffix))
}

/// What is wrong with a suffix that is no unit.
pub(crate) fn not_a_unit(suffix: &str) -> String {
    format!("`{suffix}` is no unit that `spark` knows")
}

/// What to write in place of a suffix that is no unit.
pub(crate) fn unit_help(suffix: &str) -> String {
    match unit::suggest(suffix) {
        Some(near) => format!("did you mean `{}`?", near.suffix),
        None => format!("there are {}", unit::suffixes()),
    }
}

/// The value of a literal, its sign and unit included, in base units; `None` for any other expression.
pub(crate) fn literal_value(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Lit(lit) => {
            let (digits, suffix) = number(&lit.lit)?;
            if RUST_SUFFIXES.contains(&suffix) {
                digits.parse().ok().filter(|value: &f64| value.is_finite())
            } else {
                unit::parse(suffix)?.literal(digits)
            }
        }
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
            literal_value(&unary.expr).map(|value| -value)
        }
        Expr::Paren(paren) => literal_value(&paren.expr),
        Expr::Group(group) => literal_value(&group.expr),
        _ => None,
    }
}

/// The value as a `ConstValue`, where literals tell it: a number, or the sizes of a shape.
pub(crate) fn const_value(expr: &Expr) -> TokenStream {
    let known = quote!(::spark::rt::shape::ConstValue);
    if let Some(value) = literal_value(expr) {
        return quote_spanned!(expr.span()=> #known::Number(#value));
    }
    let sizes: Option<Vec<usize>> = match expr {
        Expr::Array(array) => array.elems.iter().map(size).collect(),
        _ => None,
    };
    match sizes {
        Some(sizes) => quote!(#known::dims(&[#(#sizes),*])),
        None => quote!(#known::Unknown),
    }
}

fn size(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Int(int), ..
        }) if RUST_SUFFIXES.contains(&int.suffix()) => int.base10_parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use quote::quote;

    use super::*;

    fn rewritten(tokens: TokenStream) -> (String, String) {
        let expr = syn::parse2(tokens).unwrap();
        let mut ctxt = Ctxt::default();
        let expr = rewrite(&expr, &mut ctxt);
        (
            quote!(#expr).to_string().replace(' ', ""),
            ctxt.finish().to_string(),
        )
    }

    #[test]
    fn a_literal_becomes_a_quantity_in_base_units() {
        assert_eq!(rewritten(quote!(20ms)).0, "::spark::units::Ms(20.0)");
        assert_eq!(rewritten(quote!(2.0 * 500us)).0, "2.0*::spark::units::Ms(0.5)");
        assert_eq!(rewritten(quote!(-40mV)).0, "-::spark::units::Mv(40.0)");
        assert_eq!(rewritten(quote!(3usize)).0, "3usize");
    }

    #[test]
    fn an_unknown_unit_is_told_with_a_suggestion() {
        assert!(rewritten(quote!(20mz)).1.contains("SPK080"));
    }

    #[test]
    fn literals_are_known_and_expressions_are_not() {
        assert_eq!(literal_value(&syn::parse_quote!(-40mV)), Some(-40.0));
        assert_eq!(literal_value(&syn::parse_quote!(1 + 1)), None);
    }
}
