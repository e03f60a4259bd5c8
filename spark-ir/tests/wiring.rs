//! The messages of the checks over tables, as `const` code and as panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use spark_ir::check::TablePlace;
use spark_ir::shape::{ConstValue, ShapeRule, ShapeTerm};
use spark_ir::table::*;
use spark_ir::wiring;

const SPIKES: PayloadTable = PayloadTable {
    name: "SpikeArray",
    key: "spike_array",
    origin: "spark",
    concatenates: true,
    doc: "",
};
const OTHER_SPIKES: PayloadTable = PayloadTable {
    name: "SpikeArray",
    key: "spike_array",
    origin: "mine",
    concatenates: true,
    doc: "",
};
const FLOATS: PayloadTable = PayloadTable {
    name: "FloatArray",
    key: "float_array",
    origin: "spark",
    concatenates: false,
    doc: "",
};

const fn port(name: &'static str, payload: &'static PayloadTable, shape: ShapeRule) -> PortTable {
    PortTable {
        name,
        payload,
        optional: false,
        many: false,
        writable: false,
        per_synapse: false,
        sparse: false,
        shape,
        doc: "",
    }
}

const POSITIVE: ValidatorTable = ValidatorTable {
    name: "PositiveValidator",
    key: "positive_validator",
    range: Some(Range {
        min: 0.0,
        min_open: true,
        max: f64::INFINITY,
        max_open: true,
        text: "a positive number",
    }),
    doc: "",
};

const fn field(name: &'static str, required: bool, nested: Option<&'static ConfigTable>) -> FieldTable {
    FieldTable {
        name,
        ty: "Ms",
        unit: "ms",
        required,
        number: NumberForm::Number,
        default_text: "",
        default: ConstValue::Unknown,
        validators: &[&POSITIVE],
        nested,
        doc: "How long it rests.\nMore.",
    }
}

const SOMA_CONFIG: ConfigTable = ConfigTable {
    name: "SomaConfig",
    key: "soma_config",
    fields: &[
        field("units", false, None),
        field("cooldown", true, None),
        field("tau", true, None),
    ],
    doc: "",
};
const POOL_CONFIG: ConfigTable = ConfigTable {
    name: "PoolConfig",
    key: "pool_config",
    fields: &[
        field("units", true, None),
        field("soma", false, Some(&SOMA_CONFIG)),
    ],
    doc: "",
};

const POOL: ModuleTable = ModuleTable {
    name: "Pool",
    key: "pool",
    class: "pool",
    path: "",
    doc: "",
    kind: ModuleKind::Module,
    inputs: &[
        port("in_spikes", &SPIKES, ShapeRule::Any),
        port("rate", &FLOATS, ShapeRule::Any),
        PortTable {
            writable: true,
            ..port("kernel", &FLOATS, ShapeRule::Any)
        },
        port("mask", &SPIKES, ShapeRule::Terms(&[ShapeTerm::Field("units")])),
    ],
    outputs: &[port(
        "out_spikes",
        &SPIKES,
        ShapeRule::Terms(&[ShapeTerm::Field("units")]),
    )],
    properties: &[
        port("potential", &FLOATS, ShapeRule::Any),
        PortTable {
            writable: true,
            ..port("weights", &FLOATS, ShapeRule::Any)
        },
    ],
    config: &POOL_CONFIG,
    graph: None,
    origin: "spark",
};
const BRAIN: ModuleTable = ModuleTable {
    name: "Ab",
    key: "ab",
    class: "ab",
    path: "",
    doc: "",
    kind: ModuleKind::Brain,
    inputs: &[],
    outputs: &[],
    properties: &[],
    config: &POOL_CONFIG,
    graph: None,
    origin: "spark",
};

/// The text of a panic.
fn said(check: impl FnOnce() -> usize + std::panic::UnwindSafe) -> String {
    let panic = std::panic::catch_unwind(check).expect_err("the check passes");
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => panic.downcast::<&str>().map(|text| text.to_string()).unwrap(),
    }
}

#[test]
fn ports_are_found_in_const_code() {
    const IN: usize = wiring::shared_input_index(&POOL, "left", "rate");
    const OUT: usize = wiring::output_index(&POOL, "left", "out_spikes");
    const KERNEL: usize = wiring::in_place_index(&POOL, "left", "kernel");
    const WEIGHTS: usize = wiring::writable_property_index(&POOL, "left", "weights");
    assert_eq!((IN, OUT, KERNEL, WEIGHTS), (1, 0, 2, 1));
}

