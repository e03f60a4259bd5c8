//! The registry: every module, payload, initializer, configuration and validator that is linked into the program.
//!
//! The attributes fill it from any crate. A crate that no source line names is not linked: write `use my_modules as _;`.

use std::any::Any;
use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

use linkme::distributed_slice;
use serde_json::{Map, Value};
pub use spark_ir::names::snake_case;
use spark_ir::table::{ConfigTable, ModuleKind, ModuleTable, PayloadTable, ValidatorTable};

use crate::core::config::{DynConfig, SparkConfig};
use crate::core::dynamic::DynModule;
use crate::core::error::{BuildError, Problem};
use crate::core::initializer::{AnyInitializer, Initializer};
use crate::core::module::{Keys, Module, PortInfo};
use crate::core::node::Node;
use crate::core::payload::{
    AnyPayload, BooleanMask, CurrentArray, FloatArray, IntegerArray, IntegerMask, PayloadOps, PotentialArray,
    Shape, SparkPayload, SpikeArray,
};
use crate::core::validator::RegisteredValidator;

pub use crate::core::support::shape_field;

/// Modules and declared networks.
#[distributed_slice]
#[allow(
    unsafe_code,
    reason = "the linker collects the entries in a section of its own"
)]
pub static MODULES: [ModuleEntry];
/// Payloads.
#[distributed_slice]
#[allow(
    unsafe_code,
    reason = "the linker collects the entries in a section of its own"
)]
pub static PAYLOADS: [PayloadEntry];
/// Initializers.
#[distributed_slice]
#[allow(
    unsafe_code,
    reason = "the linker collects the entries in a section of its own"
)]
pub static INITIALIZERS: [InitializerEntry];
/// Configurations.
#[distributed_slice]
#[allow(
    unsafe_code,
    reason = "the linker collects the entries in a section of its own"
)]
pub static CONFIGS: [ConfigEntry];
/// Validators.
#[distributed_slice]
#[allow(
    unsafe_code,
    reason = "the linker collects the entries in a section of its own"
)]
pub static VALIDATORS: [ValidatorEntry];

/// Where something is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Module path; it begins with the crate.
    pub origin: &'static str,
    /// Source file.
    pub file: &'static str,
    /// Line in it.
    pub line: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}:{})", self.origin, self.file, self.line)
    }
}

/// How a module is built when its type is known at run time only: from a configuration of its type, for what arrives
/// at its inputs.
pub type BuildDynamic =
    fn(&dyn DynConfig, Vec<Option<PortInfo>>, Keys) -> Result<Box<dyn DynModule>, BuildError>;

/// A module.
#[derive(Debug)]
pub struct ModuleEntry {
    /// Ports, fields, documentation.
    pub table: &'static ModuleTable,
    /// Where it is registered.
    pub place: Place,
    /// Its configuration with all defaults.
    pub default_config: fn() -> Box<dyn DynConfig>,
    /// Builds it from a configuration of its type, for what arrives at its inputs.
    pub build: BuildDynamic,
}

impl ModuleEntry {
    /// The entry of `M`, for a `static`.
    pub const fn of<M: Module>(origin: &'static str, file: &'static str, line: u32) -> Self {
        ModuleEntry {
            table: M::TABLE,
            place: Place { origin, file, line },
            default_config: || Box::new(M::Config::default()),
            build: build_dynamic::<M>,
        }
    }

    /// Its configuration with what a file says (the content of `__cfg__`).
    pub fn read_config(
        &self,
        fields: &Map<String, Value>,
        pointer: &str,
        problems: &mut Vec<Problem>,
    ) -> Box<dyn DynConfig> {
        let mut config = (self.default_config)();
        config.read_fields(fields, pointer, problems);
        config
    }
}

fn build_dynamic<M: Module>(
    config: &dyn DynConfig,
    infos: Vec<Option<PortInfo>>,
    keys: Keys,
) -> Result<Box<dyn DynModule>, BuildError> {
    let any: &dyn Any = config;
    match any.downcast_ref::<M::Config>() {
        Some(config) => Ok(Box::new(Node::<M>::build(config, infos, keys)?)),
        None => Err(
            Problem::new(keys.path(), "this is the configuration of another module")
                .expected(M::Config::TABLE.name)
                .found(config.table().name)
                .into(),
        ),
    }
}

/// A payload.
#[derive(Debug)]
pub struct PayloadEntry {
    /// Name and documentation.
    pub table: &'static PayloadTable,
    /// Where it is registered.
    pub place: Place,
    /// What can be done with it where its type is known at run time only.
    pub ops: PayloadOps,
}

