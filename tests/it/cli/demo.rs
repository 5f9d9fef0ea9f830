//! `demo --script`.

use crate::cli::fixture::call_in;

#[test]
fn the_script_gets_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    // The demo ignores settings of a real account.
    let vars = [("KIE_API_KEY", "a-real-key"), ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")];
    let done = call_in(folder.path(), &["demo", "--script", "--out", "pictures"], &vars, b"");
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{done:?}");
    assert_eq!(done.out.lines().last(), Some("pictures"));
    assert!(done.out.contains("you: A red fox") && done.out.contains("bot: <photo image/png"), "{}", done.out);
    let picture = std::fs::read(folder.path().join("pictures/picture.png")).unwrap();
    assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n") && picture.len() > 1000);
    // Nothing else is left in the folder.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_demo_that_charges_shows_what_an_order_costs() {
    let folder = tempfile::tempdir().unwrap();
    let done = call_in(folder.path(), &["demo", "--charge", "--script", "--out", "pictures"], &[], b"");
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{done:?}");
    assert!(done.out.contains("⭐") && !done.out.contains(" credits"), "{}", done.out);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("taken"), "").unwrap();
    let done = call_in(folder.path(), &["demo", "--script", "--out", "taken/here"], &[], b"");
    assert!(done.complaint(2).starts_with("taken/here cannot be written: "), "{done:?}");
    assert_eq!(call_in(folder.path(), &["demo", "--out", "x"], &[], b"").code, Some(2));
}

#[test]
fn a_taken_port_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let done = call_in(tempfile::tempdir().unwrap().path(), &["demo", "--port", &port], &[], b"");
    assert!(done.complaint(1).contains("127.0.0.1"), "{done:?}");
}
