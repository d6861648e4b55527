//! The picture of a story: lanes for the roles, time from left to right (or, where the screen is narrow, from above).
//! Pure: facts and words in, shapes out. Every step is drawn, no two texts overlap, and colours are classes.

use super::{
    facts::{Lane, Story, Turn},
    scale::{fitted, length, text_width},
};

/// The words of a picture.
#[derive(Clone, Debug)]
pub struct Words {
    /// Each lane's name, as [`Story::lanes`] lists them.
    pub lanes: Vec<String>,
    /// Each step's name.
    pub turns: Vec<String>,
    /// Who took each step.
    pub who: Vec<String>,
    /// Each step's day and time of day.
    pub when: Vec<[String; 2]>,
    /// How long each stay was, as [`Story::stays`] lists them.
    pub waits: Vec<String>,
    /// The end of a story that goes on.
    pub now: String,
}

/// Where a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
}

impl Anchor {
    /// The attribute's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
        }
    }
}

/// A shape, in px. Classes name what it is; the style sheet knows the colours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The ground of a lane.
    Band { x: i64, y: i64, width: i64, height: i64, odd: bool },
    /// A stay, or what goes on.
    Line { x1: i64, y1: i64, x2: i64, y2: i64, class: String },
    /// A way from one lane to another, with its arrowhead.
    Path { d: String, class: &'static str },
    /// A step.
    Mark { x: i64, y: i64, number: usize, turn: Turn, told: String },
    /// A text.
    Text { x: i64, y: i64, anchor: Anchor, class: &'static str, text: String },
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Width in px.
    pub width: i64,
    /// Height in px.
    pub height: i64,
    /// From the back to the front.
    pub shapes: Vec<Shape>,
}

/// Radius of a mark.
const RADIUS: i64 = 11;
/// Height of a lane.
const LANE: i64 = 92;
/// From a lane's upper edge to its line.
const AXIS: i64 = 40;
/// Between two texts of a row, at least.
const AIR: i64 = 8;
/// Widest name at a mark.
const NAME: i64 = 100;
/// What is drawn of a story that goes on elsewhere.
const END: i64 = 28;
/// Shortest way between two steps.
const LEAST: i64 = 108;
/// What each doubling of the time adds.
const STEP: i64 = 8;

/// Time from left to right, a lane below the other.
pub fn wide(story: &Story, words: &Words) -> Drawing {
    let lanes = story.lanes();
    let gutter = words.lanes.iter().map(|name| text_width(name)).max().unwrap_or(0) + 2 * AIR;
    let xs = columns(story, words, gutter + NAME / 2 + AIR);
    let end = xs.last().copied().unwrap_or(gutter) + rest(story, words);
    let mut drawing = Drawing { width: end, height: lane_y(lanes.len()) + 44, shapes: Vec::new() };
    for (rank, name) in words.lanes.iter().enumerate() {
        drawing.shapes.push(Shape::Band { x: 0, y: lane_y(rank), width: end, height: LANE, odd: rank % 2 == 1 });
        drawing.text(AIR, lane_y(rank) + AXIS + 4, Anchor::Start, "lane", name);
    }
    let axis = |lane: Lane| lane_y(lanes.iter().position(|known| *known == lane).unwrap_or(0)) + AXIS;
    for (stay, wait) in story.stays().iter().zip(&words.waits) {
        let (x1, y) = (xs[stay.first], axis(stay.lane));
        let x2 = stay.last.map_or(end - AIR, |last| xs[last]);
        let class = if stay.last.is_some() { "stay" } else { "stay lasting" };
        drawing.line((x1, y), (x2, y), format!("{class} {}", stay.lane.as_str()));
        drawing.text(x1.midpoint(x2), y + 28, Anchor::Middle, "wait", wait);
        if stay.last.is_none() {
            drawing.text(x1.midpoint(x2), y + 44, Anchor::Middle, "now", &words.now);
        }
    }
    for (index, step) in story.steps.iter().enumerate() {
        let (x, at) = (xs[index], axis(story.from(index).unwrap_or(Lane::Requester)));
        if let Some(to) = step.to.filter(|_| story.is_hand_over(index)) {
            drawing.way((x, at), (x, axis(to)));
            if to == Lane::Bookseller {
                drawing.line((x, axis(to)), (x + END, axis(to)), format!("stay {}", to.as_str()));
            }
        }
        let upwards = step.to.is_some_and(|to| axis(to) < at);
        let name = fitted(&words.who[index], NAME);
        drawing.text(x, if upwards { at + 44 } else { at - 20 }, Anchor::Middle, "who", &name);
        let [day, time] = &words.when[index];
        drawing.text(x, lane_y(lanes.len()) + 16, Anchor::Middle, "day", day);
        drawing.text(x, lane_y(lanes.len()) + 32, Anchor::Middle, "day", time);
        drawing.mark((x, at), index, step.turn, words);
    }
    drawing
}

/// Room after the last step.
fn rest(story: &Story, words: &Words) -> i64 {
    if story.is_over() {
        return NAME / 2 + AIR;
    }
    let said = words.waits.last().map_or(0, |wait| text_width(wait)).max(text_width(&words.now));
    LEAST.max(said + 3 * AIR)
}

fn lane_y(rank: usize) -> i64 {
    i64::try_from(rank).unwrap_or(0) * LANE
}

/// Where each step stands: as far from the one before as the time between them says, and as their texts need.
fn columns(story: &Story, words: &Words, first: i64) -> Vec<i64> {
    let mut xs: Vec<i64> = Vec::with_capacity(story.steps.len());
    let stays = story.stays();
    for (index, step) in story.steps.iter().enumerate() {
        let Some(before) = index.checked_sub(1) else {
            xs.push(first);
            continue;
        };
        let mut x = xs[before] + length(step.at - story.steps[before].at, LEAST, STEP);
        // A stay is long enough for the words of its waiting.
        for (stay, wait) in stays.iter().zip(&words.waits).filter(|(stay, _)| stay.last == Some(index)) {
            x = x.max(xs[stay.first] + text_width(wait) + AIR);
        }
        xs.push(x);
    }
    xs
}

/// Width of the narrow picture.
const TALL_WIDTH: i64 = 328;
/// From one lane to the next in it.
const COLUMN: i64 = 30;
/// Height of the lanes' names, which stand askew.
const HEAD: i64 = 16;
/// Shortest way down from one step to the next.
const ROW: i64 = 84;

/// Time from above, lanes beside each other at the left, words at the right.
pub fn tall(story: &Story, words: &Words) -> Drawing {
    let lanes = story.lanes();
    let column =
        |lane: Lane| RADIUS + 6 + COLUMN * lanes.iter().take_while(|known| **known != lane).map(|_| 1).sum::<i64>();
    let side = lanes.last().map_or(0, |lane| column(*lane)) + RADIUS + 12;
    let room = TALL_WIDTH - side;
    let mut ys: Vec<i64> = Vec::with_capacity(story.steps.len());
    for (index, step) in story.steps.iter().enumerate() {
        let y = match index.checked_sub(1) {
            None => HEAD + RADIUS,
            Some(before) => ys[before] + length(step.at - story.steps[before].at, ROW, STEP / 2),
        };
        ys.push(y);
    }
    let last = ys.last().copied().unwrap_or(HEAD);
    let end = if story.is_over() { last + 44 } else { last + ROW + 8 };
    let mut drawing = Drawing { width: TALL_WIDTH, height: end, shapes: Vec::new() };
    for lane in &lanes {
        let x = column(*lane);
        drawing.line((x, 0), (x, end), format!("rail {}", lane.as_str()));
    }
    for (stay, wait) in story.stays().iter().zip(&words.waits) {
        let (x, y1) = (column(stay.lane), ys[stay.first]);
        let y2 = stay.last.map_or(end - AIR, |last| ys[last]);
        let class = if stay.last.is_some() { "stay" } else { "stay lasting" };
        drawing.line((x, y1), (x, y2), format!("{class} {}", stay.lane.as_str()));
        let name = lanes.iter().position(|lane| *lane == stay.lane).map_or("", |rank| words.lanes[rank].as_str());
        let told = fitted(&format!("{name} · {wait}"), room);
        // Right above the step that ends it, or the picture's end: nothing else stands there.
        drawing.text(side, y2 - if stay.last.is_some() { 18 } else { 8 }, Anchor::Start, "wait", &told);
    }
    for (index, step) in story.steps.iter().enumerate() {
        let (x, y) = (column(story.from(index).unwrap_or(Lane::Requester)), ys[index]);
        if let Some(to) = step.to.filter(|_| story.is_hand_over(index)) {
            drawing.across((x, y), (column(to), y));
            if to == Lane::Bookseller {
                drawing.line((column(to), y), (column(to), y + END), format!("stay {}", to.as_str()));
            }
        }
        let named = fitted(&words.turns[index], room);
        drawing.text(side, y + 4, Anchor::Start, "turn", &named);
        drawing.text(side, y + 20, Anchor::Start, "who", &fitted(&words.who[index], room));
        let [day, time] = &words.when[index];
        drawing.text(side, y + 36, Anchor::Start, "day", &fitted(&format!("{day} {time}"), room));
        drawing.mark((x, y), index, step.turn, words);
    }
    drawing
}

impl Drawing {
    fn text(&mut self, x: i64, y: i64, anchor: Anchor, class: &'static str, text: &str) {
        self.shapes.push(Shape::Text { x, y, anchor, class, text: text.to_owned() });
    }

    fn line(&mut self, (x1, y1): (i64, i64), (x2, y2): (i64, i64), class: String) {
        self.shapes.push(Shape::Line { x1, y1, x2, y2, class });
    }

    fn mark(&mut self, (x, y): (i64, i64), index: usize, turn: Turn, words: &Words) {
        let [day, time] = &words.when[index];
        let told = format!("{} · {} · {day} {time}", words.turns[index], words.who[index]);
        self.shapes.push(Shape::Mark { x, y, number: index + 1, turn, told });
    }

    /// From lane to lane: straight down, and back up in a bow to the left, against the time.
    fn way(&mut self, (x, from): (i64, i64), (_, to): (i64, i64)) {
        if to > from {
            let (begin, tip) = (from + RADIUS, to - 4);
            let d = format!("M{x} {begin}V{tip}M{} {}L{x} {tip}L{} {}", x - 5, tip - 7, x + 5, tip - 7);
            self.shapes.push(Shape::Path { d, class: "way" });
        } else {
            let (begin, tip) = (from - RADIUS, to + 5);
            let bow = x - 34;
            let d = format!(
                "M{x} {begin}C{bow} {} {bow} {} {x} {tip}M{} {}L{x} {tip}L{} {}",
                begin - 12,
                tip + 12,
                x - 9,
                tip - 1,
                x - 4,
                tip + 9
            );
            self.shapes.push(Shape::Path { d, class: "way back" });
        }
    }

    /// From lane to lane in the narrow picture: to the right, and back to the left in a bow against the time.
    fn across(&mut self, (from, y): (i64, i64), (to, _): (i64, i64)) {
        if to > from {
            let (begin, tip) = (from + RADIUS, to - 2);
            let d = format!("M{begin} {y}H{tip}M{} {}L{tip} {y}L{} {}", tip - 7, y - 5, tip - 7, y + 5);
            self.shapes.push(Shape::Path { d, class: "way" });
        } else {
            let (begin, tip) = (from - RADIUS, to + 3);
            let bow = y - 20;
            let d = format!(
                "M{begin} {y}C{} {bow} {} {bow} {tip} {y}M{} {}L{tip} {y}L{} {}",
                begin - 8,
                tip + 8,
                tip + 9,
                y - 4,
                tip + 1,
                y - 9
            );
            self.shapes.push(Shape::Path { d, class: "way back" });
        }
    }
}

#[cfg(test)]
mod tests;
