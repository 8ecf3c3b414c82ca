//! The same figure told in several items of a notice.

use std::collections::HashMap;

use super::fact::Fact;

/// For each figure of a notice, in which of the notice's other passages it
/// stands again: the same kind, value, unit and object. `passages` are the texts of
/// the passages with their facts; the outcome has a list of passages for each
/// fact, empty for what is told once.
///
/// Objects are the same if one is the beginning or end of the other, since the second
/// telling often shortens the first: 联合执法行动, 联合执法. A figure without
/// an object is never the same as another.
#[must_use]
pub fn repeats(passages: &[(&str, &[Fact])]) -> Vec<Vec<Vec<usize>>> {
    let object = |passage: usize, fact: usize| -> Option<&str> {
        let (text, facts) = passages[passage];
        facts[fact].object.clone().map(|range| &text[range])
    };
    let mut same: HashMap<Told<'_>, Vec<(usize, usize)>> = HashMap::new();
    for (passage, (_, facts)) in passages.iter().enumerate() {
        for (index, fact) in facts.iter().enumerate() {
            if let Some(value) = fact.value.filter(|_| fact.object.is_some()) {
                let key = (fact.kind as u8, value.to_bits(), fact.unit.as_deref());
                same.entry(key).or_default().push((passage, index));
            }
        }
    }
    let mut out: Vec<Vec<Vec<usize>>> = passages
        .iter()
        .map(|(_, facts)| vec![Vec::new(); facts.len()])
        .collect();
    for group in same.values().filter(|group| group.len() > 1) {
        // A table may repeat one figure without end; the first are enough.
        let group = &group[..group.len().min(MAX_ALIKE)];
        for &(passage, fact) in group {
            for &(other, other_fact) in group {
                if other != passage
                    && !out[passage][fact].contains(&other)
                    && are_same(object(passage, fact), object(other, other_fact))
                {
                    out[passage][fact].push(other);
                }
            }
        }
    }
    out
}

/// Kind, bits of the value, and unit of a figure.
type Told<'t> = (u8, u64, Option<&'t str>);

/// How many figures that look alike are compared with one another.
const MAX_ALIKE: usize = 200;

fn are_same(a: Option<&str>, b: Option<&str>) -> bool {
    let (Some(a), Some(b)) = (a, b) else {
        return false;
    };
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let enough = short == long || short.chars().nth(1).is_some();
    enough && (long.starts_with(short) || long.ends_with(short))
}
