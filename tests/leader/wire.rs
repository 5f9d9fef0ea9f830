//! What stands between a bot and its server: a plain relay that can be cut.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// Passes bytes on to `server` until it is cut.
pub(crate) struct Relay {
    cut: CancellationToken,
    accepting: tokio::task::JoinHandle<()>,
}

impl Relay {
    pub(crate) fn start(listener: std::net::TcpListener, server: SocketAddr) -> Self {
        listener.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let cut = CancellationToken::new();
        let seen = cut.clone();
        let accepting = tokio::spawn(async move {
            let mut tasks = tokio::task::JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let seen = seen.clone();
                tasks.spawn(async move {
                    let mut upstream = TcpStream::connect(server).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut client, &mut upstream) => {}
                        // As a cable that is pulled: both sockets stay open and nothing passes.
                        () = seen.cancelled() => std::future::pending().await,
                    }
                });
            }
        });
        Self { cut, accepting }
    }

    /// Nothing passes any more, and nobody is told.
    pub(crate) fn cut(&self) {
        self.cut.cancel();
    }

    /// Both ends learn that it is over.
    pub(crate) fn close(self) {
        self.accepting.abort();
    }
}