#[test]
fn wrong_ports_are_named_with_what_exists() {
    let has = "it has: in_spikes, rate, kernel, mask";
    for (said, expected) in [
        (
            said(|| wiring::input_index(&POOL, "left", "in_spike")),
            format!("SPK020: `left: Pool` has no input `in_spike`; {has}\nhelp: did you mean `in_spikes`?"),
        ),
        (
            said(|| wiring::input_index(&POOL, "left", "out_spikes")),
            format!(
                "SPK020: `left: Pool` has no input `out_spikes`; {has}\nhelp: `out_spikes` is an output: it stands on \
                 the left of `->`"
            ),
        ),
        (
            said(|| wiring::output_index(&POOL, "left", "potential")),
            "SPK021: `left: Pool` has no output `potential`; it has: out_spikes\nhelp: write `left.potential()` to \
             read a property"
                .to_owned(),
        ),
        (
            said(|| wiring::property_index(&POOL, "left", "out_spikes")),
            "SPK022: `left: Pool` has no property `out_spikes`; it has: potential, weights\nhelp: `out_spikes` is an \
             output: write `left.out_spikes` without parentheses"
                .to_owned(),
        ),
        (
            said(|| wiring::writable_property_index(&POOL, "left", "potential")),
            "SPK023: `left: Pool`: property `potential` cannot be written; these can: weights".to_owned(),
        ),
        (
            said(|| wiring::shared_input_index(&POOL, "left", "kernel")),
            "SPK024: `left.kernel` is read and updated in place: wire it with `<->`".to_owned(),
        ),
        (
            said(|| wiring::in_place_index(&POOL, "left", "rate")),
            "SPK025: `left.rate` is only read, not updated in place: wire it with `->`; ports of `left` that are \
             updated in place: kernel"
                .to_owned(),
        ),
        (
            said(|| wiring::required_inputs(&POOL, "left", &["rate", "kernel"])),
            "SPK026: `left: Pool` needs a wire into its inputs `in_spikes: SpikeArray`, `mask: SpikeArray`".to_owned(),
        ),
    ] {
        assert_eq!(said, expected);
    }
    assert!(said(|| wiring::not_a_brain(&BRAIN, "ab")).starts_with("SPK027: `ab: Ab` is a brain"));
}

#[test]
fn payloads_are_compared_by_name_and_origin() {
    assert_eq!(wiring::same_payload(&SPIKES, "a.x", &SPIKES, "b.y"), 0);
    assert_eq!(
        said(|| wiring::same_payload(&FLOATS, "spiker.rate", &SPIKES, "left.in_spikes")),
        "SPK030: `spiker.rate` carries FloatArray, but `left.in_spikes` takes SpikeArray\nhelp: put a node between them that makes SpikeArray of FloatArray"
    );
    let both = said(|| wiring::same_payload(&OTHER_SPIKES, "a.x", &SPIKES, "b.y"));
    assert!(
        both.contains("mine::SpikeArray") && both.contains("spark::SpikeArray"),
        "{both}"
    );
    assert_eq!(wiring::concatenates(&SPIKES, "b.y", 3), 0);
    assert!(
        said(|| wiring::concatenates(&FLOATS, "b.y", 2)).starts_with("SPK031: 2 sources are wired to `b.y`")
    );
    assert!(said(|| wiring::fan_in(&POOL, "left", "rate", 2)).contains("`left.rate`"));
    assert_eq!(wiring::fan_in(&POOL, "left", "in_spikes", 2), 0);
}

#[test]
fn fields_are_checked_with_units() {
    assert_eq!(
        said(|| wiring::required_fields(&SOMA_CONFIG, "soma", &[], false)),
        "SPK040: `soma` needs a value for these fields of SomaConfig:\n  cooldown: Ms (ms) - How long it rests.\n  \
         tau: Ms (ms) - How long it rests."
    );
    assert_eq!(wiring::required_fields(&POOL_CONFIG, "left", &[], true), 0);
    assert!(said(|| wiring::required_fields(&POOL_CONFIG, "left", &["soma.tau"], false)).contains("units"));
    assert_eq!(
        said(|| wiring::field_index(&SOMA_CONFIG, "soma", "coldown")),
        "SPK041: `soma`: SomaConfig has no field `coldown`; it has: units, cooldown, tau\nhelp: did you mean \
         `cooldown`?"
    );
    assert_eq!(wiring::nested_config(&POOL_CONFIG, "left", "soma"), 1);
    assert!(said(|| wiring::nested_config(&POOL_CONFIG, "left", "units")).starts_with("SPK042"));
    assert!(said(|| wiring::nested_config(&POOL_CONFIG, "left", "som")).ends_with("did you mean `soma`?"));
    assert_eq!(
        said(|| wiring::in_range(&SOMA_CONFIG, "soma", "cooldown", ConstValue::Number(-2.0))),
        "SPK043: `soma.cooldown` must be a positive number of ms, found -2"
    );
    assert!(
        said(|| wiring::in_range(&POOL_CONFIG, "left", "soma.tau", ConstValue::Number(f64::NAN)))
            .contains("found NaN")
    );
    assert_eq!(
        wiring::in_range(&SOMA_CONFIG, "soma", "other", ConstValue::Number(-2.0)),
        0
    );
    assert_eq!(
        wiring::in_range(&SOMA_CONFIG, "soma", "tau", ConstValue::Unknown),
        0
    );
}

