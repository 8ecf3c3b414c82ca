//! The reading room.

use crate::support::{Page, Sample, ask, get, router};
use gongbao_server::Settings;

async fn first_hit(question: &str) -> (String, String) {
    let answer = get(&format!("/api/v1/search?{question}&unit=passage&limit=1"))
        .await
        .json();
    let hit = &answer["hits"][0];
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    (text(&hit["id"]), text(&hit["passages"][0]["anchor"]))
}

#[tokio::test]
async fn every_page_is_there_in_both_languages() {
    let (id, _) = first_hit("q=隐性债务").await;
    for path in [
        "/",
        "/search?q=债务",
        "/search",
        "/topics",
        "/topics/debt-resolution",
        "/status",
        &format!("/notices/{id}?q=隐性债务"),
        &format!("/notices/{id}/changes"),
    ] {
        for (language, said) in [("en", "Topics"), ("zh-CN,zh;q=0.9", "专题")] {
            let got = ask(&router(), path, &[("accept-language", language)])
                .await
                .with(200);
            assert!(
                got.header("content-type").starts_with("text/html"),
                "{path}"
            );
            assert!(got.text.contains(&format!(">{said}<")), "{path} {language}");
            assert!(
                !got.text.contains(" style="),
                "{path}: styles stand in the style sheet"
            );
            assert!(
                !got.text.contains("<script>"),
                "{path}: scripts stand in the script"
            );
        }
        let joined = if path.contains('?') { '&' } else { '?' };
        let asked = get(&format!("{path}{joined}lang=zh")).await.with(200);
        assert!(asked.text.contains("lang=\"zh-CN\""), "{path}");
    }
}

