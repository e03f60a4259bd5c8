//! Names.

/// Registry names: snake case as the Python package writes it.
pub(crate) use spark_ir::names::snake_case as snake;

/// The name as an identifier again, raw if it is a keyword.
pub(crate) fn ident(name: &proc_macro2::Ident) -> proc_macro2::Ident {
    let text = name.to_string();
    match syn::parse_str::<proc_macro2::Ident>(&text) {
        Ok(_) => name.clone(),
        Err(_) => proc_macro2::Ident::new_raw(&text, name.span()),
    }
}
