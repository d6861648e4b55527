//! Mail: what happened becomes rows of the queue ([`Mailer`], a reactor); a sender takes what is due, writes the letter
//! then and hands it to a server ([`Sender`]).
//!
//! What must stay true: no address, text or token is at rest in the queue; a letter's `Message-ID` follows from its row,
//! so that one that is sent twice can be known as the same.

mod kind;
mod letter;
mod mailer;
mod sender;
mod smtp;
mod texts;
mod transport;
mod writer;

pub use kind::{MailArgs, MailKind, new_mail};
pub use mailer::Mailer;
pub use sender::Sender;
pub use texts::MailLanguage;
pub use transport::{BadMailSetting, MailSettings, Transport};
