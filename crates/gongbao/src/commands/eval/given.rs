//! What `eval` is given: questions, judgements, an earlier run. Their layouts
//! are told apart by looking; what cannot be read is named with its line.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

use anyhow::{Context, anyhow, bail, ensure};
use gongbao_query::{Grades, MAX_GRADE};
use serde::{Deserialize, de::DeserializeOwned};

/// A question.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) id: String,
    pub(super) text: String,
}

/// The same as JSON.
#[derive(Deserialize)]
struct QuestionLine {
    #[serde(alias = "_id", alias = "qid", alias = "query_id")]
    id: Name,
    #[serde(alias = "query", alias = "question")]
    text: String,
}

/// A judgement as JSON.
#[derive(Deserialize)]
struct JudgementLine {
    #[serde(alias = "qid", alias = "query_id", alias = "query-id")]
    query: Name,
    #[serde(alias = "docid", alias = "doc_id", alias = "corpus-id")]
    id: Name,
    #[serde(alias = "relevance", alias = "score")]
    grade: i64,
}

/// An id, which some write as a number.
#[derive(Deserialize)]
#[serde(untagged, expecting = "an id is a string or a whole number")]
enum Name {
    Text(String),
    Number(i64),
}

impl Name {
    /// The id as it stands in a run file, where spaces part the columns.
    fn checked(self) -> anyhow::Result<String> {
        let id = match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        };
        ensure!(
            !id.is_empty() && !id.contains(char::is_whitespace),
            "{id:?} is no id: it is empty or has a space in it"
        );
        Ok(id)
    }
}

/// Reads questions: JSON Lines, or an id and a text with a tab between.
pub(super) fn questions(path: &Path) -> anyhow::Result<Vec<Question>> {
    let (mut questions, mut seen) = (Vec::new(), HashSet::new());
    each_line(path, |_, line| {
        let (id, text) = if line.starts_with('{') {
            let row: QuestionLine = from_json(line)?;
            (row.id, row.text)
        } else {
            let (id, text) = line
                .split_once('\t')
                .ok_or_else(|| anyhow!("no question: neither JSON nor an id, a tab and a text"))?;
            (Name::Text(id.trim().to_owned()), text.trim().to_owned())
        };
        let id = id.checked()?;
        ensure!(
            seen.insert(id.clone()),
            "there is a question {id:?} above already"
        );
        questions.push(Question { id, text });
        Ok(())
    })?;
    Ok(questions)
}

/// Reads judgements, by question: TREC's four columns, three columns with or
/// without a header, or JSON Lines. TREC's grades below 0 are 0.
pub(super) fn judgements(path: &Path) -> anyhow::Result<HashMap<String, Grades>> {
    let mut judgements: HashMap<String, Grades> = HashMap::new();
    each_line(path, |number, line| {
        let (query, document, grade) = if line.starts_with('{') {
            let row: JudgementLine = from_json(line)?;
            (row.query.checked()?, row.id.checked()?, row.grade)
        } else {
            let columns: Vec<_> = line.split_whitespace().collect();
            let (&[query, _, document, grade] | &[query, document, grade]) = &columns[..] else {
                bail!("no judgement: neither JSON nor three or four columns");
            };
            let is_header = columns.len() == 3 && ["score", "grade", "relevance"].contains(&grade);
            if number == 1 && is_header {
                return Ok(());
            }
            let grade = grade
                .parse()
                .map_err(|_| anyhow!("{grade:?} is no grade: it is a whole number"))?;
            (query.to_owned(), document.to_owned(), grade)
        };
        let grade = u32::try_from(grade.max(0)).unwrap_or(u32::MAX);
        ensure!(
            grade <= MAX_GRADE,
            "a grade is at most {MAX_GRADE}, not {grade}"
        );
        let before = judgements.entry(query).or_default().add(&document, grade);
        ensure!(
            before.is_none_or(|before| before == grade),
            "{document} has another grade for this question above"
        );
        Ok(())
    })?;
    Ok(judgements)
}

/// Reads a TREC run file: for each question its documents, best first. As in
/// `trec_eval` scores count and not ranks; equal scores keep their ranks, where
/// `trec_eval` goes by the documents' ids.
pub(super) fn run(path: &Path) -> anyhow::Result<HashMap<String, Vec<String>>> {
    let mut ranked: HashMap<String, Vec<(f64, u64, String)>> = HashMap::new();
    let mut seen = HashSet::new();
    each_line(path, |_, line| {
        let columns: Vec<_> = line.split_whitespace().collect();
        let &[query, _, document, rank, score, _] = &columns[..] else {
            bail!(
                "no line of a run: it takes six columns: question, Q0, document, rank, score, tag"
            );
        };
        let rank = rank
            .parse()
            .map_err(|_| anyhow!("{rank:?} is no rank: it is a whole number"))?;
        let score = score
            .parse()
            .ok()
            .filter(|score: &f64| score.is_finite())
            .ok_or_else(|| anyhow!("{score:?} is no score: it is a number"))?;
        ensure!(
            seen.insert((query.to_owned(), document.to_owned())),
            "{document} is among the documents of question {query} above already"
        );
        let documents = ranked.entry(query.to_owned()).or_default();
        documents.push((score, rank, document.to_owned()));
        Ok(())
    })?;
    let in_order = |mut documents: Vec<(f64, u64, String)>| {
        documents.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        documents
            .into_iter()
            .map(|(_, _, document)| document)
            .collect()
    };
    Ok(ranked
        .into_iter()
        .map(|(query, documents)| (query, in_order(documents)))
        .collect())
}

