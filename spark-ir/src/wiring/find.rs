//! The checks themselves: each gives an index, or the message of the mistake.
//!
//! The functions of [`super`] turn such a message into a compile error; the loader and the editor take it as it is.

use crate::message::Message;
use crate::shape::{ConstValue, Dims, Flow, Known, Scope, ShapeRule, flow, rule_dims};
use crate::suggest::{distance, is_near, same};
use crate::table::{
    ConfigTable, FieldTable, GraphTable, ModuleKind, ModuleTable, NodeTable, PayloadTable, PortTable, Source,
};

/// An index, or what is wrong.
pub type Found = Result<usize, Message>;

/// The most inputs of one module that shapes are followed for.
const MAX_INPUTS: usize = 16;

const fn position(ports: &[PortTable], name: &str) -> Option<usize> {
    let mut i = 0;
    while i < ports.len() {
        if same(ports[i].name, name) {
            return Some(i);
        }
        i += 1;
    }
    None
}

const fn field_position(fields: &[FieldTable], name: &str) -> Option<usize> {
    let mut i = 0;
    while i < fields.len() {
        if same(fields[i].name, name) {
            return Some(i);
        }
        i += 1;
    }
    None
}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut i = 0;
    while i < names.len() {
        if same(names[i], name) {
            return true;
        }
        i += 1;
    }
    false
}

const fn comma(message: Message, first: bool) -> Message {
    if first { message } else { message.text(", ") }
}

const fn port_names(mut message: Message, ports: &[PortTable]) -> Message {
    if ports.is_empty() {
        return message.text("none");
    }
    let mut i = 0;
    while i < ports.len() {
        message = comma(message, i == 0).text(ports[i].name);
        i += 1;
    }
    message
}

const fn writable_names(mut message: Message, ports: &[PortTable]) -> Message {
    let mut first = true;
    let mut i = 0;
    while i < ports.len() {
        if ports[i].writable {
            message = comma(message, first).text(ports[i].name);
            first = false;
        }
        i += 1;
    }
    if first { message.text("none") } else { message }
}

const fn field_names(mut message: Message, fields: &[FieldTable]) -> Message {
    if fields.is_empty() {
        return message.text("none");
    }
    let mut i = 0;
    while i < fields.len() {
        message = comma(message, i == 0).text(fields[i].name);
        i += 1;
    }
    message
}

const fn suggestion(message: Message, name: &str) -> Message {
    message.text("\nhelp: did you mean ").quoted(name).text("?")
}

const fn nearest_port(wrong: &str, ports: &[PortTable]) -> Option<usize> {
    let mut best: Option<usize> = None;
    let mut i = 0;
    while i < ports.len() {
        if is_near(wrong, ports[i].name) {
            let better = match best {
                Some(b) => distance(wrong, ports[i].name) < distance(wrong, ports[b].name),
                None => true,
            };
            if better {
                best = Some(i);
            }
        }
        i += 1;
    }
    best
}

const fn did_you_mean_port(message: Message, wrong: &str, ports: &[PortTable]) -> Message {
    match nearest_port(wrong, ports) {
        Some(b) => suggestion(message, ports[b].name),
        None => message,
    }
}

const fn did_you_mean_field(message: Message, wrong: &str, fields: &[FieldTable]) -> Message {
    let mut best: Option<usize> = None;
    let mut i = 0;
    while i < fields.len() {
        if is_near(wrong, fields[i].name) {
            let better = match best {
                Some(b) => distance(wrong, fields[i].name) < distance(wrong, fields[b].name),
                None => true,
            };
            if better {
                best = Some(i);
            }
        }
        i += 1;
    }
    match best {
        Some(b) => suggestion(message, fields[b].name),
        None => message,
    }
}

/// `node: Type`, as messages name a node.
const fn node_of(message: Message, module: &ModuleTable, node: &str) -> Message {
    message
        .text("`")
        .text(node)
        .text(": ")
        .text(module.name)
        .text("`")
}

const fn end(message: Message, node: &str, port: &str) -> Message {
    message.text("`").text(node).text(".").text(port).text("`")
}

