//! The query language. Every string is a question: what cannot be read as an
//! operator is searched for as text, with a note.

use crate::filter::{DayRange, Filter};

/// Deeper nesting is taken as text.
const MAX_DEPTH: usize = 24;

/// Longer questions are cut: nobody types so much, and a paste of a whole page
/// would only find that page.
pub(crate) const MAX_CHARS: usize = 4_000;

/// A question as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What to look for; `None` when nothing was asked.
    pub root: Option<Part>,
    /// What was taken otherwise than it may have been meant.
    pub notes: Vec<Note>,
}

/// A part of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of these.
    All(Vec<Part>),
    /// Any of these.
    Any(Vec<Part>),
    /// None of this.
    Not(Box<Part>),
    /// The words of this text.
    Words(String),
    /// This text, whatever marks and spaces stand between its letters.
    Phrase(String),
    /// Two texts, at most so many letters apart, in either order.
    Near(String, String, u32),
    /// Only notices with this title text.
    Title(String),
    /// Only notices of this kind.
    Filter(Filter),
}

/// Something a person should know about how a question was read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Note {
    /// This was searched for as text though it looks like an operator.
    TakenAsText(String),
    /// This operator joins nothing and was left out.
    Ignored(String),
    /// Only the beginning of the question was used.
    Shortened,
    /// No passage has all that was asked for; these notices have it in
    /// different passages.
    Apart,
    /// Nothing has all the words of a long run of them; these have some.
    Loosened,
    /// This was found under its other names too.
    Expanded(String),
    /// Nothing matches, because this stands nowhere.
    Absent(String),
    /// This stands somewhere, and is close to what stands nowhere.
    Close(String),
    /// Nothing matches, because of the topic or the filters: so many passages
    /// match without them.
    Narrow(u64),
    /// This filter value is not known; nothing can match it.
    UnknownValue(String),
}

impl Question {
    /// Reads `text`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut notes = Vec::new();
        let text = match text.char_indices().nth(MAX_CHARS) {
            Some((end, _)) => {
                notes.push(Note::Shortened);
                &text[..end]
            }
            None => text,
        };
        let tokens = tokens(text, &mut notes);
        let mut parser = Parser {
            tokens: &tokens,
            at: 0,
            depth: 0,
            notes,
        };
        let mut parts = Vec::new();
        while parser.at < tokens.len() {
            parts.extend(parser.any());
            if let Some(Token::Close) = parser.peek() {
                parser.notes.push(Note::TakenAsText(")".to_owned()));
                parser.at += 1;
            }
        }
        Self {
            root: joined(parts, Part::All),
            notes: parser.notes,
        }
    }

    /// A question for this text alone, no character of it an operator.
    #[must_use]
    pub fn words(text: &str) -> Self {
        let root = (!text.trim().is_empty()).then(|| Part::Words(text.to_owned()));
        Self {
            root,
            notes: Vec::new(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Or(String),
    And(String),
    Not(String),
    Near(u32, String),
    Part(Part),
}

fn is_open_quote(c: char) -> Option<char> {
    match c {
        '"' => Some('"'),
        '“' => Some('”'),
        '＂' => Some('＂'),
        '「' => Some('」'),
        '『' => Some('』'),
        _ => None,
    }
}

/// Whether an operator or a quoted text may end before `next`.
fn ends(next: Option<char>) -> bool {
    next.is_none_or(|c| c.is_whitespace() || c == ')')
}

fn tokens(text: &str, notes: &mut Vec<Note>) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    let mut open = 0_usize;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        if first == '(' && closes(after) {
            open += 1;
            tokens.push(Token::Open);
            rest = after;
        } else if first == ')' && open > 0 {
            open -= 1;
            tokens.push(Token::Close);
            rest = after;
        } else if matches!(first, '-' | '!' | '−')
            && after.starts_with(|c: char| !c.is_whitespace() && c != first)
        {
            tokens.push(Token::Not(first.to_string()));
            rest = after;
            // Whatever follows is text or a group: -- is no double negation.
        } else if let Some((phrase, after)) = quoted(rest) {
            tokens.push(Token::Part(Part::Phrase(phrase.to_owned())));
            rest = after;
        } else {
            let end = chunk_end(rest, open > 0);
            let chunk = &rest[..end];
            rest = &rest[end..];
            if let Some((part, after)) = fielded(chunk, rest, notes) {
                tokens.push(Token::Part(part));
                rest = after;
            } else {
                tokens.extend(chunk_token(chunk, notes));
            }
        }
        rest = rest.trim_start();
    }
    tokens
}