impl PayloadEntry {
    /// The entry of `P`, for a `static`.
    pub const fn of<P: SparkPayload>(origin: &'static str, file: &'static str, line: u32) -> Self {
        PayloadEntry {
            table: P::TABLE,
            place: Place { origin, file, line },
            ops: PayloadOps::of::<P>(),
        }
    }

    /// The payload of a shape in which nothing has happened yet.
    pub fn zeros(&'static self, shape: &Shape) -> AnyPayload {
        AnyPayload::zeros(self.table, &self.ops, shape)
    }
}

/// An initializer.
#[derive(Debug)]
pub struct InitializerEntry {
    /// Fields and documentation.
    pub table: &'static ConfigTable,
    /// Where it is registered.
    pub place: Place,
    /// The initializer with all defaults.
    pub make: fn() -> AnyInitializer,
}

impl InitializerEntry {
    /// The entry of `I`, for a `static`.
    pub const fn of<I: Initializer>(origin: &'static str, file: &'static str, line: u32) -> Self {
        InitializerEntry {
            table: I::TABLE,
            place: Place { origin, file, line },
            make: || I::default().into(),
        }
    }
}

/// A configuration.
#[derive(Debug)]
pub struct ConfigEntry {
    /// Fields and documentation.
    pub table: &'static ConfigTable,
    /// Where it is registered.
    pub place: Place,
    /// The configuration with all defaults.
    pub make: fn() -> Box<dyn DynConfig>,
}

impl ConfigEntry {
    /// The entry of `C`, for a `static`.
    pub const fn of<C: SparkConfig>(origin: &'static str, file: &'static str, line: u32) -> Self {
        ConfigEntry {
            table: C::TABLE,
            place: Place { origin, file, line },
            make: || Box::new(C::default()),
        }
    }
}

/// A validator.
#[derive(Debug)]
pub struct ValidatorEntry {
    /// Name, range and documentation.
    pub table: &'static ValidatorTable,
    /// Where it is registered.
    pub place: Place,
    /// Its check.
    pub check: crate::core::config::Check,
}

impl ValidatorEntry {
    /// The entry of `V`, for a `static`.
    pub const fn of<V: RegisteredValidator>(origin: &'static str, file: &'static str, line: u32) -> Self {
        ValidatorEntry {
            table: V::TABLE,
            place: Place { origin, file, line },
            check: V::CHECK,
        }
    }
}

macro_rules! built_in {
    ($($payload:ident),*) => {$(
        const _: () = {
            #[distributed_slice(PAYLOADS)]
            #[allow(unsafe_code, reason = "the linker collects the entries in a section of its own")]
            static ENTRY: PayloadEntry = PayloadEntry::of::<$payload>(module_path!(), file!(), line!());
        };
    )*};
}
built_in!(
    SpikeArray,
    CurrentArray,
    PotentialArray,
    FloatArray,
    IntegerArray,
    BooleanMask,
    IntegerMask
);

/// An entry of any kind: has a key, a type name and a place.
trait Entry: Sync + 'static {
    const WHAT: &'static str;
    fn key(&self) -> &'static str;
    fn name(&self) -> &'static str;
    fn place(&self) -> Place;
}

macro_rules! entry {
    ($($ty:ty: $what:literal;)*) => {$(
        impl Entry for $ty {
            const WHAT: &'static str = $what;
            fn key(&self) -> &'static str {
                self.table.key
            }
            fn name(&self) -> &'static str {
                self.table.name
            }
            fn place(&self) -> Place {
                self.place
            }
        }
    )*};
}
entry! {
    ModuleEntry: "module";
    PayloadEntry: "payload";
    InitializerEntry: "initializer";
    ConfigEntry: "configuration";
    ValidatorEntry: "validator";
}

/// An entry that is registered by hand.
#[derive(Debug, Clone, Copy)]
pub enum AnyEntry {
    /// A module.
    Module(&'static ModuleEntry),
    /// A payload.
    Payload(&'static PayloadEntry),
    /// An initializer.
    Initializer(&'static InitializerEntry),
    /// A configuration.
    Config(&'static ConfigEntry),
    /// A validator.
    Validator(&'static ValidatorEntry),
}

/// Two things of one kind with the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// "module", "payload", ...
    pub what: &'static str,
    /// The name.
    pub key: &'static str,
    /// Where the one is registered.
    pub first: Place,
    /// Where the other one is registered.
    pub second: Place,
}

impl fmt::Display for Duplicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the {} `{}` is registered twice: in {} and in {}",
            self.what, self.key, self.first, self.second
        )
    }
}

/// Why the registry cannot be used as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Names that stand for two things.
    #[error("{}\nhelp: give one of them another name: `name = \"..\"`", lines(.0))]
    Duplicates(Vec<Duplicate>),
    /// The registry was read before, and what was read does not change any more.
    #[error(
        "`{0}` is registered too late: the registry was read before\nhelp: register by hand at the start of `main`"
    )]
    TooLate(&'static str),
}

