//! What surrounds every page: header, menu, language switch, the message of the last form.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bordereau_domain::{Money, Rate, Role};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{
    account::SECTIONS, assets, cookies::Cookie, format, notice::Notice, reader::Reader, refused::Shown,
    signed_in::SignedIn, transport::Transport,
};
use crate::{
    problem::Problem,
    texts::{self, Language, Value},
};

/// What surrounds a page. Templates find words, amounts and dates here, in the reader's language.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The page's language.
    pub language: Language,
    /// Path and query of the page, to which the language switch leads back.
    pub here: String,
    /// Who is signed in.
    pub account: Option<AccountSign>,
    /// From which position on the page is told what others do; nothing on a page that nobody is signed in for.
    pub live: Option<u64>,
    notice: Option<Notice>,
    transport: Transport,
    zone: Tz,
}

/// Who is signed in, as the header says it (row W09).
#[derive(Clone, Debug)]
pub struct AccountSign {
    /// His name.
    pub name: String,
    /// The name of his account (W09), which is his e-mail address; none once erased.
    pub login: Option<String>,
    /// In whose place he acts.
    pub on_behalf_of: Option<String>,
    /// The role in which he acts.
    pub role: Role,
    /// Whether he acts for an institution, if that is what his role is for (B08).
    pub granted: bool,
    /// His shop's name.
    pub shop: String,
}

/// An entry of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MenuEntry {
    /// Key of its label.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
}

const MINE: MenuEntry = MenuEntry { label: "menu-mine", href: "/baskets" };
const TO_VALIDATE: MenuEntry = MenuEntry { label: "menu-to-validate", href: "/baskets?tray=to_validate" };
const PASSED_ON: MenuEntry = MenuEntry { label: "menu-passed-on", href: "/baskets?tray=validated" };
const VALIDATED: MenuEntry = MenuEntry { label: "menu-validated", href: "/baskets?tray=validated" };
const QUOTES: MenuEntry = MenuEntry { label: "menu-quotes", href: "/quotes" };
const ORDERS: MenuEntry = MenuEntry { label: "menu-orders", href: "/orders" };
const ACCOUNTS: MenuEntry = MenuEntry { label: "menu-accounts", href: "/accounts" };
const INSTITUTIONS: MenuEntry = MenuEntry { label: "menu-institutions", href: "/institutions" };
const SHOP: MenuEntry = MenuEntry { label: "menu-shop", href: "/shop" };
const QUOTES_ALL: MenuEntry = MenuEntry { label: "menu-quotes-all", href: "/quotes" };
const ORDERS_ALL: MenuEntry = MenuEntry { label: "menu-orders-all", href: "/orders" };

/// The menu of a role (L36 L37 L38).
const fn menu(role: Role) -> &'static [MenuEntry] {
    match role {
        Role::Requester => &[MINE],
        Role::Approver => &[MINE, TO_VALIDATE, PASSED_ON],
        Role::Purchaser => &[MINE, TO_VALIDATE, VALIDATED],
        Role::Bookseller | Role::Auditor => &[QUOTES_ALL, ORDERS_ALL, INSTITUTIONS, ACCOUNTS],
        Role::Integrator | Role::Librisoft | Role::Buyer | Role::System => &[],
    }
}

