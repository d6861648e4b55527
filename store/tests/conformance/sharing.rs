//! Claims, refusals and the signal to followers.

use bordereau_store::{Append, AppendError, ArticlePut, Beside, Refusal, RefusalQuery, Store};

use super::bench::{Bench, LEDGER, OTHER, SECOND, START, add, command, stream};

async fn write(store: &Store, ledger: &str, beside: Vec<Beside>) -> Result<(), AppendError> {
    store.append(Append { beside, ..command(ledger, vec![]) }).await.map(|_| ())
}

fn claim(value: [u8; 32], holder: &str) -> Beside {
    Beside::Claim { kind: "email".to_owned(), value, holder: holder.to_owned() }
}

pub(crate) async fn a_claim_is_held_by_one(bench: Bench) {
    let store = bench.open().await;
    let value = store.blind_index(LEDGER, "email", "a@b.example");
    write(&store, LEDGER, vec![claim(value, "account-1")]).await.unwrap();
    write(&store, LEDGER, vec![claim(value, "account-1")]).await.unwrap();
    let taken = AppendError::ClaimTaken { kind: "email".to_owned(), holder: "account-1".to_owned() };
    let rival = Append {
        beside: vec![claim(value, "account-2")],
        ..command(LEDGER, vec![stream("account", "account-2", 0, 1)])
    };
    assert_eq!(store.append(rival).await.unwrap_err(), taken);
    assert!(store.load(LEDGER, "account", "account-2", 0).await.unwrap().is_empty());
    assert_eq!(store.find_claim(LEDGER, "email", &value).await.unwrap().as_deref(), Some("account-1"));
    assert_eq!(store.find_claim(LEDGER, "phone", &value).await.unwrap(), None);
    assert_eq!(store.find_claim(OTHER, "email", &value).await.unwrap(), None);

    let release = Beside::Release { kind: "email".to_owned(), value };
    write(&store, LEDGER, vec![release, claim(value, "account-2")]).await.unwrap();
    let store = bench.reopen(store).await;
    assert_eq!(store.find_claim(LEDGER, "email", &value).await.unwrap().as_deref(), Some("account-2"));
}

pub(crate) async fn a_claim_is_found_in_every_ledger(bench: Bench) {
    let store = bench.open().await;
    for (ledger, holder) in [(LEDGER, "account-1"), (OTHER, "account-2")] {
        let value = store.blind_index(ledger, "email", "a@b.example");
        write(&store, ledger, vec![claim(value, holder)]).await.unwrap();
    }
    let found = store.find_claim_everywhere("email", "a@b.example").await.unwrap();
    let expected = [(LEDGER, "account-1"), (OTHER, "account-2")];
    assert_eq!(found, expected.map(|(ledger, holder)| (ledger.to_owned(), holder.to_owned())));
    assert!(store.find_claim_everywhere("email", "c@d.example").await.unwrap().is_empty());
}

pub(crate) async fn refusals_are_kept_once_a_second(bench: Bench) {
    let store = bench.open().await;
    let refusal = |at, reason: &str| Refusal {
        ledger: LEDGER.to_owned(),
        account: "account-1".to_owned(),
        command: "validate_basket".to_owned(),
        reason: reason.to_owned(),
        aggregate: Some("basket/b1".to_owned()),
        role: None,
        institution: Some("i1".to_owned()),
        at,
    };
    let (first, same_second, next) =
        (refusal(START, "not-yours"), refusal(START + 5, "wrong-stage"), refusal(START + SECOND, "wrong-stage"));
    for refusal in [&first, &same_second, &next] {
        store.record_refusal(refusal.clone()).await.unwrap();
    }
    let before = store.head(LEDGER).await.unwrap();
    // The writer works in order: what comes after has been preceded by the refusals.
    store.take_numbers(LEDGER, "order", 1).await.unwrap();
    let between = |from, to| RefusalQuery { from, to, ..RefusalQuery::default() };
    let both = between(START, START + 2 * SECOND);
    assert_eq!(store.list_refusals(LEDGER, both.clone()).await.unwrap(), [first.clone(), next]);
    assert_eq!(store.list_refusals(LEDGER, between(START, START + SECOND)).await.unwrap(), [first]);
    assert!(store.list_refusals(OTHER, both).await.unwrap().is_empty());
    assert_eq!(store.head(LEDGER).await.unwrap(), before);
}

pub(crate) async fn refusals_are_paged_by_time_account_and_command(bench: Bench) {
    let store = bench.open().await;
    let refusal = |at, account: &str, command: &str, aggregate: &str| Refusal {
        ledger: LEDGER.to_owned(),
        account: account.to_owned(),
        command: command.to_owned(),
        reason: "wrong-stage".to_owned(),
        aggregate: Some(aggregate.to_owned()),
        at,
        ..Refusal::default()
    };
    // Three share one instant.
    let all = [
        refusal(START, "account-2", "validate", "basket/b1"),
        refusal(START + SECOND, "account-1", "return", "basket/b1"),
        refusal(START + SECOND, "account-1", "validate", "basket/b2"),
        refusal(START + SECOND, "account-2", "return", "basket/b1"),
        refusal(START + 2 * SECOND, "account-1", "validate", "basket/b1"),
    ];
    for refusal in all.iter().rev() {
        store.record_refusal(refusal.clone()).await.unwrap();
    }
    store.take_numbers(LEDGER, "order", 1).await.unwrap();
    for newest_first in [false, true] {
        let mut expected = all.to_vec();
        if newest_first {
            expected.reverse();
        }
        let (mut found, mut query) = (Vec::new(), RefusalQuery { newest_first, limit: 2, ..RefusalQuery::default() });
        loop {
            let page = store.list_refusals(LEDGER, query.clone()).await.unwrap();
            let Some(last) = page.last() else { break };
            query.after = Some(last.key());
            found.extend(page);
        }
        assert_eq!(found, expected);
        let of_one = RefusalQuery { account: Some("account-1".to_owned()), newest_first, ..RefusalQuery::default() };
        let kept: Vec<_> = expected.iter().filter(|refusal| refusal.account == "account-1").cloned().collect();
        assert_eq!(store.list_refusals(LEDGER, of_one.clone()).await.unwrap(), kept);
        let of_both = RefusalQuery { aggregate: Some("basket/b2".to_owned()), ..of_one };
        assert_eq!(store.list_refusals(LEDGER, of_both).await.unwrap(), [all[2].clone()]);
    }
}

pub(crate) async fn followers_hear_of_events_and_articles(bench: Bench) {
    let store = bench.open().await;
    let mut appended = store.appended();
    assert!(!appended.has_changed().unwrap());
    add(&store, "b1", 0).await;
    assert!(appended.has_changed().unwrap());
    appended.mark_unchanged();
    store.take_numbers(LEDGER, "order", 1).await.unwrap();
    assert!(!appended.has_changed().unwrap());
    let article = ArticlePut {
        ean: "9782330150136".to_owned(),
        body: "{}".to_owned(),
        price_incl_tax: "25.00".to_owned(),
        vat_rate: "5.5".to_owned(),
    };
    store.put_articles(LEDGER, vec![article], START).await.unwrap();
    assert!(appended.has_changed().unwrap());
}
