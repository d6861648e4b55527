//! What a command writes beside its events, its outcome and its sealed data, inside the batch's transaction.

use super::access::{
    confirm_second_factor, drop_second_factor, drop_unproven, end_mandates, end_reset_link, end_sessions,
    forget_account, put_credential, update_sessions,
};
use super::failure::Fault;
use super::link::Link;
use super::pending_emails;
use super::shared::{claim, release};
use crate::log::{Append, Beside};

/// Writes it, in the command's order. Claims have been found free, or their holder's own.
pub(super) async fn write(link: &mut Link, ledger: &str, command: &Append) -> Result<(), Fault> {
    for beside in &command.beside {
        match beside {
            // Written by the statement that writes the events, or looked at before it.
            Beside::Outcome(_) | Beside::Sealed(_) | Beside::Proven(_) => {}
            Beside::Claim { kind, value, holder } => claim(link, ledger, kind, value, holder).await?,
            Beside::Release { kind, value } => release(link, ledger, kind, value).await?,
            Beside::Credential(credential) => put_credential(link, ledger, credential).await?,
            Beside::DropUnproven { account } => drop_unproven(link, ledger, *account).await?,
            Beside::EndResetLink { account } => end_reset_link(link, ledger, *account).await?,
            Beside::EndMandates { account, delegation } => end_mandates(link, ledger, *account, *delegation).await?,
            Beside::ConfirmSecondFactor { account, sealed, at, step, recovery } => {
                confirm_second_factor(link, ledger, *account, (sealed, *at, *step), recovery).await?;
            }
            Beside::DropSecondFactor { account } => drop_second_factor(link, ledger, *account).await?,
            Beside::EndSessions { account, except } => end_sessions(link, ledger, *account, except.as_ref()).await?,
            Beside::UpdateSessions { account, role, institutions } => {
                update_sessions(link, ledger, *account, role, institutions).await?;
            }
            Beside::PendingEmail(pending) => pending_emails::put(link, ledger, pending).await?,
            Beside::EndPendingEmail { account, keeps } => {
                pending_emails::end(link, ledger, *account, keeps.as_ref()).await?;
            }
            Beside::ForgetAccount { account } => forget_account(link, ledger, *account).await?,
        }
    }
    Ok(())
}
