//! Letters that follow one another, found by the pair fields of the index:
//! phrases, literal text, topic expressions, NEAR.

mod matcher; // where letters stand
mod scorer; // the documents that have them
mod spelled; // the same by the texts of passages

use std::sync::Arc;

use gongbao_analysis::Fields;
use tantivy::{
    DocId, DocSet, Score, SegmentReader, TantivyError, Term,
    fieldnorm::FieldNormReader,
    query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight},
    schema::{Field, IndexRecordOption},
};

use self::{
    matcher::{Matcher, steps},
    scorer::{ChainScorer, Near},
    spelled::{Sought, Spelled},
};
use crate::{
    bulk::each_block,
    layout::{Cut, Layouts},
    pattern::Pattern,
};

/// Finds passages with a [`Pattern`] of at least two letters.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    field: Field,
    pattern: Pattern,
    /// Whether what stands between the letters must be as in the pattern.
    exact: bool,
    /// Occurrences inside one of these do not count.
    excluded: Vec<Exclusion>,
    /// Must be followed or preceded by this, so many letters away at most.
    near: Option<(Pattern, u32)>,
    /// How passages lie, if these are their own letters: their texts tell where
    /// letters stand. Positions in the index do elsewhere.
    body: Option<Layouts>,
    /// Whoever has this has the pattern, as a word.
    word: Option<Term>,
}

/// A longer pattern, and where in it the shorter one stands.
#[derive(Clone, Debug)]
struct Exclusion {
    pattern: Pattern,
    offset: u32,
}

impl Chain {
    /// The letters of `pattern`, whatever stands between them.
    pub(crate) fn phrase(field: Field, pattern: Pattern) -> Self {
        Self {
            field,
            pattern,
            exact: false,
            excluded: Vec::new(),
            near: None,
            body: None,
            word: None,
        }
    }

    /// The letters of `pattern` in the text of a passage.
    pub(crate) fn in_text(fields: &Fields, layouts: &Layouts, pattern: &Pattern) -> Self {
        let word = Term::from_field_text(fields.body_words, &pattern.word());
        Self::phrase(fields.body_pairs, pattern.clone())
            .in_body(layouts)
            .known_by(word)
    }

    /// The letters of `pattern`, with something between two of them exactly
    /// where the pattern has something.
    pub(crate) fn exact(field: Field, pattern: Pattern) -> Self {
        Self {
            exact: true,
            ..Self::phrase(field, pattern)
        }
    }

    /// In the field of the passages' own pairs, which carry over: what starts in
    /// the part carried over belongs to the next passage.
    pub(crate) fn in_body(self, layouts: &Layouts) -> Self {
        Self {
            body: Some(layouts.clone()),
            ..self
        }
    }

    /// Knows that whoever has `word` has the letters, so often at least, which
    /// spares looking where they stand.
    pub(crate) fn known_by(self, word: Term) -> Self {
        Self {
            word: Some(word),
            ..self
        }
    }

    /// Leaves out occurrences that are part of `longer`.
    pub(crate) fn except_in(mut self, longer: &Pattern) -> Self {
        let (outer, inner) = (longer.letters(), self.pattern.letters());
        if outer.len() > inner.len() {
            for (offset, window) in outer.windows(inner.len()).enumerate() {
                if window == inner {
                    self.excluded.push(Exclusion {
                        pattern: longer.clone(),
                        offset: offset as u32,
                    });
                }
            }
        }
        self
    }

    /// Only occurrences with `other` at most `within` letters before or after.
    pub(crate) fn near(self, other: Pattern, within: u32) -> Self {
        Self {
            near: Some((other, within)),
            ..self
        }
    }

    /// Whether having the pair is all there is to it, wherever it stands.
    fn is_plain_pair(&self) -> bool {
        let is_plain = !self.exact && self.excluded.is_empty() && self.near.is_none();
        is_plain && self.pattern.len() == 2
    }

    /// The passages that run on into others, if any of a segment does.
    fn cut(&self, reader: &SegmentReader) -> tantivy::Result<Option<Arc<Cut>>> {
        match &self.body {
            None => Ok(None),
            Some(layouts) => Ok(layouts.of(reader).columns(reader)?.cut.clone()),
        }
    }

    /// The terms that an occurrence takes; its BM25 is theirs, as if of one.
    pub(crate) fn terms(&self) -> Vec<Term> {
        steps(&self.pattern, self.exact)
            .map(|index| Term::from_field_text(self.field, &self.pattern.pair(index)))
            .collect()
    }
}

impl Query for Chain {
    fn weight(&self, enable_scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let similarity = match enable_scoring {
            EnableScoring::Enabled {
                statistics_provider,
                ..
            } => Some(Bm25Weight::for_terms(statistics_provider, &self.terms())?),
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(ChainWeight::new(self.clone(), similarity)))
    }

