//! The help in Chinese, by the names of commands and arguments.

use clap::{Arg, Command};

/// What each command does, by its path below `gongbao`.
const COMMANDS: &[(&str, &str)] = &[
    ("", "中国政府公文全文检索"),
    (
        "demo",
        "用内置样例走完全程：在本机提供网站、抓取、索引、回答两个专题（在临时文件夹中进行，或在 --corpus 指定的文件夹）",
    ),
    (
        "import",
        "把保存的网页、文本、JSON Lines 和 WARC 文件收入存档",
    ),
    ("crawl", "有礼貌地采集到期的页面，收入存档"),
    ("sites", "列出、检查和描述可采集的站点"),
    ("sites list", "列出可采集的站点"),
    (
        "sites check",
        "显示从一个列表页或文章页会读到什么、依据是什么；不保存任何内容",
    ),
    (
        "sites add",
        "根据一个列表页写出站点规则初稿（语料库的 sites/ID.toml），供检查和补充",
    ),
    ("index", "按存档更新索引"),
    ("search", "检索，并显示相关的段落"),
    (
        "count",
        "统计符合的公文、段落和出现次数：按月份、地区、专题等；没有公文与有公文但不符合分别标明",
    ),
    ("kwic", "逐处列出一段文字及其上下文"),
    (
        "facts",
        "列出数字及其单位、所指事项（以及日期、文号、书名号内标题、机关、地区），新公文在前；可用 --kind 选择",
    ),
    ("show", "阅读一件公文，或其中一个条目"),
    ("history", "一件公文的经过：各个版本和每次抓取"),
    (
        "diff",
        "以增、删、改的句子显示一件公文的修改；没有差异时退出码为 1",
    ),
    ("export", "导出全部或检索到的公文、段落，供其他程序使用"),
    (
        "cite",
        "引用一件公文或其中一个条目，并核对引文：引文带条目、网页校验值和获取日期",
    ),
    ("topics", "列出、显示、测试、新建和扩充专题"),
    ("topics list", "列出专题"),
    ("topics show", "显示一个专题的范围和识别方法"),
    (
        "topics test",
        "用专题自带的判定段落和应检出条目测试专题；有专题低于其门槛时退出码为 1",
    ),
    ("topics new", "在语料库文件夹中新建一个自己的专题"),
    (
        "topics suggest",
        "列出在某专题或检索式的段落中格外多见的词语",
    ),
    (
        "eval",
        "用有相关判断的问题衡量排序：nDCG@10（增益 2^等级−1，折扣 log₂）、MRR@10、Recall@10、Recall@100",
    ),
    (
        "serve",
        "提供服务：阅览室网页、HTTP 接口和订阅源；打印网址，运行到中断为止，新索引自动启用",
    ),
    (
        "update",
        "一次无人值守的运行：抓取到期的网页，更新索引，提醒新内容；新索引完好才会启用。有需要查看之处时退出码为 2，另一进程正在写入时为 75",
    ),
    (
        "daemon",
        "按时运行 update，供没有计划任务的人使用（依 gongbao.toml 的 [schedule]；没有则每天上海时间 02:30；SIGHUP 重读设置，SIGTERM 和 Ctrl-C 停止）",
    ),
    ("watch", "保存检索，并提醒新出现的内容"),
    ("watch add", "保存一个检索；此后新出现的内容都会提醒"),
    ("watch list", "列出保存的检索及尚未送出的提醒"),
    ("watch rm", "删除一个保存的检索"),
    (
        "watch run",
        "按各检索自己的渠道提醒上次运行以来的新内容；一个段落只提醒一次，改动过的段落附上改动之处",
    ),
    ("status", "语料库概况、最近的运行和需要查看之处"),
    (
        "verify",
        "读遍全部内容，指出与写入时不同之处：档案的校验值，目录与档案，索引与二者。有损坏时退出码为 2；其间写入须等待，检索照常",
    ),
    ("gc", "删除旧的索引；档案全部保留"),
    ("completions", "输出命令行补全脚本"),
    ("man", "输出手册页"),
];

