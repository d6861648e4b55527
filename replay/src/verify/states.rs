//! The state of an aggregate of any kind, for those who ask what may follow.

use bordereau_domain::{
    Decider, Event, account::Account, basket::Basket, institution::Institution, order::Order, quote::Quote, shop::Shop,
    subject::Subject,
};

macro_rules! states {
    ($($aggregate:ident),+ $(,)?) => {
        /// The state of an aggregate.
        #[derive(Debug)]
        pub(super) enum State {
            $(#[doc = concat!("Of a [`", stringify!($aggregate), "`].")] $aggregate($aggregate)),+
        }

        impl State {
            /// Before the first event of an aggregate of this event's kind.
            pub(super) fn before(event: &Event) -> Self {
                match event { $(Event::$aggregate(_) => Self::$aggregate(<$aggregate as Default>::default())),+ }
            }

            /// Whether the event may follow.
            ///
            /// # Errors
            /// What the state says against it.
            pub(super) fn allows(&self, event: &Event) -> Result<(), String> {
                match (self, event) {
                    $((Self::$aggregate(state), Event::$aggregate(event)) => {
                        state.allows(event).map_err(|illegal| illegal.to_string())
                    })+
                    $((Self::$aggregate(_), _) => {
                        Err(format!("{} is no event of a {}", event.wire_name(), <$aggregate as Decider>::TYPE))
                    })+
                }
            }

            /// The state after the event.
            pub(super) fn evolve(&mut self, event: &Event) {
                match (self, event) {
                    $((Self::$aggregate(state), Event::$aggregate(event)) => state.evolve(event),)+
                    $((Self::$aggregate(_), _) => {})+
                }
            }
        }
    };
}

states!(Shop, Institution, Account, Subject, Basket, Quote, Order);
