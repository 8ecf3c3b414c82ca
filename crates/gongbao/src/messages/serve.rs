//! What `serve` says.

use std::{fmt::Display, path::Path};

use crate::cli::Lang;

impl Lang {
    /// Others than this machine may ask, and nobody is asked for a token.
    pub(crate) fn open_to_all(self, address: impl Display) -> String {
        self.pick(
            format!(
                "warning: {address} can be reached from other machines and there are no tokens: \
                 whoever reaches it may read the corpus; --tokens FILE, or a proxy that asks for a password, keeps others out"
            ),
            format!(
                "警告：{address} 可由其他机器访问，且未设令牌：能访问者皆可阅读语料库；可用 --tokens 文件，或由代理要求密码"
            ),
        )
    }

    /// The server answers.
    pub(crate) fn serving(self, notices: u64) -> String {
        self.pick(
            format!("serving {notices} notices; Ctrl-C ends it"),
            format!("正在提供 {notices} 件公文；按 Ctrl-C 结束"),
        )
    }

    /// A line of the token file is none.
    pub(crate) fn bad_token(self, path: &Path, line: usize) -> String {
        let path = path.display();
        self.pick(
            format!("could not use line {line} of {path}"),
            format!("{path} 第 {line} 行不可用"),
        )
    }

    /// The token file has none.
    pub(crate) fn no_tokens(self, path: &Path) -> String {
        let path = path.display();
        self.pick(
            format!("there is no token in {path}; write one a line"),
            format!("{path} 中没有令牌；每行写一个"),
        )
    }
}
