//! A connection pooler in transaction mode: its clients share a few server connections.
#![allow(dead_code, reason = "every test program uses its own part")]

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, mpsc};

/// The behaviour of a pooler.
#[derive(Clone, Copy)]
pub(crate) struct Manner {
    /// The number of server connections. For a transaction, a client gets the one that was idle longest.
    pub(crate) connections: usize,
    /// Whether it supports prepared statements of its clients, as PgBouncer does since 1.21.
    pub(crate) knows_statements: bool,
    /// After the first statement that contains this text was executed, the client is disconnected without an answer.
    pub(crate) loses: Option<&'static str>,
}

impl Manner {
    /// Supports no prepared statements, and loses no answer.
    pub(crate) const fn of(connections: usize) -> Self {
        Self { connections, knows_statements: false, loses: None }
    }

    /// A current pooler, with prepared statements.
    pub(crate) const fn modern() -> Self {
        Self { connections: 4, knows_statements: true, loses: None }
    }
}

/// Starts a pooler like PgBouncer 1.18 with one server connection: statements with the same name are mixed up. It
/// refuses start-up parameters. Returns its port.
pub(crate) async fn start(server: SocketAddr, database: &str) -> u16 {
    start_as(Manner::of(1), server, database).await
}

/// As [`start`], with other behaviour.
pub(crate) async fn start_as(manner: Manner, server: SocketAddr, database: &str) -> u16 {
    let (give_back, idle) = mpsc::unbounded_channel();
    for _ in 0..manner.connections {
        let stream = log_in(server, database).await;
        give_back.send(Server { stream, prepared: HashSet::new() }).unwrap();
    }
    let pool = Arc::new(Pool {
        idle: Mutex::new(idle),
        give_back,
        manner,
        clients: AtomicU32::new(0),
        has_lost: AtomicBool::new(false),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(serve(client, Arc::clone(&pool)));
        }
    });
    port
}

struct Pool {
    idle: Mutex<mpsc::UnboundedReceiver<Server>>,
    give_back: mpsc::UnboundedSender<Server>,
    manner: Manner,
    clients: AtomicU32,
    has_lost: AtomicBool,
}

struct Server {
    stream: TcpStream,
    /// Names of the statements prepared on this connection.
    prepared: HashSet<String>,
}

/// The statements of a client: the message that prepares each, by its name at the servers.
struct Client {
    stream: TcpStream,
    number: u32,
    statements: HashMap<String, Vec<u8>>,
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

async fn serve(mut stream: TcpStream, pool: Arc<Pool>) -> std::io::Result<()> {
    const SSL_REQUEST: [u8; 4] = 80_877_103_i32.to_be_bytes();
    let parameters = loop {
        let mut body = vec![0; stream.read_i32().await? as usize - 4];
        stream.read_exact(&mut body).await?;
        if body != SSL_REQUEST {
            break String::from_utf8_lossy(&body).into_owned();
        }
        stream.write_all(b"N").await?;
    };
    if parameters.contains("\0options\0") || parameters.contains("\0extra_float_digits\0") {
        let text = b"SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter\0\0";
        return write_message(&mut stream, b'E', text).await;
    }
    write_message(&mut stream, b'R', &0_i32.to_be_bytes()).await?;
    write_message(&mut stream, b'K', &[0; 8]).await?;
    write_message(&mut stream, b'Z', b"I").await?;
    let number = pool.clients.fetch_add(1, Ordering::Relaxed);
    let mut client = Client { stream, number, statements: HashMap::new() };
    loop {
        let mut first = Some(read_message(&mut client.stream).await?);
        if first.as_ref().is_some_and(|(kind, _)| *kind == b'X') {
            return Ok(());
        }
        let mut server = pool.idle.lock().await.recv().await.unwrap();
        // This connection belongs to the transaction until it ends.
        let outcome = loop {
            match exchange(&mut client, &mut server, first.take(), &pool).await {
                Ok(b'I') => break Ok(()),
                Ok(_) => {}
                Err(error) => break Err(error),
            }
        };
        if outcome.is_err() {
            // The client has disconnected.
            write_message(&mut server.stream, b'S', b"").await?;
            while read_message(&mut server.stream).await?.0 != b'Z' {}
            write_message(&mut server.stream, b'Q', b"rollback\0").await?;
            while read_message(&mut server.stream).await?.0 != b'Z' {}
        }
        let _ = pool.give_back.send(server);
        outcome?;
    }
}

/// Forwards messages up to one that asks for an answer, and the answer. Returns the state of the transaction: `I` for
/// none.
async fn exchange(
    client: &mut Client,
    server: &mut Server,
    mut first: Option<(u8, Vec<u8>)>,
    pool: &Pool,
) -> std::io::Result<u8> {
    let mut heard = Ok(());
    // For each statement prepared here, whether the client asked for it.
    let mut asked = VecDeque::new();
    loop {
        let (kind, mut body) = match first.take() {
            Some(message) => message,
            None => read_message(&mut client.stream).await?,
        };
        if kind == b'X' {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if pool.manner.knows_statements
            && let Some(name) = client.rename(kind, &mut body)
        {
            match kind {
                b'P' => {
                    client.statements.insert(name.clone(), body.clone());
                    server.prepared.insert(name);
                    asked.push_back(true);
                }
                b'C' => {
                    client.statements.remove(&name);
                    server.prepared.remove(&name);
                }
                _ => {
                    let is_lost = |words: &str| String::from_utf8_lossy(&client.statements[&name]).contains(words);
                    if kind == b'B'
                        && pool.manner.loses.is_some_and(is_lost)
                        && !pool.has_lost.swap(true, Ordering::Relaxed)
                    {
                        heard = Err(std::io::ErrorKind::ConnectionReset.into());
                    }
                    if server.prepared.insert(name.clone()) {
                        write_message(&mut server.stream, b'P', &client.statements[&name]).await?;
                        asked.push_back(false);
                    }
                }
            }
        } else if kind == b'P' {
            asked.push_back(true);
        }
        write_message(&mut server.stream, kind, &body).await?;
        if matches!(kind, b'Q' | b'S') {
            break;
        }
    }
    loop {
        let (kind, body) = read_message(&mut server.stream).await?;
        if kind == b'1' && asked.pop_front() == Some(false) {
            continue;
        }
        // The answer is read completely, also if the client has disconnected.
        if heard.is_ok() {
            heard = write_message(&mut client.stream, kind, &body).await;
        }
        if kind == b'Z' {
            return heard.map(|()| body[0]);
        }
    }
}

impl Client {
    /// Prefixes the name of a statement with the client's number. Returns the new name; `None` if the message has none.
    fn rename(&self, kind: u8, body: &mut Vec<u8>) -> Option<String> {
        let end = |from: usize| body[from..].iter().position(|b| *b == 0).map(|at| from + at);
        let start = match kind {
            b'P' => 0,
            // After the name of the portal.
            b'B' => end(0)? + 1,
            b'D' | b'C' if body.first() == Some(&b'S') => 1,
            _ => return None,
        };
        let end = end(start)?;
        if start == end {
            return None;
        }
        let name = format!("{}_{}", self.number, String::from_utf8_lossy(&body[start..end]));
        body.splice(start..end, name.bytes());
        Some(name)
    }
}
