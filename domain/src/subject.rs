//! A person whose data is sealed: known by an id alone, erased or not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actor::Role,
    decider::{Context, Decider, Illegal},
    wire::wire_names,
};

/// Whether a person's keys and sealed bytes still exist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// They do, if there ever were any.
    #[default]
    Present,
    /// They were destroyed.
    Erased,
}

/// What can be asked about a person's data.
#[derive(Clone, Debug)]
pub enum SubjectCommand {
    /// Destroy it.
    Erase {
        /// The keys that are destroyed with it, in hexadecimal.
        key_ids: Vec<String>,
        /// Whether its person asks himself.
        own: bool,
    },
}

/// What can have happened to a person's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub enum SubjectEvent {
    /// Keys and sealed bytes were destroyed.
    #[serde(rename = "SubjectErased")]
    Erased {
        /// The keys that were destroyed, in hexadecimal.
        key_ids: Vec<String>,
    },
}

wire_names!(SubjectEvent { Erased = "SubjectErased" v "1" });

/// Why it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// This role never does this.
    #[error("this role may not erase a person's data")]
    RoleMayNot,
    /// A shop does not shut itself out.
    #[error("nobody else runs the shop")]
    LastBookseller,
}

impl Decider for Subject {
    const TYPE: &'static str = "Subject";
    type Command = SubjectCommand;
    type Event = SubjectEvent;
    type Error = SubjectError;

    fn decide(&self, command: &SubjectCommand, _: &Context) -> Result<Vec<SubjectEvent>, SubjectError> {
        match (self, command) {
            (Self::Erased, SubjectCommand::Erase { .. }) => Ok(vec![]),
            (Self::Present, SubjectCommand::Erase { key_ids, .. }) => {
                Ok(vec![SubjectEvent::Erased { key_ids: key_ids.clone() }])
            }
        }
    }

    fn evolve(&mut self, event: &SubjectEvent) {
        match event {
            SubjectEvent::Erased { .. } => *self = Self::Erased,
        }
    }

    fn allows(&self, event: &SubjectEvent) -> Result<(), Illegal> {
        match self {
            Self::Present => Ok(()),
            Self::Erased => Err(Illegal::new(event, "it was erased already")),
        }
    }

    fn may_see(&self, context: &Context) -> bool {
        matches!(context.actor.role, Role::Bookseller | Role::Auditor | Role::System)
    }

    fn may(&self, command: &SubjectCommand, context: &Context) -> Result<(), SubjectError> {
        let SubjectCommand::Erase { own, .. } = command;
        let allowed = match context.actor.role {
            Role::Bookseller | Role::System => true,
            Role::Requester | Role::Approver | Role::Purchaser | Role::Auditor => *own,
            Role::Integrator | Role::Librisoft | Role::Buyer => false,
        };
        if allowed { Ok(()) } else { Err(SubjectError::RoleMayNot) }
    }
}
