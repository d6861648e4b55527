//! « Créer un compte B2B » (B07), where the bookshop lets people ask (B01).

use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_domain::{ShopCode, account::Registration, shop::Shop};
use serde::Deserialize;

use super::{
    doors::{Pages, Who},
    field::{Choice, Field, Form, Told, refuse},
    frame::Frame,
    notice::Notice,
    password::check_confirmation,
    reader::Reader,
    redirect::SeeOther,
    transport::Transport,
};
use crate::{
    accounts::{RegistrationBody, register},
    app::App,
    extract::Peer,
    names::Clear,
    problem::Problem,
};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages.get("/registration", Who::Everybody, show).post("/registration", Who::Everybody, ask)
}

/// The shops that let people ask for accounts: code and name.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn open_shops(app: &App) -> Result<Vec<(ShopCode, String)>, Problem> {
    let mut open = Vec::new();
    for head in app.store.heads().await? {
        let Ok(code) = head.ledger.parse::<ShopCode>() else { continue };
        let ask = |shop: &Shop| shop.opened().filter(|of| of.registration_open).map(|of| of.name.clone());
        if let Some(name) = app.commands.peek::<Shop, _>(code.as_str(), code.as_str(), ask).await?.value {
            open.push((code, name));
        }
    }
    Ok(open)
}

/// The fields of an organisation, which every form that asks for one shares.
pub fn organisation_fields(frame: &Frame) -> [Field; 4] {
    let text = |name, label: &str| Field::text(name, frame.t(label));
    [
        Field { autocomplete: "organization", ..text("company", "registration-company") },
        text("vat_number", "registration-vat-number"),
        text("chamber_number", "registration-chamber-number").optional(),
        text("department", "registration-department").optional(),
    ]
}

/// The same with what was said last, where something was.
pub fn organisation_fields_holding(frame: &Frame, said: Option<Registration>, clear: &Clear) -> [Field; 4] {
    let [company, vat_number, chamber_number, department] = organisation_fields(frame);
    let Some(said) = said else { return [company, vat_number, chamber_number, department] };
    [
        company.holding(clear.text(said.company.digest).unwrap_or_default()),
        vat_number.holding(clear.field(said.vat_number).unwrap_or_default()),
        chamber_number.holding(clear.field(said.chamber_number).unwrap_or_default()),
        department.holding(clear.field(said.department).unwrap_or_default()),
    ]
}

#[derive(Template)]
#[template(path = "registration.html")]
struct RegistrationPage {
    frame: Frame,
    told: Option<Told>,
    /// Whether anybody may ask here at all.
    open: bool,
    /// Whether a password may be sent.
    safe: bool,
    fields: Vec<Field>,
}

impl RegistrationPage {
    async fn new(app: &App, reader: &Reader, wanted: &str) -> Result<Self, Problem> {
        let frame = Frame::open(reader);
        let shops = open_shops(app).await?;
        let choices: Vec<_> = shops.iter().map(|(code, name)| Choice::new(code, name.clone())).collect();
        let open = !choices.is_empty();
        let first = [wanted.to_owned()];
        let shop = Field::select("shop", frame.t("registration-shop"), choices).choosing(&first);
        let mut fields = vec![shop];
        fields.extend(organisation_fields(&frame));
        fields.extend([
            Field { autocomplete: "name", ..Field::text("name", frame.t("registration-name")) },
            Field { kind: "tel", autocomplete: "tel", ..Field::text("phone", frame.t("account-phone")) }.optional(),
            Field::login("email", frame.t("account-form-email")),
            Field::password("password", frame.t("account-form-password"), "new-password")
                .hinting(frame.t("password-hint")),
            Field::password("confirmation", frame.t("account-form-confirmation"), "new-password"),
        ]);
        Ok(Self { told: None, open, safe: reader.transport != Transport::Clear, fields, frame })
    }
}

/// Which shop.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ShopQuery {
    shop: String,
}

async fn show(
    State(app): State<App>,
    reader: Reader,
    query: Result<Query<ShopQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let wanted = query.map(|Query(query)| query.shop).unwrap_or_default();
    let page = RegistrationPage::new(&app, &reader, &wanted).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}

/// Who asks, and for whom.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegistrationForm {
    shop: String,
    company: String,
    vat_number: String,
    #[serde(default)]
    chamber_number: String,
    #[serde(default)]
    department: String,
    name: String,
    #[serde(default)]
    phone: String,
    email: String,
    password: String,
    confirmation: String,
}

async fn ask(
    State(app): State<App>,
    reader: Reader,
    peer: Peer,
    Form(sent): Form<RegistrationForm>,
) -> Result<Response, Problem> {
    match try_ask(&app, &reader, peer, &sent).await {
        Ok(()) => Ok(SeeOther::to("/sign-in", reader.transport).saying(Notice::RegistrationSent).into_response()),
        Err(problem) => {
            let mut page = RegistrationPage::new(&app, &reader, &sent.shop).await?;
            let frame = page.frame.clone();
            let typed = [
                ("company", sent.company),
                ("vat_number", sent.vat_number),
                ("chamber_number", sent.chamber_number),
                ("department", sent.department),
                ("name", sent.name),
                ("phone", sent.phone),
                ("email", sent.email),
            ];
            for (name, value) in typed {
                if let Some(field) = page.fields.iter_mut().find(|field| field.name == name) {
                    field.value = value;
                }
            }
            page.told = refuse(&frame, &mut page.fields.iter_mut().collect::<Vec<_>>(), None, &problem);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}

async fn try_ask(app: &App, reader: &Reader, peer: Peer, sent: &RegistrationForm) -> Result<(), Problem> {
    if reader.transport == Transport::Clear {
        return Err(Problem::new(StatusCode::FORBIDDEN, "clear-connection"));
    }
    peer.check_links(app)?;
    check_confirmation(&sent.password, &sent.confirmation)?;
    let filled = |text: &String| Some(text.clone()).filter(|text| !text.trim().is_empty());
    let body = RegistrationBody {
        shop: sent.shop.clone(),
        email: sent.email.clone(),
        name: sent.name.clone(),
        phone: filled(&sent.phone),
        company: sent.company.clone(),
        vat_number: sent.vat_number.clone(),
        chamber_number: filled(&sent.chamber_number),
        department: filled(&sent.department),
        password: sent.password.clone(),
    };
    register(app, &body, Some(reader.language)).await
}
