//! Choosing among institutions, of which a reader may have thousands. A few stand on the page, all of them; of more, a
//! field of the same form narrows them by name, town or number, and what was chosen stays.
//!
//! What must stay true: a form in which something is looked for is not sent for good; nothing that was chosen is lost, and
//! nothing that the page did not show is taken away.

use std::collections::BTreeSet;

use bordereau_domain::{Actor, InstitutionId, Role};
use bordereau_projections::{ClientRef, InstitutionRow, Scope};
use uuid::Uuid;

use super::{
    field::{Choice, Field},
    frame::Frame,
    sent::Sent,
    signed_in::SignedIn,
};
use crate::{app::App, form, problem::Problem};

/// Most that stand on a page besides those that were chosen.
pub const SHOWN: usize = 50;
/// Most of those.
const KEPT: usize = 500;

/// Whether institutions are looked for in a form: then Enter sends it all the same.
pub fn looks<'a>(fields: impl IntoIterator<Item = &'a Field>) -> bool {
    fields.into_iter().any(|field| field.narrowing.is_some())
}

/// What narrows the choices of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narrowing {
    /// What they were narrowed by.
    pub words: String,
    /// What there is to say of what was found.
    pub told: Option<String>,
    /// How many are chosen that the page does not show.
    pub unseen: u64,
}

/// Institutions by name: a few of them, and how many more there are.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// The first ones.
    pub names: Vec<String>,
    /// How many more.
    pub more: u64,
}

impl Named {
    /// At most so many of them by name.
    pub fn of(all: &[ClientRef], most: usize) -> Self {
        let names = all.iter().take(most).map(|of| of.name.clone()).collect();
        Self { names, more: all.len().saturating_sub(most) as u64 }
    }
}

/// What was looked for in a form, and what had been looked for when the form was shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    words: String,
    seen: String,
}

impl Looked {
    /// What was looked for to fill a field.
    pub fn of(sent: &Sent, field: &str) -> Self {
        Self::new(sent.text(&format!("find.{field}")), sent.text(&format!("seen.{field}")))
    }

    /// The same of words.
    pub fn new(words: &str, seen: &str) -> Self {
        Self { words: words.trim().to_owned(), seen: seen.trim().to_owned() }
    }

    /// Whether it is something else than what the form was shown with.
    pub fn is_new(&self) -> bool {
        self.words != self.seen
    }
}

/// Whether a form asks for other choices rather than for what it is for.
pub fn narrows(sent: &Sent, fields: &[&str]) -> bool {
    !sent.text("narrow").is_empty() || fields.iter().any(|field| Looked::of(sent, field).is_new())
}

/// Whether somebody sees all institutions of the shop.
pub const fn sees_all(role: Role) -> bool {
    matches!(role, Role::Bookseller | Role::Auditor)
}

/// The institutions that somebody chooses among: those he acts for, or all of the shop.
pub fn scope(actor: &Actor) -> Scope {
    if sees_all(actor.role) { Scope::All } else { Scope::Institutions(actor.institutions.clone()) }
}

/// The institution that an address names, if its reader acts for it or sees all.
///
/// # Errors
/// 404 else; 503 when the view is behind or stopped.
pub async fn find_visible(app: &App, signed_in: &SignedIn, id: &str) -> Result<InstitutionRow, Problem> {
    let (id, actor): (InstitutionId, _) = (form::id(id)?, &signed_in.caller.actor);
    signed_in.settle(app, "institutions").await?;
    if !sees_all(actor.role) && !actor.acts_for(id) {
        return Err(Problem::not_found());
    }
    app.projections.institutions().find(signed_in.shop(), id).await?.ok_or_else(Problem::not_found)
}

