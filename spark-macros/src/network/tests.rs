//! Whatever stands in `network!`, the macro answers with tokens: it never panics.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use proc_macro2::{Group, TokenStream, TokenTree};

use super::expand;

const NETWORK: &str = r#"
    /// Doc.
    #[allow(unused)]
    pub neuron Pool(/** in */ in_spikes: spark::SpikeArray, reward: FloatArray[4, N]) -> (out_spikes: SpikeArray) {
        dt = 1ms;
        units = [8, 2];
        compat = SparkSnn1;
        seed = 7;

        delays   = N2NDelays { max_delay: 8ms };
        synapses = nn::TracedSynapses { tau: 2.0 * (5ms - 1us), kernel: SparseUniformInitializer { scale: -6.0, density: 0.15 } };
        soma     = AdaptiveLeakySoma { threshold: -40mV, cooldown: 1e400ms, rest: -1e400, inner.gain: [1, 2], map: npy!("k.npy"), f: |x| x + 1 };
        hebbian  = HebbianRule;

        in_spikes                     -> delays.in_spikes;
        (delays.out_spikes, self.x()) -> synapses.spikes, hebbian.pre_spikes;
        self.inhibition_mask()        -> soma.inhibition_mask;
        soma.spikes                   -> hebbian.post_spikes, out_spikes;
        synapses.kernel()            <-> hebbian.kernel;
        hebbian.change                -> synapses.kernel();
    }
"#;

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound.max(1)
    }
}

fn tokens() -> TokenStream {
    NETWORK.parse().expect("tokens")
}

/// How many tokens there are, inside groups too.
fn count(tokens: &TokenStream) -> usize {
    let of = |token: TokenTree| match token {
        TokenTree::Group(group) => 1 + count(&group.stream()),
        _ => 1,
    };
    tokens.clone().into_iter().map(of).sum()
}

/// The tokens with the one at `at`, counted as [`count`] does, replaced by what `change` makes of it.
fn changed(
    tokens: TokenStream,
    at: &mut isize,
    change: &mut dyn FnMut(TokenTree) -> Vec<TokenTree>,
) -> TokenStream {
    let one = |token: TokenTree| {
        *at -= 1;
        if *at == -1 {
            return change(token);
        }
        match token {
            TokenTree::Group(group) => {
                vec![Group::new(group.delimiter(), changed(group.stream(), at, change)).into()]
            }
            token => vec![token],
        }
    };
    tokens.into_iter().flat_map(one).collect()
}

#[test]
fn a_network_without_a_token_is_answered() {
    for at in 0..count(&tokens()) {
        let without = changed(tokens(), &mut (at as isize), &mut |_| Vec::new());
        expand(without);
    }
}

#[test]
fn a_network_that_ends_early_is_answered() {
    let all: Vec<TokenTree> = tokens().into_iter().collect();
    for end in 0..all.len() {
        expand(all[..end].iter().cloned().collect());
    }
    let Some(TokenTree::Group(body)) = all.last() else {
        panic!("a body")
    };
    let inner: Vec<TokenTree> = body.stream().into_iter().collect();
    for end in 0..inner.len() {
        let short = Group::new(body.delimiter(), inner[..end].iter().cloned().collect());
        let head = all[..all.len() - 1].iter().cloned();
        expand(head.chain([TokenTree::from(short)]).collect());
    }
}

#[test]
fn a_network_with_tokens_doubled_or_replaced_is_answered() {
    let others: Vec<TokenTree> = "-> <-> => = : . , ; ( ) (a, b) [] {} self x 1ms -2.5 \"text\" #[doc] pub"
        .parse::<TokenStream>()
        .map_or_else(|_| Vec::new(), |tokens| tokens.into_iter().collect());
    for at in 0..count(&tokens()) {
        expand(changed(tokens(), &mut (at as isize), &mut |token| {
            vec![token.clone(), token]
        }));
        for round in 0..3 {
            let other = &others[(at + 7 * round) % others.len()];
            expand(changed(tokens(), &mut (at as isize), &mut |_| {
                vec![other.clone()]
            }));
        }
    }
}

#[test]
fn shuffled_tokens_are_answered() {
    let mut numbers = Numbers(1);
    for _ in 0..200 {
        let mut all: Vec<TokenTree> = tokens().into_iter().collect();
        let Some(TokenTree::Group(body)) = all.pop() else {
            panic!("a body")
        };
        let mut inner: Vec<TokenTree> = body.stream().into_iter().collect();
        for _ in 0..3 {
            let (a, b) = (numbers.below(inner.len()), numbers.below(inner.len()));
            inner.swap(a, b);
        }
        all.push(Group::new(body.delimiter(), inner.into_iter().collect()).into());
        expand(all.clone().into_iter().collect());
        let (a, b) = (numbers.below(all.len()), numbers.below(all.len()));
        all.swap(a, b);
        expand(all.into_iter().collect());
    }
}

#[test]
fn the_network_itself_is_right() {
    let text = expand(tokens()).to_string();
    assert!(text.contains("struct Pool"));
}
