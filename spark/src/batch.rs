//! Batches: one graph over many states.
//!
//! ```
//! use spark::prelude::*;
//!
//! network! {
//!     brain Pool(signal: FloatArray[8]) -> (rate: FloatArray[1]) {
//!         spiker  = PoissonSpiker { max_freq: 200Hz };
//!         pool    = LIFNeuron { units: [16], synapses.kernel: SparseUniformInitializer { scale: 400.0, density: 0.3 } };
//!         readout = ExponentialIntegrator { num_outputs: 1 };
//!         signal          -> spiker.signal;
//!         spiker.spikes   -> pool.in_spikes;
//!         pool.out_spikes -> readout.spikes;
//!         readout.signal  -> rate;
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A sweep: four copies with the same weights and random streams, each driven by another signal.
//! let mut batch = Batch::of(&Pool::new()?, 4)?.with_threads(2);
//! let signals: Vec<FloatArray> = (1..=4).map(|i| FloatArray::filled(8, 0.25 * i as Real)).collect();
//! batch.run(200, |i, _t| PoolInputs { signal: &signals[i] })?;
//! let rates: Vec<Real> = batch.iter().map(|pool| pool.outputs().rate.as_slice()[0]).collect();
//! assert!(rates[0] < rates[3]);
//!
//! // Networks that differ in more than their state: one per seed.
//! let shapes = || PoolShapes { signal: Shape::from(8) };
//! let batch = Batch::new(4, |i| Pool::build(Pool::config().with_new_seeds(i as u32), shapes()))?;
//! // Graphs and states, and back.
//! let (graphs, states): (Vec<_>, Vec<_>) = batch.into_iter().map(spark::split).unzip();
//! let merged = graphs.into_iter().zip(states).map(|(graph, state)| spark::merge(graph, state));
//! let batch = Batch::from(merged.collect::<Result<Vec<Pool>, _>>()?);
//! assert_eq!(batch.len(), 4);
//! # Ok(())
//! # }
//! ```
//!
//! The networks of a batch never see each other: each gives the bits that it would give alone, for any number of threads.
//! A network runs all steps of a call before the next one is touched, so that its arrays stay in the cache.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

use crate::core::error::{BuildError, Problem, list};

/// What a batch is made of: networks that `network!` declares, and [`Model`](crate::nn::controllers::Model).
pub trait Member: Send + Sized {
    /// A copy in the same state. What never changes and is shared by handle (delay plans, masks) stays shared.
    ///
    /// # Errors
    /// If the type of a module is not `Clone`, with the place of that module.
    fn duplicate(&self) -> Result<Self, Problem>;

    /// Clears activity; keeps what was learned and the random streams.
    fn reset(&mut self);
}

/// A step with inputs of the type `I`: the `Inputs` of a declared network; for a model, pairs of name and value.
pub trait Step<I>: Member {
    /// One step.
    ///
    /// # Errors
    /// An input that does not fit. Nothing is stepped then.
    fn try_step(&mut self, inputs: I) -> Result<(), Problem>;
}

/// Several networks, mostly one graph in several states: seeds of an experiment, points of a sweep, candidates of an
/// evolution strategy.
///
/// It is a slice of its networks: `batch[3].outputs()`, `batch.iter()`, `batch.len()`. [`Batch::run`] feeds inputs that are
/// known beforehand; [`Batch::map`] runs a closed loop around each network. Threads are optional.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Reaching(signal: FloatArray[1]) -> (rate: FloatArray[1]) {
///         spiker  = TopologicalLinearSpiker { resolution: 16, tau: 20ms, max_freq: 100Hz, mins: -1.0, maxs: 1.0 };
///         readout = ExponentialIntegrator { num_outputs: 1 };
///         signal         -> spiker.signal;
///         spiker.spikes  -> readout.spikes;
///         readout.signal -> rate;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut batch = Batch::of(&Reaching::new()?, 3)?.with_threads(2);
/// // Each network drives a world of its own; what a closure gives comes back in the order of the networks.
/// let reached = batch.map(|i, brain| {
///     let mut position = i as Real / 10.0;
///     for _ in 0..50 {
///         let signal = FloatArray::from([position]);
///         position += 0.01 * brain.step(ReachingInputs { signal: &signal }).rate.as_slice()[0];
///     }
///     position
/// });
/// assert!(reached[0] > 0.0 && reached[0] < reached[2]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Batch<M> {
    members: Vec<M>,
    threads: usize,
}

