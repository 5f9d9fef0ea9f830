//! Proxies as people have them: SOCKS5 with a name and a password (RFC 1928 and 1929), and HTTP that is asked to connect.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// The name and the password that the proxies take.
pub(crate) const USER: &str = "carol";
pub(crate) const PASSWORD: &str = "hunter2";

/// A proxy, and what it was asked for: `HOST:PORT` of SOCKS, the head of a request of HTTP.
pub(crate) struct ClientProxy {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl ClientProxy {
    /// A SOCKS5 server that connects to whatever it is asked for.
    pub(crate) async fn socks() -> Self {
        Self::start(|client, asked| async move { drop(socks(client, &asked).await) }).await
    }

    /// An HTTP proxy that refuses all it is asked for.
    pub(crate) async fn refusing() -> Self {
        Self::start(|mut client, asked| async move {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let Ok(byte) = client.read_u8().await else { return };
                head.push(byte);
            }
            asked.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
            // The client may be gone.
            drop(client.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await);
        })
        .await
    }

    async fn start<F: Future<Output = ()> + Send + 'static>(
        serve: impl Fn(TcpStream, Arc<Mutex<Vec<String>>>) -> F + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self { address: listener.local_addr().unwrap(), asked: Arc::default() };
        let asked = proxy.asked.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, asked.clone()));
            }
        });
        proxy
    }

    /// Its address with the name and this password.
    pub(crate) fn url(&self, scheme: &str, password: &str) -> String {
        format!("{scheme}://{USER}:{password}@{}", self.address)
    }

    /// What it was asked for so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn socks(mut client: TcpStream, asked: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let [_, methods] = read(&mut client).await?;
    client.read_exact(&mut vec![0; methods.into()]).await?;
    client.write_all(&[5, 2]).await?;
    let [_] = read(&mut client).await?;
    let (user, password) = (words(&mut client).await?, words(&mut client).await?);
    let is_known = (user.as_str(), password.as_str()) == (USER, PASSWORD);
    client.write_all(&[1, u8::from(!is_known)]).await?;
    let [_, _, _, kind] = read(&mut client).await?;
    let host = match kind {
        1 => std::net::Ipv4Addr::from(read::<4>(&mut client).await?).to_string(),
        _ => words(&mut client).await?,
    };
    let port = client.read_u16().await?;
    asked.lock().unwrap().push(format!("{host}:{port}"));
    let mut server = TcpStream::connect((host, port)).await?;
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

async fn read<const N: usize>(client: &mut TcpStream) -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    client.read_exact(&mut bytes).await?;
    Ok(bytes)
}

/// A text after its length.
async fn words(client: &mut TcpStream) -> std::io::Result<String> {
    let length = client.read_u8().await?;
    let mut bytes = vec![0; length.into()];
    client.read_exact(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