/// The field `institution_id`: one of the institutions that somebody chooses among.
///
/// # Errors
/// 503 when the view is behind or stopped.
pub async fn institution_field(
    app: &App,
    signed_in: &SignedIn,
    frame: &Frame,
    sent: &Sent,
    label: &str,
) -> Result<Field, Problem> {
    let chosen: Option<InstitutionId> = sent.chosen("institution_id").unwrap_or_default();
    let question = Question {
        scope: scope(&signed_in.caller.actor),
        withdrawn_too: false,
        looked: Looked::of(sent, "institution_id"),
        kept: chosen.into_iter().collect(),
    };
    let found = Found::find(app, signed_in, frame, question).await?;
    Ok(found.select(frame, ("institution_id", frame.t(label)), chosen))
}

/// Which institutions there are to choose from.
#[derive(Clone, Debug)]
pub struct Question {
    /// Among which.
    pub scope: Scope,
    /// Whether also those that Librisoft names no longer.
    pub withdrawn_too: bool,
    /// What is looked for.
    pub looked: Looked,
    /// Those that stand on the page whatever is looked for.
    pub kept: BTreeSet<InstitutionId>,
}

/// The institutions that a page shows.
#[derive(Clone, Debug)]
pub struct Found {
    /// Those that were kept, then those that were found, each by name.
    pub rows: Vec<InstitutionRow>,
    /// What narrows them, where there are more than fit.
    narrowing: Option<Narrowing>,
    /// The only one that was found by what is newly looked for.
    only: Option<InstitutionId>,
}

impl Found {
    /// Looks for them.
    ///
    /// # Errors
    /// 503 when the view is behind or stopped.
    pub async fn find(app: &App, signed_in: &SignedIn, frame: &Frame, question: Question) -> Result<Self, Problem> {
        let Question { scope, withdrawn_too, looked, mut kept } = question;
        let (institutions, shop) = (app.projections.institutions(), signed_in.shop());
        let page = institutions.search(shop, &scope, withdrawn_too, &looked.words, SHOWN, None).await?;
        if looked.words.is_empty() && page.next.is_none() {
            return Ok(Self { rows: page.items, narrowing: None, only: None });
        }
        let told = match (page.items.is_empty(), page.next.is_some()) {
            (true, _) => Some(frame.t("institutions-none-found")),
            (false, true) => Some(frame.t_count("clients-more", &(SHOWN as u64))),
            (false, false) => None,
        };
        let only = match page.items.as_slice() {
            [one] if looked.is_new() => Some(one.id),
            _ => None,
        };
        kept.retain(|id| scope.holds(*id));
        let chosen = Scope::Institutions(kept.iter().copied().collect());
        let mut rows = institutions.list(shop, &chosen, withdrawn_too, KEPT, None).await?.items;
        rows.extend(page.items.into_iter().filter(|found| !kept.contains(&found.id)));
        Ok(Self { rows, narrowing: Some(Narrowing { words: looked.words, told, unseen: 0 }), only })
    }

    /// The same without those that nobody may choose here.
    #[must_use]
    pub fn leaving_out(mut self, is_left_out: impl Fn(&InstitutionRow) -> bool) -> Self {
        self.rows.retain(|row| !is_left_out(row));
        self.only = self.only.filter(|only| self.rows.iter().any(|row| row.id == *only));
        self
    }

    /// The only one that was found by what is newly looked for.
    pub const fn only(&self) -> Option<InstitutionId> {
        self.only
    }

    /// Whether there are more than fit.
    pub const fn is_narrowed(&self) -> bool {
        self.narrowing.is_some()
    }

    /// All of them to choose from; by their numbers too where names alone may not tell them apart.
    pub fn choices(&self, numbered: bool) -> Vec<Choice> {
        let label = |row: &InstitutionRow| {
            let profile = &row.known.profile;
            let name = profile.name.clone();
            if numbered || self.narrowing.is_some() { format!("{name} ({})", profile.librisoft_number) } else { name }
        };
        self.rows.iter().map(|row| Choice::new(row.id, label(row))).collect()
    }

