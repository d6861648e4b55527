//! *Ajouter un compte collectivité* (L22), and adding somebody who has an account already (B17).

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_commands::new_id;
use bordereau_domain::{AccountId, InstitutionId, Role};

use super::{
    super::{
        clients::{looks, narrows},
        field::{Choice, Field, Told, refuse},
        frame::Frame,
        notice::Notice,
        password::check_confirmation,
        redirect::SeeOther,
        sent::Sent,
        signed_in::SignedIn,
    },
    form::{INSTITUTIONS, chosen_role, establishment_field, institutions_field, role_field, taken},
    list::{AccountQuery, AccountsPage},
};
use crate::{
    accounts::{OpenBody, RoleName, join_by_email, opening},
    app::App,
    extract::Answered,
    problem::Problem,
};

#[derive(Template)]
#[template(path = "account_new.html")]
struct NewPage {
    frame: Frame,
    told: Option<Told>,
    fields: Vec<Field>,
}

impl NewPage {
    /// Whether the form looks for institutions too.
    fn looks(&self) -> bool {
        looks(&self.fields)
    }
}

const FIELDS: [&str; 9] =
    ["email", "name", "phone", "role", INSTITUTIONS, "establishment_id", "first_password", "password", "confirmation"];

impl NewPage {
    async fn new(app: &App, signed_in: &SignedIn, sent: &Sent) -> Result<Self, Problem> {
        let frame = Frame::of(signed_in);
        let text = |name, label: &str| Field::text(name, frame.t(label)).holding(sent.text(name));
        let chosen = |field: Field| {
            let values = sent.all(field.name);
            if values.is_empty() { field } else { field.choosing(&values) }
        };
        let ways = ["link", "typed"].map(|way| Choice::new(way, frame.t(&format!("account-form-password-{way}"))));
        let way = Field::radio("first_password", frame.t("account-form-first-password"), ways.into());
        let email = Field { kind: "email", autocomplete: "off", ..text("email", "account-form-email") };
        let password = Field::password("password", frame.t("account-form-password"), "new-password");
        let confirmation = Field::password("confirmation", frame.t("account-form-confirmation"), "new-password");
        let mut fields = vec![
            email,
            text("name", "account-form-name"),
            Field { kind: "tel", ..text("phone", "account-phone").optional() },
            chosen(role_field(&frame, signed_in.caller.actor.role)),
            institutions_field(app, signed_in, &frame, sent, &[]).await?,
        ];
        fields.extend(establishment_field(app, signed_in, &frame).await?.map(chosen));
        fields.extend([
            chosen(way.choosing(&["link".to_owned()])),
            password.quiet().hinting(frame.t("account-form-password-hint")),
            confirmation.quiet(),
        ]);
        Ok(Self { told: None, fields, frame })
    }
}

/// The form.
pub async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Problem> {
    signed_in.caller.must_be_himself()?;
    let page = NewPage::new(&app, &signed_in, &Sent::default()).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}

/// Opens an account.
pub async fn open(State(app): State<App>, signed_in: SignedIn, sent: Sent) -> Result<Response, Problem> {
    if narrows(&sent, &[INSTITUTIONS]) {
        let page = NewPage::new(&app, &signed_in, &sent).await?;
        return Ok(page.frame.answer(StatusCode::OK, &page));
    }
    match try_open(&app, &signed_in, &sent).await {
        Ok((account, done)) => Ok(SeeOther::to(&format!("/accounts/{account}"), signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::AccountOpened)
            .into_response()),
        Err(problem) => {
            let mut page = NewPage::new(&app, &signed_in, &sent).await?;
            let frame = page.frame.clone();
            page.told = refuse(&frame, &mut page.fields.iter_mut().collect::<Vec<_>>(), taken(&problem), &problem);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}

async fn try_open(app: &App, signed_in: &SignedIn, sent: &Sent) -> Result<(AccountId, Answered), Problem> {
    sent.only(&FIELDS)?;
    let password = match sent.text("first_password") {
        "typed" => {
            check_confirmation(sent.text("password"), sent.text("confirmation"))?;
            Some(sent.text("password").to_owned())
        }
        _ => None,
    };
    let body = OpenBody {
        email: sent.text("email").to_owned(),
        name: sent.text("name").to_owned(),
        phone: Some(sent.text("phone").to_owned()),
        role: chosen_role(sent)?,
        institution_ids: sent.ids(INSTITUTIONS)?,
        establishment_id: sent.chosen("establishment_id")?,
        password,
    };
    let account = AccountId(new_id());
    let request = opening(app, &signed_in.caller, account, &body).await?;
    Ok((account, app.execute(signed_in.envelope(app), account, request).await?))
}

/// Lets somebody who has an account act for one institution more.
pub async fn join(State(app): State<App>, signed_in: SignedIn, sent: Sent) -> Result<Response, Problem> {
    if narrows(&sent, &["institution_id"]) {
        let page = joining(&app, &signed_in, &sent).await?;
        return Ok(page.frame.answer(StatusCode::OK, &page));
    }
    match try_join(&app, &signed_in, &sent).await {
        Ok(done) => Ok(SeeOther::to("/accounts", signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::AccountJoined)
            .into_response()),
        Err(problem) => {
            let mut page = joining(&app, &signed_in, &sent).await?;
            let frame = page.frame.clone();
            page.told = refuse(&frame, &mut [&mut page.email, &mut page.institution, &mut page.role], None, &problem);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}

/// The list with the form of it open, and what was sent in it.
async fn joining(app: &App, signed_in: &SignedIn, sent: &Sent) -> Result<AccountsPage, Problem> {
    let mut page = AccountsPage::read(app, signed_in, &AccountQuery::default(), sent).await?;
    page.email = page.email.holding(sent.text("email"));
    page.role = page.role.choosing(&sent.all("role"));
    page.joining = true;
    Ok(page)
}

async fn try_join(app: &App, signed_in: &SignedIn, sent: &Sent) -> Result<Answered, Problem> {
    sent.only(&["email", "institution_id", "role"])?;
    let institution: InstitutionId =
        sent.chosen("institution_id")?.ok_or_else(|| Problem::invalid("not-chosen", "institution_id"))?;
    let role = sent
        .chosen::<Role>("role")?
        .map(|role| RoleName::of(role).ok_or_else(|| Problem::invalid("not-chosen", "role")));
    let envelope = signed_in.envelope(app);
    join_by_email(app, &signed_in.caller, envelope, institution, sent.text("email"), role.transpose()?).await
}
