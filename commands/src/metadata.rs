//! The metadata of an event: a flat object of strings, keys sorted, absent rather than null. Frozen in the log.

use std::collections::BTreeMap;

use bordereau_domain::InstitutionId;
use chrono::{DateTime, SecondsFormat, Utc};

use crate::context::Envelope;

/// A time as the log writes it: RFC 3339 in UTC with microseconds.
pub(crate) fn written_time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The metadata of all events of one command.
pub(crate) fn metadata(envelope: &Envelope, command: &str, institution: Option<InstitutionId>) -> String {
    let mut entries = BTreeMap::from([
        ("ledger", envelope.shop.to_string()),
        ("at", written_time(envelope.at)),
        ("actor", envelope.actor.account.to_string()),
        ("role", envelope.actor.role.to_string()),
        ("channel", envelope.channel.to_owned()),
        ("correlation", envelope.correlation.to_string()),
        ("command", command.to_owned()),
    ]);
    let optional = [
        ("on_behalf_of", envelope.actor.on_behalf_of.map(|account| account.to_string())),
        ("institution", institution.map(|institution| institution.to_string())),
        ("causation", envelope.causation.map(|event| event.to_string())),
    ];
    entries.extend(optional.into_iter().filter_map(|(key, value)| Some((key, value?))));
    serde_json::Value::from_iter(entries).to_string()
}

#[cfg(test)]
mod tests {
    use bordereau_domain::Actor;

    use super::*;

    #[test]
    fn metadata_is_a_flat_object_of_strings_with_sorted_keys() {
        let at = "2026-03-29T01:30:00.000001Z".parse().unwrap();
        let mut envelope = Envelope::new("DLIVRE".parse().unwrap(), Actor::system(), at, "cli");
        envelope.correlation = uuid::Uuid::nil();
        let nil = uuid::Uuid::nil();
        assert_eq!(
            metadata(&envelope, "OpenShop", None),
            format!(
                r#"{{"actor":"{nil}","at":"2026-03-29T01:30:00.000001Z","channel":"cli","command":"OpenShop","correlation":"{nil}","ledger":"DLIVRE","role":"system"}}"#
            )
        );
    }
}
