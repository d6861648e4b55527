//! One account: who it is, and what may be done with it.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_commands::{AccountRequest, SentChange};
use bordereau_domain::{
    AccountId, Role,
    account::{Account, AccountStatus},
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    super::{
        clients::{Named, looks, narrows, ticked},
        field::{Field, Told, plain_label, refuse},
        frame::Frame,
        notice::Notice,
        redirect::SeeOther,
        registration::organisation_fields_holding,
        sent::Sent,
        signed_in::SignedIn,
    },
    bookshop,
    erasure::reason_field,
    form::{INSTITUTIONS, chosen_role, establishment_field, institutions_field, role_field},
};
use crate::{
    accounts::{actions_of, find_visible, locked_until, may_read_request, sealed},
    app::App,
    extract::Answered,
    form,
    names::{self, Clear},
    problem::Problem,
};

/// Most institutions that the page names.
const MOST_NAMED: usize = 20;

/// What its person said when he asked for it.
struct Said {
    label: String,
    text: String,
}

/// What an organisation said of itself, in words. The star of the labels is for those who fill the form.
fn said(frame: &Frame, account: &Account, clear: &Clear) -> Vec<Said> {
    let Some(said) = account.registration() else { return Vec::new() };
    let told = [
        ("registration-company", clear.text(said.company.digest)),
        ("registration-vat-number", clear.field(said.vat_number)),
        ("registration-chamber-number", clear.field(said.chamber_number)),
        ("registration-department", clear.field(said.department)),
    ];
    let label = |key: &str| plain_label(&frame.t(key));
    told.into_iter().filter_map(|(key, text)| text.map(|text| Said { label: label(key), text })).collect()
}

/// The forms of the page that hold what is the case.
struct Forms {
    edit: Vec<Field>,
    assign: Vec<Field>,
    approve: Vec<Field>,
    organisation: [Field; 4],
    bookshop: Vec<Field>,
}

impl Forms {
    async fn new(
        app: &App,
        signed_in: &SignedIn,
        frame: &Frame,
        (account, clear): (&Account, &Clear),
        (part, sent): (Part, &Sent),
    ) -> Result<Self, Problem> {
        let details = account.details();
        let name = details.and_then(|of| clear.text(of.name.digest)).unwrap_or_default();
        let phone = details.and_then(|of| clear.field(of.phone)).unwrap_or_default();
        let phone_field = Field { kind: "tel", ..Field::text("phone", frame.t("account-phone")) };
        let edit = vec![
            Field::text("name", frame.t("account-name")).within("edit").holding(name),
            phone_field.within("edit").holding(phone).optional(),
        ];
        let role = role_field(frame, signed_in.caller.actor.role);
        let opened = account.opened();
        let now: Vec<_> = opened.iter().map(|opened| opened.role.to_string()).collect();
        let theirs = opened.map(|opened| opened.institutions.as_slice()).unwrap_or_default();
        let (nothing, of) = (Sent::default(), |of| if part == of { Some(sent) } else { None });
        let assigned = of(Part::Assign).unwrap_or(&nothing);
        let assigned = institutions_field(app, signed_in, frame, assigned, theirs).await?;
        let assign = vec![role.clone().within("assign").choosing(&now), assigned.within("assign")];
        let granted = of(Part::Approve).unwrap_or(&nothing);
        let granted = institutions_field(app, signed_in, frame, granted, &[]).await?;
        let mut approve = vec![role.within("approve"), granted.within("approve")];
        approve.extend(establishment_field(app, signed_in, frame).await?.map(|field| field.within("approve")));
        approve.push(Field::area("message", frame.t("account-message")).within("approve").optional());
        let organisation = organisation_fields_holding(frame, account.registration(), clear);
        let organisation = organisation.map(|field| field.within("organisation"));
        let bookshop = bookshop::fields(app, signed_in, frame, account, clear).await?;
        Ok(Self { edit, assign, approve, organisation, bookshop })
    }
}

