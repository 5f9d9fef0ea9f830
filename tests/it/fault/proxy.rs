//! A TCP proxy that can cut and refuse connections.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
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
    /// Connections whose last bytes came from the client: a request that is not answered yet.
    unanswered: Arc<AtomicU32>,
}

impl Proxy {
    pub(crate) async fn start(behind: Vec<SocketAddr>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self {
            address: listener.local_addr().unwrap(),
            behind: Arc::new(Mutex::new(behind)),
            cuts: Arc::default(),
            is_shut: Arc::default(),
            unanswered: Arc::default(),
        };
        let door = proxy.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(door.clone().pass(client));
            }
        });
        proxy
    }

    /// In front of the server of a URL on this machine.
    pub(crate) async fn before(url: &url::Url) -> Self {
        let port = url.port().expect("it names a port");
        Self::start(vec![([127, 0, 0, 1], port).into()]).await
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same URL through the proxy.
    pub(crate) fn through(&self, url: &str) -> String {
        let mut url = url::Url::parse(url).unwrap();
        url.set_port(Some(self.address.port())).unwrap();
        url.to_string()
    }

    /// Sets the addresses behind the proxy.
    pub(crate) fn lead_to(&self, behind: Vec<SocketAddr>) {
        *self.behind.lock().unwrap() = behind;
    }

    /// Ends all connections; new ones are accepted. Returns how many requests it leaves without an answer, at most.
    pub(crate) fn cut(&self) -> u32 {
        let lost = self.unanswered.load(Ordering::Relaxed);
        self.cuts.send_modify(|cuts| *cuts += 1);
        lost
    }

    /// Ends all connections and refuses new ones, or accepts them again.
    pub(crate) fn shut(&self, shut: bool) {
        self.is_shut.send_replace(shut);
        self.cut();
    }

    async fn pass(self, client: TcpStream) {
        let mut cuts = self.cuts.subscribe();
        cuts.mark_unchanged();
        if *self.is_shut.borrow() {
            return;
        }
        let behind = self.behind.lock().unwrap().clone();
        for address in behind {
            if let Ok(server) = TcpStream::connect(address).await {
                let waiting = Waiting { all: self.unanswered.clone(), waits: false };
                tokio::select! {
                    () = forward(client, server, waiting) => {}
                    _ = cuts.changed() => {}
                }
                return;
            }
        }
    }
}

/// Whether a connection waits for an answer, counted among all.
struct Waiting {
    all: Arc<AtomicU32>,
    waits: bool,
}

impl Waiting {
    fn set(&mut self, waits: bool) {
        match (self.waits, waits) {
            (false, true) => drop(self.all.fetch_add(1, Ordering::Relaxed)),
            (true, false) => drop(self.all.fetch_sub(1, Ordering::Relaxed)),
            _ => {}
        }
        self.waits = waits;
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.set(false);
    }
}

/// Copies bytes both ways until either side ends.
async fn forward(mut client: TcpStream, mut server: TcpStream, mut waiting: Waiting) {
    let ((mut asks, mut hears), (mut answers, mut told)) = (client.split(), server.split());
    let (mut question, mut answer) = (vec![0; 1 << 14], vec![0; 1 << 14]);
    loop {
        let passed = tokio::select! {
            count = asks.read(&mut question) => {
                waiting.set(true);
                match count {
                    Ok(count @ 1..) => told.write_all(&question[..count]).await,
                    _ => return,
                }
            }
            count = answers.read(&mut answer) => match count {
                Ok(count @ 1..) => {
                    let passed = hears.write_all(&answer[..count]).await;
                    waiting.set(false);
                    passed
                }
                _ => return,
            },
        };
        if passed.is_err() {
            return;
        }
    }
}
