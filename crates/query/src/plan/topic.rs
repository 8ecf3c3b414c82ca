//! A topic pack as index queries.

use tantivy::query::{BooleanQuery, Occur, Query};

use super::{
    Draft, Planner,
    queries::{any_of, in_text, unscored},
};
use crate::{
    bulk::Pooled,
    chain::Chain,
    evidence::Extra,
    pattern::Pattern,
    topic::{Expression, Topic},
};

impl Planner<'_> {
    /// Passages that any expression of `topic` finds.
    pub(super) fn topic(&self, topic: &Topic, draft: &mut Draft) -> Box<dyn Query> {
        let excluded: Vec<_> = topic
            .exclusions
            .iter()
            .map(|exclusion| Pattern::new(&exclusion.text))
            .collect();
        let mut any = Vec::new();
        for expression in &topic.expressions {
            let Some((found, patterns)) = self.expression(expression, &excluded) else {
                continue;
            };
            for pattern in patterns {
                draft.marks.add(pattern, excluded.clone());
            }
            any.push(found.query.box_clone());
            draft.extra(found);
        }
        Box::new(Pooled::new(any))
    }

    /// What finds an expression, and what is marked.
    fn expression(
        &self,
        expression: &Expression,
        excluded: &[Pattern],
    ) -> Option<(Extra, Vec<Pattern>)> {
        let chain = |pattern: &Pattern| {
            let chain = Chain::in_text(self.fields, self.layouts, pattern);
            excluded
                .iter()
                .fold(chain, |chain, longer| chain.except_in(longer))
        };
        let mut patterns = vec![Pattern::new(&expression.text)];
        let chain = match &expression.near {
            None => chain(&patterns[0]),
            Some(near) => {
                let other = Pattern::new(&near.text);
                if other.len() < 2 {
                    return None;
                }
                patterns.push(other.clone());
                chain(&patterns[0]).near(other, near.within)
            }
        };
        if patterns[0].len() < 2 {
            return None;
        }
        let terms = chain.terms();
        let mut query: Box<dyn Query> = Box::new(chain);
        if !(expression.with.is_empty() && expression.without.is_empty()) {
            let mut clauses = vec![(Occur::Must, query)];
            let patterns = |texts: &[String]| -> Vec<Pattern> {
                texts.iter().map(|text| Pattern::new(text)).collect()
            };
            let with = patterns(&expression.with);
            if !with.is_empty() {
                let context = with.iter().map(|text| self.anywhere(text)).collect();
                clauses.push((Occur::Must, unscored(any_of(context))));
            }
            for text in patterns(&expression.without) {
                clauses.push((Occur::MustNot, in_text(self.fields, self.layouts, &text)));
            }
            query = Box::new(BooleanQuery::new(clauses));
        }
        let found = Extra {
            what: format!("topic expression {expression}"),
            query,
            terms,
            weight: expression.weight,
        };
        Some((found, patterns))
    }
}
