//! *Nouveau client* (B02): the bookshop writes down somebody and his organisation; the account waits to be granted.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_commands::AccountRequest;
use bordereau_domain::AccountId;

use super::{
    super::{
        field::{Field, Told, refuse},
        frame::Frame,
        notice::Notice,
        redirect::SeeOther,
        registration::organisation_fields,
        sent::Sent,
        signed_in::SignedIn,
    },
    form::taken,
};
use crate::{
    accounts::{NewcomerBody, newcomer},
    app::App,
    extract::Answered,
    problem::Problem,
};

const FIELDS: [&str; 7] = ["name", "email", "phone", "company", "vat_number", "chamber_number", "department"];

#[derive(Template)]
#[template(path = "newcomer.html")]
struct NewcomerPage {
    frame: Frame,
    told: Option<Told>,
    fields: Vec<Field>,
}

impl NewcomerPage {
    fn new(signed_in: &SignedIn, sent: &Sent) -> Self {
        let frame = Frame::of(signed_in);
        let text = |name, label: &str| Field::text(name, frame.t(label));
        let person = [
            text("name", "account-form-name"),
            Field { kind: "email", ..text("email", "account-form-email") },
            Field { kind: "tel", ..text("phone", "account-phone").optional() },
        ];
        // What is typed here is somebody else's: the browser offers nothing of its reader's own.
        let organisation = organisation_fields(&frame).map(|field| Field { autocomplete: "off", ..field });
        let holding = |field: Field| {
            let value = sent.text(field.name);
            field.holding(value)
        };
        let fields = person.into_iter().chain(organisation).map(holding).collect();
        Self { frame, told: None, fields }
    }
}

/// The form.
pub async fn show(signed_in: SignedIn) -> Response {
    let page = NewcomerPage::new(&signed_in, &Sent::default());
    page.frame.answer(StatusCode::OK, &page)
}

/// Writes somebody down.
pub async fn write_down(State(app): State<App>, signed_in: SignedIn, sent: Sent) -> Response {
    match try_write_down(&app, &signed_in, &sent).await {
        Ok((account, done)) => SeeOther::to(&format!("/accounts/{account}"), signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::NewcomerWrittenDown)
            .into_response(),
        Err(problem) => {
            let mut page = NewcomerPage::new(&signed_in, &sent);
            let frame = page.frame.clone();
            page.told = refuse(&frame, &mut page.fields.iter_mut().collect::<Vec<_>>(), taken(&problem), &problem);
            frame.answer_refused(&problem, &page)
        }
    }
}

async fn try_write_down(app: &App, signed_in: &SignedIn, sent: &Sent) -> Result<(AccountId, Answered), Problem> {
    sent.only(&FIELDS)?;
    let text = |field| sent.text(field).to_owned();
    let newcomer = newcomer(&NewcomerBody {
        email: text("email"),
        name: text("name"),
        phone: Some(text("phone")),
        company: text("company"),
        vat_number: text("vat_number"),
        chamber_number: Some(text("chamber_number")),
        department: Some(text("department")),
    })?;
    let account = newcomer.account_id;
    Ok((account, app.execute(signed_in.envelope(app), account, AccountRequest::Request(Box::new(newcomer))).await?))
}
