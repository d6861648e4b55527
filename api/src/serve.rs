//! Starting, serving and stopping.

use std::{sync::OnceLock, time::Duration};

use anyhow::Context;
use bordereau_commands::Commands;
use bordereau_integrations::erasure::Eraser;
use bordereau_projections::Projections;
use bordereau_store::{Options, Store};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{
    app::{App, Phase},
    clock::Clock,
    listen::{self, Patience},
    reactors,
    router::router,
    settings::Settings,
};

/// How long a stopping service waits for requests under way.
const GRACE: Duration = Duration::from_secs(8);

/// The upper bounds, in seconds, between which the durations of requests are counted.
#[expect(clippy::disallowed_types, reason = "Prometheus counts in floating point")]
const SECONDS: [f64; 12] = [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0, 2.0, 5.0];

/// The process' figures: a recorder is global, so it is set once.
fn figures() -> Option<PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let install = || {
        let bounds = Matcher::Full("bordereau_request_seconds".to_owned());
        PrometheusBuilder::new().set_buckets_for_metric(bounds, &SECONDS).ok()?.install_recorder().ok()
    };
    HANDLE.get_or_init(install).clone()
}

/// Opens the store that the settings name.
///
/// # Errors
/// When it cannot be opened; the message says why.
pub async fn open_store(settings: &Settings, clock: &Clock) -> anyhow::Result<Store> {
    std::fs::create_dir_all(&settings.data)
        .with_context(|| format!("the data folder {} cannot be made", settings.data.display()))?;
    Ok(Store::open(&settings.store, &settings.data, store_options(settings, clock)).await?)
}

/// What the settings say of the store, beside where it is.
pub fn store_options(settings: &Settings, clock: &Clock) -> Options {
    let clock = clock.clone();
    let mut options = Options::new(move || clock.micros());
    options.key_file.clone_from(&settings.key_file);
    options.foreign_writers = settings.foreign_writers;
    options
}

/// Opens the store, starts the views, puts the parts together.
///
/// # Errors
/// When a part cannot be had.
pub async fn build(settings: Settings, clock: Clock) -> anyhow::Result<App> {
    let store = open_store(&settings, &clock).await?;
    // Before anybody is served: what a restore has brought back goes again.
    Eraser::new(Commands::new(store.clone())).reapply(clock.now()).await?;
    let projections = Projections::start(store.clone(), &settings.data.join("views")).await?;
    Ok(App::new(settings, store, projections, clock, figures()))
}

/// Serves on `listener` until `stop` comes: then readiness drops, requests under way end, the parts close.
///
/// # Errors
/// Never, so far: a listener that fails is tried again.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let phase = app.phase.clone();
    let mut watched = app.phase.subscribe();
    let stopping = async move {
        stop.await;
        phase.send_replace(Phase::Stopping);
        tracing::info!("stopping");
    };
    let beside = reactors::start(&app)?;
    let patience = Patience { stall: app.settings.write_stall(), ..Patience::USUAL };
    let server = listen::serve(router(app.clone()), listener, patience, stopping);
    let overdue = async move {
        let stopped = watched.wait_for(|phase| *phase == Phase::Stopping).await.is_ok();
        if stopped {
            grace().await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = server => {}
        () = overdue => tracing::warn!("requests under way were cut off"),
    }
    beside.shutdown().await;
    app.projections.shutdown().await;
    app.store.close().await;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a bound on the time that a stop may take")]
async fn grace() {
    tokio::time::sleep(GRACE).await;
}

/// SIGTERM or Ctrl-C, heard from this call on, whenever it is waited for: a process that says that it listens must not
/// be ended by a signal half way.
pub fn stop_signal() -> impl Future<Output = ()> + Send + 'static {
    let signals = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
    async move {
        let [interrupt, terminate] = signals.map(|heard| async move {
            match heard {
                Ok(mut heard) => {
                    heard.recv().await;
                }
                Err(_) => std::future::pending::<()>().await,
            }
        });
        tokio::select! { () = interrupt => {}, () = terminate => {} }
    }
}
