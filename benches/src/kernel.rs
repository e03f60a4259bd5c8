//! One module with inputs that were drawn beforehand.

use std::any::Any;
use std::sync::Arc;

use serde_json::{Map, Value};
use spark::REGISTRY;
use spark::core::dynamic::DynModule;
use spark::core::module::{AnyInput, PortInfo};
use spark::core::overrides;
use spark::core::payload::Topology;
use spark::prelude::*;

/// So many different steps are drawn and repeated: enough that no branch predictor learns them, few enough to stay in
/// the cache.
const PATTERNS: usize = 32;

/// A module in a known situation.
#[derive(Debug, Clone)]
pub struct Case {
    /// What is measured: `synapses/linear/delayed/256x1024/20hz`.
    pub name: String,
    /// Name of the module in the registry.
    pub class: &'static str,
    /// What differs from the default configuration.
    pub overrides: Map<String, Value>,
    /// What its inputs are fed with, in their order.
    pub feeds: Vec<Feed>,
    /// Time step, ms.
    pub dt: f64,
    /// Mode of computation.
    pub compat: Compat,
}

/// What an input is fed with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Feed {
    /// Spikes of `width` neurons, one in five of them inhibitory.
    Spikes {
        /// Number of neurons.
        width: usize,
        /// Their rate, Hz.
        rate: f64,
    },
    /// The same, on their way to `units` neurons with a delay of up to `steps` steps for each pair.
    Delayed {
        /// Number of neurons that fire.
        width: usize,
        /// Their rate, Hz.
        rate: f64,
        /// Number of neurons that hear them.
        units: usize,
        /// Longest delay in steps.
        steps: usize,
    },
    /// Numbers between 0 and `most`, anew in each step.
    Signal(usize, f64),
    /// One number.
    Held(f64),
    /// Currents between 0 and `most` pA, anew in each step.
    Currents(usize, f64),
    /// Potentials between 0 and 15 mV.
    Potentials(usize),
    /// A kernel `[post, pre]` of weights between 0 and 1, updated in place.
    Kernel(usize, usize),
    /// The same with the synapses of one pair in ten only.
    SparseKernel(usize, usize),
    /// Two sources of currents between 0 and 100 pA at one port.
    TwoCurrents(usize),
    /// Two populations of spikes at one port.
    TwoSources {
        /// Number of neurons of each.
        width: usize,
        /// Their rate, Hz.
        rate: f64,
    },
}

/// An input with its values.
enum Port {
    /// One value per step.
    Shared(Vec<Box<dyn Any>>),
    /// The two sources of the kernel.
    Many,
    /// What the module updates.
    InPlace(Box<dyn Any>),
}

/// A module that is ready to run.
pub struct Kernel {
    module: Box<dyn DynModule>,
    ports: Vec<Port>,
    /// What a port with several sources takes: one pair per step.
    sources: Vec<[Box<dyn Any>; 2]>,
    t: usize,
}

impl Case {
    /// A case with steps of 1 ms; `overrides` is an object of values by path.
    pub fn new(name: String, class: &'static str, overrides: Value, feeds: Vec<Feed>) -> Self {
        Case {
            name,
            class,
            overrides: match overrides {
                Value::Object(fields) => fields,
                _ => Map::new(),
            },
            feeds,
            dt: 1.0,
            compat: Compat::Standard,
        }
    }

    /// Builds the module and draws its inputs.
    ///
    /// # Errors
    /// All problems of the configuration.
    pub fn build(&self) -> Result<Kernel, BuildError> {
        let mut key = Key::from_seed(5);
        let mut ports = Vec::new();
        let mut infos = Vec::new();
        let mut sources = Vec::new();
        for feed in &self.feeds {
            let drawn = feed.draw(&mut key)?;
            ports.push(drawn.port);
            infos.push(Some(drawn.info));
            sources.extend(drawn.sources);
        }
        let mut kernel = Kernel {
            module: module(self.class, &self.overrides, (self.dt, self.compat), infos)?,
            ports,
            sources,
            t: 0,
        };
        kernel.try_step()?;
        Ok(kernel)
    }
}

