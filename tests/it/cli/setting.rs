//! `.env`.

use crate::cli::fixture::{call_in, call_with, from_words, vendor};
use kie::demo::harness::KEY;

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_read_from_the_folder_and_the_environment_wins() {
    let kie = vendor().await;
    let folder = tempfile::tempdir().unwrap();
    let text = format!("# the account\nKIE_API_KEY=wrong\nKIE_API_URL={0}\nKIE_UPLOAD_URL=\"{0}\"\n", kie.url);
    std::fs::write(folder.path().join(".env"), text).unwrap();
    let args = ["generate", from_words().id, "--input", from_words().example];
    let refused = call_in(folder.path(), &args, &[], b"");
    assert_eq!((refused.code, &refused.json()["error"]["code"]), (Some(1), &"401".into()), "{refused:?}");
    assert_eq!(call_in(folder.path(), &args, &[("KIE_API_KEY", KEY)], b"").code, Some(0));

    // The `.env` of a parent folder is not read.
    let below = folder.path().join("below");
    std::fs::create_dir(&below).unwrap();
    let done = call_in(&below, &args, &[], b"");
    assert!(done.complaint(2).starts_with("KIE_API_KEY is not set"), "{done:?}");
}

/// A `$` of a password was taken for the beginning of a variable, and the database refused the rest.
#[tokio::test(flavor = "multi_thread")]
async fn a_dollar_in_a_password_is_kept_or_refused() {
    let kie = vendor().await;
    let folder = tempfile::tempdir().unwrap();
    let file = |text: String| std::fs::write(folder.path().join(".env"), text).unwrap();
    file("LOG=info\nDATABASE_URL=postgres://bot:s3cr$tPass@127.0.0.1/kie\n".to_owned());
    let refused = call_in(folder.path(), &["run"], &[], b"");
    let line = refused.complaint(2);
    let told =
        ".env cannot be read: line 2: the $ in DATABASE_URL stands for no variable; put the value in single quotes";
    assert_eq!(line, told);
    // As the cure says, and as those write who want a variable.
    let key = KEY.replacen("the", "", 1);
    file(format!(
        "KIE_API_URL={0}\nHEAD=the\nKIE_API_KEY=\"${{HEAD}}{key}\"\nDATABASE_URL='postgres://b:s3cr$tP@h/k'\n",
        kie.url
    ));
    let done = call_in(folder.path(), &["credits"], &[], b"");
    assert_eq!(done.code, Some(0), "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_file_is_named_without_its_words() {
    let kie = vendor().await;
    let folder = tempfile::tempdir().unwrap();
    for (text, place) in [
        ("LOG=info\nKIE_API_KEY=hunter2 and more\n", ".env cannot be read: line 2 is not NAME=VALUE"),
        ("\n\nhunter2\n", ".env cannot be read: line 3 is not NAME=VALUE"),
        ("KIE_API_KEY=\"hunter2\n", ".env cannot be read: "),
    ] {
        std::fs::write(folder.path().join(".env"), text).unwrap();
        let done = call_with(&kie, folder.path(), &["models"]);
        let line = done.complaint(2);
        assert!(line.starts_with(place) && !line.contains("hunter2"), "{line}");
    }
    std::fs::write(folder.path().join(".env"), b"KIE_API_KEY=\xff\xfe\n").unwrap();
    let done = call_with(&kie, folder.path(), &["models"]);
    assert!(done.complaint(2).starts_with(".env cannot be read: "), "{done:?}");
}