    /// A list of which one is chosen: the only one that was just found, else the one that was. Nothing is chosen by
    /// standing first among many.
    pub fn select(&self, frame: &Frame, (name, label): (&'static str, String), chosen: Option<InstitutionId>) -> Field {
        let mut choices = self.choices(false);
        if self.narrowing.is_some() {
            choices.insert(0, Choice::new("", frame.t("clients-choose")));
        }
        let chosen: Vec<_> = self.only.or(chosen).iter().map(ToString::to_string).collect();
        Field { narrowing: self.narrowing.clone(), ..Field::select(name, label, choices).choosing(&chosen) }
    }

    /// Some of which several may be ticked. What the page shows is told along: the rest stays as it is.
    pub fn checkboxes(&self, name: &'static str, label: String, ticked: &[InstitutionId]) -> Field {
        let shown: BTreeSet<_> = self.rows.iter().map(|row| row.id).collect();
        let unseen = ticked.iter().filter(|id| !shown.contains(id)).count() as u64;
        let ids: Vec<_> = shown.iter().map(ToString::to_string).collect();
        let values: Vec<_> = ticked.iter().map(ToString::to_string).collect();
        Field {
            narrowing: self.narrowing.clone().map(|narrowing| Narrowing { unseen, ..narrowing }),
            shown: ids.join(" "),
            ..Field::checkboxes(name, label, self.choices(true)).choosing(&values)
        }
    }
}

/// What is ticked in a form that was sent: of what was ticked before, that which the form did not show too.
///
/// # Errors
/// 422 `not-chosen` for what is no id.
pub fn ticked(sent: &Sent, name: &str, before: &[InstitutionId]) -> Result<Vec<InstitutionId>, Problem> {
    let now: Vec<InstitutionId> = sent.ids(name)?.into_iter().map(Into::into).collect();
    // Without the field all were shown; with an empty one, none was.
    let Ok(shown) = sent.get(&format!("shown.{name}")) else { return Ok(now) };
    let ids = shown.split_whitespace().map(str::parse::<Uuid>).collect::<Result<BTreeSet<_>, _>>();
    let shown = ids.map_err(|_| Problem::invalid("not-chosen", name))?;
    let stays = |id: &&InstitutionId| !shown.contains(&id.0) || now.contains(id);
    let mut all: Vec<_> = before.iter().filter(stays).copied().collect();
    let new: Vec<_> = now.into_iter().filter(|id| !all.contains(id)).collect();
    all.extend(new);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> Sent {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_the_form_did_not_show_stays_and_what_it_showed_is_as_it_was_ticked() {
        let id = |n: u128| InstitutionId(Uuid::from_u128(n));
        let (one, two, three) = (id(1).to_string(), id(2).to_string(), id(3).to_string());
        let shown = format!("{two} {three}");
        let form = sent(&[("ids", &three), ("shown.ids", &shown)]);
        assert_eq!(ticked(&form, "ids", &[id(2), id(1)]).unwrap(), [id(1), id(3)]);
        assert_eq!(ticked(&sent(&[("ids", &one)]), "ids", &[id(2)]).unwrap(), [id(1)], "all were shown");
        assert_eq!(ticked(&sent(&[("shown.ids", &shown)]), "ids", &[id(2), id(1)]).unwrap(), [id(1)]);
        assert_eq!(
            ticked(&sent(&[("shown.ids", "")]), "ids", &[id(2), id(1)]).unwrap(),
            [id(2), id(1)],
            "none was shown"
        );
        assert!(ticked(&sent(&[("ids", &one), ("shown.ids", "x")]), "ids", &[]).is_err());
    }

    #[test]
    fn a_form_narrows_by_its_button_or_by_words_that_were_not_looked_for_yet() {
        assert!(narrows(&sent(&[("narrow", "ids")]), &["ids"]));
        assert!(narrows(&sent(&[("find.ids", "agence"), ("seen.ids", "")]), &["ids"]));
        assert!(!narrows(&sent(&[("find.ids", " agence "), ("seen.ids", "agence")]), &["ids"]));
        assert!(!narrows(&sent(&[]), &["ids"]));
    }
}
