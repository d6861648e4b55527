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
    // Latin letters with their accents and no others: a Cyrillic `а` among Latin letters is another domain. Nor those that
    // pass for plain ones: the dotless i, the long s, the l with a stroke.
    let deceives = |c: char| matches!(c, 'ı' | 'ſ' | 'ł' | 'ŀ' | 'ĸ' | 'ŉ' | 'ŧ' | 'đ' | 'ħ');
    let latin = |c: char| ('\u{e0}'..='\u{17f}').contains(&c) && c.is_alphabetic() && !deceives(c);
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

    #[test] // attack 65
    fn a_domain_in_punycode_is_taken_as_it_is_written() {
        for good in ["a@xn--mdiathque-b4ab.fr", "a@xn--livres-9ya.example", "a@livres.xn--p1ai", "a@XN--P1AI.example"] {
            assert!(is_address(good), "{good}");
        }
    }

    #[test] // attack 65
    fn letters_that_look_like_latin_ones_and_are_none_make_no_address() {
        for bad in [
            "a@lıvres.example",
            "a@demo.exampłe",
            "a@maiſon.example",
            // Greek omicron, Cyrillic ie and dze, Armenian o, Cherokee, all but one of them among Latin letters.
            "a@livres-\u{3bf}.example",
            "a@livr\u{435}s.example",
            "a@livre\u{455}.example",
            "a@dem\u{585}.example",
            "a@\u{13a0}emo.example",
            "a@demo.\u{440}\u{444}",
            // Full width, small capitals, mathematical letters, the Kelvin sign, a ligature.
            "a@\u{ff4c}ivres.example",
            "a@livre\u{a731}.example",
            "a@\u{1d425}ivres.example",
            "a@\u{212a}iosque.example",
            "a@\u{fb01}les.example",
            // A combining accent, a joiner, a soft hyphen, other signs for the dot and for the hyphen.
            "a@e\u{301}cole.example",
            "a@li\u{200d}vres.example",
            "a@li\u{ad}vres.example",
            "a@livres\u{3002}example",
            "a@livres\u{ff0e}example.fr",
            "a@mairie\u{2010}nancy.fr",
        ] {
            assert!(!is_address(bad), "{}", bad.escape_unicode());
        }
        // In a local part no letter is known but ASCII's.
        for bad in ["\u{131}nes@b.example", "\u{ff41}@b.example", "zo\u{eb}@b.example"] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
