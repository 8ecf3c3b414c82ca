//! The words around a figure that tell what it is of.

use super::{
    fact::Qualifier,
    text::{first_of, is_han},
};

/// Verbs of the genre, each with what it must not be followed by, since the two
/// are another word: 增加值, 投资者, 收入 is none at all. Longer ones first
/// among those that begin alike.
///
/// Taken from how notices of inspections, reports on the work of governments
/// and answers to proposals tell what was done how often.
const VERBS: &[(&str, &str)] = &[
    ("安装", ""),
    ("安排", ""),
    ("安置", "房区点"),
    ("办理", ""),
    ("办结", "率"),
    ("帮助", ""),
    ("帮扶", "对干资"),
    ("包保", ""),
    ("保障", "房性体"),
    ("报送", ""),
    ("编制", "内数"),
    ("拨付", ""),
    ("补充", ""),
    ("补助", "资标"),
    ("表彰", "大"),
    ("布设", ""),
    ("播放", ""),
    ("部署", ""),
    ("采纳", ""),
    ("采购", "人项需"),
    ("参加", ""),
    ("参与", ""),
    ("查处", ""),
    ("查获", ""),
    ("查找", ""),
    ("查封", ""),
    ("查摆", ""),
    ("查结", ""),
    ("拆除", ""),
    ("拆迁", "户"),
    ("产生", ""),
    ("撤销", ""),
    ("成立", ""),
    ("承办", ""),
    ("惩处", ""),
    ("出动", ""),
    ("出台", ""),
    ("出具", ""),
    ("出栏", ""),
    ("处罚", "决金"),
    ("处理", "厂站能"),
    ("处置", "场"),
    ("处分", "决"),
    ("储备", "库"),
    ("创建", ""),
    ("创作", ""),
    ("筹集", ""),
    ("筹措", ""),
    ("查办", ""),
    ("查实", ""),
    ("抽查", ""),
    ("抽取", ""),
    ("采集", ""),
    ("撤换", ""),
    ("成交", "额"),
    ("达成", ""),
    ("打击", ""),
    ("打造", ""),
    ("带动", ""),
    ("登记", "管"),
    ("调度", "会"),
    ("调解", "员组室中"),
    ("调整", ""),
    ("调研", "报"),
    ("督促", ""),
    ("督办", ""),
    ("兑现", ""),
    ("到位", "率"),
    ("督查", "室组"),
    ("发布", "会"),
    ("发放", ""),
    ("发送", ""),
    ("发现", ""),
    ("发出", ""),
    ("发展", "党大"),
    ("反馈", "意"),
    ("分解", ""),
    ("分流", ""),
    ("扶持", "资"),
    ("复垦", ""),
    ("覆盖", "率面"),
    ("服务", "业中站企平大体窗质队能水工区点"),
    ("发起", ""),
    ("分类处置", ""),
    ("废止", ""),
    ("返还", ""),
    ("复查", ""),
    ("改造", "工方项"),
    ("改建", ""),
    ("购置", ""),
    ("购买", ""),
    ("挂牌", ""),
    ("关停", ""),
    ("关闭", ""),
    ("归集", ""),
    ("公开", "栏"),
    ("公布", ""),
    ("更换", ""),
    ("供应", "链"),
    ("巩固", ""),
    ("给予", ""),
    ("管控", ""),
    ("核查", ""),
    ("核发", ""),
    ("核实", ""),
    ("化解", ""),
    ("回复", ""),
    ("回访", ""),
    ("获批", ""),
    ("获评", ""),
    ("获得", ""),
    ("汇总", ""),
    ("划拨", ""),
    ("恢复", ""),
    ("焕新", ""),
    ("获", "得奖"),
    ("集聚", "区"),
    ("集中", ""),
    ("计提", ""),
    ("纪律处分", ""),
    ("兼并", ""),
    ("检查", "组站点"),
    ("检测", "站中报"),
    ("检修", ""),
    ("减免", ""),
    ("建成", "区"),
    ("建立", ""),
    ("建设", "工项库规用资局单"),
    ("建档", ""),
    ("降低", ""),
    ("交办", ""),
    ("缴纳", ""),
    ("接待", ""),
    ("接收", ""),
    ("结案", "率"),
    ("解决", "方"),
    ("举办", ""),
    ("举行", ""),
    ("救助", "站"),
    ("警示", "教"),
    ("纠正", ""),
    ("聚集", ""),
    ("健全", ""),
    ("监测", "镜探站点数中"),
    ("交付", ""),
    ("缴获", ""),
    ("拘留", ""),
    ("竣工", ""),
    ("开办", ""),
    ("开放", ""),
    ("开工建设", ""),
    ("开工", ""),
    ("开设", ""),
    ("开通", ""),
    ("开展", ""),
    ("开发", "区商"),
    ("考核", "办"),
    ("考察", ""),
    ("扩建", "项工"),
    ("开辟", ""),
    ("开具", ""),
    ("立案", "数"),
    ("立项", ""),
    ("立改", ""),
    ("累计", ""),
    ("联系", ""),
    ("留置", ""),
    ("落实", ""),
    ("落地", ""),
    ("录入", ""),
    ("领取", ""),
    ("利用", "率"),
    ("录用", ""),
    ("免除", ""),
    ("摸排", ""),
    ("命名", ""),
    ("纳入", ""),
    ("派发", ""),
    ("派出", "所机"),
    ("盘活", ""),
    ("培训", "班基机"),
    ("培育", "库"),
    ("配备", ""),
    ("配套", ""),
    ("批复", ""),
    ("批捕", ""),
    ("评选", ""),
    ("评估", "报"),
    ("破获", ""),
    ("排查", ""),
    ("判处", ""),
    ("铺设", ""),
    ("聘请", ""),
    ("聘任", ""),
    ("聘用", ""),
    ("签订", ""),
    ("签约", "企项额率"),
    ("签署", ""),
    ("起诉", ""),
    ("取缔", ""),
    ("取得", ""),
    ("清理", ""),
    ("清退", ""),
    ("清零", ""),
    ("清收", ""),
    ("清偿", ""),
    ("曝光", ""),
    ("取消", ""),
    ("劝返", ""),
    ("清查", ""),
    ("入库", "率"),
    ("入选", ""),
    ("认定", ""),
    ("认领", ""),
    ("融资", "平"),
    ("任免", ""),
    ("审核", ""),
    ("审批", "局"),
    ("审查", ""),
    ("审结", ""),
    ("审议", ""),
    ("审计", "局署"),
    ("上报", ""),
    ("上线", ""),
    ("申报", ""),
    ("申请", ""),
    ("设立", ""),
    ("设置", ""),
    ("实施", "方"),
    ("实现", ""),
    ("收集", ""),
    ("收办", ""),
    ("收到", ""),
    ("收缴", ""),
    ("收回", ""),
    ("受理", ""),
    ("授信", ""),
    ("售出", ""),
    ("输送", ""),
    ("疏散", ""),
    ("刷新", ""),
    ("送达", ""),
    ("搜集", ""),
    ("施划", ""),
    ("审定", ""),
    ("收购", ""),
    ("试点", ""),
    ("设计", ""),
    ("收治", ""),
    ("实地", ""),
    ("收取", ""),
    ("使用", ""),
    ("上缴", ""),
    ("上传", ""),
    ("梳理", ""),
    ("受到", ""),
    ("受益", ""),
    ("收储", ""),
    ("谈话", ""),
    ("探访", ""),
    ("提供", ""),
    ("提升", ""),
    ("提拔", ""),
    ("提出", ""),
    ("提醒", ""),
    ("投放", ""),
    ("投资", "额者人项促环完"),
    ("投入", ""),
    ("推出", ""),
    ("推广", ""),
    ("推进", ""),
    ("推动", ""),
    ("推送", ""),
    ("退还", ""),
    ("退回", ""),
    ("腾退", ""),
    ("调查", ""),
    ("通报", "会期批"),
    ("通过", ""),
    ("添置", ""),
    ("填报", ""),
    ("统筹", ""),
    ("调出", ""),
    ("调取", ""),
    ("停用", ""),
    ("吸引", ""),
    ("吸纳", ""),
    ("投诉", ""),
    ("拓宽", ""),
    ("拓展", ""),
    ("完成", ""),
    ("完善", ""),
    ("挽回", ""),
    ("慰问", ""),
    ("为民办", ""),
    ("维修", "资"),
    ("旁听", ""),
    ("问责", ""),
    ("下发", ""),
    ("下达", ""),
    ("下放", ""),
    ("消除", ""),
    ("销号", ""),
    ("销毁", ""),
    ("新增", ""),
    ("新建", ""),
    ("新开", ""),
    ("新签约", ""),
    ("新设", ""),
    ("修订", ""),
    ("修建", ""),
    ("修复", ""),
    ("修缮", ""),
    ("宣传", "部片册栏"),
    ("宣讲", "团"),
    ("选派", ""),
    ("选聘", ""),
    ("选拔", ""),
    ("巡查", "组员"),
    ("巡察", "组办"),
    ("巡视", "组"),
    ("询问", ""),
    ("学习", "贯"),
    ("续建", ""),
    ("细化", ""),
    ("细分", ""),
    ("协调", ""),
    ("引进", ""),
    ("引育", ""),
    ("压缩", ""),
    ("压减", ""),
    ("研究", "院"),
    ("研判", ""),
    ("移交", ""),
    ("移送", ""),
    ("邀请", ""),
    ("依法", ""),
    ("印发", ""),
    ("约谈", ""),
    ("运营", ""),
    ("优化", ""),
    ("拥有", ""),
    ("演练", ""),
    ("迎接", ""),
    ("增设", ""),
    ("增加", "值"),
    ("增派", ""),
    ("召开", ""),
    ("招引", "项"),
    ("招聘", "会"),
    ("招募", ""),
    ("整改", "措方台率"),
    ("整治", ""),
    ("争取", ""),
    ("征集", ""),
    ("征收", ""),
    ("执法检查", ""),
    ("支持", ""),
    ("制定", ""),
    ("制作", ""),
    ("制发", ""),
    ("治理", "体"),
    ("种植", "业"),
    ("主持", ""),
    ("注册", "资商"),
    ("注销", ""),
    ("追缴", ""),
    ("追回", ""),
    ("追究", ""),
    ("转化", "率"),
    ("转办", ""),
    ("转移", "支"),
    ("走访", ""),
    ("组建", ""),
    ("组织", "部委生关"),
    ("遵守", ""),
    ("阻断", ""),
    ("张贴", ""),
    ("整理", ""),
    ("种", ""),
    ("诊疗", ""),
    ("注入", ""),
    ("转运", ""),
    ("逮捕", ""),
    ("抓获", ""),
    ("责令", ""),
    ("指导", "意组"),
    ("整合", ""),
    ("占用", ""),
    ("出租", ""),
    ("发生", ""),
    ("死亡", ""),
    ("受伤", ""),
    ("救援", ""),
];

