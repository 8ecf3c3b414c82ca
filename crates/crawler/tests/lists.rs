//! Every family reads its golden list pages. The pages are ours, about
//! made-up places; `NAME.url` holds the address of each, `NAME.expected` what
//! is read from it. `GONGBAO_BLESS=1` writes the latter anew, to be looked at.

use std::{fmt::Write, fs, path::Path};

use gongbao_crawler::{ListPage, ListRules, Listing, NextClue, Reason, read_list};

fn written(listing: &Listing) -> String {
    let mut out = String::new();
    let mut line = |text: String| writeln!(out, "{text}").expect("a string takes all");
    line(format!("family {}", listing.family.name()));
    line(format!("recognised {}", listing.recognised));
    if let Some(stated) = listing.stated {
        line(format!("stated {stated}"));
    }
    for url in &listing.next {
        line(format!("next {url}"));
    }
    for entry in &listing.entries {
        let date = entry
            .date
            .map_or_else(|| "-".to_owned(), |date| date.to_string());
        line(format!("{date} {} {}", entry.url, entry.title));
    }
    for reason in &listing.reasons {
        line(format!("why {reason:?}"));
    }
    out
}

#[test]
fn golden_lists_are_read_as_before() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists");
    let bless = std::env::var_os("GONGBAO_BLESS").is_some();
    let mut read = 0;
    let mut wrong = Vec::new();
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|e| e == "url"))
        .collect();
    files.sort();
    for file in files {
        let url = fs::read_to_string(&file).expect("it is there");
        let page = ["html", "xml", "json"]
            .iter()
            .map(|kind| file.with_extension(kind))
            .find(|path| path.exists())
            .expect("an address has its page");
        let listing = read_list(&ListPage {
            url: &url.trim().parse().expect("it is a URL"),
            bytes: &fs::read(&page).expect("it is there"),
            content_type: None,
            rules: &ListRules::default(),
            family: None,
            profile: None,
        });
        let expected = file.with_extension("expected");
        let text = written(&listing);
        if bless {
            fs::write(&expected, &text).expect("it is written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != text {
            wrong.push(format!("{}\n{text}", page.display()));
        }
        read += 1;
    }
    assert!(read > 20, "{read} pages");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_profile_says_comes_first() {
    let site = gongbao_crawler::Site::parse(
        "test",
        r#"
        id = "nanwan"
        name = "南湾"
        columns = [{ name = "公告", url = "https://www.nanwan.example/gg/" }]
        [list]
        item = ".row"
        link = "a.t"
        date = ".d"
        next = "a.more"
        article = "/gg/\\d+\\.html$"
        "#,
    )
    .expect("it is a profile");
    let html = r#"
        <div class="row"><a href="/x/">栏</a> <a class="t" href="/gg/1.html">公告一</a> <i class="d">7月1日</i> 2020-01-01</div>
        <div class="row"><a class="t" href="/gg/2.html">公告二</a> <i class="d">2024.7.2</i></div>
        <div class="row"><a class="t" href="/rd/3.html">新闻</a> <i class="d">2024.7.3</i></div>
        <a class="more" href="?p=2">></a>"#;
    let listing = read_list(&ListPage {
        url: &site.columns[0].url,
        bytes: html.as_bytes(),
        content_type: Some("text/html; charset=utf-8"),
        rules: &site.list,
        family: None,
        profile: Some(&site.profile),
    });
    let read: Vec<_> = listing
        .entries
        .iter()
        .map(|e| (e.url.path(), e.date.map(|d| d.to_string())))
        .collect();
    assert_eq!(
        read,
        [
            ("/gg/1.html", Some("2020-01-01".to_owned())),
            ("/gg/2.html", Some("2024-07-02".to_owned()))
        ]
    );
    assert!(listing.reasons.contains(&Reason::Skipped(1)));
    assert!(listing.reasons.contains(&Reason::Next(NextClue::Selector)));
    assert_eq!(
        listing.next[0].as_str(),
        "https://www.nanwan.example/gg/?p=2"
    );
}

#[test]
fn selectors_that_find_nothing_are_seen() {
    let rules = gongbao_crawler::Site::parse(
        "test",
        "id = \"a\"\nname = \"a\"\ncolumns = [{ name = \"a\", url = \"https://a.example/\" }]\n[list]\nitem = \"li.old\"",
    )
    .expect("it is a profile")
    .list;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists");
    let listing = read_list(&ListPage {
        url: &"https://a.example/".parse().expect("a URL"),
        bytes: &fs::read(folder.join("trs-first.html")).expect("it is there"),
        content_type: None,
        rules: &rules,
        family: None,
        profile: None,
    });
    assert!(!listing.recognised && listing.entries.is_empty());
}
