//! Messages and files of the simulated Telegram, through teloxide's client.

use std::time::Duration;

use kie::demo::media::{Subject, audio, image, video};
use kie::demo::telegram::{ChatFileKind, FileLimits, SimTelegram, SimTelegramOptions, TelegramUser};
use teloxide::net::Download;
use teloxide::payloads::{
    AnswerCallbackQuerySetters, EditMessageTextSetters, GetUpdatesSetters, SendMessageSetters, SendPhotoSetters,
};
use teloxide::requests::Requester;
use teloxide::types::{
    BotCommand, ChatAction, ChatId, FileId, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, InputMedia,
    InputMediaPhoto, InputMediaVideo, ParseMode, UpdateKind,
};
use teloxide::{ApiError, Bot, RequestError};

pub(super) const LIMIT: Duration = Duration::from_secs(20);

pub(super) async fn start(options: SimTelegramOptions) -> (SimTelegram, Bot) {
    let sim = SimTelegram::start(options).await.unwrap();
    let bot = Bot::new(sim.token()).set_api_url(sim.api_url.clone());
    (sim, bot)
}

pub(super) fn subject() -> Subject {
    Subject { prompt: "лодка".into(), caption: "test".into(), size: (640, 360), seed: 1 }
}

pub(super) fn keyboard(label: &str, data: &str) -> InlineKeyboardMarkup {
    InlineKeyboardMarkup::new([[InlineKeyboardButton::callback(label, data)]])
}

