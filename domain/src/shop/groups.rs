//! Buyers' groups (W28): common to all points of sale; each buyer is in exactly one. The first was never made: its id
//! follows from the shop's code, and shops that opened before there were groups have one too.

use serde::{Deserialize, Serialize};

use super::{
    decide::{Decision, check_name},
    error::ShopError,
    event::ShopEvent,
};
use crate::ids::BuyersGroupId;

/// The name of the first group until it is given another.
pub const FIRST_BUYERS_GROUP: &str = "Clients";

/// A buyers' group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuyersGroup {
    /// Its id.
    pub id: BuyersGroupId,
    /// Its name.
    pub name: String,
}

/// The buyers' groups of a shop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuyersGroups {
    /// Those that were made, in their order.
    made: Vec<BuyersGroup>,
    /// The first one, once an event has named it.
    first: Option<BuyersGroup>,
    /// Where new accounts go; the first if nothing was said.
    default: Option<BuyersGroupId>,
}

impl BuyersGroups {
    /// Every group, the first one first.
    pub fn all(&self, first: BuyersGroupId) -> Vec<BuyersGroup> {
        let unnamed = || BuyersGroup { id: first, name: FIRST_BUYERS_GROUP.to_owned() };
        std::iter::once(self.first.clone().unwrap_or_else(unnamed)).chain(self.made.iter().cloned()).collect()
    }

    /// Whether there is such a group.
    pub fn holds(&self, group: BuyersGroupId, first: BuyersGroupId) -> bool {
        group == first || self.made.iter().any(|made| made.id == group)
    }

    /// The group that new accounts go into, where it is not the first.
    pub fn default_beside(&self, first: BuyersGroupId) -> Option<BuyersGroupId> {
        self.default.filter(|default| *default != first)
    }

    pub(super) fn open(&self, id: BuyersGroupId, name: &str) -> Decision {
        check_name(name)?;
        match self.made.iter().find(|made| made.id == id) {
            Some(made) if made.name == name => Ok(vec![]),
            Some(_) => Err(ShopError::BuyersGroupTaken),
            None => Ok(vec![ShopEvent::BuyersGroupOpened { group_id: id, name: name.to_owned() }]),
        }
    }

    pub(super) fn rename(&self, id: BuyersGroupId, name: &str, first: BuyersGroupId) -> Decision {
        let known = self.all(first);
        let group = known.iter().find(|group| group.id == id).ok_or(ShopError::UnknownBuyersGroup)?;
        check_name(name)?;
        if group.name == name {
            return Ok(vec![]);
        }
        Ok(vec![ShopEvent::BuyersGroupRenamed { group_id: id, name: name.to_owned() }])
    }

    pub(super) fn set_default(&self, id: BuyersGroupId, first: BuyersGroupId) -> Decision {
        if !self.holds(id, first) {
            return Err(ShopError::UnknownBuyersGroup);
        }
        if self.default.unwrap_or(first) == id {
            return Ok(vec![]);
        }
        Ok(vec![ShopEvent::DefaultBuyersGroupSet { group_id: id }])
    }

    /// Whether an event may speak of this group: one that was made, or the one first group.
    pub(super) fn may_be(&self, group: BuyersGroupId) -> bool {
        self.first.as_ref().is_none_or(|first| first.id == group) || self.made.iter().any(|made| made.id == group)
    }

    /// Whether this group was made.
    pub(super) fn was_made(&self, group: BuyersGroupId) -> bool {
        self.made.iter().any(|made| made.id == group)
    }

    pub(super) fn put(&mut self, id: BuyersGroupId, name: &str) {
        self.made.push(BuyersGroup { id, name: name.to_owned() });
    }

    pub(super) fn name(&mut self, id: BuyersGroupId, name: &str) {
        match self.made.iter_mut().find(|made| made.id == id) {
            Some(made) => name.clone_into(&mut made.name),
            None => self.first = Some(BuyersGroup { id, name: name.to_owned() }),
        }
    }

    pub(super) fn prefer(&mut self, id: BuyersGroupId) {
        self.default = Some(id);
        if !self.was_made(id) && self.first.is_none() {
            self.first = Some(BuyersGroup { id, name: FIRST_BUYERS_GROUP.to_owned() });
        }
    }
}
