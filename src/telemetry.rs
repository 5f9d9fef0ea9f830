//! Logging to standard error, because standard output is for results.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::config::{ConfigError, LogFormat};

/// Starts logging, also of libraries that use `log` (teloxide). A second call changes nothing.
///
/// # Errors
/// When the filter is invalid.
pub fn start(filter: &str, format: LogFormat) -> Result<(), ConfigError> {
    let filter = EnvFilter::try_new(filter)
        .map_err(|e| ConfigError::Bad { name: "LOG", why: format!("cannot be read ({e}): {filter}") })?;
    // The path of requests contains the bot token, and these two log whole URLs below `warn`.
    let filter = ["hyper_util=warn", "reqwest=warn"]
        .iter()
        .filter_map(|d| d.parse().ok())
        .fold(filter, |f, d| f.add_directive(d));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_span_events(FmtSpan::NONE)
        .with_writer(std::io::stderr)
        .with_ansi(std::env::var_os("NO_COLOR").is_none() && std::io::IsTerminal::is_terminal(&std::io::stderr()));
    // Only tests have a subscriber already, and keep it.
    let _ = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    Ok(())
}
