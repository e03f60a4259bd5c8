//! Tokens to [`Network`]s. The parser is tolerant: it reads statement by statement, answers likely slips in words,
//! and goes on after a mistake, so that one run shows all of them.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, Path, Token, Visibility, token};

use super::ast::{End, Field, Kind, Network, Node, Port, Problem, Setting, Value, Wire};

/// Header fields, in the order of the documentation.
pub(crate) const HEADER: &[&str] = &["dt", "seed", "units", "inhibitory_rate", "compat"];

/// Reads all networks of one invocation.
pub(crate) fn networks(tokens: TokenStream, problems: &mut Vec<Problem>) -> Vec<Network> {
    let mut found = Vec::new();
    if tokens.is_empty() {
        problems.push(
            Problem::new("SPK060", Span::call_site(), "`network!` is empty").help(
                "write `pub neuron Name(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) { .. }` or `pub brain ..`",
            ),
        );
        return found;
    }
    let result = Parser::parse2(
        |input: ParseStream<'_>| {
            while !input.is_empty() {
                match network(input, problems) {
                    Ok(network) => found.push(network),
                    Err(error) => {
                        problems.push(from_syn("SPK060", &error));
                        // Nothing says where the next network begins.
                        let _: TokenStream = input.parse()?;
                    }
                }
            }
            Ok(())
        },
        tokens,
    );
    if let Err(error) = result {
        problems.push(from_syn("SPK060", &error));
    }
    found
}

fn from_syn(code: &'static str, error: &syn::Error) -> Problem {
    Problem::new(code, error.span(), error.to_string())
}

fn network(input: ParseStream<'_>, problems: &mut Vec<Problem>) -> syn::Result<Network> {
    let attrs = input.call(Attribute::parse_outer)?;
    let vis: Visibility = input.parse()?;
    let kind = kind(input)?;
    let name: Ident = input
        .parse()
        .map_err(|e| syn::Error::new(e.span(), format!("expected the name of the {} here", kind.word())))?;
    let mut unread = Vec::new();
    let inputs = ports(input, "inputs", &mut unread, problems)?;
    if input.peek(Token![=>]) {
        let arrow: Token![=>] = input.parse()?;
        problems.push(
            Problem::new("SPK062", arrow.spans[0], "`=>` does not lead to the outputs")
                .to(arrow.spans[1])
                .help("write `->`"),
        );
    } else if input.peek(Token![->]) {
        input.parse::<Token![->]>()?;
    } else {
        return Err(syn::Error::new(
            input.span(),
            "expected `->` and the outputs, as in `-> (out_spikes: SpikeArray)`",
        ));
    }
    let outputs = ports(input, "outputs", &mut unread, problems)?;
    if !input.peek(token::Brace) {
        return Err(syn::Error::new(
            input.span(),
            format!("expected the body of `{name}` in braces"),
        ));
    }
    let body: Group = input.parse()?;
    let mut network = Network {
        attrs,
        vis,
        kind,
        name,
        inputs,
        outputs,
        header: vec![],
        nodes: vec![],
        wires: vec![],
        unread,
        aliases: TokenStream::new(),
    };
    for statement in statements(&body, problems) {
        statement_into(&mut network, statement, problems);
    }
    Ok(network)
}

fn kind(input: ParseStream<'_>) -> syn::Result<Kind> {
    let word: Ident = input.parse().map_err(|e| {
        syn::Error::new(e.span(), "expected `neuron` or `brain`\nhelp: `pub brain Name(signal: FloatArray[4]) -> (action: FloatArray[2]) { .. }`")
    })?;
    match word.to_string().as_str() {
        "neuron" => Ok(Kind::Neuron),
        "brain" => Ok(Kind::Brain),
        other => {
            let near = spark_ir::suggest::nearest(other, ["neuron", "brain"]);
            let help = near.map_or_else(String::new, |n| format!("\nhelp: did you mean `{n}`?"));
            Err(syn::Error::new(
                word.span(),
                format!("expected `neuron` or `brain`, found `{other}`{help}"),
            ))
        }
    }
}

