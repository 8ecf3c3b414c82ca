//! Sentences for notices. Written for this project about places that do not
//! exist; a notice recombines them with figures of its own.

use crate::random::Random;

/// What a notice is about, with what can be said of it.
pub(crate) struct Matter {
    /// Fills the gap in 关于…的通知.
    pub(crate) name: &'static str,
    /// A heading for each part.
    pub(crate) parts: [&'static str; 3],
    /// What the parts say. Gaps: see [`fill`].
    sentences: [&'static str; 8],
}

const TOWNS: [&str; 12] = [
    "江城镇",
    "上塘镇",
    "云台镇",
    "老渡镇",
    "青石乡",
    "白鹭洲街道",
    "柳林镇",
    "石门乡",
    "望湖街道",
    "桐岭镇",
    "麦湾镇",
    "双桥乡",
];

const OFFICES: [&str; 8] = [
    "财政局",
    "水利局",
    "农业农村局",
    "住房和城乡建设局",
    "教育局",
    "审计局",
    "应急管理局",
    "市场监督管理局",
];

const MATTERS: [Matter; 8] = [
    Matter {
        name: "农村供水工程建设管理",
        parts: ["加快管网改造", "强化水质检测", "落实管护经费"],
        sentences: [
            "{town}新建供水管网{n}公里，惠及群众{m}人。",
            "对{town}的{few}处老旧泵站逐一更换设备，{month}月底前全部完成。",
            "水质检测每月不少于{few}次，合格率达到{p}%以上。",
            "{office}对{n}个村的水费收缴情况开展核查。",
            "供水管护经费按每人每年{few}元列入预算，共计{w}万元。",
            "建立巡线员队伍{n}人，每人负责管线不超过{few}公里。",
            "对检测不合格的{few}处水源，一律先停后改。",
            "{town}集中供水站日供水能力由{n}吨提高到{m}吨。",
        ],
    },
    Matter {
        name: "防范化解地方政府债务风险",
        parts: ["摸清债务底数", "分类处置存量", "严控新增债务"],
        sentences: [
            "截至{month}月末，化解隐性债务{w}万元，完成年度任务的{p}%。",
            "{office}对{n}家融资平台公司逐户建档，退出{few}家。",
            "盘活闲置资产{n}处，变现资金{w}万元用于偿还到期本息。",
            "对{town}的{few}个项目停止违规举债，责令限期整改。",
            "债务率控制在{p}%以内，每月向人大常委会报告一次。",
            "置换高息债务{w}万元，平均利率下降{few}个百分点。",
            "新上政府投资项目一律进行财政承受能力评估，共评估{n}个。",
            "专项债券资金{w}万元全部拨付到{n}个项目。",
        ],
    },
    Matter {
        name: "禁捕水域垂钓管理",
        parts: ["划定管理范围", "规范垂钓行为", "加强执法巡查"],
        sentences: [
            "{town}沿江{n}公里岸线划为禁钓区，设置标牌{few}块。",
            "一人限用一杆一钩，禁止使用船艇和锚鱼器具。",
            "护渔员{n}人实行轮班巡护，每日不少于{few}次。",
            "{office}查处违规垂钓{n}起，收缴钓具{m}件。",
            "退捕渔民{m}人全部参加养老保险，发放补助{w}万元。",
            "开展夜间联合执法{few}次，移送案件{few}起。",
            "在{town}增殖放流鱼苗{w}万尾。",
            "视频监控覆盖率达到{p}%，重点江段全天值守。",
        ],
    },
    Matter {
        name: "义务教育学校校园食堂管理",
        parts: ["压实学校责任", "严格采购验收", "公开收支账目"],
        sentences: [
            "对{n}所学校的食堂开展全覆盖检查，发现问题{m}个。",
            "清退供货商{few}家，收回结余资金{w}万元。",
            "{town}中心学校建成互联网明厨亮灶{few}处。",
            "学生伙食费按学期公示，家长代表陪餐不少于{n}次。",
            "{office}与{n}所学校签订责任书。",
            "大宗食材统一招标，平均价格下降{few}个百分点。",
            "营养改善计划补助{w}万元，受益学生{m}人。",
            "满意度测评达到{p}%，低于此线的限期整改。",
        ],
    },
    Matter {
        name: "老旧小区改造",
        parts: ["明确改造内容", "严把工程质量", "完善长效治理"],
        sentences: [
            "今年改造老旧小区{n}个，涉及居民{m}户。",
            "{town}加装电梯{few}部，更换雨污管道{n}公里。",
            "工程投资{w}万元，其中争取上级补助{few}成。",
            "{office}委托第三方检测{few}次，返工{few}处。",
            "改造后物业服务覆盖率达到{p}%。",
            "新增停车位{m}个、充电桩{n}处。",
            "逐户征求意见，同意率不低于{p}%方可开工。",
            "对拖欠工程款的{few}家企业记入信用档案。",
        ],
    },
    Matter {
        name: "安全生产隐患排查整治",
        parts: ["突出重点领域", "建立整改台账", "严肃追责问责"],
        sentences: [
            "排查企业{m}家，发现隐患{n}处，整改率{p}%。",
            "{town}对{few}家加油站开展夜查。",
            "{office}约谈企业负责人{n}人次，停产整顿{few}家。",
            "投入整治资金{w}万元，更换老化燃气管道{n}公里。",
            "组织应急演练{few}场，参加人员{m}人次。",
            "对逾期未整改的{few}处重大隐患挂牌督办。",
            "烟花爆竹零售点压减到{n}个。",
            "消防通道划线{n}处，清理占道车辆{m}辆次。",
        ],
    },
    Matter {
        name: "巡察反馈问题整改",
        parts: ["履行主体责任", "逐项销号整改", "建立长效机制"],
        sentences: [
            "对照反馈的{n}个问题，制定整改措施{m}条。",
            "已完成整改{n}个，长期坚持{few}个，建立制度{few}项。",
            "追回违规发放资金{w}万元，问责{few}人。",
            "{office}党组召开专题会议{few}次，开展谈话{n}人次。",
            "{town}清理低效项目{few}个，收回指标{n}亩。",
            "文件数量压减{p}%，取消重复报表{n}张。",
            "受理信访件{n}件，办结率{p}%。",
            "对{few}名干部进行交流轮岗。",
        ],
    },
    Matter {
        name: "秸秆综合利用",
        parts: ["健全收储体系", "落实补贴政策", "严格禁烧管控"],
        sentences: [
            "建成秸秆收储点{n}个，年收储能力{w}万吨。",
            "{town}离田利用面积{m}亩，综合利用率{p}%。",
            "每亩补贴{n}元，共发放{w}万元。",
            "{office}利用高空瞭望发现火点{few}处，均在{few}小时内扑灭。",
            "培育经营主体{few}家，吸纳就业{m}人。",
            "{month}月至{month}月为重点管控期，实行网格员包田到户。",
            "对露天焚烧的{few}人依法处以罚款。",
            "秸秆还田机械更新{n}台套，补贴比例{few}成。",
        ],
    },
];

/// A matter.
pub(crate) fn matter(random: &mut Random) -> &'static Matter {
    &MATTERS[random.below(MATTERS.len())]
}

/// An office, without its place.
pub(crate) fn office(random: &mut Random) -> &'static str {
    random.pick(&OFFICES)
}