impl<M: Member> Batch<M> {
    /// A batch of `count` networks, each as `build` makes it.
    ///
    /// # Errors
    /// All problems of all networks, each inside of `[i]`.
    pub fn new<E: Into<BuildError>>(
        count: usize,
        mut build: impl FnMut(usize) -> Result<M, E>,
    ) -> Result<Self, BuildError> {
        let (mut members, mut problems) = (Vec::with_capacity(count), Vec::new());
        for i in 0..count {
            match build(i) {
                Ok(member) => members.push(member),
                Err(error) => problems.extend(error.into().inside(&place(i))),
            }
        }
        BuildError::check(problems)?;
        Ok(Batch::from(members))
    }

    /// A batch of `count` copies of a network, random streams included. Delay plans and masks are shared.
    ///
    /// # Errors
    /// If the type of a module is not `Clone`, with the place of that module.
    pub fn of(network: &M, count: usize) -> Result<Self, BuildError> {
        let members = (0..count).map(|_| network.duplicate());
        Ok(Batch::from(members.collect::<Result<Vec<M>, _>>()?))
    }

    /// The same batch, run by so many threads (the caller's among them). One by default; 0 is taken for one.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// The number of threads.
    pub const fn threads(&self) -> usize {
        self.threads
    }

    /// One step of all networks; `inputs` is asked for those of network `i`. Threads are started anew in each call:
    /// [`Batch::run`] or [`Batch::map`] make more of them.
    ///
    /// # Errors
    /// As [`Batch::run`].
    pub fn step<I>(&mut self, inputs: impl Fn(usize) -> I + Sync) -> Result<(), BatchError>
    where
        M: Step<I>,
    {
        self.run(1, |i, _| inputs(i))
    }

    /// `steps` steps of all networks; `inputs` is asked for those of network `i` in step `t`, in any order of networks.
    ///
    /// # Errors
    /// Inputs that do not fit: the network stops before that step, the others run to the end. One problem for each
    /// network that was stopped, inside of `[i]`.
    pub fn run<I>(
        &mut self,
        steps: usize,
        inputs: impl Fn(usize, usize) -> I + Sync,
    ) -> Result<(), BatchError>
    where
        M: Step<I>,
    {
        let stopped = self.map(|i, member| {
            (0..steps)
                .try_for_each(|t| member.try_step(inputs(i, t)))
                .map_err(|problem| problem.inside(&place(i)))
        });
        let problems: Vec<Problem> = stopped.into_iter().filter_map(Result::err).collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(BatchError { problems })
        }
    }

    /// Calls `run` with each network and its index; gives what it gave, in the order of the networks.
    ///
    /// # Panics
    /// If `run` panics.
    pub fn map<T: Send>(&mut self, run: impl Fn(usize, &mut M) -> T + Sync) -> Vec<T> {
        let helpers = self.threads.min(self.members.len()).saturating_sub(1);
        let waiting = Mutex::new(self.members.iter_mut().enumerate());
        let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
        // Networks are handed out one by one: episodes differ in length.
        let work = || -> Vec<(usize, T)> {
            let tasks = std::iter::from_fn(next);
            tasks.map(|(i, member)| (i, run(i, member))).collect()
        };
        let mut results = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..helpers).map(|_| scope.spawn(work)).collect();
            let mut results = work();
            for thread in threads {
                match thread.join() {
                    Ok(more) => results.extend(more),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            results
        });
        results.sort_unstable_by_key(|(i, _)| *i);
        results.into_iter().map(|(_, result)| result).collect()
    }

    /// Clears the activity of all networks; keeps what was learned and the random streams.
    pub fn reset(&mut self) {
        self.members.iter_mut().for_each(Member::reset);
    }
}

/// Where a network of the batch stands in errors.
fn place(index: usize) -> String {
    format!("[{index}]")
}

/// From networks that are built already; one thread.
impl<M> From<Vec<M>> for Batch<M> {
    fn from(members: Vec<M>) -> Self {
        Batch { members, threads: 1 }
    }
}

impl<M> Deref for Batch<M> {
    type Target = [M];
    fn deref(&self) -> &[M] {
        &self.members
    }
}

impl<M> DerefMut for Batch<M> {
    fn deref_mut(&mut self) -> &mut [M] {
        &mut self.members
    }
}

impl<M> IntoIterator for Batch<M> {
    type Item = M;
    type IntoIter = std::vec::IntoIter<M>;
    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

/// Networks of a batch were given inputs that do not fit.
#[derive(Clone, PartialEq, Eq)]
pub struct BatchError {
    problems: Vec<Problem>,
}

impl BatchError {
    /// All problems, one for each network that was stopped.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, "the batch could not be stepped", &self.problems)
    }
}

/// The same text: `main` prints it when it returns the error.
impl fmt::Debug for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for BatchError {}
