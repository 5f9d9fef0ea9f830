//! Every command in Russian.

use kie::demo::kie::{KieFault, KieFaultEffect, Route, TaskEnd, TaskPlan};
use kie::l10n::{Lang, Messages};
use kie::ledger::Credits;
use kie::models;
use kie::schema::spec::{Kind, ModelSpec};
use kie::service::Service;
use serde_json::{Value, json};

use crate::cli::fixture::{Done, call, call_in, call_with, from_file, from_words, retired, vendor};

const RU: [&str; 2] = ["--lang", "ru"];

fn russian(args: &[&str]) -> Done {
    call(&[args, &RU].concat())
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` in {text}");
    }
}

/// Column headers, section headers and labels are not the English ones.
#[track_caller]
fn no_english_heads(text: &str) {
    let source = include_str!("../../../src/l10n/cli/en.ftl");
    let labels = |start: &str| -> Vec<&str> {
        let named = |line: &'static str| line.split_once(" = ").filter(|(key, _)| key.starts_with(start));
        source.lines().filter_map(named).map(|(_, words)| words).collect()
    };
    let (heads, facts) = ([labels("head-"), labels("part-")].concat(), labels("fact-"));
    assert!(heads.len() > 20 && facts.len() > 8, "{heads:?} {facts:?}");
    for line in text.lines() {
        let mut cells = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
        let fact = line.starts_with("  ") && cells.clone().next().is_some_and(|cell| facts.contains(&cell));
        assert!(!fact && cells.all(|cell| !heads.contains(&cell)), "{line} in {text}");
    }
}

/// The columns of a table, by the positions of their headers: every row has a cell or spaces at each of them.
#[track_caller]
fn aligned(table: &str, heads: &[&str]) {
    let lines: Vec<Vec<char>> = table.lines().map(|line| line.chars().collect()).collect();
    let head: String = lines[0].iter().collect();
    for name in heads {
        let byte = head.find(name).unwrap_or_else(|| panic!("{name} in {head}"));
        let column = head[..byte].chars().count();
        for line in &lines {
            let before = column.checked_sub(1).and_then(|at| line.get(at)).unwrap_or(&' ');
            assert_eq!(*before, ' ', "a gap before {name} in {}", line.iter().collect::<String>());
        }
    }
}

#[test]
fn models_and_their_pages() {
    let done = russian(&["models"]);
    no_english_heads(&done.out);
    aligned(&done.out, &["НАЗВАНИЕ", "ТИП", "РАЗРАБОТЧИК", "КРЕДИТЫ", "СТАТУС"]);
    has(&done.out, &[" за картинку", " доступна", from_words().title.get(Lang::Ru)]);
    let live = models::all().iter().filter(|spec| spec.status.is_offered()).count();
    assert_eq!(done.err, format!("моделей: {live} из {}\n", models::all().len()));

    let spec = from_words();
    let page = russian(&["show", spec.id]).out;
    no_english_heads(&page);
    has(
        &page,
        &["  разработчик   ", "  тип           ", "ПОЛЕ ", "ТИП И ПРЕДЕЛЫ", "* обязательно", "\nПРИМЕР\n", "текст "],
    );
    let (gone, nearest) = retired();
    let page = russian(&["show", gone.id]).out;
    has(&page, &[&format!("  замена        {nearest}\n"), "  статус        "]);
    has(&russian(&["show", "google/veo-3"]).out, &["другие имена", "model=veo3, если не задано другое"]);

    for (args, said) in [
        (&["models", "--type", "soup"][..], "ошибка: нет типа `soup`; есть типы "),
        (&["models", "--provider", "nobody"], "ошибка: нет разработчика `nobody`; есть "),
        (&["show", "no-such"], "ошибка: нет модели `no-such`"),
    ] {
        let done = russian(args);
        assert!(done.code == Some(2) && done.err.starts_with(said), "{done:?}");
    }
}

#[test]
fn every_page_of_every_model_is_without_english_labels() {
    for spec in models::all().iter().step_by(11) {
        no_english_heads(&russian(&["show", spec.id]).out);
        let limits = russian(&["show", spec.id]).out;
        for english in
            [" in steps of ", " px a side", "frames a second", "[ends soon]", " together", "id of an earlier"]
        {
            assert!(!limits.contains(english), "{english}: {limits}");
        }
    }
}

#[test]
fn prices() {
    let several = |spec: &&&ModelSpec| spec.price.is_some_and(|price| price.rows.len() > 2 && price.times.is_empty());
    let spec = models::all().iter().filter(|spec| Service::offers(spec)).find(several).unwrap();
    let done = russian(&["price", spec.id]);
    has(&done.out, &["КРЕДИТЫ", "  цена за ", ", на "]);
    assert!(done.out.lines().next().unwrap().contains("кредит"), "{}", done.out);
    let unpriced = models::all().iter().find(|spec| spec.price.is_none());
    if let Some(spec) = unpriced {
        assert_eq!(russian(&["price", spec.id]).out, format!("{}: цена неизвестна\n", spec.id));
    }
    let spec = from_words();
    let json = call(&["price", spec.id, "--input", "{}", "--json"]).json();
    let credits = Credits::from_f64(json["price"]["credits"].as_f64().unwrap());
    let done = russian(&["price", spec.id, "--input", "{}"]);
    assert_eq!(done.out, format!("{}: {}\n", spec.id, Messages::of(Lang::Ru).amount(credits)));
    assert_eq!(done.err, "взято из примера в реестре: prompt\n");
}

#[test]
fn inputs_that_cannot_be_read() {
    let spec = from_words();
    let missing = russian(&["validate", spec.id, "--input", "@none.json"]);
    assert!(missing.code == Some(2) && missing.err.starts_with("ошибка: none.json: не прочесть: "), "{missing:?}");
    let valid = russian(&["validate", spec.id, "--input", spec.example]);
    assert_eq!(valid.out, format!("{}: подходит\n", spec.id));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".env"), "not a setting\n").unwrap();
    let done = call_in(folder.path(), &["models", "--lang", "ru"], &[], b"");
    assert!(done.code == Some(2) && done.err.starts_with("ошибка: .env: не прочесть: строка 1 – не "), "{done:?}");
    let done = call_in(tempfile::tempdir().unwrap().path(), &["credits", "--lang", "ru"], &[], b"");
    assert!(done.code == Some(2) && done.err.starts_with("ошибка: не задано KIE_API_KEY: ключ с kie.ai"), "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn generate_and_its_refusals() {
    let (kie, folder, spec) = (vendor().await, tempfile::tempdir().unwrap(), from_words());
    let generate = |more: &[&str]| {
        let args = [&["generate", spec.id, "-f", "prompt=A fox"], more, &RU].concat();
        call_with(&kie, folder.path(), &args)
    };
    let done = generate(&["--out", "made"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let task = kie.creates()[0].task_id.clone();
    has(&done.err, &[&format!("  задача {task}\n"), "  сохранено: made/"]);
    has(&generate(&["--dry-run"]).err, &["ничего не отправлено и не загружено\n"]);
    let dear = generate(&["--max-credits", "0.001"]);
    has(&dear.err, &["ошибка: ", "это больше, чем --max-credits 0.001; ничего не отправлено\n"]);
    std::fs::write(folder.path().join("taken"), "").unwrap();
    has(&generate(&["--out", "taken/here"]).err, &["ошибка: taken/here: не записать: "]);
    has(&generate(&["--media", "prompt=none"]).err, &["ошибка: none – не файл\n"]);
    has(&generate(&["--media", "prompt=taken"]).err, &["ошибка: `prompt` у ", " – не поле для файла; "]);
    kie.fault(KieFault::once(Route::Create, KieFaultEffect::LoseReply));
    has(&generate(&[]).err, &["ответ на отправку потерян: ", "kie-bot task ID --wait"]);

    // JSON is the same in every language.
    for args in [&["--max-credits", "0.001"][..], &["--media", "prompt=none"], &["--out", "taken/here"]] {
        let plain = [&["generate", spec.id, "-f", "prompt=A fox", "--json"], args].concat();
        let english = call_with(&kie, folder.path(), &plain).out;
        let told = call_with(&kie, folder.path(), &[&plain[..], &RU].concat()).out;
        assert!(told == english && !english.is_empty(), "{told} {english}");
    }
    let (spec, field) = from_file();
    let sample = kie::sample::Sample::of(kie::schema::spec::MediaKind::Image).unwrap();
    std::fs::write(folder.path().join(sample.name), sample.bytes).unwrap();
    kie.fault(KieFault::code(Route::Upload, 400, "not this one"));
    let media = format!("{field}={}", sample.name);
    let done = call_with(&kie, folder.path(), &["generate", spec.id, "--media", &media, "--lang", "ru"]);
    has(&done.err, &[&format!("ошибка: {}: не загружено: KIE ответил кодом 400: not this one", sample.name)]);
    has(done.json()["error"]["message"].as_str().unwrap(), &["was not uploaded: "]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_uploads_and_credits() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let run = |args: &[&str]| call_with(&kie, folder.path(), &[args, &RU].concat());
    kie.plan(TaskPlan { end: TaskEnd::Never { state: Some("generating".into()) }, ..TaskPlan::default() });
    let left = run(&["generate", from_words().id, "-f", "prompt=A boat", "--no-wait", "--json"]).json();
    let task = left["task_id"].as_str().unwrap();
    has(&run(&["task", task]).err, &[&format!("задача {task}: в работе; дождаться: kie-bot task {task} --wait\n")]);
    has(&run(&["task", "0123456789abcdef"]).err, &["KIE не знает задачи 0123456789abcdef ни по одному из ключей"]);

    for name in ["a.txt", "b.txt", "c.txt"] {
        std::fs::write(folder.path().join(name), "words").unwrap();
    }
    has(&run(&["upload", "a.txt"]).err, &["загружен 1 файл (5 байт); KIE хранит его 24 ч\n"]);
    has(&run(&["upload", "a.txt", "b.txt", "c.txt"]).err, &["загружено 3 файла (15 байт); KIE хранит их 24 ч\n"]);
    has(&run(&["upload", "none"]).err, &["ошибка: none – не файл и не ссылка http(s)\n"]);

    let done = run(&["credits"]);
    assert!(done.out.starts_with("КЛЮЧ ") && done.out.contains("КРЕДИТЫ"), "{done:?}");
    aligned(&done.out, &["КРЕДИТЫ"]);
    kie.stop().await;
    let silent = run(&["credits"]);
    has(&silent.out, &["connect: нет соединения с "]);
    assert_eq!(silent.err, "ошибка: ни по одному ключу ответа нет\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn sanity_runs() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let run = |args: &[&str]| call_with(&kie, folder.path(), &[args, &RU].concat());
    let spec = from_words();
    let plan = run(&["sanity", "--model", spec.id]).out;
    no_english_heads(&plan);
    has(&plan, &["ДЕЙСТВИЕ", "отправить", "\nВсего: максимум ", "\nНичего не отправлено; потратить их: `--live "]);
    has(&run(&["sanity", "--live"]).err, &["ошибка: --live тратит кредиты: "]);
    let live = ["sanity", "--model", spec.id, "--live", "--max-credits"];
    has(&run(&[&live[..], &["0.001"]].concat()).err, &["ошибка: это может стоить "]);
    let done = run(&[&live[..], &["1000"]].concat());
    no_english_heads(&done.out);
    aligned(&done.out[..done.out.find("\nпрошло").unwrap()], &["МОДЕЛЬ", "СОСТОЯНИЕ", "СЕКУНДЫ", "КРЕДИТЫ"]);
    has(&done.out, &["получилось", "прошло моделей: 1 из 1; потрачено: "]);
    let again = run(&[&live[..], &["1000"]].concat());
    has(&again.err, &["1 из прежних запусков; --fresh попробует снова и снова заплатит\n"]);
    std::fs::write(folder.path().join("diary.txt"), "dear diary").unwrap();
    has(&run(&["sanity", "--state", "diary.txt"]).err, &["ошибка: diary.txt – не журнал проверок"]);

    // Errors are Russian in the table and unchanged in JSON.
    let takes = |spec: &&&ModelSpec| {
        let example: Value = serde_json::from_str(spec.example).unwrap();
        let earlier = |kind: &Kind| matches!(kind, Kind::Task(task) if !task.models.is_empty());
        Service::offers(spec) && spec.fields.iter().any(|f| earlier(&f.kind) && example.get(f.name).is_some())
    };
    let needy = models::all().iter().find(takes).unwrap();
    let args = ["sanity", "--model", needy.id, "--live", "--max-credits", "1000"];
    has(&run(&args).out, &["пропущена", "needs_a_task: нужна готовая задача "]);
    let rows = run(&[&args[..], &["--json"]].concat()).json();
    has(rows[0]["error"]["message"].as_str().unwrap(), &["it takes a finished task of "]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_registry_and_the_vendor() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let run = |args: &[&str]| call_with(&kie, folder.path(), &[args, &RU].concat());
    let stats = run(&["registry", "stats"]);
    no_english_heads(&stats.out);
    aligned(&stats.out, &["ДОСТУПНА", "СНЯТА", "УДАЛЕНА", "ПОД ВОПРОСОМ", "ВСЕГО"]);
    assert!(stats.out.lines().last().unwrap().starts_with("все модели "), "{}", stats.out);

    let spec = from_words();
    let same = run(&["registry", "check", "--live", spec.id]);
    assert_eq!(same.out, "Расхождений нет: всё, что сравнивалось, – как у поставщика.\n");
    has(&same.err, &["0 расхождений, сравнено моделей: 1, сравнено цен: 1\n"]);
    let url = kie.url.join("sim/catalogue").unwrap();
    let change = json!({ "model": spec.id, "pricing": "98765 credits" });
    reqwest::Client::new().post(url).json(&change).send().await.unwrap();
    let differs = run(&["registry", "check", "--live", spec.id]);
    no_english_heads(&differs.out);
    has(&differs.out, &["РАСХОЖДЕНИЕ", "другая цена", "кредиты: "]);
    has(&differs.err, &["1 расхождение, "]);
    let none = run(&["registry", "check", "--live", "acme/none"]);
    has(&none.err, &["ошибка: модели `acme/none` нет ни в реестре, ни у поставщика\n"]);
    has(&run(&["registry", "import", spec.id]).err, &["и `cargo build` скажет, чего не хватает.\n"]);
    std::fs::write(folder.path().join("answers.json"), "{}").unwrap();
    let empty = run(&["registry", "check", "--offline", "answers.json"]);
    has(&empty.err, &["ошибка: answers.json: не подходит: ответов в нём нет: "]);
    has(&run(&["registry", "import", "acme/none"]).err, &["нет схемы `acme/none`: поставщик её не знает\n"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("kie-bot.db").display());
    kie::store::open(&database).await.unwrap().close().await;
    let run = |args: &[&str]| call_in(folder.path(), &[args, &RU].concat(), &[], b"");
    assert_eq!(run(&["jobs"]).err, "таких заданий нет\n");
    let none = run(&["jobs", "retry", "nothing"]);
    assert_eq!((none.code, none.err.as_str()), (Some(2), "ошибка: нет задания nothing; список даёт `kie-bot jobs`\n"));
}