const fn code(code: &str) -> Message {
    Message::new().text(code).text(": ")
}

/// The input `port` of a node (SPK020).
pub const fn input(module: &ModuleTable, node: &str, port: &str) -> Found {
    if let Some(i) = position(module.inputs, port) {
        return Ok(i);
    }
    let message = node_of(code("SPK020"), module, node)
        .text(" has no input ")
        .quoted(port);
    let message = port_names(message.text("; it has: "), module.inputs);
    if position(module.outputs, port).is_some() {
        return Err(message
            .text("\nhelp: ")
            .quoted(port)
            .text(" is an output: it stands on the left of `->`"));
    }
    if position(module.properties, port).is_some() {
        let message = message
            .text("\nhelp: ")
            .quoted(port)
            .text(" is a property: write ");
        return Err(message
            .text("`")
            .text(node)
            .text(".")
            .text(port)
            .text("()` to write into it"));
    }
    Err(did_you_mean_port(message, port, module.inputs))
}

/// The output `port` of a node (SPK021).
pub const fn output(module: &ModuleTable, node: &str, port: &str) -> Found {
    if let Some(i) = position(module.outputs, port) {
        return Ok(i);
    }
    let message = node_of(code("SPK021"), module, node)
        .text(" has no output ")
        .quoted(port);
    let message = port_names(message.text("; it has: "), module.outputs);
    if position(module.properties, port).is_some() {
        let message = message.text("\nhelp: write `").text(node).text(".").text(port);
        return Err(message.text("()` to read a property"));
    }
    if position(module.inputs, port).is_some() {
        return Err(message
            .text("\nhelp: ")
            .quoted(port)
            .text(" is an input: it stands on the right of `->`"));
    }
    Err(did_you_mean_port(message, port, module.outputs))
}

/// The property `port` of a node (SPK022).
pub const fn property(module: &ModuleTable, node: &str, port: &str) -> Found {
    if let Some(i) = position(module.properties, port) {
        return Ok(i);
    }
    let message = node_of(code("SPK022"), module, node)
        .text(" has no property ")
        .quoted(port);
    let message = port_names(message.text("; it has: "), module.properties);
    if position(module.outputs, port).is_some() || position(module.inputs, port).is_some() {
        let kind = if position(module.outputs, port).is_some() {
            "an output"
        } else {
            "an input"
        };
        let message = message
            .text("\nhelp: ")
            .quoted(port)
            .text(" is ")
            .text(kind)
            .text(": write ");
        return Err(end(message, node, port).text(" without parentheses"));
    }
    Err(did_you_mean_port(message, port, module.properties))
}

/// The property `port` of a node, which must be one that can be written (SPK022, SPK023).
pub const fn writable_property(module: &ModuleTable, node: &str, port: &str) -> Found {
    let i = match property(module, node, port) {
        Ok(i) => i,
        Err(message) => return Err(message),
    };
    if module.properties[i].writable {
        return Ok(i);
    }
    let message = node_of(code("SPK023"), module, node)
        .text(": property ")
        .quoted(port);
    Err(writable_names(
        message.text(" cannot be written; these can: "),
        module.properties,
    ))
}

/// The input `port` of a node, which must be one that is only read (SPK020, SPK024).
pub const fn shared_input(module: &ModuleTable, node: &str, port: &str) -> Found {
    let i = match input(module, node, port) {
        Ok(i) => i,
        Err(message) => return Err(message),
    };
    if !module.inputs[i].writable {
        return Ok(i);
    }
    Err(end(code("SPK024"), node, port).text(" is read and updated in place: wire it with `<->`"))
}

/// The input `port` of a node, which must be one that is updated in place (SPK020, SPK025).
pub const fn in_place(module: &ModuleTable, node: &str, port: &str) -> Found {
    let i = match input(module, node, port) {
        Ok(i) => i,
        Err(message) => return Err(message),
    };
    if module.inputs[i].writable {
        return Ok(i);
    }
    let message =
        end(code("SPK025"), node, port).text(" is only read, not updated in place: wire it with `->`");
    let message = message
        .text("; ports of ")
        .quoted(node)
        .text(" that are updated in place: ");
    Err(writable_names(message, module.inputs))
}