/// What each argument means; one name means the same everywhere unless a
/// command stands before it.
const ARGUMENTS: &[(&str, &str)] = &[
    (
        "corpus",
        "语料库文件夹［默认：./corpus，或 gongbao.toml 所定］",
    ),
    ("format", "输出格式［默认：终端为 table，否则为 jsonl］"),
    ("output", "把结果写入此文件；扩展名决定格式"),
    ("bom", "CSV 以字节顺序标记开头，使 Excel 识别 UTF-8"),
    ("lang", "界面语言［默认：随系统区域设置］"),
    ("color", "何时使用颜色"),
    ("quiet", "只报告错误"),
    ("help", "显示帮助"),
    ("version", "显示版本"),
    ("paths", "文件和文件夹；- 表示从标准输入读 JSON Lines"),
    (
        "sites",
        "站点编号［默认：采集过的站点，以及语料库 sites/ 中的站点］",
    ),
    ("except", "略去此网站"),
    ("max_pages", "最多获取多少个页面"),
    ("max_time", "此时间后不再开始新的请求：90s、10m、2h"),
    ("crawl since", "只采集列表中标明此日（月、年）起的公文"),
    ("refresh", "把已知页面全部重看一遍，不论是否到期"),
    ("delay", "同一主机两次请求之间至少等待的时间"),
    ("concurrency", "同时访问多少个主机"),
    (
        "contact",
        "站点管理者可以联系谁：邮箱或网页，随每个请求发送",
    ),
    ("timeout", "一个响应最多等待的时间"),
    ("allow_private", "也允许连接本机和内部网络的地址"),
    ("proxy", "全部请求经由此代理；不读取环境变量中的代理"),
    ("target", "列表页或文章页的网址，或文件"),
    ("sites add target", "列表页的网址，或文件"),
    ("sites add id", "站点的编号［默认：取自主机名］"),
    ("sites add name", "站点的名称［默认：取自页面］"),
    ("url", "文件保存自哪个网址"),
    ("profile", "按此站点规则读取［默认：该主机的规则］"),
    ("max_size", "跳过大于此数的网页和行，单位 MiB"),
    ("rebuild", "由全部存档重建索引"),
    (
        "tables",
        "从此也把读出的公文、段落和事实写入 catalog.sqlite 的表，供 SQL 查询（见 docs/exports.md），以后每次索引随之更新；费时费空间",
    ),
    ("no_tables", "删去这些表"),
    ("serve", "然后提供阅览室网页，直到被中断"),
    ("memory", "尚未写出的词项可占的内存，单位 MiB"),
    ("threads", "工作线程数［默认：每核一个］"),
    ("query", "要找什么：词语、“短语”、OR、NOT、NEAR/5、标题:…"),
    ("count query", "要找什么，同 search［默认：统计全部公文］"),
    ("by", "按什么统计；写两次，或用逗号隔开两项，分别作行和列"),
    ("level", "按哪一级地区统计"),
    ("count topic", "专题的编号或名称；配合 --by topic 可写多个"),
    ("measure", "交叉表、图中的数字是什么"),
    ("count passages", "在表格中也列出每格的段落"),
    ("plot", "在终端中画条形，或画折线"),
    ("svg", "把图写入此 SVG 文件"),
    ("topic", "检索一个专题，用其编号或名称"),
    ("unit", "以什么为单位计数和显示"),
    ("literal", "逐字查找这一串字符"),
    ("organ", "只看发文机关名称中含此的公文"),
    ("region", "只看此地及其下级的公文：区划代码或名称"),
    ("site", "只看此网站的公文"),
    ("genre", "只看此文种的公文：通知、公告、巡视整改通报……"),
    ("since", "只看此日（月、年）起发布的公文"),
    ("until", "只看此日（月、年）止发布的公文"),
    ("sort", "排序"),
    ("kwic sort", "按什么排序［默认：最新的公文在前］"),
    ("sentence", "改为整句"),
    ("collocates", "列出在此上下文中比在别处多见的词语"),
    ("export query", "只要检索到的，同 search［默认：全部］"),
    ("export unit", "每行是什么"),
    ("limit", "最多几条"),
    ("offset", "先略去几条"),
    ("passages", "每件公文最多几个段落"),
    ("no_fold", "也显示较晚的转载，不折叠在最早的一件之下"),
    ("explain", "说明每个得分的由来"),
    ("listen", "监听的地址和端口；端口 0 表示任选空闲端口"),
    ("tokens", "只回答持有此文件中某一令牌者，每行一个"),
    ("origin", "允许此来源的网页读取回答（CORS）；* 表示任何来源"),
    ("timeout", "每个请求最长用时，单位秒"),
    ("serve threads", "同时处理的请求数［默认：每核一个］"),
    ("waiting", "另可排队的请求数；再多则请其稍后再来"),
    ("connections", "最多保持的连接数"),
    ("log_queries", "访问日志中记下检索内容"),
    ("pattern", "要逐字查找的文字"),
    ("context", "两侧上下文各多少字"),
    (
        "show name",
        "公文的编号或网址，可加 # 和条目编号：k3v9…#2.1.6.20",
    ),
    ("outline", "只显示提纲"),
    ("history name", "公文的编号或网址"),
    ("diff name", "公文的编号或网址"),
    ("from", "从哪一版开始［默认：--to 的前一版］"),
    ("to", "与哪一版比较［默认：最新版］"),
    ("cite names", "公文的编号或网址，可加 # 和条目编号"),
    ("style", "引文格式［默认：gbt7714；指定 --format 时为行］"),
    ("quote", "引用的原文；须在该条目中"),
    ("check", "核对此文件中的引文（- 为标准输入）：原文是否仍在"),
    ("topics show name", "专题的编号或名称"),
    ("topics test names", "专题的编号或名称［默认：全部专题］"),
    ("id", "专题的编号：小写字母、数字、连字符"),
    ("zh", "专题的中文名称"),
    ("en", "专题的英文名称"),
    ("words", "最初的表达式［默认：中文名称］"),
    ("topics suggest query", "专题的编号或名称，或一个检索式"),
    ("examples", "显示含有该词语的段落"),
    (
        "queries",
        "问题：JSON Lines（id、text），或每行为编号、制表符、文字",
    ),
    (
        "judgements",
        "相关判断：TREC qrels、三列，或 JSON Lines（query、id、grade）",
    ),
    (
        "eval unit",
        "给什么排序：公文（以编号），或段落（以 ID#ANCHOR）",
    ),
    ("run", "把每个问题的前 100 条写入 TREC run 文件"),
    ("tag", "该文件中这次运行的名称"),
    (
        "baseline",
        "与早先的 run 文件比较，并检验差异是否可能出于偶然",
    ),
    ("per_query", "每个问题一行"),
    ("facts query", "要找什么，同 search［默认：全部段落］"),
    ("kind", "只看此类事实"),
    ("unit_of", "只看以此为单位的数字：件、元、%"),
    ("object", "只看所指事项或动作中含此的数字"),
    (
        "records",
        "列出巡视巡察整改通报所载的巡视巡察情况，每件一行",
    ),
    ("facts limit", "最多几行［默认：全部］"),
    ("check", "有需要查看之处时退出码为 2"),
    ("max_age", "多少小时没有完整运行即需要查看"),
    ("now", "现在也运行一次"),
    (
        "allow_loss",
        "无论新索引少了什么都启用，并索引看似无意义的内容",
    ),
    ("max_loss", "网站的文字、索引的段落最多可减少百分之几"),
    (
        "verify repair",
        "重建损坏的派生部分：由 WARC 文件重建目录，再由二者重建索引",
    ),
    ("watch add name", "名称：文字、数字、- 和 _"),
    ("watch rm name", "名称"),
    ("watch run names", "名称［默认：全部保存的检索］"),
    ("all", "首次运行时也提醒已有的内容"),
    ("terminal", "输出到标准输出［没有其他渠道时的默认］"),
    ("jsonl", "追加到此文件，每行一个 JSON 对象"),
    ("atom", "把 Atom 订阅源写入此文件"),
    ("command", "在 shell 中运行此命令，JSON 在其标准输入"),
    ("webhook", "把 JSON 提交到此网址"),
    ("secret_env", "存放签名密钥的环境变量"),
    ("secret_file", "存放签名密钥的文件"),
    ("mail", "通过本机 sendmail 向此地址发邮件"),
    ("mail_from", "邮件的发件人"),
    ("shell", "哪一种 shell"),
];