const fn pool_of<'a>(name: &'a str, fields: &'a [KnownField<'a>], feeds: &'a [Feed<'a>]) -> NodeTable<'a> {
    NodeTable {
        name,
        module: &POOL,
        fields,
        feeds,
    }
}

const fn units(size: usize) -> [KnownField<'static>; 1] {
    [KnownField {
        name: "units",
        value: ConstValue::dims(&[size]),
    }]
}

const U64: [KnownField<'static>; 1] = units(64);
const U16: [KnownField<'static>; 1] = units(16);

const GRAPH: GraphTable<'static> = GraphTable {
    name: "Net",
    kind: ModuleKind::Brain,
    inputs: &[InputTable {
        name: "signal",
        payload: &SPIKES,
        shape: ConstValue::dims(&[16]),
    }],
    outputs: &[OutputTable {
        name: "action",
        payload: &SPIKES,
        shape: ConstValue::dims(&[2]),
        source: Source::Output {
            node: 0,
            port: "out_spikes",
        },
    }],
    nodes: &[
        pool_of(
            "left",
            &U64,
            &[Feed {
                port: "mask",
                sources: &[Source::Input(0)],
                in_place: false,
            }],
        ),
        pool_of(
            "right",
            &U16,
            &[Feed {
                port: "mask",
                sources: &[
                    Source::Output {
                        node: 0,
                        port: "out_spikes",
                    },
                    Source::Input(0),
                ],
                in_place: false,
            }],
        ),
        pool_of(
            "free",
            &[],
            &[Feed {
                port: "mask",
                sources: &[Source::Input(0)],
                in_place: false,
            }],
        ),
        pool_of(
            "same",
            &U16,
            &[Feed {
                port: "mask",
                sources: &[Source::Input(0)],
                in_place: false,
            }],
        ),
    ],
    effects: &[],
    order: &[0, 1, 2, 3],
    units: ConstValue::Unknown,
};

#[test]
fn the_loader_gets_all_problems_of_all_tables() {
    let found: Vec<_> = spark_ir::check::tables(&GRAPH)
        .into_iter()
        .map(|problem| (problem.code, problem.span))
        .collect();
    let node = |node| ("SPK026", TablePlace::Node(node));
    let feed = |node| ("SPK050", TablePlace::Feed { node, feed: 0 });
    assert_eq!(
        found,
        [
            feed(0),
            node(0),
            feed(1),
            node(1),
            node(2),
            node(3),
            ("SPK051", TablePlace::Output(0))
        ]
    );
}

#[test]
fn shapes_that_disagree_are_shown_with_their_arithmetic() {
    assert_eq!(
        said(|| wiring::check_shapes(&GRAPH, 0)),
        "SPK050: `signal` gives [16] but `left.mask` takes [64]"
    );
    assert_eq!(
        said(|| wiring::check_shapes(&GRAPH, 1)),
        "SPK050: `left.out_spikes` + `signal` give 64 + 16 = 80 but `right.mask` takes [16]"
    );
    const UNKNOWN_PASSES: usize = wiring::check_shapes(&GRAPH, 2) + wiring::check_shapes(&GRAPH, 3);
    assert_eq!(UNKNOWN_PASSES, 0);
    assert_eq!(
        said(|| wiring::check_output_shape(&GRAPH, 0)),
        "SPK051: `left.out_spikes` gives [64] but the output `action` is declared as [2]"
    );
}

/// Its property has the shape of what arrives.
const MIRROR: ModuleTable = ModuleTable {
    name: "Mirror",
    inputs: &[
        port("left", &FLOATS, ShapeRule::Any),
        port("right", &FLOATS, ShapeRule::Any),
    ],
    outputs: &[],
    properties: &[port(
        "seen",
        &FLOATS,
        ShapeRule::Terms(&[ShapeTerm::Input("left")]),
    )],
    ..POOL
};

#[test]
fn properties_that_have_the_shape_of_each_other_are_not_followed_for_ever() {
    const fn seen(node: usize) -> [Source<'static>; 1] {
        [Source::Property { node, port: "seen" }]
    }
    // Each reads the other twice: without a limit there would be no end, and twice as much to do with each turn.
    let sources = [seen(1), seen(0)];
    let feeds = sources.each_ref().map(|sources| {
        ["left", "right"].map(|port| Feed {
            port,
            sources,
            in_place: false,
        })
    });
    let nodes = feeds.each_ref().map(|feeds| NodeTable {
        name: "mirror",
        module: &MIRROR,
        fields: &[],
        feeds,
    });
    let graph = GraphTable {
        name: "Mirrors",
        kind: ModuleKind::Brain,
        inputs: &[],
        outputs: &[],
        nodes: &nodes,
        effects: &[],
        order: &[0, 1],
        units: ConstValue::Unknown,
    };
    let flow = spark_ir::shape::flow(&graph, &[], None, &[]);
    let known = flow.source(&graph, &seen(0)[0], &[]);
    assert!(known.dims.is_none());
}
