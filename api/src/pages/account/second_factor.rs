//! The second factor of one's own account. What is told once stands in the answer to the form that asked for it: no page
//! that could be opened again holds a secret or recovery codes.

use std::fmt::Write;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_domain::account::Account;
use qrcode::{Color, QrCode};
use serde::Deserialize;

use super::super::{
    field::{Field, Form, Told, refuse},
    frame::Frame,
    notice::Notice,
    redirect::SeeOther,
    signed_in::SignedIn,
};
use crate::{app::App, problem::Problem, second_factor as factor};

/// A picture of dark squares, `side` squares wide, with its quiet margin.
struct Picture {
    side: usize,
    path: String,
}

/// A secret that waits for its first code.
struct Waiting {
    secret: String,
    picture: Picture,
}

#[derive(Template)]
#[template(path = "account_second_factor.html")]
struct FactorPage {
    frame: Frame,
    told: Option<Told>,
    /// Whether he acts in his own name.
    himself: bool,
    enabled: bool,
    /// The secret, told once.
    waiting: Option<Waiting>,
    /// Whether a first code is asked for.
    proving: bool,
    /// Recovery codes, told once.
    codes: Vec<String>,
    current_password: Field,
    code: Field,
}

impl FactorPage {
    async fn read(app: &App, signed_in: &SignedIn) -> Result<Self, Problem> {
        let frame = Frame::of(signed_in);
        let account = signed_in.caller.actor.account.to_string();
        let ask = Account::demands_second_factor;
        let enabled = app.commands.peek::<Account, _>(signed_in.shop(), &account, ask).await?.value;
        Ok(Self {
            told: None,
            himself: signed_in.caller.actor.on_behalf_of.is_none(),
            enabled,
            waiting: None,
            proving: false,
            codes: Vec::new(),
            current_password: Field::password("current_password", frame.t("password-current"), "current-password"),
            code: Field { autocomplete: "one-time-code", ..Field::text("code", frame.t("factor-code")) },
            frame,
        })
    }

    fn refused(mut self, problem: &Problem) -> Response {
        let frame = self.frame.clone();
        let usual = match problem.slug {
            "wrong-password" => Some("current_password"),
            "second-factor-wrong" => Some("code"),
            _ => None,
        };
        self.told = refuse(&frame, &mut [&mut self.current_password, &mut self.code], usual, problem);
        frame.answer_refused(problem, &self)
    }
}

/// An address as a picture that an authenticator reads.
fn picture(url: &str) -> Result<Picture, Problem> {
    const MARGIN: usize = 4;
    let code = QrCode::new(url).map_err(|error| Problem::internal(&error))?;
    let width = code.width();
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (at % width + MARGIN, at / width + MARGIN);
            // Writing to a text never fails.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Ok(Picture { side: width + 2 * MARGIN, path })
}

/// The page.
pub async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Problem> {
    let page = FactorPage::read(&app, &signed_in).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}

/// Proof of who asks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginForm {
    current_password: String,
}

/// Makes a secret and shows it.
pub async fn begin(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(sent): Form<BeginForm>,
) -> Result<Response, Problem> {
    let begun = factor::begin_for(&app, &signed_in.caller, &sent.current_password).await;
    let mut page = FactorPage::read(&app, &signed_in).await?;
    match begun {
        Ok(begun) => {
            page.waiting = Some(Waiting { picture: picture(&begun.url)?, secret: begun.secret });
            page.proving = true;
            page.code.focus = true;
            Ok(page.frame.answer(StatusCode::OK, &page))
        }
        Err(problem) => Ok(page.refused(&problem)),
    }
}

/// A code of the moment.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmForm {
    code: String,
}

/// Takes the secret into use and shows the recovery codes.
pub async fn confirm(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(sent): Form<ConfirmForm>,
) -> Result<Response, Problem> {
    let confirmed = factor::confirm_for(&app, &signed_in.caller, signed_in.envelope(&app), &sent.code).await;
    let mut page = FactorPage::read(&app, &signed_in).await?;
    match confirmed {
        Ok(codes) => {
            page.codes = codes;
            Ok(page.frame.answer(StatusCode::OK, &page))
        }
        Err(problem) => {
            // The secret is not told again: it is in the authenticator, or it is asked for anew.
            page.proving = problem.slug == "second-factor-wrong";
            Ok(page.refused(&problem))
        }
    }
}

/// Proof of who asks, with both factors.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveUpForm {
    current_password: String,
    code: String,
}

/// Gives the second factor up.
pub async fn give_up(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(sent): Form<GiveUpForm>,
) -> Result<Response, Problem> {
    let envelope = signed_in.envelope(&app);
    match factor::give_up_for(&app, &signed_in.caller, envelope, &sent.current_password, &sent.code).await {
        Ok(_) => Ok(SeeOther::to("/account/second-factor", signed_in.reader.transport)
            .saying(Notice::SecondFactorGivenUp)
            .into_response()),
        Err(problem) => Ok(FactorPage::read(&app, &signed_in).await?.refused(&problem)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_a_finder_in_each_of_three_corners_and_a_margin() {
        let picture = picture("otpauth://totp/Bordereau%20DLIVRE:a%40b.example?secret=ABC").unwrap();
        for (x, y) in [(4, 4), (picture.side - 5, 4), (4, picture.side - 5)] {
            assert!(picture.path.contains(&format!("M{x} {y}h1")), "{x} {y}");
        }
        assert!(!picture.path.contains(&format!("M{0} {0}h1", picture.side - 4)));
        assert!(!picture.path.contains("M3 ") && !picture.path.contains(" 3h1"));
    }
}
