//! Payloads whose type is known at run time only: what travels in networks read from files.

use std::any::Any;
use std::fmt;

use spark_ir::table::PayloadTable;

use super::{Shape, SparkPayload};
use crate::core::module::PortInfo;
use crate::core::state::{StateReader, StateVisitor};
use crate::core::variable::VariableKind;

/// What can be done with a payload of one type, its type forgotten. A value of another type is left as it is.
#[derive(Debug)]
pub struct PayloadOps {
    zeros: fn(&Shape) -> Box<dyn Any + Send>,
    duplicate: fn(&dyn Any) -> Option<Box<dyn Any + Send>>,
    latch: fn(&mut dyn Any, &dyn Any),
    gather: fn(&mut dyn Any, &[&dyn Any]),
    clear: fn(&mut dyn Any),
    info: fn(&dyn Any) -> Option<PortInfo>,
    visit: fn(&mut dyn Any, &str, &mut StateVisitor<'_>),
    read: fn(&dyn Any, &str, &mut StateReader<'_>),
}

/// The most sources that are gathered without allocating.
const FEW: usize = 16;

fn gather<P: SparkPayload>(into: &mut dyn Any, parts: &[&dyn Any]) {
    let (Some(into), Some(first)) = (
        into.downcast_mut::<P>(),
        parts.first().and_then(|part| part.downcast_ref::<P>()),
    ) else {
        return;
    };
    let typed = parts.iter().filter_map(|part| part.downcast_ref::<P>());
    if parts.len() > FEW {
        P::gather(into, &typed.collect::<Vec<_>>());
        return;
    }
    let mut few = [first; FEW];
    few.iter_mut().zip(typed).for_each(|(slot, part)| *slot = part);
    P::gather(into, &few[..parts.len()]);
}

impl PayloadOps {
    /// What can be done with a `P`.
    pub const fn of<P: SparkPayload>() -> Self {
        PayloadOps {
            zeros: |shape| Box::new(P::zeros(shape)),
            duplicate: |value| Some(Box::new(value.downcast_ref::<P>()?.clone())),
            latch: |into, newer| {
                if let (Some(into), Some(newer)) = (into.downcast_mut::<P>(), newer.downcast_ref::<P>()) {
                    into.latch(newer);
                }
            },
            gather: gather::<P>,
            clear: |value| {
                if let Some(value) = value.downcast_mut::<P>() {
                    value.clear();
                }
            },
            info: |value| value.downcast_ref::<P>().map(PortInfo::of),
            visit: |value, name, visitor| {
                if let Some(value) = value.downcast_mut::<P>() {
                    visitor.item(name, VariableKind::Activity, value);
                }
            },
            read: |value, name, reader| {
                if let Some(value) = value.downcast_ref::<P>() {
                    reader.item(name, VariableKind::Activity, value);
                }
            },
        }
    }

    /// What a module may know of a value at build.
    pub fn info(&self, value: &dyn Any) -> Option<PortInfo> {
        (self.info)(value)
    }

    /// Makes `into` what `newer` is.
    pub fn latch(&self, into: &mut dyn Any, newer: &dyn Any) {
        (self.latch)(into, newer);
    }
}

/// A payload of some type.
pub struct AnyPayload {
    value: Box<dyn Any + Send>,
    table: &'static PayloadTable,
    ops: &'static PayloadOps,
}

impl fmt::Debug for AnyPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnyPayload").field(&self.table.name).finish()
    }
}

impl AnyPayload {
    /// The payload of this shape in which nothing has happened yet.
    pub fn zeros(table: &'static PayloadTable, ops: &'static PayloadOps, shape: &Shape) -> Self {
        AnyPayload {
            value: (ops.zeros)(shape),
            table,
            ops,
        }
    }

    /// A copy of a value; `None` if it is of another type.
    pub fn copy_of(table: &'static PayloadTable, ops: &'static PayloadOps, value: &dyn Any) -> Option<Self> {
        Some(AnyPayload {
            value: (ops.duplicate)(value)?,
            table,
            ops,
        })
    }

    /// A copy.
    pub fn duplicate(&self) -> Self {
        AnyPayload {
            // The operations are those of the value's own type, so that there always is a copy.
            value: (self.ops.duplicate)(self.get()).unwrap_or_else(|| (self.ops.zeros)(&Shape::default())),
            table: self.table,
            ops: self.ops,
        }
    }

    /// Its type.
    pub fn table(&self) -> &'static PayloadTable {
        self.table
    }

    /// The value.
    pub fn get(&self) -> &dyn Any {
        &*self.value
    }

    /// The value, to be changed.
    pub fn get_mut(&mut self) -> &mut dyn Any {
        &mut *self.value
    }

    /// Takes over a newer value.
    pub fn latch(&mut self, newer: &dyn Any) {
        (self.ops.latch)(&mut *self.value, newer);
    }

    /// Becomes what several sources amount to.
    pub fn gather(&mut self, parts: &[&dyn Any]) {
        (self.ops.gather)(&mut *self.value, parts);
    }

    /// Makes nothing of what happened.
    pub fn clear(&mut self) {
        (self.ops.clear)(&mut *self.value);
    }

    /// What a module may know of it at build.
    pub fn info(&self) -> Option<PortInfo> {
        self.ops.info(&*self.value)
    }

    /// Lets it be moved out or in under a name.
    pub fn visit(&mut self, name: &str, visitor: &mut StateVisitor<'_>) {
        (self.ops.visit)(&mut *self.value, name, visitor);
    }

    /// Shows it under a name.
    pub fn visit_ref(&self, name: &str, reader: &mut StateReader<'_>) {
        (self.ops.read)(&*self.value, name, reader);
    }
}