/// Whether what is given is what is taken (SPK030). Names and origins are compared.
pub const fn payload(given: &PayloadTable, from: &str, taken: &PayloadTable, to: &str) -> Found {
    let same_name = same(given.name, taken.name);
    if same_name && same(given.origin, taken.origin) {
        return Ok(0);
    }
    let message = code("SPK030").quoted(from).text(" carries ");
    if !same_name {
        let message = message
            .text(given.name)
            .text(", but ")
            .quoted(to)
            .text(" takes ")
            .text(taken.name);
        let message = message
            .text("\nhelp: put a node between them that makes ")
            .text(taken.name);
        return Err(message.text(" of ").text(given.name));
    }
    let message = message
        .text(given.origin)
        .text("::")
        .text(given.name)
        .text(", but ")
        .quoted(to);
    let message = message
        .text(" takes ")
        .text(taken.origin)
        .text("::")
        .text(taken.name);
    Err(message.text("\nhelp: the two types share a name, but they are defined in different places"))
}

const fn cannot_concatenate(payload: &PayloadTable, to: &str, sources: usize) -> Message {
    let message = code("SPK031")
        .number(sources)
        .text(" sources are wired to ")
        .quoted(to)
        .text(", but ");
    let message = message
        .text(payload.name)
        .text(" cannot be concatenated: the port takes one source");
    message
        .text("\nhelp: implement `spark::Concat` for the payload, or take the port as `Many<")
        .text(payload.name)
        .text(">`")
}

/// Whether `sources` sources of this payload may go into one port (SPK031).
pub const fn concatenation(payload: &PayloadTable, to: &str, sources: usize) -> Found {
    if sources < 2 || payload.concatenates {
        return Ok(0);
    }
    Err(cannot_concatenate(payload, to, sources))
}

/// Whether `sources` sources may go into this port (SPK031): it takes them one by one, or they concatenate.
/// A port that does not exist passes: that is said elsewhere.
pub const fn fan_in(module: &ModuleTable, node: &str, port: &str, sources: usize) -> Found {
    let Some(i) = position(module.inputs, port) else {
        return Ok(0);
    };
    let table = &module.inputs[i];
    if sources < 2 || table.many || table.payload.concatenates {
        return Ok(0);
    }
    let to = Message::new().text(node).text(".").text(port);
    Err(cannot_concatenate(table.payload, to.as_str(), sources))
}

/// `text` without `tail`, if it ends with it.
const fn without<'a>(text: &'a str, tail: &str) -> Option<&'a str> {
    let Some(len) = text.len().checked_sub(tail.len()) else {
        return None;
    };
    // The place may lie inside of a letter.
    match text.split_at_checked(len) {
        Some((head, rest)) if same(rest, tail) => Some(head),
        _ => None,
    }
}

/// Whether a wire that is wrong, and told to be, was meant for the input `port`: it is written as a property, stands on
/// the wrong side of the arrow, or is misspelt.
const fn meant(module: &ModuleTable, wired: &str, port: &str) -> bool {
    if same(wired, "*") {
        return true;
    }
    if let Some(name) = without(wired, "()") {
        return same(name, port) && position(module.properties, name).is_none();
    }
    if let Some(name) = without(wired, " ->") {
        return same(name, port) && position(module.outputs, name).is_none();
    }
    position(module.inputs, wired).is_none() && is_near(wired, port)
}

/// How many wires lead to inputs that do not exist.
const fn unknown_inputs(module: &ModuleTable, wired: &[&str]) -> usize {
    let mut count = 0;
    let mut i = 0;
    while i < wired.len() {
        let plain = without(wired[i], "()").is_none() && without(wired[i], " ->").is_none();
        if plain && position(module.inputs, wired[i]).is_none() {
            count += 1;
        }
        i += 1;
    }
    count
}

