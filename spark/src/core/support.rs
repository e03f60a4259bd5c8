//! What the registering attributes call: the code behind the short lines that they emit.

use std::any::Any;

use ndarray::IxDyn;
use spark_ir::shape::{ConstValue, Dims, Known, Scope, ShapeRule, output_of, rule_dims};
use spark_ir::suggest::same;
use spark_ir::table::{ConfigTable, KnownField, ModuleTable, PortTable};

use crate::core::config::SparkConfig;
use crate::core::error::{BuildError, Problem};
use crate::core::module::{AnyInput, Keys, Many, Module, PortInfo, Ports};
use crate::core::state::{StateMap, Stateful};

pub use crate::core::array::{ArrayD, Element};
pub use crate::core::config::{Check, NoConfig, Origin, deserialize_config, same_fields, serialize_config};
pub use crate::core::dtype::Dtype;
pub use crate::core::dynamic::DynModule;
pub use crate::core::field::{FieldType, FieldValue, FieldView, IntoField};
pub use crate::core::initializer::Initializer;
pub use crate::core::payload::{Concat, Shape, SparkPayload};
pub use crate::core::state::{StateReader, StateValue, StateVisitor};
pub use crate::core::validator::{ConfigValidator, RegisteredValidator};

/// The value of a required input.
///
/// # Panics
/// If nothing was fed into it: networks are checked before they run, so only a hand-written `run` can do that.
#[inline]
#[track_caller]
#[allow(
    clippy::panic,
    reason = "a mistake of the calling program, as an index out of bounds is"
)]
pub fn required<T>(input: Option<T>, table: &'static ModuleTable, port: usize) -> T {
    match input {
        Some(value) => value,
        None => panic!(
            "`{}` was run without its input `{}`",
            table.name, table.inputs[port].name
        ),
    }
}

/// Feeds an `In` port.
pub fn feed_shared<'a, T: Any>(slot: &mut Option<&'a T>, value: AnyInput<'a>) -> bool {
    let AnyInput::Shared(value) = value else {
        return false;
    };
    let Some(value) = value.downcast_ref() else {
        return false;
    };
    *slot = Some(value);
    true
}

/// Feeds an `InOut` port.
pub fn feed_in_place<'a, T: Any>(slot: &mut Option<&'a mut T>, value: AnyInput<'a>) -> bool {
    let AnyInput::InPlace(value) = value else {
        return false;
    };
    let Some(value) = value.downcast_mut() else {
        return false;
    };
    *slot = Some(value);
    true
}

/// Feeds a `Many` port.
pub fn feed_many<'a, T: Any>(slot: &mut Option<Many<'a, T>>, value: AnyInput<'a>) -> bool {
    let AnyInput::Many(sources) = value else {
        return false;
    };
    let Some(sources) = Many::of_any(sources) else {
        return false;
    };
    *slot = Some(sources);
    true
}

/// The array that a value payload begins with.
pub fn zeros<T: Element>(shape: &Shape) -> ArrayD<T> {
    ArrayD::default(IxDyn(shape))
}

/// The state of a module under its own paths.
pub fn own_state<M: Stateful>(module: &M, path: &str, state: &mut StateMap) {
    module.visit_ref(&mut StateReader::new(path, state));
}

/// A module whose `build` is missing: the macro has told it already.
pub fn not_built(table: &'static ModuleTable, keys: &Keys) -> BuildError {
    BuildError::one(keys.path(), format!("`{}` has no method `build`", table.name))
}

