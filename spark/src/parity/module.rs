//! A module alone.

use std::any::Any;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::case::{self, ArrayDoc, CaseError, InputDoc, PortDoc, States};
use super::compare::{Tally, same_shape};
use super::{Report, Subject};
use crate::core::compat::Compat;
use crate::core::dynamic::DynModule;
use crate::core::module::{AnyInput, Keys};
use crate::core::registry::{ModuleEntry, REGISTRY};
use crate::core::state::{StateMap, restore, snapshot};
use crate::core::support::output_shapes;
use crate::units::Ms;

/// Largest difference of floats that rounding explains. A library built in double precision does not round as the
/// recordings did.
pub(super) const TOLERANCE: f64 = if cfg!(spark_f64) { 1e-3 } else { 4e-6 };
/// Differences of traces cancel: what is left of rounding is larger.
const TOLERANCE_OF_DIFFERENCES: f64 = if cfg!(spark_f64) { 1e-3 } else { 1e-4 };

/// Classes whose results are differences of traces.
const DIFFERENCES: [&str; 4] = ["RDTracer", "RFSTracer", "RDTracedSynapses", "RFSTracedSynapses"];

/// What floats of a class may differ by.
pub(super) fn tolerance(class: &str, informative: bool) -> f64 {
    match class {
        _ if informative => 1e-2,
        class if DIFFERENCES.contains(&class) => TOLERANCE_OF_DIFFERENCES,
        _ => TOLERANCE,
    }
}

#[derive(Debug, Deserialize)]
struct Case {
    config: Map<String, Value>,
    steps: usize,
    #[serde(default)]
    reset_before_step: Vec<usize>,
    /// Inputs that take an output of the step before; of these the first value alone is recorded.
    #[serde(default)]
    feedback: BTreeMap<String, String>,
    inputs: BTreeMap<String, InputDoc>,
    outputs: BTreeMap<String, PortDoc>,
    #[serde(default)]
    state_after_build: BTreeMap<String, ArrayDoc>,
    #[serde(default)]
    states: States,
}

impl Case {
    fn check(&self) -> Result<(), CaseError> {
        case::check_steps(self.steps)?;
        case::check_ports("inputs", &self.inputs, |name, input: &InputDoc| {
            input.check(self.steps, self.feedback.contains_key(name))
        })?;
        case::check_ports("outputs", &self.outputs, |_, output: &PortDoc| {
            output.check(self.steps, false)
        })?;
        match self
            .feedback
            .values()
            .find(|name| !self.outputs.contains_key(*name))
        {
            Some(name) => Err(CaseError::new("feedback", format!("there is no output `{name}`"))),
            None => Ok(()),
        }
    }

    /// What arrives at an input in a step; `None`: nothing happens.
    fn arriving(&self, name: &str, source: &PortDoc, t: Option<usize>) -> Result<Box<dyn Any>, String> {
        match (t.and_then(|t| t.checked_sub(1)), self.feedback.get(name)) {
            (Some(before), Some(output)) => self.outputs[output].arriving(Some(before)),
            _ => source.arriving(t),
        }
    }
}

pub(super) fn replay(json: &Value) -> Result<Report, CaseError> {
    let subject = case::subject(json)?;
    let case: Case = case::parse(json)?;
    case.check()?;
    let mut run = match Run::new(&subject, &case) {
        Ok(run) => run,
        Err(problem) => return Ok(subject.failed(problem)),
    };
    if let Err(problem) = run.run() {
        run.tally.problem(problem);
    }
    let tally = run.tally;
    Ok(subject.report(case.steps, tally))
}

/// What arrives at a port from each of its sources.
type Sources = Vec<Box<dyn Any>>;

struct Run<'a> {
    case: &'a Case,
    module: Box<dyn DynModule>,
    /// The value of a port that is updated in place; it stays if it feeds back.
    in_place: Option<Box<dyn Any>>,
    tally: Tally,
}

/// The module of a class whose ports take what was recorded.
fn entry(class: &str, inputs: &BTreeMap<String, InputDoc>) -> Result<&'static ModuleEntry, String> {
    let fits = |entry: &&'static ModuleEntry| {
        entry.table.inputs.iter().all(|port| {
            let recorded = inputs.get(port.name).and_then(|input| input.sources().first());
            recorded.is_none_or(|recorded| recorded.payload == port.payload.name)
        })
    };
    REGISTRY
        .modules_of_class(class)
        .find(fits)
        .or_else(|| REGISTRY.module(class))
        .ok_or_else(|| format!("no module is registered under the name `{class}`"))
}

