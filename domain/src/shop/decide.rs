//! What a shop answers to each command.

use super::{
    command::ShopCommand,
    error::ShopError,
    event::{Establishment, Released, ShopEvent},
    state::{OpenedShop, Shop},
};
use crate::{
    actor::Role,
    decider::{Context, Decider, Illegal},
};

pub(super) type Decision = Result<Vec<ShopEvent>, ShopError>;

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
            (Self::Unopened, _) => Err(ShopError::NotOpened),
            (Self::Opened(_), ShopCommand::Open { .. }) => Err(ShopError::AlreadyOpened),
            (Self::Opened(shop), ShopCommand::OpenEstablishment { establishment }) => {
                open_establishment(&shop.establishments, establishment)
            }
            (Self::Opened(shop), ShopCommand::SetRegistration { open }) => Ok(set_registration(shop, *open)),
            (Self::Opened(shop), ShopCommand::OpenBuyersGroup { group_id, name }) => shop.groups.open(*group_id, name),
            (Self::Opened(shop), ShopCommand::RenameBuyersGroup { group_id, name, first }) => {
                shop.groups.rename(*group_id, name, *first)
            }
            (Self::Opened(shop), ShopCommand::SetDefaultBuyersGroup { group_id, first }) => {
                shop.groups.set_default(*group_id, *first)
            }
            (Self::Opened(_), ShopCommand::NoteRetention { released }) if *released == Released::default() => {
                Ok(vec![])
            }
            (Self::Opened(_), ShopCommand::NoteRetention { released }) => {
                Ok(vec![ShopEvent::RetentionApplied(*released)])
            }
        }
    }

    fn evolve(&mut self, event: &ShopEvent) {
        self.apply(event);
    }

    fn allows(&self, event: &ShopEvent) -> Result<(), Illegal> {
        let (legal, reason) = match (self, event) {
            (Self::Unopened, ShopEvent::Opened { .. }) => return Ok(()),
            (Self::Unopened, _) => (false, "the shop is not open"),
            (Self::Opened(_), ShopEvent::Opened { .. }) => (false, "the shop is open already"),
            (Self::Opened(shop), ShopEvent::EstablishmentOpened { establishment }) => {
                (shop.establishments.iter().all(|e| e.number != establishment.number), "the number is taken")
            }
            (Self::Opened(_), ShopEvent::RetentionApplied(released)) => {
                (*released != Released::default(), "nothing was let go")
            }
            (Self::Opened(shop), ShopEvent::RegistrationOpened {}) => (!shop.registration_open, "it is so already"),
            (Self::Opened(shop), ShopEvent::RegistrationClosed {}) => (shop.registration_open, "it is so already"),
            (Self::Opened(shop), ShopEvent::BuyersGroupOpened { group_id, .. }) => {
                (!shop.groups.was_made(*group_id), "the group was made already")
            }
            (
                Self::Opened(shop),
                ShopEvent::BuyersGroupRenamed { group_id, .. } | ShopEvent::DefaultBuyersGroupSet { group_id },
            ) => (shop.groups.may_be(*group_id), "there is no such group"),
        };
        if legal { Ok(()) } else { Err(Illegal::new(event, reason)) }
    }

    fn may_see(&self, context: &Context) -> bool {
        matches!(context.actor.role, Role::Bookseller | Role::Auditor | Role::System)
    }

    fn may(&self, command: &ShopCommand, context: &Context) -> Result<(), ShopError> {
        let allowed = match command {
            ShopCommand::Open { .. } | ShopCommand::NoteRetention { .. } => context.actor.role == Role::System,
            ShopCommand::OpenEstablishment { .. }
            | ShopCommand::SetRegistration { .. }
            | ShopCommand::OpenBuyersGroup { .. }
            | ShopCommand::RenameBuyersGroup { .. }
            | ShopCommand::SetDefaultBuyersGroup { .. } => {
                matches!(context.actor.role, Role::Bookseller | Role::System)
            }
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

fn set_registration(shop: &OpenedShop, open: bool) -> Vec<ShopEvent> {
    match (shop.registration_open, open) {
        (false, true) => vec![ShopEvent::RegistrationOpened {}],
        (true, false) => vec![ShopEvent::RegistrationClosed {}],
        (true, true) | (false, false) => vec![],
    }
}

pub(super) fn check_name(name: &str) -> Result<(), ShopError> {
    let bad = name.trim().is_empty() || name.chars().count() > MAX_CHARS || name.chars().any(char::is_control);
    if bad { Err(ShopError::BadName) } else { Ok(()) }
}

fn check(name: &str, country: &str, currency: &str, time_zone: &str) -> Result<(), ShopError> {
    let capitals = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_uppercase());
    check_name(name)?;
    if !capitals(country, 2) {
        return Err(ShopError::BadCountry);
    }
    if !capitals(currency, 3) {
        return Err(ShopError::BadCurrency);
    }
    time_zone.parse::<chrono_tz::Tz>().map(|_| ()).map_err(|_| ShopError::BadTimeZone)
}
