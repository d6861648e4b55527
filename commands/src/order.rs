//! What the bookshop and the management system ask of an order.

use bordereau_domain::{
    InstitutionId, LineId,
    order::{LineReport, Order, OrderCommand, OrderError, Report},
    personal::{Message, Reason},
};

use crate::{
    failed::Failed,
    request::Request,
    scene::{Missing, Scene},
    seal::SealText,
};

/// A report on one line, as it was sent.
#[derive(Clone, Copy, Debug)]
pub struct SentReport {
    /// The line.
    pub line_id: LineId,
    /// What is said of it.
    pub report: Report,
}

/// What the bookshop and the management system ask of an order.
#[derive(Clone, Debug)]
pub enum OrderRequest {
    /// It was collected.
    Acknowledge {
        /// Its number there.
        librisoft_number: String,
    },
    /// Report on lines.
    ReportLines {
        /// The reports.
        lines: Vec<SentReport>,
    },
    /// *Mettre à disposition*.
    MakeAvailable,
    /// *Expédier*.
    Ship {
        /// The carrier's number.
        tracking: Option<String>,
    },
    /// *Clôturer*.
    Close,
    /// *Annuler*.
    Cancel {
        /// Why.
        reason: SealText<Reason>,
    },
    /// The cancellation was collected.
    AcknowledgeCancellation,
    /// *Réinitialiser le statut*.
    ResetStatus {
        /// Why.
        reason: SealText<Reason>,
    },
    /// Send a message to the client.
    SendMessage {
        /// The message.
        text: SealText<Message>,
    },
}

impl Request for OrderRequest {
    type Decider = Order;

    fn name(&self) -> &'static str {
        match self {
            Self::Acknowledge { .. } => "AcknowledgeOrder",
            Self::ReportLines { .. } => "ReportOrderLines",
            Self::MakeAvailable => "MakeOrderAvailable",
            Self::Ship { .. } => "ShipOrder",
            Self::Close => "CloseOrder",
            Self::Cancel { .. } => "CancelOrder",
            Self::AcknowledgeCancellation => "AcknowledgeOrderCancellation",
            Self::ResetStatus { .. } => "ResetOrderStatus",
            Self::SendMessage { .. } => "SendOrderMessage",
        }
    }

    async fn prepare(&self, state: &Order, scene: &mut Scene<'_>) -> Result<OrderCommand, Failed<OrderError>> {
        if state.opened().is_none() {
            return Err(Failed::NotFound);
        }
        Ok(self.complete(scene).await?)
    }

    fn institution(&self, _: &str, state: &Order, _: &OrderCommand) -> Option<InstitutionId> {
        state.opened().map(|order| order.institution_id)
    }
}

impl OrderRequest {
    async fn complete(&self, scene: &mut Scene<'_>) -> Result<OrderCommand, Missing> {
        Ok(match self {
            Self::Acknowledge { librisoft_number } => {
                OrderCommand::Acknowledge { librisoft_number: librisoft_number.trim().to_owned() }
            }
            Self::ReportLines { lines } => {
                let sent = |line: &SentReport| LineReport { line_id: line.line_id, report: line.report };
                OrderCommand::ReportLines { lines: lines.iter().map(sent).collect() }
            }
            Self::MakeAvailable => OrderCommand::MakeAvailable,
            Self::Ship { tracking } => OrderCommand::Ship { tracking: tracking.clone() },
            Self::Close => OrderCommand::Close,
            Self::Cancel { reason } => OrderCommand::Cancel { reason: scene.seal(reason).await? },
            Self::AcknowledgeCancellation => OrderCommand::AcknowledgeCancellation,
            Self::ResetStatus { reason } => OrderCommand::ResetStatus { reason: scene.seal(reason).await? },
            Self::SendMessage { text } => OrderCommand::SendMessage { text: scene.seal(text).await? },
        })
    }
}
