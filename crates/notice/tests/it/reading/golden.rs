//! Every fixture beside what is read from it. The fixtures are written for
//! this project, about made-up places. To write the expectations anew after a
//! wanted change: `UPDATE_FIXTURES=1 cargo test -p gongbao-notice golden`, then
//! read the difference.

use std::{fs, path::Path};

use gongbao_notice::{Divisions, Found, Notice, Page, Reader};
use serde_json::{Value, json};

/// Headers and addresses that some pages come with.
fn page_of<'a>(name: &str, bytes: &'a [u8]) -> Page<'a> {
    let mut page = Page {
        bytes,
        ..Page::default()
    };
    match name {
        "trs-meta.html" => {
            page.url = Some("https://www.example.invalid/zw/202407/t20240718_1444258.html")
        }
        "field-list.html" => {
            page.url = Some("https://www.example.invalid/art/2024/9/10/art_12_345.html")
        }
        "no-date.html" => page.url = Some("https://www.example.invalid/sq/p/51488.html"),
        "lying-charset.html" => page.content_type = Some("text/html; charset=utf-8"),
        "saved-text.txt" => page.content_type = Some("text/plain"),
        _ => {}
    }
    page
}

fn shape(notice: &Notice) -> Value {
    fn field<T: ToString>(found: &Option<Found<T>>) -> Value {
        found.as_ref().map_or(
            Value::Null,
            |f| json!({ "value": f.value.to_string(), "origin": f.origin }),
        )
    }
    let blocks: Vec<String> = notice
        .body
        .blocks()
        .iter()
        .map(|block| {
            format!(
                "{:?}: {}",
                block.kind,
                &notice.body.text()[block.range.clone()]
            )
        })
        .collect();
    let warnings: Vec<String> = notice
        .warnings
        .iter()
        .map(|w| format!("{}: {}", w.about, w.message))
        .collect();
    json!({
        "title": field(&notice.title),
        "organ": field(&notice.organ),
        "source": field(&notice.source),
        "columns": notice.columns,
        "editor": field(&notice.editor),
        "doc_number": field(&notice.doc_number),
        "index_number": field(&notice.index_number),
        "signed": field(&notice.signed),
        "published": field(&notice.published),
        "genre": field(&notice.genre),
        "region": notice.region.as_ref().map(|f| json!({ "code": f.value.code, "name": f.value.name, "origin": f.origin })),
        "blocks": blocks,
        "warnings": warnings,
    })
}

#[test]
fn golden_pages_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let extra = fs::read_to_string(folder.join("divisions.tsv")).expect("readable");
    let reader = Reader::new(Divisions::builtin().with_extra(&extra));
    let update = std::env::var_os("UPDATE_FIXTURES").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(&folder).expect("readable") {
        let path = entry.expect("readable").path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        if !name.ends_with(".html") && !name.ends_with(".txt") {
            continue;
        }
        count += 1;
        let bytes = fs::read(&path).expect("readable");
        let found = shape(&reader.read(&page_of(&name, &bytes)));
        let golden = path.with_extension("json");
        if update {
            let text = serde_json::to_string_pretty(&found).expect("JSON");
            fs::write(&golden, text + "\n").expect("writable");
        } else {
            let expected = fs::read_to_string(&golden).unwrap_or_default();
            if serde_json::from_str::<Value>(&expected).ok().as_ref() != Some(&found) {
                wrong.push(format!("{name}:\n{found:#}"));
            }
        }
    }
    assert!(count >= 15, "{count} fixtures");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
