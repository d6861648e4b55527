//! Accepting connections, and cutting off clients that hold them without using them.
//!
//! Three limits: the head of a request must come within ten seconds of its first byte, an idle connection is closed after
//! seventy-five, and who takes nothing of what he is sent for as long as the setting says is cut off. None of them
//! touches a request that is being answered, or a stream that is being read.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{Router, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulConnection, GracefulShutdown},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{Instant, Sleep, sleep_until, timeout},
};
use tower::ServiceExt;

/// How long clients may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the head of a request, from its first byte on.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// For taking something of what they are sent.
    pub stall: Duration,
}

impl Patience {
    /// What is usual; proxies keep their connections for a minute.
    pub const USUAL: Self =
        Self { head: Duration::from_secs(10), idle: Duration::from_secs(75), stall: Duration::from_secs(30) };
}

/// Bytes that wait in the process for one connection's client, beside what the system holds; also the longest head.
const BUFFER: usize = 64 * 1024;
/// Between two attempts to accept when the system refuses, for example for want of file handles.
const ACCEPT_AGAIN: Duration = Duration::from_secs(1);

/// Serves until `stop` comes, then finishes the requests under way.
pub async fn serve(router: Router, listener: TcpListener, patience: Patience, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(patience.idle).max_buf_size(BUFFER);
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = connect(&builder, &router, stream, peer, patience);
                let watched = graceful.watch(connection);
                tokio::spawn(async move {
                    // Clients go as they like: nothing of it concerns anybody else.
                    if let Err(error) = watched.await {
                        tracing::debug!(%error, %peer, "a connection has broken");
                    }
                });
            }
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                if timeout(ACCEPT_AGAIN, &mut stop).await.is_ok() {
                    break;
                }
            }
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

fn connect(
    builder: &http1::Builder,
    router: &Router,
    stream: TcpStream,
    peer: SocketAddr,
    patience: Patience,
) -> impl GracefulConnection<Error = hyper::Error> + Send + 'static {
    // A small block must not wait for the next one. A socket that cannot be told so is only slower.
    let _ = stream.set_nodelay(true);
    let turn = Arc::new(AtomicU64::new(0));
    let io = TokioIo::new(Watched { stream, turn: Arc::clone(&turn), patience, head: None, unsent: None });
    let router = router.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let (router, turn) = (router.clone(), Arc::clone(&turn));
        async move {
            turn.fetch_add(1, Ordering::Relaxed);
            let answer = router.oneshot(request).await;
            turn.fetch_add(1, Ordering::Relaxed);
            answer
        }
    });
    builder.serve_connection(io, service)
}

/// A connection whose client is watched.
struct Watched {
    stream: TcpStream,
    /// Odd while a request is answered; then what is read is its body, which may take its time.
    turn: Arc<AtomicU64>,
    patience: Patience,
    /// When the head that has begun must have come, and in which turn it began.
    head: Option<(u64, Pin<Box<Sleep>>)>,
    /// When something of what waits must have gone.
    unsent: Option<Pin<Box<Sleep>>>,
}

fn cut(why: &'static str) -> Poll<io::Result<()>> {
    Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, why)))
}

impl Watched {
    /// Begins or ends to wait for a head, after something was read or not.
    fn watch_head(&mut self, cx: &mut Context<'_>, read: bool) -> Poll<io::Result<()>> {
        let turn = self.turn.load(Ordering::Relaxed);
        if turn % 2 == 1 {
            self.head = None;
            return Poll::Pending;
        }
        if self.head.as_ref().is_some_and(|(begun, _)| *begun != turn) {
            self.head = None;
        }
        if read && self.head.is_none() {
            self.head = Some((turn, Box::pin(sleep_until(Instant::now() + self.patience.head))));
        }
        if let Some((_, until)) = &mut self.head {
            ready!(until.as_mut().poll(cx));
            return cut("the head of a request did not come in time");
        }
        Poll::Pending
    }

