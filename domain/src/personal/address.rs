//! What an e-mail address may look like, that is a login and is written to: narrower than RFC 5321, and for it harmless.
//!
//! Refused although the standard has it: quoted local parts (a place for commands of the mail protocol), address
//! literals, hosts without a dot, and letters of other scripts, which look like ours and are not.

/// Longest local part, in bytes (RFC 5321, 4.5.3.1.1).
const LOCAL_BYTES: usize = 64;
/// Longest label of a domain, in bytes, and longest domain.
const LABEL_BYTES: usize = 63;
const DOMAIN_BYTES: usize = 253;

/// Whether a text is an address that we write to.
pub(super) fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain))
}

fn is_local_part(local: &str) -> bool {
    let atom = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    local.len() <= LOCAL_BYTES && local.split('.').all(atom)
}

fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let named = labels.last().is_some_and(|last| !last.bytes().all(|b| b.is_ascii_digit()));
    domain.len() <= DOMAIN_BYTES && labels.len() >= 2 && named && labels.into_iter().all(is_label)
}

fn is_label(label: &str) -> bool {
    // Latin letters with their accents and no others: a Cyrillic `а` among Latin letters is another domain.
    let latin = |c: char| ('\u{e0}'..='\u{17f}').contains(&c) && c.is_alphabetic();
    let known = |c: char| c.is_ascii_alphanumeric() || c == '-' || c.to_lowercase().all(latin);
    let ends = label.starts_with('-') || label.ends_with('-');
    !label.is_empty() && label.len() <= LABEL_BYTES && !ends && label.chars().all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // attack 65
    fn addresses_that_deceive_or_command_are_none() {
        for good in [
            "a@b.example",
            "Camille.Aubert+lecture@mairie-nancy.fr",
            "o'neill@x.co.uk",
            "x@médiathèque.fr",
            "1@xn--p1ai.example",
        ] {
            assert!(is_address(good), "{good}");
        }
        let long = format!("{}@b.example", "a".repeat(300));
        for bad in [
            "",
            "a",
            "@b.example",
            "a@",
            "a@b",
            "a@localhost",
            "\"RCPT TO:<x>\"@localhost",
            "\"RCPT TO:<x>\"@b.example",
            "a b@c.example",
            "a@b@c.example",
            "<a@b.example>",
            "a@b.example\r\nBcc: c@d.example",
            ".a@b.example",
            "a..b@c.example",
            "a@.b.example",
            "a@b..example",
            "a@-b.example",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@ex\u{430}mple.fr",
            "a@\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}.fr",
            "\u{430}dmin@b.example",
            "a@b.ex\u{200b}ample",
            long.as_str(),
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