fn lines(duplicates: &[Duplicate]) -> String {
    duplicates
        .iter()
        .map(Duplicate::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Sorted entries. The order of the linker is no contract.
struct Tables {
    modules: Vec<&'static ModuleEntry>,
    neurons: Vec<&'static ModuleEntry>,
    brains: Vec<&'static ModuleEntry>,
    payloads: Vec<&'static PayloadEntry>,
    initializers: Vec<&'static InitializerEntry>,
    configs: Vec<&'static ConfigEntry>,
    validators: Vec<&'static ValidatorEntry>,
}

fn sorted<E: Entry>(entries: impl Iterator<Item = &'static E>) -> Vec<&'static E> {
    let mut entries: Vec<&'static E> = entries.collect();
    entries.sort_by_key(|entry| (entry.key(), entry.place().origin, entry.place().line));
    entries
}

fn duplicates<E: Entry>(entries: &[&'static E]) -> Vec<Duplicate> {
    let twice = entries.windows(2).filter(|pair| pair[0].key() == pair[1].key());
    twice
        .map(|pair| Duplicate {
            what: E::WHAT,
            key: pair[0].key(),
            first: pair[0].place(),
            second: pair[1].place(),
        })
        .collect()
}

fn lookup<E: Entry>(entries: &[&'static E], name: &str) -> Option<&'static E> {
    let key = snake_case(name);
    entries
        .iter()
        .find(|entry| entry.key() == key || entry.name() == name)
        .copied()
}

/// Everything that is registered. There is one: [`REGISTRY`].
pub struct Registry {
    manual: Mutex<Vec<AnyEntry>>,
    tables: OnceLock<Tables>,
}

/// The registry.
///
/// ```
/// use spark::REGISTRY;
/// let soma = REGISTRY.module("leaky_soma").map(|entry| entry.table.name);
/// assert_eq!(soma, Some("LeakySoma"));
/// assert!(REGISTRY.neuron("LIFNeuron").is_some());
/// assert!(REGISTRY.payloads().iter().any(|entry| entry.table.key == "spike_array"));
/// assert!(REGISTRY.validator("no_such_validator").is_none());
/// ```
pub static REGISTRY: Registry = Registry::new();

impl Registry {
    const fn new() -> Self {
        Registry {
            manual: Mutex::new(Vec::new()),
            tables: OnceLock::new(),
        }
    }

    /// Registers by hand, on platforms whose linker does not collect the entries of the attributes. Possible until the
    /// registry is read for the first time.
    pub fn register(&self, entry: AnyEntry) -> Result<(), RegistryError> {
        let mut manual = self.manual.lock().unwrap_or_else(PoisonError::into_inner);
        if self.tables.get().is_some() {
            return Err(RegistryError::TooLate(entry.key()));
        }
        manual.push(entry);
        Ok(())
    }

    fn tables(&self) -> &Tables {
        self.tables
            .get_or_init(|| Tables::collect(&self.manual.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// All modules, by name.
    pub fn modules(&self) -> &[&'static ModuleEntry] {
        &self.tables().modules
    }

    /// All declared neurons, by name.
    pub fn neurons(&self) -> &[&'static ModuleEntry] {
        &self.tables().neurons
    }

    /// All declared brains, by name.
    pub fn brains(&self) -> &[&'static ModuleEntry] {
        &self.tables().brains
    }

    /// All payloads, by name.
    pub fn payloads(&self) -> &[&'static PayloadEntry] {
        &self.tables().payloads
    }

    /// All initializers, by name.
    pub fn initializers(&self) -> &[&'static InitializerEntry] {
        &self.tables().initializers
    }

    /// All configurations, by name.
    pub fn configs(&self) -> &[&'static ConfigEntry] {
        &self.tables().configs
    }

    /// All validators, by name.
    pub fn validators(&self) -> &[&'static ValidatorEntry] {
        &self.tables().validators
    }

    /// A module, by registry key or type name, or else by the name of its class in files.
    pub fn module(&self, name: &str) -> Option<&'static ModuleEntry> {
        lookup(self.modules(), name).or_else(|| self.modules_of_class(name).next())
    }

    /// The modules that are one class in files: those of one name that take different payloads.
    pub fn modules_of_class(&self, class: &str) -> impl Iterator<Item = &'static ModuleEntry> {
        let class = snake_case(class);
        let modules = self.modules().iter().copied();
        modules.filter(move |entry| entry.table.class == class)
    }

    /// A neuron, by registry key or type name.
    pub fn neuron(&self, name: &str) -> Option<&'static ModuleEntry> {
        lookup(self.neurons(), name)
    }

    /// A module, neuron or brain, by registry key or type name.
    pub fn get(&self, name: &str) -> Option<&'static ModuleEntry> {
        self.module(name)
            .or_else(|| self.neuron(name))
            .or_else(|| lookup(self.brains(), name))
    }

    /// A payload, by registry key or type name.
    pub fn payload(&self, name: &str) -> Option<&'static PayloadEntry> {
        lookup(self.payloads(), name)
    }

    /// An initializer, by its own key, its configuration's key, or its type name.
    pub fn initializer(&self, name: &str) -> Option<&'static InitializerEntry> {
        lookup(self.initializers(), name)
            .or_else(|| lookup(self.initializers(), &format!("{}_config", snake_case(name))))
    }

    /// A configuration, by registry key or type name.
    pub fn config(&self, name: &str) -> Option<&'static ConfigEntry> {
        lookup(self.configs(), name)
    }

    /// A validator, by registry key or type name.
    pub fn validator(&self, name: &str) -> Option<&'static ValidatorEntry> {
        lookup(self.validators(), name)
    }

    /// Names that stand for two things of one kind.
    pub fn duplicates(&self) -> Vec<Duplicate> {
        let Tables {
            modules,
            neurons,
            brains,
            payloads,
            initializers,
            configs,
            validators,
        } = self.tables();
        let mut found = duplicates(modules);
        found.extend(duplicates(neurons));
        found.extend(duplicates(brains));
        found.extend(duplicates(payloads));
        found.extend(duplicates(initializers));
        found.extend(duplicates(configs));
        found.extend(duplicates(validators));
        found
    }

    /// Whether every name stands for one thing.
    pub fn check(&self) -> Result<(), RegistryError> {
        let duplicates = self.duplicates();
        if duplicates.is_empty() {
            Ok(())
        } else {
            Err(RegistryError::Duplicates(duplicates))
        }
    }
}

impl AnyEntry {
    fn key(&self) -> &'static str {
        match self {
            AnyEntry::Module(entry) => entry.key(),
            AnyEntry::Payload(entry) => entry.key(),
            AnyEntry::Initializer(entry) => entry.key(),
            AnyEntry::Config(entry) => entry.key(),
            AnyEntry::Validator(entry) => entry.key(),
        }
    }
}

