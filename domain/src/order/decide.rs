//! What an order answers to each command.

use std::collections::BTreeSet;

use super::{
    command::{LineReport, OrderCommand, Placement},
    error::OrderError,
    event::{OrderEvent, ReportedLine},
    is_librisoft_number,
    state::{OpenOrder, Order, OrderStatus},
};
use crate::{
    actor::Role,
    decider::{Context, Decider, Illegal},
    personal::{Personal, Reason},
    pricing::Totals,
    terms::{DeliveryMode, is_reference},
};

type Decision = Result<Vec<OrderEvent>, OrderError>;

impl Decider for Order {
    const TYPE: &'static str = "Order";
    type Command = OrderCommand;
    type Event = OrderEvent;
    type Error = OrderError;

    fn decide(&self, command: &OrderCommand, _: &Context) -> Decision {
        let order = match (self, command) {
            (Self::Unplaced, OrderCommand::Place(placement)) => return Ok(vec![place(placement)]),
            (Self::Unplaced, _) => return Err(OrderError::NotPlaced),
            (Self::Placed(order), _) => order,
        };
        match command {
            OrderCommand::Place(_) => Err(OrderError::AlreadyPlaced),
            OrderCommand::Acknowledge { librisoft_number } => order.acknowledge(librisoft_number),
            OrderCommand::ReportLines { lines } => order.report(lines),
            OrderCommand::MakeAvailable => order.make_available(),
            OrderCommand::Ship { tracking } => order.ship(tracking.as_deref()),
            OrderCommand::Close => order.close(),
            OrderCommand::Cancel { reason } => order.cancel(*reason),
            OrderCommand::AcknowledgeCancellation => order.acknowledge_cancellation(),
            OrderCommand::ResetStatus { reason } => Ok(order.reset(*reason)),
            OrderCommand::SendMessage { text } => Ok(vec![OrderEvent::MessageSent { text: *text }]),
        }
    }

    fn evolve(&mut self, event: &OrderEvent) {
        self.apply(event);
    }

    fn allows(&self, event: &OrderEvent) -> Result<(), Illegal> {
        match (self, event) {
            (Self::Unplaced, OrderEvent::Placed { .. }) => Ok(()),
            (Self::Unplaced, _) => Err(Illegal::new(event, "the order was not placed")),
            (Self::Placed(order), _) if order.allows(event) => Ok(()),
            (Self::Placed(_), _) => Err(Illegal::new(event, "not in this status")),
        }
    }

    fn may_see(&self, context: &Context) -> bool {
        self.opened().is_some_and(|order| order.is_seen_by(context))
    }

    fn may(&self, command: &OrderCommand, context: &Context) -> Result<(), OrderError> {
        let wanted = match command {
            OrderCommand::Place(_) => Role::Purchaser,
            OrderCommand::Acknowledge { .. }
            | OrderCommand::ReportLines { .. }
            | OrderCommand::AcknowledgeCancellation => Role::Librisoft,
            OrderCommand::MakeAvailable
            | OrderCommand::Ship { .. }
            | OrderCommand::Close
            | OrderCommand::Cancel { .. }
            | OrderCommand::ResetStatus { .. }
            | OrderCommand::SendMessage { .. } => Role::Bookseller,
        };
        if context.actor.role == wanted { Ok(()) } else { Err(OrderError::RoleMayNot) }
    }
}

fn place(placement: &Placement) -> OrderEvent {
    OrderEvent::Placed {
        number: placement.number,
        basket: placement.basket,
        quote_id: placement.quote_id,
        institution_id: placement.institution_id,
        terms: placement.terms.clone(),
        establishment_id: placement.establishment_id,
        created_by: placement.created_by,
        reference: placement.reference.clone(),
        comment: placement.comment,
        lines: placement.lines.clone(),
        deferred: placement.deferred.clone(),
        shipping_incl_tax: placement.shipping_incl_tax,
        totals: Totals::of(placement.lines.iter().map(|line| &line.price)),
        discount_justification: placement.discount_justification,
    }
}

