//! What is done with a whole basket: the steps between roles, its name, its end. Each on the basket that was looked at:
//! when somebody else has changed it since, the page comes back as it is now and says so.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use bordereau_commands::BasketRequest;
use bordereau_domain::{
    BasketId, Role,
    basket::{Action, BasketError},
};
use serde::Deserialize;

use super::show::BasketPage;
use crate::{
    app::App,
    baskets::find_visible,
    extract::Answered,
    form,
    pages::{
        conditions::conditioned,
        field::{Form, refuse},
        local_path::LocalPath,
        notice::Notice,
        redirect::SeeOther,
        signed_in::SignedIn,
    },
    problem::Problem,
};

/// A step, with a word if one likes.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepForm {
    #[serde(default)]
    comment: String,
    /// The sequence on the page from which it was sent.
    seen: Option<u64>,
    /// The form counts once.
    key: Option<String>,
    /// Where it leads, where that is not as usual.
    next: Option<LocalPath>,
}

/// A new name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenameForm {
    name: String,
}

/// A step between roles.
#[derive(Clone, Copy, Debug)]
enum Step {
    Send,
    Validate,
    Unlock,
    Return,
    TakeOver,
    Reprice,
    Discard,
}

impl Step {
    /// What is asked of the basket.
    fn request(self, comment: &str) -> Result<BasketRequest, Problem> {
        Ok(match self {
            Self::Send => BasketRequest::SendToApprover { comment: form::optional_text(Some(comment), "comment")? },
            Self::Validate => BasketRequest::Validate { comment: form::optional_text(Some(comment), "comment")? },
            Self::Return => BasketRequest::Return { comment: form::optional_text(Some(comment), "comment")? },
            Self::Unlock => BasketRequest::Unlock,
            Self::TakeOver => BasketRequest::TakeOver,
            Self::Reprice => BasketRequest::Reprice,
            Self::Discard => BasketRequest::Discard,
        })
    }

    /// Whether it must meet the basket that was looked at. The others do no harm to what they have not seen.
    const fn is_on_what_was_seen(self) -> bool {
        match self {
            Self::Send | Self::Validate | Self::Return | Self::Discard => true,
            Self::Unlock | Self::TakeOver | Self::Reprice => false,
        }
    }

    const fn notice(self) -> Notice {
        match self {
            Self::Send => Notice::BasketSent,
            Self::Validate => Notice::BasketValidated,
            Self::Unlock => Notice::BasketUnlocked,
            Self::Return => Notice::BasketGivenBack,
            Self::TakeOver => Notice::BasketTakenOver,
            Self::Reprice => Notice::BasketRepriced,
            Self::Discard => Notice::BasketDiscarded,
        }
    }

    /// Where it leads: whoever judges others' baskets goes on to the next one.
    fn leads_to(self, basket: BasketId, role: Role) -> String {
        match (self, role) {
            (Self::Discard, _) => "/baskets".to_owned(),
            (Self::Validate | Self::Return, Role::Approver | Role::Purchaser) => "/baskets?tray=to_validate".to_owned(),
            _ => BasketPage::path(basket, 1),
        }
    }
}

async fn take(app: &App, signed_in: &SignedIn, id: BasketId, step: Step, sent: &StepForm) -> Result<Answered, Problem> {
    let request = step.request(&sent.comment)?;
    let seen = sent.seen.filter(|_| step.is_on_what_was_seen());
    let said = [id.to_string(), step.notice().code().to_owned(), sent.comment.clone()];
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    let envelope = conditioned(signed_in.envelope(app), seen, sent.key.as_deref(), &said);
    app.execute(envelope, id, request).await
}

async fn answer(app: &App, signed_in: &SignedIn, path: &str, step: Step, sent: &StepForm) -> Result<Response, Problem> {
    let id: BasketId = form::id(path)?;
    match take(app, signed_in, id, step, sent).await {
        Ok(done) => {
            let to = step.leads_to(id, signed_in.caller.actor.role);
            let to = sent.next.as_ref().map_or(to.as_str(), LocalPath::as_str);
            Ok(SeeOther::to(to, signed_in.reader.transport)
                .written(signed_in.shop(), done.position)
                .saying(step.notice())
                .into_response())
        }
        Err(problem) => {
            let mut page = BasketPage::read_now(app, signed_in, path).await?;
            page.comment.clone_from(&sent.comment);
            page.tell(&problem);
            Ok(page.frame.answer_refused(&problem, &page))
        }
    }
}

/// *Envoyer ce panier à l'approbateur* (L42).
pub async fn send(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<StepForm>,
) -> Result<Response, Problem> {
    answer(&app, &signed_in, &id, Step::Send, &sent).await
}

/// *Transmettre ce panier à la collectivité* (L43).
pub async fn validate(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<StepForm>,
) -> Result<Response, Problem> {
    answer(&app, &signed_in, &id, Step::Validate, &sent).await
}

/// *Déverrouiller le panier* (L43 L44).
pub async fn unlock(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<StepForm>,
) -> Result<Response, Problem> {
    answer(&app, &signed_in, &id, Step::Unlock, &sent).await
}

/// *Retourner ce panier au rôle précédent* (L41).
pub async fn give_back(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<StepForm>,
) -> Result<Response, Problem> {
    answer(&app, &signed_in, &id, Step::Return, &sent).await
}

/// Takes over the basket of somebody who has gone.
pub async fn take_over(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<StepForm>,
) -> Result<Response, Problem> {
    answer(&app, &signed_in, &id, Step::TakeOver, &sent).await
}

/// Brings the lines to the prices of the day; a basket that is locked is unlocked for it.
pub async fn reprice(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(path): Path<String>,
    Form(sent): Form<StepForm>,
) -> Result<Response, Problem> {
    let id: BasketId = form::id(&path)?;
    signed_in.settle(&app, "basket_detail").await?;
    let (detail, context) = find_visible(&app, &signed_in.reading(), &path).await?;
    let judge = |action| detail.basket.may_act(action, &context, &detail.standing);
    if judge(Action::Reprice) == Err(BasketError::Locked) && judge(Action::Unlock).is_ok() {
        take(&app, &signed_in, id, Step::Unlock, &StepForm::default()).await?;
    }
    answer(&app, &signed_in, &path, Step::Reprice, &sent).await
}

/// Deletes a draft (L40).
pub async fn discard(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<StepForm>,
) -> Result<Response, Problem> {
    answer(&app, &signed_in, &id, Step::Discard, &sent).await
}

/// Gives a basket another name (L40).
pub async fn rename(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(path): Path<String>,
    Form(sent): Form<RenameForm>,
) -> Result<Response, Problem> {
    let id: BasketId = form::id(&path)?;
    match try_rename(&app, &signed_in, id, &sent.name).await {
        Ok(done) => Ok(SeeOther::to(&BasketPage::path(id, 1), signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::BasketRenamed)
            .into_response()),
        Err(problem) => {
            let mut page = BasketPage::read_now(&app, &signed_in, &path).await?;
            let frame = page.frame.clone();
            page.name.value = sent.name;
            page.entry.asked.focus = false;
            page.told = refuse(&frame, &mut [&mut page.name], None, &problem);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}

async fn try_rename(app: &App, signed_in: &SignedIn, id: BasketId, name: &str) -> Result<Answered, Problem> {
    let name = form::text(name, "name")?;
    app.execute(signed_in.envelope(app), id, BasketRequest::Rename { name }).await
}