const fn any_meant(module: &ModuleTable, wired: &[&str], port: &str) -> bool {
    let mut i = 0;
    while i < wired.len() {
        if meant(module, wired[i], port) {
            return true;
        }
        i += 1;
    }
    false
}

/// Whether all required inputs are among those wired (SPK026); names all that are not.
///
/// Among `wired`, `name()` is a property that is written, `name ->` an output that is read, and `*` a port without a
/// name: where they are mistakes that are told anyway, the input that was meant is not missed as well.
pub const fn required_inputs(module: &ModuleTable, node: &str, wired: &[&str]) -> Found {
    let mut missing = 0;
    let mut names = Message::new();
    let mut i = 0;
    while i < module.inputs.len() {
        let port = &module.inputs[i];
        if !port.optional && !contains(wired, port.name) && !any_meant(module, wired, port.name) {
            names = comma(names, missing == 0)
                .text("`")
                .text(port.name)
                .text(": ")
                .text(port.payload.name)
                .text("`");
            missing += 1;
        }
        i += 1;
    }
    if missing <= unknown_inputs(module, wired) {
        return Ok(0);
    }
    let message = node_of(code("SPK026"), module, node).text(" needs a wire into ");
    let message = message.text(if missing == 1 { "its input " } else { "its inputs " });
    Err(message.text(names.as_str()))
}

/// A brain cannot be a node (SPK027).
pub const fn not_a_brain(module: &ModuleTable, node: &str) -> Found {
    if !matches!(module.kind, ModuleKind::Brain) {
        return Ok(0);
    }
    let message =
        node_of(code("SPK027"), module, node).text(" is a brain: a brain stands alone and cannot be a node");
    Err(message.text("\nhelp: declare it as a `neuron` to use it here"))
}

/// A node is a module (SPK028).
pub const fn module(is: bool, node: &str, ty: &str, help: &str) -> Found {
    if is {
        return Ok(0);
    }
    let message = code("SPK028")
        .text("`")
        .text(node)
        .text(": ")
        .text(ty)
        .text("` is no module");
    Err(message.text("\nhelp: ").text(help))
}

/// A port carries a payload (SPK032).
pub const fn payload_type(is: bool, port: &str, ty: &str) -> Found {
    if is {
        return Ok(0);
    }
    let message = code("SPK032")
        .text("`")
        .text(port)
        .text(": ")
        .text(ty)
        .text("` cannot travel on a wire");
    Err(message.text(
        "\nhelp: a payload is a struct with `#[register_payload]`, such as `FloatArray` or `SpikeArray`",
    ))
}

/// What is written in braces is a configuration or an initializer (SPK046).
pub const fn config_type(is: bool, place: &str, ty: &str) -> Found {
    if is {
        return Ok(0);
    }
    let message = code("SPK046").quoted(place).text(": ").quoted(ty);
    let message = message.text(" is neither a configuration nor an initializer");
    Err(message
        .text("\nhelp: a plain Rust struct stands in parentheses: `field: (")
        .text(ty)
        .text(" { .. })`"))
}

/// A field has a type that files can hold (SPK078).
pub const fn field_type(is: bool, field: &str, ty: &str) -> Found {
    if is {
        return Ok(0);
    }
    let message = code("SPK078").text("`").text(field).text(": ").text(ty);
    let message = message.text("` is no field of a configuration: files cannot hold it");
    Err(message.text(
        "\nhelp: there are f64, usize, u64, i64, bool, String, the quantities (Ms, Mv, Hz, ..), Units, Dtype, Init<..>, \
         Option<..>, [f64; N], Vec<..> and configurations",
    ))
}

/// What a module names as its configuration is one (SPK072).
pub const fn module_config(is: bool, module: &str, ty: &str) -> Found {
    if is {
        return Ok(0);
    }
    let message = code("SPK072")
        .quoted(module)
        .text(" names ")
        .quoted(ty)
        .text(" as its configuration, which is none");
    Err(message.text("\nhelp: a configuration is a struct with `#[register_config]`"))
}