impl<'a> Run<'a> {
    fn new(subject: &Subject, case: &'a Case) -> Result<Self, String> {
        let entry = entry(&subject.class, &case.inputs)?;
        let known = |name: &&String| entry.table.inputs.iter().any(|port| port.name == name.as_str());
        if let Some(unknown) = case.inputs.keys().find(|name| !known(name)) {
            return Err(format!("`{}` has no input `{unknown}`", entry.table.name));
        }
        let mut problems = Vec::new();
        let config = entry.read_config(&case::config(&case.config), "/config", &mut problems);
        config.validate(&subject.class, &mut problems);
        if !problems.is_empty() {
            return Err(problems
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; "));
        }
        let infos: Vec<_> = entry
            .table
            .inputs
            .iter()
            .map(|port| case.inputs.get(port.name).map(InputDoc::info))
            .collect();
        // Before it is built: sizes that have nothing to do with the recording may be huge.
        let shapes = output_shapes(entry.table, &config.known_fields(), &infos);
        for (port, shape) in entry.table.outputs.iter().zip(shapes) {
            if let (Some(shape), Some(recorded)) = (shape, case.outputs.get(port.name))
                && !same_shape(&shape, &recorded.shape)
            {
                let name = port.name;
                return Err(format!(
                    "`{name}` has the shape {shape}, recorded {:?}",
                    recorded.shape
                ));
            }
        }
        let dt = config.dt().unwrap_or(Ms(1.0));
        let keys = Keys::new(
            config.seed().unwrap_or(0),
            dt,
            Compat::SparkSnn1,
            subject.class.as_str(),
        );
        Ok(Run {
            case,
            module: (entry.build)(&*config, infos, keys).map_err(|error| error.to_string())?,
            in_place: None,
            tally: Tally::new(tolerance(&subject.class, subject.informative)),
        })
    }

    fn run(&mut self) -> Result<(), String> {
        // The hidden calls of a module that stands alone.
        self.step(None)?;
        self.module.reset();
        self.in_place = None;
        self.compare_state("building", &self.case.state_after_build);
        for t in 0..self.case.steps {
            if self.case.reset_before_step.contains(&t) {
                self.module.reset();
                self.compare_state_at(&format!("reset@{t}"));
            }
            if self.in_place.is_some() && !self.feeds_back() {
                self.forget_kernel()?;
            }
            self.step(Some(t))?;
            for (name, expected) in &self.case.outputs {
                let index = self
                    .module
                    .table()
                    .outputs
                    .iter()
                    .position(|port| port.name == name);
                // A port that is updated in place stands for an output of the same name.
                let found = match index {
                    Some(index) => self.module.output(index),
                    None => self.in_place.as_deref(),
                };
                self.tally.output(t, name, found, expected);
            }
            self.compare_state_at(&(t + 1).to_string());
        }
        Ok(())
    }

    fn step(&mut self, t: Option<usize>) -> Result<(), String> {
        let table = self.module.table();
        let mut shared: Vec<(usize, bool, Sources)> = Vec::new();
        let mut written = None;
        for (index, port) in table.inputs.iter().enumerate() {
            let Some(recorded) = self.case.inputs.get(port.name) else {
                continue;
            };
            if port.writable {
                written = Some(index);
                if self.in_place.is_none() || !self.case.feedback.contains_key(port.name) {
                    self.in_place = recorded
                        .sources()
                        .first()
                        .map(|source| source.arriving(t))
                        .transpose()?;
                }
                continue;
            }
            let sources = recorded
                .sources()
                .iter()
                .map(|source| self.case.arriving(port.name, source, t));
            shared.push((index, port.many, sources.collect::<Result<_, _>>()?));
        }
        let lists: Vec<Vec<&dyn Any>> = shared
            .iter()
            .map(|(_, _, sources)| sources.iter().map(|source| &**source).collect())
            .collect();
        let mut inputs: Vec<(usize, AnyInput<'_>)> = Vec::new();
        for ((index, many, _), list) in shared.iter().zip(&lists) {
            match list.first() {
                _ if *many => inputs.push((*index, AnyInput::Many(list))),
                Some(one) => inputs.push((*index, AnyInput::Shared(*one))),
                None => {}
            }
        }
        if let (Some(index), Some(kernel)) = (written, &mut self.in_place) {
            inputs.push((index, AnyInput::InPlace(&mut **kernel)));
        }
        self.module
            .step(&mut inputs.into_iter())
            .map_err(|problem| problem.to_string())
    }

    /// Whether the port that is updated in place keeps its value.
    fn feeds_back(&self) -> bool {
        let mut inputs = self.module.table().inputs.iter();
        inputs.any(|port| port.writable && self.case.feedback.contains_key(port.name))
    }

    /// Says that the kernel is another one in each step: rules bound the whole kernel in the first step after a reset, and
    /// then what they change themselves. All else stays.
    fn forget_kernel(&mut self) -> Result<(), String> {
        let state = snapshot(&*self.module);
        self.module.reset();
        restore(&mut *self.module, state).map_err(|error| error.to_string())
    }

    fn compare_state_at(&mut self, key: &str) {
        if let Some(recorded) = self.case.states.get(key) {
            self.compare_state(key, recorded);
        }
    }

    fn compare_state(&mut self, when: &str, recorded: &BTreeMap<String, ArrayDoc>) {
        let mut state = StateMap::new();
        self.module.spark_state("", &mut state);
        self.tally.state(when, &state, recorded);
    }
}