/// An account's page.
#[derive(Template)]
#[template(path = "account_of.html")]
pub struct AccountPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What is wrong and no single field's.
    pub told: Option<Told>,
    id: Uuid,
    name_now: String,
    email: Option<String>,
    phone_now: Option<String>,
    role_now: Option<String>,
    class: &'static str,
    status: String,
    institutions_now: Named,
    said: Vec<Said>,
    message_now: Option<String>,
    opened_at: DateTime<Utc>,
    /// Of its last event: who grants it grants what he sees.
    sequence: u64,
    locked_until: Option<DateTime<Utc>>,
    /// Last path segments of what the reader may do.
    actions: Vec<&'static str>,
    /// Whether the reader may act in its place: the bookshop may in that of every buyer (W13).
    may_act_for: bool,
    /// Name and telephone number.
    pub edit: Vec<Field>,
    /// Role and institutions.
    pub assign: Vec<Field>,
    /// What granting it asks for.
    pub approve: Vec<Field>,
    /// Its organisation, while it is not granted.
    pub organisation: [Field; 4],
    /// What the bookshop alone sets.
    pub bookshop: Vec<Field>,
    /// Whether it has the power to act for its colleagues.
    substitutes: bool,
    /// A word with a refusal.
    pub decline: Field,
    /// A word.
    pub message: Field,
    /// Why the bookshop erases its person.
    pub erase: Field,
}

impl AccountPage {
    /// Whether the reader may do this now.
    fn may(&self, action: &str) -> bool {
        self.actions.contains(&action)
    }

    /// Whether a form looks for institutions too.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn looks(&self, fields: &[Field]) -> bool {
        looks(fields)
    }

    /// Reads the account that a path names.
    ///
    /// # Errors
    /// 404 when there is none or he may not know of it; 503.
    pub async fn read(app: &App, signed_in: &SignedIn, id: &str) -> Result<Self, Problem> {
        Self::read_with(app, signed_in, id, (Part::None, &Sent::default())).await
    }

    /// The same after one of its forms was sent.
    ///
    /// # Errors
    /// As above.
    pub async fn read_with(app: &App, signed_in: &SignedIn, id: &str, sent: (Part, &Sent)) -> Result<Self, Problem> {
        signed_in.settle(app, "account_list").await?;
        let row = find_visible(app, &signed_in.reading(), id).await?;
        let locked = locked_until(app, &signed_in.caller, row.id).await?;
        let actions = actions_of(app, &signed_in.caller, &row, locked.is_some()).await?;
        let clear = names::open(app, signed_in.shop(), sealed(&row.account)).await?;
        let frame = Frame::of(signed_in);
        let (opened, details) = (row.account.opened(), row.account.details());
        let actor = &signed_in.caller.actor;
        let name = details.and_then(|of| clear.text(of.name.digest));
        let phone = details.and_then(|of| clear.field(of.phone));
        let status = row.account.status();
        let inside = may_read_request(actor, &row.account);
        let Forms { edit, assign, approve, organisation, bookshop } =
            Forms::new(app, signed_in, &frame, (&row.account, &clear), sent).await?;
        Ok(Self {
            told: None,
            id: row.id.0,
            edit,
            assign,
            approve,
            organisation,
            bookshop,
            substitutes: opened.is_some_and(|opened| opened.substitutes),
            decline: Field::area("message", frame.t("account-message")).within("decline").optional(),
            message: Field::area("text", frame.t("account-message")).within("message"),
            erase: reason_field(&frame),
            name_now: name.unwrap_or_else(|| frame.t("erased")),
            email: row.account.email().and_then(|email| clear.text(email.digest)),
            phone_now: phone,
            role_now: opened.map(|opened| frame.role(&opened.role)),
            class: class(status),
            status: status.map(|status| frame.t(&format!("account-status-{}", status.as_str()))).unwrap_or_default(),
            institutions_now: Named::of(&row.institutions, MOST_NAMED),
            said: if inside { said(&frame, &row.account, &clear) } else { Vec::new() },
            message_now: clear.field(row.account.message().filter(|_| inside)),
            opened_at: row.opened_at,
            sequence: row.sequence,
            locked_until: locked,
            may_act_for: actor.role == Role::Bookseller
                && actor.on_behalf_of.is_none()
                && opened.is_some_and(|opened| opened.active && opened.role.is_institutional()),
            actions,
            frame,
        })
    }

    /// The page with a refusal beside one of these fields, which hold what was sent.
    pub fn refused(mut self, problem: &Problem, of: Part, sent: &Sent) -> Response {
        let frame = self.frame.clone();
        let fields = self.hold(of, sent);
        let told = refuse(&frame, &mut fields.iter_mut().collect::<Vec<_>>(), None, problem);
        self.told = told;
        frame.answer_refused(problem, &self)
    }

    /// The page with what was sent, and other choices.
    pub fn narrowed(mut self, of: Part, sent: &Sent) -> Response {
        self.hold(of, sent);
        self.frame.answer(StatusCode::OK, &self)
    }

    /// Fills the fields of a form with what was sent; those of institutions were made with it.
    fn hold(&mut self, of: Part, sent: &Sent) -> &mut [Field] {
        let fields: &mut [Field] = match of {
            Part::Edit => &mut self.edit,
            Part::Assign => &mut self.assign,
            Part::Approve => &mut self.approve,
            Part::Organisation => &mut self.organisation,
            Part::Bookshop => &mut self.bookshop,
            Part::Decline => std::slice::from_mut(&mut self.decline),
            Part::Message => std::slice::from_mut(&mut self.message),
            Part::Erase => std::slice::from_mut(&mut self.erase),
            Part::None => &mut [],
        };
        for field in fields.iter_mut().filter(|field| field.name != INSTITUTIONS) {
            let values = sent.all(field.name);
            let chosen = !field.choices.is_empty();
            *field =
                if chosen { field.clone().choosing(&values) } else { field.clone().holding(sent.text(field.name)) };
        }
        fields
    }
}

