//! Who may know of a basket.

use super::*;

fn sees(given: &[BasketEvent], context: &Context) -> bool {
    state(given).may_see(context)
}

#[test] // L11
fn a_draft_is_seen_by_its_owner_and_the_auditor() {
    let draft = filled(Level::Requester);
    assert!(sees(&draft, &by(Role::Requester)) && sees(&draft, &by(Role::Auditor)));
    for context in [by_another(Role::Requester), by(Role::Approver), by(Role::Purchaser), by(Role::Bookseller)] {
        assert!(!sees(&draft, &context), "{:?}", context.actor);
    }
}

#[test] // B15
fn whoever_acts_for_nobody_any_more_sees_no_basket() {
    let draft = filled(Level::Requester);
    let mut nobody = by(Role::Requester);
    nobody.actor.institutions.clear();
    assert!(!sees(&draft, &nobody));
    let mut elsewhere = by(Role::Requester);
    elsewhere.actor.institutions = vec![SCHOOL];
    assert!(sees(&draft, &elsewhere), "an owner who was moved sees his own");
}

#[test] // L37 L38
fn a_shared_basket_is_seen_by_those_above_also_after_its_return() {
    let back = then(at_approver(), [returned(&by(Role::Approver), ReturnedTo::Drafting)]);
    for given in [at_approver(), at_purchaser(), back] {
        for role in [Role::Approver, Role::Purchaser] {
            assert!(sees(&given, &by(role)) && sees(&given, &by_another(role)));
            assert!(!sees(&given, &by_a_stranger(role)));
        }
        assert!(!sees(&given, &by_another(Role::Requester)) && !sees(&given, &by(Role::Bookseller)));
    }
}

#[test]
fn the_draft_of_an_owner_who_has_gone_is_seen_by_those_above() {
    let draft = filled(Level::Requester);
    for role in [Role::Approver, Role::Purchaser] {
        assert!(sees(&draft, &owner_gone(by(role))));
        assert!(!sees(&draft, &owner_gone(by_a_stranger(role))));
    }
    assert!(!sees(&draft, &owner_gone(by_another(Role::Requester))));
}

#[test]
fn the_bookseller_sees_a_basket_once_it_is_a_document_and_keys_never() {
    assert!(sees(&converted(), &by(Role::Bookseller)));
    for role in [Role::Librisoft, Role::Integrator, Role::Buyer] {
        assert!(!sees(&converted(), &by(role)), "{role}");
    }
    assert!(!sees(&[], &by(Role::Auditor)));
}
