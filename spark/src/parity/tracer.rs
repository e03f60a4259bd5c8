//! A tracer alone.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::Report;
use super::case::{self, ArrayDoc, CaseError, Number, States};
use super::compare::{Tally, typical};
use super::module::tolerance;
use crate::core::array::{Real, array_from_vec, broadcast_shapes};
use crate::core::compat::Compat;
use crate::core::param::Param;
use crate::core::payload::Shape;
use crate::core::state::StateMap;
use crate::nn::tracers::Exponentials as _;
use crate::nn::tracers::{RDParams, RDTracer, RFSParams, RFSTracer, RUParams, RUTracer, Tracer};

#[derive(Debug, Deserialize)]
struct Case {
    shape: Vec<usize>,
    dt: f64,
    params: BTreeMap<String, ParamDoc>,
    steps: usize,
    inputs: Vec<Vec<Number>>,
    outputs: Vec<Vec<Number>>,
    /// `tracer.value` after each call.
    #[serde(default)]
    values: Vec<Vec<Number>>,
    #[serde(default)]
    masked_reset_before_step: BTreeMap<String, ArrayDoc>,
    #[serde(default)]
    reset_before_step: Vec<usize>,
    #[serde(default)]
    state_initial: BTreeMap<String, ArrayDoc>,
    #[serde(default)]
    states: States,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum ParamDoc {
    Number(Number),
    Array { array: ArrayDoc },
}

/// A tracer of any class.
enum AnyTracer {
    Single(Tracer),
    RiseDecay(RDTracer),
    RiseFastSlow(Box<RFSTracer>),
    ResourceUsage(RUTracer),
}

macro_rules! each {
    ($any:expr, $tracer:ident => $result:expr) => {
        match $any {
            AnyTracer::Single($tracer) => $result,
            AnyTracer::RiseDecay($tracer) => $result,
            AnyTracer::RiseFastSlow($tracer) => $result,
            AnyTracer::ResourceUsage($tracer) => $result,
        }
    };
}

impl AnyTracer {
    fn new(class: &str, case: &Case) -> Result<Self, CaseError> {
        let (shape, dt) = (Shape::from(&case.shape[..]), case.dt);
        let of = |name: &str| case.param(name);
        let tracer = match class {
            "Tracer" => AnyTracer::Single(Tracer::new(&shape, &of("tau")?, &of("scale")?, &of("base")?, dt)),
            "RDTracer" => {
                let params = RDParams {
                    tau_rise: of("tau_rise")?,
                    tau_decay: of("tau_decay")?,
                    scale_rise: of("scale_rise")?,
                    scale_decay: of("scale_decay")?,
                    base_rise: of("base_rise")?,
                    base_decay: of("base_decay")?,
                };
                AnyTracer::RiseDecay(RDTracer::new(&shape, &params, dt))
            }
            "RFSTracer" => {
                let params = RFSParams {
                    alpha: of("alpha")?,
                    tau_rise: of("tau_rise")?,
                    tau_fast_decay: of("tau_fast_decay")?,
                    tau_slow_decay: of("tau_slow_decay")?,
                    scale_rise: of("scale_rise")?,
                    scale_fast_decay: of("scale_fast_decay")?,
                    scale_slow_decay: of("scale_slow_decay")?,
                    base_rise: of("base_rise")?,
                    base_fast_decay: of("base_fast_decay")?,
                    base_slow_decay: of("base_slow_decay")?,
                };
                AnyTracer::RiseFastSlow(Box::new(RFSTracer::new(&shape, &params, dt)))
            }
            "RUTracer" => {
                let params = RUParams {
                    r_tau: of("r_tau")?,
                    u_tau: of("u_tau")?,
                    u_scale: of("u_scale")?,
                };
                AnyTracer::ResourceUsage(RUTracer::new(&shape, &params, dt, Compat::SparkSnn1))
            }
            other => return Err(CaseError::new("class", format!("there is no tracer `{other}`"))),
        };
        Ok(tracer)
    }

    fn step(&mut self, values: &[Real]) -> Vec<f64> {
        if let AnyTracer::ResourceUsage(tracer) = self {
            return tracer.step(values).iter().map(|&x| f64::from(x)).collect();
        }
        each!(&mut *self, tracer => { tracer.step(values); });
        self.values(values.len())
    }

    fn values(&self, count: usize) -> Vec<f64> {
        each!(self, tracer => (0..count).map(|i| f64::from(tracer.at(i))).collect())
    }

