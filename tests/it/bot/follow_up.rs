//! From one result to the next: a picture is animated, a video enlarged, and what happens when the file is gone.

use std::sync::Arc;
use std::time::Duration;

use kie::clock::Timestamp;
use kie::demo::telegram::{ChatFileKind, Message};
use kie::job::{Attachment, ChatId, Job, JobId, JobState};
use kie::schema::Lang;
use kie::store::{self, Store};
use serde_json::json;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::bot::{Play, TIMEOUT, label, task, title};

const DRAWS: &str = "z-image";
const ANIMATES: &str = "veo-3-1";
const ENLARGES: &str = "recraft/crisp-upscale";
const ENLARGES_VIDEO: &str = "topaz/video-upscale";

impl Play {
    async fn draw(&self) -> Message {
        self.begin(task(DRAWS), title(DRAWS)).await;
        self.sees(label(DRAWS, "prompt")).await;
        self.chat.send_text("A fox");
        self.press("✅ Create").await;
        self.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap()
    }

    async fn press_on(&self, message: i32, label: &str) {
        let press = self.chat.press_on(message, label).unwrap();
        self.chat.wait_answer(&press, TIMEOUT).await.unwrap();
    }

    async fn store(&self) -> Arc<dyn Store> {
        store::open(&format!("sqlite:{}", self.folder.path().join("demo.db").display())).await.unwrap()
    }

    /// The chat's newest job of a model.
    async fn job_of(&self, model: &str) -> Job {
        let jobs = self.store().await.jobs_of(ChatId(self.chat.id()), 10, 0).await.unwrap();
        jobs.into_iter().find(|job| job.model == model).unwrap()
    }

    /// Puts a delivered job beside another that is like it but for what `change` does.
    async fn job_like(&self, job: &Job, change: impl FnOnce(&mut Job)) -> JobId {
        let id = JobId("f".repeat(32));
        let (draft, state) = ("other".to_owned(), JobState::Delivered);
        let mut other = Job { id: id.clone(), draft, state, task: None, ..job.clone() };
        change(&mut other);
        self.store().await.add_job(&other).await.unwrap();
        id
    }

    /// Waits until the chat's newest job of a model is delivered, and is stored as such.
    async fn delivered(&self, model: &str) -> Job {
        let mut interval = tokio::time::interval(Duration::from_millis(10));
        let delivered = async {
            loop {
                interval.tick().await;
                let job = self.job_of(model).await;
                if job.state == JobState::Delivered {
                    return job;
                }
            }
        };
        tokio::time::timeout(TIMEOUT, delivered).await.unwrap()
    }

    /// Changes the database, as time does, after the bot has stored what its last update changed.
    async fn change(&self, statement: &'static str) {
        let options = SqliteConnectOptions::new().filename(self.harness.config.database_file().unwrap());
        let mut database = SqliteConnection::connect_with(&options).await.unwrap();
        let mut interval = tokio::time::interval(Duration::from_millis(10));
        let handled = async {
            let open = "SELECT count(*) FROM updates WHERE closed_at IS NULL";
            while sqlx::query_scalar::<_, i64>(open).fetch_one(&mut database).await.unwrap() > 0 {
                interval.tick().await;
            }
        };
        tokio::time::timeout(TIMEOUT, handled).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
    }

    /// Sends the picture of a message as the person has it.
    fn send_back(&self, message: &Message) {
        let picture = self.chat.file(&message.media.as_ref().unwrap().file_id).unwrap();
        self.chat.send(ChatFileKind::Photo, "fox.png", picture, "");
    }

    /// Presses a button of a message as it would be under the result of another job.
    fn press_for(&self, message: &Message, label: &str, job: &Job, other: &JobId) {
        let data = message.button(label).unwrap().data.clone().unwrap();
        self.chat.press_data(message.id, &data.replace(&job.id.0, &other.0)).unwrap();
    }
}

#[tokio::test]
async fn a_picture_is_animated_and_the_video_enlarged() {
    let play = Play::start("en").await;
    let photo = play.draw().await;
    assert!(photo.button("Enlarge").is_some(), "{photo}");
    play.press_on(photo.id, "Animate").await;
    let list = play.chat.wait_button(title(ANIMATES), TIMEOUT).await.unwrap();
    assert!(list.id != photo.id && list.text.contains("Animate"), "{list}");
    // Two presses of one button are one form, in the place of the list.
    let data = list.button(title(ANIMATES)).unwrap().data.clone().unwrap();
    for _ in 0..2 {
        play.chat.press_data(list.id, &data).unwrap();
    }
    let form = play.sees(label(ANIMATES, "image_urls")).await;
    assert_eq!(form.id, list.id);
    assert!(form.text.contains("Pictures  1 of 3"), "{form}");
    play.chat.send_text("It runs away");
    play.press("✅ Create").await;
    let input = play.input(2).await;
    let picture = &play.job_of(DRAWS).await.output.unwrap().urls[0];
    assert_eq!(input["image_urls"], json!([picture]), "{input}");
    assert_eq!(input["prompt"], "It runs away");

    // One model alone enlarges videos: its form comes at once, and the price by the length is known.
    let video = play.chat.wait_media(ChatFileKind::Video, TIMEOUT).await.unwrap();
    assert!(video.button("Animate").is_none(), "{video}");
    play.press_on(video.id, "Enlarge").await;
    let first = play.sees(title(ENLARGES_VIDEO)).await;
    // A second press moves the form; there are never two.
    play.press_on(video.id, "Enlarge").await;
    play.press("✅ Create · ").await;
    let input = play.input(3).await;
    assert_eq!(input["video_url"], play.job_of(ANIMATES).await.output.unwrap().urls[0].as_str(), "{input}");
    assert!(play.chat.view().messages.iter().all(|message| message.id != first.id), "{}", play.chat.view());
    play.end().await;
}