/// What the values of flags mean.
const VALUES: &[(&str, &str)] = &[
    ("table", "供人阅读"),
    ("json", "一个 JSON 文档"),
    ("jsonl", "每行一个 JSON 对象"),
    ("csv", "带表头的 CSV"),
    ("xlsx", "Excel 工作表"),
    ("parquet", "Apache Parquet，供 pandas、R 等读取"),
    ("en", "English"),
    ("zh", "中文"),
    ("auto", "仅终端，且未设 NO_COLOR"),
    ("always", "总是"),
    ("never", "从不"),
    ("notice", "公文及其最佳段落"),
    ("passage", "段落"),
    ("relevance", "最相关的在前"),
    ("newest", "最新的在前"),
    ("oldest", "最早的在前"),
    ("month", "发布月份，无则成文月份"),
    ("year", "其年份"),
    ("region", "地区"),
    ("organ", "发文机关"),
    ("site", "网站"),
    ("genre", "文种"),
    ("topic", "专题"),
    ("province", "省级"),
    ("prefecture", "地级"),
    ("county", "县级"),
    ("notices", "符合的公文"),
    ("passages", "符合的段落"),
    ("occurrences", "出现次数"),
    ("bars", "每行一条"),
    ("line", "折线"),
    ("left", "左侧文字，由近及远"),
    ("right", "右侧文字"),
    ("date", "日期，最早的在前"),
    ("place", "区划代码"),
    ("gbt7714", "GB/T 7714—2015，电子资源"),
    ("bibtex", "BibTeX 的 @online"),
    ("csl-json", "CSL-JSON，供 Zotero、Pandoc 等使用"),
];