    fn query_terms<'a>(&'a self, _visitor: &mut dyn FnMut(&'a Term, bool)) {}
}

struct ChainWeight {
    chain: Chain,
    sought: Sought,
    /// The longer patterns of `chain`.
    excluded: Vec<Sought>,
    near: Option<Sought>,
    similarity: Option<Bm25Weight>,
}

impl ChainWeight {
    fn new(chain: Chain, similarity: Option<Bm25Weight>) -> Self {
        let loosely = |pattern| Sought::new(pattern, false);
        let excluded = chain.excluded.iter();
        Self {
            sought: Sought::new(&chain.pattern, chain.exact),
            excluded: excluded.map(|longer| loosely(&longer.pattern)).collect(),
            near: chain.near.as_ref().map(|(other, _)| loosely(other)),
            chain,
            similarity,
        }
    }

    /// Whether it is enough that a document has the word.
    fn knows_by_word(&self) -> bool {
        self.chain.excluded.is_empty() && self.chain.near.is_none()
    }

    fn matcher(&self, reader: &SegmentReader, sought: &Sought) -> tantivy::Result<Option<Matcher>> {
        let field = self.chain.field;
        let pattern = &sought.pattern;
        if pattern.len() < 2 {
            return Ok(None);
        }
        let Some(layouts) = &self.chain.body else {
            return Matcher::listed(reader, field, pattern);
        };
        Matcher::spelled(reader, field, pattern, || {
            let cut = self.chain.cut(reader)?;
            Ok(Spelled::new(layouts.of(reader), cut, sought))
        })
    }
}

impl Weight for ChainWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let chain = &self.chain;
        let Some(matcher) = self.matcher(reader, &self.sought)? else {
            return Ok(Box::new(EmptyScorer));
        };
        let mut excluded = Vec::new();
        for (exclusion, longer) in chain.excluded.iter().zip(&self.excluded) {
            if let Some(matcher) = self.matcher(reader, longer)? {
                excluded.push((matcher, exclusion.offset));
            }
        }
        let near = match chain.near.as_ref().zip(self.near.as_ref()) {
            None => None,
            Some(((other, within), sought)) => match self.matcher(reader, sought)? {
                None => return Ok(Box::new(EmptyScorer)),
                Some(matcher) => Some(Near {
                    lengths: (chain.pattern.len() as u32, other.len() as u32),
                    matcher,
                    within: *within,
                }),
            },
        };
        let norms = match &self.similarity {
            Some(_) => reader.fieldnorms_readers().get_field(chain.field)?,
            None => None,
        };
        let cut = chain.cut(reader)?;
        let is_plain_pair = chain.is_plain_pair();
        let word = match &chain.word {
            // A pair is in doubt only where passages run on.
            Some(word) if self.knows_by_word() && (cut.is_some() || !is_plain_pair) => {
                let index = reader.inverted_index(word.field())?;
                index.read_postings(word, IndexRecordOption::WithFreqs)?
            }
            _ => None,
        };
        let mut scorer = ChainScorer {
            matcher,
            word,
            excluded,
            near,
            cut,
            norms: norms.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1)),
            similarity: self
                .similarity
                .as_ref()
                .map(|similarity| similarity.boost_by(boost)),
            starts: Vec::new(),
            count: 0,
            is_plain_pair,
        };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        let chain = &self.chain;
        if !chain.is_plain_pair() {
            let mut scorer = self.scorer(reader, 1.0)?;
            each_block(&mut *scorer, callback);
            return Ok(());
        }
        let index = reader.inverted_index(chain.field)?;
        let term = Term::from_field_text(chain.field, &chain.pattern.pair(0));
        let Some(info) = index.get_term_info(&term)? else {
            return Ok(());
        };
        let cut = chain.cut(reader)?;
        let mut block = index.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
        // Whether a passage that runs on has the pair itself, its positions tell.
        let mut closely: Option<Box<dyn Scorer>> = None;
        let mut sure = Vec::new();
        while !block.docs().is_empty() {
            match &cut {
                None => callback(block.docs()),
                Some(cut) => {
                    sure.clear();
                    for &doc in block.docs() {
                        if cut.contains(doc) {
                            let scorer = match &mut closely {
                                Some(scorer) => scorer,
                                None => closely.insert(self.scorer(reader, 1.0)?),
                            };
                            if scorer.doc() < doc {
                                scorer.seek(doc);
                            }
                            if scorer.doc() != doc {
                                continue;
                            }
                        }
                        sure.push(doc);
                    }
                    callback(&sure);
                }
            }
            block.advance();
        }
        Ok(())
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!(
                "document {doc} does not match"
            )));
        }
        Ok(Explanation::new(
            "letters that follow one another",
            scorer.score(),
        ))
    }
}
