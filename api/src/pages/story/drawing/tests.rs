//! The picture over many stories: every step is drawn, texts do not overlap, everything is inside.

use bordereau_domain::basket::{Level, Stage};
use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;

use super::*;
use crate::pages::story::facts::Step;

/// A story out of any choices: what is not possible where the basket is, is passed over.
fn tell(level: Level, choices: &[(u8, i64)]) -> Story {
    let mut at = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    let home = Lane::of(level, Stage::Drafting);
    let mut steps = vec![Step { turn: Turn::Opened, at, to: home }];
    for (choice, seconds) in choices {
        let here = steps.last().unwrap().to;
        let drafting = here == home && steps.last().unwrap().turn != Turn::Sent;
        let (turn, to) = match (choice, here) {
            (_, None | Some(Lane::Bookseller)) => break,
            (0 | 1, _) if drafting => (Turn::Sent, Some(Lane::Approver)),
            (2 | 3, Some(Lane::Approver)) => (Turn::Validated, Some(Lane::Purchaser)),
            (4, _) if !drafting => (Turn::Returned, home),
            (5, _) if !drafting => (Turn::Unlocked, here),
            (6, _) => (Turn::TakenOver, here),
            (7, Some(Lane::Purchaser)) => (Turn::Ordered, Some(Lane::Bookseller)),
            (8, Some(Lane::Purchaser)) => (Turn::Returned, Some(Lane::Approver)),
            (9, _) if drafting => (Turn::Discarded, None),
            _ => continue,
        };
        at += TimeDelta::seconds(*seconds);
        steps.push(Step { turn, at, to });
    }
    Story { now: at + TimeDelta::hours(5), steps }
}

fn words(story: &Story, name: &str) -> Words {
    let say = |text: &str| text.to_owned();
    Words {
        lanes: story.lanes().iter().map(|lane| format!("{} {}", lane.as_str(), lane.role())).collect(),
        turns: story.steps.iter().map(|_| say("Validé, transmis à la collectivité")).collect(),
        who: story.steps.iter().map(|_| say(name)).collect(),
        when: story.steps.iter().map(|_| [say("28/10/2026"), say("22:48:00")]).collect(),
        waits: story.stays().iter().map(|_| say("12 jours 23 h 59 min")).collect(),
        now: say("en cours"),
    }
}

/// Left, upper, right and lower edge of a text of 12 px.
fn area(shape: &Shape) -> Option<(i64, i64, i64, i64)> {
    let Shape::Text { x, y, anchor, text, .. } = shape else { return None };
    let width = text_width(text);
    let left = match anchor {
        Anchor::Start => *x,
        Anchor::Middle => x - width / 2,
    };
    Some((left, y - 11, left + width, y + 3))
}

fn check(story: &Story, drawing: &Drawing) {
    let numbers = drawing.shapes.iter().filter_map(|shape| match shape {
        Shape::Mark { number, turn, .. } => Some((*number, *turn)),
        Shape::Band { .. } | Shape::Line { .. } | Shape::Path { .. } | Shape::Text { .. } => None,
    });
    let steps: Vec<_> = story.steps.iter().enumerate().map(|(n, step)| (n + 1, step.turn)).collect();
    assert_eq!(numbers.collect::<Vec<_>>(), steps);
    let ways = drawing.shapes.iter().filter(|shape| matches!(shape, Shape::Path { .. })).count();
    let hand_overs = (0..steps.len()).filter(|n| story.is_hand_over(*n) && story.steps[*n].to.is_some()).count();
    assert_eq!(ways, hand_overs);
    let areas: Vec<_> = drawing.shapes.iter().filter_map(area).collect();
    for (n, one) in areas.iter().enumerate() {
        assert!(one.0 >= 0 && one.1 >= 0 && one.2 <= drawing.width && one.3 <= drawing.height, "{one:?} is outside");
        for other in &areas[n + 1..] {
            let apart = one.2 <= other.0 || other.2 <= one.0 || one.3 <= other.1 || other.3 <= one.1;
            assert!(apart, "{one:?} and {other:?} overlap");
        }
    }
    let marks = drawing.shapes.iter().filter_map(|shape| match shape {
        Shape::Mark { x, y, .. } => Some((*x, *y)),
        Shape::Band { .. } | Shape::Line { .. } | Shape::Path { .. } | Shape::Text { .. } => None,
    });
    let marks: Vec<_> = marks.collect();
    for (n, one) in marks.iter().enumerate() {
        for other in &marks[n + 1..] {
            assert!((one.0 - other.0).abs() >= 2 * RADIUS || (one.1 - other.1).abs() >= 2 * RADIUS);
        }
    }
}

proptest! {
    #[test]
    fn every_step_is_drawn_and_no_two_texts_overlap(
        level in prop::sample::select(vec![Level::Requester, Level::Approver, Level::Purchaser]),
        choices in prop::collection::vec((0u8..10, prop_oneof![0i64..600, 0i64..2_000_000]), 0..30),
        name in "\\PC{0,40}",
    ) {
        let story = tell(level, &choices);
        let words = words(&story, &name);
        check(&story, &wide(&story, &words));
        check(&story, &tall(&story, &words));
    }
}

#[test]
fn a_return_is_a_bow_and_passing_on_is_straight() {
    let story = tell(Level::Requester, &[(0, 60), (4, 60), (0, 60), (2, 60), (8, 60), (2, 60), (7, 60)]);
    let drawing = wide(&story, &words(&story, "Camille Petit"));
    let ways = drawing.shapes.iter().filter_map(|shape| match shape {
        Shape::Path { class, .. } => Some(*class),
        Shape::Band { .. } | Shape::Line { .. } | Shape::Mark { .. } | Shape::Text { .. } => None,
    });
    let ways: Vec<_> = ways.collect();
    assert_eq!(ways, ["way", "way back", "way", "way", "way back", "way", "way"]);
    check(&story, &drawing);
}

#[test]
fn the_narrow_picture_fits_a_telephone() {
    let story = tell(Level::Requester, &[(0, 400_000), (2, 60), (7, 60)]);
    let drawing = tall(&story, &words(&story, "Maximilienne de la Bruyère-Vandenberghe"));
    assert!(drawing.width <= 328 && drawing.height < 640, "{} x {}", drawing.width, drawing.height);
    check(&story, &drawing);
}