/// A type implements the trait that its attribute promises (SPK083).
pub const fn promised(is: bool, attribute: &str, ty: &str, form: &str) -> Found {
    if is {
        return Ok(0);
    }
    let message = code("SPK083")
        .text("`")
        .text(attribute)
        .text("` stands on ")
        .quoted(ty);
    let message = message.text(", which does not have what the attribute promises");
    Err(message.text("\nhelp: write `").text(form).text("`"))
}

/// A wire runs from an output to an input (SPK029): told only if both ends are right and the direction is wrong.
pub const fn direction(
    from: &ModuleTable,
    from_node: &str,
    from_port: &str,
    to: &ModuleTable,
    to_node: &str,
    to_port: &str,
) -> Found {
    let from_is_input =
        position(from.inputs, from_port).is_some() && position(from.outputs, from_port).is_none();
    let to_is_output = position(to.outputs, to_port).is_some() && position(to.inputs, to_port).is_none();
    if !(from_is_input && to_is_output) {
        return Ok(0);
    }
    let message = end(code("SPK029"), from_node, from_port).text(" is an input and ");
    let message = end(message, to_node, to_port).text(" an output: the wire runs the wrong way");
    let message = message
        .text("\nhelp: write `")
        .text(to_node)
        .text(".")
        .text(to_port)
        .text(" -> ");
    Err(message.text(from_node).text(".").text(from_port).text("`"))
}

/// Whether `given` names the field, or one inside it.
const fn is_given(given: &[&str], field: &str) -> bool {
    let mut i = 0;
    while i < given.len() {
        let (head, _) = split_dot(given[i]);
        if same(head, field) {
            return true;
        }
        i += 1;
    }
    false
}

/// `soma.threshold` as `soma` and `threshold`.
const fn split_dot(path: &str) -> (&str, Option<&str>) {
    let bytes = path.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] == b'.' {
            let (head, rest) = path.split_at(i);
            return (head, Some(rest.split_at(1).1));
        }
        i += 1;
    }
    (path, None)
}

const fn described(message: Message, field: &FieldTable) -> Message {
    let message = message.text("\n  ").text(field.name).text(": ").text(field.ty);
    let message = if field.unit.is_empty() {
        message
    } else {
        message.text(" (").text(field.unit).text(")")
    };
    if field.doc.is_empty() {
        message
    } else {
        message.text(" - ").text(first_line(field.doc))
    }
}

const fn first_line(text: &str) -> &str {
    let text = text.trim_ascii_start();
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() && bytes[i] != b'\n' {
        i += 1;
    }
    text.split_at(i).0
}

/// Whether all required fields are given (SPK040); names all that are not, with unit and documentation.
pub const fn required_fields(
    config: &ConfigTable,
    node: &str,
    given: &[&str],
    units_inherited: bool,
) -> Found {
    let mut missing = 0;
    let mut list = Message::new();
    let mut i = 0;
    while i < config.fields.len() {
        let field = &config.fields[i];
        let inherited = units_inherited && same(field.name, "units");
        if field.required && !inherited && !is_given(given, field.name) {
            list = described(list, field);
            missing += 1;
        }
        i += 1;
    }
    if missing == 0 {
        return Ok(0);
    }
    let message = code("SPK040").quoted(node).text(" needs a value for");
    let message = message.text(if missing == 1 {
        " this field of "
    } else {
        " these fields of "
    });
    Err(message.text(config.name).text(":").text(list.as_str()))
}

/// The field of a configuration (SPK041).
pub const fn field(config: &ConfigTable, node: &str, name: &str) -> Found {
    if let Some(i) = field_position(config.fields, name) {
        return Ok(i);
    }
    let message = code("SPK041")
        .quoted(node)
        .text(": ")
        .text(config.name)
        .text(" has no field ")
        .quoted(name);
    let message = field_names(message.text("; it has: "), config.fields);
    Err(did_you_mean_field(message, name, config.fields))
}

const fn nested_names(mut message: Message, fields: &[FieldTable]) -> Message {
    let mut first = true;
    let mut i = 0;
    while i < fields.len() {
        if fields[i].nested.is_some() {
            message = comma(message, first).text(fields[i].name);
            first = false;
        }
        i += 1;
    }
    if first { message.text("none") } else { message }
}

