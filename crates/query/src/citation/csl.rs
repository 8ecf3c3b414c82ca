//! CSL-JSON, as `csl-data.json` of citationstyles.org 1.0.2 has it.

use serde_json::{Value, json};

use super::{Citation, Cited};

impl Citation {
    /// As a CSL-JSON item, a `webpage`; what has no address is a `document`.
    /// Its `custom` field `gongbao` says what is cited.
    #[must_use]
    pub fn csl_json(&self) -> String {
        let date = |date: &str| json!({ "date-parts": [Self::date_parts(date)] });
        let mut item = json!({
            "id": self.cited.name(),
            "type": if self.url.is_some() { "webpage" } else { "document" },
            "language": "zh-CN",
            "accessed": date(&self.fetched),
            "archive_location": format!("sha256:{}", self.cited.sha256),
            "custom": { "gongbao": self.cited },
        });
        let known = [
            ("title", &self.title),
            ("number", &self.doc_number),
            ("section", &self.item),
            ("container-title", &self.site),
            ("URL", &self.url),
        ];
        for (name, value) in known {
            if let Some(value) = value {
                item[name] = json!(value);
            }
        }
        if let Some(organ) = &self.organ {
            item["author"] = json!([{ "literal": organ }]);
        }
        if let Some(issued) = &self.date {
            item["issued"] = date(issued);
        }
        if let Some(quote) = &self.cited.quote {
            item["note"] = json!(quote);
        }
        item.to_string()
    }
}

/// What the items of `text` cite: one document or one a line.
pub(super) fn read(text: &str) -> Vec<Cited> {
    let documents = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    documents
        .map_while(Result::ok)
        .flat_map(|document| match document {
            Value::Array(items) => items,
            item => vec![item],
        })
        .filter_map(|item| serde_json::from_value(item["custom"]["gongbao"].clone()).ok())
        .collect()
}
