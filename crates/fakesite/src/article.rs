//! A notice as its site knows it, before a template makes a page of it.

use jiff::{ToSpan, civil::Date};

use crate::{random::Random, wording};

/// The day of the first notice of every site.
const FIRST_DAY: Date = jiff::civil::date(2023, 1, 3);

/// What a list tells of a notice.
#[derive(Clone, Debug)]
pub(crate) struct Heading {
    /// 0 for the oldest of its site.
    pub(crate) index: usize,
    pub(crate) column: usize,
    pub(crate) title: String,
    pub(crate) date: Date,
    /// 发文字号; consecutive ones within a year.
    pub(crate) doc_number: String,
    pub(crate) organ: String,
}

/// A notice with all that its page says.
#[derive(Clone, Debug)]
pub(crate) struct Article {
    pub(crate) heading: Heading,
    /// Hour and minute of publication.
    pub(crate) time: (u64, u64),
    pub(crate) blocks: Vec<Block>,
}

/// A paragraph.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    Heading(String),
    Text(String),
    /// Signature and date.
    Closing(String),
}

/// What decides the notices of a site.
#[derive(Clone, Debug)]
pub(crate) struct Author {
    pub(crate) seed: u64,
    /// 雁洲县 and the like.
    pub(crate) place: String,
    /// Who signs: 雁洲县人民政府 and the like.
    pub(crate) organ: String,
    /// The first character of its document numbers.
    pub(crate) short: char,
    pub(crate) columns: usize,
    pub(crate) per_day: usize,
}

impl Author {
    pub(crate) fn heading(&self, index: usize) -> Heading {
        let mut random = self.random(index, 0);
        let day = i64::try_from(index / self.per_day).expect("sites are small");
        let date = FIRST_DAY.saturating_add(day.days());
        let first = FIRST_DAY.max(jiff::civil::date(date.year(), 1, 1));
        let days = usize::try_from(date.duration_since(first).as_hours() / 24).unwrap_or(0);
        let number = days * self.per_day + index % self.per_day + 1;
        let matter = wording::matter(&mut random);
        let genre = random.pick(&["通知", "公告", "通告", "意见"]);
        Heading {
            index,
            column: index % self.columns,
            title: format!("{}关于{}的{genre}", self.organ, matter.name),
            date,
            doc_number: format!("{}政发〔{}〕{number}号", self.short, date.year()),
            organ: self.organ.clone(),
        }
    }

    /// The notice in its `edition`: 0 as first published, others each with
    /// something changed in its body.
    pub(crate) fn article(&self, index: usize, edition: u32) -> Article {
        let heading = self.heading(index);
        let mut random = self.random(index, 0);
        let matter = wording::matter(&mut random);
        let mut random = self.random(index, 1);
        let mut blocks = vec![
            Block::Text("各乡镇人民政府、街道办事处，县直各单位：".to_owned()),
            Block::Text(format!(
                "为做好{}工作，根据年度工作安排，现将有关事项通知如下：",
                matter.name
            )),
        ];
        for (part, number) in matter.parts.iter().zip(["一", "二", "三"]) {
            blocks.push(Block::Heading(format!("{number}、{part}")));
            for item in ["（一）", "（二）", "（三）"] {
                let text = matter.sentences(&mut random, &self.place, 3);
                blocks.push(Block::Text(format!("{item}{text}")));
            }
        }
        if edition > 0 {
            let texts: Vec<usize> = (3..blocks.len())
                .filter(|&at| matches!(blocks[at], Block::Text(_)))
                .collect();
            let mut random = self.random(index, 1 + u64::from(edition));
            let at = random.pick(&texts);
            let office = wording::office(&mut random);
            if let Block::Text(text) = &mut blocks[at] {
                *text += &format!(
                    "该项任务由{}{office}牵头，第{edition}次调整后于{}月底前完成。",
                    self.place,
                    random.between(1, 12)
                );
            }
        }
        blocks.push(Block::Text("请结合实际认真贯彻执行。".to_owned()));
        let date = heading.date;
        blocks.push(Block::Closing(self.organ.clone()));
        blocks.push(Block::Closing(format!(
            "{}年{}月{}日",
            date.year(),
            date.month(),
            date.day()
        )));
        Article {
            time: (random.between(8, 17), random.between(0, 59)),
            heading,
            blocks,
        }
    }

    fn random(&self, index: usize, purpose: u64) -> Random {
        Random::of(&[self.seed, index as u64, purpose])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn author() -> Author {
        Author {
            seed: 1,
            place: "雁洲县".to_owned(),
            organ: "雁洲县人民政府".to_owned(),
            short: '雁',
            columns: 2,
            per_day: 1,
        }
    }

    #[test]
    fn document_numbers_run_on_within_a_year() {
        let number = |index| author().heading(index).doc_number;
        assert_eq!(number(0), "雁政发〔2023〕1号");
        assert_eq!(number(362), "雁政发〔2023〕363号");
        assert_eq!(number(363), "雁政发〔2024〕1号");
        assert_eq!(number(364), "雁政发〔2024〕2号");
    }

    #[test]
    fn an_edition_changes_one_paragraph() {
        let text = |edition| format!("{:?}", author().article(7, edition).blocks);
        assert_eq!(text(0), text(0));
        assert!(text(1).contains("第1次调整") && text(2).contains("第2次调整"));
        let (old, new) = (author().article(7, 0), author().article(7, 1));
        let changed = old
            .blocks
            .iter()
            .zip(&new.blocks)
            .filter(|(a, b)| format!("{a:?}") != format!("{b:?}"));
        assert_eq!(changed.count(), 1);
    }
}
