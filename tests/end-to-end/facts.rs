//! Facts of real texts stand in them, one after another.

use gongbao_notice::{Divisions, FactContext, Row, facts};
use gongbao_tests::{read_zst, shared};

use crate::skip;

#[test]
fn facts_of_law_texts_do_not_overlap() {
    let divisions = Divisions::builtin();
    let context = FactContext::new(&divisions);
    for name in ["laws", "gov_reports", "govcn_policy"] {
        let Some(path) = shared(&format!("corpora/{name}.jsonl.zst")) else {
            return skip("the texts are not beside the project");
        };
        let text = read_zst(&path);
        let mut number = 0;
        for row in text.lines() {
            let row: Row = serde_json::from_str(row).expect("a row");
            for line in row.text.lines() {
                let mut end = 0;
                for fact in facts(line, &context) {
                    assert!(fact.range.start >= end, "facts overlap in {line:?}");
                    assert!(!line[fact.range.clone()].is_empty(), "{line:?}");
                    end = fact.range.end;
                    number += 1;
                }
            }
        }
        assert!(number > 100, "{name}: {number} facts");
    }
}