macro_rules! collected {
    ($manual:expr, $slice:ident, $variant:ident) => {
        $slice
            .iter()
            .chain($manual.iter().filter_map(|entry| match entry {
                AnyEntry::$variant(entry) => Some(*entry),
                _ => None,
            }))
    };
}

impl Tables {
    fn collect(manual: &[AnyEntry]) -> Tables {
        let of_kind =
            |kind| collected!(manual, MODULES, Module).filter(move |entry| entry.table.kind == kind);
        Tables {
            modules: sorted(of_kind(ModuleKind::Module)),
            neurons: sorted(of_kind(ModuleKind::Neuron)),
            brains: sorted(of_kind(ModuleKind::Brain)),
            payloads: sorted(collected!(manual, PAYLOADS, Payload)),
            initializers: sorted(collected!(manual, INITIALIZERS, Initializer)),
            configs: sorted(collected!(manual, CONFIGS, Config)),
            validators: sorted(collected!(manual, VALIDATORS, Validator)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_are_found_by_key_and_by_name() {
        assert!(REGISTRY.payload("spike_array").is_some());
        assert!(REGISTRY.payload("SpikeArray").is_some());
        assert!(REGISTRY.payload("spikes").is_none());
    }

    #[test]
    fn a_registry_filled_by_hand_names_both_places_of_a_duplicate() {
        static ONE: PayloadEntry = PayloadEntry::of::<SpikeArray>("my_crate::a", "a.rs", 1);
        let registry = Registry::new();
        registry.register(AnyEntry::Payload(&ONE)).unwrap();
        let text = registry.check().unwrap_err().to_string();
        assert!(
            text.contains("my_crate::a (a.rs:1)") && text.contains("spark::core::registry"),
            "{text}"
        );
        assert_eq!(
            registry.register(AnyEntry::Payload(&ONE)),
            Err(RegistryError::TooLate("spike_array"))
        );
    }
}
