//! Several streams become one.

use super::join::{Joined, Joint};
use crate::core::error::{BuildError, Problem};
use crate::core::field::Units;
use crate::core::module::{Keys, Many, Out, Ports};
use crate::core::payload::{BooleanMask, CurrentArray, FloatArray, IntegerArray, PotentialArray, SpikeArray};
use crate::nn::validators::TypeValidator;
use crate::prelude::{Stateful, register_config, register_module};

/// Configuration of [`Concat`] and its like for other payloads: nothing to choose.
#[register_config]
pub struct ConcatConfig {}

/// Configuration of [`ConcatReshape`] and its like for other payloads.
#[register_config]
pub struct ConcatReshapeConfig {
    /// Shape of the output. It has as many elements as all inputs together.
    #[field(required, validate(TypeValidator))]
    pub reshape: Units,
}

macro_rules! concat {
    ($(#[$doc:meta])* $name:ident: $payload:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Stateful)]
        pub struct $name {
            joint: Joint,
        }

        /// Joins streams into one, flattened.
        #[register_module(config = ConcatConfig, path = "Interfaces/ControlInterface", class = "Concat")]
        impl $name {
            fn build(_config: &ConcatConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
                let count = ports.shape("inputs")?.count();
                Ok($name { joint: Joint::new(count, keys.compat()) })
            }

            fn step(
                &mut self,
                /// What is joined, in the order in which it is wired.
                inputs: Many<$payload>,
                /// All of it, flattened.
                #[shape(flat(inputs))]
                output: Out<$payload>,
            ) {
                Joined::join(inputs, &mut self.joint, output);
            }
        }
    };
}

macro_rules! concat_reshape {
    ($(#[$doc:meta])* $name:ident: $payload:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Stateful)]
        pub struct $name {
            joint: Joint,
        }

        /// Joins streams into one of a shape of choice.
        #[register_module(config = ConcatReshapeConfig, path = "Interfaces/ControlInterface", class = "ConcatReshape")]
        impl $name {
            fn build(config: &ConcatReshapeConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
                let count = ports.shape("inputs")?.count();
                check_reshape(config, count, keys)?;
                Ok($name { joint: Joint::new(count, keys.compat()) })
            }

            fn step(
                &mut self,
                /// What is joined, in the order in which it is wired.
                inputs: Many<$payload>,
                /// All of it in the new shape.
                #[shape(reshape)]
                output: Out<$payload>,
            ) {
                Joined::join(inputs, &mut self.joint, output);
            }
        }
    };
}

fn check_reshape(config: &ConcatReshapeConfig, count: usize, keys: &Keys) -> Result<(), BuildError> {
    if config.reshape.count() == count {
        return Ok(());
    }
    let problem = Problem::new("reshape", "the shape does not hold what arrives");
    let found = format!("{}, {} elements", config.reshape, config.reshape.count());
    let problem = problem
        .expected(format!("a shape of {count} elements"))
        .found(found)
        .help("choose sizes whose product is that number");
    Err(problem.inside(keys.path()).into())
}

concat! {
    /// Joins streams of spikes into one: all inputs, flattened, one after the other in the order in which they are wired.
    ///
    /// A port that takes spikes concatenates several sources by itself; this module does it where the joined stream has to be
    /// read in several places, or sampled.
    ///
    /// Inhibitory spikes stay inhibitory. In `Compat::SparkSnn1` they are lost with the mask. (The class of the Python package
    /// cannot be built; this is what its formula gives.)
    ///
    /// Input: `inputs`, any number of sources of any shapes and forms. Output: `output`, one entry per element of all inputs.
    /// There is no parameter and no state: a reset does nothing. For other payloads: [`FloatConcat`], [`CurrentConcat`],
    /// [`PotentialConcat`], [`IntegerConcat`], [`MaskConcat`].
    ///
    /// ```
    /// use spark::prelude::*;
    ///
    /// network! {
    ///     brain Joined(left: SpikeArray[2], right: SpikeArray[2, 2]) -> (all: SpikeArray[6]) {
    ///         joined = Concat;
    ///         (left, right) -> joined.inputs;
    ///         joined.output -> all;
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut brain = Joined::new()?;
    /// let (left, right) = (SpikeArray::from_indices(2, [1])?, SpikeArray::from_indices([2, 2], [0, 3])?);
    /// let out = brain.step(JoinedInputs { left: &left, right: &right });
    /// assert_eq!(out.all.indices(), [1, 2, 5]);
    /// # Ok(())
    /// # }
    /// ```
    Concat: SpikeArray
}

concat! {
    /// Joins streams of numbers into one: all inputs, flattened, one after the other. Ports and all else as of [`Concat`].
    ///
    /// ```
    /// use spark::prelude::*;
    ///
    /// network! {
    ///     brain Joined(left: FloatArray[1], right: FloatArray[1, 2]) -> (all: FloatArray[3]) {
    ///         joined = FloatConcat;
    ///         (left, right) -> joined.inputs;
    ///         joined.output -> all;
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (left, right) = (FloatArray::from([1.0]), FloatArray::from_vec([1, 2], vec![2.0, 3.0])?);
    /// let mut brain = Joined::new()?;
    /// let out = brain.step(JoinedInputs { left: &left, right: &right });
    /// assert_eq!(out.all.as_slice(), [1.0, 2.0, 3.0]);
    /// # Ok(())
    /// # }
    /// ```
    FloatConcat: FloatArray
}

concat! {
    /// Joins streams of currents into one: all inputs, flattened, one after the other. Ports and all else as of [`Concat`].
    CurrentConcat: CurrentArray
}

concat! {
    /// Joins streams of potentials into one: all inputs, flattened, one after the other. Ports and all else as of [`Concat`].
    PotentialConcat: PotentialArray
}

concat! {
    /// Joins streams of whole numbers into one: all inputs, flattened, one after the other. Ports and all else as of [`Concat`].
    IntegerConcat: IntegerArray
}

concat! {
    /// Joins streams of truth values into one: all inputs, flattened, one after the other. Ports and all else as of [`Concat`].
    MaskConcat: BooleanMask
}

concat_reshape! {
    /// Joins streams of spikes into one and gives it a shape: all inputs, flattened, one after the other in the order in which
    /// they are wired, then laid out in C order.
    ///
    /// Parameter: `reshape`, the shape of the output, with as many elements as all inputs together.
    ///
    /// Inhibitory spikes stay inhibitory. In `Compat::SparkSnn1` they are lost with the mask. (The class of the Python package
    /// cannot be built; this is what its formula gives.)
    ///
    /// Input: `inputs`, any number of sources of any shapes and forms. Output: `output`, of the shape `reshape`. There is no
    /// state: a reset does nothing. For other payloads: [`FloatConcatReshape`], [`CurrentConcatReshape`],
    /// [`PotentialConcatReshape`], [`IntegerConcatReshape`], [`MaskConcatReshape`].
    ///
    /// ```
    /// use spark::prelude::*;
    ///
    /// network! {
    ///     brain Sheet(left: SpikeArray[2], right: SpikeArray[4]) -> (sheet: SpikeArray[2, 3]) {
    ///         joined = ConcatReshape { reshape: [2, 3] };
    ///         (left, right) -> joined.inputs;
    ///         joined.output -> sheet;
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut brain = Sheet::new()?;
    /// let (left, right) = (SpikeArray::from_indices(2, [1])?, SpikeArray::from_indices(4, [3])?);
    /// let out = brain.step(SheetInputs { left: &left, right: &right });
    /// assert!(out.sheet.spikes()[[0, 1]] && out.sheet.spikes()[[1, 2]]);
    /// # Ok(())
    /// # }
    /// ```
    ConcatReshape: SpikeArray
}

concat_reshape! {
    /// Joins streams of numbers into one of a shape of choice. Ports, parameter and all else as of [`ConcatReshape`].
    FloatConcatReshape: FloatArray
}

concat_reshape! {
    /// Joins streams of currents into one of a shape of choice. Ports, parameter and all else as of [`ConcatReshape`].
    CurrentConcatReshape: CurrentArray
}

concat_reshape! {
    /// Joins streams of potentials into one of a shape of choice. Ports, parameter and all else as of [`ConcatReshape`].
    PotentialConcatReshape: PotentialArray
}

concat_reshape! {
    /// Joins streams of whole numbers into one of a shape of choice. Ports, parameter and all else as of [`ConcatReshape`].
    IntegerConcatReshape: IntegerArray
}

concat_reshape! {
    /// Joins streams of truth values into one of a shape of choice. Ports, parameter and all else as of [`ConcatReshape`].
    MaskConcatReshape: BooleanMask
}
