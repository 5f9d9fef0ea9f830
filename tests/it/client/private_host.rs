//! URLs that others choose do not lead into the own network.

use kie::client::{Client, Error, Settings};
use url::Url;

use crate::client::fixture::{server_and_client, settings};
use crate::client::server::{Reply, Server};

fn file() -> Reply {
    Reply::status(200, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and the rest").header("content-type", "image/png")
}

/// The same server under a name of its host.
fn named(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_host(Some("localhost")).unwrap();
    url
}

#[tokio::test]
async fn neither_an_address_nor_a_name_nor_a_redirect_leads_to_a_private_host() {
    let (vendor, client, _) = server_and_client().await;
    let private = Server::start().await;
    private.always(file());
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.png");
    let refused = |host: &str| Err(Error::PrivateHost { host: host.to_owned() });

    assert_eq!(client.download(private.url.as_str(), &to, 1000).await, refused("127.0.0.1"));
    assert_eq!(client.download(named(&private.url).as_str(), &to, 1000).await, refused("localhost"));
    for target in [private.url.clone(), named(&private.url)] {
        vendor.says([Reply::status(302, "").header("location", target.as_str())]);
        let answer = client.download(vendor.url.join("a.png").unwrap().as_str(), &to, 1000).await;
        assert_eq!(answer, refused(target.host_str().unwrap()));
    }
    let error = client.download(private.url.as_str(), &to, 1000).await.unwrap_err();
    assert!(!error.is_retryable() && error.code() == "private_host", "{error}");
    // A person's link goes to the vendor, who fetches it; only its type is not looked for here.
    vendor.says([Reply::code(422)]);
    let _ = client.upload_url(private.url.as_str()).await;
    assert!(private.seen().is_empty() && !to.exists(), "{:?}", private.seen());

    vendor.says([Reply::status(302, "").header("location", "/b.png"), file()]);
    assert!(client.download(vendor.url.join("a.png").unwrap().as_str(), &to, 1000).await.is_ok(), "its own files");
    vendor.always(Reply::status(302, "").header("location", "/c.png"));
    let endless = client.download(vendor.url.join("a.png").unwrap().as_str(), &to, 1000).await;
    assert!(matches!(endless, Err(Error::Network { .. })), "{endless:?}");
}

#[tokio::test]
async fn the_operator_may_allow_private_hosts() {
    let (vendor, private) = (Server::start().await, Server::start().await);
    private.always(file());
    let client = Client::new(Settings { private_hosts: true, ..settings(&vendor.url) }).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for url in [private.url.clone(), named(&private.url)] {
        client.download(url.as_str(), &folder.path().join("a.png"), 1000).await.unwrap();
    }
}