/// Builds a module by its name.
fn module(
    class: &str,
    changes: &Map<String, Value>,
    (dt, compat): (f64, Compat),
    mut infos: Vec<Option<PortInfo>>,
) -> Result<Box<dyn DynModule>, BuildError> {
    let entry = REGISTRY
        .get(class)
        .ok_or_else(|| Problem::new(class, "no module has this name"))?;
    let mut config = (entry.default_config)();
    overrides::merge(&mut *config, changes)?;
    let mut problems = Vec::new();
    config.fill_seeds(7);
    config.adopt_dt(Ms(dt), class, &mut problems);
    config.validate(class, &mut problems);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    // Inputs at the end that are not fed are optional ones.
    infos.resize_with(entry.table.inputs.len(), || None);
    let keys = Keys::new(config.seed().unwrap_or_default(), Ms(dt), compat, class);
    (entry.build)(&*config, infos, keys)
}

impl Kernel {
    /// One step.
    ///
    /// # Panics
    /// Never, for a case that could be built: the same inputs were taken then.
    pub fn step(&mut self) {
        let done = self.try_step();
        debug_assert!(done.is_ok(), "{done:?}");
    }

    fn try_step(&mut self) -> Result<(), Problem> {
        let t = self.t;
        self.t = (t + 1) % PATTERNS;
        let nothing: &dyn Any = &();
        let pair = match self.sources.get(t) {
            Some([first, second]) => [&**first, &**second],
            None => [nothing; 2],
        };
        let mut inputs = self.ports.iter_mut().enumerate().map(|(index, port)| {
            let value = match port {
                Port::Shared(values) => AnyInput::Shared(&*values[t]),
                Port::Many => AnyInput::Many(&pair),
                Port::InPlace(value) => AnyInput::InPlace(&mut **value),
            };
            (index, value)
        });
        self.module.step(&mut inputs)
    }

    /// Spikes in the first output; 0 if it holds something else.
    pub fn spikes(&self) -> usize {
        let output = self
            .module
            .output(0)
            .and_then(|value| value.downcast_ref::<SpikeArray>());
        output.map_or(0, SpikeArray::count)
    }
}

/// What an input takes, and what the module may know of it.
struct Drawn {
    port: Port,
    info: PortInfo,
    sources: Vec<[Box<dyn Any>; 2]>,
}

impl Drawn {
    fn new(port: Port, info: PortInfo) -> Self {
        Drawn {
            port,
            info,
            sources: Vec::new(),
        }
    }

    /// One value per step.
    fn values<P: SparkPayload>(
        mut draw: impl FnMut() -> Result<P, spark::ArrayError>,
    ) -> Result<Self, BuildError> {
        let values: Vec<P> = (0..PATTERNS).map(|_| draw()).collect::<Result<_, _>>()?;
        let info = PortInfo::of(&values[0]);
        let boxed = values.into_iter().map(|value| Box::new(value) as Box<dyn Any>);
        Ok(Drawn::new(Port::Shared(boxed.collect()), info))
    }
}

