//! The Bot API's routes: `/bot<token>/<method>` in any case, and `/file/bot<token>/<path>`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::args::Args;
use super::chat_file::ChatFileKind;
use super::error::{ApiError, ApiResult};
use super::fault::{self, TelegramFaultEffect};
use super::simulator::{Shared, TelegramSimulator};
use super::state::{CommandList, MethodCall};
use super::{edit, ephemeral, file, group, invoice, page, poll, send};
use crate::demo::server::{self, ConnectionAbort};

pub(super) fn router(sim: Arc<TelegramSimulator>) -> Router {
    Router::new()
        .route("/file/{bot}/{*path}", get(download))
        .route("/{bot}/{method}", any(call))
        .merge(page::router())
        .with_state(sim)
}

/// A token of the wrong form is not found, a wrong one is not authorised.
fn authorize(sim: &TelegramSimulator, bot: &str) -> Result<(), ApiError> {
    let token =
        bot.strip_prefix("bot").filter(|token| token.contains(':')).ok_or_else(|| ApiError::new(404, "Not Found"))?;
    if token == sim.options.token { Ok(()) } else { Err(ApiError::new(401, "Unauthorized")) }
}

async fn call(
    State(sim): Shared,
    ConnectInfo(abort): ConnectInfo<ConnectionAbort>,
    Path((bot, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    match run(&sim, &abort, &bot, &method, request).await {
        Ok(result) => Json(json!({ "ok": true, "result": result })).into_response(),
        Err(error) => error.into_response(),
    }
}

async fn run(sim: &TelegramSimulator, abort: &ConnectionAbort, bot: &str, method: &str, request: Request) -> ApiResult {
    authorize(sim, bot)?;
    let method = method.to_lowercase();
    let args = Args::read(request).await?;
    let (number, effect) = {
        let at = sim.now();
        let mut state = sim.state();
        state.calls.push(MethodCall { method: method.clone(), args: args.fields().clone(), at, refused: None });
        let chat = args.int("chat_id");
        let flood = chat.and_then(|chat| state.flood(chat, &method, at)).map(TelegramFaultEffect::Flood);
        (state.calls.len() - 1, flood.or_else(|| fault::take(&mut state.faults, &method, chat)))
    };
    // Some wait for the call itself, not for its end.
    sim.notify_changed();
    let result = match effect {
        Some(TelegramFaultEffect::Api { code, description }) => Err(ApiError::new(code, description)),
        Some(TelegramFaultEffect::Flood(seconds)) => Err(ApiError::flood(seconds)),
        Some(TelegramFaultEffect::Disconnect) => {
            abort.abort();
            Ok(Value::Null)
        }
        Some(TelegramFaultEffect::LoseReply) => {
            let result = dispatch(sim, &method, &args).await;
            abort.abort();
            result
        }
        Some(TelegramFaultEffect::Delay(ms)) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            dispatch(sim, &method, &args).await
        }
        None => dispatch(sim, &method, &args).await,
    };
    if let Err(error) = &result
        && let Some(call) = sim.state().calls.get_mut(number)
    {
        call.refused = Some(error.code);
    }
    sim.notify_changed();
    result
}

async fn dispatch(sim: &TelegramSimulator, method: &str, args: &Args) -> ApiResult {
    if args.largest() > sim.options.limits.upload {
        return Err(ApiError::too_large());
    }
    match method {
        "getme" => {
            let mut me = sim.bot();
            for name in ["can_join_groups", "can_connect_to_business"] {
                me[name] = json!(name == "can_join_groups");
            }
            for name in ["supports_inline_queries", "has_main_web_app"] {
                me[name] = json!(false);
            }
            me["can_read_all_group_messages"] = json!(!sim.state().privacy);
            Ok(me)
        }
        "getupdates" => poll::get_updates(sim, args).await,
        "setwebhook" => poll::set_webhook(sim, args),
        "deletewebhook" => poll::delete_webhook(sim, args),
        "getwebhookinfo" => Ok(poll::webhook_info(sim)),
        "sendmessage" => send::send_message(sim, args),
        "sendmediagroup" => send::send_album(sim, args).await,
        "sendchataction" => send::chat_action(sim, args),
        "editmessagetext" => edit::text(sim, args),
        "editmessagecaption" => edit::caption(sim, args),
        "editmessagereplymarkup" => edit::keyboard(sim, args),
        "editmessagemedia" => edit::media(sim, args).await,
        "getchatmember" => group::get_member(sim, args),
        "getchatadministrators" => group::get_administrators(sim, args),
        "editephemeralmessagetext" | "editephemeralmessagereplymarkup" => ephemeral::edit(sim, method, args),
        "deleteephemeralmessage" => ephemeral::delete(sim, args),
        "deletemessage" | "deletemessages" => edit::delete(sim, args),
        "answercallbackquery" => edit::answer(sim, args),
        "sendinvoice" => invoice::send_invoice(sim, args),
        "createinvoicelink" => invoice::create_link(sim, args),
        "answerprecheckoutquery" => invoice::answer(sim, args),
        "refundstarpayment" => invoice::refund(sim, args),
        "edituserstarsubscription" => invoice::edit_subscription(sim, args),
        "getmystarbalance" => Ok(invoice::balance(sim)),
        "getfile" => file::get_file(sim, args),
        "setmycommands" => set_commands(sim, args),
        "getmycommands" => Ok(sim.commands_at(&command_list(args)?)),
        "deletemycommands" => {
            let list = command_list(args)?;
            sim.state().commands.remove(&list);
            Ok(json!(true))
        }
        "setmyname"
        | "setmydescription"
        | "setmyshortdescription"
        | "setchatmenubutton"
        | "setmydefaultadministratorrights"
        | "logout"
        | "close" => Ok(json!(true)),
        _ => match method.strip_prefix("send").and_then(ChatFileKind::from_word) {
            Some(kind) => send::send_media(sim, kind, args).await,
            None => Err(ApiError::new(404, "Not Found: method not found")),
        },
    }
}

/// Which of the bot's command lists a call is about: that of a language, for everybody or in one chat.
fn command_list(args: &Args) -> Result<CommandList, ApiError> {
    let scope = args.json("scope")?.unwrap_or_default();
    let chat = match scope["type"].as_str() {
        None | Some("default") => None,
        Some("chat") => Some(scope["chat_id"].as_i64().ok_or_else(|| ApiError::bad("chat not found"))?),
        Some(_) => return Err(ApiError::bad("the simulator knows the scopes default and chat")),
    };
    Ok(CommandList { chat, language: args.text("language_code").unwrap_or_default() })
}

fn set_commands(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let list =
        args.json("commands")?.filter(Value::is_array).ok_or_else(|| ApiError::bad("can't parse commands list"))?;
    let key = command_list(args)?;
    let mut state = sim.state();
    if key.chat.is_some_and(|chat| !state.chats.contains_key(&chat)) {
        return Err(ApiError::bad("chat not found"));
    }
    state.commands.insert(key, list);
    drop(state);
    sim.notify_changed();
    Ok(json!(true))
}

async fn download(State(sim): Shared, Path((bot, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    if let Err(error) = authorize(&sim, &bot) {
        return error.into_response();
    }
    // A server with `--local` serves no files.
    let is_served = sim.options.local_folder.is_none();
    let found = sim.state().files.values().find(|file| is_served && file.path == path).cloned();
    match found {
        // The real server sends all files with this type.
        Some(file) => server::file(&headers, "application/octet-stream", file.body),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
