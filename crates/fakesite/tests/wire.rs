//! What comes over the wire, read byte by byte.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use gongbao_fakesite::{Family, GivenPage, Misfortune, Site, Web};

/// What a client that asks for `path` with those headers gets until the
/// connection ends or is silent for half a second.
fn fetch(web: &Web, id: &str, path: &str, headers: &str) -> (io::Result<()>, Vec<u8>) {
    let mut stream = TcpStream::connect(web.address(id)).expect("it listens");
    let silence = Duration::from_millis(500);
    stream.set_read_timeout(Some(silence)).expect("a timeout");
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n{headers}\r\n"
    )
    .expect("it takes requests");
    let mut received = Vec::new();
    let mut chunk = [0; 4096];
    let ended = loop {
        match stream.read(&mut chunk) {
            Ok(0) => break Ok(()),
            Ok(n) => received.extend_from_slice(&chunk[..n]),
            Err(error) => break Err(error),
        }
        if received.len() > 4_000_000 {
            break Ok(());
        }
    };
    (ended, received)
}

fn get(web: &Web, id: &str, path: &str) -> String {
    let (ended, received) = fetch(web, id, path, "");
    ended.expect("it ends well");
    String::from_utf8(received).expect("it is UTF-8")
}

/// The value of a header of a response.
fn header<'r>(response: &'r str, name: &str) -> &'r str {
    let line = response.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("no {name} in {response}"))
        .trim_start_matches(": ")
}

fn body(response: &str) -> &str {
    response
        .split_once("\r\n\r\n")
        .expect("a head and a body")
        .1
}

#[test]
fn a_page_is_sent_whole_and_again_only_if_it_has_changed() {
    let web = Web::serve([Site::new("yanzhou", Family::Trs, 40)]).expect("it serves");
    let path = web.site("yanzhou").path(7);
    let page = get(&web, "yanzhou", &path);
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert_eq!(
        header(&page, "Content-Length"),
        body(&page).len().to_string()
    );

    let known = format!("If-None-Match: {}\r\n", header(&page, "ETag"));
    let status = |headers: &str| fetch(&web, "yanzhou", &path, headers).1[9..12].to_owned();
    assert_eq!(status(&known), b"304");
    let known_by_date = format!("If-Modified-Since: {}\r\n", header(&page, "Last-Modified"));
    assert_eq!(status(&known_by_date), b"304");
    web.site("yanzhou").edit(7);
    assert_eq!(status(&known), b"200");
    assert_eq!(status(&known_by_date), b"200");

    let visits = web.log().visits();
    let seen: Vec<_> = visits.iter().map(|v| (v.conditional, v.status)).collect();
    assert_eq!(
        seen,
        [
            (false, 200),
            (true, 304),
            (true, 304),
            (true, 200),
            (true, 200)
        ]
    );
}

#[test]
fn articles_vanish_move_and_are_kept_back() {
    let web = Web::serve([Site::new("yanzhou", Family::Trs, 40)]).expect("it serves");
    let status = |article| {
        let path = web.site("yanzhou").first_path(article);
        get(&web, "yanzhou", &path)[9..12].to_owned()
    };
    {
        let mut site = web.site("yanzhou");
        site.vanish(1);
        site.relocate(3);
        site.relocate_silently(5);
        site.befall(7, Misfortune::Challenge);
    }
    assert_eq!(
        [1, 3, 5, 7, 9].map(status),
        ["404", "301", "404", "521", "200"]
    );
    let moved = web.site("yanzhou").path(3);
    assert!(get(&web, "yanzhou", &moved).contains("200 OK"));
    let list: String = ["index.html", "index_1.html"]
        .map(|page| get(&web, "yanzhou", &format!("/zwgk/zcwj/{page}")))
        .concat();
    let site = web.site("yanzhou");
    assert!(!list.contains(&site.path(1)));
    assert!(list.contains(&site.path(3)) && list.contains(&site.path(7)));
}