/// Whether a group opened right before `text` is closed in it by a parenthesis
/// that ends a word: `(20)坚定` opens none.
fn closes(text: &str) -> bool {
    let mut depth = 1;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return ends(chars.peek().copied());
                }
            }
            _ => {}
        }
    }
    false
}

/// A quoted text at the start of `text`, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let first = text.chars().next()?;
    let close = is_open_quote(first)?;
    let inside = &text[first.len_utf8()..];
    let end = inside.find(close)?;
    let after = &inside[end + close.len_utf8()..];
    (ends(after.chars().next()) && inside[..end].chars().any(char::is_alphanumeric))
        .then(|| (&inside[..end], after))
}

/// Where the chunk at the start of `text` ends: at white space, or at the
/// parenthesis that closes a group.
fn chunk_end(text: &str, in_group: bool) -> usize {
    let mut inner = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            _ if c.is_whitespace() => return at,
            '(' => inner += 1,
            ')' if inner > 0 => inner -= 1,
            ')' if in_group && at > 0 => return at,
            _ => {}
        }
    }
    text.len()
}

fn chunk_token(chunk: &str, notes: &mut Vec<Note>) -> Option<Token> {
    let own = || chunk.to_owned();
    match chunk {
        "OR" | "|" | "||" | "｜" => return Some(Token::Or(own())),
        "AND" | "&" | "&&" => return Some(Token::And(own())),
        "NOT" => return Some(Token::Not(own())),
        "NEAR" => return Some(Token::Near(DEFAULT_NEAR, own())),
        _ => {}
    }
    if let Some(within) = chunk.strip_prefix("NEAR/").and_then(|n| n.parse().ok()) {
        return Some(Token::Near(within, own()));
    }
    if !chunk.chars().any(char::is_alphanumeric) {
        notes.push(Note::Ignored(own()));
        return None;
    }
    let is_odd = |c: char| matches!(c, '(' | ')' | ':' | '：') || is_open_quote(c).is_some();
    if chunk.contains(is_odd) {
        notes.push(Note::TakenAsText(own()));
    }
    Some(Token::Part(Part::Words(own())))
}

/// How far apart NEAR allows without a number: about a clause.
const DEFAULT_NEAR: u32 = 10;

/// `field:value`, the value perhaps quoted and then perhaps beyond `chunk`.
/// Returns what is left of `rest`.
fn fielded<'t>(chunk: &str, rest: &'t str, notes: &mut Vec<Note>) -> Option<(Part, &'t str)> {
    let (name, value) = chunk.split_once([':', '：'])?;
    let field = FIELDS.iter().find(|(names, _)| names.contains(&name))?.1;
    let mut after = rest;
    let joined;
    let value = match value.chars().next().and_then(is_open_quote) {
        Some(_) => {
            joined = format!("{value}{rest}");
            match quoted(&joined) {
                Some((inside, left)) => {
                    // What is left is a suffix of `rest`, if the quote reached so far.
                    after = &rest[rest.len().checked_sub(left.len())?..];
                    inside
                }
                None => value.trim_matches(|c| is_open_quote(c).is_some() || c == '”'),
            }
        }
        None => value,
    };
    if !value.chars().any(char::is_alphanumeric) {
        return None;
    }
    let value = value.to_owned();
    let part = match field {
        Field::Title => Part::Title(value),
        Field::Organ => Part::Filter(Filter::Organ(value)),
        Field::Region => Part::Filter(Filter::Region(value)),
        Field::Site => Part::Filter(Filter::Site(value)),
        Field::Genre => Part::Filter(Filter::Genre(value)),
        Field::Date => match value.parse::<DayRange>() {
            Ok(range) => Part::Filter(Filter::Days(range)),
            Err(_) => {
                notes.push(Note::TakenAsText(chunk.to_owned()));
                Part::Words(chunk.to_owned())
            }
        },
    };
    Some((part, after))
}

