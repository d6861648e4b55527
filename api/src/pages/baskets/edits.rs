//! Changing the lines of a basket in one form: each line that was changed is a command of its own, so that two people
//! who change different lines lose nothing. Who changes a line that somebody else has changed since is told.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_commands::{BasketRequest, SealText};
use bordereau_domain::{
    BasketId, LineId,
    basket::Basket,
    line::{Line, MAX_QUANTITY, MIN_QUANTITY, is_quantity},
    personal::LineReference,
};
use uuid::Uuid;

use super::{
    line_row::{LineField, seen_quantity, seen_reference},
    show::BasketPage,
};
use crate::{
    app::App,
    baskets::find_visible,
    form, names,
    pages::{field::Form, frame::Frame, notice::Notice, redirect::SeeOther, signed_in::SignedIn},
    problem::Problem,
};

/// How often a line is tried when others write to its basket at the same time.
const ATTEMPTS: usize = 4;

/// What was typed into a field, and what its name says was seen there.
#[derive(Clone, Debug, Default)]
struct Typed {
    seen: String,
    text: String,
}

/// What was typed on a line.
#[derive(Clone, Debug, Default)]
struct Edit {
    quantity: Option<Typed>,
    reference: Option<Typed>,
}

/// A form over the table.
#[derive(Debug, Default)]
struct Sent {
    edits: BTreeMap<LineId, Edit>,
    remove: Option<LineId>,
    page: usize,
}

impl Sent {
    fn read(fields: Vec<(String, String)>) -> Result<Self, Problem> {
        let unknown = || Problem::invalid("invalid-field", "form");
        let id = |text: &str| Uuid::parse_str(text).map(LineId).map_err(|_| unknown());
        let mut sent = Self::default();
        for (name, text) in fields {
            let mut parts = name.splitn(3, '.');
            match (parts.next(), parts.next(), parts.next()) {
                (Some("remove"), None, None) => sent.remove = Some(id(&text)?),
                (Some("page"), None, None) => sent.page = text.parse().map_err(|_| unknown())?,
                (Some(kind @ ("q" | "r")), Some(line), Some(seen)) => {
                    let edit = sent.edits.entry(id(line)?).or_default();
                    let typed = Some(Typed { seen: seen.to_owned(), text: text.trim().to_owned() });
                    if kind == "q" { edit.quantity = typed } else { edit.reference = typed }
                }
                _ => return Err(unknown()),
            }
        }
        sent.edits.retain(|_, edit| edit.is_change());
        if let Some(line) = sent.remove {
            sent.edits.remove(&line);
        }
        Ok(sent)
    }
}

impl Edit {
    fn is_change(&self) -> bool {
        self.quantity.as_ref().is_some_and(|typed| typed.text != typed.seen)
            || self.reference.as_ref().is_some_and(|typed| seen_reference(&typed.text) != typed.seen)
    }
}

/// A field that was refused.
struct Wrong {
    line: LineId,
    quantity: bool,
    error: String,
    problem: Problem,
}

/// How far the form was carried out.
#[derive(Default)]
struct Outcome {
    position: Option<u64>,
    wrong: Vec<Wrong>,
    refused: Option<Problem>,
}

/// 422 for what is no quantity of a line.
pub fn bad_quantity() -> Problem {
    Problem::invalid("quantity-out-of-range", "quantity").arg("min", MIN_QUANTITY).arg("max", MAX_QUANTITY)
}

/// Saves what was changed, or takes a line out.
pub async fn save(
    State(app): State<App>,
    mut signed_in: SignedIn,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let sent = Sent::read(fields)?;
    signed_in.settle(&app, "basket_detail").await?;
    // Whoever may not see it is told nothing of its lines.
    let basket = find_visible(&app, &signed_in.reading(), &id).await?.0.id;
    let outcome = carry_out(&app, &signed_in, basket, &sent).await?;
    if let Some(position) = outcome.position {
        signed_in.has_written(position);
    }
    if outcome.wrong.is_empty() && outcome.refused.is_none() {
        let to = BasketPage::path(basket, sent.page);
        let lead = SeeOther::to(&to, signed_in.reader.transport);
        let saying = if sent.remove.is_some() { Notice::LineRemoved } else { Notice::BasketSaved };
        return Ok(match outcome.position {
            Some(position) => lead.written(signed_in.shop(), position).saying(saying).into_response(),
            None => lead.into_response(),
        });
    }
    let mut page = BasketPage::read(&app, &signed_in, &id, sent.page).await?;
    show_typed(&mut page, &sent);
    for wrong in &outcome.wrong {
        if let Some(row) = page.lines.iter_mut().find(|row| row.id == wrong.line) {
            let field = if wrong.quantity { &mut row.quantity_field } else { &mut row.reference_field };
            field.error = Some(wrong.error.clone());
        }
    }
    let problem = outcome.refused.clone().or_else(|| outcome.wrong.first().map(|wrong| wrong.problem.clone()));
    if let Some(refused) = &outcome.refused {
        page.tell(refused);
    }
    let frame = page.frame.clone();
    Ok(match problem {
        Some(problem) if outcome.position.is_none() => frame.answer_refused(&problem, &page),
        // A part of it was saved: that is no refusal.
        _ => frame.answer(StatusCode::OK, &page),
    })
}