/// The field of a configuration that must hold a nested configuration (SPK042).
pub const fn nested_config(config: &ConfigTable, node: &str, name: &str) -> Found {
    let position = field_position(config.fields, name);
    if let Some(i) = position
        && config.fields[i].nested.is_some()
    {
        return Ok(i);
    }
    let message = code("SPK042").quoted(node).text(": ").text(config.name);
    let message = match position {
        Some(i) => {
            let message = message
                .text(" has the field ")
                .quoted(name)
                .text(" of type ")
                .quoted(config.fields[i].ty);
            message.text(", which has no fields of its own")
        }
        None => message.text(" has no field ").quoted(name),
    };
    let message = nested_names(message.text("; fields with fields of their own: "), config.fields);
    match position {
        Some(_) => Err(message),
        None => Err(did_you_mean_field(message, name, config.fields)),
    }
}

/// A field by its dotted name, in nested configurations too.
const fn field_by_path<'a>(config: &'a ConfigTable, path: &str) -> Option<&'a FieldTable> {
    let mut config = config;
    let mut path = path;
    loop {
        let (head, rest) = split_dot(path);
        let field = match field_position(config.fields, head) {
            Some(i) => &config.fields[i],
            None => return None,
        };
        match (rest, field.nested) {
            (None, _) => return Some(field),
            (Some(rest), Some(nested)) => {
                config = nested;
                path = rest;
            }
            (Some(_), None) => return None,
        }
    }
}

/// Whether a number lies in the ranges that the field's validators state (SPK043). An unknown value or field passes.
pub const fn in_range(config: &ConfigTable, node: &str, name: &str, value: ConstValue) -> Found {
    let (Some(field), ConstValue::Number(number)) = (field_by_path(config, name), value) else {
        return Ok(0);
    };
    let mut i = 0;
    while i < field.validators.len() {
        if let Some(range) = &field.validators[i].range
            && !range.contains(number)
        {
            let message = end(code("SPK043"), node, name).text(" must be ").text(range.text);
            let message = if field.unit.is_empty() {
                message
            } else {
                message.text(" of ").text(field.unit)
            };
            return Err(message.text(", found ").float(number));
        }
        i += 1;
    }
    Ok(0)
}

/// The shapes of a graph's inputs as far as they are declared.
const fn declared_inputs(graph: &GraphTable<'_>) -> ([Known; MAX_INPUTS], usize) {
    let mut known = [Known::NOTHING; MAX_INPUTS];
    let count = if graph.inputs.len() < MAX_INPUTS {
        graph.inputs.len()
    } else {
        MAX_INPUTS
    };
    let mut i = 0;
    while i < count {
        known[i] = Known::plain(graph.inputs[i].shape);
        i += 1;
    }
    (known, count)
}

/// Follows the shapes of a graph from its declared inputs.
pub const fn shapes_of(graph: &GraphTable<'_>) -> Flow {
    let (known, count) = declared_inputs(graph);
    flow(
        graph,
        known.split_at(count).0,
        Known::plain(graph.units).dims,
        &[],
    )
}

const fn source_name(message: Message, graph: &GraphTable<'_>, source: &Source<'_>) -> Message {
    match source {
        Source::Input(i) if *i < graph.inputs.len() => message.text(graph.inputs[*i].name),
        Source::Input(_) => message.text("?"),
        Source::Output { node, port } if *node < graph.nodes.len() => {
            message.text(graph.nodes[*node].name).text(".").text(port)
        }
        Source::Property { node, port } if *node < graph.nodes.len() => message
            .text(graph.nodes[*node].name)
            .text(".")
            .text(port)
            .text("()"),
        Source::Output { port, .. } | Source::Property { port, .. } => message.text("?.").text(port),
        Source::Controller { port } => message.text("self.").text(port).text("()"),
    }
}

