//! `/api/v1`.

use serde_json::Value;

use crate::support::{ask, get, router};

#[tokio::test]
async fn a_search_is_answered_as_on_the_command_line() {
    let answer = get("/api/v1/search?q=化解隐性债务&limit=2&passages=1")
        .await
        .with(200)
        .json();
    assert_eq!(answer["query"], "化解隐性债务");
    assert_eq!(answer["unit"], "notice");
    let hit = &answer["hits"][0];
    for field in [
        "id",
        "title",
        "url",
        "organ",
        "region",
        "genre",
        "published",
        "signed",
        "score",
    ] {
        assert!(!hit[field].is_null(), "{field}: {hit}");
    }
    let passage = &hit["passages"][0];
    let text: Vec<char> = passage["text"].as_str().expect("text").chars().collect();
    let marks = passage["highlights"].as_array().expect("marks");
    assert!(!marks.is_empty());
    for mark in marks {
        let at = |end: usize| mark[end].as_u64().expect("a number") as usize;
        assert!(at(0) < at(1) && at(1) <= text.len(), "{mark}");
    }
}

#[tokio::test]
async fn names_and_filters_are_those_of_the_flags() {
    for path in [
        "/api/v1/search?query=债务",
        "/api/v1/search?topic=debt-resolution&unit=passage&sort=newest",
        "/api/v1/search?q=债务&literal=true&since=2024&until=2025-12",
        "/api/v1/search?genre=报告&region=泽川市",
        "/api/v1/search?q=债务&organ=财政局&organ=审计局&site=czj.zechuan.gov.example",
        "/api/v1/search?q=债务&explain=true&offset=1&limit=1",
    ] {
        let answer = get(path).await.with(200).json();
        assert!(answer["total"].as_u64() > Some(0), "{path}");
    }
}

#[tokio::test]
async fn whatever_is_pasted_is_a_valid_question() {
    for question in [
        "(20)坚定坚决",
        "时间:2025",
        "\"unbalanced",
        "a AND",
        "((((",
        "%00%01",
        "NEAR/",
    ] {
        get(&format!("/api/v1/search?q={question}")).await.with(200);
    }
}

#[track_caller]
fn problem(answer: &Value, parameter: &str) {
    assert_eq!(answer["parameter"], parameter, "{answer}");
    for field in ["type", "title", "detail", "cure"] {
        assert!(
            answer[field].as_str().is_some_and(|text| !text.is_empty()),
            "{field}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_problem_names_the_parameter_and_the_cure() {
    for (path, parameter) in [
        ("/api/v1/search", "q"),
        ("/api/v1/search?q=a&limit=1000", "limit"),
        ("/api/v1/search?q=a&offset=-1", "offset"),
        ("/api/v1/search?q=a&sort=best", "sort"),
        ("/api/v1/search?q=a&unit=page", "unit"),
        ("/api/v1/search?q=a&since=soon", "since"),
        ("/api/v1/search?q=a&topic=no-such", "topic"),
        ("/api/v1/search?q=a&lmit=3", "lmit"),
        ("/api/v1/search?q=a&query=b", "query"),
        ("/api/v1/search?q=a&cursor=x", "cursor"),
        ("/api/v1/search?q=a&format=xml", "format"),
        ("/api/v1/kwic", "pattern"),
        ("/api/v1/kwic?pattern=a&context=9999", "context"),
    ] {
        let got = get(path).await.with(400);
        assert_eq!(got.header("content-type"), "application/problem+json");
        problem(&got.json(), parameter);
    }
    let long = "债".repeat(1_001);
    problem(
        &get(&format!("/api/v1/search?q={long}"))
            .await
            .with(400)
            .json(),
        "q",
    );
}

#[tokio::test]
async fn rows_come_in_the_format_that_is_asked_for() {
    let router = router();
    let path = "/api/v1/search?q=债务&limit=3&passages=2";
    let csv = ask(&router, path, &[("accept", "text/csv")])
        .await
        .with(200);
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert!(csv.text.starts_with("rank,id,title,"), "{}", csv.text);
    let jsonl = ask(&router, path, &[("accept", "application/x-ndjson")])
        .await
        .with(200);
    let hits: Vec<Value> = jsonl
        .text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let whole = get(path).await.json();
    assert_eq!(Value::Array(hits), whole["hits"]);
    let named = get(&format!("{path}&format=csv")).await.with(200);
    assert_eq!(named.text, csv.text);
    ask(&router, path, &[("accept", "image/png")])
        .await
        .with(406);
}

#[tokio::test]
async fn cursors_lead_through_the_whole_answer() {
    for unit in ["notice", "passage"] {
        let whole = get(&format!("/api/v1/search?q=债务&unit={unit}&limit=100"))
            .await
            .json();
        let mut hits = Vec::new();
        let mut next = format!("/api/v1/search?q=债务&unit={unit}&limit=3");
        loop {
            let got = get(&next).await.with(200);
            let answer = got.json();
            hits.extend(answer["hits"].as_array().expect("hits").clone());
            let link = got.header("link");
            if answer["next_cursor"].is_null() {
                assert_eq!(link, "");
                break;
            }
            next = link
                .trim_start_matches('<')
                .split('>')
                .next()
                .expect("an address")
                .to_owned();
        }
        assert_eq!(Value::Array(hits), whole["hits"]);
    }
}

#[tokio::test]
async fn an_answer_that_is_known_is_not_sent_again() {
    let router = router();
    let path = "/api/v1/search?q=债务";
    let tag = get(path).await.with(200).header("etag").to_owned();
    let again = ask(&router, path, &[("if-none-match", &tag)])
        .await
        .with(304);
    assert_eq!(again.text, "");
    assert_eq!(again.header("etag"), tag);
    ask(
        &router,
        path,
        &[("if-none-match", &tag), ("accept", "text/csv")],
    )
    .await
    .with(200);
    ask(&router, "/api/v1/search?q=债", &[("if-none-match", &tag)])
        .await
        .with(200);
}

#[tokio::test]
async fn topics_are_listed_and_shown() {
    let list = get("/api/v1/topics").await.with(200).json();
    assert!(list.as_array().expect("rows").len() >= 30);
    let topic = get("/api/v1/topics/debt-resolution").await.with(200).json();
    assert_eq!(topic["name_zh"], "债务化解");
    assert!(!topic["expressions"].as_array().expect("rows").is_empty());
    get("/api/v1/topics/债务化解").await.with(200);
    get("/api/v1/topics/no-such").await.with(404);
}

#[tokio::test]
async fn a_notice_is_given_with_outline_passages_and_versions() {
    let hit = get("/api/v1/search?q=化解隐性债务&unit=passage&limit=1")
        .await
        .json()["hits"][0]
        .clone();
    let id = hit["id"].as_str().expect("an id");
    let notice = get(&format!("/api/v1/notices/{id}")).await.with(200).json();
    assert_eq!(notice["title"], hit["title"]);
    for field in ["outline", "blocks", "passages", "versions"] {
        assert!(
            !notice[field].as_array().expect("rows").is_empty(),
            "{field}"
        );
    }
    let anchor = hit["passages"][0]["anchor"].as_str().expect("an anchor");
    let item = get(&format!("/api/v1/notices/{id}?anchor={anchor}"))
        .await
        .with(200)
        .json();
    assert_eq!(item["passages"][0]["text"], hit["passages"][0]["text"]);
    get(&format!("/api/v1/notices/{id}?anchor=99"))
        .await
        .with(404);
    get("/api/v1/notices/no-such").await.with(404);
    get("/api/v1/notices/..%2f..%2fetc").await.with(404);
}

#[tokio::test]
async fn occurrences_and_terms_are_given() {
    let rows = get("/api/v1/kwic?pattern=隐性债务&context=5&limit=4")
        .await
        .with(200)
        .json();
    let rows = rows.as_array().expect("rows");
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|row| row["match"] == "隐性债务"));
    let found = get("/api/v1/suggest?topic=debt-resolution&limit=5&examples=true")
        .await
        .with(200)
        .json();
    assert!(!found["terms"].as_array().expect("terms").is_empty());
}