    /// Begins or ends to wait for room, after something was sent or not.
    fn watch_room<T>(&mut self, cx: &mut Context<'_>, sent: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if sent.is_ready() {
            self.unsent = None;
            return sent;
        }
        let stall = self.patience.stall;
        let until = self.unsent.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + stall)));
        ready!(until.as_mut().poll(cx));
        // What waits in the system is given up, too: the client is told at once that he is cut off.
        let _ = self.stream.set_zero_linger();
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client takes nothing of what it is sent")))
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        match self.watch_head(cx, buf.filled().len() > before) {
            Poll::Ready(cut) => Poll::Ready(cut),
            Poll::Pending => read,
        }
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch_room(cx, sent)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.watch_room(cx, sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::{body::Body, routing};
    use bytes::Bytes;
    use futures::{StreamExt, stream};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        sync::mpsc,
    };

    use super::*;

    const SHORT: Patience =
        Patience { head: Duration::from_millis(300), idle: Duration::from_secs(30), stall: Duration::from_millis(300) };
    const STEP: Duration = Duration::from_millis(60);

    async fn connected(router: Router) -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(router, listener, SHORT, std::future::pending()));
        TcpStream::connect(address).await.unwrap()
    }

    fn echo() -> Router {
        Router::new().route("/", routing::post(async |body: Bytes| body))
    }

    /// Sends byte after byte, slowly, until all are sent or the other side has closed.
    async fn drip(stream: &mut TcpStream, bytes: &[u8]) -> usize {
        let mut pace = tokio::time::interval(STEP);
        for (sent, byte) in bytes.iter().enumerate() {
            pace.tick().await;
            let mut answer = [0; 1];
            let closed = matches!(stream.try_read(&mut answer), Ok(0)) || stream.write_all(&[*byte]).await.is_err();
            if closed {
                return sent;
            }
        }
        bytes.len()
    }

    #[tokio::test] // 90: a head that comes byte by byte
    async fn a_head_that_does_not_come_in_time_is_cut_off() {
        let mut stream = connected(echo()).await;
        let sent = drip(&mut stream, &[b'x'; 200]).await;
        assert!((4..200).contains(&sent), "{sent}");
    }

    #[tokio::test]
    async fn a_body_may_take_its_time_and_so_may_the_next_request() {
        let mut stream = connected(echo()).await;
        for _ in 0..2 {
            stream.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 12\r\n\r\n").await.unwrap();
            assert_eq!(drip(&mut stream, b"twelve bytes").await, 12);
            let mut answer = [0; 4096];
            let read = stream.read(&mut answer).await.unwrap();
            let answer = String::from_utf8_lossy(&answer[..read]);
            assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("twelve bytes"), "{answer}");
        }
    }

    /// Tells when it is dropped.
    struct Held(mpsc::Sender<()>);

    impl Drop for Held {
        fn drop(&mut self) {
            let _ = self.0.try_send(());
        }
    }

    #[tokio::test]
    async fn who_takes_nothing_is_cut_off_and_who_reads_slowly_is_not() {
        let (told, mut ended) = mpsc::channel::<()>(1);
        let endless = move || {
            let held = Held(told.clone());
            let blocks = stream::repeat(Bytes::from(vec![b'x'; 32 * 1024]));
            // What is taken along is dropped with the body.
            let blocks = blocks.map(move |block| {
                let _taken_along = &held;
                Ok::<_, Infallible>(block)
            });
            async { Body::from_stream(blocks) }
        };
        let mut stream = connected(Router::new().route("/", routing::get(endless))).await;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut pace = tokio::time::interval(STEP);
        let mut block = vec![0; 512 * 1024];
        for _ in 0..15 {
            pace.tick().await;
            assert!(stream.read(&mut block).await.unwrap() > 0, "reading slowly is reading");
        }
        let cut = tokio::time::timeout(Duration::from_secs(20), ended.recv()).await;
        assert_eq!(cut.expect("it is cut off"), Some(()));
    }
}
