//! Modules: the trait that `#[register_module]` implements, and what a module is built from.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use spark_ir::table::{ModuleTable, PortTable};

use crate::core::compat::Compat;
use crate::core::config::{SparkConfig, dotted};
use crate::core::dynamic::DynModule;
use crate::core::error::{BuildError, Problem};
use crate::core::payload::{Deferrable, DelayPlan, Shape, SparkPayload, Topology};
use crate::core::rng::Key;
use crate::core::sharing::{self, Part, Sharing};
use crate::core::state::{StateMap, StateReader, StateVisitor, Stateful};
use crate::core::units::Ms;
use crate::core::variable::{Variable, VariableKind};
use crate::watch::Watch;

/// An input port: read in the step.
pub type In<'a, T> = &'a T;
/// An output port: written in the step.
pub type Out<'a, T> = &'a mut T;
/// A port that is read and updated in place.
pub type InOut<'a, T> = &'a mut T;

/// An input port that takes its sources one by one, unmerged.
#[derive(Debug)]
pub struct Many<'a, T>(Sources<'a, T>);

#[derive(Debug)]
enum Sources<'a, T> {
    Typed(&'a [&'a T]),
    /// All of them are `T`: seen when the port was fed.
    Any(&'a [&'a dyn Any]),
}

impl<T> Clone for Many<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Many<'_, T> {}

impl<T> Clone for Sources<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Sources<'_, T> {}

impl<'a, T: 'static> Many<'a, T> {
    /// From its sources.
    pub fn of(sources: &'a [&'a T]) -> Self {
        Many(Sources::Typed(sources))
    }

    /// From sources whose type is known at run time only; `None` if one of them is no `T`.
    pub fn of_any(sources: &'a [&'a dyn Any]) -> Option<Self> {
        sources
            .iter()
            .all(|source| source.is::<T>())
            .then_some(Many(Sources::Any(sources)))
    }

    /// The number of sources.
    pub fn len(&self) -> usize {
        match self.0 {
            Sources::Typed(sources) => sources.len(),
            Sources::Any(sources) => sources.len(),
        }
    }

    /// Whether there is no source.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Source number `index`, in the order in which they are wired.
    pub fn get(&self, index: usize) -> Option<&'a T> {
        match self.0 {
            Sources::Typed(sources) => sources.get(index).copied(),
            Sources::Any(sources) => sources.get(index).and_then(|source| source.downcast_ref()),
        }
    }

    /// The sources, in the order in which they are wired.
    pub fn iter(self) -> impl Iterator<Item = &'a T> {
        (0..self.len()).filter_map(move |index| self.get(index))
    }
}

