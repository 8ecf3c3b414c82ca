//! Parameters of several routes, as the OpenAPI document tells of them. What
//! is told here is taken by [`Given`](crate::asked::Given); a test asks with
//! each of them.

use utoipa::IntoParams;

/// What to look for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described, not built")]
pub(crate) struct QuestionParameters {
    /// What to look for: words, “phrases”, OR, NOT, NEAR/5, 标题:… Whatever is given is a valid question.
    #[param(max_length = 1000, example = "化解隐性债务", required = false)]
    q: String,
    /// The same as `q`; give one of them.
    #[param(max_length = 1000, example = "化解隐性债务", required = false)]
    query: String,
    /// A topic, by its id or name; a question besides narrows it down.
    #[param(max_length = 1000, example = "debt-resolution", required = false)]
    topic: String,
    /// Find exactly this sequence of characters.
    #[param(example = true, required = false)]
    literal: bool,
}

/// Where to look. Of repeated values any will do.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described, not built")]
pub(crate) struct PlaceParameters {
    /// Only notices of an organ whose name contains this.
    #[param(max_items = 50, example = json!(["财政局"]), required = false)]
    organ: Vec<String>,
    /// Only notices from this place or below it: a division code or a name.
    #[param(max_items = 50, example = json!(["340000"]), required = false)]
    region: Vec<String>,
    /// Only notices from this host.
    #[param(max_items = 50, example = json!(["www.example.gov.cn"]), required = false)]
    site: Vec<String>,
    /// Only notices of this genre: 通知, 公告, 巡视整改通报 …
    #[param(max_items = 50, example = json!(["通知"]), required = false)]
    genre: Vec<String>,
    /// Only notices published on or after this day, month or year.
    #[param(example = "2024-07", required = false)]
    since: String,
    /// Only notices published on or before this day, month or year.
    #[param(example = "2025", required = false)]
    until: String,
}

/// In which format the answer comes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described, not built")]
pub(crate) struct FormatParameters {
    /// `json`, `jsonl` or `csv`; goes before `Accept`.
    #[param(value_type = RowFormat, example = "json", required = false)]
    format: String,
}

/// The formats of rows.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "described, not built")]
pub(crate) enum RowFormat {
    Json,
    Jsonl,
    Csv,
}