#[tokio::test]
async fn a_result_that_is_gone_is_told_and_the_form_comes_without_it() {
    let play = Play::start("en").await;
    let photo = play.draw().await;
    let job = play.job_of(DRAWS).await;
    let old = play.job_like(&job, |old| {
        old.created_at = old.created_at - Duration::from_secs(15 * 24 * 3600);
        old.submitted_at = Some(old.created_at);
    });
    let old = old.await;
    play.press_for(&photo, "Enlarge", &job, &old);
    play.press(title(ENLARGES)).await;
    let form = play.sees("this one is no longer there").await;
    assert!(form.text.contains(&format!("{}  needed", label(ENLARGES, "image"))), "{form}");
    // The person has it still.
    play.send_back(&photo);
    play.press("✅ Create").await;
    assert!(play.input(2).await["image"].as_str().unwrap().starts_with("http"));
    play.end().await;
}

/// The vendor deletes results after two weeks; Telegram does not.
#[tokio::test]
async fn a_result_that_the_vendor_has_deleted_is_taken_from_the_chat() {
    let play = Play::start("en").await;
    let photo = play.draw().await;
    let result = play.delivered(DRAWS).await.output.unwrap().urls.remove(0);
    play.change("UPDATE jobs SET created_at = 1000, submitted_at = 2000").await;
    play.press_on(photo.id, "Enlarge").await;
    play.press(title(ENLARGES)).await;
    play.press("✅ Create").await;
    let sent = play.input(2).await["image"].clone();
    assert_ne!(sent, result.as_str());
    assert_eq!(sent, play.harness.kie.uploads().last().unwrap().url.as_str());
    play.end().await;
}

/// A result is put into a form, which is ordered after two weeks: nothing is paid for a link that is dead.
#[tokio::test]
async fn an_old_result_that_nobody_has_is_asked_for_at_its_field() {
    let play = Play::start("en").await;
    let photo = play.draw().await;
    let job = play.delivered(DRAWS).await;
    // The chat does not have this one.
    let other = play.job_like(&job, |_| {}).await;
    play.press_for(&photo, "Enlarge", &job, &other);
    play.press(title(ENLARGES)).await;
    play.chat.wait_button("✅ Create", TIMEOUT).await.unwrap();
    play.change("UPDATE person_drafts SET body = json_set(body, '$.attachments[0].uploaded_at', 0)").await;
    play.press("✅ Create").await;
    let asked = play.sees("can no longer be fetched").await;
    assert!(asked.text.contains(&format!("under “{}”", label(ENLARGES, "image"))), "{asked}");
    assert_eq!(play.harness.kie.creates().len(), 1);
    play.send_back(&photo);
    play.press("✅ Create").await;
    assert_eq!(play.input(2).await["image"], play.harness.kie.uploads().last().unwrap().url.as_str());
    play.end().await;
}

#[tokio::test]
async fn once_more_with_an_old_result_asks_for_the_file() {
    let play = Play::start("en").await;
    let photo = play.draw().await;
    let job = play.delivered(DRAWS).await;
    let url = &job.output.as_ref().unwrap().urls[0];
    let other = play.job_like(&job, |other| {
        other.model = ENLARGES.to_owned();
        other.input = json!({ "image": url }).as_object().unwrap().clone();
        let uploaded_at = Timestamp::from_millis(1000);
        let facts = kie::schema::FileFacts::default();
        other.attachments = vec![Attachment { url: url.clone(), source: None, uploaded_at, facts, is_result: true }];
    });
    let other = other.await;
    play.press_for(&photo, "Once more", &job, &other);
    let form = play.sees("can no longer be fetched").await;
    assert!(form.text.contains(label(ENLARGES, "image")) && form.text.contains(title(ENLARGES)), "{form}");
    assert_eq!(play.harness.kie.creates().len(), 1);
    play.end().await;
}

#[tokio::test]
async fn of_several_files_the_person_picks_one() {
    let play = Play::start("ru").await;
    play.chat.send_text("/start");
    play.sees("Что сделаем?").await;
    let menu = play.chat.view().last().unwrap().id;
    play.chat.press_data(menu, &format!("1n{DRAWS}")).unwrap();
    play.chat
        .wait_for(TIMEOUT, |view| view.last().filter(|m| m.text.contains("Что нарисовать")).cloned())
        .await
        .unwrap();
    play.chat.send_text("Лиса");
    play.press("✅ Создать").await;
    let photo = play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    let job = play.job_of(DRAWS).await;
    let other = "https://example.com/second.png";
    let two = play.job_like(&job, |two| two.output.as_mut().unwrap().urls.push(other.to_owned())).await;
    play.press_for(&photo, "Увеличить", &job, &two);
    let which = play.sees("Какой из файлов?").await;
    play.press_on(which.id, "2").await;
    let enlarger = kie::models::find(ENLARGES).unwrap().spec;
    play.press(enlarger.title.get(Lang::Ru)).await;
    play.sees("✓ second.png").await;
    play.press("✅ Создать").await;
    assert_eq!(play.input(2).await["image"], other);
    play.end().await;
}
