//! A whole model: `run.json.gz` beside `model.scfg`.

use std::any::Any;
use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use spark_ir::format::file::FileError;

use super::case::{self, ArrayDoc, CaseError, PortDoc, States};
use super::compare::Tally;
use super::{ParityError, Report, Subject};
use crate::core::payload::Shape;
use crate::nn::controllers::{Model, ModelConfig};
use crate::rt::controller::ControllerConfig as _;

/// What floats may differ by: errors of many modules add up over hundreds of steps.
const TOLERANCE: f64 = if cfg!(spark_f64) { 1e-3 } else { 1e-5 };

#[derive(Debug, Deserialize)]
struct Run {
    steps: usize,
    #[serde(default)]
    reset_before_step: Vec<usize>,
    inputs: BTreeMap<String, PortDoc>,
    outputs: BTreeMap<String, PortDoc>,
    #[serde(default)]
    module_outputs: BTreeMap<String, PortDoc>,
    #[serde(default)]
    state_after_build: BTreeMap<String, ArrayDoc>,
    #[serde(default)]
    states: States,
}

pub(super) fn replay(json: &Value, path: &Path) -> Result<Report, ParityError> {
    let subject = case::subject(json).map_err(|error| error.in_file(path))?;
    let run: Run = case::parse(json).map_err(|error| error.in_file(path))?;
    run.check().map_err(|error| error.in_file(path))?;
    let file = ["model.scfg", "model.json"]
        .map(|name| path.with_file_name(name))
        .into_iter()
        .find(|file| file.exists());
    let Some(file) = file else {
        let reason = std::io::Error::new(
            std::io::ErrorKind::NotFound,
            "there is no model.scfg or model.json beside the run",
        );
        return Err(ParityError::Io {
            path: path.with_file_name("model.scfg"),
            reason,
        });
    };
    let config = match ModelConfig::from_file(&file) {
        Ok(config) => config,
        // The file can be read: that its content is refused is a finding.
        Err(error @ FileError::Format { .. }) => return Ok(subject.failed(error.to_string())),
        Err(error) => return Err(ParityError::Model(error)),
    };
    Ok(run.replay(subject, &config))
}

/// Units that no recording has: they would be made before anything is compared.
fn too_large(config: &ModelConfig) -> Option<Shape> {
    let own = config.header().units;
    let nodes = config.nodes();
    let of_nodes = nodes.iter().filter_map(|(_, node)| node.units().cloned());
    own.into_iter()
        .chain(of_nodes)
        .find(|units| case::count(units).is_err())
}

impl Run {
    fn check(&self) -> Result<(), CaseError> {
        case::check_steps(self.steps)?;
        let rooms = [
            ("inputs", &self.inputs),
            ("outputs", &self.outputs),
            ("module_outputs", &self.module_outputs),
        ];
        rooms.into_iter().try_for_each(|(room, ports)| {
            case::check_ports(room, ports, |_, port: &PortDoc| port.check(self.steps, false))
        })
    }

    fn replay(&self, subject: Subject, config: &ModelConfig) -> Report {
        let shapes: Vec<(&str, Shape)> = self
            .inputs
            .iter()
            .map(|(name, port)| (name.as_str(), port.shape()))
            .collect();
        if let Some(units) = too_large(config) {
            return subject.failed(format!("the model has units of the shape {units}"));
        }
        let mut model = match Model::from_config(config, &shapes) {
            Ok(model) => model,
            Err(error) => return subject.failed(error.to_string()),
        };
        let mut tally = Tally::new(TOLERANCE);
        tally.state("building", &model.spark_state(), &self.state_after_build);
        for t in 0..self.steps {
            if self.reset_before_step.contains(&t) {
                model.reset();
                self.compare_state(&model, &format!("reset@{t}"), &mut tally);
            }
            if let Err(problem) = self.step(&mut model, t) {
                tally.problem(problem);
                break;
            }
            for (name, expected) in &self.outputs {
                tally.output(t, name, model.output_any(name), expected);
            }
            for (place, expected) in &self.module_outputs {
                let found = place
                    .rsplit_once('.')
                    .and_then(|(node, port)| model.node_output(node, port));
                tally.output(t, place, found, expected);
            }
            self.compare_state(&model, &(t + 1).to_string(), &mut tally);
        }
        subject.report(self.steps, tally)
    }

    fn step(&self, model: &mut Model, t: usize) -> Result<(), String> {
        let mut inputs: Vec<(&str, Box<dyn Any>)> = Vec::new();
        for (name, port) in &self.inputs {
            inputs.push((name, port.arriving(Some(t))?));
        }
        let fed = inputs.iter().map(|(name, value)| (*name, &**value));
        model.step(fed).map_err(|problem| problem.to_string())
    }

    fn compare_state(&self, model: &Model, key: &str, tally: &mut Tally) {
        if let Some(recorded) = self.states.get(key) {
            tally.state(key, &model.spark_state(), recorded);
        }
    }
}
