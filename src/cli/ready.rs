//! `kie-bot ready`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use super::output::{note, print_line};
use super::{CliError, ExitCode, example, load_config};
use crate::l10n::CliMessages;

/// The time limit: the bot answers from memory.
const TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {}

fn examples() -> Vec<String> {
    vec!["ready && echo it serves people".into()]
}

/// The address under which this machine reaches a server that listens there.
fn local(listens: SocketAddr) -> SocketAddr {
    let ip = match listens.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listens.port())
}

pub(super) async fn run(_: Args, messages: &CliMessages) -> Result<ExitCode, CliError> {
    let config = load_config(Some("error"))?;
    let address = config.http.map(local).ok_or_else(|| CliError::BadInput(messages.ready_no_server()))?;
    // A proxy of the environment must not be asked for this machine.
    let client = reqwest::Client::builder().no_proxy().timeout(TIMEOUT).build();
    let client = client.map_err(|error| CliError::Failed(error.to_string()))?;
    let silent = |error: reqwest::Error| {
        CliError::Failed(messages.ready_silent(&address.to_string(), &error.without_url().to_string()))
    };
    let answer = client.get(format!("http://{address}/ready")).send().await.map_err(silent)?;
    let is_ready = answer.status().is_success();
    let report = answer.text().await.map_err(silent)?;
    if is_ready {
        print_line(&report);
        return Ok(ExitCode::Success);
    }
    note(&report);
    Ok(ExitCode::Failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_all_addresses_is_asked_at_home() {
        for (listens, asked) in [
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("[::]:8080", "[::1]:8080"),
            ("10.0.0.7:80", "10.0.0.7:80"),
            ("127.0.0.1:1", "127.0.0.1:1"),
        ] {
            assert_eq!(local(listens.parse().unwrap()), asked.parse().unwrap());
        }
    }
}
