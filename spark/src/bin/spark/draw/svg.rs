//! A picture of a network. `layout-rs` places the boxes in columns and finds the way of the wires between them; the
//! boxes, with a row for each port, are drawn here, and wires that lead back run below.

use std::collections::HashMap;
use std::fmt::Write as _;

use layout::adt::dag::NodeHandle;
use layout::core::base::Orientation;
use layout::core::format::{ClipHandle, RenderBackend};
use layout::core::geometry::Point as Spot;
use layout::core::style::{LineStyleKind, StyleAttr};
use layout::std_shapes::shapes::{Arrow as Line, Element, LineEndKind, ShapeKind};
use layout::topo::layout::VisualGraph;
use spark_ir::draw::{Arrow, Picture, Point, Style};

const FONT: f64 = 13.0;
/// Helvetica is about this wide; names are rarely all of `m`.
const LETTER: f64 = 0.58 * FONT;
const ROW: f64 = 20.0;
const MARGIN: f64 = 12.0;
/// Between two wires that lead back.
const LANE: f64 = 12.0;

/// A node, or an input or output of the network.
struct Block {
    point: Point,
    title: String,
    module: String,
    /// Ports where wires end, on the left.
    ends: Vec<String>,
    /// Ports where wires begin, on the right.
    begins: Vec<String>,
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Block {
    fn new(point: Point, title: &str, module: &str, ends: &[&str], begins: &[&str]) -> Self {
        let length = |text: &str| text.chars().count() as f64 * LETTER;
        let longest = |ports: &[&str]| ports.iter().map(|port| length(port)).fold(0.0, f64::max);
        let head = (length(title) * 1.08).max(length(module));
        let rows = ends.len().max(begins.len()) as f64;
        let gap = if ends.is_empty() || begins.is_empty() {
            20.0
        } else {
            40.0
        };
        let own = |ports: &[&str]| ports.iter().map(|port| (*port).to_owned()).collect();
        Block {
            point,
            title: title.to_owned(),
            module: module.to_owned(),
            ends: own(ends),
            begins: own(begins),
            left: 0.0,
            top: 0.0,
            width: (head + 24.0).max(longest(ends) + longest(begins) + gap),
            height: head_height(module) + rows * ROW + if rows > 0.0 { 4.0 } else { 0.0 },
        }
    }

    fn right(&self) -> f64 {
        self.left + self.width
    }

    fn row(&self, ports: &[String], port: &str) -> f64 {
        match ports.iter().position(|known| known == port) {
            Some(row) => self.top + head_height(&self.module) + (row as f64 + 0.5) * ROW,
            None => self.top + self.height / 2.0,
        }
    }

    fn draw(&self, text: &mut String) {
        let (middle, is_node) = (self.left + self.width / 2.0, !self.module.is_empty());
        let (fill, round) = if is_node { ("#eef4fb", 6) } else { ("#fdf3dc", 12) };
        let _ = writeln!(
            text,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{round}\" fill=\"{fill}\" stroke=\"#2d3748\"/>",
            self.left, self.top, self.width, self.height
        );
        let _ = writeln!(
            text,
            "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-weight=\"bold\">{}</text>",
            self.top + 18.0,
            escaped(&self.title)
        );
        if is_node {
            let _ = writeln!(
                text,
                "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#4a5568\">{}</text>",
                self.top + 34.0,
                escaped(&self.module)
            );
            let line = self.top + head_height(&self.module);
            let _ = writeln!(
                text,
                "<path d=\"M{:.1} {line:.1} H{:.1}\" stroke=\"#b8c7d9\"/>",
                self.left,
                self.right()
            );
        }
        let sides = [
            (&self.ends, self.left + 8.0, "start"),
            (&self.begins, self.right() - 8.0, "end"),
        ];
        for (ports, x, anchor) in sides {
            for port in ports {
                let y = self.row(ports, port) + 0.35 * FONT;
                let _ = writeln!(
                    text,
                    "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
                    escaped(port)
                );
            }
        }
    }
}

fn head_height(module: &str) -> f64 {
    if module.is_empty() { 26.0 } else { 42.0 }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Draws a network.
pub(super) fn draw(picture: &Picture, name: &str) -> String {
    let mut blocks = blocks(picture);
    let index: HashMap<String, usize> = blocks
        .iter()
        .enumerate()
        .map(|(i, block)| (key(block.point), i))
        .collect();
    let find = |point| index.get(&key(point)).copied().unwrap_or(0);
    let ends: Vec<(usize, usize)> = picture
        .arrows
        .iter()
        .map(|arrow| (find(arrow.from), find(arrow.to)))
        .collect();
    let is_back = backward(blocks.len(), &ends);
    let ways = place(&mut blocks, &ends, &is_back);

    let bottom = blocks
        .iter()
        .map(|block| block.top + block.height)
        .fold(0.0, f64::max);
    let (mut boxes, mut lines) = (String::new(), String::new());
    blocks.iter().for_each(|block| block.draw(&mut boxes));
    let mut lane = 0;
    let (mut deepest, mut widest) = (bottom, blocks.iter().map(Block::right).fold(0.0, f64::max));
    for (i, (arrow, (from, to))) in picture.arrows.iter().zip(&ends).enumerate() {
        let (from, to) = (&blocks[*from], &blocks[*to]);
        let start = (from.right(), from.row(&from.begins, &arrow.from_port));
        let end = (to.left, to.row(&to.ends, &arrow.to_port));
        let path = if is_back[i] {
            lane += 1;
            let depth = bottom + LANE * f64::from(lane);
            let out = beside(&blocks, from, true) + 10.0 + 3.0 * f64::from(lane % 6);
            let back = beside(&blocks, to, false) - 14.0 - 3.0 * f64::from(lane % 6);
            deepest = f64::max(deepest, depth);
            widest = f64::max(widest, out);
            corners(&[
                start,
                (out, start.1),
                (out, depth),
                (back, depth),
                (back, end.1),
                end,
            ])
        } else {
            smooth(start, ways.get(&i).map_or(&[], Vec::as_slice), end)
        };
        draw_line(arrow, &path, &mut lines);
    }
    let (width, height) = ((widest + MARGIN).ceil(), (deepest + MARGIN).ceil());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"Helvetica, Arial, sans-serif\" font-size=\"{FONT}\" fill=\"#1a202c\">\n<title>{}</title>\n\
         <defs><marker id=\"head\" viewBox=\"0 0 10 8\" refX=\"9\" refY=\"4\" markerWidth=\"10\" markerHeight=\"8\" \
         markerUnits=\"userSpaceOnUse\" orient=\"auto-start-reverse\"><path d=\"M0 0 L10 4 L0 8 z\" fill=\"#4a5568\"/>\
         </marker></defs>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n{lines}{boxes}</svg>\n",
        escaped(name),
    )
}

fn blocks(picture: &Picture) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (i, name) in picture.inputs.iter().enumerate() {
        blocks.push(Block::new(Point::Input(i), name, "", &[], &[]));
    }
    if picture.has_controller() {
        blocks.push(Block::new(
            Point::Controller,
            "self",
            "",
            &[],
            &picture.controller_ports(),
        ));
    }
    for (i, (name, module)) in picture.nodes.iter().enumerate() {
        let (ends, begins) = picture.ports(i);
        blocks.push(Block::new(Point::Node(i), name, module, &ends, &begins));
    }
    for (i, name) in picture.outputs.iter().enumerate() {
        blocks.push(Block::new(Point::Output(i), name, "", &[], &[]));
    }
    blocks
}