#[derive(Clone, Copy)]
enum Field {
    Title,
    Organ,
    Region,
    Site,
    Genre,
    Date,
}

/// The names of each field.
const FIELDS: [(&[&str], Field); 6] = [
    (&["标题", "title"], Field::Title),
    (&["机关", "发文机关", "organ"], Field::Organ),
    (&["地区", "region"], Field::Region),
    (&["站点", "site"], Field::Site),
    (&["文种", "体裁", "genre"], Field::Genre),
    (&["日期", "date"], Field::Date),
];

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    depth: usize,
    notes: Vec<Note>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    /// `all OR all OR …`
    fn any(&mut self) -> Option<Part> {
        let mut parts = Vec::new();
        loop {
            let before = parts.len();
            parts.extend(self.all());
            let Some(Token::Or(text)) = self.peek() else {
                break;
            };
            let text = text.clone();
            self.at += 1;
            let joins = parts.len() > before
                && matches!(
                    self.peek(),
                    Some(Token::Part(_) | Token::Open | Token::Not(_))
                );
            if !joins {
                self.notes.push(Note::Ignored(text));
            }
        }
        joined(parts, Part::Any)
    }

    /// `one one AND one …`
    fn all(&mut self) -> Option<Part> {
        let mut parts = Vec::new();
        loop {
            match self.peek() {
                None | Some(Token::Close | Token::Or(_)) => break,
                Some(Token::And(text)) => {
                    let text = text.clone();
                    self.at += 1;
                    let joins = !parts.is_empty()
                        && matches!(
                            self.peek(),
                            Some(Token::Part(_) | Token::Open | Token::Not(_))
                        );
                    if !joins {
                        self.notes.push(Note::Ignored(text));
                    }
                }
                Some(Token::Near(within, text)) => {
                    let (within, text) = (*within, text.clone());
                    self.at += 1;
                    match (parts.pop(), self.peek()) {
                        (Some(left), Some(Token::Part(right)))
                            if is_text(&left) && is_text(right) =>
                        {
                            parts.push(Part::Near(text_of(&left), text_of(right), within));
                            self.at += 1;
                        }
                        (left, _) => {
                            parts.extend(left);
                            self.notes.push(Note::Ignored(text));
                        }
                    }
                }
                Some(_) => parts.extend(self.one()),
            }
        }
        joined(parts, Part::All)
    }

    fn one(&mut self) -> Option<Part> {
        let token = self.peek()?.clone();
        self.at += 1;
        match token {
            Token::Part(part) => Some(part),
            Token::Not(text) => match self.peek() {
                Some(Token::Part(_) | Token::Open) => {
                    self.one().map(|part| Part::Not(Box::new(part)))
                }
                _ => {
                    self.notes.push(Note::Ignored(text));
                    None
                }
            },
            Token::Open if self.depth < MAX_DEPTH => {
                self.depth += 1;
                let inside = self.any();
                self.depth -= 1;
                if let Some(Token::Close) = self.peek() {
                    self.at += 1;
                }
                inside
            }
            Token::Open | Token::Close => {
                self.notes.push(Note::TakenAsText("(".to_owned()));
                None
            }
            Token::Or(text) | Token::And(text) | Token::Near(_, text) => {
                self.notes.push(Note::Ignored(text));
                None
            }
        }
    }
}

