//! Names: registry keys, as the Python package makes them of type names, and what is an identifier in Rust.

/// A registry key from a type's name: `LeakySomaConfig` -> `leaky_soma_config`, `N2NDelays` -> `n2n_delays`,
/// `RDTracedSynapses` -> `rd_traced_synapses`. Keys stay as they are.
///
/// A capital begins a word where a small letter stands before it, or where a small letter follows and a capital stands
/// before it. A digit neither begins nor ends a word.
pub fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (i, &letter) in letters.iter().enumerate() {
        if i > 0 && letter.is_uppercase() && begins_word(letters[i - 1], letters.get(i + 1).copied()) {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

fn begins_word(before: char, after: Option<char>) -> bool {
    let ends_acronym = before.is_uppercase() && after.is_some_and(char::is_lowercase);
    before.is_lowercase() || ends_acronym
}

/// A type's name from a registry key: `alif_mod_neuron` -> `AlifModNeuron`. What is no letter or digit parts words.
pub fn camel_case(key: &str) -> String {
    let words = key
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut name = String::with_capacity(key.len());
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(letters.as_str());
    }
    name
}

/// Words that Rust keeps for itself (edition 2024).
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// Whether a name can be written in Rust as it stands.
pub fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    let begins = letters.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    begins && name != "_" && letters.all(|c| c.is_alphanumeric() || c == '_') && !KEYWORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_python_package() {
        for (name, key) in [
            ("LeakySomaConfig", "leaky_soma_config"),
            ("AdExNeuronConfig", "ad_ex_neuron_config"),
            ("LIFNeuron", "lif_neuron"),
            ("ALIFNeuronConfig", "alif_neuron_config"),
            ("N2NDelays", "n2n_delays"),
            ("NDelays", "n_delays"),
            ("RDTracedSynapses", "rd_traced_synapses"),
            ("RFSTracedSynapses", "rfs_traced_synapses"),
            ("SpikeArray", "spike_array"),
            ("already_snake", "already_snake"),
        ] {
            assert_eq!(snake_case(name), key);
        }
    }

    #[test]
    fn types_are_named_word_by_word() {
        assert_eq!(camel_case("alif_mod_neuron"), "AlifModNeuron");
        assert_eq!(camel_case("my-model 2"), "MyModel2");
    }

    #[test]
    fn keywords_and_other_signs_are_no_identifiers() {
        for name in ["soma", "A_excitatory", "_x", "pool2"] {
            assert!(is_identifier(name), "{name}");
        }
        for name in ["", "_", "2pools", "type", "my soma", "a.b", "self"] {
            assert!(!is_identifier(name), "{name}");
        }
    }
}