pub(super) fn description<T: std::fmt::Debug>(result: Result<T, RequestError>) -> String {
    match result.unwrap_err() {
        RequestError::Api(ApiError::Unknown(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_conversation_with_buttons_and_edits() {
    let (sim, bot) = start(SimTelegramOptions::default()).await;
    let me = bot.get_me().await.unwrap();
    assert_eq!((me.username(), me.user.id.0), ("kie_demo_bot", 1_000_001));
    assert!(bot.get_webhook_info().await.unwrap().url.is_none());

    let chat = sim.chat_of(TelegramUser::new(42).speaking("ru"));
    chat.send_text("/start now");
    let updates = bot.get_updates().timeout(5).await.unwrap();
    let UpdateKind::Message(message) = &updates[0].kind else { panic!("{updates:?}") };
    assert_eq!(message.text(), Some("/start now"));
    assert_eq!(message.from.as_ref().unwrap().language_code.as_deref(), Some("ru"));
    assert_eq!(message.parse_entities().unwrap()[0].text(), "/start");

    let sent = bot
        .send_message(message.chat.id, "<b>Menu</b> &amp; more")
        .parse_mode(ParseMode::Html)
        .reply_markup(keyboard("Pictures", "v1:pic"))
        .await
        .unwrap();
    assert_eq!(sent.text(), Some("Menu & more"));
    let seen = chat.wait_button("Pictures", LIMIT).await.unwrap();
    assert_eq!((seen.id, seen.entities[0].kind.as_str(), seen.entities[0].length), (sent.id.0, "bold", 4));

    let press = chat.press("Pict").unwrap();
    assert_eq!(sim.unanswered().len(), 1);
    let offset = i32::try_from(updates[0].id.0).unwrap() + 1;
    let updates = bot.get_updates().offset(offset).timeout(5).await.unwrap();
    let UpdateKind::CallbackQuery(query) = &updates[0].kind else { panic!("{updates:?}") };
    assert_eq!((query.data.as_deref(), query.id.0.as_str()), (Some("v1:pic"), press.as_str()));
    assert_eq!(query.message.as_ref().unwrap().id(), sent.id);
    bot.answer_callback_query(query.id.clone()).text("one moment").show_alert(true).await.unwrap();
    let answer = chat.wait_answer(&press, LIMIT).await.unwrap();
    assert_eq!((answer.text.as_str(), answer.alert), ("one moment", true));
    assert!(sim.unanswered().is_empty());

    bot.edit_message_text(sent.chat.id, sent.id, "Models").reply_markup(keyboard("Back", "v1:home")).await.unwrap();
    let again = bot.edit_message_text(sent.chat.id, sent.id, "Models").reply_markup(keyboard("Back", "v1:home")).await;
    assert!(matches!(again, Err(RequestError::Api(ApiError::MessageNotModified))));
    let seen = chat.wait_text("Models", LIMIT).await.unwrap();
    assert_eq!((seen.edits, seen.buttons[0][0].text.as_str()), (1, "Back"));
    bot.edit_message_reply_markup(sent.chat.id, sent.id).await.unwrap();
    assert!(chat.press("Back").is_err());

    bot.send_chat_action(sent.chat.id, ChatAction::UploadPhoto).await.unwrap();
    assert_eq!(chat.view().action.as_deref(), Some("upload_photo"));
    bot.delete_message(sent.chat.id, sent.id).await.unwrap();
    assert!(chat.view().last().is_none());
    assert!(matches!(
        bot.delete_message(sent.chat.id, sent.id).await,
        Err(RequestError::Api(ApiError::MessageToDeleteNotFound))
    ));
    bot.set_my_commands([BotCommand::new("start", "Begin")]).await.unwrap();
    assert_eq!(sim.commands(chat.id(), "ru"), ["start"]);
    assert_eq!(sim.pending_updates(), 1, "the last batch is not confirmed yet");
}

#[tokio::test]
async fn media_goes_round() {
    let (sim, bot) = start(SimTelegramOptions::default()).await;
    let chat = sim.chat(5);
    let (png, mp4, wav) = (
        image(&subject()).unwrap(),
        video(&Subject { size: (160, 90), ..subject() }).unwrap(),
        audio(&subject()).unwrap(),
    );

    let sent = bot.send_photo(ChatId(5), InputFile::memory(png.clone())).caption("x").await.unwrap();
    let sizes = sent.photo().unwrap();
    assert_eq!((sizes.len(), sizes[1].width, sizes[1].file.size as usize), (2, 640, png.len()));
    let again = bot.send_photo(ChatId(5), InputFile::file_id(sizes[1].file.id.clone())).await.unwrap();
    assert_eq!(again.photo().unwrap()[1].file.id, sizes[1].file.id);

    let sent = bot.send_video(ChatId(5), InputFile::memory(mp4).file_name("a.mp4")).await.unwrap();
    let video = sent.video().unwrap();
    assert_eq!((video.width, video.height, video.duration.seconds()), (160, 90, 3));
    let sent = bot.send_audio(ChatId(5), InputFile::memory(wav.clone()).file_name("a.wav")).await.unwrap();
    assert_eq!(sent.audio().unwrap().duration.seconds(), 3);
    let sent = bot.send_document(ChatId(5), InputFile::memory("text").file_name("a.txt")).await.unwrap();
    assert_eq!(sent.document().unwrap().file_name.as_deref(), Some("a.txt"));
    bot.send_voice(ChatId(5), InputFile::memory(wav)).await.unwrap();
    bot.send_animation(ChatId(5), InputFile::memory("GIF89a\x10\0\x10\0").file_name("a.gif")).await.unwrap();
    let album = [
        InputMedia::Photo(InputMediaPhoto::new(InputFile::memory(png.clone())).caption("both")),
        InputMedia::Video(InputMediaVideo::new(InputFile::file_id(video.file.id.clone()))),
    ];
    let sent = bot.send_media_group(ChatId(5), album).await.unwrap();
    assert_eq!(sent.len(), 2);
    assert!(sent[0].media_group_id().is_some());
    assert_eq!(sent[0].media_group_id(), sent[1].media_group_id());
    let mismatch = bot.send_video(ChatId(5), InputFile::file_id(sizes[1].file.id.clone())).await;
    assert!(description(mismatch).contains("can't use file of type Photo as Video"));

    chat.send(ChatFileKind::Photo, "mine.png", png.clone(), "look");
    chat.send_album(ChatFileKind::Photo, vec![("a.png", png.clone().into()), ("b.png", png.clone().into())], "two");
    let updates = bot.get_updates().await.unwrap();
    assert_eq!(updates.len(), 3);
    let UpdateKind::Message(message) = &updates[0].kind else { panic!("{updates:?}") };
    assert_eq!(message.caption(), Some("look"));
    let file = bot.get_file(message.photo().unwrap()[1].file.id.clone()).await.unwrap();
    let mut bytes = Vec::new();
    bot.download_file(&file.path, &mut bytes).await.unwrap();
    assert_eq!(bytes, png);
    let UpdateKind::Message(one) = &updates[1].kind else { panic!("{updates:?}") };
    let UpdateKind::Message(two) = &updates[2].kind else { panic!("{updates:?}") };
    assert_eq!((one.media_group_id(), two.caption()), (two.media_group_id(), None));
}

#[tokio::test]
async fn limits_are_those_of_the_real_server() {
    let limits = FileLimits { photo: 1000, upload: 5000, download: 2000 };
    let (sim, bot) = start(SimTelegramOptions { limits, ..SimTelegramOptions::default() }).await;
    let chat = sim.chat(5);
    let id = ChatId(5);
    let long = bot.send_message(id, "я".repeat(4097)).await;
    assert!(matches!(long, Err(RequestError::Api(ApiError::MessageIsTooLong))));
    assert!(bot.send_message(id, "я".repeat(4096)).await.is_ok());
    assert!(matches!(bot.send_message(id, " ").await, Err(RequestError::Api(ApiError::MessageTextIsEmpty))));
    assert!(matches!(bot.send_message(ChatId(6), "x").await, Err(RequestError::Api(ApiError::ChatNotFound))));
    let data = bot.send_message(id, "x").reply_markup(keyboard("a", &"x".repeat(65))).await;
    assert!(matches!(data, Err(RequestError::Api(ApiError::ButtonDataInvalid))));
    let html = bot.send_message(id, "a < b").parse_mode(ParseMode::Html).await;
    assert!(matches!(html, Err(RequestError::Api(ApiError::CantParseEntities(_)))), "{html:?}");

    let png = image(&Subject { size: (16, 16), ..subject() }).unwrap();
    assert!(png.len() < 1000, "{}", png.len());
    let caption = bot.send_photo(id, InputFile::memory(png.clone())).caption("x".repeat(1025)).await;
    assert!(description(caption).contains("caption is too long"));
    assert!(bot.send_photo(id, InputFile::memory(png.clone())).await.is_ok());
    let big = image(&subject()).unwrap();
    assert!(
        description(bot.send_photo(id, InputFile::memory(big[..1001].to_vec())).await).contains("too big for a photo")
    );
    assert!(matches!(
        bot.send_photo(id, InputFile::memory("no picture")).await,
        Err(RequestError::Api(ApiError::ImageProcessFailed))
    ));
    let upload = bot.send_document(id, InputFile::memory(vec![0; 5001]).file_name("a")).await;
    assert!(matches!(upload, Err(RequestError::Api(ApiError::RequestEntityTooLarge))));
    chat.send(ChatFileKind::Document, "big.bin", vec![0_u8; 2001], "");
    let file = chat.view().messages.last().unwrap().media.clone().unwrap();
    assert_eq!(description(bot.get_file(FileId(file.file_id)).await), "Bad Request: file is too big");
    assert!(bot.get_file(FileId("nothing".into())).await.is_err());
}
