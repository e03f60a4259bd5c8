//! Registry names: snake case as the Python package writes it.

/// `LeakySomaConfig` -> `leaky_soma_config`, `N2NDelays` -> `n2n_delays`, `RDTracedSynapses` -> `rd_traced_synapses`.
///
/// A capital begins a word where a small letter stands before it, or where a small letter follows and a letter
/// stands before it. A digit neither begins nor ends a word.
pub(crate) fn snake(name: &str) -> String {
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

/// The name as an identifier again, raw if it is a keyword.
pub(crate) fn ident(name: &proc_macro2::Ident) -> proc_macro2::Ident {
    let text = name.to_string();
    match syn::parse_str::<proc_macro2::Ident>(&text) {
        Ok(_) => name.clone(),
        Err(_) => proc_macro2::Ident::new_raw(&text, name.span()),
    }
}

fn begins_word(before: char, after: Option<char>) -> bool {
    let ends_acronym = before.is_uppercase() && after.is_some_and(char::is_lowercase);
    before.is_lowercase() || ends_acronym
}

#[cfg(test)]
mod tests {
    use super::snake;

    #[test]
    fn names_are_those_of_the_python_package() {
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
            assert_eq!(snake(name), key);
        }
    }
}
