//! Renaming.

use super::*;

fn rename(seed: u8) -> BasketCommand {
    BasketCommand::Rename { name: personal::<BasketName>(Role::Approver, seed) }
}

#[test] // L40
fn the_owner_renames_his_draft_and_those_above_rename_what_they_see() {
    let renamed = || vec![BasketEvent::Renamed { name: personal(Role::Approver, 3) }];
    when(filled(Level::Requester), rename(3), by(Role::Requester)).then_expect_events(renamed());
    for given in [at_approver(), at_purchaser()] {
        for role in [Role::Approver, Role::Purchaser] {
            when(given.clone(), rename(3), by(role)).then_expect_events(renamed());
        }
        when(given, rename(3), by(Role::Requester)).inspect_result().unwrap_err();
    }
    let back = then(at_approver(), [returned(&by(Role::Approver), ReturnedTo::Drafting)]);
    when(back, rename(3), by(Role::Approver)).then_expect_events(renamed());
}

#[test]
fn the_same_name_again_is_no_event() {
    let named = then(filled(Level::Requester), [BasketEvent::Renamed { name: personal(Role::Approver, 3) }]);
    when(named, rename(3), by(Role::Requester)).then_expect_events(vec![]);
}

#[test]
fn a_converted_or_discarded_basket_keeps_its_name() {
    let discarded = then(filled(Level::Requester), [BasketEvent::Discarded {}]);
    when(discarded, rename(3), by(Role::Requester)).then_expect_error(wrong(Stage::Discarded));
    when(converted(), rename(3), by(Role::Purchaser))
        .then_expect_error(BasketError::AlreadyConverted(Document::Order(ORDER)));
}
