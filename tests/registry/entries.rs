//! The registry knows what this crate registered.

use spark::REGISTRY;
use spark::rt::shape::{ConstValue, ShapeRule};
use spark::rt::table::ModuleTable;
use spark::rt::{InputPort, Module, OutputPort, Property, PropertyMut, SparkConfig};

use crate::models::{LeakyRate, LeakyRateConfig};

#[test]
fn everything_is_found_by_key_and_by_type_name() {
    for name in ["leaky_rate", "LeakyRate"] {
        assert_eq!(REGISTRY.module(name).unwrap().table.name, "LeakyRate");
    }
    assert_eq!(
        REGISTRY.payload("rate_array").unwrap().table.doc,
        "A rate per unit."
    );
    assert!(REGISTRY.payload("rate_array").unwrap().table.concatenates);
    assert_eq!(REGISTRY.payload("plain_mark").unwrap().table.name, "Mark");
    assert_eq!(
        REGISTRY.config("leaky_rate_config").unwrap().table.fields.len(),
        8
    );
    assert!(
        REGISTRY
            .validator("from_one_validator")
            .unwrap()
            .table
            .range
            .is_some()
    );
    for name in [
        "counting_initializer",
        "counting_initializer_config",
        "CountingInitializer",
    ] {
        assert!(REGISTRY.initializer(name).is_some(), "{name}");
    }
    assert!(REGISTRY.neuron("leaky_rate").is_none());
    assert_eq!(REGISTRY.check(), Ok(()));
}

#[test]
fn entries_say_where_they_come_from() {
    let place = REGISTRY.module("leaky_rate").unwrap().place;
    assert!(
        place.origin.ends_with("models") && place.file.ends_with("models.rs") && place.line > 0,
        "{place}"
    );
}

#[test]
fn the_table_is_that_of_the_signature() {
    const TABLE: &ModuleTable = LeakyRate::TABLE;
    let names =
        |ports: &[spark::rt::table::PortTable]| ports.iter().map(|port| port.name).collect::<Vec<_>>();
    assert_eq!(names(TABLE.inputs), ["current", "scale", "extra"]);
    assert_eq!(names(TABLE.outputs), ["rates", "mark"]);
    assert_eq!(names(TABLE.properties), ["kernel"]);
    assert!(TABLE.inputs[1].optional && TABLE.inputs[2].many && !TABLE.inputs[0].optional);
    assert_eq!(TABLE.inputs[0].doc, "What flows in.");
    assert_eq!(
        (TABLE.path, TABLE.key, TABLE.doc),
        ("Tests", "leaky_rate", "A leaky integral of a current, as a rate.")
    );
    assert!(TABLE.properties[0].writable);
    assert!(matches!(TABLE.outputs[1].shape, ShapeRule::Any));
    assert_eq!(TABLE.config.fields[3].default, ConstValue::Number(20.0));
    assert_eq!(
        (TABLE.config.fields[3].unit, TABLE.config.fields[3].default_text),
        ("ms", "20ms")
    );
    assert!(TABLE.config.fields[5].required && TABLE.config.name == LeakyRateConfig::TABLE.name);
}

#[test]
fn defaults_are_kept_as_written() {
    let fields = LeakyRateConfig::TABLE.fields;
    let text = |name| {
        fields
            .iter()
            .find(|field| field.name == name)
            .map(|field| field.default_text)
    };
    assert_eq!(text("tau"), Some("20ms"));
    assert_eq!(text("rest"), Some("-40mV"));
    assert_eq!(text("weights"), Some("[1, 2, 3, 4]"));
    let kernel = spark::nn::synapses::LinearSynapsesConfig::TABLE.fields;
    let kernel = kernel.iter().find(|field| field.name == "kernel");
    assert_eq!(
        kernel.map(|field| field.default_text),
        Some("SparseUniformInitializer::default()")
    );
}

#[test]
fn ports_are_reached_by_index() {
    fn ports<M: InputPort<0> + InputPort<2> + OutputPort<1> + Property<0> + PropertyMut<0>>() {}
    ports::<LeakyRate>();
}

#[test]
fn every_registered_default_passes_its_own_checks() {
    for entry in REGISTRY.configs() {
        let mut problems = Vec::new();
        (entry.make)().validate(entry.table.key, &mut problems);
        // What is required, or given by the network around, is open in a default.
        problems.retain(|problem| !problem.to_string().contains("must be given"));
        assert_eq!(problems, [], "{}", entry.place);
    }
}
