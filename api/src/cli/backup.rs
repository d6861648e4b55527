//! `bordereau backup` and `bordereau restore`: the store's files, on SQLite.

use std::{io::IsTerminal, path::Path, time::Duration};

use bordereau_commands::Commands;
use bordereau_integrations::erasure::Eraser;
use bordereau_store::{Head, OpenError, Store};

use super::{RefusedToRun, say};
use crate::{
    clock::Clock,
    serve::{open_store, store_options},
    settings::Settings,
};

/// How often a terminal is told how far a back-up is.
const GLANCE: Duration = Duration::from_millis(200);
/// The same for a log.
const LINE: Duration = Duration::from_secs(5);
/// Characters of the bar.
const WIDTH: u64 = 40;

const POSTGRES: &str =
    "a PostgreSQL store is backed up and restored with PostgreSQL's own tools: see docs/operations.md";

/// Copies the store to `file` while others write to it, and prints where each ledger stands in the copy.
pub async fn back_up(settings: Settings, clock: Clock, file: &Path) -> anyhow::Result<()> {
    refuse_postgres(&settings)?;
    if !Store::is_there(&settings.store, &settings.data)? {
        return Err(RefusedToRun("there is no store to back up".to_owned()).into());
    }
    if file.exists() {
        return Err(RefusedToRun(format!("{} exists and is not overwritten", file.display())).into());
    }
    let store = open_store(&settings, &clock).await?;
    let copied = watched(&store, file).await;
    store.close().await;
    tell(&copied?);
    Ok(())
}

/// Puts a back-up where a store is to be, and prints where each ledger stands.
pub async fn restore(settings: Settings, clock: Clock, file: &Path) -> anyhow::Result<()> {
    refuse_postgres(&settings)?;
    tracing::info!("reading the whole back-up and putting it in its place");
    match Store::restore(&settings.store, &settings.data, file, store_options(&settings, &clock)).await {
        Err(OpenError::InTheWay(present)) => return Err(RefusedToRun(OpenError::InTheWay(present).to_string()).into()),
        restored => restored?,
    }
    let store = open_store(&settings, &clock).await?;
    let ended = erase_again(&store, &clock).await;
    store.close().await;
    tell(&ended?);
    Ok(())
}

/// Destroys what the back-up has brought back of persons who were erased since; where the ledgers stand then.
pub(super) async fn erase_again(store: &Store, clock: &Clock) -> anyhow::Result<Vec<Head>> {
    let again = Eraser::new(Commands::new(store.clone())).reapply(clock.now()).await?;
    if again > 0 {
        tracing::info!(again, "persons who were erased since the back-up were erased again");
    }
    Ok(store.heads().await?)
}

fn refuse_postgres(settings: &Settings) -> Result<(), RefusedToRun> {
    if Store::is_on_postgres(&settings.store) { Err(RefusedToRun(POSTGRES.to_owned())) } else { Ok(()) }
}

fn tell(heads: &[Head]) {
    for head in heads {
        say(&format!("{} stands at {} in epoch {}", head.ledger, head.position, head.epoch));
    }
}

/// Backs up and tells meanwhile how far it is.
async fn watched(store: &Store, file: &Path) -> anyhow::Result<Vec<Head>> {
    let terminal = std::io::stderr().is_terminal();
    let period = if terminal { GLANCE } else { LINE };
    let mut glances = tokio::time::interval_at(tokio::time::Instant::now() + period, period);
    let copying = store.back_up(file);
    tokio::pin!(copying);
    loop {
        tokio::select! {
            copied = &mut copying => {
                if terminal {
                    show("");
                }
                return Ok(copied?);
            }
            _ = glances.tick() => {
                let (written, of) = store.backed_up(file);
                if terminal {
                    show(&bar(written, of));
                } else {
                    tracing::info!(written, of, "backing up");
                }
            }
        }
    }
}

/// How far something is that has written so many bytes of so many; the copy is often smaller than what it is made of.
fn bar(written: u64, of: u64) -> String {
    let done = written.min(of);
    let filled = usize::try_from(done.saturating_mul(WIDTH) / of.max(1)).unwrap_or_default();
    let width = usize::try_from(WIDTH).unwrap_or_default();
    format!("[{:<width$}] {} of about {} MiB", "#".repeat(filled), done >> 20, of >> 20)
}

/// Puts a text in the place of the terminal's last line.
#[expect(clippy::print_stderr, reason = "this is how a command line speaks")]
fn show(text: &str) {
    eprint!("\r\x1b[K{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills_and_never_overflows() {
        assert_eq!(bar(0, 0), format!("[{}] 0 of about 0 MiB", " ".repeat(40)));
        assert_eq!(bar(5 << 20, 10 << 20), format!("[{}{}] 5 of about 10 MiB", "#".repeat(20), " ".repeat(20)));
        assert_eq!(bar(11 << 20, 10 << 20), format!("[{}] 10 of about 10 MiB", "#".repeat(40)));
    }
}