/// Keeps what was typed in the fields that the page shows.
fn show_typed(page: &mut BasketPage, sent: &Sent) {
    let keep = |field: &mut LineField, typed: Option<&Typed>| {
        if let Some(typed) = typed {
            field.value.clone_from(&typed.text);
        }
    };
    for row in &mut page.lines {
        if let Some(edit) = sent.edits.get(&row.id) {
            keep(&mut row.quantity_field, edit.quantity.as_ref().filter(|typed| typed.text != typed.seen));
            let changed = |typed: &&Typed| seen_reference(&typed.text) != typed.seen;
            keep(&mut row.reference_field, edit.reference.as_ref().filter(changed));
        }
    }
}

/// Nothing is sent while a field holds what can never be.
async fn carry_out(app: &App, signed_in: &SignedIn, basket: BasketId, sent: &Sent) -> Result<Outcome, Problem> {
    let frame = Frame::of(signed_in);
    let mut outcome = Outcome { wrong: wrong_values(&frame, sent), ..Outcome::default() };
    if !outcome.wrong.is_empty() {
        return Ok(outcome);
    }
    for (line, edit) in &sent.edits {
        match change(app, signed_in, &frame, basket, *line, edit).await {
            Ok(Ok(position)) => outcome.position = position.or(outcome.position),
            Ok(Err(wrong)) => outcome.wrong.push(wrong),
            Err(problem) => {
                outcome.refused = Some(problem);
                return Ok(outcome);
            }
        }
    }
    if let Some(line_id) = sent.remove {
        match app.execute(signed_in.envelope(app), basket, BasketRequest::RemoveLine { line_id }).await {
            Ok(done) => outcome.position = Some(done.position),
            // Somebody else, or an earlier click, has taken it out.
            Err(problem) if problem.slug == "unknown-line" => {}
            Err(problem) => outcome.refused = Some(problem),
        }
    }
    Ok(outcome)
}

fn wrong_values(frame: &Frame, sent: &Sent) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for (line, edit) in &sent.edits {
        let mut refuse = |quantity: bool, problem: Problem| {
            wrong.push(Wrong { line: *line, quantity, error: frame.refusal(&problem), problem });
        };
        if let Some(typed) = &edit.quantity
            && !typed.text.parse().is_ok_and(is_quantity)
        {
            refuse(true, bad_quantity());
        }
        if let Some(typed) = &edit.reference
            && let Err(problem) = form::optional_text::<LineReference>(Some(&typed.text), "line_reference")
        {
            refuse(false, problem);
        }
    }
    wrong
}

/// Changes one line on the state that was looked at; looks again when somebody else was faster. The position of the
/// change, if there was one to be made.
async fn change(
    app: &App,
    signed_in: &SignedIn,
    frame: &Frame,
    basket: BasketId,
    line: LineId,
    edit: &Edit,
) -> Result<Result<Option<u64>, Wrong>, Problem> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let ask = |basket: &Basket| basket.opened().and_then(|opened| opened.find_line(line).cloned());
        let peeked = app.commands.peek_now::<Basket, _>(signed_in.shop(), &basket.to_string(), ask).await?;
        let Some(found) = peeked.value else {
            return Err(Problem::new(StatusCode::NOT_FOUND, "unknown-line"));
        };
        let request = match request(app, signed_in, frame, &found, edit).await? {
            Ok(Some(request)) => request,
            Ok(None) => return Ok(Ok(None)),
            Err(wrong) => return Ok(Err(wrong)),
        };
        let mut envelope = signed_in.envelope(app);
        envelope.if_match = Some(peeked.sequence);
        match app.execute(envelope, basket, request).await {
            Ok(done) => return Ok(Ok(Some(done.position))),
            Err(problem) if problem.slug == "stale" && attempt < ATTEMPTS => {}
            Err(problem) => return Err(problem),
        }
    }
}

/// What changes on a line as it is; nothing if it is so already.
async fn request(
    app: &App,
    signed_in: &SignedIn,
    frame: &Frame,
    line: &Line,
    edit: &Edit,
) -> Result<Result<Option<BasketRequest>, Wrong>, Problem> {
    let clear = names::open(app, signed_in.shop(), line.line_reference.map(|reference| reference.digest)).await?;
    let now_reference = clear.field(line.line_reference).unwrap_or_default();
    let wrong = |quantity: bool, now: &str| Wrong {
        line: line.line_id,
        quantity,
        error: frame.t_with("line-changed-since", "now", if now.is_empty() { "—" } else { now }),
        problem: Problem::new(StatusCode::CONFLICT, "contended"),
    };
    let (mut quantity, mut reference) = (None, None);
    if let Some(typed) = edit.quantity.as_ref().filter(|typed| typed.text != typed.seen) {
        let now = seen_quantity(u64::from(line.quantity));
        if typed.text != now && typed.seen != now {
            return Ok(Err(wrong(true, &now)));
        }
        quantity = typed.text.parse().ok().filter(|quantity| *quantity != line.quantity);
    }
    if let Some(typed) = edit.reference.as_ref().filter(|typed| seen_reference(&typed.text) != typed.seen) {
        if typed.text != now_reference && typed.seen != seen_reference(&now_reference) {
            return Ok(Err(wrong(false, &now_reference)));
        }
        if typed.text != now_reference {
            let sealed: Option<SealText<LineReference>> = form::optional_text(Some(&typed.text), "line_reference")?;
            reference = Some(sealed);
        }
    }
    let changed = quantity.is_some() || reference.is_some();
    let line_id = line.line_id;
    Ok(Ok(changed.then_some(BasketRequest::ChangeLine { line_id, quantity, line_reference: reference })))
}
