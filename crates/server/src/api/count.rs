//! `count`: how many notices, passages and occurrences, by month, place and so
//! on.

use axum::{extract::State, response::Response};
use gongbao_desk::CountRow;
use gongbao_notice::Level;
use gongbao_query::{Axis, CountRequest, CountTable};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    ROWS,
    parameters::{FormatParameters, PlaceParameters, QuestionParameters},
};
use crate::{
    answer::{Answer, answer},
    app::Shared,
    asked::{Asked, Given, Media},
    problem::{Problem, Refused},
    question::Question,
};

/// What to count by.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described, not built")]
pub(crate) struct CountParameters {
    /// What the rows are; a second one makes columns.
    #[param(value_type = Vec<CountBy>, min_items = 1, max_items = 2, example = json!(["month"]))]
    by: Vec<String>,
    /// To which level places are counted.
    #[param(value_type = CountLevel, example = "county", required = false)]
    level: String,
}

/// What to count by.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "described, not built")]
pub(crate) enum CountBy {
    Month,
    Year,
    Region,
    Organ,
    Site,
    Genre,
    Topic,
}

/// A level of places.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "described, not built")]
pub(crate) enum CountLevel {
    Province,
    Prefecture,
    County,
}

/// Counts of notices, passages and occurrences. Without a question, of all
/// notices that pass the filters.
///
/// JSON gives the table with its margins; JSON Lines and CSV a cell a line.
#[utoipa::path(
    get, path = "/api/v1/count", tag = "search",
    params(CountParameters, QuestionParameters, PlaceParameters, FormatParameters),
    responses(
        (status = 200, description = "The counts", content(
            (CountTable = "application/json", example = json!({
                "query": "债务", "rows_by": "year", "columns_by": null, "level": null,
                "total": {"state": "match", "documents": 47, "notices": 9, "passages": 25, "occurrences": 61},
                "rows": [{"key": "2025", "label": "2025", "state": "match", "documents": 40, "notices": 9, "passages": 25, "occurrences": 61}],
                "columns": [],
                "cells": [{"row": "2025", "row_label": "2025", "column": null, "column_label": null,
                    "state": "match", "documents": 40, "notices": 9, "passages": 25, "occurrences": 61, "found": ["k3v9w2x7q1m4t#2.1"]}],
                "took_ms": 1.2, "notes": []
            })),
            (String = "application/jsonl"), (String = "text/csv"))),
        Refused,
    )
)]
pub(crate) async fn count(
    State(app): State<Shared>,
    mut asked: Asked,
) -> Result<Response, Problem> {
    let media = asked.media(ROWS)?;
    let axes = axes(&mut asked.given)?;
    let question = Question::take(&mut asked.given)?;
    std::mem::take(&mut asked.given).end()?;
    answer(&app, &asked, move |generation, _| {
        let table = generation.engine.count(&CountRequest {
            search: question.request(generation)?,
            rows: axes.0,
            columns: axes.1,
            topics: if axes.0 == Axis::Topic || axes.1 == Some(Axis::Topic) {
                &generation.topics
            } else {
                &[]
            },
        })?;
        Ok(if media == Media::Json {
            Answer::json(&table)
        } else {
            Answer::rows(CountRow::all(&table), media)
        })
    })
    .await
}

/// What the rows and the columns are.
fn axes(given: &mut Given) -> Result<(Axis, Option<Axis>), Problem> {
    let levels = [
        ("province", Level::Province),
        ("prefecture", Level::Prefecture),
        ("county", Level::County),
    ];
    let level = given.choice_of("level", &levels)?.unwrap_or(Level::County);
    let choices = [
        ("month", Axis::Month),
        ("year", Axis::Year),
        ("region", Axis::Region(level)),
        ("organ", Axis::Organ),
        ("site", Axis::Site),
        ("genre", Axis::Genre),
        ("topic", Axis::Topic),
    ];
    let names = choices.map(|(name, _)| name).join(", ");
    let mut axes = Vec::new();
    let given = given.list("by")?;
    for name in given.iter().flat_map(|names| names.split(',')) {
        let found = choices.iter().find(|(choice, _)| *choice == name);
        let (_, axis) = found.ok_or_else(|| {
            let name: String = name.chars().take(80).collect();
            Problem::parameter("by", format!("by is {name:?}"), format!("use {names}"))
        })?;
        axes.push(*axis);
    }
    match axes[..] {
        [rows] => Ok((rows, None)),
        [rows, columns] if rows != columns => Ok((rows, Some(columns))),
        _ => Err(Problem::parameter(
            "by",
            "counts are by one or two different things",
            format!("give by once or twice: {names}"),
        )),
    }
}
