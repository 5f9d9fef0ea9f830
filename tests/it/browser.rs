//! The demo page in a headless Chromium at the width of a phone, as a person sees and taps it.
//!
//! Where no browser is installed, these tests say so and pass; with `BROWSER=required` they fail. Pictures of the page are
//! left in the folder `browser` of cargo's folder for temporary files of tests.

mod driver;
mod sale;

use std::path::Path;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, Locator};
use kie::demo::harness::{self, Harness, HarnessOptions};
use kie::demo::kie::Pace;
use kie::ledger::Money;
use tokio::sync::{Mutex, MutexGuard};

use crate::support::log;
use driver::Driver;

/// Nothing on the page takes so long, unless it never comes.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How often the page is looked at.
const GLANCE: Duration = Duration::from_millis(40);
/// A browser takes all processors: one at a time.
static BROWSER: Mutex<()> = Mutex::const_new(());

/// A demo that charges, on the screen of a phone.
struct Phone {
    harness: Harness,
    driver: Driver,
    web: Client,
    /// Begins the names of the pictures.
    name: String,
    _folder: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Phone {
    /// Opens the page in this language; `None` where no browser is installed. The person has nothing to begin with.
    async fn open(test: &str, language: &str) -> Option<Self> {
        log::install();
        let turn = BROWSER.lock().await;
        let driver = Driver::start().await?;
        let folder = tempfile::tempdir().unwrap();
        let mut options = HarnessOptions::new(folder.path());
        options.pace = Pace::Time(Duration::from_millis(500));
        options.picture_side = 256;
        options.tariff = Some(harness::tariff());
        options.star_packs = harness::star_packs();
        options.balance = Money::ZERO;
        let harness = Harness::start(options).await.unwrap();
        let web = driver.open(language, folder.path()).await;
        web.goto(harness.telegram.page_url.as_str()).await.unwrap();
        let name = format!("{test}-{language}");
        Some(Self { harness, driver, web, name, _folder: folder, _turn: turn })
    }

    /// The newest element of the page for an XPath, as soon as it is there.
    async fn element(&self, path: &str) -> Element {
        let newest = format!("({path})[last()]");
        let wait = self.web.wait().at_most(TIMEOUT).every(GLANCE);
        match wait.for_element(Locator::XPath(&newest)).await {
            Ok(element) => element,
            Err(error) => {
                self.picture("missing").await;
                let page = self.web.find(Locator::Css("body")).await.unwrap().text().await.unwrap();
                panic!("{path}: {error}\n{page}");
            }
        }
    }

    /// Taps the newest button whose label holds this, as soon as it is there.
    async fn tap(&self, label: &str) {
        let button = format!("//button[not(@hidden) and not(@disabled) and {}]", holds(label));
        self.element(&button).await.click().await.unwrap();
    }

    /// Waits for a message that says this; returns all of its text.
    async fn sees(&self, text: &str) -> String {
        self.element(&format!("//article[{}]", holds(text))).await.text().await.unwrap()
    }

    /// Types a text and sends it with the key for that.
    async fn write(&self, text: &str) {
        let line = self.element("//textarea").await;
        line.send_keys(text).await.unwrap();
        line.send_keys("\u{e007}").await.unwrap();
        self.element(&format!("//article[contains(@class, 'mine') and {}]", holds(text))).await;
    }

    /// Leaves a picture of the page, on which nothing is wider than the phone.
    async fn picture(&self, what: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
        std::fs::create_dir_all(&folder).unwrap();
        let picture = self.web.screenshot().await.unwrap();
        std::fs::write(folder.join(format!("{}-{what}.png", self.name)), picture).unwrap();
        let wide = "return document.documentElement.scrollWidth - window.innerWidth";
        let excess = self.web.execute(wide, Vec::new()).await.unwrap();
        assert!(excess.as_i64().unwrap() <= 0, "{what}: {excess} pixels are off the screen");
    }

    async fn end(self) {
        self.web.close().await.unwrap();
        self.driver.stop().await;
        assert!(self.harness.telegram.unanswered().is_empty(), "every press is answered");
        self.harness.stop().await.unwrap();
    }
}

/// The condition of an XPath that an element holds this text; spaces that do not break are spaces.
fn holds(text: &str) -> String {
    assert!(!text.contains('"'), "{text} cannot be written in an XPath");
    format!("contains(translate(normalize-space(.), '\u{a0}\u{202f}', '  '), \"{text}\")")
}
