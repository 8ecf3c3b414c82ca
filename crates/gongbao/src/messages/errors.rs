//! What went wrong, in the reader's language, with what cures it.

use gongbao_analysis::NoteError;
use gongbao_archive::ArchiveError;
use gongbao_indexer::IndexError;
use gongbao_query::{OpenError, SearchError};

use crate::cli::Lang;

impl Lang {
    /// The line that ends a failed run.
    pub(crate) fn error(self, error: &anyhow::Error) -> String {
        let known = error.chain().find_map(|cause| self.known(cause));
        match (self, known) {
            (Self::En, Some(cure)) => format!("gongbao: {error:#}; {cure}"),
            (Self::En, None) => format!("gongbao: {error:#}"),
            (Self::Zh, Some(what)) => format!("gongbao：{what}（{error:#}）"),
            (Self::Zh, None) => format!("gongbao：出错：{error:#}"),
        }
    }

    /// What stands before clap's English about arguments.
    pub(crate) fn bad_arguments(self) -> &'static str {
        self.pick("", "gongbao：命令行有误。用法见 gongbao --help --lang zh\n")
    }

    /// A part of the program broke off.
    pub(crate) fn broke_off(self) -> &'static str {
        self.pick(
            "it broke off: the index may be damaged, which `gongbao verify` tells; else this is a \
             defect worth reporting",
            "运行中断：索引可能已损坏，请运行 `gongbao verify` 检查；否则请报告此缺陷",
        )
    }

    /// Bytes that no terminal shows.
    pub(crate) fn needs_output(self) -> &'static str {
        self.pick(
            "xlsx and parquet are no text for a terminal: add --output FILE",
            "xlsx、parquet 不能在终端显示：请加 --output FILE",
        )
    }

    /// In Chinese what `cause` is, in English what its own message leaves
    /// unsaid.
    fn known(self, cause: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
        let archive = cause
            .downcast_ref::<ArchiveError>()
            .or(match cause.downcast_ref() {
                Some(IndexError::Archive(error)) => Some(error),
                _ => None,
            });
        if let Some(error) = archive {
            return self.archive_error(error);
        }
        if self == Self::En {
            return None;
        }
        match cause.downcast_ref() {
            Some(OpenError::Missing { .. }) => {
                return Some("还没有索引；请先运行 `gongbao index`");
            }
            Some(OpenError::Unusable(note)) => return Some(unusable(note)),
            Some(OpenError::Altered { .. }) => {
                return Some("索引已损坏；`gongbao verify --repair` 可重建");
            }
            Some(OpenError::Damaged { .. }) => {
                return Some("索引已损坏；`gongbao index --rebuild` 可重建");
            }
            _ => {}
        }
        match cause.downcast_ref() {
            Some(SearchError::Empty) => {
                return Some("没有检索内容：请给出词语、--topic 或筛选条件");
            }
            Some(SearchError::Stored(_) | SearchError::Copies(_)) => {
                return Some("索引已损坏；`gongbao verify --repair` 可重建");
            }
            _ => {}
        }
        match cause.downcast_ref() {
            Some(IndexError::BudgetTooSmall { .. }) => Some("--memory 过小"),
            Some(IndexError::Io { .. } | IndexError::Tantivy { .. }) => Some("无法写索引"),
            _ => None,
        }
    }

    fn archive_error(self, error: &ArchiveError) -> Option<&'static str> {
        match (error, self) {
            (ArchiveError::NoCorpus { .. }, Self::En) => Some("`gongbao import PATH` makes one"),
            (ArchiveError::NoCorpus { .. }, Self::Zh) => {
                Some("没有语料库；`gongbao import 路径` 可建立")
            }
            (_, Self::En) => None,
            (ArchiveError::Locked { .. }, Self::Zh) => Some("另一进程正在写入语料库，请稍后再试"),
            (ArchiveError::CatalogBusy { .. }, Self::Zh) => {
                Some("另一程序锁定了目录文件；请关闭该程序后再试")
            }
            (ArchiveError::DiskFull { .. }, Self::Zh) => Some("磁盘已满；已完成的部分保存完好"),
            (ArchiveError::NewerCatalog { .. }, Self::Zh) => Some("目录由更新版本的 gongbao 写成"),
            (ArchiveError::OlderCatalog { .. }, Self::Zh) => {
                Some("目录由旧版本写成；运行任一写入命令（如 import）即可升级")
            }
            (ArchiveError::ForeignCatalog { .. }, Self::Zh) => Some("该文件不是 gongbao 的目录"),
            (ArchiveError::Damaged { .. }, Self::Zh) => Some("存档记录已损坏"),
            (_, Self::Zh) => Some("存档出错"),
        }
    }
}

fn unusable(note: &NoteError) -> &'static str {
    match note {
        NoteError::Foreign => "这不是 gongbao 的索引；`gongbao index --rebuild` 可重建",
        _ => "索引由另一版本或另一词典建成；`gongbao index --rebuild` 可重建",
    }
}
