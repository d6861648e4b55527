//! `bordereau serve`.

use anyhow::Context;
use tokio::net::TcpListener;

use super::RefusedToRun;
use crate::{
    app::Phase,
    clock::Clock,
    demo,
    serve::{build, serve, stop_signal},
    settings::{BadSetting, Settings},
};

/// How to serve.
#[derive(clap::Args)]
pub struct ServeFlags {
    /// Fill an empty store with the demonstration, and serve it
    #[arg(long)]
    demo: bool,
    /// Let the demonstration, whose passwords everybody knows, be reached from other machines
    #[arg(long, requires = "demo")]
    demo_public: bool,
}

/// Serves until it is told to stop.
pub async fn run(settings: Settings, clock: Clock, flags: ServeFlags) -> anyhow::Result<()> {
    if flags.demo && !flags.demo_public && !settings.listen.ip().is_loopback() {
        let why = format!("the demonstration listens on loopback only, not on {}: see --demo-public", settings.listen);
        return Err(RefusedToRun(why).into());
    }
    check_mail(&settings)?;
    let listen = settings.listen;
    let settings = if flags.demo { with_letters_in_a_folder(settings) } else { settings };
    let app = build(settings, clock).await?;
    if flags.demo && !demo::is_welcome(&app).await? {
        app.projections.shutdown().await;
        app.store.close().await;
        return Err(RefusedToRun("the store holds something other than the demonstration".to_owned()).into());
    }
    let stop = stop_signal();
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    tracing::info!(%address, "listening");
    if flags.demo {
        app.phase.send_replace(Phase::Filling);
        let filled = app.clone();
        tokio::spawn(async move {
            match demo::fill(&filled).await {
                Ok(()) => {
                    filled.phase.send_if_modified(|phase| {
                        let filling = *phase == Phase::Filling;
                        *phase = if filling { Phase::Serving } else { *phase };
                        filling
                    });
                    tracing::info!("the demonstration is ready on http://{address}/api/docs");
                }
                Err(error) => tracing::error!("the demonstration could not be filled: {error:#}"),
            }
        });
    }
    serve(app, listener, stop).await
}

/// Before anything is opened: a service that cannot send its letters does not start.
fn check_mail(settings: &Settings) -> Result<(), BadSetting> {
    let mail = settings.mail();
    mail.sender()?;
    mail.transport()?;
    Ok(())
}

/// A demonstration writes its letters into a folder, where they can be looked at, unless it was told otherwise.
fn with_letters_in_a_folder(settings: Settings) -> Settings {
    let folder = format!("folder:{}", settings.data.join("mail").display());
    let here = format!("http://{}", settings.listen);
    Settings {
        smtp_url: settings.smtp_url.or(Some(folder)),
        public_url: settings.public_url.or(Some(here)),
        ..settings
    }
}
