//! People found by a part of their name or address: nothing in clear is kept for it.

use bordereau_commands::{EMAIL_CLAIM, fold_email};
use bordereau_domain::{
    AccountId, Digest, Personal,
    account::{Account, Registration},
};
use bordereau_projections::{AccountCounts, AccountFilter, AccountRow, Page, fold};

use crate::{
    app::App,
    names::{self, Clear},
    problem::Problem,
};

/// How many accounts one request looks through for a name: their texts are opened for it.
const MOST_SEARCHED: usize = 2_000;
/// How many are opened at once.
const STEP: usize = 200;

/// A page with its texts.
pub struct Found {
    /// The accounts.
    pub page: Page<AccountRow>,
    /// How many are in each status.
    pub counts: AccountCounts,
    /// Their texts.
    pub clear: Clear,
}

/// A page as it comes.
pub async fn plain(
    app: &App,
    shop: &str,
    filter: &AccountFilter,
    limit: usize,
    cursor: Option<&str>,
) -> Result<Found, Problem> {
    let (mut page, counts) = app.projections.account_list().list(shop, filter, limit, cursor).await?;
    // A person of several institutions is no window from one to another.
    for row in &mut page.items {
        row.institutions.retain(|institution| filter.scope.holds(institution.id));
    }
    let clear = names::open(app, shop, page.items.iter().flat_map(|row| sealed(&row.account))).await?;
    Ok(Found { page, counts, clear })
}

/// Looks for a part of a name or an address. Nothing in clear is kept for it: rows are opened until the page is full or
/// enough was looked through. A whole address is found at once.
pub async fn search(
    app: &App,
    shop: &str,
    filter: &AccountFilter,
    q: &str,
    limit: usize,
    cursor: Option<&str>,
) -> Result<Found, Problem> {
    let wanted = fold(q);
    let holder = holder(app, shop, q).await?;
    let mut kept: Vec<AccountRow> = Vec::new();
    let mut texts = Clear::default();
    let mut next = cursor.map(str::to_owned);
    let mut counts = AccountCounts::default();
    for _ in 0..MOST_SEARCHED / STEP {
        let Found { page, counts: all, clear } = plain(app, shop, filter, STEP, next.as_deref()).await?;
        counts = all;
        next = page.next;
        for row in page.items {
            let fits = match holder {
                Some(holder) => row.id == holder,
                None => is_about(&row.account, &clear, &wanted),
            };
            if !fits {
                continue;
            }
            let place = row.cursor()?;
            kept.push(row);
            if kept.len() == limit {
                next = Some(place);
                break;
            }
        }
        texts.extend(clear);
        // An address is one account's: there is no more to look for.
        if holder.is_some() && !kept.is_empty() {
            next = None;
        }
        if kept.len() == limit || next.is_none() {
            break;
        }
    }
    Ok(Found { page: Page { items: kept, next }, counts, clear: texts })
}

/// The account that has just this address.
async fn holder(app: &App, shop: &str, q: &str) -> Result<Option<AccountId>, Problem> {
    if !q.contains('@') {
        return Ok(None);
    }
    let claim = app.store.blind_index(shop, EMAIL_CLAIM, &fold_email(q));
    let holder = app.store.find_claim(shop, EMAIL_CLAIM, &claim).await?;
    Ok(holder.and_then(|holder| holder.parse().ok()))
}

fn is_about(account: &Account, clear: &Clear, wanted: &str) -> bool {
    let name = account.details().and_then(|details| clear.text(details.name.digest));
    let email = account.email().and_then(|email| clear.text(email.digest));
    [name, email].into_iter().flatten().any(|text| fold(&text).contains(wanted))
}

/// What an account's page needs opened.
pub fn sealed(account: &Account) -> Vec<Digest> {
    let details = account.details();
    let registration = account.registration();
    let own = [account.email().map(|email| email.digest), details.map(|details| details.name.digest)];
    own.into_iter()
        .chain([details.and_then(|details| digest(details.phone)), digest(account.message())])
        .flatten()
        .chain(registration.iter().flat_map(Registration::digests))
        .collect()
}

fn digest<T>(personal: Option<Personal<T>>) -> Option<Digest> {
    personal.map(|personal| personal.digest)
}
