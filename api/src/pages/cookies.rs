//! Our cookies. On https their names begin with `__Host-`: no other host and no clear connection can have set them.

use axum::http::{HeaderMap, HeaderValue, header};

use super::transport::Transport;

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The session's token.
    Session,
    /// `SHOP:POSITION`: what the reader has written and wants to see.
    Position,
    /// The code of a message for the next page.
    Notice,
    /// The chosen language.
    Language,
}

/// How long a browser keeps the chosen language, in seconds: a year.
const YEAR: u32 = 31_536_000;

impl Cookie {
    const fn name(self, transport: Transport) -> &'static str {
        match (self, transport) {
            (Self::Session, Transport::Https) => "__Host-bordereau",
            (Self::Session, _) => "bordereau",
            (Self::Position, Transport::Https) => "__Host-bordereau-position",
            (Self::Position, _) => "bordereau-position",
            (Self::Notice, Transport::Https) => "__Host-bordereau-notice",
            (Self::Notice, _) => "bordereau-notice",
            (Self::Language, Transport::Https) => "__Host-bordereau-language",
            (Self::Language, _) => "bordereau-language",
        }
    }

    /// Seconds that the browser keeps it; without, until it is closed (row W09).
    const fn age(self) -> Option<u32> {
        match self {
            Self::Session | Self::Position => None,
            Self::Notice => Some(60),
            Self::Language => Some(YEAR),
        }
    }

    /// What the browser has sent.
    pub fn read(self, headers: &HeaderMap, transport: Transport) -> Option<&str> {
        let name = self.name(transport);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(';')).find_map(|pair| {
            let (known, value) = pair.trim().split_once('=')?;
            (known == name).then_some(value)
        })
    }

    /// Keeps a value. It must be made of letters, digits and `-_:.`, as tokens, codes and positions are.
    pub fn set(self, transport: Transport, value: &str) -> HeaderValue {
        let age = self.age().map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        self.header(transport, value, &age)
    }

    /// Takes it back.
    pub fn clear(self, transport: Transport) -> HeaderValue {
        self.header(transport, "", "; Max-Age=0")
    }

    fn header(self, transport: Transport, value: &str, age: &str) -> HeaderValue {
        let secure = if transport == Transport::Https { "; Secure" } else { "" };
        let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", self.name(transport));
        HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_https_a_cookie_is_bound_to_its_host() {
        let set = Cookie::Session.set(Transport::Https, "abc");
        assert_eq!(set, "__Host-bordereau=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
        let set = Cookie::Language.set(Transport::Loopback, "nl");
        assert_eq!(set, "bordereau-language=nl; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000");
        assert_eq!(
            Cookie::Notice.clear(Transport::Clear),
            "bordereau-notice=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
        );
    }

    #[test]
    fn a_cookie_is_read_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "xbordereau=1; bordereau-language=nl;bordereau=2".parse().unwrap());
        headers.append(header::COOKIE, "other=3; bordereau=4".parse().unwrap());
        assert_eq!(Cookie::Session.read(&headers, Transport::Loopback), Some("2"));
        assert_eq!(Cookie::Session.read(&headers, Transport::Https), None);
        assert_eq!(Cookie::Language.read(&headers, Transport::Loopback), Some("nl"));
        assert_eq!(Cookie::Notice.read(&headers, Transport::Loopback), None);
    }
}
