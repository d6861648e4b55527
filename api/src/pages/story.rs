//! A basket's story: where it is and who must act, its way through the roles as a picture and as a table, what each
//! role changed on it, and the basket as it was at any step.

mod changes;
mod drawing;
mod facts;
mod read;
mod scale;
mod then;
mod words;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, Utc};

use super::{
    baskets::{self, Facts, Place},
    doors::{Pages, Who},
    frame::Frame,
    signed_in::SignedIn,
};
use crate::{app::App, problem::Problem};
use drawing::{Drawing, Shape};
use read::Told;
use words::ChangesText;

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages.get("/baskets/{id}/story", Who::PEOPLE, show).get("/baskets/{id}/story/{position}", Who::PEOPLE, then::show)
}

/// A step in the table.
struct StepRow {
    number: u64,
    /// Place in the shop's ledger: where the basket is shown as it was.
    position: u64,
    class: &'static str,
    label: String,
    who: String,
    role: String,
    on_behalf_of: Option<String>,
    at: DateTime<Utc>,
    /// How long the basket had been where it was.
    waited: Option<String>,
    comment: Option<String>,
    changes: ChangesText,
    /// The quote or order that it made.
    document: Option<String>,
}

/// How long a role has had the basket.
struct Wait {
    role: String,
    time: String,
    /// Whether it has it now.
    now: bool,
}

#[derive(Template)]
#[template(path = "story.html")]
struct StoryPage {
    frame: Frame,
    id: uuid::Uuid,
    title: String,
    name: Option<String>,
    institution: String,
    place: Place,
    waits: Vec<Wait>,
    returns: u64,
    wide: Drawing,
    tall: Drawing,
    /// The picture in words.
    described: String,
    steps: Vec<StepRow>,
    /// What has changed since the last step.
    since: ChangesText,
}

impl StoryPage {
    fn of(told: &Told, signed_in: &SignedIn) -> Self {
        let frame = Frame::of(signed_in);
        let steps: Vec<_> = (0..told.story.steps.len()).map(|index| step_row(told, &frame, index)).collect();
        let words = words::of_picture(told, &frame, &steps);
        let (wide, tall) = (drawing::wide(&told.story, &words), drawing::tall(&told.story, &words));
        Self {
            id: told.detail.id.0,
            title: frame.t_with("story-title", "number", &told.detail.basket.number.to_string()),
            name: told.clear.field(told.detail.basket.name),
            institution: told.detail.institution.name.clone(),
            place: place(told, &frame, signed_in),
            waits: waits(told, &frame),
            returns: told.story.returns(),
            described: words::described(&frame, &steps),
            since: told.changes_after(&frame, told.story.steps.len()),
            wide,
            tall,
            steps,
            frame,
        }
    }
}

fn step_row(told: &Told, frame: &Frame, index: usize) -> StepRow {
    let (row, turn) = (&told.rows[told.steps[index]], told.story.steps[index].turn);
    StepRow {
        number: index as u64 + 1,
        position: row.position,
        class: words::class(turn),
        label: words::turn(frame, &told.story, index),
        who: told.name_of(frame, &row.actor),
        role: words::role(frame, row.role),
        on_behalf_of: row.on_behalf_of.as_ref().map(|person| told.name_of(frame, person)),
        at: row.at,
        waited: told.story.waited(index).map(|time| words::span(frame, time)),
        comment: told.comment_of(row),
        changes: told.changes_after(frame, index),
        document: told.document_of(index),
    }
}

fn waits(told: &Told, frame: &Frame) -> Vec<Wait> {
    let now = told.story.steps.last().and_then(|step| step.to);
    let wait = |(lane, time): (facts::Lane, _)| Wait {
        role: frame.role(&lane.role()),
        time: words::span(frame, time),
        now: now == Some(lane),
    };
    told.story.waits().into_iter().map(wait).collect()
}

fn place(told: &Told, frame: &Frame, signed_in: &SignedIn) -> Place {
    let (detail, context) = (&told.detail, &told.context);
    let facts = Facts {
        stage: detail.basket.stage,
        returned: detail.basket.returned.is_some(),
        mine: detail.basket.owner == context.actor.principal(),
        yours: baskets::waits_for(detail, context),
        owner: &told.name_of(frame, &detail.owner),
        since: detail.since,
    };
    Place::of(frame, signed_in.zone, told.story.now, &facts)
}

async fn show(State(app): State<App>, signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let told = Told::read(&app, &signed_in, &id).await?;
    let page = StoryPage::of(&told, &signed_in);
    Ok(page.frame.answer(StatusCode::OK, &page))
}
