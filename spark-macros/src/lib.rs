//! The macros of `spark`: tokens in, tokens out.
//!
//! | room | what it holds |
//! |---|---|
//! | `network` | `network!`: a neuron or brain, declared |
//! | `include` | `include_network!`: a neuron or brain from a model file (feature `include`) |
//! | `attr` | the attributes that register modules, configs, payloads, initializers, validators, and `derive(Stateful)` |
//! | `support` | what they share: the error collector, option parser, names, units, docs |
//! | `debug` | `SPARK_DEBUG_MACRO=Name` prints an expansion |
//!
//! Users reach them through the crate `spark`, which documents each with an example.

mod attr;
mod debug;
#[cfg(feature = "include")]
mod include;
mod network;
mod support;

use proc_macro::TokenStream;

/// Declares a neuron or a brain.
#[proc_macro]
pub fn network(input: TokenStream) -> TokenStream {
    network::expand(input.into()).into()
}

/// Declares the neuron or brain of a model file.
#[cfg(feature = "include")]
#[proc_macro]
pub fn include_network(input: TokenStream) -> TokenStream {
    // Beside the source file, as for `include_bytes!`. Some editors do not tell where that is.
    let source = proc_macro::Span::call_site().local_file();
    let beside = source
        .as_deref()
        .and_then(std::path::Path::parent)
        .map(std::path::Path::to_owned);
    let folder = beside.or_else(|| std::env::var_os("CARGO_MANIFEST_DIR").map(Into::into));
    include::expand(input.into(), &folder.unwrap_or_default()).into()
}

/// Registers a module: the `impl` block under it holds `build`, `step` and the properties.
///
/// Options: `config = Type` (required), `path = "Menu path"`, `name = "registry_key"`, `class = "NameInFiles"` where the
/// Python package knows the module by another name.
///
/// The parameters of `step` are the ports: `In<T>`, `Option<In<T>>`, `InOut<T>`, `Many<T>` and `Out<T>`, with
/// `#[shape(..)]` and, on outputs, `#[per_synapse]`. `#[property]` methods are properties; `name_mut` beside `name`
/// makes one writable. Optional methods: `reset`, `spark_state`, `init_outputs`.
#[proc_macro_attribute]
pub fn register_module(options: TokenStream, item: TokenStream) -> TokenStream {
    attr::module::expand(options.into(), item.into()).into()
}

/// Registers a configuration: a struct whose fields have defaults, units and validators.
///
/// Prepends `seed`, `dtype` and `dt`; `#[register_config(plain)]` prepends nothing; `name = "..."` sets the key.
/// Fields: `#[field(default = EXPR | required, validate(A, B), unit = "ms")]`.
#[proc_macro_attribute]
pub fn register_config(options: TokenStream, item: TokenStream) -> TokenStream {
    attr::config::expand(options.into(), item.into()).into()
}

/// Registers a payload: a struct that may travel on a wire.
///
/// Options: `concat` (the type implements `Concat`), `name = "registry_key"`, `dtype = Float32`. A field named
/// `array`, or marked `#[value]`, of the type `ArrayD<_>` gives everything else, and `From<ArrayD<_>>` makes one; without
/// such a field the type has the methods `zeros`, `shape` and `clear` of its own. Fields of the type `Shape`, and those
/// marked `#[fixed]`, are no part of a model's state.
#[proc_macro_attribute]
pub fn register_payload(options: TokenStream, item: TokenStream) -> TokenStream {
    attr::payload::expand(options.into(), item.into()).into()
}

/// Registers an initializer: a struct that is its own configuration and draws arrays.
///
/// Prepends `dtype`. Option: `name = "registry_key"`.
#[proc_macro_attribute]
pub fn register_initializer(options: TokenStream, item: TokenStream) -> TokenStream {
    attr::initializer::expand(options.into(), item.into()).into()
}

/// Registers a validator of config fields. Option: `name = "registry_key"`.
#[proc_macro_attribute]
pub fn register_cfg_validator(options: TokenStream, item: TokenStream) -> TokenStream {
    attr::validator::expand(options.into(), item.into()).into()
}

/// Finds the state of a module: its `Variable` fields, and its `#[nested]` fields which have state of their own.
#[proc_macro_derive(Stateful, attributes(nested))]
pub fn derive_stateful(item: TokenStream) -> TokenStream {
    attr::stateful::expand(item.into()).into()
}
