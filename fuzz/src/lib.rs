//! What the fuzz targets do with what they have read.

use std::any::Any;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;
use spark::codegen;
use spark::core::payload::AnyPayload;
use spark::nn::controllers::{Model, ModelConfig, Neurons};
use spark::{REGISTRY, Shape};
use spark_ir::format::file::Limits;
use spark_ir::format::source::{self, Options};
use spark_ir::format::vocabulary::Vocabulary;

/// What a file may cost here: an input of a fuzzer is small, and so is what it may stand for.
pub const LIMITS: Limits = Limits {
    text: 1 << 20,
    memory: 64 << 20,
    values: 1 << 16,
};

/// The most numbers in ports and properties of a model that is built.
const MOST_NUMBERS: usize = 2_000;

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(codegen::vocabulary);

/// The name that errors give to the input.
pub fn name() -> &'static Path {
    Path::new("input")
}

/// Everything that can be done with a model in a file.
pub fn use_model(json: &Value) {
    let (config, problems) = ModelConfig::check("input", json, &Neurons::new());
    for problem in &problems {
        assert!(problem.code.starts_with("SPK"), "{problem}");
        let _ = problem.to_string();
    }
    let is_refused = problems.iter().any(|problem| problem.is_error());
    assert_eq!(config.is_none(), is_refused, "{problems:?}");
    let _ = source::source(json, &VOCABULARY, &Options::named("Input"));
    let Some(config) = config else { return };
    write_again(&config);
    for size in [1, 4] {
        let inputs = config.table().inputs.iter();
        let shapes: Vec<_> = inputs.map(|input| (input.name, Shape::from(size))).collect();
        run(&config, &shapes);
    }
}

/// What is written of a configuration is read as the same.
fn write_again(config: &ModelConfig) {
    let Ok(json) = config.to_json() else { return };
    let again = ModelConfig::from_json(&json).and_then(|config| config.to_json());
    assert_eq!(again.ok(), Some(json), "what is written is read as another model");
}

/// Builds a model that is not too large, and runs it.
fn run(config: &ModelConfig, shapes: &[(&str, Shape)]) {
    let _ = config
        .check_shapes(shapes)
        .map(|problems| format!("{problems:?}"));
    let _ = config.tree(shapes).map(|tree| tree.to_string());
    let is_small = |size: Option<usize>| size.is_some_and(|size| size <= MOST_NUMBERS);
    if !config.size(shapes).is_ok_and(is_small) {
        return;
    }
    match Model::from_config(config, shapes) {
        Ok(mut model) => step(&mut model, shapes),
        Err(error) => drop(error.to_string()),
    }
}

/// A few steps with zeros, with a reset between them.
pub fn step(model: &mut Model, shapes: &[(&str, Shape)]) {
    let inputs = model.table().inputs.iter();
    let zeros = inputs.filter_map(|input| {
        let (name, shape) = shapes.iter().find(|(name, _)| *name == input.name)?;
        Some((*name, REGISTRY.payload(input.payload.key)?.zeros(shape)))
    });
    let zeros: Vec<(&str, AnyPayload)> = zeros.collect();
    for _ in 0..3 {
        let given = zeros.iter().map(|(name, value)| (*name, value.get() as &dyn Any));
        if let Err(problem) = model.step(given) {
            drop(problem.to_string());
        }
        model.reset();
    }
}

/// Builds the model of a checkpoint that is not too large, in its state, and runs it.
pub fn use_checkpoint(checkpoint: spark::checkpoint::Checkpoint) {
    let Some(json) = &checkpoint.config else { return };
    let Ok(config) = ModelConfig::from_json(json) else {
        return;
    };
    let inputs = checkpoint.inputs.iter();
    let shapes: Vec<(String, Shape)> = inputs
        .map(|input| (input.name.clone(), input.shape.clone()))
        .collect();
    let shapes: Vec<(&str, Shape)> = shapes
        .iter()
        .map(|(name, shape)| (&**name, shape.clone()))
        .collect();
    let is_small = |size: Option<usize>| size.is_some_and(|size| size <= MOST_NUMBERS);
    if !config.size(&shapes).is_ok_and(is_small) {
        return;
    }
    match checkpoint.build::<Model>() {
        Ok(mut model) => step(&mut model, &shapes),
        Err(error) => drop(error.to_string()),
    }
}