/// A part of a network: configuration, state, typed ports and a step.
///
/// Written by `#[register_module]` from the `impl` block under it; see the crate's documentation for an example.
pub trait Module: Stateful + Send + Sized + 'static {
    /// Its configuration.
    type Config: SparkConfig;
    /// Its input ports, in the order of the signature: a tuple of `Option<&T>` (`Option<&mut T>` for in-place ports,
    /// `Option<Many<T>>` for `Many`).
    type Inputs<'a>: Default;
    /// Its output payloads, in the order of the signature.
    type Outputs: Payloads;
    /// Its ports and fields.
    const TABLE: &'static ModuleTable;

    /// Builds the module for these input shapes. Never steps it.
    fn build(config: &Self::Config, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError>;

    /// Allocates the outputs: shapes are known, nothing has been written.
    fn outputs(&self, config: &Self::Config, ports: &Ports<Self>) -> Result<Self::Outputs, BuildError>;

    /// One step.
    fn run(&mut self, inputs: Self::Inputs<'_>, outputs: &mut Self::Outputs);

    /// Clears activity; keeps what was learned and the random streams.
    fn reset(&mut self);

    /// A copy in the same state. What never changes and is shared by handle (delay plans, masks) stays shared.
    ///
    /// # Errors
    /// If the type of a module is not `Clone`.
    fn duplicate(&self) -> Result<Self, Problem> {
        Err(not_cloned(Self::TABLE))
    }

    /// What a copy of it does in one of several threads.
    fn sharing(&self) -> Sharing {
        Sharing::Alone
    }

    /// Computes a part of the units from now on, if [`Module::sharing`] says that it can.
    fn restrict(&mut self, _part: Part) {}

    /// Takes over what only `other` has got in the last `steps` steps; both are copies of one module.
    fn exchange(&mut self, _other: &Self, _steps: usize) {}

    /// Takes over the state of the part that `copy` computes.
    fn gather(&mut self, copy: &Self, part: Part) {
        sharing::gather(self, copy, part);
    }

    /// The state under the Python package's paths and in its layout.
    fn spark_state(&self, path: &str, state: &mut StateMap);

    /// Shows a [`Watch`] what was written in the last step.
    fn watch(&self, config: &Self::Config, outputs: &Self::Outputs, place: &str, watch: &mut Watch) {
        for (index, port) in Self::TABLE.outputs.iter().enumerate() {
            if let Some(value) = outputs.get_any(index) {
                watch.output(&dotted(place, port.name), value, config);
            }
        }
    }

    /// Dynamic form: gives a value to input `port`. `false` if there is no such port or it takes another type.
    fn feed<'a>(inputs: &mut Self::Inputs<'a>, port: usize, value: AnyInput<'a>) -> bool;

    /// Dynamic form: a property, by index.
    fn property(&self, port: usize) -> Option<&dyn Any>;

    /// Dynamic form: a property that may be written, by index.
    fn property_mut(&mut self, port: usize) -> Option<&mut dyn Any>;

    /// Dynamic form: a node of it, if it is a network.
    fn node(&self, name: &str) -> Option<&dyn DynModule> {
        let _ = name;
        None
    }
}

/// The problem of a module that is to be copied and is not `Clone`.
pub(crate) fn not_cloned(table: &ModuleTable) -> Problem {
    Problem::new("", format!("a `{}` cannot be copied", table.name)).help("derive `Clone` for it")
}

/// A value on its way into a port whose type is only known at run time.
pub enum AnyInput<'a> {
    /// For `In`.
    Shared(&'a dyn Any),
    /// For `InOut`.
    InPlace(&'a mut dyn Any),
    /// For `Many`.
    Many(&'a [&'a dyn Any]),
}

/// Input port number `I` of a module. `Ref` is `&'a T`, or `&'a [&'a T]` for `Many`.
pub trait InputPort<const I: usize>: Module {
    /// What the port takes.
    type Payload: SparkPayload;
    /// How it takes it.
    type Ref<'a>;
    /// Gives a value to the port.
    fn put<'a>(inputs: &mut Self::Inputs<'a>, value: Self::Ref<'a>);
}

/// In-place port number `I` (counted among all inputs).
pub trait InPlacePort<const I: usize>: Module {
    /// What the port updates.
    type Payload: SparkPayload;
    /// Gives the port what it updates.
    fn put<'a>(inputs: &mut Self::Inputs<'a>, value: &'a mut Self::Payload);
}

/// Output port number `I`.
pub trait OutputPort<const I: usize>: Module {
    /// What the port gives.
    type Payload: SparkPayload;
    /// Reads the port.
    fn get(outputs: &Self::Outputs) -> &Self::Payload;
}

/// Property number `I`.
pub trait Property<const I: usize>: Module {
    /// What the property holds.
    type Payload: SparkPayload;
    /// Reads it.
    fn get(&self) -> &Self::Payload;
}

/// Property number `I`, if it may be written.
pub trait PropertyMut<const I: usize>: Property<I> {
    /// Borrows it for writing.
    fn get_mut(&mut self) -> &mut Self::Payload;
}

/// The output payloads of a module: a tuple of payloads, or the struct of a declared network.
pub trait Payloads: Clone + Send + 'static {
    /// Number of payloads.
    fn count(&self) -> usize;
    /// Payload `index`, its type known at run time only.
    fn get_any(&self, index: usize) -> Option<&dyn Any>;
    /// What a consumer built on payload `index` may know.
    fn info(&self, index: usize) -> Option<PortInfo>;
    /// Takes over what `newer` holds (a brain's wires are read one step late).
    fn latch(&mut self, newer: &Self);
    /// Adds what only `other` holds: spikes of other units.
    fn unite(&mut self, other: &Self);
    /// Empties all payloads.
    fn clear(&mut self);
    /// Lets the payloads be moved out or in, each under the name of its port.
    fn visit(&mut self, ports: &[PortTable], visitor: &mut StateVisitor<'_>);
    /// Shows the payloads; the same as in [`Payloads::visit`].
    fn visit_ref(&self, ports: &[PortTable], reader: &mut StateReader<'_>);
}

macro_rules! payload_tuple {
    ($($name:ident $index:tt),*) => {
        impl<$($name: SparkPayload),*> Payloads for ($($name,)*) {
            fn count(&self) -> usize {
                let indices: &[usize] = &[$($index),*];
                indices.len()
            }
            #[allow(unused_variables)]
            fn get_any(&self, index: usize) -> Option<&dyn Any> {
                match index {
                    $($index => Some(&self.$index),)*
                    _ => None,
                }
            }
            #[allow(unused_variables)]
            fn info(&self, index: usize) -> Option<PortInfo> {
                match index {
                    $($index => Some(PortInfo::of(&self.$index)),)*
                    _ => None,
                }
            }
            #[allow(unused_variables)]
            fn latch(&mut self, newer: &Self) {
                $(self.$index.latch(&newer.$index);)*
            }
            #[allow(unused_variables)]
            fn unite(&mut self, other: &Self) {
                $(self.$index.unite(&other.$index);)*
            }
            fn clear(&mut self) {
                $(self.$index.clear();)*
            }
            #[allow(unused_variables)]
            fn visit(&mut self, ports: &[PortTable], visitor: &mut StateVisitor<'_>) {
                $(visitor.item(ports[$index].name, VariableKind::Activity, &mut self.$index);)*
            }
            #[allow(unused_variables)]
            fn visit_ref(&self, ports: &[PortTable], reader: &mut StateReader<'_>) {
                $(reader.item(ports[$index].name, VariableKind::Activity, &self.$index);)*
            }
        }
    };
}
payload_tuple!();
payload_tuple!(A 0);
payload_tuple!(A 0, B 1);
payload_tuple!(A 0, B 1, C 2);
payload_tuple!(A 0, B 1, C 2, D 3);
payload_tuple!(A 0, B 1, C 2, D 3, E 4);
payload_tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
payload_tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
payload_tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

/// What a module may know at build about one of its inputs.
#[derive(Debug, Clone)]
pub struct PortInfo {
    /// Shape of what arrives.
    pub shape: Shape,
    /// Whether one spike per synapse arrives.
    pub per_synapse: bool,
    /// The delay plan behind the port, if delayed spikes arrive.
    pub plan: Option<Arc<DelayPlan>>,
    /// The synapses behind the port, if what arrives holds their values only.
    pub topology: Option<Arc<Topology>>,
    /// Where a learning rule says that it lets updates of what arrives wait, if it may.
    #[doc(hidden)]
    pub deferrable: Option<Arc<Deferrable>>,
}

impl PortInfo {
    /// What is known of a payload.
    pub fn of<T: SparkPayload>(payload: &T) -> Self {
        PortInfo {
            shape: payload.shape().clone(),
            per_synapse: payload.per_synapse(),
            plan: payload.delay_plan(),
            topology: payload.topology().cloned(),
            deferrable: payload.deferrable().cloned(),
        }
    }

    /// A plain payload of this shape.
    pub fn plain(shape: Shape) -> Self {
        PortInfo {
            shape,
            per_synapse: false,
            plan: None,
            topology: None,
            deferrable: None,
        }
    }
}

/// What arrives at the inputs of a module `M`, as far as building it needs.
#[derive(Debug, Clone)]
pub struct Ports<M> {
    infos: Vec<Option<PortInfo>>,
    module: PhantomData<fn() -> M>,
}

impl<M: Module> Ports<M> {
    /// From one entry per input, in the order of the signature; `None` for an optional port that is not wired.
    pub fn new(infos: Vec<Option<PortInfo>>) -> Self {
        Ports {
            infos,
            module: PhantomData,
        }
    }

    /// What arrives at the input `name`; `None` if nothing is wired there.
    pub fn get(&self, name: &str) -> Option<&PortInfo> {
        let index = M::TABLE.inputs.iter().position(|port| port.name == name)?;
        self.infos.get(index)?.as_ref()
    }

    /// What arrives at the input `name`, which must be wired.
    pub fn arriving(&self, name: &str) -> Result<&PortInfo, BuildError> {
        self.get(name).ok_or_else(|| BuildError::unwired(M::TABLE, name))
    }

    /// The shape of what arrives at the input `name`.
    pub fn shape(&self, name: &str) -> Result<&Shape, BuildError> {
        Ok(&self.arriving(name)?.shape)
    }

    /// All entries, in the order of the signature.
    pub fn infos(&self) -> &[Option<PortInfo>] {
        &self.infos
    }
}

/// What surrounds a module while it is built: its random stream, the time step, the mode of computation.
#[derive(Debug, Clone)]
pub struct Keys {
    key: Key,
    dt: Ms,
    compat: Compat,
    path: String,
    stream_taken: bool,
    in_neuron: bool,
}

impl Keys {
    /// For a module with this seed.
    pub fn new(seed: u64, dt: Ms, compat: Compat, path: impl Into<String>) -> Self {
        Keys {
            key: Key::from_seed(seed),
            dt,
            compat,
            path: path.into(),
            stream_taken: false,
            in_neuron: false,
        }
    }

    /// For the module `name` inside of what these keys belong to.
    pub fn inner(&self, seed: u64, name: &str) -> Self {
        let path = dotted(&self.path, name);
        Keys {
            in_neuron: self.in_neuron,
            ..Keys::new(seed, self.dt, self.compat, path)
        }
    }

    /// Says that what is built next stands inside of a neuron.
    pub fn enter_neuron(&mut self) {
        self.in_neuron = true;
    }

    /// Whether the module stands inside of a neuron. The Python package shows modules there no inhibition masks while
    /// it builds them; [`Compat::SparkSnn1`] has to know.
    pub fn in_neuron(&self) -> bool {
        self.in_neuron
    }

    /// Draws the next key of the module's stream.
    pub fn next_key(&mut self) -> Key {
        self.key.next()
    }

    /// Hands the stream over to a module that goes on drawing in its step.
    pub fn take_stream(&mut self) -> Variable<Key> {
        self.stream_taken = true;
        Variable::new(self.key)
    }

    /// The stream after building, unless the module took it.
    pub fn into_stream(self) -> Option<Variable<Key>> {
        (!self.stream_taken).then(|| Variable::new(self.key))
    }

    /// The time step.
    pub fn dt(&self) -> Ms {
        self.dt
    }

    /// Whether to compute what the model means or what the Python package computes.
    pub fn compat(&self) -> Compat {
        self.compat
    }

    /// Where the module stands, for errors: `PushPull.left.soma`.
    pub fn path(&self) -> &str {
        &self.path
    }
}
