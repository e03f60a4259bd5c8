//! State of declared networks: payloads that are kept from one step to the next, and names of places.

use crate::core::module::PortInfo;
use crate::core::payload::{Shape, SparkPayload};
use crate::core::rng::Key;
use crate::core::state::{StateMap, StateReader, StateVisitor};
use crate::core::variable::{Variable, VariableKind};

use super::ports::Carries;

/// Shows a payload under its port's name.
pub fn visit_payload<P: SparkPayload>(name: &str, payload: &mut P, visitor: &mut StateVisitor<'_>) {
    visitor.item(name, VariableKind::Activity, payload);
}

/// Shows a payload under its port's name.
pub fn read_payload<P: SparkPayload>(name: &str, payload: &P, reader: &mut StateReader<'_>) {
    reader.item(name, VariableKind::Activity, payload);
}

/// `path/name`, as state maps name variables.
pub fn state_path(path: &str, name: &str) -> String {
    crate::core::state::join(path, name)
}

/// Writes a random stream under the name that the Python package gives it.
pub fn insert_key(state: &mut StateMap, path: &str, stream: &Variable<Key>) {
    state.insert_u32(state_path(path, "rng"), ndarray::arr1(&stream.0).into_dyn());
}

/// A buffer for several sources that are concatenated into one port.
pub fn buffer<S: Carries>(infos: &[Option<PortInfo>]) -> S::Payload {
    let shape = infos
        .get(S::INDEX)
        .and_then(Option::as_ref)
        .map(|info| info.shape.clone());
    S::Payload::zeros(&shape.unwrap_or_default())
}

/// What an output that is fed by an input holds before the first step.
pub fn entrance<P: SparkPayload>(infos: &[Option<PortInfo>], input: usize) -> P {
    P::zeros(&shape_at(infos, input))
}

/// The shape of an input of a network.
pub fn shape_at(infos: &[Option<PortInfo>], input: usize) -> Shape {
    infos
        .get(input)
        .and_then(Option::as_ref)
        .map(|info| info.shape.clone())
        .unwrap_or_default()
}

/// The shape of an input as a checkpoint holds it. There is one for each input.
pub fn saved_shape(shapes: &[Shape], input: usize) -> Shape {
    shapes.get(input).cloned().unwrap_or_default()
}

/// An input of a network that was not fed.
///
/// # Panics
/// Always. Declared networks are checked for it while compiling, and the dynamic form refuses it before the step.
#[cold]
#[expect(
    clippy::panic,
    reason = "unreachable: wiring is checked while compiling and while building"
)]
pub fn unfed(network: &str, input: &str) -> ! {
    panic!("`{network}.{input}` was not fed")
}
