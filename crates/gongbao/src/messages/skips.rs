//! Why a file or row was left out of an import.

use gongbao_archive::SkipReason;

use crate::{cli::Lang, messages::size};

impl Lang {
    /// `reason` in words.
    pub(crate) fn skip_reason(self, reason: &SkipReason) -> String {
        if self == Self::En {
            return match reason {
                SkipReason::TooLarge { limit } => {
                    format!("it is larger than {} (see --max-size)", size(*limit))
                }
                reason => reason.to_string(),
            };
        }
        match reason {
            SkipReason::Empty => "文件为空".to_owned(),
            SkipReason::Unreadable(why) => format!("无法读取：{why}"),
            SkipReason::NotAFile => "不是普通文件".to_owned(),
            SkipReason::NotAPage { extension } => format!(".{extension} 文件不是网页"),
            SkipReason::NotText(why) => format!("不是文本：{why}"),
            SkipReason::TooLarge { limit } => {
                format!("大于 {}（见 --max-size）", size(*limit))
            }
            SkipReason::InvalidRow(why) => format!("不是有效的行：{why}"),
            SkipReason::NoText => "该行没有正文".to_owned(),
            SkipReason::Nameless => "该行既无有效编号也无网址".to_owned(),
            SkipReason::Repeated { key, first } => {
                format!("与第 {first} 行同名（{key}）而内容不同")
            }
            SkipReason::Refused(why) => format!("无法存档：{why}"),
            SkipReason::CutShort => "文件在一条记录中间结束；此前的记录已收入".to_owned(),
            SkipReason::NotWarc(why) => format!("从此处起不是 WARC：{why}"),
            SkipReason::BadDigest(field) => format!("内容与其 {field} 不符"),
            SkipReason::Undecodable(why) => format!("无法解码：{why}"),
            other => other.to_string(),
        }
    }
}
