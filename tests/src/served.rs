//! The service of a test on a real socket of the loopback.

use std::net::SocketAddr;

use bordereau_api::{App, serve};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// A service that listens. It goes on until it is stopped or its test ends.
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Served {
    /// Listens on a free port.
    pub async fn begin(app: &App) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let until = async move { stopped.await.unwrap_or_default() };
        Self { address, stop, task: tokio::spawn(serve::serve(app.clone(), listener, until)) }
    }

    /// Its address as a browser writes it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks it to stop and waits until it has.
    pub async fn end(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
    }
}
