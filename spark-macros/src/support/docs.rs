//! Doc comments as text.

use syn::{Attribute, Expr, Lit, Meta};

/// The documentation of an item, line by line, without the blank that follows `///`.
pub(crate) fn text(attrs: &[Attribute]) -> String {
    let lines: Vec<String> = attrs.iter().filter_map(line).collect();
    lines.join("\n").trim().to_owned()
}

fn line(attr: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attr.meta else {
        return None;
    };
    if !pair.path.is_ident("doc") {
        return None;
    }
    match &pair.value {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Str(text) => Some(
                text.value()
                    .strip_prefix(' ')
                    .map_or_else(|| text.value(), str::to_owned),
            ),
            _ => None,
        },
        _ => None,
    }
}
