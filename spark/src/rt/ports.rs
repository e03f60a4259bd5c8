//! Ports by index. The index is a `const` argument whose expression is a check of [`spark_ir::wiring`]: where the
//! check fails the whole type is an error, and nothing that mentions it is reported a second time.

use std::marker::PhantomData;

use crate::core::module::{InPlacePort, InputPort, Module, OutputPort, PortInfo, Property, PropertyMut};
use crate::core::payload::SparkPayload;

/// What a typed end of a wire carries.
pub trait Carries {
    /// The payload.
    type Payload: SparkPayload;
    /// The index of the port.
    const INDEX: usize;
}

/// An input port of `M` that is read.
pub struct Sink<M, const I: usize>(PhantomData<fn() -> M>);

impl<M: InputPort<I>, const I: usize> Carries for Sink<M, I> {
    type Payload = <M as InputPort<I>>::Payload;
    const INDEX: usize = I;
}

impl<M: InputPort<I>, const I: usize> Sink<M, I>
where
    for<'a> <M as InputPort<I>>::Ref<'a>: Gather<'a, <M as InputPort<I>>::Payload>,
{
    /// Feeds the port from one source.
    pub fn one<'a>(inputs: &mut M::Inputs<'a>, source: &'a [&'a <M as InputPort<I>>::Payload; 1]) {
        <M as InputPort<I>>::put(inputs, Gather::one(source));
    }

    /// Feeds the port from several sources: concatenated into `buffer`, or as they are for a `Many` port.
    pub fn several<'a>(
        inputs: &mut M::Inputs<'a>,
        sources: &'a [&'a <M as InputPort<I>>::Payload],
        buffer: &'a mut <M as InputPort<I>>::Payload,
    ) {
        <M as InputPort<I>>::put(inputs, Gather::several(sources, buffer));
    }
}

/// How a port takes its sources: as one value or as a list.
pub trait Gather<'a, P: SparkPayload>: Sized {
    /// From one source.
    fn one(source: &'a [&'a P; 1]) -> Self;
    /// From several.
    fn several(sources: &'a [&'a P], buffer: &'a mut P) -> Self;
}

impl<'a, P: SparkPayload> Gather<'a, P> for &'a P {
    fn one(source: &'a [&'a P; 1]) -> Self {
        source[0]
    }

    fn several(sources: &'a [&'a P], buffer: &'a mut P) -> Self {
        P::gather(buffer, sources);
        buffer
    }
}

impl<'a, P: SparkPayload> Gather<'a, P> for &'a [&'a P] {
    fn one(source: &'a [&'a P; 1]) -> Self {
        source
    }

    fn several(sources: &'a [&'a P], _buffer: &'a mut P) -> Self {
        sources
    }
}

/// An input port of `M` that is updated in place.
pub struct InPlaceSink<M, const I: usize>(PhantomData<fn() -> M>);

impl<M: InPlacePort<I>, const I: usize> Carries for InPlaceSink<M, I> {
    type Payload = <M as InPlacePort<I>>::Payload;
    const INDEX: usize = I;
}

impl<M: InPlacePort<I>, const I: usize> InPlaceSink<M, I> {
    /// Lends the port what it updates.
    pub fn lend<'a>(inputs: &mut M::Inputs<'a>, value: &'a mut <M as InPlacePort<I>>::Payload) {
        <M as InPlacePort<I>>::put(inputs, value);
    }
}

/// An output port of `M`.
pub struct Tap<M, const I: usize>(PhantomData<fn() -> M>);

impl<M: OutputPort<I>, const I: usize> Carries for Tap<M, I> {
    type Payload = <M as OutputPort<I>>::Payload;
    const INDEX: usize = I;
}

impl<M: OutputPort<I>, const I: usize> Tap<M, I> {
    /// What the output holds.
    pub fn get(outputs: &M::Outputs) -> &<M as OutputPort<I>>::Payload {
        <M as OutputPort<I>>::get(outputs)
    }

    /// What a consumer may know of the output at build.
    pub fn info(outputs: &M::Outputs) -> PortInfo {
        PortInfo::of(<M as OutputPort<I>>::get(outputs))
    }
}

/// A property of `M`.
pub struct Reads<M, const I: usize>(PhantomData<fn() -> M>);

impl<M: Property<I>, const I: usize> Carries for Reads<M, I> {
    type Payload = <M as Property<I>>::Payload;
    const INDEX: usize = I;
}

impl<M: Property<I>, const I: usize> Reads<M, I> {
    /// What the property holds now.
    pub fn get(module: &M) -> &<M as Property<I>>::Payload {
        <M as Property<I>>::get(module)
    }

    /// What a consumer may know of the property at build.
    pub fn info(module: &M) -> PortInfo {
        PortInfo::of(<M as Property<I>>::get(module))
    }
}

/// A property of `M` that may be written.
pub struct Writes<M, const I: usize>(PhantomData<fn() -> M>);

impl<M: PropertyMut<I>, const I: usize> Carries for Writes<M, I> {
    type Payload = <M as Property<I>>::Payload;
    const INDEX: usize = I;
}

impl<M: PropertyMut<I>, const I: usize> Writes<M, I> {
    /// The property, for writing.
    pub fn get_mut(module: &mut M) -> &mut <M as Property<I>>::Payload {
        <M as PropertyMut<I>>::get_mut(module)
    }

    /// What a consumer may know of the property at build.
    pub fn info(module: &M) -> PortInfo {
        PortInfo::of(<M as Property<I>>::get(module))
    }
}

/// An input of the network itself, checked against the port it feeds.
pub struct Pass<P, const CHECKED: usize>(PhantomData<fn() -> P>);

/// A value that is passed on once the check in its type has held.
pub trait Passes {
    /// What goes in.
    type From: SparkPayload;
    /// What comes out.
    type Payload: SparkPayload;
    /// Passes it on.
    fn get(value: &Self::From) -> &Self::Payload;
}

impl<P: SparkPayload> Passes for Pass<P, 0> {
    type From = P;
    type Payload = P;
    fn get(value: &P) -> &P {
        value
    }
}

/// The payload table behind a typed end, for the checks of the other end.
pub const fn payload_of<C: Carries>() -> &'static spark_ir::table::PayloadTable {
    <C::Payload as SparkPayload>::TABLE
}

/// The index of a typed end, passed on by a further check.
pub const fn index_of<C: Carries>() -> usize {
    C::INDEX
}

/// Refuses a node whose type is no module, in our words.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a module: it cannot stand as a node of a network",
    label = "not a module",
    note = "modules are written with `#[register_module]` or declared with `network! {{ neuron .. }}`"
)]
pub trait IsModule: Module {}

impl<M: Module> IsModule for M {}
