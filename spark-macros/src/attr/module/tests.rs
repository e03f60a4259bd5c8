//! Expansions of modules, right and wrong.

use quote::quote;

use super::expand;

#[test]
fn a_soma_expands_to_items() {
    let tokens = expand(
        quote!(config = LeakySomaConfig, path = "Somas"),
        quote! {
            /// Leaky integrate-and-fire soma.
            impl LeakySoma {
                fn build(config: &LeakySomaConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {}
                fn step(
                    &mut self,
                    /// What flows in.
                    current: In<CurrentArray>,
                    #[shape(current)] inhibition_mask: Option<In<BooleanMask>>,
                    #[shape(units)] spikes: Out<SpikeArray>,
                ) {}
                #[property]
                #[shape(pairs(units, current))]
                fn kernel(&self) -> &FloatArray {}
                #[property]
                fn kernel_mut(&mut self) -> &mut FloatArray {}
            }
        },
    );
    let text = tokens.to_string();
    assert!(syn::parse2::<syn::File>(tokens).is_ok());
    assert!(!text.contains("compile_error"), "{text}");
    for part in [
        "leaky_soma",
        "\"What flows in.\"",
        "PropertyMut < 0usize >",
        "Field (\"units\")",
        "InputPort < 1usize >",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn all_mistakes_are_told_and_the_block_stays() {
    let text = expand(
        quote!(pth = "Somas"),
        quote! {
            impl Soma {
                fn built(config: &C, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {}
                fn step(&self, current: Inn<CurrentArray>, x: f32, #[shape(spikes)] spikes: Out<SpikeArray>) -> f32 {}
                #[property]
                fn kernel(&self) -> FloatArray {}
                #[property]
                fn weights_mut(&mut self) -> &mut FloatArray {}
                fn reset(&mut self, hard: bool) {}
            }
        },
    )
    .to_string();
    for part in [
        "did you mean `path`",
        "SPK072",
        "SPK073",
        "did you mean `build`",
        "SPK086",
        "did you mean `In`",
        "found: f32",
        "SPK076",
        "SPK074: `step` returns",
        "SPK077",
        "add `#[property] fn weights",
        "fn reset",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn another_item_is_given_back_with_the_reason() {
    let text = expand(
        quote!(config = C),
        quote!(
            struct Soma;
        ),
    )
    .to_string();
    assert!(text.contains("SPK071") && text.contains("struct Soma"));
}