/// Adverbs and the like that stand before a verb, not part of an object.
const LEADS: [&str; 42] = [
    "一是",
    "二是",
    "三是",
    "四是",
    "五是",
    "六是",
    "七是",
    "八是",
    "九是",
    "并已",
    "并",
    "已经",
    "已",
    "其中",
    "共计",
    "全年",
    "先后",
    "现",
    "还",
    "即",
    "将",
    "可",
    "累计",
    "累积",
    "同时",
    "目前",
    "专项",
    "专门",
    "集中",
    "全部",
    "全区共",
    "全市共",
    "共",
    "、",
    "全区",
    "全市",
    "全县",
    "全省",
    "全国",
    "我区",
    "我市",
    "我县",
];

/// What an object to the left of its figure does not end in.
const TAILS: [&str; 36] = [
    "等",
    "共计",
    "合计",
    "总计",
    "累计达",
    "累计",
    "累积",
    "达到",
    "已达",
    "约达",
    "达",
    "为",
    "约",
    "近",
    "接近",
    "超过",
    "超",
    "逾",
    "突破",
    "不少于",
    "不低于",
    "不超过",
    "至少",
    "分别为",
    "分别达",
    "分别",
    "同比增长",
    "同比下降",
    "同比增幅",
    "共",
    "各",
    "仅",
    "增至",
    "了",
    "(",
    "（",
];

