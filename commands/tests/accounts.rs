//! Accounts: their e-mail is theirs alone, and their sessions change with them.

use bordereau_commands::{AccountRequest, BasketRequest, EMAIL_CLAIM, Failed, SentInstitution, fold_email};
use bordereau_domain::{Role, account::AccountError};
use bordereau_store::{NewSession, Session};

use crate::bench::*;

const TOKEN: [u8; 32] = [7; 32];

/// The requester has signed in.
async fn signed_in(bench: &Bench) {
    let session = NewSession {
        token_hash: TOKEN,
        ledger: "DLIVRE".to_owned(),
        id: uuid::Uuid::nil(),
        account: account(Role::Requester).0,
        on_behalf_of: None,
        delegation: None,
        role: "requester".to_owned(),
        institutions: vec![library().0],
        created_at: 0,
        last_seen_at: 0,
        expires_at: i64::MAX,
    };
    let store = bench.commands.store();
    store.set_password("DLIVRE", session.account, "hash").await.unwrap();
    assert!(store.create_session(session, "hash").await.unwrap());
}

async fn session(bench: &Bench) -> Option<Session> {
    bench.commands.store().find_session(&TOKEN, 1, -1).await.unwrap()
}

fn requester() -> String {
    account(Role::Requester).to_string()
}

#[tokio::test]
async fn deactivating_an_account_ends_its_sessions() {
    let bench = Bench::new().await;
    signed_in(&bench).await;
    let request = AccountRequest::Deactivate { account_id: account(Role::Requester) };
    let refused = bench.act(by(Role::Requester), requester(), request.clone()).await.unwrap_err();
    assert!(matches!(refused, Failed::Refused(AccountError::RoleMayNot)), "{refused:?}");
    assert!(session(&bench).await.is_some());
    bench.act(by(Role::Purchaser), requester(), request).await.unwrap();
    assert_eq!(session(&bench).await, None);
}

#[tokio::test]
async fn assigning_an_account_rewrites_its_sessions() {
    let bench = Bench::new().await;
    signed_in(&bench).await;
    let request =
        |role| AccountRequest::Assign { account_id: account(Role::Requester), role, institutions: vec![library()] };
    let refused = bench.act(by(Role::Purchaser), requester(), request(Role::Purchaser)).await.unwrap_err();
    assert!(matches!(refused, Failed::Refused(AccountError::RoleMayNot)), "{refused:?}");
    assert_eq!(session(&bench).await.unwrap().role, "requester");
    bench.act(by(Role::Purchaser), requester(), request(Role::Approver)).await.unwrap();
    let session = session(&bench).await.unwrap();
    assert_eq!((session.role.as_str(), session.institutions), ("approver", vec![library().0]));
}

#[tokio::test] // L16
async fn no_account_is_opened_or_assigned_for_an_institution_that_was_never_synchronised() {
    let bench = Bench::new().await;
    let unknown = SentInstitution::id_of(&shop(), "9999");
    let AccountRequest::Open { account_id, email, name, phone, role, establishment, password_hash, .. } =
        opening_account(Role::Requester, "autre@demo.example")
    else {
        panic!("an opening")
    };
    let open = AccountRequest::Open {
        account_id,
        email,
        name,
        phone,
        role,
        institutions: vec![library(), unknown],
        establishment,
        password_hash,
    };
    let id = account(Role::Auditor).to_string();
    let refused = bench.act(by(Role::Bookseller), id, open).await.unwrap_err();
    assert!(matches!(refused, Failed::Refused(AccountError::InstitutionMissing)), "{refused:?}");
    let assign = AccountRequest::Assign {
        account_id: account(Role::Requester),
        role: Role::Requester,
        institutions: vec![unknown],
    };
    let refused = bench.act(by(Role::Bookseller), requester(), assign).await.unwrap_err();
    assert!(matches!(refused, Failed::Refused(AccountError::InstitutionMissing)), "{refused:?}");
}

#[tokio::test]
async fn an_email_opens_one_account_of_a_shop_however_it_is_written() {
    let bench = Bench::new().await;
    let before = bench.head().await;
    let request = opening_account(Role::Auditor, " REQUESTER@demo.example ");
    let taken = bench.act(by(Role::Bookseller), account(Role::Auditor).to_string(), request).await.unwrap_err();
    let Failed::ClaimTaken { kind, holder } = taken else { panic!("{taken:?}") };
    assert_eq!((kind.as_str(), holder), (EMAIL_CLAIM, requester()));
    assert_eq!(bench.head().await, before);
    let free = opening_account(Role::Auditor, "auditeur@demo.example");
    bench.act(by(Role::Bookseller), account(Role::Auditor).to_string(), free).await.unwrap();
    let store = bench.commands.store();
    let index = store.blind_index("DLIVRE", EMAIL_CLAIM, &fold_email("Auditeur@Demo.example"));
    let holder = store.find_claim("DLIVRE", EMAIL_CLAIM, &index).await.unwrap();
    assert_eq!(holder, Some(account(Role::Auditor).to_string()));
}

#[tokio::test]
async fn the_draft_of_an_account_that_was_closed_is_taken_over_by_those_above() {
    let bench = Bench::new().await;
    bench.filled(Role::Requester, 1).await;
    let hidden = bench.ask(Role::Approver, 1, BasketRequest::TakeOver).await.unwrap_err();
    assert!(matches!(hidden, Failed::NotFound), "{hidden:?}");
    let request = AccountRequest::Deactivate { account_id: account(Role::Requester) };
    bench.act(by(Role::Bookseller), requester(), request).await.unwrap();
    let before = bench.head().await;
    bench.ask(Role::Approver, 1, BasketRequest::TakeOver).await.unwrap();
    bench.ask(Role::Approver, 1, adding(2, OTHER)).await.unwrap();
    assert_eq!(bench.names_after(before).await, ["BasketTakenOver", "BasketLineAdded"]);
}