/// Inputs or outputs in parentheses.
pub(crate) fn ports(
    input: ParseStream<'_>,
    what: &str,
    unread: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) -> syn::Result<Vec<Port>> {
    if !input.peek(token::Paren) {
        return Err(syn::Error::new(
            input.span(),
            format!("expected the {what} in parentheses"),
        ));
    }
    let group: Group = input.parse()?;
    let mut found = Vec::new();
    for chunk in split_commas(group.stream()) {
        let at = span_of(&chunk, group.span());
        match read_at(port, chunk.clone(), at) {
            Ok(port) => found.push(port),
            Err(error) => {
                names_in(chunk, unread);
                problems.push(
                    Problem::new("SPK063", error.span(), error.to_string())
                        .help("a port reads `name: Payload` or `name: Payload[4]`"),
                );
            }
        }
    }
    Ok(found)
}

fn port(input: ParseStream<'_>) -> syn::Result<Port> {
    let attrs = input.call(Attribute::parse_outer)?;
    let name: Ident = input.parse()?;
    if !input.peek(Token![:]) {
        return Err(syn::Error::new(
            name.span(),
            format!("`{name}` has no payload type"),
        ));
    }
    input.parse::<Token![:]>()?;
    let payload: Path = input.call(Path::parse_mod_style)?;
    let shape = if input.peek(token::Bracket) {
        let content;
        syn::bracketed!(content in input);
        let sizes = content.parse_terminated(syn::Expr::parse, Token![,])?;
        Some(sizes.into_iter().collect())
    } else {
        None
    };
    if !input.is_empty() {
        return Err(syn::Error::new(
            input.span(),
            format!("expected `,` after port `{name}`"),
        ));
    }
    Ok(Port {
        attrs,
        name,
        written: payload.clone(),
        payload,
        shape,
    })
}

/// Parses `tokens` as if they stood in a group at `at`: an error about their end then points there, not at the whole
/// macro.
fn read_at<T>(
    parser: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
    tokens: TokenStream,
    at: Span,
) -> syn::Result<T> {
    let mut group = Group::new(Delimiter::Parenthesis, tokens);
    group.set_span(at);
    let parser = |input: ParseStream<'_>| {
        let content;
        syn::parenthesized!(content in input);
        let read = parser(&content)?;
        if content.is_empty() {
            Ok(read)
        } else {
            Err(content.error("unexpected token"))
        }
    };
    parser.parse2(TokenTree::from(group).into())
}

/// The names in tokens, inside groups too.
fn names_in(tokens: TokenStream, names: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => names.push(ident.to_string()),
            TokenTree::Group(group) => names_in(group.stream(), names),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The statements of a body: token lists that ended with `;`.
fn statements(body: &Group, problems: &mut Vec<Problem>) -> Vec<Vec<TokenTree>> {
    let mut all = Vec::new();
    let mut current: Vec<TokenTree> = Vec::new();
    for token in body.stream() {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ';' => {
                if !current.is_empty() {
                    all.push(std::mem::take(&mut current));
                }
            }
            _ => current.push(token),
        }
    }
    if let Some(last) = current.last() {
        problems.push(
            Problem::new("SPK061", last.span(), "a statement ends with `;`").help("add `;` after this token"),
        );
        all.push(current);
    }
    all.into_iter()
        .flat_map(|statement| split_missing_semicolon(statement, problems))
        .collect()
}

/// `a = X { .. } b = Y { .. }`, `a.x -> b.y c.z -> d.w`: two statements that lack a `;` between them.
fn split_missing_semicolon(tokens: Vec<TokenTree>, problems: &mut Vec<Problem>) -> Vec<Vec<TokenTree>> {
    let Some(cut) = missing_semicolon(&tokens) else {
        return vec![tokens];
    };
    let mut first = tokens;
    let rest = first.split_off(cut);
    if let Some(last) = first.last() {
        problems.push(
            Problem::new(
                "SPK061",
                last.span(),
                "the statement that ends here lacks its `;`",
            )
            .help("add `;` after this token"),
        );
    }
    let mut all = vec![first];
    all.extend(split_missing_semicolon(rest, problems));
    all
}

/// The index at which a second statement begins: a name that follows a complete operand and is itself followed by
/// `=`, `.name ->` and the like.
fn missing_semicolon(tokens: &[TokenTree]) -> Option<usize> {
    (1..tokens.len()).find(|&i| {
        let starts = matches!(&tokens[i], TokenTree::Ident(_))
            || begins_fan_in(tokens, i)
            || matches!(&tokens[i], TokenTree::Punct(p) if p.as_char() == '#');
        let after_operand = match &tokens[i - 1] {
            TokenTree::Group(group) => group.delimiter() != Delimiter::Bracket || i > 1,
            TokenTree::Ident(_) | TokenTree::Literal(_) => true,
            TokenTree::Punct(_) => false,
        };
        let after_attribute = i >= 2 && is_punct(&tokens[i - 2], '#');
        starts
            && after_operand
            && !after_attribute
            && !is_word_operator(&tokens[i])
            && is_statement(&tokens[..i])
    })
}