    fn reset(&mut self, mask: Option<&[bool]>) {
        match mask {
            None => each!(self, tracer => tracer.reset()),
            Some(mask) => each!(self, tracer => tracer.masked_reset(mask)),
        }
    }

    fn spark_state(&self, shape: &Shape) -> StateMap {
        let mut state = StateMap::new();
        each!(self, tracer => tracer.spark_state("", shape, &mut state));
        state
    }
}

impl Case {
    fn check(&self) -> Result<(), CaseError> {
        case::check_steps(self.steps)?;
        let count = case::count(&self.shape).map_err(|reason| CaseError::new("shape", reason))?;
        let fit = |place: String, found: usize, expected: usize| {
            if found == expected {
                return Ok(());
            }
            Err(CaseError::new(
                place,
                format!("{found} entries, expected {expected}"),
            ))
        };
        for (name, lists, needed) in [
            ("inputs", &self.inputs, true),
            ("outputs", &self.outputs, true),
            ("values", &self.values, !self.values.is_empty()),
        ] {
            fit(name.into(), lists.len(), if needed { self.steps } else { 0 })?;
            for (t, numbers) in lists.iter().enumerate() {
                fit(format!("{name}[{t}]"), numbers.len(), count)?;
            }
        }
        for (t, mask) in &self.masked_reset_before_step {
            fit(
                format!("masked_reset_before_step.{t}"),
                mask.values().len(),
                count,
            )?;
        }
        for (name, param) in &self.params {
            if let ParamDoc::Array { array } = param {
                let wide = broadcast_shapes(&array.shape, &self.shape);
                if wide.ok().as_deref() != Some(&self.shape[..]) {
                    return Err(CaseError::new(
                        format!("params.{name}"),
                        format!(
                            "the shape {:?} does not broadcast to {:?}",
                            array.shape, self.shape
                        ),
                    ));
                }
            }
        }
        Ok(())
    }

    /// A parameter; one that is not given is that of the package: 0 for a base, 1 for a scale.
    fn param(&self, name: &str) -> Result<Param, CaseError> {
        match self.params.get(name) {
            None => Ok(Param::Scalar(if name.starts_with("base") { 0.0 } else { 1.0 })),
            Some(ParamDoc::Number(number)) => Ok(Param::Scalar(number.0)),
            Some(ParamDoc::Array { array }) => {
                let values = array.values().into_iter().map(|x| x as Real).collect();
                let array = array_from_vec(&Shape::from(&array.shape[..]), values);
                array
                    .map(Param::Array)
                    .map_err(|error| CaseError::new(format!("params.{name}"), error.to_string()))
            }
        }
    }
}

fn plain(numbers: Option<&Vec<Number>>) -> Vec<f64> {
    numbers
        .into_iter()
        .flatten()
        .map(|number| f64::from(number.0 as f32))
        .collect()
}

pub(super) fn replay(json: &Value) -> Result<Report, CaseError> {
    let subject = case::subject(json)?;
    let case: Case = case::parse(json)?;
    let shape = Shape::from(&case.shape[..]);
    case.check()?;
    let mut tracer = AnyTracer::new(&subject.class, &case)?;
    let mut tally = Tally::new(tolerance(&subject.class, subject.informative));
    let size = typical(case.outputs.iter().flatten().map(|number| number.0));
    tally.state("building", &tracer.spark_state(&shape), &case.state_initial);
    for t in 0..case.steps {
        if let Some(mask) = case.masked_reset_before_step.get(&t.to_string()) {
            let mask: Vec<bool> = mask.values().into_iter().map(|bit| bit != 0.0).collect();
            tracer.reset(Some(&mask));
        }
        if case.reset_before_step.contains(&t) {
            tracer.reset(None);
        }
        let input: Vec<Real> = plain(case.inputs.get(t)).into_iter().map(|x| x as Real).collect();
        let output = tracer.step(&input);
        tally.close(&format!("step {t}"), &output, &plain(case.outputs.get(t)), size);
        if let Some(values) = case.values.get(t) {
            tally.close(
                &format!("value after step {t}"),
                &tracer.values(input.len()),
                &plain(Some(values)),
                size,
            );
        }
        if let Some(recorded) = case.states.get(&(t + 1).to_string()) {
            tally.state(&(t + 1).to_string(), &tracer.spark_state(&shape), recorded);
        }
    }
    Ok(subject.report(case.steps, tally))
}