/// The shape and colour of an account's state.
const fn class(status: Option<AccountStatus>) -> &'static str {
    match status {
        Some(AccountStatus::Active) => "state done",
        Some(AccountStatus::Requested) => "state waiting",
        Some(AccountStatus::Inactive | AccountStatus::Declined | AccountStatus::Private) | None => "state ended",
    }
}

/// A form of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Name and telephone number.
    Edit,
    /// Role and institutions.
    Assign,
    /// Granting it.
    Approve,
    /// Its organisation.
    Organisation,
    /// What the bookshop alone sets.
    Bookshop,
    /// Refusing it.
    Decline,
    /// A word.
    Message,
    /// Erasing its person.
    Erase,
    /// A button alone.
    None,
}

/// Leads back to an account that was changed, or shows it with what was refused.
///
/// # Errors
/// 404 when there is none or he may not know of it; 503.
pub async fn done(
    app: &App,
    signed_in: &SignedIn,
    id: &str,
    tried: Result<Answered, Problem>,
    notice: Notice,
    (part, sent): (Part, &Sent),
) -> Result<Response, Problem> {
    match tried {
        Ok(done) => Ok(SeeOther::to(&format!("/accounts/{id}"), signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(notice)
            .into_response()),
        Err(problem) => {
            Ok(AccountPage::read_with(app, signed_in, id, (part, sent)).await?.refused(&problem, part, sent))
        }
    }
}

/// Shows an account again with other institutions to choose from.
///
/// # Errors
/// 404 when there is none or he may not know of it; 503.
pub async fn narrowed(
    app: &App,
    signed_in: &SignedIn,
    id: &str,
    (part, sent): (Part, &Sent),
) -> Result<Response, Problem> {
    Ok(AccountPage::read_with(app, signed_in, id, (part, sent)).await?.narrowed(part, sent))
}

/// The page.
pub async fn show(State(app): State<App>, signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let page = AccountPage::read(&app, &signed_in, &id).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}

/// Changes name and telephone number.
pub async fn edit(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    let tried = try_edit(&app, &signed_in, &id, &sent).await;
    done(&app, &signed_in, &id, tried, Notice::AccountChanged, (Part::Edit, &sent)).await
}

async fn try_edit(app: &App, signed_in: &SignedIn, id: &str, sent: &Sent) -> Result<Answered, Problem> {
    sent.only(&["name", "phone"])?;
    let account_id: AccountId = form::id(id)?;
    let change = SentChange {
        name: Some(form::text(sent.text("name"), "name")?),
        phone: Some(form::optional_text(Some(sent.text("phone")), "phone")?),
        ..SentChange::default()
    };
    app.execute(signed_in.envelope(app), account_id, AccountRequest::Change(Box::new(change))).await
}

/// Gives it another role or other institutions.
pub async fn assign(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    if narrows(&sent, &[INSTITUTIONS]) {
        return narrowed(&app, &signed_in, &id, (Part::Assign, &sent)).await;
    }
    let tried = try_assign(&app, &signed_in, &id, &sent).await;
    done(&app, &signed_in, &id, tried, Notice::AccountChanged, (Part::Assign, &sent)).await
}

async fn try_assign(app: &App, signed_in: &SignedIn, id: &str, sent: &Sent) -> Result<Answered, Problem> {
    sent.only(&["role", INSTITUTIONS])?;
    let account_id: AccountId = form::id(id)?;
    let ask = |account: &Account| account.opened().map(|opened| opened.institutions.clone()).unwrap_or_default();
    let before = app.commands.peek::<Account, _>(signed_in.shop(), &account_id.to_string(), ask).await?.value;
    let institutions = ticked(sent, INSTITUTIONS, &before)?;
    let request = AccountRequest::Assign { account_id, role: chosen_role(sent)?.into(), institutions };
    app.execute(signed_in.envelope(app), account_id, request).await
}
