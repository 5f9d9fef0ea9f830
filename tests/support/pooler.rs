//! A pooler that shares one server connection between all its clients.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

/// Does what a pooler in transaction mode does to sessions: every client's transactions run on one server connection. It
/// refuses start-up parameters as PgBouncer 1.18 does. Gives its port.
pub(crate) async fn start(server: SocketAddr, database: &str) -> u16 {
    let shared = Arc::new(Mutex::new(log_in(server, database).await));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(serve(client, Arc::clone(&shared)));
        }
    });
    port
}

async fn log_in(server: SocketAddr, database: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server).await.unwrap();
    let body = format!("\0\u{3}\0\0user\0postgres\0database\0{database}\0\0");
    stream.write_i32(body.len() as i32 + 4).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    while read_message(&mut stream).await.unwrap().0 != b'Z' {}
    stream
}

async fn read_message(stream: &mut TcpStream) -> std::io::Result<(u8, Vec<u8>)> {
    let kind = stream.read_u8().await?;
    let mut body = vec![0; stream.read_i32().await? as usize - 4];
    stream.read_exact(&mut body).await?;
    Ok((kind, body))
}

async fn write_message(stream: &mut TcpStream, kind: u8, body: &[u8]) -> std::io::Result<()> {
    let mut message = vec![kind];
    message.extend((body.len() as i32 + 4).to_be_bytes());
    message.extend(body);
    stream.write_all(&message).await
}

async fn serve(mut client: TcpStream, shared: Arc<Mutex<TcpStream>>) -> std::io::Result<()> {
    const SSL_REQUEST: [u8; 4] = 80_877_103_i32.to_be_bytes();
    let parameters = loop {
        let mut body = vec![0; client.read_i32().await? as usize - 4];
        client.read_exact(&mut body).await?;
        if body != SSL_REQUEST {
            break String::from_utf8_lossy(&body).into_owned();
        }
        client.write_all(b"N").await?;
    };
    if parameters.contains("\0options\0") || parameters.contains("\0extra_float_digits\0") {
        let text = b"SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter\0\0";
        return write_message(&mut client, b'E', text).await;
    }
    write_message(&mut client, b'R', &0_i32.to_be_bytes()).await?;
    write_message(&mut client, b'K', &[0; 8]).await?;
    write_message(&mut client, b'Z', b"I").await?;
    loop {
        let (kind, body) = read_message(&mut client).await?;
        if kind == b'X' {
            return Ok(());
        }
        let mut server = shared.lock().await;
        write_message(&mut server, kind, &body).await?;
        // Parts of one exchange, up to the one that asks for an answer.
        let mut last = kind;
        while !matches!(last, b'Q' | b'S') {
            let (kind, body) = read_message(&mut client).await?;
            write_message(&mut server, kind, &body).await?;
            last = kind;
        }
        loop {
            let (kind, body) = read_message(&mut server).await?;
            write_message(&mut client, kind, &body).await?;
            if kind == b'Z' {
                break;
            }
        }
    }
}
