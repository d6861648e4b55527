//! Names of events in the log. The payload's one key and the `event_type` column are the same word.

/// Implements `DomainEvent` for an event enum and lists its wire names with their present versions.
macro_rules! wire_names {
    ($event:ident { $($variant:ident = $name:literal v $version:literal),+ $(,)? }) => {
        impl $event {
            /// Every wire name of this aggregate with the version that is written today.
            pub const NAMES: &'static [(&'static str, &'static str)] = &[$(($name, $version)),+];

            /// The event's name in the log.
            pub const fn wire_name(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $name),+ }
            }
        }

        impl cqrs_es::DomainEvent for $event {
            fn event_type(&self) -> String { self.wire_name().to_owned() }
            fn event_version(&self) -> String {
                match self { $(Self::$variant { .. } => $version),+ }.to_owned()
            }
        }
    };
}
pub(crate) use wire_names;