/// Whether tokens have what makes a statement: an arrow, or a name and `=`.
fn is_statement(tokens: &[TokenTree]) -> bool {
    find_arrow(tokens).is_some()
        || tokens
            .get(1)
            .is_some_and(|token| is_punct(token, '=') || is_punct(token, ':'))
}

/// Whether `(a.x, b.y) ->` begins at `i`, after the end of another wire.
fn begins_fan_in(tokens: &[TokenTree], i: usize) -> bool {
    let several = |group: &Group| group.stream().into_iter().any(|token| is_punct(&token, ','));
    matches!(&tokens[i], TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis && several(group))
        && find_arrow(&tokens[..i]).is_some()
        && matches!(find_arrow(&tokens[i..]), Some((1, _)))
}

fn is_word_operator(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == "as")
        || matches!(token, TokenTree::Ident(ident) if ident == "else")
}

fn is_punct(token: &TokenTree, c: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == c)
}

fn statement_into(network: &mut Network, tokens: Vec<TokenTree>, problems: &mut Vec<Problem>) {
    let Some(first) = tokens.first().map(TokenTree::span) else {
        return;
    };
    if let Some((at, arrow)) = find_arrow(&tokens) {
        match wire(&tokens, at, arrow, problems) {
            Ok(wire) => network.wires.push(wire),
            Err(problem) => {
                problems.push(problem);
                names_in(tokens.into_iter().collect(), &mut network.unread);
            }
        }
        return;
    }
    let stream: TokenStream = tokens.into_iter().collect();
    match read_at(|input| assignment(input, problems), stream.clone(), first) {
        Ok(Assignment::Header(setting)) => network.header.push(setting),
        Ok(Assignment::Node(node)) => network.nodes.push(node),
        Err(error) => {
            names_in(stream, &mut network.unread);
            problems.push(Problem::new("SPK064", error.span(), error.to_string()).help(
                "a statement is a node `soma = LeakySoma { .. };`, a wire `a.spikes -> b.in_spikes;`, or a header field `dt = 1ms;`",
            ));
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Arrow {
    /// `->`
    Wire,
    /// `<->`
    InPlace,
    /// `=>` or `<=>`: a slip.
    Fat,
    /// `<-`: the wrong way round.
    Back,
}

/// The first arrow of a statement, outside all groups: its index and its kind.
fn find_arrow(tokens: &[TokenTree]) -> Option<(usize, Arrow)> {
    let at = |i: usize, c: char| tokens.get(i).is_some_and(|t| is_punct(t, c));
    for i in 0..tokens.len() {
        if at(i, '<') && at(i + 1, '-') && at(i + 2, '>') {
            return Some((i, Arrow::InPlace));
        }
        if at(i, '<') && at(i + 1, '=') && at(i + 2, '>') {
            return Some((i, Arrow::Fat));
        }
        if at(i, '-') && at(i + 1, '>') {
            return Some((i, Arrow::Wire));
        }
        if at(i, '=') && at(i + 1, '>') {
            return Some((i, Arrow::Fat));
        }
        if at(i, '<') && at(i + 1, '-') {
            return Some((i, Arrow::Back));
        }
    }
    None
}

fn wire(tokens: &[TokenTree], at: usize, arrow: Arrow, problems: &mut Vec<Problem>) -> Result<Wire, Problem> {
    let triple = matches!(arrow, Arrow::InPlace) || is_punct(&tokens[at], '<') && arrow == Arrow::Fat;
    let width = if triple { 3 } else { 2 };
    let span = tokens[at].span();
    let last = tokens.get(at + width - 1).map_or(span, TokenTree::span);
    match arrow {
        Arrow::Fat => problems.push(
            Problem::new("SPK062", span, "this is not a wire")
                .to(last)
                .help("write `->` for a wire, or `<->` for a port that updates a property in place"),
        ),
        Arrow::Back => problems.push(
            Problem::new("SPK062", span, "wires run from left to right")
                .to(last)
                .help("write `source -> sink`; for a port that updates a property in place, `property() <-> port`"),
        ),
        Arrow::Wire | Arrow::InPlace => {}
    }
    let (mut left, mut right) = (tokens[..at].to_vec(), tokens[at + width..].to_vec());
    if arrow == Arrow::Back {
        std::mem::swap(&mut left, &mut right);
    }
    if let Some((second, kind)) = find_arrow(&right) {
        let width = if kind == Arrow::InPlace { 3 } else { 2 };
        let last = right.get(second + width - 1).map_or(span, TokenTree::span);
        return Err(
            Problem::new("SPK065", right[second].span(), "a second arrow in one wire")
                .to(last)
                .help("end the wire with `;` and begin another one"),
        );
    }
    if left.is_empty() || right.is_empty() {
        let what = if left.is_empty() { "source" } else { "sink" };
        return Err(Problem::new("SPK066", span, format!("this wire has no {what}"))
            .to(last)
            .help("write `node.port -> node.port;`"));
    }
    let sources = sources(left, problems)?;
    let sinks = sinks(right, problems)?;
    Ok(Wire {
        sources,
        sinks,
        in_place: triple,
        arrow: (span, last),
    })
}

fn sources(tokens: Vec<TokenTree>, problems: &mut Vec<Problem>) -> Result<Vec<End>, Problem> {
    if let [TokenTree::Group(group)] = tokens.as_slice() {
        if group.delimiter() == Delimiter::Brace || group.delimiter() == Delimiter::Bracket {
            problems.push(
                Problem::new(
                    "SPK067",
                    group.span_open(),
                    "several sources stand in parentheses",
                )
                .help("write `(a.spikes, b.spikes) -> c.in_spikes;`"),
            );
        }
        if group.stream().is_empty() {
            return Err(Problem::new("SPK066", group.span(), "this wire has no source")
                .help("write `node.port -> node.port;`"));
        }
        return split_commas(group.stream()).into_iter().map(end).collect();
    }
    let last = tokens.last().map_or_else(Span::call_site, TokenTree::span);
    let parts = split_commas(tokens.into_iter().collect());
    if parts.len() > 1 {
        let span = parts
            .first()
            .map_or_else(Span::call_site, |p| span_of(p, Span::call_site()));
        problems.push(
            Problem::new("SPK067", span, "several sources stand in parentheses")
                .to(last)
                .help("write `(a.spikes, b.spikes) -> c.in_spikes;`: they are concatenated in this order"),
        );
    }
    parts.into_iter().map(end).collect()
}

fn sinks(tokens: Vec<TokenTree>, problems: &mut Vec<Problem>) -> Result<Vec<End>, Problem> {
    if let [TokenTree::Group(group)] = tokens.as_slice() {
        problems.push(
            Problem::new(
                "SPK067",
                group.span_open(),
                "several sinks stand without parentheses",
            )
            .help("write `a.spikes -> b.in_spikes, c.in_spikes;`"),
        );
        return split_commas(group.stream()).into_iter().map(end).collect();
    }
    split_commas(tokens.into_iter().collect())
        .into_iter()
        .map(end)
        .collect()
}

/// `name`, `node.port`, `node.property()`, `self.property()`.
fn end(tokens: TokenStream) -> Result<End, Problem> {
    let whole = span_of(&tokens, Span::call_site());
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let wrong = |span: Span| {
        Problem::new("SPK068", span, "this is not an end of a wire").help(
            "an end is `name` (an input or output of the network), `node.port`, `node.property()` or `self.property()`",
        )
    };
    let (names, property) = match tokens.as_slice() {
        [names @ .., TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            if !group.stream().is_empty() {
                return Err(wrong(group.span()).help("a property takes no arguments: `node.property()`"));
            }
            (names, true)
        }
        names => (names, false),
    };
    match names {
        [TokenTree::Ident(port)] if port != "self" => Ok(End {
            node: None,
            port: port.clone(),
            property,
        }),
        [TokenTree::Ident(node), dot, TokenTree::Ident(port)] if is_punct(dot, '.') => Ok(End {
            node: Some(node.clone()),
            port: port.clone(),
            property,
        }),
        [TokenTree::Ident(_), dot] if is_punct(dot, '.') => Err(Problem::new(
            "SPK068",
            dot.span(),
            "the name of a port is missing after `.`",
        )),
        [TokenTree::Ident(node), colon, second, TokenTree::Ident(port)]
            if is_punct(colon, ':') && is_punct(second, ':') =>
        {
            Err(wrong(whole).help(format!("write `{node}.{port}`")))
        }
        [TokenTree::Ident(_), dot, TokenTree::Ident(_), rest @ ..] if is_punct(dot, '.') => {
            let span = rest.first().map_or(whole, TokenTree::span);
            Err(wrong(span)
                .help("a wire ends at a port of a node: nodes inside a neuron are not reached from outside"))
        }
        _ => Err(wrong(tokens.first().map_or(whole, TokenTree::span))),
    }
}

enum Assignment {
    Header(Setting),
    Node(Node),
}

fn assignment(input: ParseStream<'_>, problems: &mut Vec<Problem>) -> syn::Result<Assignment> {
    let attrs = input.call(Attribute::parse_outer)?;
    let name: Ident = input
        .parse()
        .map_err(|e| syn::Error::new(e.span(), "expected the name of a node or of a header field"))?;
    if input.peek(Token![:]) {
        let colon: Token![:] = input.parse()?;
        problems.push(
            Problem::new("SPK064", colon.span(), "a statement assigns with `=`")
                .help(format!("write `{name} = ..;`")),
        );
    } else if input.is_empty() {
        return Err(syn::Error::new(
            name.span(),
            format!("`{name}` alone says nothing: expected `=` or `->`"),
        ));
    } else {
        input
            .parse::<Token![=]>()
            .map_err(|e| syn::Error::new(e.span(), format!("expected `=` or `->` after `{name}`")))?;
    }
    let after = input.span();
    let rest: TokenStream = input.parse()?;
    let is_header = HEADER.iter().any(|h| name == h);
    if !is_header && looks_like_header(&rest) {
        problems.push(unknown_header(&name));
        return Err(silent());
    }
    if rest.is_empty() {
        let what = if is_header { "a value" } else { "a module" };
        return Err(syn::Error::new(after, format!("`{name}` lacks {what}")));
    }
    let at = span_of(&rest, name.span());
    let value = read_at(|input| value(input, problems), rest, at)?;
    if is_header {
        return Ok(Assignment::Header(Setting { name, value }));
    }
    match value {
        Value::Config { path, fields } => Ok(Assignment::Node(Node {
            attrs,
            name,
            written: path.clone(),
            module: path,
            fields,
        })),
        Value::Expr { expr, first, .. } => match *expr {
            syn::Expr::Path(path) => Ok(Assignment::Node(Node {
                attrs,
                name,
                written: path.path.clone(),
                module: path.path,
                fields: vec![],
            })),
            _ => Err(syn::Error::new(
                first,
                format!("node `{name}` needs a module type, as in `{name} = LeakySoma {{ .. }}`"),
            )),
        },
    }
}

/// An error whose text has been reported already.
fn silent() -> syn::Error {
    syn::Error::new(Span::call_site(), SILENT)
}

/// Marks an error that must not be reported again.
pub(crate) const SILENT: &str = "(reported)";

/// Whether what is assigned is a number: then the name was meant as a header field.
fn looks_like_header(value: &TokenStream) -> bool {
    match value.clone().into_iter().next() {
        Some(TokenTree::Literal(_)) => true,
        Some(TokenTree::Punct(punct)) => punct.as_char() == '-',
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Bracket,
        _ => false,
    }
}

fn unknown_header(name: &Ident) -> Problem {
    let text = name.to_string();
    let problem = Problem::new(
        "SPK069",
        name.span(),
        format!("`{text}` is no header field; there are: {}", HEADER.join(", ")),
    );
    match spark_ir::suggest::nearest(&text, HEADER.iter().copied()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("a node is given by its type: `soma = LeakySoma { .. };`"),
    }
}

/// `Path { .. }` or an expression.
fn value(input: ParseStream<'_>, problems: &mut Vec<Problem>) -> syn::Result<Value> {
    let fork = input.fork();
    if let Ok(path) = fork.call(Path::parse_mod_style)
        && fork.peek(token::Brace)
    {
        input.call(Path::parse_mod_style)?;
        let group: Group = input.parse()?;
        if !input.is_empty() {
            return Err(syn::Error::new(input.span(), "expected `,` or `;` here"));
        }
        return Ok(Value::Config {
            path,
            fields: fields(&group, problems),
        });
    }
    let rest: TokenStream = input.fork().parse()?;
    let last = rest.into_iter().last().map_or_else(|| input.span(), |t| t.span());
    let first = input.span();
    if input.is_empty() {
        return Err(syn::Error::new(first, "a value is missing here"));
    }
    let expr: syn::Expr = input.parse()?;
    if !input.is_empty() {
        return Err(syn::Error::new(input.span(), "expected `,` or `;` before this"));
    }
    Ok(Value::Expr {
        expr: Box::new(expr),
        first,
        last,
    })
}

/// The fields of a config literal; a mistake in one does not hide the others.
fn fields(group: &Group, problems: &mut Vec<Problem>) -> Vec<Field> {
    let mut found: Vec<Field> = Vec::new();
    for chunk in split_commas(group.stream()) {
        let at = span_of(&chunk, group.span());
        match read_at(|input| field(input, problems), chunk.clone(), at) {
            Ok(field) => {
                if found.iter().any(|before| before.dotted() == field.dotted()) {
                    problems.push(
                        Problem::new("SPK044", at, format!("field `{}` is given twice", field.dotted()))
                            .help("keep one of them"),
                    );
                } else {
                    found.push(field);
                }
            }
            Err(error) if error.to_string() == SILENT => {}
            Err(error) => {
                found.extend(unread_field(chunk));
                problems.push(
                    Problem::new("SPK064", error.span(), error.to_string()).help(
                        "a field reads `name: value`, `node.name: value` for a field of a nested module",
                    ),
                );
            }
        }
    }
    found
}

/// A field whose value could not be read: it is given all the same.
fn unread_field(chunk: TokenStream) -> Option<Field> {
    let Some(TokenTree::Ident(name)) = chunk.into_iter().next() else {
        return None;
    };
    let (first, last) = (name.span(), name.span());
    let value = Value::Expr {
        expr: Box::new(syn::Expr::Verbatim(TokenStream::new())),
        first,
        last,
    };
    Some(Field {
        path: vec![name],
        value,
    })
}

fn field(input: ParseStream<'_>, problems: &mut Vec<Problem>) -> syn::Result<Field> {
    if input.peek(Token![..]) {
        return Err(syn::Error::new(
            input.span(),
            "`..` is not needed: fields that are not given keep their defaults",
        ));
    }
    let mut path = vec![input.call(syn::ext::IdentExt::parse_any)?];
    while input.peek(Token![.]) {
        input.parse::<Token![.]>()?;
        path.push(input.call(syn::ext::IdentExt::parse_any)?);
    }
    let first = path.first().map_or_else(|| input.span(), Ident::span);
    if input.peek(Token![=]) {
        let equals: Token![=] = input.parse()?;
        problems.push(
            Problem::new("SPK064", equals.span(), "a field is given with `:`")
                .help(format!("write `{}: ..`", dotted(&path))),
        );
    } else if input.peek(Token![:]) {
        input.parse::<Token![:]>()?;
    } else if input.is_empty() {
        return Err(syn::Error::new(
            first,
            format!("field `{}` has no value", dotted(&path)),
        ));
    } else {
        return Err(syn::Error::new(
            input.span(),
            format!("expected `:` after `{}`", dotted(&path)),
        ));
    }
    let rest: TokenStream = input.parse()?;
    if rest.is_empty() {
        return Err(syn::Error::new(
            first,
            format!("field `{}` has no value", dotted(&path)),
        ));
    }
    let at = span_of(&rest, first);
    let value = read_at(|input| value(input, problems), rest, at)?;
    Ok(Field { path, value })
}

fn dotted(path: &[Ident]) -> String {
    path.iter().map(Ident::to_string).collect::<Vec<_>>().join(".")
}

/// Splits at commas outside groups and outside `<..>`-free token lists; empty chunks are dropped.
fn split_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut chunks = Vec::new();
    let mut current = Vec::new();
    for token in tokens {
        if is_punct(&token, ',') {
            chunks.push(std::mem::take(&mut current));
        } else {
            current.push(token);
        }
    }
    chunks.push(current);
    chunks
        .into_iter()
        .filter(|c| !c.is_empty())
        .map(|c| c.into_iter().collect())
        .collect()
}

fn span_of(tokens: &TokenStream, fallback: Span) -> Span {
    tokens.clone().into_iter().next().map_or(fallback, |t| t.span())
}
