//! Places of problems: the JSON pointer into a file, and the same in the network's own names.

use std::collections::HashSet;

use serde_json::Value;
use spark_ir::diagnostic::Diagnostic;
use spark_ir::format::pointer_to;
use spark_ir::format::unread::{entry, exact, fields_pointer};

/// Gives every problem both its places, and leaves out what is told twice.
pub(super) fn settle(name: &str, json: &Value, problems: &mut Vec<Diagnostic<String>>) {
    for problem in problems.iter_mut() {
        if !problem.span.is_empty() && !problem.span.starts_with('/') {
            problem.place = std::mem::take(&mut problem.span);
            problem.span = pointer_of(name, json, &problem.place);
        } else {
            problem.span = exact(json, &problem.span);
            problem.place = place_of(name, json, &problem.span);
        }
    }
    let (mut told, mut known) = (Vec::new(), HashSet::new());
    let places: Vec<(String, &str)> = problems
        .iter()
        .map(|problem| (problem.place.clone(), problem.code))
        .collect();
    // A field that cannot be read is not missing.
    let is_unread = |problem: &Diagnostic<String>| {
        let mut others = places.iter().filter(|(_, code)| *code != "SPK040");
        problem.code == "SPK040" && others.any(|(place, _)| *place == problem.place)
    };
    for problem in problems.drain(..) {
        let what = (problem.code, problem.span.clone(), problem.message.clone());
        if !is_unread(&problem) && known.insert(what) {
            told.push(problem);
        }
    }
    *problems = told;
}

/// `/__cfg__/modules_specs/1/__data__/config/tau` as `model.soma.tau`.
fn place_of(name: &str, json: &Value, pointer: &str) -> String {
    let mut place = name.to_owned();
    let mut value = Some(json);
    let mut around = "";
    for token in pointer.split('/').skip(1) {
        let plain = token.replace("~1", "/").replace("~0", "~");
        value = value.and_then(|value| entry(value, &plain));
        let said = match (around, token) {
            ("modules_specs", _) => {
                let name = value.and_then(|value| value.pointer("/__data__/name")?.as_str());
                Some(name.map_or_else(|| format!("modules_specs[{token}]"), str::to_owned))
            }
            ("inputs" | "outputs" | "effects", _) => Some(plain),
            (_, "modules_specs" | "inputs" | "outputs" | "effects" | "config" | "name" | "module_cls") => {
                None
            }
            ("config" | "__cfg__", _) if !token.starts_with("__") => Some(plain),
            _ => None,
        };
        if let Some(said) = said {
            place = crate::rt::join(&place, &said);
        }
        around = match token {
            "__data__" | "__cfg__" if around == "config" => "config",
            _ => token,
        };
    }
    place
}

/// `model.soma.tau` as `/__cfg__/modules_specs/1/__data__/config/tau`, or what is around it in the file.
fn pointer_of(name: &str, json: &Value, place: &str) -> String {
    let mut pointer = fields_pointer(json).to_owned();
    let mut rest = match place.strip_prefix(name) {
        Some(rest) => rest.strip_prefix('.').unwrap_or(rest),
        None => place,
    };
    while let Some((module, index, after)) = module_in(json, &pointer, rest) {
        rest = after;
        pointer = format!("{pointer}/modules_specs/{index}/__data__");
        if module.pointer("/config/modules_specs").is_none() {
            break;
        }
        pointer.push_str("/config");
    }
    for token in rest.split('.').filter(|token| !token.is_empty()) {
        let steps = ["", "/config", "/inputs", "/__cfg__", "/config/__cfg__"];
        let found = steps
            .iter()
            .map(|step| pointer_to(&format!("{pointer}{step}"), token))
            .find(|pointer| json.pointer(pointer).is_some());
        match found {
            Some(found) => pointer = found,
            None => break,
        }
    }
    pointer
}

/// The module of the network at `pointer` with whose name `place` begins: itself, its index, what follows.
fn module_in<'j, 'p>(json: &'j Value, pointer: &str, place: &'p str) -> Option<(&'j Value, usize, &'p str)> {
    let modules = json.pointer(&format!("{pointer}/modules_specs"))?.as_array()?;
    modules.iter().enumerate().find_map(|(index, module)| {
        let data = module.get("__data__")?;
        let rest = place.strip_prefix(data.get("name")?.as_str()?)?;
        let is_whole = rest.is_empty() || rest.starts_with('.');
        is_whole.then(|| (data, index, rest.trim_start_matches('.')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn model() -> Value {
        let soma = json!({"__type__": "module_specs", "__data__": {
            "name": "soma", "inputs": {"current": []},
            "config": {"tau": 20.0, "kernel": {"__type__": "x", "__cfg__": {"scale": 1.0}}}}});
        let pool = json!({"__type__": "module_specs", "__data__": {
            "name": "pool", "config": {"modules_specs": [soma], "units": [3]}}});
        json!({"__type__": "brain_config", "__cfg__": {"modules_specs": [pool], "dt": 1.0}})
    }

    const SOMA: &str = "/__cfg__/modules_specs/0/__data__/config/modules_specs/0/__data__";

    #[test]
    fn a_place_has_a_pointer_and_a_pointer_a_place() {
        for (place, pointer) in [
            ("ab.pool.soma.tau", format!("{SOMA}/config/tau")),
            ("ab.pool.soma.current", format!("{SOMA}/inputs/current")),
            (
                "ab.pool.units",
                "/__cfg__/modules_specs/0/__data__/config/units".to_owned(),
            ),
            ("ab.dt", "/__cfg__/dt".to_owned()),
            ("ab", "/__cfg__".to_owned()),
        ] {
            assert_eq!(pointer_of("ab", &model(), place), pointer);
            assert_eq!(place_of("ab", &model(), &pointer), place);
        }
        let scale = format!("{SOMA}/config/kernel/__cfg__/scale");
        assert_eq!(pointer_of("ab", &model(), "ab.pool.soma.kernel.scale"), scale);
    }

    #[test]
    fn what_is_not_in_the_file_is_what_is_around_it() {
        assert_eq!(pointer_of("ab", &model(), "ab.pool.soma.threshold"), SOMA);
        assert_eq!(pointer_of("ab", &model(), "ab.lef"), "/__cfg__");
    }
}
