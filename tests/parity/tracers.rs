//! Tracers give what those of the Python package give.

use ndarray::IxDyn;
use serde_json::Value;
use spark::core::param::Param;
use spark::nn::tracers::{RDParams, RDTracer, Tracer};
use spark::{ArrayD, Real, Shape};

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

enum Any {
    Single(Tracer),
    RiseDecay(RDTracer),
}

impl Any {
    fn new(case: &Value) -> Any {
        let (params, dt) = (&case["params"], case["dt"].as_f64().unwrap());
        let shape: Shape = shape(case);
        let of = |name| param(params, name, if name.starts_with("base") { 0.0 } else { 1.0 });
        if case["class"] == "Tracer" {
            return Any::Single(Tracer::new(&shape, &of("tau"), &of("scale"), &of("base"), dt));
        }
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

    fn step(&mut self, values: &[Real]) -> Vec<f64> {
        match self {
            Any::Single(tracer) => {
                tracer.step(values);
                tracer.values().iter().map(|&x| f64::from(x)).collect()
            }
            Any::RiseDecay(tracer) => {
                tracer.step(values);
                (0..values.len()).map(|i| f64::from(tracer.at(i))).collect()
            }
        }
    }

    fn reset(&mut self, mask: Option<&[bool]>) {
        match (self, mask) {
            (Any::Single(tracer), None) => tracer.reset(),
            (Any::Single(tracer), Some(mask)) => tracer.masked_reset(mask),
            (Any::RiseDecay(tracer), None) => tracer.reset(),
            (Any::RiseDecay(tracer), Some(mask)) => tracer.masked_reset(mask),
        }
    }
}

#[test]
fn tracers() {
    let cases = cases("tracers");
    assert_eq!(cases.len(), 10);
    for case in &cases {
        let mut tracer = Any::new(case);
        let resets = crate::case::indices(&case["reset_before_step"]);
        for (t, (input, output)) in case["inputs"]
            .as_array()
            .unwrap()
            .iter()
            .zip(case["outputs"].as_array().unwrap())
            .enumerate()
        {
            if let Some(mask) = case["masked_reset_before_step"].get(t.to_string()) {
                tracer.reset(Some(
                    &numbers(&mask["data"])
                        .iter()
                        .map(|&bit| bit != 0.0)
                        .collect::<Vec<bool>>(),
                ));
            }
            if resets.contains(&(t as u32)) {
                tracer.reset(None);
            }
            let input: Vec<Real> = numbers(input).iter().map(|&x| x as Real).collect();
            close(
                &tracer.step(&input),
                &numbers(output),
                &format!("{} step {t}", case["case"]),
            );
        }
    }
}