/// Hands each line that is not blank to `read`, with its number from 1.
fn each_line(
    path: &Path,
    mut read: impl FnMut(usize, &str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let bytes = fs::read(path).with_context(|| format!("could not read {}", path.display()))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    for (number, line) in (1..).zip(bytes.split(|&byte| byte == b'\n')) {
        std::str::from_utf8(line)
            .map_err(|_| anyhow!("not UTF-8"))
            .and_then(|line| match line.trim() {
                "" => Ok(()),
                line => read(number, line),
            })
            .with_context(|| format!("{}, line {number}", path.display()))?;
    }
    Ok(())
}

fn from_json<T: DeserializeOwned>(line: &str) -> anyhow::Result<T> {
    serde_json::from_str(line).map_err(|error| {
        // Its line is 1 always, which is not the line of the file.
        anyhow!(error.to_string().replace(" at line 1 column", " at column"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::TempPath {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), text).expect("room");
        file.into_temp_path()
    }

    #[track_caller]
    fn grades(text: &str) -> Vec<(String, String, u32)> {
        let read = judgements(&file(text)).expect("judgements");
        let mut all: Vec<_> = read
            .iter()
            .flat_map(|(query, grades)| {
                grades
                    .documents()
                    .map(|document| (query.clone(), document.to_owned(), grades.of(document)))
            })
            .collect();
        all.sort();
        all
    }

    #[track_caller]
    fn check_refused<T>(
        read: fn(&Path) -> anyhow::Result<T>,
        text: &str,
        line: usize,
        reason: &str,
    ) {
        let error = read(&file(text)).err().expect("it is refused");
        let message = format!("{error:#}");
        assert!(message.contains(&format!(", line {line}: ")), "{message}");
        assert!(message.contains(reason), "{message}");
    }

    #[test]
    fn questions_come_as_json_or_with_tabs() {
        let json =
            "\u{feff}{\"id\":\"q1\",\"text\":\"化解债务\"}\r\n\n{\"_id\":2,\"text\":\"禁 渔\"}\n";
        let tabs = "q1\t化解债务\r\n2\t禁 渔\n";
        let expected = [("q1", "化解债务"), ("2", "禁 渔")].map(|(id, text)| Question {
            id: id.to_owned(),
            text: text.to_owned(),
        });
        for text in [json, tabs] {
            assert_eq!(questions(&file(text)).expect("questions"), expected);
        }
        check_refused(questions, "q1\ta\n\nq1\tb\n", 3, "above already");
        check_refused(questions, "q1 a\n", 1, "neither JSON");
        check_refused(questions, "{\"id\":\"a b\",\"text\":\"c\"}", 1, "space");
        check_refused(questions, "{\"id\":1.5,\"text\":\"c\"}", 1, "whole number");
        check_refused(questions, "1\ta\n{\"id\":1}\n", 2, "missing field `text`");
    }

    #[test]
    fn judgements_come_in_every_common_layout() {
        let expected = [("q1", "a", 2), ("q1", "b", 0), ("q2", "a", 1)]
            .map(|(query, id, grade)| (query.to_owned(), id.to_owned(), grade));
        for text in [
            "q1 0 a 2\nq1 0 b -1\nq2 Q0 a 1\n",
            "q1\ta\t2\nq1\tb\t0\nq2\ta\t1\nq2\ta\t1\n",
            "query-id\tcorpus-id\tscore\nq1\ta\t2\nq1\tb\t0\nq2\ta\t1\n",
            "{\"query\":\"q1\",\"id\":\"a\",\"grade\":2}\n{\"qid\":\"q1\",\"docid\":\"b\",\"relevance\":0}\n{\"query\":\"q2\",\"id\":\"a\",\"grade\":1}\n",
        ] {
            assert_eq!(grades(text), expected, "{text}");
        }
        check_refused(judgements, "q a 1\nq a 2\n", 2, "another grade");
        check_refused(judgements, "q a x\n", 1, "no grade");
        check_refused(judgements, "q a 31\n", 1, "at most 30");
        check_refused(judgements, "q a\n", 1, "columns");
        check_refused(judgements, "{\"query\":\"q\"}\n", 1, "missing field");
    }

    #[test]
    fn a_run_goes_by_its_scores_and_then_its_ranks() {
        let read = run(&file("q Q0 c 3 1.5 t\nq Q0 b 2 1.5 t\nq Q0 a 1 9e-1 t\n")).expect("a run");
        assert_eq!(read["q"], ["b", "c", "a"]);
        check_refused(run, "q Q0 a 1 1 t\nq Q0 a 2 0 t\n", 2, "above already");
        check_refused(run, "q Q0 a 1 NaN t\n", 1, "no score");
        check_refused(run, "q Q0 a 1 1\n", 1, "six columns");
    }
}