impl Feed {
    fn draw(&self, key: &mut Key) -> Result<Drawn, BuildError> {
        match *self {
            Feed::Spikes { width, rate } => {
                let mask = mask(width);
                Drawn::values(|| spikes(key, rate, &mask))
            }
            Feed::Delayed {
                width,
                rate,
                units,
                steps,
            } => delayed(key, width, rate, units, steps),
            Feed::SparseKernel(post, pre) => {
                let key = key.next();
                let topology = Topology::from_targets(post, pre, |input, targets| {
                    let of_pair = |unit: &u32| key.uniform_f32_at(u64::from(*unit) + (input * post) as u64);
                    targets.extend((0..post as u32).filter(|unit| of_pair(unit) < 0.1));
                })?;
                let weights = vec![0.5; topology.len()];
                let kernel = FloatArray::sparse([post, pre], Arc::new(topology), weights)?;
                let info = PortInfo::of(&kernel);
                Ok(Drawn::new(Port::InPlace(Box::new(kernel)), info))
            }
            Feed::TwoCurrents(width) => {
                let mut source = || -> Result<Box<dyn Any>, BuildError> {
                    Ok(Box::new(CurrentArray::from_vec(
                        width,
                        uniform(key, width, 100.0),
                    )?))
                };
                let pairs = (0..PATTERNS).map(|_| Ok::<_, BuildError>([source()?, source()?]));
                Ok(Drawn {
                    sources: pairs.collect::<Result<_, _>>()?,
                    ..Drawn::new(Port::Many, PortInfo::plain(Shape::from(2 * width)))
                })
            }
            Feed::TwoSources { width, rate } => {
                let masks = [mask(width), mask(width)];
                let mut source = |of: usize| -> Result<Box<dyn Any>, BuildError> {
                    Ok(Box::new(spikes(key, rate, &masks[of])?))
                };
                let pairs = (0..PATTERNS).map(|_| Ok::<_, BuildError>([source(0)?, source(1)?]));
                Ok(Drawn {
                    sources: pairs.collect::<Result<_, _>>()?,
                    ..Drawn::new(Port::Many, PortInfo::plain(Shape::from(2 * width)))
                })
            }
            Feed::Signal(width, most) => {
                Drawn::values(|| FloatArray::from_vec(width, uniform(key, width, most)))
            }
            Feed::Held(value) => Drawn::values(|| Ok(FloatArray::filled(1, value as Real))),
            Feed::Currents(width, most) => {
                Drawn::values(|| CurrentArray::from_vec(width, uniform(key, width, most)))
            }
            Feed::Potentials(width) => {
                Drawn::values(|| PotentialArray::from_vec(width, uniform(key, width, 15.0)))
            }
            Feed::Kernel(post, pre) => {
                let kernel = FloatArray::from_vec([post, pre], uniform(key, post * pre, 1.0))?;
                let info = PortInfo::of(&kernel);
                Ok(Drawn::new(Port::InPlace(Box::new(kernel)), info))
            }
        }
    }
}

fn uniform(key: &mut Key, count: usize, most: f64) -> Vec<Real> {
    let drawn = key.next().uniform_f32(count).into_iter();
    drawn.map(|number| number as Real * most as Real).collect()
}

/// One neuron in five inhibits.
fn mask(width: usize) -> Mask {
    Mask::new((0..width).map(|unit| unit % 5 == 4).collect::<Vec<bool>>())
}

/// The spikes of one step of 1 ms. The mask is the same handle in every step, as in a network.
fn spikes(key: &mut Key, rate: f64, mask: &Mask) -> Result<SpikeArray, spark::ArrayError> {
    let drawn = key.next().uniform_f32(mask.len()).into_iter();
    let fired = drawn
        .enumerate()
        .filter(|(_, number)| f64::from(*number) < rate * 1e-3);
    let fired: Vec<usize> = fired.map(|(unit, _)| unit).collect();
    SpikeArray::from_indices(mask.len(), fired)?.with_mask(mask.clone())
}

/// What a module of delays gives, step by step.
fn delayed(key: &mut Key, width: usize, rate: f64, units: usize, steps: usize) -> Result<Drawn, BuildError> {
    let mut changes = Map::new();
    changes.insert("units".to_owned(), vec![units].into());
    changes.insert("max_delay".to_owned(), (steps as f64).into());
    let infos = vec![Some(PortInfo::plain(Shape::from(width)))];
    let mut delays = module("N2NDelays", &changes, (1.0, Compat::Standard), infos)?;
    let mask = mask(width);
    let mut step = || -> Result<SpikeArray, BuildError> {
        let fired = spikes(key, rate, &mask)?;
        delays.step(&mut std::iter::once((0, AnyInput::Shared(&fired))))?;
        let output = delays
            .output(0)
            .and_then(|value| value.downcast_ref::<SpikeArray>());
        Ok(output
            .ok_or_else(|| Problem::new("N2NDelays", "gives no spikes"))?
            .clone())
    };
    for _ in 0..steps {
        step()?;
    }
    let values: Vec<SpikeArray> = (0..PATTERNS).map(|_| step()).collect::<Result<_, _>>()?;
    let info = PortInfo::of(&values[0]);
    let boxed = values.into_iter().map(|value| Box::new(value) as Box<dyn Any>);
    Ok(Drawn::new(Port::Shared(boxed.collect()), info))
}
