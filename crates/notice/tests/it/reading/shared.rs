//! The real pages and texts beside the repository. Without them these tests
//! have nothing to check and pass.

use std::{collections::HashMap, fs, path::PathBuf};

use gongbao_notice::{Divisions, Genre, Moment, Notice, Page, Reader};

fn shared(path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared")
        .join(path);
    path.exists().then_some(path)
}

fn read(bytes: &[u8]) -> Notice {
    Reader::new(Divisions::builtin()).read(&Page {
        bytes,
        ..Page::default()
    })
}

#[test]
fn the_jinghu_notice() {
    let Some(path) = shared("notices/jinghu-2025.txt") else {
        return;
    };
    let notice = read(&fs::read(path).expect("readable"));
    let text = |found: &Option<gongbao_notice::Found<String>>| {
        found.as_ref().map(|f| f.value.clone()).unwrap_or_default()
    };
    assert_eq!(
        text(&notice.title),
        "中共芜湖市镜湖区委关于十一届省委第五轮巡视整改进展情况的通报"
    );
    assert_eq!(
        notice
            .published
            .map(|f: gongbao_notice::Found<Moment>| f.value.to_string())
            .as_deref(),
        Some("2025-09-23 10:48")
    );
    assert_eq!(
        notice.signed.map(|f| f.value.to_string()).as_deref(),
        Some("2025-09-01")
    );
    assert_eq!(text(&notice.organ), "中共镜湖区委员会");
    assert_eq!(text(&notice.source), "安徽纪检监察网");
    assert_eq!(notice.columns, ["巡视整改", "安徽巡视", "巡视巡察"]);
    assert_eq!(text(&notice.editor), "杨峰");
    let region = notice.region.expect("a region").value;
    assert_eq!(
        (region.code.as_str(), region.name.as_str()),
        ("340202", "安徽省芜湖市镜湖区")
    );
    assert_eq!(notice.genre.map(|f| f.value), Some(Genre::InspectionReport));
    for chrome in [
        "手机站",
        "评论一下",
        "ICP备案",
        "版权所有",
        "客户端",
        "来源:安徽",
    ] {
        assert!(!notice.body.text().contains(chrome), "{chrome}");
    }
    let count = notice.body.blocks().len();
    assert!(notice.body.block_text(0).starts_with("根据省委统一部署"));
    assert_eq!(notice.body.block_text(count - 2), "中共镜湖区委员会");
    assert_eq!(notice.body.block_text(count - 1), "2025年9月1日");
}

/// The F1 of two texts as bags of characters, white space left out.
fn f1(found: &str, expected: &str) -> f64 {
    let count = |text: &str| {
        let mut bag: HashMap<char, usize> = HashMap::new();
        text.chars()
            .filter(|c| !c.is_whitespace())
            .for_each(|c| *bag.entry(c).or_default() += 1);
        bag
    };
    let (found, expected) = (count(found), count(expected));
    let both: usize = found
        .iter()
        .map(|(c, n)| n.min(expected.get(c).unwrap_or(&0)))
        .sum();
    let sum = |bag: &HashMap<char, usize>| bag.values().sum::<usize>();
    2.0 * both as f64 / (sum(&found) + sum(&expected)).max(1) as f64
}

#[test]
fn pages_of_gov_cn() {
    let Some(path) = shared("html/govcn/index.jsonl") else {
        return;
    };
    let index = fs::read_to_string(&path).expect("readable");
    let mut scores = Vec::new();
    for line in index.lines() {
        let truth: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let told = |key: &str| truth[key].as_str().unwrap_or_default().to_owned();
        let bytes = fs::read(path.with_file_name(told("file"))).expect("readable");
        let notice = read(&bytes);
        let file = told("file");
        let text = |found: &Option<gongbao_notice::Found<String>>| {
            found.as_ref().map(|f| f.value.clone()).unwrap_or_default()
        };
        assert_eq!(text(&notice.title), told("title"), "{file}");
        assert_eq!(text(&notice.organ), told("org"), "{file}");
        assert_eq!(text(&notice.index_number), told("index_no"), "{file}");
        assert_eq!(
            notice
                .doc_number
                .map(|f| f.value.to_string())
                .unwrap_or_default(),
            told("doc_no"),
            "{file}"
        );
        assert_eq!(
            notice
                .signed
                .map(|f| f.value.to_string())
                .unwrap_or_default(),
            told("written"),
            "{file}"
        );
        assert_eq!(
            notice
                .published
                .map(|f| f.value.to_string())
                .unwrap_or_default(),
            told("date"),
            "{file}"
        );
        assert_eq!(notice.region, None, "{file}");
        assert!(notice.genre.is_some(), "{file}");
        let score = f1(notice.body.text(), &told("body"));
        assert!(score >= 0.95, "{file}: {score}");
        scores.push(score);
    }
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    assert!(mean >= 0.99, "{mean}");
}