/// What stands under a role's name (L38).
const fn account_menu(role: Role) -> &'static [MenuEntry] {
    match role {
        Role::Purchaser => &[QUOTES, ORDERS, ACCOUNTS],
        Role::Approver => &[ACCOUNTS],
        Role::Bookseller => &[SHOP],
        Role::Requester | Role::Auditor | Role::Integrator | Role::Librisoft | Role::Buyer | Role::System => &[],
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand values over by reference")]
#[expect(clippy::unused_self, reason = "templates find all they need on their frame")]
impl Frame {
    /// Around a page that is read without signing in.
    pub fn open(reader: &Reader) -> Self {
        Self {
            language: reader.language,
            here: reader.here.clone(),
            account: None,
            live: None,
            notice: reader.notice,
            transport: reader.transport,
            zone: Tz::UTC,
        }
    }

    /// Around a page of somebody who is signed in.
    pub fn of(signed_in: &SignedIn) -> Self {
        let open = Self::open(&signed_in.reader);
        let name = signed_in.name.clone().unwrap_or_else(|| open.t("erased"));
        let on_behalf_of = signed_in.on_behalf_of.clone();
        let on_behalf_of = on_behalf_of.map(|other| if other.is_empty() { open.t("erased") } else { other });
        let (role, shop) = (signed_in.caller.actor.role, signed_in.shop_name.clone());
        let granted = !role.is_institutional() || !signed_in.caller.actor.institutions.is_empty();
        let account = AccountSign { name, login: signed_in.email.clone(), on_behalf_of, role, granted, shop };
        Self { account: Some(account), live: Some(signed_in.head), zone: signed_in.zone, ..open }
    }

    /// Around a page that has another path than the form that it answers: the language switch leads back to it.
    #[must_use]
    pub fn on(self, here: &str) -> Self {
        Self { here: here.to_owned(), ..self }
    }

    /// A text.
    pub fn t(&self, key: &str) -> String {
        texts::say(self.language, key, &[])
    }

    /// A text with a value.
    pub fn t_with(&self, key: &str, name: &'static str, value: &str) -> String {
        texts::say(self.language, key, &[(name, Value::Text(value))])
    }

    /// A text with a number, `$count`.
    pub fn t_count(&self, key: &str, count: &u64) -> String {
        texts::say(self.language, key, &[("count", Value::Count(*count))])
    }

    /// What to do about a refusal.
    pub fn refusal(&self, problem: &Problem) -> String {
        texts::problem(self.language, problem.slug, &problem.args).1
    }

    /// A text with the number that people call something by, `$number`: it is not written by thousands.
    pub fn t_number(&self, key: &str, number: &u64) -> String {
        self.t_with(key, "number", &number.to_string())
    }

    /// A number.
    pub fn number(&self, number: &u64) -> String {
        texts::group(self.language, &number.to_string())
    }

    /// An amount.
    pub fn amount(&self, amount: &Money) -> String {
        format::amount(self.language, *amount)
    }

    /// A rate in percent.
    pub fn rate(&self, rate: &Rate) -> String {
        format::rate(self.language, *rate)
    }

    /// A discount in percent, with two decimals.
    pub fn discount(&self, rate: &Rate) -> String {
        format::discount(self.language, *rate)
    }

    /// A day of the calendar.
    pub fn date(&self, day: &NaiveDate) -> String {
        format::date(*day)
    }

    /// An amount that was, in the contract's writing.
    pub fn amount_before(&self, amount: Option<&str>) -> Option<String> {
        amount?.parse().ok().map(|amount| format::amount(self.language, amount))
    }

    /// A rate that was, in the contract's writing.
    pub fn rate_before(&self, rate: Option<&str>) -> Option<String> {
        rate?.parse().ok().map(|rate| format::discount(self.language, rate))
    }

    /// A moment, in the shop's time zone.
    pub fn moment(&self, at: &DateTime<Utc>) -> String {
        format::moment(*at, self.zone)
    }

    /// A role's name.
    pub fn role(&self, role: &Role) -> String {
        self.t(&format!("role-{role}"))
    }

    /// The languages of the switch.
    pub const fn languages(&self) -> [Language; 3] {
        Language::ALL
    }

    /// What stands under the account's name besides *Mon compte client* (L38).
    pub fn account_menu(&self) -> &'static [MenuEntry] {
        self.account.as_ref().map_or(&[], |account| account_menu(account.role))
    }

    /// Whether articles are looked for from the header: by those who fill baskets, where no other search stands.
    pub fn searches(&self) -> bool {
        self.fills_baskets() && !self.here.starts_with("/articles")
    }

    /// The sections of the own account.
    pub fn account_sections(&self) -> &'static [MenuEntry] {
        &SECTIONS
    }

    /// Whether the reader fills baskets.
    pub fn fills_baskets(&self) -> bool {
        self.account.as_ref().is_some_and(|account| account.role.is_institutional())
    }

    /// In whose place the reader acts.
    pub fn in_place_of(&self) -> Option<&str> {
        self.account.as_ref()?.on_behalf_of.as_deref()
    }

    /// The menu.
    pub fn menu(&self) -> &'static [MenuEntry] {
        self.account.as_ref().filter(|account| account.granted).map_or(&[], |account| menu(account.role))
    }

    /// Whether an entry of the menu leads to this very page.
    pub fn is_here(&self, entry: &MenuEntry) -> bool {
        let beneath = |mark| self.here.starts_with(&format!("{}{mark}", entry.href));
        self.here == entry.href
            || beneath('&')
            || (beneath('/') && entry.href.matches('/').count() > 1)
            || (beneath('?') && !entry.href.contains('?') && entry.href != MINE.href)
    }

    /// What the last form had to say.
    pub fn notice(&self) -> Option<String> {
        self.notice.map(|notice| self.t(&format!("notice-{}", notice.code())))
    }

    /// Where a file of ours is served.
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// Renders the page that stands in this frame.
    pub fn answer(&self, status: StatusCode, page: &impl Template) -> Response {
        let text = match page.render() {
            Ok(text) => text,
            Err(error) => return Problem::internal(&error).into_response(),
        };
        let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.language.tag()));
        if self.notice.is_some() {
            headers.append(header::SET_COOKIE, Cookie::Notice.clear(self.transport));
        }
        response
    }
    /// Renders the page with the refusal that stands on it.
    pub fn answer_refused(&self, problem: &Problem, page: &impl Template) -> Response {
        let mut response = self.answer(problem.status, page);
        if let Some(seconds) = problem.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Shown(problem.clone()));
        response
    }
}
