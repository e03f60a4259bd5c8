//! Payloads: what travels on a wire.

mod any;
mod arrays;
mod arriving;
mod deferred;
mod delay_plan;
mod floats;
mod mask;
mod ring;
mod rows;
mod shape;
mod spikes;
mod topology;

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use spark_ir::table::PayloadTable;

use crate::core::dtype::Dtype;
use crate::core::state::StateValue;

pub use any::{AnyPayload, PayloadOps};
pub use arrays::{BooleanMask, CurrentArray, IntegerArray, IntegerMask, PotentialArray};
pub(crate) use arriving::{Arriving, Entry, Row, copied, each_entry};
#[doc(hidden)]
pub use deferred::Deferrable;
pub(crate) use deferred::Deferred;
pub use delay_plan::{DelayPlan, LagClass, LagSlice};
pub use floats::FloatArray;
pub use mask::Mask;
pub use ring::SpikeRing;
pub(crate) use rows::RowsMut;
pub use shape::Shape;
pub use spikes::{DelayedSpikes, SpikeArray, SpikeForm};
pub use topology::{Incoming, IndexSlice, Indices, Topology};

/// What travels on a wire.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no payload: it cannot travel on a wire",
    note = "a payload is a struct with `#[register_payload]`"
)]
pub trait SparkPayload: Any + Clone + Debug + Send + Sync + StateValue + 'static {
    /// Its name.
    const TABLE: &'static PayloadTable;
    /// The payload of this shape in which nothing has happened yet.
    fn zeros(shape: &Shape) -> Self;
    /// Its shape.
    fn shape(&self) -> &Shape;
    /// Its number type.
    fn dtype(&self) -> Dtype;
    /// Makes nothing of what happened.
    fn clear(&mut self);
    /// Takes over what `newer` holds. The built-in payloads do not allocate for it once they are warm.
    fn latch(&mut self, newer: &Self) {
        self.clone_from(newer);
    }
    /// Makes `into` what several sources of one port amount to. Payloads that implement [`Concat`] forward to it; the
    /// others are never asked, since wiring several of them into one port does not compile.
    fn gather(into: &mut Self, parts: &[&Self]) {
        if let [first, ..] = parts {
            into.latch(first);
        }
    }
    /// Adds what only `other` holds, a copy in which other units were computed: spikes of these. Other payloads are the same in
    /// all copies.
    fn unite(&mut self, _other: &Self) {}
    /// Whether it holds one spike per synapse.
    fn per_synapse(&self) -> bool {
        false
    }
    /// The delays behind it, if it holds delayed spikes.
    fn delay_plan(&self) -> Option<Arc<DelayPlan>> {
        None
    }
    /// The synapses whose values it holds, if it holds nothing else.
    fn topology(&self) -> Option<&Arc<Topology>> {
        None
    }
    /// Where a learning rule says that it lets updates wait, if it may.
    #[doc(hidden)]
    fn deferrable(&self) -> Option<&Arc<Deferrable>> {
        None
    }
}

/// A payload of which several may be wired into one port.
///
/// ```
/// use spark::{Concat, FloatArray};
/// let (left, right) = (FloatArray::from([1.0, 2.0]), FloatArray::from([3.0]));
/// let mut both = FloatArray::filled(3, 0.0);
/// FloatArray::concat_into(&mut both, &[&left, &right]);
/// assert_eq!(both.as_slice(), [1.0, 2.0, 3.0]);
/// ```
pub trait Concat: SparkPayload {
    /// Makes `into` the flattened `parts`, one after the other. The built-in payloads do not allocate for it once they
    /// are warm.
    fn concat_into(into: &mut Self, parts: &[&Self]);
}