#[tokio::test]
async fn results_show_items_marks_filters_and_a_timeline() {
    let page = get("/search?q=债务").await.with(200).text;
    assert!(page.contains("<mark>债务</mark>"));
    assert!(page.contains("the words of 债务"), "read back");
    for part in [
        "region=",
        "organ=",
        "genre=",
        "since=",
        "<svg",
        "rel=\"next\"",
        "/feeds/search.atom?q=",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let narrowed = get("/search?q=债务&genre=报告").await.with(200).text;
    assert!(narrowed.contains("drop this filter"));
    let nothing = get("/search?q=独角兽养殖").await.with(200).text;
    assert!(nothing.contains("Nothing matches"));
    // What others add to an address they pass on does no harm.
    get("/search?q=债务&utm_source=mail").await.with(200);
}

#[tokio::test]
async fn a_notice_leads_to_its_items() {
    let (id, anchor) = first_hit("topic=debt-resolution").await;
    let page = get(&format!("/notices/{id}?topic=debt-resolution"))
        .await
        .with(200)
        .text;
    assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    assert!(page.contains(&format!("href=\"#{anchor}\"")));
    assert!(page.contains("<mark id=\"page-mark-1\">"));
    assert!(
        page.contains("href=\"#page-mark-2\""),
        "to the next mark without a script"
    );
    assert!(page.contains("page-matched"));
    let plain = get(&format!("/notices/{id}")).await.with(200).text;
    assert!(!plain.contains("<mark"));
}

#[tokio::test]
async fn problems_are_pages_for_people() {
    for (path, status) in [
        ("/notices/no-such", 404),
        ("/topics/no-such", 404),
        ("/search?q=a&since=soon", 400),
    ] {
        let got = get(path).await.with(status);
        assert!(
            got.header("content-type").starts_with("text/html"),
            "{path}"
        );
        assert!(got.text.contains("What helps"), "{path}");
    }
    let lost = ask(&router(), "/nowhere", &[("accept", "text/html")])
        .await
        .with(404);
    assert!(lost.text.contains("<!DOCTYPE html>"));
}

#[tokio::test]
async fn style_and_script_are_kept_for_ever() {
    let page = get("/").await.text;
    for extension in [".css", ".js"] {
        let end = page.find(&format!("{extension}\"")).expect("it is linked") + extension.len();
        let start = page[..end].rfind('"').expect("quoted") + 1;
        let got = get(&page[start..end]).await.with(200);
        assert!(got.header("cache-control").contains("immutable"));
    }
}

#[tokio::test]
async fn an_edit_is_shown_and_versions_are_kept() {
    let sample = Sample::new();
    let page = |debt: &str| {
        format!(
            "<html><head><title>关于灯塔债务的通告</title></head><body><h1>关于灯塔债务的通告</h1>\
            <p>一、灯塔债务总体平稳可控。</p><p>二、今年偿还灯塔债务{debt}亿元。</p></body></html>"
        )
    };
    let url = "https://www.example.gov.example/lighthouse.html";
    for (debt, fetched) in [("3", "2025-11-01T00:00:00Z"), ("5", "2025-11-02T00:00:00Z")] {
        sample.add(&[Page {
            url,
            bytes: page(debt).as_bytes(),
            fetched,
        }]);
    }
    sample.index();
    let router = sample.app(Settings::default()).router();
    let hit = ask(&router, "/api/v1/search?q=灯塔债务", &[]).await.json()["hits"][0].clone();
    let id = hit["id"].as_str().expect("an id");
    let diff = ask(&router, &format!("/api/v1/notices/{id}/diff"), &[])
        .await
        .with(200)
        .json();
    assert_eq!(diff["edits"][0]["kind"], "changed");
    let shown = ask(&router, &format!("/notices/{id}/changes"), &[])
        .await
        .with(200)
        .text;
    assert!(
        shown.contains("<del>3</del>") && shown.contains("<ins>5</ins>"),
        "{shown}"
    );
    let history = ask(&router, &format!("/api/v1/notices/{id}/history"), &[])
        .await
        .with(200)
        .json();
    assert_eq!(history.as_array().map(Vec::len), Some(2));
    let old = ask(&router, &format!("/notices/{id}/archived?version=1"), &[])
        .await
        .with(200);
    assert!(old.text.contains("债务3亿元"));
    assert!(
        old.header("content-security-policy")
            .starts_with("sandbox;")
    );
    ask(&router, &format!("/notices/{id}/archived?version=9"), &[])
        .await
        .with(404);
}

#[tokio::test]
async fn an_item_can_be_cited() {
    let (id, anchor) = first_hit("topic=debt-resolution").await;
    let notice = get(&format!("/notices/{id}")).await.with(200).text;
    let link = format!("/notices/{id}/cite?anchor={anchor}");
    assert!(notice.contains(&format!("href=\"{link}\"")), "{link}");
    let cited = get(&format!("/api/v1/notices/{id}/cite?anchor={anchor}"))
        .await
        .json();
    let text = cited["text"].as_str().expect("a citation");
    for path in [link.as_str(), &format!("{link}&lang=zh")] {
        let page = get(path).await.with(200).text;
        assert!(page.contains(&text.replace('&', "&amp;")), "{page}");
        for part in [
            "page-gbt7714",
            "@",
            "page-csl-json",
            &format!("#{anchor}\""),
        ] {
            assert!(page.contains(part), "{part}");
        }
    }
    get(&format!("/notices/{id}/cite")).await.with(200);
    get(&format!("/notices/{id}/cite?anchor=no-such"))
        .await
        .with(404);
}

#[tokio::test]
async fn the_same_text_elsewhere_is_told() {
    let sample = Sample::new();
    let items = "<p>一、灯塔债务总体平稳可控，各项指标均在规定限额之内，全年没有新增隐性债务，到期本息已经全部按时偿还，风险等级由上年的黄色降为绿色，相关情况已经同级人大常委会审议，并将在政府网站上向社会公开，接受群众监督。</p>\
        <p>二、下一步严格执行灯塔债务化解方案，由财政部门牵头，各乡镇和有关单位参加，按月通报进度，按季核对台账，对进度落后的约谈主要负责人，年底前完成全部偿还任务，完成情况列入年度考核，并向审计部门抄送。</p>";
    let alone = "<p>三、本市另行组织人员逐笔核对灯塔台账，发现差错当场更正并登记在册。</p>";
    for (name, items) in [
        ("first", items.to_owned()),
        ("second", items.to_owned()),
        (
            "third",
            alone.to_owned()
                + items
                + &alone.replace("灯塔", "风车")
                + &alone.replace("灯塔", "水车"),
        ),
    ] {
        let page = format!(
            "<html><head><title>关于灯塔债务的通告</title></head>\
            <body><h1>关于灯塔债务的通告</h1>{items}</body></html>"
        );
        sample.add(&[Page {
            url: &format!("https://www.example.gov.example/{name}.html"),
            bytes: page.as_bytes(),
            fetched: "2025-11-01T00:00:00Z",
        }]);
    }
    sample.index();
    let router = sample.app(Settings::default()).router();
    let hits = ask(&router, "/api/v1/search?q=灯塔债务&no-fold=true", &[])
        .await
        .json()["hits"]
        .clone();
    let hit = |name: &str| {
        let hits = hits.as_array().expect("hits").iter();
        let mut hits = hits.filter(|hit| hit["url"].as_str().is_some_and(|url| url.contains(name)));
        let hit = hits.next().expect("it is found");
        hit["id"].as_str().expect("an id").to_owned()
    };
    let (first, second) = (hit("first"), hit("second"));
    let page = ask(&router, &format!("/notices/{first}"), &[])
        .await
        .with(200)
        .text;
    assert!(page.contains("The same text in "), "{page}");
    assert!(page.contains(&format!("href=\"/notices/{second}\"")));
    let page = ask(&router, &format!("/notices/{first}?lang=zh"), &[])
        .await
        .with(200)
        .text;
    assert!(page.contains("件公文文字相同"), "{page}");
    let alone = get("/search?q=债务").await.with(200).text;
    assert!(!alone.contains("The same text in "));
}
