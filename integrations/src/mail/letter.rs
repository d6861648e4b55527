//! A letter and its two shapes: text and HTML, in one message.

use askama::Template;
use lettre::{
    Address, Message,
    message::{Mailbox, MultiPart, header},
};
use uuid::Uuid;

use super::texts::MailLanguage;

/// A letter that is ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) language: MailLanguage,
    pub(super) subject: String,
    pub(super) greeting: String,
    pub(super) paragraphs: Vec<String>,
    /// What somebody wrote, shown as his words.
    pub(super) quoted: Option<String>,
    pub(super) action: Option<Action>,
    pub(super) note: Option<String>,
    pub(super) signature: String,
    pub(super) automatic: String,
}

/// The one thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Action {
    pub(super) label: String,
    pub(super) url: String,
    /// Said before the bare address.
    pub(super) fallback: String,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    language: &'a str,
    subject: &'a str,
    greeting: &'a str,
    paragraphs: &'a [String],
    quoted: Option<&'a str>,
    action: Option<&'a Action>,
    note: Option<&'a str>,
    signature: &'a str,
    automatic: &'a str,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct Text<'a> {
    greeting: &'a str,
    paragraphs: &'a [String],
    quoted: Option<&'a str>,
    action: Option<&'a Action>,
    note: Option<&'a str>,
    signature: &'a str,
    automatic: &'a str,
}

/// Why a letter cannot become a message; without its texts.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwritable {
    #[error("the address is none")]
    Address,
    #[error("a template failed")]
    Template(#[from] askama::Error),
    #[error("the message could not be put together")]
    Message(#[from] lettre::error::Error),
}

/// Who gets it.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) address: String,
    pub(super) name: Option<String>,
}

/// One line: what would end a header is a space.
pub(super) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// An address that every server understands: a domain in another script has an ASCII form (RFC 5891), and what stands
/// before the @ is ASCII by our own rule.
pub(super) fn in_ascii(address: &Address) -> Option<Address> {
    let domain = idna::domain_to_ascii(address.domain()).ok()?;
    Address::new(address.user(), domain).ok()
}

impl Letter {
    /// The message with its stable id.
    pub(super) fn message(&self, id: Uuid, from: &Mailbox, to: &Reader) -> Result<Message, Unwritable> {
        let address = to.address.parse().ok().and_then(|address| in_ascii(&address)).ok_or(Unwritable::Address)?;
        let name = to.name.as_deref().map(one_line).filter(|name| !name.is_empty());
        let host = from.email.domain();
        let message = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(name, address))
            .subject(one_line(&self.subject))
            .message_id(Some(format!("<{id}@{host}>")))
            .header(AutoSubmitted)
            .header(header::MIME_VERSION_1_0)
            .multipart(MultiPart::alternative_plain_html(self.text()?, self.html()?))?;
        Ok(message)
    }

    fn text(&self) -> Result<String, Unwritable> {
        let Self { greeting, paragraphs, signature, automatic, .. } = self;
        let (quoted, action, note) = (self.quoted.as_deref(), self.action.as_ref(), self.note.as_deref());
        Ok(Text { greeting, paragraphs, quoted, action, note, signature, automatic }.render()?)
    }

    fn html(&self) -> Result<String, Unwritable> {
        let Self { subject, greeting, paragraphs, signature, automatic, .. } = self;
        let (quoted, action, note) = (self.quoted.as_deref(), self.action.as_ref(), self.note.as_deref());
        let language = self.language.tag();
        let page = Html { language, subject, greeting, paragraphs, quoted, action, note, signature, automatic };
        Ok(page.render()?)
    }
}

/// `Auto-Submitted: auto-generated` (RFC 3834): no holiday notice comes back.
#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            language: MailLanguage::French,
            subject: "Votre commande\r\nBcc: spy@evil.example".to_owned(),
            greeting: "Bonjour <script>alert(1)</script>,".to_owned(),
            paragraphs: vec!["Une phrase.".to_owned()],
            quoted: Some("ligne\r\n.\r\nMAIL FROM:<x@y>".to_owned()),
            action: Some(Action {
                label: "Voir".to_owned(),
                url: "https://shop.example/orders/1".to_owned(),
                fallback: "Sinon :".to_owned(),
            }),
            note: None,
            signature: "La librairie".to_owned(),
            automatic: "Automatique.".to_owned(),
        }
    }

    fn sent(reader: &Reader) -> String {
        let from = "La librairie <shop@shop.example>".parse().unwrap();
        let message = letter().message(Uuid::from_u128(7), &from, reader).unwrap();
        assert_eq!(message.envelope().to().len(), 1);
        String::from_utf8(message.formatted()).unwrap()
    }

    // attack 64
    #[test]
    fn no_text_becomes_a_header() {
        let reader = Reader { address: "a@b.example".to_owned(), name: Some("Léa\r\nBcc: x@y.example".to_owned()) };
        let message = sent(&reader);
        let headers = message.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let names: Vec<_> = headers.lines().filter_map(|line| line.split_once(':')).map(|(name, _)| name).collect();
        assert!(!names.iter().any(|name| name.eq_ignore_ascii_case("bcc")), "{headers}");
        assert!(headers.contains("Message-ID: <00000000-0000-0000-0000-000000000007@shop.example>"));
        assert!(headers.contains("Auto-Submitted: auto-generated"));
        for address in ["a@b\r\nBcc: x@y", "\"RCPT TO:<x>\"@localhost\r\n", "no address", ""] {
            let from = "shop@shop.example".parse().unwrap();
            let reader = Reader { address: address.to_owned(), name: None };
            assert!(matches!(letter().message(Uuid::nil(), &from, &reader), Err(Unwritable::Address)), "{address}");
        }
    }

    // attack 61
    #[test]
    fn what_people_write_is_text_in_html() {
        let html = letter().html().unwrap();
        assert!(!html.contains("<script>"));
        assert!(html.contains("&#60;script&#62;") || html.contains("&lt;script&gt;"));
    }
}