/// What is known of the fields of a configuration and of its inputs, as the interpreter of shape rules wants it.
fn with_known<R>(
    fields: &[(String, ConstValue)],
    infos: &[Option<PortInfo>],
    read: impl FnOnce(&Scope<'_>, &[Known]) -> R,
) -> R {
    let fields: Vec<KnownField<'_>> = fields
        .iter()
        .map(|(name, value)| KnownField { name, value: *value })
        .collect();
    let arriving: Vec<Known> = infos.iter().map(known).collect();
    read(&Scope::of(&fields), &arriving)
}

/// What the interpreter of shape rules may know of an input.
pub(crate) fn known(info: &Option<PortInfo>) -> Known {
    match info {
        Some(info) => Known {
            dims: Dims::new(&info.shape),
            per_synapse: info.per_synapse,
        },
        None => Known::NOTHING,
    }
}

/// The shape that the rule of an output gives.
pub fn output_shape<M: Module>(
    config: &M::Config,
    ports: &Ports<M>,
    port: usize,
) -> Result<Shape, BuildError> {
    told_shape(M::TABLE, port, &config.known_fields(), ports.infos())
}

/// The same for any module: compiled once.
fn told_shape(
    table: &'static ModuleTable,
    port: usize,
    fields: &[(String, ConstValue)],
    infos: &[Option<PortInfo>],
) -> Result<Shape, BuildError> {
    let known = with_known(fields, infos, |scope, arriving| {
        output_of(table, port, scope, arriving)
    });
    known
        .dims
        .map(Shape::from)
        .ok_or_else(|| untold(table, port).into())
}

fn untold(table: &ModuleTable, output: usize) -> Problem {
    let message = format!(
        "the shape of the output `{}` of `{}` cannot be told",
        table.outputs[output].name, table.name
    );
    Problem::new("", message)
        .help("give the fields and wire the inputs that its shape is made of, none of them too large")
}

/// Checks that required inputs are wired and that what arrives has the shape that the port takes. All problems at once.
pub fn check_inputs<M: Module>(config: &M::Config, ports: &Ports<M>, path: &str) -> Result<(), BuildError> {
    check_arriving(M::TABLE, &config.known_fields(), ports.infos(), path)
}

/// The problem of a kernel that holds some synapses only, at a port that takes all pairs of neurons.
fn no_sparse(place: String, port: &PortTable) -> Problem {
    let text =
        "the kernel that arrives holds some of the synapses only, and the port takes a value for every pair";
    let problem = Problem::new(place, text).expected(format!("a dense {}", port.payload.name));
    problem.found("a sparse one").help(
        "draw the kernel with an initializer that fills it, such as SparseUniformInitializer, or use a rule that takes sparse \
         kernels: `spark modules` names them",
    )
}

/// The same, for a module whose type is known at run time only.
pub(crate) fn check_arriving(
    table: &'static ModuleTable,
    fields: &[(String, ConstValue)],
    infos: &[Option<PortInfo>],
    path: &str,
) -> Result<(), BuildError> {
    let mut problems = Vec::new();
    with_known(fields, infos, |scope, arriving| {
        for (index, port) in table.inputs.iter().enumerate() {
            let place = format!("{path}.{}", port.name);
            match infos.get(index).and_then(Option::as_ref) {
                None if port.optional => {}
                None => problems.push(
                    Problem::new(
                        place,
                        "SPK026: nothing is wired into this input, and it is required",
                    )
                    .help(format!("add a wire: `source -> node.{};`", port.name)),
                ),
                Some(info) => {
                    if info.topology.is_some() && !port.sparse {
                        problems.push(no_sparse(place.clone(), port));
                    }
                    let takes = rule_dims(&port.shape, table, scope, arriving);
                    if let Some(takes) = takes.filter(|takes| takes.as_slice() != info.shape.as_slice()) {
                        let problem =
                            Problem::new(place, "SPK050: what arrives does not have the shape of the port");
                        problems.push(problem.expected(Shape::from(takes)).found(&info.shape));
                    }
                }
            }
        }
        for (index, port) in table.outputs.iter().enumerate() {
            let told = output_of(table, index, scope, arriving).dims.is_some();
            if !told && matches!(port.shape, ShapeRule::Terms(_)) && problems.is_empty() {
                problems.push(untold(table, index).inside(path));
            }
        }
        for port in table.outputs.iter().chain(table.properties) {
            if let Some(shape) = rule_dims(&port.shape, table, scope, arriving).map(Shape::from) {
                problems.extend(too_many(&shape, port.name, path));
            }
        }
    });
    BuildError::check(problems)
}

/// Units and synapses are numbered with 32 bits.
const MOST_ELEMENTS: usize = u32::MAX as usize;

fn too_many(shape: &Shape, name: &str, path: &str) -> Option<Problem> {
    let problem = || {
        Problem::new(format!("{path}.{name}"), "there would be too many elements")
            .expected(format!("{MOST_ELEMENTS} at most"))
            .found(shape)
            .help("choose smaller sizes: units and synapses are numbered with 32 bits")
    };
    (shape.count() > MOST_ELEMENTS).then(problem)
}

/// Refuses a shape of more elements than can be numbered.
pub(crate) fn check_count(shape: &Shape, name: &str, path: &str) -> Result<(), BuildError> {
    BuildError::check(too_many(shape, name, path).into_iter().collect())
}

/// The shapes of the outputs of a module, as far as they can be told before it is built.
#[cfg(feature = "parity")]
pub(crate) fn output_shapes(
    table: &'static ModuleTable,
    fields: &[(String, ConstValue)],
    infos: &[Option<PortInfo>],
) -> Vec<Option<Shape>> {
    with_known(fields, infos, |scope, arriving| {
        (0..table.outputs.len())
            .map(|port| output_of(table, port, scope, arriving).dims.map(Shape::from))
            .collect()
    })
}

/// Whether a name in `#[shape(..)]` is a field of the configuration.
///
/// # Panics
/// If it is none: evaluated while compiling, so that the panic is the error.
#[track_caller]
#[allow(clippy::panic, reason = "a panic in const code is a compile error")]
pub const fn shape_field(config: &ConfigTable, field: &str) {
    let mut i = 0;
    while i < config.fields.len() {
        if same(config.fields[i].name, field) {
            return;
        }
        i += 1;
    }
    panic!(
        "SPK076: this is neither an input of the module nor a field of its configuration\nhelp: a shape is made of inputs, fields, numbers, `pairs(post, pre)` and `flat(input)`"
    );
}
