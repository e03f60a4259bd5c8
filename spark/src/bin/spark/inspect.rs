//! `spark inspect`.

use std::path::PathBuf;

use clap::Args;
use serde_json::to_value;
use spark::nn::controllers::Model;

use crate::answer::{Answer, Failure, help, ok, print, print_json};
use crate::model::{FieldOptions, NeuronOptions, ShapeOptions, borrowed, open};

/// Shows what a model is made of: nodes with the shapes of their ports, learned parameters, the memory of the state,
/// and each way from an input to an output with the steps that it takes.
///
/// With the shapes of all inputs the model is built; without, what is known of it is shown.
#[derive(Debug, Args)]
#[command(after_help = help!("
  spark inspect brain.scfg
  spark inspect brain.scfg --input signal=[4]
  spark inspect brain.scfg --input signal=[4] --json | jq .paths"))]
pub(crate) struct Arguments {
    /// The model, `.scfg` or `.json`.
    file: PathBuf,
    #[command(flatten)]
    shapes: ShapeOptions,
    #[command(flatten)]
    fields: FieldOptions,
    #[command(flatten)]
    neurons: NeuronOptions,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Answer {
    let mut opened = open(&arguments.file, &arguments.neurons)?;
    arguments.fields.apply(&mut opened.config)?;
    let shapes = arguments.shapes.of(&opened);
    let shapes = borrowed(&shapes);
    let problems = opened.config.check_shapes(&shapes)?;
    if !problems.is_empty() {
        return Err(opened.failure(problems));
    }
    let has_all = shapes.len() == opened.config.table().inputs.len();
    let tree = if has_all {
        let model = Model::from_config(&opened.config, &shapes);
        model
            .map_err(|error| opened.failure(opened.config.located(&error, &opened.json)))?
            .tree()
    } else {
        opened.config.tree(&shapes)?
    };
    if arguments.json {
        print_json(&to_value(&tree).map_err(Failure::new)?);
        return Ok(ok());
    }
    print(&tree.to_string());
    if !has_all {
        let names = opened.config.table().inputs.iter().map(|port| port.name);
        let missing: Vec<String> = names
            .filter(|name| !shapes.iter().any(|(known, _)| known == name))
            .map(|name| format!("--input {name}=[..]"))
            .collect();
        print(&format!(
            "for parameters and memory, give {}\n",
            missing.join(" ")
        ));
    }
    Ok(ok())
}
