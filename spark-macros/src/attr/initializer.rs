//! `#[register_initializer]`: a struct that draws arrays and is its own configuration.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemStruct;

use super::config::{Config, alias};
use super::{item, promised, registration};
use crate::debug;
use crate::support::ctxt::Ctxt;
use crate::support::options::{Options, key};

/// Expands the attribute.
pub(crate) fn expand(options: TokenStream, tokens: TokenStream) -> TokenStream {
    let structure = match item::<ItemStruct>("register_initializer", "a struct", &tokens) {
        Ok(structure) => structure,
        Err(answer) => return answer,
    };
    let mut ctxt = Ctxt::default();
    let mut options = Options::read("register_initializer", &["name"], options, &mut ctxt);
    let key = key(&mut options, &structure.ident.to_string(), &mut ctxt);
    let config = Config::read(structure, format!("{key}_config"), &["dtype"], &mut ctxt);
    let emitted = emit(&config);
    let errors = ctxt.finish();
    debug::show(&config.name.to_string(), quote!(#errors #emitted))
}

fn emit(config: &Config) -> TokenStream {
    let name = &config.name;
    let vis = &config.vis;
    let text = name.to_string();
    let base = config.base_fields();
    let structure = config.emit(&quote!(::core::option::Option::Some((#base, #text))));
    let alias = alias(name);
    let alias_doc = format!("The configuration of [`{text}`] is itself.");
    let form = format!("impl Initializer for {name} {{ fn draw(..) .. }}");
    let entry = registration(
        "INITIALIZERS",
        &promised(name, "register_initializer", "IS_INITIALIZER", &form),
    );
    quote! {
        #structure
        #[doc = #alias_doc]
        #vis type #alias = #name;
        #entry
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn the_class_is_written_after_the_fields_of_the_base_class() {
        let text = super::expand(
            quote!(),
            quote! {
                pub struct SparseUniformInitializer {
                    #[field(default = 1.0)]
                    pub scale: f64,
                    #[field(default = None)]
                    pub min_value: Option<f64>,
                    #[field(default = None)]
                    pub max_value: Option<f64>,
                    #[field(default = 0.2)]
                    pub density: f64,
                }
            },
        )
        .to_string();
        assert!(text.contains("(4usize , \"SparseUniformInitializer\")"), "{text}");
        assert!(text.contains("sparse_uniform_initializer_config"));
    }
}
