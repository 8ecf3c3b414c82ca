//! CSS selectors, as far as site profiles need them.

use super::Tree;

/// A selector such as `div.article > h2, #title`.
///
/// Knows names, `*`, `.class`, `#id`, `[name]`, `[name=value]` (and `^=`, `$=`,
/// `*=`), `:first-child`, `:nth-child(n)`, descendants, `>` and lists.
#[derive(Clone, Debug)]
pub(crate) struct Selector(Vec<Vec<Step>>);

/// A compound selector; `child` says that what stands before it is its parent.
#[derive(Clone, Debug, Default)]
struct Step {
    child: bool,
    tests: Vec<Test>,
}

#[derive(Clone, Debug)]
enum Test {
    Name(String),
    Id(String),
    Class(String),
    Attribute(String, char, String),
    Nth(usize),
}

impl Selector {
    /// Reads a selector; an error says what is not understood.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut alternatives = Vec::new();
        for part in text.split(',') {
            alternatives.push(parse_path(part.trim())?);
        }
        Ok(Self(alternatives))
    }

    /// The elements it selects, in document order.
    pub(crate) fn all(&self, tree: &Tree) -> Vec<usize> {
        (1..tree.nodes().len())
            .filter(|&i| {
                !tree.nodes()[i].is_text() && self.0.iter().any(|path| matches_path(tree, i, path))
            })
            .collect()
    }

    /// The first element it selects.
    pub(crate) fn first(&self, tree: &Tree) -> Option<usize> {
        (1..tree.nodes().len()).find(|&i| {
            !tree.nodes()[i].is_text() && self.0.iter().any(|path| matches_path(tree, i, path))
        })
    }
}

fn parse_path(text: &str) -> Result<Vec<Step>, String> {
    let mut path = Vec::new();
    let mut child = false;
    for word in text.replace('>', " > ").split_whitespace() {
        if word == ">" {
            child = true;
            continue;
        }
        path.push(Step {
            child,
            tests: parse_compound(word)?,
        });
        child = false;
    }
    if path.is_empty() || child {
        return Err(format!("{text:?} is no selector"));
    }
    Ok(path)
}

fn parse_compound(text: &str) -> Result<Vec<Test>, String> {
    let unknown = || format!("cannot read {text:?} in a selector");
    let mut tests = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first == '[' {
            let end = rest.find(']').ok_or_else(unknown)?;
            let inner = &rest[1..end];
            rest = &rest[end + 1..];
            let (name, kind, value) = match inner.split_once('=') {
                None => (inner, 'e', ""),
                Some((name, value)) => match name.chars().last() {
                    Some(kind @ ('^' | '$' | '*')) => (&name[..name.len() - 1], kind, value),
                    _ => (name, '=', value),
                },
            };
            let value = value.trim().trim_matches(['"', '\'']);
            tests.push(Test::Attribute(
                name.trim().to_ascii_lowercase(),
                kind,
                value.to_owned(),
            ));
            continue;
        }
        let start = usize::from(matches!(first, '.' | '#' | ':'));
        let end = rest[start..]
            .find(['.', '#', ':', '['])
            .map_or(rest.len(), |at| at + start);
        let name = &rest[start..end];
        rest = &rest[end..];
        if name.is_empty() {
            return Err(unknown());
        }
        match first {
            '.' => tests.push(Test::Class(name.to_owned())),
            '#' => tests.push(Test::Id(name.to_owned())),
            ':' => {
                let nth = match name {
                    "first-child" => Some(1),
                    _ => name
                        .strip_prefix("nth-child(")
                        .and_then(|n| n.strip_suffix(')'))
                        .and_then(|n| n.parse().ok()),
                };
                tests.push(Test::Nth(nth.ok_or_else(unknown)?));
            }
            '*' if name == "*" => {}
            _ => tests.push(Test::Name(name.to_ascii_lowercase())),
        }
    }
    Ok(tests)
}

fn matches_path(tree: &Tree, index: usize, path: &[Step]) -> bool {
    let Some((last, before)) = path.split_last() else {
        return false;
    };
    if !last.tests.iter().all(|test| passes(tree, index, test)) {
        return false;
    }
    // Going up, each step takes the nearest element that passes. That is all
    // of CSS but for a child step after a descendant step, which goes on up.
    let mut at = index;
    let mut child = last.child;
    let mut steps = before.iter().rev();
    let Some(mut step) = steps.next() else {
        return true;
    };
    while at != 0 {
        at = tree.nodes()[at].parent as usize;
        if at != 0 && step.tests.iter().all(|test| passes(tree, at, test)) {
            child = step.child;
            match steps.next() {
                None => return true,
                Some(next) => step = next,
            }
        } else if child {
            return false;
        }
    }
    false
}

fn passes(tree: &Tree, index: usize, test: &Test) -> bool {
    match test {
        Test::Name(name) => tree.nodes()[index].name == name,
        Test::Id(id) => tree.attribute(index, "id").is_some_and(|value| value == id),
        Test::Class(class) => tree
            .attribute(index, "class")
            .is_some_and(|value| value.split_ascii_whitespace().any(|part| part == class)),
        Test::Attribute(name, kind, wanted) => {
            tree.attribute(index, name).is_some_and(|value| match kind {
                '=' => value == wanted,
                '^' => value.starts_with(wanted.as_str()),
                '$' => value.ends_with(wanted.as_str()),
                '*' => value.contains(wanted.as_str()),
                _ => true,
            })
        }
        Test::Nth(n) => tree
            .children(tree.nodes()[index].parent as usize)
            .nth(n.wrapping_sub(1))
            .is_some_and(|found| found == index),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(selector: &str, texts: &[&str]) {
        let tree = Tree::parse(
            "<div class='a b' id=x><h2>1</h2><p class=c>2</p><div><p>3</p></div></div><a href='/t1.html'>4</a>",
        );
        let found = Selector::parse(selector).expect("a selector").all(&tree);
        let found: Vec<_> = found.iter().map(|&i| tree.all_text(i)).collect();
        assert_eq!(found, texts);
    }

    #[test]
    fn elements_are_selected() {
        check("h2", &["1"]);
        check("div.a.b > p", &["2"]);
        check("#x p", &["2", "3"]);
        check("div#x div > p, h2", &["1", "3"]);
        check("a[href$='.html']", &["4"]);
        check("div.a > :nth-child(2)", &["2"]);
        check("a[title]", &[]);
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for text in ["", "a >", "a::before", "p:has(a)", "a[href"] {
            assert!(Selector::parse(text).is_err(), "{text:?}");
        }
    }
}