impl Matter {
    /// So many of its sentences in a row, with figures.
    pub(crate) fn sentences(&self, random: &mut Random, place: &str, count: usize) -> String {
        let first = random.below(self.sentences.len());
        (first..first + count)
            .map(|at| fill(self.sentences[at % self.sentences.len()], random, place))
            .collect()
    }
}

/// Fills the gaps of `pattern`: `town`, `office` of the place, `month`, `few`
/// (2–9), `n` (10–99), `m` (100–9999), `w` (with a decimal), `p` (per cent).
fn fill(pattern: &str, random: &mut Random, place: &str) -> String {
    let mut filled = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (gap, after) = after.split_once('}').expect("gaps are closed");
        filled += before;
        match gap {
            "town" => filled += random.pick(&TOWNS),
            "office" => {
                filled += place;
                filled += office(random);
            }
            "month" => filled += &random.between(1, 12).to_string(),
            "few" => filled += &random.between(2, 9).to_string(),
            "n" => filled += &random.between(10, 99).to_string(),
            "m" => filled += &random.between(100, 9999).to_string(),
            "w" => filled += &format!("{}.{}", random.between(100, 9999), random.between(1, 9)),
            "p" => filled += &format!("{}.{}", random.between(80, 98), random.between(1, 9)),
            other => unreachable!("no gap is called {other}"),
        }
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gap_is_filled() {
        for matter in &MATTERS {
            let text = matter.sentences(&mut Random::of(&[1]), "雁洲县", 8);
            assert!(!text.contains(['{', '}']), "{text}");
        }
    }
}