const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}";

/// `command` with its help in Chinese.
pub(super) fn translated(mut command: Command) -> Command {
    // Adds the built-in flags and the `help` command, so that they too can be
    // translated, and hands the global flags down.
    command.build();
    translate(command, "")
}

fn translate(mut command: Command, path: &str) -> Command {
    if let Some(about) = find(COMMANDS, path) {
        command = command.about(about).long_about(about);
    } else if path.split(' ').next_back() == Some("help") {
        command = command.about("显示帮助").long_about("显示帮助");
    }
    command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading("命令")
        .mut_args(|argument| translate_argument(argument, path));
    let names: Vec<_> = command
        .get_subcommands()
        .map(|child| child.get_name().to_owned())
        .collect();
    for name in names {
        let path = format!("{path} {name}").trim_start().to_owned();
        command = command.mut_subcommand(name, |child| translate(child, &path));
    }
    command
}

fn translate_argument(argument: Arg, path: &str) -> Arg {
    let id = argument.get_id().as_str().to_owned();
    let heading = if argument.is_positional() {
        "参数"
    } else {
        "选项"
    };
    let Some(help) = find(ARGUMENTS, &format!("{path} {id}")).or_else(|| find(ARGUMENTS, &id))
    else {
        return argument.help_heading(heading);
    };
    let mut help = help.to_owned();
    if argument.get_action().takes_values() {
        let values: Vec<_> = argument
            .get_possible_values()
            .iter()
            .map(|value| match find(VALUES, value.get_name()) {
                Some(meaning) => format!("{}（{meaning}）", value.get_name()),
                None => value.get_name().to_owned(),
            })
            .collect();
        if !values.is_empty() {
            help += &format!("［可选：{}］", values.join("、"));
        }
        let defaults: Vec<_> = argument
            .get_default_values()
            .iter()
            .map(|value| value.to_string_lossy())
            .collect();
        if !defaults.is_empty() {
            help += &format!("［默认：{}］", defaults.join(" "));
        }
        if let Some(variable) = argument.get_env() {
            help += &format!("［环境变量：{}］", variable.to_string_lossy());
        }
    }
    argument
        .help(help.clone())
        .long_help(help)
        .help_heading(heading)
        .hide_possible_values(true)
        .hide_default_value(true)
        .hide_env(true)
}

fn find(table: &[(&str, &'static str)], key: &str) -> Option<&'static str> {
    table
        .iter()
        .find_map(|&(name, text)| (name == key).then_some(text))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    fn is_chinese(text: &str) -> bool {
        text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    #[test]
    fn every_command_and_argument_has_a_chinese_text() {
        fn check(command: &Command, path: &str) {
            let about = command.get_about().map(ToString::to_string);
            assert!(
                about.is_some_and(|about| is_chinese(&about)),
                "command {path:?}"
            );
            for argument in command.get_arguments() {
                let help = argument.get_help().map(ToString::to_string);
                assert!(
                    help.is_some_and(|help| is_chinese(&help)),
                    "argument {:?} of {path:?}",
                    argument.get_id()
                );
            }
            for child in command.get_subcommands() {
                // `help` mirrors the other commands.
                if child.get_name() != "help" {
                    let path = format!("{path} {}", child.get_name());
                    check(child, path.trim_start());
                }
            }
        }
        check(&translated(Cli::command()), "");
    }

    #[test]
    fn nothing_is_translated_that_is_not_there() {
        fn paths(command: &Command, path: &str, known: &mut Vec<String>) {
            known.push(path.to_owned());
            for argument in command.get_arguments() {
                known.push(argument.get_id().to_string());
                known.push(format!("{path} {}", argument.get_id()));
            }
            for child in command.get_subcommands() {
                let path = format!("{path} {}", child.get_name());
                paths(child, path.trim_start(), known);
            }
        }
        let mut command = Cli::command();
        command.build();
        let mut known = Vec::new();
        paths(&command, "", &mut known);
        for (name, _) in COMMANDS.iter().chain(ARGUMENTS) {
            assert!(known.iter().any(|known| known == name), "{name:?}");
        }
    }
}
