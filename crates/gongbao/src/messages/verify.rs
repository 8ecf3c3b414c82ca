//! What is said of damage and its repair, and of room given back.

use gongbao_archive::{Part, Recovered};

use super::{grouped, plural, size};
use crate::cli::Lang;

impl Lang {
    /// What was looked at: files, records and bytes of the archive; versions
    /// in the catalogue, and whether it is sealed; generation, files and bytes
    /// of the index.
    pub(crate) fn verified(
        self,
        (files, records, bytes): (u64, u64, u64),
        (versions, sealed): (u64, bool),
        (generation, index_files, index_bytes): (Option<u64>, u64, u64),
    ) -> [String; 3] {
        let unsealed = self.pick(
            "; not sealed, as its last writer did not end in order",
            "；上次写入未正常结束，没有校验值",
        );
        let unsealed = if sealed { "" } else { unsealed };
        let index = match (generation, self) {
            (Some(generation), Self::En) => format!(
                "index      generation {generation}, {}, {}",
                plural(index_files, "file", "files"),
                size(index_bytes)
            ),
            (Some(generation), Self::Zh) => format!(
                "索引  第 {generation} 代，{} 个文件，{}",
                grouped(index_files),
                size(index_bytes)
            ),
            (None, Self::En) => "index      none".to_owned(),
            (None, Self::Zh) => "索引  无".to_owned(),
        };
        match self {
            Self::En => [
                format!(
                    "archive    {}, {}, {}",
                    plural(files, "file", "files"),
                    plural(records, "record", "records"),
                    size(bytes)
                ),
                format!(
                    "catalogue  {}{unsealed}",
                    plural(versions, "version", "versions")
                ),
                index,
            ],
            Self::Zh => [
                format!(
                    "档案  {} 个文件，{} 条记录，{}",
                    grouped(files),
                    grouped(records),
                    size(bytes)
                ),
                format!("目录  {} 个版本{unsealed}", grouped(versions)),
                index,
            ],
        }
    }

    /// One damage.
    pub(crate) fn damage(self, part: Part, place: &str, problem: &str, repaired: bool) -> String {
        let part = match part {
            Part::Archive => self.pick("archive", "档案"),
            Part::Catalog => self.pick("catalogue", "目录"),
            Part::Index => self.pick("index", "索引"),
        };
        let state = if repaired {
            self.pick("repaired", "已修复")
        } else {
            self.pick("damaged", "损坏")
        };
        self.pick(
            format!("{state}: {part}: {place}: {problem}"),
            format!("{state}：{part}：{place}：{problem}"),
        )
    }

    /// What repairs a part.
    pub(crate) fn cure(self, part: Part) -> &'static str {
        match part {
            Part::Archive => self.pick(
                "restore the file from a backup; the index keeps what it held",
                "请从备份恢复此文件；索引仍保有原来读到的内容",
            ),
            _ => self.pick("gongbao verify --repair", "gongbao verify --repair"),
        }
    }

    /// How many damages are left.
    pub(crate) fn damages_left(self, left: u64) -> String {
        match (left, self) {
            (0, Self::En) => "everything is as it was written".to_owned(),
            (0, Self::Zh) => "一切完好".to_owned(),
            (_, Self::En) => format!("{} left", plural(left, "damage", "damages")),
            (_, Self::Zh) => format!("还有 {} 处损坏", grouped(left)),
        }
    }

    /// A catalogue was made anew.
    pub(crate) fn recovered(self, recovered: &Recovered) -> String {
        let aside = recovered.set_aside.as_ref();
        let aside = aside.map_or_else(String::new, |path| path.display().to_string());
        let lost = recovered.incomplete.join(", ");
        let (versions, rows) = (grouped(recovered.versions), grouped(recovered.rows));
        let mut text = match self {
            Self::En => format!(
                "made the catalogue anew: {versions} versions from the archive, {rows} other rows from the old one"
            ),
            Self::Zh => {
                format!("已重建目录：{versions} 个版本来自档案，其他 {rows} 行来自旧目录")
            }
        };
        if !aside.is_empty() {
            text += &self.pick(
                format!("; it is now {aside}"),
                format!("，旧目录移至 {aside}"),
            );
        }
        if !lost.is_empty() {
            text += &self.pick(
                format!("; not all could be read of: {lost}"),
                format!("；下列各表未能全部读出：{lost}"),
            );
        }
        text
    }

    /// Generations that were removed.
    pub(crate) fn collected(self, removed: &[u64]) -> String {
        let count = removed.len() as u64;
        match self {
            Self::En => format!(
                "removed {} of the index",
                plural(count, "old generation", "old generations")
            ),
            Self::Zh => format!("已删除 {} 代旧索引", grouped(count)),
        }
    }
}