/// "`a.x` gives [64] but", or "`a.x` + `b.y` give 64 + 16 = 80 but".
const fn what_arrives(
    mut message: Message,
    graph: &GraphTable<'_>,
    flow: &Flow,
    sources: &[Source<'_>],
    total: &Dims,
) -> Message {
    let mut i = 0;
    while i < sources.len() {
        message = if i == 0 { message } else { message.text(" + ") };
        message = source_name(message.text("`"), graph, &sources[i]).text("`");
        i += 1;
    }
    if sources.len() == 1 {
        return message.text(" gives ").dims(total.as_slice());
    }
    message = message.text(" give ");
    let (known, count) = declared_inputs(graph);
    let mut i = 0;
    while i < sources.len() {
        message = if i == 0 { message } else { message.text(" + ") };
        message = match flow.source(graph, &sources[i], known.split_at(count).0).dims {
            Some(dims) => message.number(dims.count()),
            None => message.text("?"),
        };
        i += 1;
    }
    message.text(" = ").number(total.count())
}

const fn feed_shape(graph: &GraphTable<'_>, flow: &Flow, node: &NodeTable<'_>, feed: usize) -> Found {
    let feed = &node.feeds[feed];
    let Some(port) = position(node.module.inputs, feed.port) else {
        return Ok(0);
    };
    let table = &node.module.inputs[port];
    if table.many || !matches!(table.shape, ShapeRule::Terms(_)) {
        return Ok(0);
    }
    let (known, count) = declared_inputs(graph);
    let (arriving, arriving_count) = flow.arriving(graph, node, known.split_at(count).0);
    if port >= arriving_count {
        return Ok(0);
    }
    let scope = Scope {
        fields: node.fields,
        units: flow.units,
        overrides: &[],
        node: node.name,
    };
    let taken = rule_dims(
        &table.shape,
        node.module,
        &scope,
        arriving.split_at(arriving_count).0,
    );
    let (Some(taken), Some(given)) = (taken, arriving[port].dims) else {
        return Ok(0);
    };
    if given.same(&taken) {
        return Ok(0);
    }
    let message = what_arrives(code("SPK050"), graph, flow, feed.sources, &given);
    Err(end(message.text(" but "), node.name, feed.port)
        .text(" takes ")
        .dims(taken.as_slice()))
}

/// Whether what arrives at input `feed` (its place among the feeds of the node) has the shape that the port takes
/// (SPK050). What is not known passes.
pub const fn feed_shape_in(graph: &GraphTable<'_>, flow: &Flow, node: usize, feed: usize) -> Found {
    if node >= graph.nodes.len() || feed >= graph.nodes[node].feeds.len() {
        return Ok(0);
    }
    feed_shape(graph, flow, &graph.nodes[node], feed)
}

/// Whether what arrives at the inputs of a node has the shapes that the inputs take (SPK050).
pub const fn shapes_in(graph: &GraphTable<'_>, flow: &Flow, node: usize) -> Found {
    if node >= graph.nodes.len() {
        return Ok(0);
    }
    let mut i = 0;
    while i < graph.nodes[node].feeds.len() {
        if let Err(message) = feed_shape(graph, flow, &graph.nodes[node], i) {
            return Err(message);
        }
        i += 1;
    }
    Ok(0)
}

/// Whether an output of the graph has the shape that is declared for it (SPK051).
pub const fn output_shape_in(graph: &GraphTable<'_>, flow: &Flow, output: usize) -> Found {
    if output >= graph.outputs.len() {
        return Ok(0);
    }
    let table = &graph.outputs[output];
    let (known, count) = declared_inputs(graph);
    let given = flow.source(graph, &table.source, known.split_at(count).0).dims;
    let (Some(given), Some(declared)) = (given, Known::plain(table.shape).dims) else {
        return Ok(0);
    };
    if given.same(&declared) {
        return Ok(0);
    }
    let message = source_name(code("SPK051").text("`"), graph, &table.source).text("` gives ");
    let message = message
        .dims(given.as_slice())
        .text(" but the output ")
        .quoted(table.name);
    Err(message.text(" is declared as ").dims(declared.as_slice()))
}