/// Where an object to the right of its figure ends: words that begin another
/// part of the sentence.
const STOPS: [&str; 46] = [
    "已", "均", "全部", "在", "于", "赴", "到", "向", "将", "被", "占", "达", "由", "并", "从",
    "为", "进行", "用于", "以上", "以下", "左右", "以内", "以来", "其中", "分别", "较", "同比",
    "环比", "增长", "下降", "按", "以及", "有效", "不断", "切实", "全面", "对照", "且", "也", "是",
    "能", "正", "未", "仍", "存在", "排名",
];

/// Words that qualify a figure from anywhere before it in its clause.
const LOOSE: [(&str, Qualifier); 16] = [
    ("累计", Qualifier::Cumulative),
    ("累积", Qualifier::Cumulative),
    ("新增", Qualifier::New),
    ("共计", Qualifier::Total),
    ("合计", Qualifier::Total),
    ("总计", Qualifier::Total),
    ("总共", Qualifier::Total),
    ("一共", Qualifier::Total),
    ("分别", Qualifier::Each),
    ("平均", Qualifier::Average),
    ("同比", Qualifier::YearOnYear),
    ("环比", Qualifier::PeriodOnPeriod),
    ("预计", Qualifier::Planned),
    ("计划", Qualifier::Planned),
    ("力争", Qualifier::Planned),
    ("较", Qualifier::Against),
];

