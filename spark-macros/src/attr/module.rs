//! `#[register_module]`: reads the signature of `step`, the properties, and emits `Module` and its ports.

mod emit;
mod port;
mod property;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Attribute, ImplItem, ImplItemFn, ItemImpl, LitStr, Path, ReceiverKind, Type};

use self::port::{Port, PortKind};
use self::property::Property;
use super::item;
use crate::debug;
use crate::network::lower::path_text;
use crate::network::seal::{self, Check};
use crate::support::ctxt::{Ctxt, did_you_mean};
use crate::support::docs;
use crate::support::names::snake;
use crate::support::options::{Options, key};

/// The most inputs and outputs: the shape interpreter and `Default` of tuples set the bounds.
const MOST_INPUTS: usize = 12;
const MOST_OUTPUTS: usize = 8;
/// The parameters of `build`.
const BUILD_PARAMETERS: usize = 3;
/// Names of methods that the attribute gives a meaning.
const HOOKS: &[&str] = &[
    "build",
    "step",
    "reset",
    "spark_state",
    "init_outputs",
    "sharing",
    "restrict",
    "exchange",
    "gather",
];

/// Expands the attribute.
pub(crate) fn expand(options: TokenStream, tokens: TokenStream) -> TokenStream {
    let block = match item::<ItemImpl>("register_module", "an `impl` block", &tokens) {
        Ok(block) => block,
        Err(answer) => return answer,
    };
    let mut ctxt = Ctxt::default();
    let (module, block) = Module::read(options, block, &mut ctxt);
    let errors = ctxt.finish();
    let emitted = module.map(|mut module| {
        let name = module.name.to_string();
        let aliases = module.seal();
        let emitted = module.emit();
        (name, quote!(#aliases #emitted))
    });
    match emitted {
        Some((name, emitted)) => debug::show(&name, quote!(#errors #block #emitted)),
        None => quote!(#errors #block),
    }
}

/// A module as read.
struct Module {
    name: Ident,
    config: Option<Path>,
    path: String,
    key: String,
    /// The key of its class in files.
    class: String,
    doc: String,
    /// All parameters of `step`, in order.
    ports: Vec<Port>,
    properties: Vec<Property>,
    has_build: bool,
    has_step: bool,
    has_reset: bool,
    has_spark_state: bool,
    has_init_outputs: bool,
    /// The hooks of sharing that the block has.
    sharing: Vec<Ident>,
}

impl Module {
    fn read(options: TokenStream, mut block: ItemImpl, ctxt: &mut Ctxt) -> (Option<Module>, ItemImpl) {
        let mut options = Options::read(
            "register_module",
            &["config", "path", "name", "class"],
            options,
            ctxt,
        );
        let config = options.path("config", "config = LeakySomaConfig", ctxt);
        let path = options
            .text("path", "path = \"Somas\"", ctxt)
            .as_ref()
            .map(LitStr::value);
        let name = type_name(&block, ctxt);
        let text = name.as_ref().map(Ident::to_string).unwrap_or_default();
        let key = key(&mut options, &text, ctxt);
        let class = options
            .text("class", "class = \"LeakySoma\"", ctxt)
            .map_or_else(|| key.clone(), |class| snake(&class.value()));
        if let (None, Some(name), false) = (&config, &name, options.misspelt("config")) {
            let help = format!("write `#[register_module(config = {name}Config)]`");
            ctxt.error(
                name,
                format!("SPK072: `{name}` does not say which configuration it has\nhelp: {help}"),
            );
        }
        let ports = read_step(&mut block, ctxt);
        let properties = property::read(&mut block, ctxt);
        check_hooks(&block, &ports, ctxt);
        check_methods(&block, name.as_ref(), ctxt);
        port::check_shapes(&ports, &properties, ctxt);
        let has = |method: &str| methods(&block).any(|f| f.sig.ident == method);
        // What cannot be called as it stands is told already, and not called.
        let has_build = parameters_of(&block, "build") == Some(BUILD_PARAMETERS) && config.is_some();
        let has_step = parameters_of(&block, "step") == Some(ports.len());
        let module = name.map(|name| Module {
            name,
            config,
            path: path.unwrap_or_default(),
            key,
            class,
            doc: docs::text(&block.attrs),
            ports,
            properties,
            has_build,
            has_step,
            has_reset: has("reset"),
            has_spark_state: has("spark_state"),
            has_init_outputs: has("init_outputs"),
            sharing: ["sharing", "restrict", "exchange", "gather"]
                .into_iter()
                .filter(|hook| has(hook))
                .map(|hook| Ident::new(hook, proc_macro2::Span::call_site()))
                .collect(),
        });
        (module, block)
    }

    /// Replaces the configuration and the payloads by aliases whose check tells once what is wrong with them.
    fn seal(&mut self) -> TokenStream {
        let mut aliases = TokenStream::new();
        let name = self.name.to_string();
        if let Some(config) = &mut self.config {
            let ty = path_text(config);
            let check = Check {
                probe: "IS_CONFIG",
                function: "module_config",
                arguments: quote!(#name, #ty),
            };
            *config = seal::alias(&format!("__{name}_config"), config, &check, &mut aliases);
        }
        let ports = self.ports.iter_mut().map(|port| (&port.name, &mut port.payload));
        let properties = self
            .properties
            .iter_mut()
            .map(|property| (&property.name, &mut property.payload));
        for (index, (port, payload)) in ports.chain(properties).enumerate() {
            let Type::Path(written) = &*payload else { continue };
            if written.qself.is_some() {
                continue;
            }
            let (port, ty) = (port.to_string(), path_text(&written.path));
            let check = Check {
                probe: "IS_PAYLOAD",
                function: "payload_type",
                arguments: quote!(#port, #ty),
            };
            let path = seal::alias(
                &format!("__{name}_port_{index}"),
                &written.path,
                &check,
                &mut aliases,
            );
            *payload = syn::parse_quote!(#path);
        }
        aliases
    }

    /// Inputs, in-place ports among them, in the order of the signature.
    fn inputs(&self) -> impl Iterator<Item = &Port> {
        self.ports.iter().filter(|port| port.kind != PortKind::Output)
    }

    /// Outputs in the order of the signature.
    fn outputs(&self) -> impl Iterator<Item = &Port> {
        self.ports.iter().filter(|port| port.kind == PortKind::Output)
    }
}

/// The parameters of a method without its receiver, if there is such a method.
fn parameters_of(block: &ItemImpl, name: &str) -> Option<usize> {
    let method = methods(block).find(|method| method.sig.ident == name)?;
    Some(
        method
            .sig
            .inputs
            .iter()
            .filter(|arg| matches!(arg, syn::FnArg::Typed(_)))
            .count(),
    )
}

/// All methods of a block.
fn methods(block: &ItemImpl) -> impl Iterator<Item = &ImplItemFn> {
    block.items.iter().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(method),
        _ => None,
    })
}

/// The type of the block, which has to be a plain one: `impl LeakySoma`.
fn type_name(block: &ItemImpl, ctxt: &mut Ctxt) -> Option<Ident> {
    if let Some((path, _)) = &block.trait_ {
        ctxt.error(
            path,
            "SPK071: `register_module` stands on the module's own `impl` block, not on that of a trait\n\
             help: the attribute implements `Module` itself; write `impl LeakySoma { .. }`",
        );
        return None;
    }
    super::no_generics(&block.generics, "a module", ctxt);
    let ident = match &*block.self_ty {
        Type::Path(path) if path.qself.is_none() && block.generics.params.is_empty() => path.path.get_ident(),
        _ => None,
    };
    if ident.is_none() && block.generics.params.is_empty() {
        ctxt.error(
            &block.self_ty,
            "SPK071: a module is a plain type, named without a path\nhelp: write `impl LeakySoma`",
        );
    }
    ident.cloned()
}

/// The parameters of `step`; takes our attributes off them.
fn read_step(block: &mut ItemImpl, ctxt: &mut Ctxt) -> Vec<Port> {
    let step = block.items.iter_mut().find_map(|item| match item {
        ImplItem::Fn(method) if method.sig.ident == "step" => Some(method),
        _ => None,
    });
    let Some(step) = step else { return Vec::new() };
    check_receiver(step, true, ctxt);
    if let syn::ReturnType::Type(_, ty) = &step.sig.output {
        ctxt.error(
            ty,
            "SPK074: `step` returns nothing: outputs are parameters\nhelp: write `spikes: Out<SpikeArray>`",
        );
    }
    let mut ports: Vec<Port> = Vec::new();
    for input in &mut step.sig.inputs {
        if let syn::FnArg::Typed(parameter) = input {
            let Some(port) = port::read(parameter, ctxt) else {
                continue;
            };
            if ports.iter().any(|other| other.name == port.name) {
                ctxt.error(
                    &port.name,
                    format!(
                        "SPK075: `{}` is a port already\nhelp: rename one of them",
                        port.name
                    ),
                );
                continue;
            }
            ports.push(port);
        }
    }
    check_counts(&step.sig.ident, &ports, ctxt);
    ports
}

fn check_counts(step: &Ident, ports: &[Port], ctxt: &mut Ctxt) {
    let outputs = ports.iter().filter(|port| port.kind == PortKind::Output).count();
    let inputs = ports.len() - outputs;
    for (count, most, what) in [
        (inputs, MOST_INPUTS, "inputs"),
        (outputs, MOST_OUTPUTS, "outputs"),
    ] {
        if count > most {
            let text =
                format!("SPK075: `step` has {count} {what}, the most is {most}\nhelp: split the module");
            ctxt.error(step, text);
        }
    }
}

/// `&mut self` or `&self` first.
fn check_receiver(method: &ImplItemFn, mutable: bool, ctxt: &mut Ctxt) {
    let wanted = if mutable { "&mut self" } else { "&self" };
    let good = method
        .sig
        .receiver()
        .is_some_and(|receiver| match &receiver.kind {
            ReceiverKind::Reference(_, _, marked) => marked.is_some() == mutable,
            _ => false,
        });
    if !good {
        let name = &method.sig.ident;
        let text = format!("SPK086: `{name}` takes `{wanted}` first\nhelp: write `fn {name}({wanted}, ..)`");
        match method.sig.receiver() {
            Some(receiver) => ctxt.error(receiver, text),
            None => ctxt.error(name, text),
        }
    }
}

/// Number of parameters and receivers of the methods that the generated code calls.
fn check_hooks(block: &ItemImpl, ports: &[Port], ctxt: &mut Ctxt) {
    let outputs = ports.iter().filter(|port| port.kind == PortKind::Output).count();
    for method in methods(block) {
        let name = method.sig.ident.to_string();
        let parameters = method
            .sig
            .inputs
            .iter()
            .filter(|arg| matches!(arg, syn::FnArg::Typed(_)))
            .count();
        let (wanted, form) = match name.as_str() {
            "build" => (
                3,
                "fn build(config: &Config, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError>",
            ),
            "reset" => (0, "fn reset(&mut self)"),
            "spark_state" => (2, "fn spark_state(&self, path: &str, state: &mut StateMap)"),
            "sharing" => (0, "fn sharing(&self) -> Sharing"),
            "restrict" => (1, "fn restrict(&mut self, part: Part)"),
            "exchange" => (2, "fn exchange(&mut self, other: &Self, steps: usize)"),
            "gather" => (2, "fn gather(&mut self, copy: &Self, part: Part)"),
            "init_outputs" => (
                outputs,
                "fn init_outputs(&self, spikes: &mut SpikeArray, ..) with one parameter per output",
            ),
            _ => continue,
        };
        if name != "build" {
            let changes = matches!(name.as_str(), "reset" | "restrict" | "exchange" | "gather");
            check_receiver(method, changes, ctxt);
        }
        if parameters != wanted {
            let text = format!(
                "SPK086: `{name}` takes {wanted} parameters, here it has {parameters}\nhelp: write `{form}`"
            );
            ctxt.error(&method.sig.ident, text);
        }
    }
}

/// `build` and `step` must be there; a method that is nearly a hook is likely to be one.
fn check_methods(block: &ItemImpl, name: Option<&Ident>, ctxt: &mut Ctxt) {
    let names: Vec<String> = methods(block)
        .map(|method| method.sig.ident.to_string())
        .collect();
    for (hook, form) in [
        (
            "build",
            "fn build(config: &Config, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError>",
        ),
        (
            "step",
            "fn step(&mut self, current: In<CurrentArray>, spikes: Out<SpikeArray>)",
        ),
    ] {
        if names.iter().any(|name| name == hook) {
            continue;
        }
        let near = methods(block).find(|method| {
            let other = method.sig.ident.to_string();
            !HOOKS.contains(&other.as_str()) && !did_you_mean(&other, [hook]).is_empty()
        });
        let text = format!("SPK073: the module has no method `{hook}`\nhelp: write `{form}`");
        match (near, name) {
            (Some(method), _) => {
                ctxt.error(&method.sig.ident, format!("{text}\nhelp: did you mean `{hook}`?"))
            }
            (None, Some(name)) => ctxt.error(name, text),
            (None, None) => {}
        }
    }
}

/// Takes the attributes called `name` out of `attrs`.
pub(super) fn take(attrs: &mut Vec<Attribute>, name: &str) -> Vec<Attribute> {
    let (own, rest) = std::mem::take(attrs)
        .into_iter()
        .partition(|attr| attr.path().is_ident(name));
    *attrs = rest;
    own
}

#[cfg(test)]
mod tests;
