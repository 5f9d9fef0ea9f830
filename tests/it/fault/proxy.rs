//! A TCP proxy that can cut and refuse connections.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Forwards bytes between a client and the first address that answers.
#[derive(Clone)]
pub(crate) struct Proxy {
    address: SocketAddr,
    behind: Arc<Mutex<Vec<SocketAddr>>>,
    /// Counts the cuts: every connection ends when it changes.
    cuts: Arc<watch::Sender<u64>>,
    is_shut: Arc<watch::Sender<bool>>,
}

impl Proxy {
    pub(crate) async fn start(behind: Vec<SocketAddr>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self {
            address: listener.local_addr().unwrap(),
            behind: Arc::new(Mutex::new(behind)),
            cuts: Arc::default(),
            is_shut: Arc::default(),
        };
        let door = proxy.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(door.clone().pass(client));
            }
        });
        proxy
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of the same database through the proxy.
    pub(crate) fn through(&self, database_url: &str) -> String {
        let mut url = url::Url::parse(database_url).unwrap();
        url.set_port(Some(self.address.port())).unwrap();
        url.to_string()
    }

    /// Sets the addresses behind the proxy.
    pub(crate) fn lead_to(&self, behind: Vec<SocketAddr>) {
        *self.behind.lock().unwrap() = behind;
    }

    /// Ends all connections; new ones are accepted.
    pub(crate) fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Ends all connections and refuses new ones, or accepts them again.
    pub(crate) fn shut(&self, shut: bool) {
        self.is_shut.send_replace(shut);
        self.cut();
    }

    async fn pass(self, mut client: TcpStream) {
        let mut cuts = self.cuts.subscribe();
        cuts.mark_unchanged();
        if *self.is_shut.borrow() {
            return;
        }
        let behind = self.behind.lock().unwrap().clone();
        for address in behind {
            if let Ok(mut server) = TcpStream::connect(address).await {
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                    _ = cuts.changed() => {}
                }
                return;
            }
        }
    }
}
