//! What every back end must do. Each case takes a bench (a place where a store can be opened, and opened again) and runs
//! on every back end: to add one, add it to `on_every_back_end`.

#[cfg(test)]
mod conformance {
    pub(crate) mod access;
    pub(crate) mod appending;
    pub(crate) mod articles;
    pub(crate) mod bench;
    pub(crate) mod cluster;
    pub(crate) mod concurrency;
    pub(crate) mod erasures;
    pub(crate) mod importing;
    pub(crate) mod load;
    pub(crate) mod mail_queue;
    pub(crate) mod reactors;
    pub(crate) mod second_process;
    pub(crate) mod sessions;
    pub(crate) mod sharing;
    pub(crate) mod vault;
}

/// Runs cases on every back end, each on a fresh bench.
macro_rules! on_every_back_end {
    ($($module:ident: $($case:ident),+ $(,)?;)+) => {
        mod sqlite {
            $(mod $module {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $case() {
                    crate::conformance::$module::$case(crate::conformance::bench::Bench::sqlite()).await;
                })+
            })+
        }

        mod postgres {
            $(mod $module {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $case() {
                    crate::conformance::$module::$case(crate::conformance::bench::Bench::postgres().await).await;
                })+
            })+
        }
    };
}

on_every_back_end! {
    appending:
        events_are_read_back_as_they_were_written,
        several_streams_are_appended_as_one,
        a_conflict_fails_only_its_own_command,
        a_conflict_inside_a_batch_fails_only_the_second,
        a_stream_of_another_ledger_is_a_conflict,
        a_key_is_used_once_also_after_a_reopening,
        an_old_key_may_be_used_again,
        an_outcome_has_the_position_of_its_last_event,
        a_key_taken_goes_before_a_conflict,
        an_unknown_ledger_takes_nothing,
        a_ledger_is_opened_once,
        a_code_that_is_no_code_opens_nothing,
        positions_go_on_after_a_reopening,
        migrating_twice_changes_nothing,
        a_poisoned_command_fails_alone,
        a_refused_command_leaves_nothing_behind,
        recorded_at_never_falls_when_the_clock_jumps_back,
        a_command_without_events_moves_no_position,
        a_closed_store_takes_nothing_and_can_be_read,
        a_new_epoch_is_given_to_every_ledger,
        a_time_leads_to_the_last_position_recorded_by_then;
    concurrency:
        positions_are_dense_and_readers_miss_nothing,
        one_writer_wins_each_version,
        numbers_are_unique_under_concurrency,
        two_stores_on_one_place_write_beside_each_other;
    load:
        processes_that_dawdle_lose_nothing_and_readers_miss_nothing,
        every_fresh_command_is_stored_and_every_stale_one_refused,
        ledgers_do_not_wait_for_one_another,
        one_value_is_claimed_once_over_two_nodes;
    sharing:
        a_claim_is_held_by_one,
        a_claim_is_found_in_every_ledger,
        refusals_are_kept_once_a_second,
        refusals_are_paged_by_time_account_and_command,
        followers_hear_of_events_and_articles;
    mail_queue:
        a_mail_is_queued_once_and_sent_once,
        a_mail_in_hand_is_nobody_elses_until_its_time,
        two_nodes_share_the_due_mails,
        an_attempt_that_was_none_does_not_count,
        a_mail_that_failed_is_tried_again_or_given_up;
    reactors:
        one_node_holds_a_lease_until_it_ends,
        nothing_is_written_under_a_lost_lease,
        what_is_set_aside_is_seen_until_it_is_taken_back;
    sessions:
        a_session_lives_until_it_ends,
        sessions_follow_the_account_in_the_same_transaction,
        a_sign_in_that_a_new_password_overtakes_keeps_no_session,
        what_rests_on_a_proof_is_refused_once_it_counts_no_more,
        a_password_set_ends_the_sessions,
        a_session_that_is_not_used_ends_and_using_it_is_noted,
        sessions_are_listed_and_ended_by_their_account_alone,
        a_session_is_replaced_by_one_and_only_once,
        sessions_in_anothers_place_end_with_what_they_rest_on;
    access:
        the_fourth_failure_locks_for_thirty_minutes,
        failures_far_apart_do_not_lock,
        the_fourth_failure_locks_up_to_ten_minutes_after_the_first,
        who_has_come_through_forgets_failures_and_lifts_no_lock,
        a_password_that_is_set_ends_the_new_login_that_waits,
        a_new_login_is_begun_once_in_a_time_by_an_account_and_for_an_address,
        a_reset_link_is_used_once,
        a_reset_link_dies_with_time_or_a_newer_one,
        two_at_once_use_a_reset_link_once,
        a_new_login_waits_for_its_link_and_a_later_one_takes_its_place,
        a_second_factor_waits_until_it_is_confirmed_and_is_not_replaced_then,
        a_secret_waits_ten_minutes_and_the_one_that_was_proven_is_the_one_in_use,
        a_code_is_used_once_by_whoever_comes_first,
        an_erased_persons_second_factor_opens_nothing,
        a_revoked_key_opens_nothing,
        the_very_same_key_is_put_twice_and_no_other_in_its_place;
    importing:
        an_imported_ledger_is_the_one_that_it_was,
        a_ledger_that_exists_is_not_imported,
        a_ledger_that_is_not_whole_leaves_nothing;
    articles:
        an_unchanged_article_takes_no_revision,
        articles_are_followed_by_revision,
        a_change_is_found_at_once_where_it_was_made_and_soon_elsewhere,
        prices_are_never_overwritten,
        a_withdrawn_article_can_come_back,
        a_broken_article_undoes_the_whole_call;
    erasures:
        what_was_erased_is_listed_once_and_over_a_reopening,
        an_erasure_that_is_only_asked_for_says_why_and_destroys_nothing,
        a_warning_counts_from_when_its_letter_was_taken,
        an_erasure_of_which_a_key_lives_is_undone,
        a_forgotten_account_leaves_nothing_beside_the_log,
        an_organisation_that_was_given_up_twice_has_one_line_and_the_later_time,
        the_text_of_a_login_that_waits_goes_with_it,
        of_many_proofs_of_identity_at_once_only_so_many_are_looked_at;
    vault:
        what_is_sealed_can_be_opened_after_a_reopening,
        what_is_erased_is_absent_and_stays_so,
        one_purpose_is_erased_without_the_other,
        a_moved_field_is_detected,
        the_blind_index_is_stable_over_a_reopening,
        a_seal_of_another_ledger_is_refused;
}

#[cfg(test)]
#[path = "conformance/pooler.rs"]
mod pooler;
#[cfg(test)]
#[path = "conformance/postgres_server.rs"]
mod postgres_server;
#[cfg(test)]
#[path = "conformance/sqlite_files.rs"]
mod sqlite_files;