#[tokio::test]
async fn an_item_is_cited_in_the_style_asked_for() {
    let hit = get("/api/v1/search?q=债务&limit=1").await.json()["hits"][0].clone();
    let (id, anchor) = (plain(&hit["id"]), plain(&hit["passages"][0]["anchor"]));
    let cite = format!("/api/v1/notices/{id}/cite?anchor={anchor}");
    let cited = get(&cite).await.with(200).json();
    assert_eq!(cited["anchor"], anchor);
    let text = plain(&cited["text"]);
    assert!(text.contains(&format!("gongbao:{id}#{anchor}")), "{text}");
    let entry = get(&format!("{cite}&style=bibtex&quote=债务"))
        .await
        .with(200)
        .json();
    assert!(plain(&entry["text"]).starts_with("@online{"), "{entry}");
    let refused = get(&format!("{cite}&quote=从未写过的话"))
        .await
        .with(400)
        .json();
    assert_eq!(refused["parameter"], "quote");
}

/// Every parameter that the description names is taken, with the value that
/// it gives as an example.
#[tokio::test]
async fn the_description_tells_the_truth() {
    let document = get("/openapi.json").await.with(200).json();
    assert_eq!(document["openapi"], "3.1.0");
    let text = document.to_string();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().expect("quoted");
        assert!(!document["components"]["schemas"][name].is_null(), "{name}");
    }
    let id = get("/api/v1/search?q=债务&limit=1").await.json()["hits"][0]["id"].clone();
    for (path, route) in document["paths"].as_object().expect("paths") {
        // No notice of the sample has two versions.
        if path.ends_with("/diff") {
            continue;
        }
        let parameters = route["get"]["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let mut address = path.clone();
        let mut required = String::new();
        for parameter in &parameters {
            let name = parameter["name"].as_str().expect("a name");
            let example = plain(&parameter["example"]);
            if parameter["in"] == "path" {
                let value = if path.contains("notices") {
                    plain(&id)
                } else {
                    example
                };
                address = address.replace(&format!("{{{name}}}"), &value);
            } else if parameter["required"] == true {
                required += &format!("{name}={example}&");
            }
        }
        for parameter in parameters
            .iter()
            .filter(|parameter| parameter["in"] == "query")
        {
            let name = parameter["name"].as_str().expect("a name");
            if parameter["example"].is_null() {
                continue;
            }
            let question = if path.ends_with("/search") || path.ends_with("/suggest") {
                if matches!(name, "q" | "query") {
                    ""
                } else {
                    "q=债务&"
                }
            } else {
                ""
            };
            let given = format!("{name}={}", plain(&parameter["example"]));
            let required = if parameter["required"] == true {
                ""
            } else {
                required.as_str()
            };
            get(&format!("{address}?{required}{question}{given}"))
                .await
                .with(200);
        }
    }
}

/// A value as it stands in an address; of a list the first.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.first().map(plain).unwrap_or_default(),
        other => other.to_string(),
    }
}