fn key(point: Point) -> String {
    format!("{point:?}")
}

/// Which arrows close a circle: those that lead to a block from which the search came.
fn backward(count: usize, ends: &[(usize, usize)]) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        Open,
        Done,
    }
    let mut seen = vec![Seen::No; count];
    let mut back = vec![false; ends.len()];
    for root in 0..count {
        // Of each open block, the next arrow to look at.
        let mut open = vec![(root, 0)];
        if seen[root] != Seen::No {
            continue;
        }
        seen[root] = Seen::Open;
        while let Some((block, next)) = open.pop() {
            let Some((i, (_, to))) = ends
                .iter()
                .enumerate()
                .skip(next)
                .find(|(_, (from, _))| *from == block)
            else {
                seen[block] = Seen::Done;
                continue;
            };
            open.push((block, i + 1));
            match seen[*to] {
                Seen::Open => back[i] = true,
                Seen::No => {
                    seen[*to] = Seen::Open;
                    open.push((*to, 0));
                }
                Seen::Done => {}
            }
        }
    }
    back
}

/// Places the blocks, and gives for each arrow the places between others that it passes.
fn place(blocks: &mut [Block], ends: &[(usize, usize)], is_back: &[bool]) -> HashMap<usize, Vec<(f64, f64)>> {
    let mut graph = VisualGraph::new(Orientation::LeftToRight);
    let look = StyleAttr::simple();
    let handles: Vec<NodeHandle> = blocks
        .iter()
        .map(|block| {
            let size = Spot::new(block.width, block.height);
            let element = Element::create(
                ShapeKind::new_box(""),
                look.clone(),
                Orientation::LeftToRight,
                size,
            );
            graph.add_node(element)
        })
        .collect();
    for (i, (from, to)) in ends.iter().enumerate().filter(|(i, _)| !is_back[*i]) {
        let (none, arrow) = (LineEndKind::None, LineEndKind::Arrow);
        let line = Line::with_properties(
            none,
            arrow,
            LineStyleKind::Normal,
            "",
            &look,
            i.to_string(),
            &None,
            &None,
        );
        graph.add_edge(line, handles[*from], handles[*to]);
    }
    let mut ways = Ways::default();
    graph.do_it(false, false, false, &mut ways);
    let corner = |handle: &NodeHandle| graph.pos(*handle).bbox(false).0;
    let least = |side: fn(&Spot) -> f64| {
        handles
            .iter()
            .map(|handle| side(&corner(handle)))
            .fold(f64::INFINITY, f64::min)
    };
    let (left, top) = (least(|spot| spot.x) - 2.0 * MARGIN, least(|spot| spot.y) - MARGIN);
    for (block, handle) in blocks.iter_mut().zip(&handles) {
        let spot = corner(handle);
        (block.left, block.top) = (spot.x - left, spot.y - top);
    }
    for way in ways.0.values_mut() {
        for spot in way.iter_mut() {
            *spot = (spot.0 - left, spot.1 - top);
        }
    }
    ways.0
}

