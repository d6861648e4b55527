//! What a shop answers to each command.

use super::{
    command::ShopCommand,
    error::ShopError,
    event::{Establishment, ShopEvent},
    state::Shop,
};
use crate::{
    actor::Role,
    decider::{Context, Decider, Illegal},
};

type Decision = Result<Vec<ShopEvent>, ShopError>;

/// Longest name, in characters.
const MAX_CHARS: usize = 200;

impl Decider for Shop {
    const TYPE: &'static str = "Shop";
    type Command = ShopCommand;
    type Event = ShopEvent;
    type Error = ShopError;

    fn decide(&self, command: &ShopCommand, _: &Context) -> Decision {
        match (self, command) {
            (Self::Unopened, ShopCommand::Open { code, name, country, currency, time_zone, first }) => {
                check(name, country, currency, time_zone)?;
                check(&first.name, &first.country, &first.currency, &first.time_zone)?;
                Ok(vec![
                    ShopEvent::Opened {
                        code: code.clone(),
                        name: name.clone(),
                        country: country.clone(),
                        currency: currency.clone(),
                        time_zone: time_zone.clone(),
                    },
                    ShopEvent::EstablishmentOpened { establishment: first.clone() },
                ])
            }
            (Self::Unopened, ShopCommand::OpenEstablishment { .. }) => Err(ShopError::NotOpened),
            (Self::Opened(_), ShopCommand::Open { .. }) => Err(ShopError::AlreadyOpened),
            (Self::Opened(shop), ShopCommand::OpenEstablishment { establishment }) => {
                open_establishment(&shop.establishments, establishment)
            }
        }
    }

    fn evolve(&mut self, event: &ShopEvent) {
        self.apply(event);
    }

    fn allows(&self, event: &ShopEvent) -> Result<(), Illegal> {
        match (self, event) {
            (Self::Unopened, ShopEvent::Opened { .. }) => Ok(()),
            (Self::Unopened, ShopEvent::EstablishmentOpened { .. }) => Err(Illegal::new(event, "the shop is not open")),
            (Self::Opened(_), ShopEvent::Opened { .. }) => Err(Illegal::new(event, "the shop is open already")),
            (Self::Opened(shop), ShopEvent::EstablishmentOpened { establishment }) => {
                let taken = shop.establishments.iter().any(|e| e.number == establishment.number);
                if taken { Err(Illegal::new(event, "the number is taken")) } else { Ok(()) }
            }
        }
    }

    fn may_see(&self, context: &Context) -> bool {
        matches!(context.actor.role, Role::Bookseller | Role::Auditor | Role::System)
    }

    fn may(&self, command: &ShopCommand, context: &Context) -> Result<(), ShopError> {
        let allowed = match command {
            ShopCommand::Open { .. } => context.actor.role == Role::System,
            ShopCommand::OpenEstablishment { .. } => matches!(context.actor.role, Role::Bookseller | Role::System),
        };
        if allowed { Ok(()) } else { Err(ShopError::RoleMayNot) }
    }
}

fn open_establishment(present: &[Establishment], wanted: &Establishment) -> Decision {
    if present.contains(wanted) {
        return Ok(vec![]);
    }
    if present.iter().any(|e| e.number == wanted.number) {
        return Err(ShopError::NumberTaken);
    }
    check(&wanted.name, &wanted.country, &wanted.currency, &wanted.time_zone)?;
    Ok(vec![ShopEvent::EstablishmentOpened { establishment: wanted.clone() }])
}

fn check(name: &str, country: &str, currency: &str, time_zone: &str) -> Result<(), ShopError> {
    let capitals = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_uppercase());
    if name.trim().is_empty() || name.chars().count() > MAX_CHARS || name.chars().any(char::is_control) {
        return Err(ShopError::BadName);
    }
    if !capitals(country, 2) {
        return Err(ShopError::BadCountry);
    }
    if !capitals(currency, 3) {
        return Err(ShopError::BadCurrency);
    }
    time_zone.parse::<chrono_tz::Tz>().map(|_| ()).map_err(|_| ShopError::BadTimeZone)
}
