//! The error collector: a macro tells all mistakes of an item at once, each at its token.

use proc_macro2::TokenStream;
use quote::ToTokens;
use spark_ir::suggest;

/// Mistakes found so far.
#[derive(Default)]
pub(crate) struct Ctxt {
    errors: Option<syn::Error>,
}

impl Ctxt {
    /// Notes a mistake at the tokens of `at`.
    pub(crate) fn error(&mut self, at: &impl ToTokens, text: impl AsRef<str>) {
        self.push(syn::Error::new_spanned(at, text.as_ref()));
    }

    /// Takes over a parser's error, under a code of ours.
    pub(crate) fn syntax(&mut self, code: &str, error: syn::Error) {
        for one in error {
            let text = one.to_string();
            let text = if text.starts_with("SPK") {
                text
            } else {
                format!("{code}: {text}")
            };
            self.push(syn::Error::new(one.span(), text));
        }
    }

    fn push(&mut self, error: syn::Error) {
        match &mut self.errors {
            Some(errors) => errors.combine(error),
            None => self.errors = Some(error),
        }
    }

    /// The mistakes as `compile_error!`s; empty if there are none.
    pub(crate) fn finish(self) -> TokenStream {
        self.errors
            .map(|errors| errors.into_compile_error())
            .unwrap_or_default()
    }
}

/// "help: did you mean `x`?" on a line of its own, if one of `known` is near.
pub(crate) fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match suggest::nearest(wrong, known) {
        Some(near) => format!("\nhelp: did you mean `{near}`?"),
        None => String::new(),
    }
}
