//! A PostgreSQL server for one test, which can stop it at any time.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

/// How a server is stopped.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stop {
    /// Ends the connections and writes all data.
    Fast,
    /// As if killed: it recovers from its log at the next start.
    Immediate,
}

/// A server with its own data folder and port, both removed when dropped. Committed data survives a stop.
#[derive(Debug)]
pub(crate) struct Server {
    folder: tempfile::TempDir,
    port: u16,
}

impl Server {
    /// Starts a server and waits until it answers.
    pub(crate) fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("kie-bot-server-").tempdir().unwrap();
        if let Some(user) = user() {
            // The server does not run as root.
            assert!(Command::new("chown").arg(user).arg(folder.path()).status().unwrap().success());
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { folder, port };
        server.run("initdb", ["-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]);
        server.up();
        server
    }

    /// The URL of its database.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    pub(crate) fn down(&self, how: Stop) {
        self.run("pg_ctl", ["-w", "-m", how.word(), "stop"]);
    }

    pub(crate) fn up(&self) {
        let settings = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c synchronous_commit=on",
            self.port
        );
        let log = self.folder.path().join("log");
        self.run("pg_ctl", ["-w", "-l", log.to_str().expect("a plain path"), "-o", settings.as_str(), "start"]);
    }

    /// Runs one of the server's programs on its data folder.
    fn run<S: AsRef<OsStr>>(&self, program: &str, args: impl IntoIterator<Item = S>) {
        assert!(
            self.command(program).args(args).status().unwrap().success(),
            "{program}: {}",
            self.folder.path().display()
        );
    }

    fn command(&self, program: &str) -> Command {
        let folder = std::env::var("TEST_POSTGRES_BIN").expect("run the tests through tests/with-postgres");
        let path = std::path::Path::new(&folder).join(program);
        let mut command = match user() {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", &user, "--"]).arg(path);
                command
            }
            None => Command::new(path),
        };
        // The server's user needs access to the folder.
        command.current_dir(self.folder.path()).arg("-D").arg(self.folder.path().join("data"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be stopped already.
        let _ = self.command("pg_ctl").args(["-w", "-m", Stop::Immediate.word(), "stop"]).status();
    }
}

impl Stop {
    fn word(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Immediate => "immediate",
        }
    }
}

/// The user that runs the server's programs, if it is not the current one.
fn user() -> Option<String> {
    std::env::var("TEST_POSTGRES_USER").ok()
}
