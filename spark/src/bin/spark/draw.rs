//! `spark draw`.

mod svg;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use spark_ir::draw::{Picture, dot_of_table, mermaid_of_table};
use spark_ir::format::file::write_bytes;
use spark_ir::suggest::nearest;
use spark_ir::table::GraphTable;

use crate::answer::{Answer, Failure, help, ok, print};
use crate::model::{NeuronOptions, open};

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// A flow chart that GitHub and many editors show.
    Mermaid,
    /// The language of Graphviz.
    Dot,
    /// A picture.
    Svg,
}

/// Draws a model: inputs on the left, nodes with their ports, outputs on the right. Updates in place have two heads,
/// what is written into a property after the step is dashed.
#[derive(Debug, Args)]
#[command(after_help = help!("
  spark draw brain.scfg --format svg -o brain.svg
  spark draw brain.scfg --node left --format mermaid
  spark draw brain.scfg --format dot | dot -Tpdf > brain.pdf"))]
pub(crate) struct Arguments {
    /// The model, `.scfg` or `.json`.
    file: PathBuf,
    /// In what form.
    #[arg(long, value_enum, default_value = "mermaid")]
    format: Format,
    /// The neuron in the model to draw in place of the whole, such as `left`.
    #[arg(long, value_name = "NODE")]
    node: Option<String>,
    /// Where to write it, instead of the standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    neurons: NeuronOptions,
}

pub(crate) fn run(arguments: &Arguments) -> Answer {
    let opened = open(&arguments.file, &arguments.neurons)?;
    let mut graph = opened.config.graph();
    for name in arguments.node.iter().flat_map(|path| path.split('.')) {
        graph = inside(graph, name)?;
    }
    let text = match arguments.format {
        Format::Mermaid => mermaid_of_table(graph),
        Format::Dot => dot_of_table(graph),
        Format::Svg => svg::draw(&Picture::of_table(graph), graph.name),
    };
    match &arguments.output {
        Some(path) => write_bytes(path, text.as_bytes())?,
        None => print(&text),
    }
    Ok(ok())
}

/// The graph of a node that is a network.
fn inside(graph: &GraphTable<'static>, name: &str) -> Result<&'static GraphTable<'static>, Failure> {
    let networks = || graph.nodes.iter().filter(|node| node.module.graph.is_some());
    if let Some(inner) = networks()
        .find(|node| node.name == name)
        .and_then(|node| node.module.graph)
    {
        return Ok(inner);
    }
    let names: Vec<&str> = networks().map(|node| node.name).collect();
    let failure = Failure::new(format!("`{}` has no node `{name}` that is a network", graph.name));
    Err(match nearest(name, names.iter().copied()) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None if names.is_empty() => failure.help("none of its nodes is one"),
        None => failure.help(format!("there are: {}", names.join(", "))),
    })
}
