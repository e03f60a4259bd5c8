//! Tracers give what those of the Python package give.

use ndarray::IxDyn;
use serde_json::Value;
use spark::core::param::Param;
use spark::nn::tracers::{RDParams, RDTracer, RFSParams, RFSTracer, RUParams, RUTracer, Tracer};
use spark::{ArrayD, Compat, Real, Shape};

use crate::case::{cases, numbers, shape};
use crate::compare::close;

fn param(params: &Value, name: &str, default: f64) -> Param {
    match params.get(name) {
        None | Some(Value::Null) => Param::Scalar(default),
        Some(value) => match value.get("array") {
            None => Param::Scalar(value.as_f64().unwrap()),
            Some(array) => {
                let data = numbers(&array["data"]).into_iter().map(|x| x as Real).collect();
                Param::Array(ArrayD::from_shape_vec(IxDyn(&shape(array)), data).unwrap())
            }
        },
    }
}

/// A tracer of any class.
enum Any {
    Single(Tracer),
    RiseDecay(RDTracer),
    RiseFastSlow(Box<RFSTracer>),
    ResourceUsage(RUTracer),
}

macro_rules! each {
    ($any:expr, $tracer:ident => $result:expr) => {
        match $any {
            Any::Single($tracer) => $result,
            Any::RiseDecay($tracer) => $result,
            Any::RiseFastSlow($tracer) => $result,
            Any::ResourceUsage($tracer) => $result,
        }
    };
}

impl Any {
    fn new(case: &Value) -> Any {
        let (params, dt) = (&case["params"], case["dt"].as_f64().unwrap());
        let shape: Shape = shape(case);
        let of = |name| param(params, name, if name.starts_with("base") { 0.0 } else { 1.0 });
        match case["class"].as_str().unwrap() {
            "Tracer" => Any::Single(Tracer::new(&shape, &of("tau"), &of("scale"), &of("base"), dt)),
            "RDTracer" => {
                let params = RDParams {
                    tau_rise: of("tau_rise"),
                    tau_decay: of("tau_decay"),
                    scale_rise: of("scale_rise"),
                    scale_decay: of("scale_decay"),
                    base_rise: of("base_rise"),
                    base_decay: of("base_decay"),
                };
                Any::RiseDecay(RDTracer::new(&shape, &params, dt))
            }
            "RFSTracer" => {
                let params = RFSParams {
                    alpha: of("alpha"),
                    tau_rise: of("tau_rise"),
                    tau_fast_decay: of("tau_fast_decay"),
                    tau_slow_decay: of("tau_slow_decay"),
                    scale_rise: of("scale_rise"),
                    scale_fast_decay: of("scale_fast_decay"),
                    scale_slow_decay: of("scale_slow_decay"),
                    base_rise: of("base_rise"),
                    base_fast_decay: of("base_fast_decay"),
                    base_slow_decay: of("base_slow_decay"),
                };
                Any::RiseFastSlow(Box::new(RFSTracer::new(&shape, &params, dt)))
            }
            "RUTracer" => {
                let params = RUParams {
                    r_tau: of("r_tau"),
                    u_tau: of("u_tau"),
                    u_scale: of("u_scale"),
                };
                Any::ResourceUsage(RUTracer::new(&shape, &params, dt, Compat::SparkSnn1))
            }
            other => panic!("no tracer {other}"),
        }
    }

    fn step(&mut self, values: &[Real]) -> Vec<f64> {
        if let Any::ResourceUsage(tracer) = self {
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
}

/// Replays all cases of a class; there must be `count` of them.
fn replay(class: &str, count: usize) {
    let cases: Vec<Value> = cases("tracers")
        .into_iter()
        .filter(|case| case["class"] == class)
        .collect();
    assert_eq!(cases.len(), count, "cases of {class}");
    cases.iter().for_each(run);
}

fn run(case: &Value) {
    let mut tracer = Any::new(case);
    let resets = crate::case::indices(&case["reset_before_step"]);
    let (outputs, after) = (&case["outputs"], &case["values"]);
    for (t, input) in case["inputs"].as_array().unwrap().iter().enumerate() {
        if let Some(mask) = case["masked_reset_before_step"].get(t.to_string()) {
            let mask: Vec<bool> = numbers(&mask["data"]).iter().map(|&bit| bit != 0.0).collect();
            tracer.reset(Some(&mask));
        }
        if resets.contains(&(t as u32)) {
            tracer.reset(None);
        }
        let what = format!("{} step {t}", case["case"]);
        let input: Vec<Real> = numbers(input).iter().map(|&x| x as Real).collect();
        close(&tracer.step(&input), &numbers(&outputs[t]), &what);
        close(
            &tracer.values(input.len()),
            &numbers(&after[t]),
            &format!("{what}, after"),
        );
    }
}

#[test]
fn tracer() {
    replay("Tracer", 6);
}

#[test]
fn rd_tracer() {
    replay("RDTracer", 4);
}

#[test]
fn rfs_tracer() {
    replay("RFSTracer", 4);
}

#[test]
fn ru_tracer() {
    replay("RUTracer", 2);
}
