//! From configured parameters to the constants of a module.

use crate::core::array::{ArrayD, Element, Real, array_from_vec};
use crate::core::config::SparkConfig;
use crate::core::dtype::Dtype;
use crate::core::error::{BuildError, Problem};
use crate::core::field::Init;
use crate::core::initializer::{Cast, Connections};
use crate::core::module::Keys;
use crate::core::param::Param;
use crate::core::payload::Shape;
use crate::core::units::Quantity;
use crate::kernels::trace::Coefficient;

/// Draws the parameters of a module, one key each and in the order of the calls, and collects all problems.
pub(crate) struct Drawing<'a, C> {
    config: &'a C,
    keys: &'a mut Keys,
    problems: Vec<Problem>,
}

impl<'a, C: SparkConfig> Drawing<'a, C> {
    pub(crate) fn new(config: &'a C, keys: &'a mut Keys) -> Self {
        Drawing {
            config,
            keys,
            problems: Vec::new(),
        }
    }

    /// The number type that the configuration asks for.
    pub(crate) fn dtype(&self) -> Dtype {
        self.config.dtype()
    }

    /// Draws a parameter of this shape. One that cannot be drawn is a problem and NaN.
    pub(crate) fn param<Q: Quantity>(&mut self, field: &Init<Q>, shape: &Shape) -> Param {
        let drawn = self.config.draw(field, self.keys, shape);
        self.kept(drawn)
    }

    /// The same with what the module decides in place of the initializer.
    pub(crate) fn param_with<Q: Quantity>(&mut self, field: &Init<Q>, shape: &Shape, cast: &Cast) -> Param {
        let drawn = self.config.draw_with(field, self.keys, shape, cast);
        self.kept(drawn)
    }

    /// Draws a parameter for which the Python package has no initializers: a number or an array takes no key.
    pub(crate) fn keyless<Q: Quantity>(&mut self, field: &Init<Q>, shape: &Shape) -> Param {
        if matches!(field, Init::Initializer(_)) {
            return self.param(field, shape);
        }
        let drawn = self.config.draw(field, &mut self.keys.clone(), shape);
        self.kept(drawn)
    }

    /// The synapses of a kernel between so many post and presynaptic neurons, if its initializer says which there are.
    pub(crate) fn connections<Q: Quantity>(
        &mut self,
        field: &Init<Q>,
        sizes: (usize, usize),
        cast: &Cast,
    ) -> Option<Result<Connections, BuildError>> {
        let Init::Initializer(initializer) = field else {
            return None;
        };
        // The key is taken only if it is used: another initializer draws with it.
        let mut keys = self.keys.clone();
        let connections = initializer.connect(keys.next_key(), sizes, cast)?;
        *self.keys = keys;
        Some(connections)
    }

    fn kept(&mut self, drawn: Result<Param, BuildError>) -> Param {
        drawn.unwrap_or_else(|error| {
            self.problems.extend(error);
            Param::Scalar(f64::NAN)
        })
    }

    /// Adds a problem of a field or port of the module.
    pub(crate) fn problem(&mut self, problem: Problem) {
        let path = self.keys.path();
        self.problems.push(problem.inside(path));
    }

    /// All problems.
    pub(crate) fn finish(self) -> Result<(), BuildError> {
        BuildError::check(self.problems)
    }
}

/// How parameters become constants. They broadcast to `shape`: that was checked when they were drawn.
pub(crate) trait ParamExt {
    /// One number, or one per element.
    fn coefficient(&self, shape: &Shape) -> Coefficient;
    /// One number per element.
    fn per_element(&self, shape: &Shape) -> Vec<Real>;
}

impl ParamExt for Param {
    fn coefficient(&self, shape: &Shape) -> Coefficient {
        match self.uniform() {
            Some(value) => Coefficient::One(value),
            None => Coefficient::Each(self.per_element(shape)),
        }
    }

    fn per_element(&self, shape: &Shape) -> Vec<Real> {
        match self.to_array(shape) {
            Ok(array) => array.into_iter().collect(),
            // Drawing has refused what does not broadcast; NaN would show a mistake.
            Err(_) => vec![Real::NAN; shape.count()],
        }
    }
}

/// An array from elements in C order. Callers give as many elements as the shape has.
pub(crate) fn shaped<T: Element>(shape: &Shape, values: Vec<T>) -> ArrayD<T> {
    let flat = ndarray::Array1::from_vec(values.clone()).into_dyn();
    array_from_vec(shape, values).unwrap_or(flat)
}