/// Takes down where the arrows lead.
#[derive(Default)]
struct Ways(HashMap<usize, Vec<(f64, f64)>>);

impl RenderBackend for Ways {
    fn draw_rect(&mut self, _: Spot, _: Spot, _: &StyleAttr, _: Option<String>, _: Option<ClipHandle>) {}
    fn draw_line(&mut self, _: Spot, _: Spot, _: &StyleAttr, _: Option<String>) {}
    fn draw_circle(&mut self, _: Spot, _: Spot, _: &StyleAttr, _: Option<String>) {}
    fn draw_text(&mut self, _: Spot, _: &str, _: &StyleAttr) {}
    fn draw_arrow(
        &mut self,
        path: &[(Spot, Spot)],
        _: bool,
        _: (bool, bool),
        _: &StyleAttr,
        properties: Option<String>,
        _: &str,
    ) {
        let between = path.get(1..path.len().saturating_sub(1)).unwrap_or_default();
        if let Some(index) = properties.and_then(|index| index.parse().ok()) {
            self.0
                .insert(index, between.iter().map(|(_, spot)| (spot.x, spot.y)).collect());
        }
    }
    fn create_clip(&mut self, _: Spot, _: Spot, _: usize) -> ClipHandle {
        0
    }
}

/// The right or left edge of the column in which a block stands.
fn beside(blocks: &[Block], block: &Block, right: bool) -> f64 {
    let overlaps = |other: &&Block| other.left < block.right() && block.left < other.right();
    let column = blocks.iter().filter(overlaps);
    if right {
        column.map(Block::right).fold(block.right(), f64::max)
    } else {
        column.map(|other| other.left).fold(block.left, f64::min)
    }
}

/// A curve that leaves, passes and arrives level.
fn smooth(start: (f64, f64), between: &[(f64, f64)], end: (f64, f64)) -> String {
    let mut path = format!("M{:.1} {:.1}", start.0, start.1);
    let mut from = start;
    for to in between.iter().chain([&end]) {
        let half = ((to.0 - from.0) / 2.0).max(12.0);
        let _ = write!(
            path,
            " C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
            from.0 + half,
            from.1,
            to.0 - half,
            to.1,
            to.0,
            to.1
        );
        from = *to;
    }
    path
}

/// Straight lines with round corners.
fn corners(points: &[(f64, f64)]) -> String {
    const ROUND: f64 = 5.0;
    let toward = |from: (f64, f64), to: (f64, f64)| {
        let (x, y) = (to.0 - from.0, to.1 - from.1);
        let length = x.hypot(y).max(1e-9);
        let step = ROUND.min(length / 2.0) / length;
        (from.0 + x * step, from.1 + y * step)
    };
    let mut path = String::new();
    for (i, point) in points.iter().enumerate() {
        match (i.checked_sub(1).and_then(|i| points.get(i)), points.get(i + 1)) {
            (Some(before), Some(after)) => {
                let (leave, arrive) = (toward(*point, *before), toward(*point, *after));
                let _ = write!(
                    path,
                    " L{:.1} {:.1} Q{:.1} {:.1} {:.1} {:.1}",
                    leave.0, leave.1, point.0, point.1, arrive.0, arrive.1
                );
            }
            (None, _) => {
                let _ = write!(path, "M{:.1} {:.1}", point.0, point.1);
            }
            (_, None) => {
                let _ = write!(path, " L{:.1} {:.1}", point.0, point.1);
            }
        }
    }
    path
}

fn draw_line(arrow: &Arrow, path: &str, lines: &mut String) {
    let style = match arrow.style {
        Style::Wire => "",
        Style::InPlace => " marker-start=\"url(#head)\"",
        Style::Effect => " stroke-dasharray=\"5 4\"",
    };
    let _ = writeln!(
        lines,
        "<path d=\"{path}\" fill=\"none\" stroke=\"#4a5568\" stroke-width=\"1.3\"{style} marker-end=\"url(#head)\"/>"
    );
}
