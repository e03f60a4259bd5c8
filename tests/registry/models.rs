//! What this crate registers.

use spark::prelude::*;
use spark::rt::table::Range;

/// Numbers from 1 on.
#[register_cfg_validator]
pub(crate) struct FromOneValidator;

impl ConfigValidator for FromOneValidator {
    const RANGE: Option<Range> = Some(Range {
        min: 1.0,
        min_open: false,
        max: f64::INFINITY,
        max_open: false,
        text: "a number from 1 on",
    });
}

/// A rate per unit.
#[register_payload(concat)]
#[derive(Clone, Debug)]
pub(crate) struct RateArray {
    array: ArrayD<Real>,
}

impl RateArray {
    pub(crate) fn values(&self) -> &[Real] {
        self.array.as_slice().unwrap()
    }
}

impl spark::Concat for RateArray {
    fn concat_into(into: &mut Self, parts: &[&Self]) {
        let all: Vec<Real> = parts.iter().flat_map(|part| part.array.iter().copied()).collect();
        *into = RateArray::from(ArrayD::from_shape_vec(vec![all.len()], all).unwrap());
    }
}

/// A payload that is no array.
#[register_payload(name = "plain_mark")]
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    shape: Shape,
    set: bool,
}

impl Mark {
    fn zeros(shape: &Shape) -> Self {
        Mark {
            shape: shape.clone(),
            set: false,
        }
    }
    pub(crate) fn shape(&self) -> &Shape {
        &self.shape
    }
    fn clear(&mut self) {
        self.set = false;
    }
}

/// Counts up from `start`.
#[register_initializer]
pub(crate) struct CountingInitializer {
    /// First number.
    #[field(default = 0.0)]
    pub start: f64,
    /// Upper bound.
    #[field(default = None)]
    pub max_value: Option<f64>,
}

impl Initializer for CountingInitializer {
    fn draw(&self, _key: Key, shape: &Shape, cast: &Cast) -> Vec<f32> {
        let count = (0..shape.count()).map(|i| self.start as f32 + i as f32).collect();
        cast.finish(count, None, self.max_value)
    }
}

/// Configuration of [`LeakyRate`].
#[register_config]
pub(crate) struct LeakyRateConfig {
    /// Time constant.
    #[field(default = 20ms, validate(FromOneValidator))]
    pub tau: Init<Ms>,
    /// Gain.
    #[field(default = 2)]
    pub gain: f64,
    /// Size of the output.
    #[field(required)]
    pub units: Units,
    /// Unused numbers.
    #[field(default = [1, 2, 3, 4])]
    pub weights: [f64; 4],
    /// Rest.
    #[field(default = -40mV)]
    pub rest: Mv,
}

/// A leaky integral of a current.
#[derive(Stateful)]
pub(crate) struct LeakyRate {
    rates: Variable<FloatArray>,
    kernel: Variable<FloatArray>,
    decay: ArrayD<Real>,
    gain: Real,
}

/// A leaky integral of a current, as a rate.
#[register_module(config = LeakyRateConfig, path = "Tests")]
impl LeakyRate {
    fn build(config: &LeakyRateConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        let tau = config.draw(&config.tau, keys, &config.units)?;
        let dt = keys.dt().value();
        let shape = config.units.append(ports.shape("current")?);
        Ok(LeakyRate {
            rates: Variable::new(FloatArray::zeros(&config.units)),
            kernel: Variable::learned(FloatArray::filled(shape, 0.5)),
            decay: tau.decay(dt).to_array(&config.units)?,
            gain: config.gain as Real,
        })
    }

    fn step(
        &mut self,
        /// What flows in.
        current: In<CurrentArray>,
        #[shape(units)] scale: Option<In<FloatArray>>,
        extra: Option<Many<FloatArray>>,
        /// The rate of each unit.
        #[shape(units)]
        rates: Out<RateArray>,
        #[shape(build)] mark: Out<Mark>,
    ) {
        let sum: Real = current.as_slice().iter().sum();
        let more: Real = extra.map_or(0.0, |extra| extra.iter().flat_map(|one| one.as_slice()).sum());
        let own = self.rates.as_mut_slice();
        for (i, (rate, decay)) in own.iter_mut().zip(&self.decay).enumerate() {
            let scale = scale.map_or(1.0, |scale| scale.as_slice()[i]);
            *rate = decay * *rate + self.gain * scale * (sum + more);
        }
        *rates = RateArray::from(self.rates.array().clone());
        mark.set = true;
    }

    fn mark_shape(&self) -> Shape {
        Shape::from(7)
    }

    #[property]
    #[shape(pairs(units, current))]
    fn kernel(&self) -> &FloatArray {
        &self.kernel
    }

    #[property]
    fn kernel_mut(&mut self) -> &mut FloatArray {
        &mut self.kernel
    }

    fn reset(&mut self) {
        self.rates.as_mut_slice().fill(0.0);
    }
}