impl OpenOrder {
    /// The number is recorded whatever the status: an order cancelled between offer and collection stays cancelled.
    fn acknowledge(&self, librisoft_number: &str) -> Decision {
        match self.librisoft_number.as_deref() {
            Some(known) if known == librisoft_number => Ok(vec![]),
            Some(_) => Err(OrderError::NumberDiffers),
            None if is_librisoft_number(librisoft_number) => {
                Ok(vec![OrderEvent::PushedToLibrisoft { librisoft_number: librisoft_number.to_owned() }])
            }
            None => Err(OrderError::BadNumber),
        }
    }

    fn report(&self, reports: &[LineReport]) -> Decision {
        if self.librisoft_number.is_none() {
            return Err(OrderError::NotCollected);
        }
        if !self.status.is_open() {
            return Err(self.wrong_status());
        }
        let named: BTreeSet<_> = reports.iter().map(|report| report.line_id).collect();
        if named.len() != reports.len() || reports.is_empty() {
            return Err(OrderError::UnknownLine);
        }
        let mut lines = Vec::new();
        for LineReport { line_id, report } in reports {
            let known = self.lines.iter().find(|line| line.line.line_id == *line_id).ok_or(OrderError::UnknownLine)?;
            if known.report != Some(*report) {
                lines.push(ReportedLine {
                    line_id: *line_id,
                    ean: known.line.ean,
                    title: known.line.title.clone(),
                    before: known.report,
                    after: *report,
                });
            }
        }
        if lines.is_empty() { Ok(vec![]) } else { Ok(vec![OrderEvent::LinesReported { lines }]) }
    }

    fn make_available(&self) -> Decision {
        if self.status == OrderStatus::Available {
            return Ok(vec![]);
        }
        self.can_hand_over(DeliveryMode::Pickup)?;
        Ok(vec![OrderEvent::MadeAvailable {}])
    }

    fn ship(&self, tracking: Option<&str>) -> Decision {
        if self.status == OrderStatus::Shipped {
            return Ok(vec![]);
        }
        self.can_hand_over(DeliveryMode::Delivery)?;
        if tracking.is_some_and(|number| !is_reference(number)) {
            return Err(OrderError::BadTracking);
        }
        Ok(vec![OrderEvent::Shipped { tracking: tracking.map(str::to_owned) }])
    }

    fn close(&self) -> Decision {
        if self.status == OrderStatus::Closed {
            return Ok(vec![]);
        }
        self.can_end()?;
        Ok(vec![OrderEvent::Closed {}])
    }

    fn cancel(&self, reason: Personal<Reason>) -> Decision {
        if self.status == OrderStatus::Cancelled {
            return Ok(vec![]);
        }
        self.can_end()?;
        Ok(vec![OrderEvent::Cancelled { reason }])
    }

    fn acknowledge_cancellation(&self) -> Decision {
        match self.cancellation {
            Some(cancellation) if cancellation.pushed => Ok(vec![]),
            Some(_) if self.librisoft_number.is_some() => Ok(vec![OrderEvent::CancellationPushedToLibrisoft {}]),
            Some(_) => Err(OrderError::NotCollected),
            None => Err(self.wrong_status()),
        }
    }

    fn reset(&self, reason: Personal<Reason>) -> Vec<OrderEvent> {
        if self.status == self.initial_status() { vec![] } else { vec![OrderEvent::StatusReset { reason }] }
    }

    fn allows(&self, event: &OrderEvent) -> bool {
        match event {
            OrderEvent::Placed { .. } => false,
            OrderEvent::PushedToLibrisoft { .. } => self.librisoft_number.is_none(),
            OrderEvent::LinesReported { lines } => {
                let known = |reported: &ReportedLine| {
                    self.lines.iter().any(|l| l.line.line_id == reported.line_id && l.report == reported.before)
                };
                self.librisoft_number.is_some() && self.status.is_open() && lines.iter().all(known)
            }
            OrderEvent::MadeAvailable {} => self.can_hand_over(DeliveryMode::Pickup).is_ok(),
            OrderEvent::Shipped { .. } => self.can_hand_over(DeliveryMode::Delivery).is_ok(),
            OrderEvent::Closed {} | OrderEvent::Cancelled { .. } => self.can_end().is_ok(),
            OrderEvent::CancellationPushedToLibrisoft {} => self.is_cancellation_due(),
            OrderEvent::StatusReset { .. } => self.status != self.initial_status(),
            OrderEvent::MessageSent { .. } => true,
        }
    }
}