/// Words that qualify a figure right before it, longest first; several may
/// follow one another.
const TIGHT: [(&str, Qualifier); 28] = [
    ("不少于", Qualifier::AtLeast),
    ("不低于", Qualifier::AtLeast),
    ("至少", Qualifier::AtLeast),
    ("不超过", Qualifier::AtMost),
    ("不高于", Qualifier::AtMost),
    ("至多", Qualifier::AtMost),
    ("不足", Qualifier::AtMost),
    ("不到", Qualifier::AtMost),
    ("超过", Qualifier::Over),
    ("突破", Qualifier::Over),
    ("超", Qualifier::Over),
    ("逾", Qualifier::Over),
    ("接近", Qualifier::Nearly),
    ("将近", Qualifier::Nearly),
    ("近", Qualifier::Nearly),
    ("大约", Qualifier::About),
    ("约", Qualifier::About),
    ("增长", Qualifier::Up),
    ("增幅", Qualifier::Up),
    ("增加", Qualifier::Up),
    ("提高", Qualifier::Up),
    ("提升", Qualifier::Up),
    ("上升", Qualifier::Up),
    ("下降", Qualifier::Down),
    ("降低", Qualifier::Down),
    ("减少", Qualifier::Down),
    ("降幅", Qualifier::Down),
    ("每", Qualifier::Every),
];

/// Words that qualify a figure right after it.
const AFTER: [(&str, Qualifier); 8] = [
    ("以上", Qualifier::AtLeast),
    ("及以上", Qualifier::AtLeast),
    ("以下", Qualifier::AtMost),
    ("以内", Qualifier::AtMost),
    ("之内", Qualifier::AtMost),
    ("内", Qualifier::AtMost),
    ("左右", Qualifier::About),
    ("上下", Qualifier::About),
];

/// The verb at the start of `text`: its bytes.
pub(super) fn verb(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if !is_han(first) {
        return None;
    }
    VERBS
        .iter()
        .find(|(word, not)| {
            text.strip_prefix(word)
                .is_some_and(|rest| !rest.starts_with(|c| not.contains(c)))
        })
        .map(|(word, _)| word.len())
}

/// Bytes of what stands before the verb at the start of `text`.
pub(super) fn lead(text: &str) -> usize {
    let mut len = 0;
    while let Some(word) = first_of(&text[len..], &LEADS) {
        len += word.len();
    }
    len
}

/// `text` without what an object does not end in.
pub(super) fn without_tail(mut text: &str) -> &str {
    loop {
        let shorter = text.trim_end_matches([' ', '\u{3000}', '、']);
        match TAILS.iter().find_map(|tail| shorter.strip_suffix(tail)) {
            Some(rest) => text = rest,
            None => return shorter,
        }
    }
}

/// Whether another part of the sentence begins with `text`.
pub(super) fn stops(text: &str) -> bool {
    first_of(text, &STOPS).is_some()
}

/// The qualifiers in `before`, the clause up to a figure, and in `after` it.
pub(super) fn qualifiers(before: &str, after: &str) -> Vec<Qualifier> {
    let mut found: Vec<Qualifier> = Vec::new();
    for (at, c) in before.char_indices() {
        // The first characters of the words below.
        if !matches!(
            c,
            '累' | '新'
                | '共'
                | '合'
                | '总'
                | '一'
                | '分'
                | '平'
                | '同'
                | '环'
                | '预'
                | '计'
                | '力'
                | '较'
        ) {
            continue;
        }
        let rest = &before[at..];
        found.extend(
            LOOSE
                .iter()
                .filter(|(word, _)| rest.starts_with(word))
                .filter(|(word, _)| *word != "较" || starts_comparison(&before[..at], rest))
                .map(|(_, qualifier)| *qualifier),
        );
        let all = rest.strip_prefix('共').is_some_and(|rest| {
            let first = before[..at].chars().next_back();
            let alone = first.is_none_or(|c| !matches!(c, '公' | '中' | '总' | '一'));
            alone && (rest.is_empty() || verb(rest).is_some())
        });
        if all {
            found.push(Qualifier::Total);
        }
    }
    let mut rest = before.trim_end();
    while let Some((word, qualifier)) = TIGHT.iter().find(|(word, _)| rest.ends_with(word)) {
        found.push(*qualifier);
        rest = &rest[..rest.len() - word.len()];
    }
    if let Some((_, qualifier)) = AFTER.iter().find(|(word, _)| after.starts_with(word)) {
        found.push(*qualifier);
    }
    found
}

/// Whether 较 compares: 较上年同期, not 比较, 较大, 较好.
fn starts_comparison(before: &str, rest: &str) -> bool {
    !before.ends_with(['比', '计'])
        && !rest["较".len()..].starts_with([
            '大', '好', '多', '高', '强', '快', '为', '小', '少', '低', '重', '真',
        ])
}