fn is_text(part: &Part) -> bool {
    matches!(part, Part::Words(_) | Part::Phrase(_))
}

fn text_of(part: &Part) -> String {
    match part {
        Part::Words(text) | Part::Phrase(text) => text.clone(),
        _ => String::new(),
    }
}

fn joined(mut parts: Vec<Part>, join: fn(Vec<Part>) -> Part) -> Option<Part> {
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(join(parts)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn print(part: &Part) -> String {
        let list = |parts: &[Part]| parts.iter().map(print).collect::<Vec<_>>().join(" ");
        match part {
            Part::All(parts) => format!("(and {})", list(parts)),
            Part::Any(parts) => format!("(or {})", list(parts)),
            Part::Not(part) => format!("(not {})", print(part)),
            Part::Words(text) => text.clone(),
            Part::Phrase(text) => format!("“{text}”"),
            Part::Near(left, right, within) => format!("(near/{within} {left} {right})"),
            Part::Title(text) => format!("title={text}"),
            Part::Filter(filter) => format!("{filter}"),
        }
    }

    #[track_caller]
    fn check(text: &str, tree: &str, notes: usize) {
        let question = Question::parse(text);
        let printed = question.root.as_ref().map_or_else(String::new, print);
        assert_eq!(printed, tree, "{text}");
        assert_eq!(question.notes.len(), notes, "{text}: {:?}", question.notes);
    }

    #[test]
    fn operators_join_words() {
        check("债务 化解", "(and 债务 化解)", 0);
        check("债务 OR 化债", "(or 债务 化债)", 0);
        check("a b | c", "(or (and a b) c)", 0);
        check("(债务 OR 化债) -民间", "(and (or 债务 化债) (not 民间))", 0);
        check("债务 NOT (a b)", "(and 债务 (not (and a b)))", 0);
        check("长江 NEAR/5 禁渔", "(near/5 长江 禁渔)", 0);
        check("“长江十年禁渔” 镜湖", "(and “长江十年禁渔” 镜湖)", 0);
        check("-\"十年禁渔\" 长江", "(and (not “十年禁渔”) 长江)", 0);
    }

    #[test]
    fn fields_have_chinese_names() {
        check("标题:巡视整改 债务", "(and title=巡视整改 债务)", 0);
        check(
            "机关：\"镜湖区 委员会\" 债务",
            "(and organ=镜湖区 委员会 债务)",
            0,
        );
        check("日期:2024..2025", "days=2024-01-01..2025-12-31", 0);
        check("地区:芜湖市", "region=芜湖市", 0);
    }

    #[test]
    fn what_a_person_may_paste_is_text() {
        check("(20)坚定坚决", "(20)坚定坚决", 1);
        check("时间:2025", "时间:2025", 1);
        check("债务化解 AND", "债务化解", 1);
        check("OR 债务", "债务", 1);
        check("\"债务", "\"债务", 1);
        check("长江“十年禁渔”工作", "长江“十年禁渔”工作", 1);
        check("日期:昨天", "日期:昨天", 1);
        check("债务)", "债务)", 1);
        check("((债务", "((债务", 1);
        check("， 。", "", 2);
        check("", "", 0);
        check("“五四”运动", "“五四”运动", 1);
        check("NEAR/3 渔", "渔", 1);
        check("皖政办〔2024〕12号", "皖政办〔2024〕12号", 0);
    }

    proptest! {
        #[test]
        fn every_string_is_a_question(text in "\\PC{0,80}") {
            let _ = Question::parse(&text);
        }

        #[test]
        fn every_pile_of_operators_is_a_question(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "(", ")", "\"", "“", "”", " ", "OR", "AND", "NOT", "-", "|", "NEAR/2", "债务", "标题:", "日期:2024", ":",
            ]), 0..60)
        ) {
            let _ = Question::parse(&pieces.concat());
        }
    }
}
