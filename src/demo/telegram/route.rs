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
use super::error::{ApiError, ApiResult};
use super::fault::{self, Trouble};
use super::message::MediaKind;
use super::world::{Call, World};
use super::{edit, file, page, poll, send};
use crate::demo::site::{self, Cut};

pub(super) type Sim = State<Arc<World>>;

pub(super) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/file/{bot}/{*path}", get(download))
        .route("/{bot}/{method}", any(call))
        .merge(page::router())
        .with_state(world)
}

/// A token of the wrong form is not found, a wrong one is not authorised.
fn authorize(world: &World, bot: &str) -> Result<(), ApiError> {
    let token =
        bot.strip_prefix("bot").filter(|token| token.contains(':')).ok_or_else(|| ApiError::new(404, "Not Found"))?;
    if token == world.options.token { Ok(()) } else { Err(ApiError::new(401, "Unauthorized")) }
}

async fn call(
    State(world): Sim,
    ConnectInfo(cut): ConnectInfo<Cut>,
    Path((bot, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    match run(&world, &cut, &bot, &method, request).await {
        Ok(result) => Json(json!({ "ok": true, "result": result })).into_response(),
        Err(error) => error.into_response(),
    }
}

async fn run(world: &World, cut: &Cut, bot: &str, method: &str, request: Request) -> ApiResult {
    authorize(world, bot)?;
    let method = method.to_lowercase();
    let args = Args::read(request).await?;
    let (number, trouble) = {
        let at = world.now();
        let mut state = world.state();
        state.calls.push(Call { method: method.clone(), args: args.fields().clone(), at, refused: None });
        let chat = args.int("chat_id");
        (state.calls.len() - 1, fault::take(&mut state.faults, &method, chat))
    };
    // Counters of calls are waited for as well, also while a call is under way.
    world.touch();
    let result = match trouble {
        Some(Trouble::Api { code, description }) => Err(ApiError::new(code, description)),
        Some(Trouble::Flood(seconds)) => Err(ApiError::flood(seconds)),
        Some(Trouble::Drop) => {
            cut.cut();
            Ok(Value::Null)
        }
        Some(Trouble::Lose) => {
            let result = dispatch(world, &method, &args).await;
            cut.cut();
            result
        }
        Some(Trouble::Delay(ms)) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            dispatch(world, &method, &args).await
        }
        None => dispatch(world, &method, &args).await,
    };
    if let Err(error) = &result
        && let Some(call) = world.state().calls.get_mut(number)
    {
        call.refused = Some(error.code);
    }
    world.touch();
    result
}

async fn dispatch(world: &World, method: &str, args: &Args) -> ApiResult {
    if args.largest() > world.options.limits.upload {
        return Err(ApiError::too_large());
    }
    match method {
        "getme" => {
            let mut me = world.bot();
            for name in ["can_join_groups", "can_connect_to_business"] {
                me[name] = json!(name == "can_join_groups");
            }
            for name in ["can_read_all_group_messages", "supports_inline_queries", "has_main_web_app"] {
                me[name] = json!(false);
            }
            Ok(me)
        }
        "getupdates" => poll::get_updates(world, args).await,
        "setwebhook" => poll::set_webhook(world, args),
        "deletewebhook" => poll::delete_webhook(world, args),
        "getwebhookinfo" => Ok(poll::webhook_info(world)),
        "sendmessage" => send::send_message(world, args),
        "sendmediagroup" => send::send_album(world, args).await,
        "sendchataction" => send::chat_action(world, args),
        "editmessagetext" => edit::text(world, args),
        "editmessagecaption" => edit::caption(world, args),
        "editmessagereplymarkup" => edit::keyboard(world, args),
        "editmessagemedia" => edit::media(world, args).await,
        "deletemessage" | "deletemessages" => edit::delete(world, args),
        "answercallbackquery" => edit::answer(world, args),
        "getfile" => file::get_file(world, args),
        "setmycommands" => set_commands(world, args),
        "getmycommands" => Ok(commands(world, &args.text("language_code").unwrap_or_default())),
        "deletemycommands" => {
            world.state().commands.remove(&args.text("language_code").unwrap_or_default());
            Ok(json!(true))
        }
        "setmyname"
        | "setmydescription"
        | "setmyshortdescription"
        | "setchatmenubutton"
        | "setmydefaultadministratorrights"
        | "logout"
        | "close" => Ok(json!(true)),
        _ => match method.strip_prefix("send").and_then(MediaKind::from_word) {
            Some(kind) => send::send_media(world, kind, args).await,
            None => Err(ApiError::new(404, "Not Found: method not found")),
        },
    }
}

fn set_commands(world: &World, args: &Args) -> ApiResult {
    let list =
        args.json("commands")?.filter(Value::is_array).ok_or_else(|| ApiError::bad("can't parse commands list"))?;
    world.state().commands.insert(args.text("language_code").unwrap_or_default(), list);
    world.touch();
    Ok(json!(true))
}

/// The command list for a language, else the one for all.
pub(super) fn commands(world: &World, language: &str) -> Value {
    let state = world.state();
    state.commands.get(language).or_else(|| state.commands.get("")).cloned().unwrap_or_else(|| json!([]))
}

async fn download(State(world): Sim, Path((bot, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    if let Err(error) = authorize(&world, &bot) {
        return error.into_response();
    }
    let found = world.state().files.values().find(|file| file.path == path).cloned();
    match found {
        // The real server gives every file as a stream of bytes.
        Some(file) => site::file(&headers, "application/octet-stream", file.body),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
