//! What comes with a page: a site profile, a row's own fields.

use gongbao_notice::{Divisions, Moment, Origin, Page, Profile, Reader, Row, Selectors};

fn reader() -> Reader {
    Reader::new(Divisions::builtin())
}

#[test]
fn a_profile_says_where_things_stand() {
    let html = "<div class=x><b class=t>关于节水工作的通知</b><i>2024-03-05 09:10 供稿</i></div>\
                <div class=y><p>各单位：</p><p>请认真执行。</p><p class=ad>热线</p></div><p>页脚的文字，与正文无关，但是比较长，还有标点。</p>";
    let profile = Profile {
        region: Some("芜湖市镜湖区".to_owned()),
        organ: Some("区水利局".to_owned()),
        columns: vec!["通知".to_owned()],
        article: Selectors {
            title: Some("div.x > b.t".to_owned()),
            published: Some(".x i".to_owned()),
            body: Some("div.y".to_owned()),
            drop: Some(".ad".to_owned()),
            source: Some("a::before".to_owned()),
            ..Selectors::default()
        },
        ..Profile::default()
    };
    let page = Page {
        bytes: html.as_bytes(),
        profile: Some(&profile),
        ..Page::default()
    };
    let notice = reader().read(&page);
    assert_eq!(
        notice.title.map(|f| (f.value, f.origin)),
        Some(("关于节水工作的通知".to_owned(), Origin::Profile))
    );
    assert_eq!(
        notice.published.map(|f| f.value.to_string()).as_deref(),
        Some("2024-03-05 09:10")
    );
    assert_eq!(notice.body.text(), "各单位：\n请认真执行。");
    assert_eq!(
        notice.region.map(|f| (f.value.code, f.origin)),
        Some(("340202".to_owned(), Origin::Profile))
    );
    assert_eq!(notice.columns, ["通知"]);
    assert!(
        notice
            .warnings
            .iter()
            .any(|w| w.about == "profile" && w.message.contains("::before"))
    );
}

#[test]
fn the_profile_of_its_host_reads_a_page_that_comes_without() {
    let profile = Profile {
        hosts: vec![
            "sl.jinghe.example".to_owned(),
            "sl.jinghe.example:8080".to_owned(),
        ],
        organ: Some("泾河区水利局".to_owned()),
        ..Profile::default()
    };
    let reader = reader().with_profiles(vec![profile]);
    let organ = |url| {
        let page = Page {
            bytes: "<h1>关于节水的倡议</h1><p>请节约用水，人人有责。</p>".as_bytes(),
            url: Some(url),
            ..Page::default()
        };
        reader.read(&page).organ.map(|found| found.value)
    };
    for url in [
        "https://SL.jinghe.example/a.html",
        "https://sl.jinghe.example:443/a.html",
        "http://sl.jinghe.example:8080?a=1",
    ] {
        assert_eq!(organ(url).as_deref(), Some("泾河区水利局"), "{url}");
    }
    for url in [
        "https://jinghe.example/",
        "https://sl.jinghe.example:81/",
        "file:/a.html",
    ] {
        assert_eq!(organ(url), None, "{url}");
    }
}

#[test]
fn a_row_is_taken_as_it_is() {
    let row = Row {
        title: Some("芜湖市节水条例".to_owned()),
        text: "2020年1月1日通过\n## 第一章 总则\n\n第一条 为了节水，制定本条例。".to_owned(),
        date: Some("2020-01-03".to_owned()),
        ..Row::default()
    };
    let notice = reader().read_row(&row);
    assert_eq!(
        notice.body.text(),
        "2020年1月1日通过\n## 第一章 总则\n第一条 为了节水，制定本条例。"
    );
    assert_eq!(
        notice
            .published
            .map(|f: gongbao_notice::Found<Moment>| f.origin),
        Some(Origin::Given)
    );
    assert_eq!(notice.signed, None);
    assert_eq!(
        notice.region.map(|f| f.value.code).as_deref(),
        Some("340200")
    );
    let wrong = Row {
        region: Some("无此地".to_owned()),
        date: Some("昨天".to_owned()),
        ..row
    };
    let notice = reader().read_row(&wrong);
    assert!(
        notice
            .warnings
            .iter()
            .any(|w| w.about == "region" && w.message.contains("无此地"))
    );
    assert_eq!(notice.published, None);
}
