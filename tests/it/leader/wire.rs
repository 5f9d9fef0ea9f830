//! What stands between a bot and its server: a plain relay that listens in and can be cut.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Passes bytes on to `server` until it is cut.
pub(crate) struct Relay {
    cut: CancellationToken,
    said: Arc<watch::Sender<Vec<u8>>>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Relay {
    pub(crate) fn start(listener: std::net::TcpListener, server: SocketAddr) -> Self {
        listener.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let (cut, said) = (CancellationToken::new(), Arc::new(watch::Sender::new(Vec::new())));
        let (seen, heard) = (cut.clone(), said.clone());
        let accepting = tokio::spawn(async move {
            let mut tasks = tokio::task::JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let (seen, heard) = (seen.clone(), heard.clone());
                tasks.spawn(async move {
                    let mut upstream = TcpStream::connect(server).await.unwrap();
                    tokio::select! {
                        () = pass(&mut client, &mut upstream, &heard) => {}
                        // As a cable that is pulled: both sockets stay open and nothing passes.
                        () = seen.cancelled() => std::future::pending().await,
                    }
                });
            }
        });
        Self { cut, said, accepting }
    }

    /// What clients have said to the server so far.
    pub(crate) fn said(&self) -> String {
        String::from_utf8_lossy(&self.said.borrow()).replace(char::is_control, " ")
    }

    /// Waits until clients have said this so often.
    pub(crate) async fn hears(&self, words: &str, times: usize) {
        let often = |said: &Vec<u8>| String::from_utf8_lossy(said).matches(words).count() >= times;
        self.said.subscribe().wait_for(often).await.unwrap();
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

async fn pass(client: &mut TcpStream, server: &mut TcpStream, said: &watch::Sender<Vec<u8>>) {
    let ((mut from, mut back), (mut answers, mut on)) = (client.split(), server.split());
    let there = async {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            said.send_modify(|said| said.extend(&buffer[..count]));
            if on.write_all(&buffer[..count]).await.is_err() {
                break;
            }
        }
        let _ = on.shutdown().await;
    };
    let home = async {
        let _ = tokio::io::copy(&mut answers, &mut back).await;
        let _ = back.shutdown().await;
    };
    tokio::join!(there, home);
}