#[test]
fn misfortunes_look_on_the_wire_as_they_should() {
    let web = Web::serve([Site::new("yanzhou", Family::Trs, 40)]).expect("it serves");
    let path = web.site("yanzhou").path(7);
    let whole = body(&get(&web, "yanzhou", &path)).len();
    let struck = |misfortune| {
        web.site("yanzhou").befall(7, misfortune);
        let began = Instant::now();
        let (ended, received) = fetch(&web, "yanzhou", &path, "");
        let head = received.windows(4).position(|w| w == b"\r\n\r\n");
        let length = head.map_or(0, |head| received.len() - head - 4);
        (ended.map_err(|error| error.kind()), length, began.elapsed())
    };
    let (ended, length, took) = struck(Misfortune::Slow(Duration::from_millis(200)));
    assert!(ended.is_ok() && length == whole && took >= Duration::from_millis(200));
    let (ended, length, took) = struck(Misfortune::Drip(Duration::from_millis(2)));
    let drops = u32::try_from(whole / 64).expect("it is small");
    assert!(ended.is_ok() && length == whole && took >= Duration::from_millis(2) * drops);
    let (ended, length, _) = struck(Misfortune::Stall);
    assert_eq!((ended, length), (Err(io::ErrorKind::WouldBlock), whole / 2));
    let (ended, ..) = struck(Misfortune::Reset);
    assert_eq!(ended, Err(io::ErrorKind::ConnectionReset));
    let (ended, length, _) = struck(Misfortune::TooShort);
    assert_eq!((ended, length), (Ok(()), whole / 2));
    let (ended, length, _) = struck(Misfortune::TooLong);
    assert_eq!((ended, length), (Ok(()), whole));
    let (_, length, _) = struck(Misfortune::Endless);
    assert!(length > 10 * whole);
    let (_, length, _) = struck(Misfortune::GzipBomb);
    assert!(length < 1_000_000, "{length}");
}

#[test]
fn what_is_told_to_machines_is_there() {
    let web = Web::serve([Site::new("yanzhou", Family::Trs, 40)]).expect("it serves");
    let robots = get(&web, "yanzhou", "/robots.txt");
    assert!(robots.ends_with("Disallow: /nb/\nSitemap: http://a.example/sitemap.xml\n"));
    let sitemap = get(&web, "yanzhou", "/sitemap.xml");
    assert_eq!(sitemap.matches("<loc>").count(), 40);
    assert_eq!(
        get(&web, "yanzhou", "/rss.xml").matches("<item>").count(),
        20
    );
    let attached = get(&web, "yanzhou", "/attach/5/fj1.pdf");
    assert!(body(&attached).starts_with("%PDF-1.4"));
    assert!(get(&web, "yanzhou", "/nothing").starts_with("HTTP/1.1 404"));
}

#[test]
fn a_site_can_fail_be_redesigned_and_grow() {
    let web = Web::serve([Site::new("tangxi", Family::Jcms, 40)]).expect("it serves");
    let list = "/col/col101/index.html";
    assert!(get(&web, "tangxi", list).contains("<record>"));
    web.site("tangxi").redesign(true);
    assert!(!get(&web, "tangxi", list).contains("<record>"));
    web.site("tangxi").redesign(false);
    web.site("tangxi").fail(Some(503));
    assert!(get(&web, "tangxi", list).starts_with("HTTP/1.1 503"));
    web.site("tangxi").fail(None);
    web.site("tangxi").publish(2);
    let newest = web.site("tangxi").path(40);
    assert!(get(&web, "tangxi", list).contains(&newest));
    assert!(get(&web, "tangxi", &newest).starts_with("HTTP/1.1 200"));
}

#[test]
fn ready_made_pages_are_served_as_they_are() {
    let page = GivenPage {
        path: "/a/1.html".to_owned(),
        title: "关于某事的通知".to_owned(),
        date: None,
        content_type: "text/html".to_owned(),
        bytes: vec![0xb9, 0xab, 0xb1, 0xa8],
    };
    let web = Web::serve([Site::of_pages("given", vec![page])]).expect("it serves");
    let (_, received) = fetch(&web, "given", "/a/1.html", "");
    assert!(received.ends_with(&[0xb9, 0xab, 0xb1, 0xa8]));
    assert!(get(&web, "given", "/").contains("<a href=\"/a/1.html\">关于某事的通知</a>"));
}
