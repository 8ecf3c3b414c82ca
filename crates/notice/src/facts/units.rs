//! Units that a number can have.

use super::{fact::FactKind, text::first_of};

/// Measure words and units, each with what it must not be followed by, since
/// the two together are another word: 三次产业, 12处理, 10条例.
///
/// Longer ones first among those that begin alike. Sources: GB 3100—1993 for
/// units of measure; the measure words that stand after figures in notices.
const UNITS: &[(&str, &str)] = &[
    // Occasions and people who come more than once.
    ("人次", ""),
    ("人（次）", ""),
    ("人(次)", ""),
    ("家次", ""),
    ("户次", ""),
    ("件次", ""),
    ("辆次", ""),
    ("车次", ""),
    ("架次", ""),
    ("艘次", ""),
    ("班次", ""),
    ("批次", ""),
    ("频次", ""),
    ("台次", ""),
    ("场次", ""),
    ("例次", ""),
    ("项次", ""),
    ("次", "产性第生日序要级代数"),
    ("场", "所地景面合馆"),
    ("期", "间限货末内满望"),
    ("批", "准复示发评量"),
    ("轮", "胎换岗训"),
    ("届", ""),
    ("遍", ""),
    ("趟", ""),
    ("班", "子级组"),
    // Time.
    ("个百分点", ""),
    ("个工作日", ""),
    ("个自然日", ""),
    ("个日历天", ""),
    ("工作日", ""),
    ("个小时", ""),
    ("小时", ""),
    ("分钟", ""),
    ("秒", ""),
    ("个月", ""),
    ("个季度", ""),
    ("个年度", ""),
    ("周年", ""),
    ("周岁", ""),
    ("岁", ""),
    ("年", "度级代行攻计规改产均来"),
    ("天", "然空气津地际府"),
    ("周", "边围期转"),
    ("日", "常报用前均益程照间产处"),
    // Measures.
    ("平方公里", ""),
    ("平方千米", ""),
    ("平方米", ""),
    ("平米", ""),
    ("立方米", ""),
    ("标准立方米", ""),
    ("公里", ""),
    ("千米", ""),
    ("厘米", ""),
    ("毫米", ""),
    ("微克", ""),
    ("毫克", ""),
    ("海里", ""),
    ("公顷", ""),
    ("亩", "均产"),
    ("公斤", ""),
    ("千克", ""),
    ("吨", ""),
    ("千瓦时", ""),
    ("千瓦", ""),
    ("兆瓦", ""),
    ("摄氏度", ""),
    ("米", "面粉"),
    ("升", "级学值降"),
    ("克", "服隆"),
    ("倍", "增"),
    ("标箱", ""),
    ("度", ""),
    ("华里", ""),
    ("里", "程"),
    ("平方", ""),
    ("方", "面案式便向针法可能位米"),
    ("TEU", ""),
    ("kW", ""),
    ("km", ""),
    ("㎡", ""),
    ("m²", ""),
    ("m2", ""),
    // People and organisations.
    ("人", "民大才口均类工社员事力物居身生格群"),
    ("名", "称单义录额下"),
    ("位", "置于列居次"),
    ("户", "籍口型外"),
    ("家", "庭园长具电政乡"),
    ("对", "照于接应口象标外"),
    ("所", "有在属需"),
    ("口", "岸径号粮"),
    // Things.
    ("个", "别人性体案"),
    ("件", ""),
    ("起", "诉草来源重点步"),
    ("条", "例件款目"),
    ("项", "目"),
    ("处", "理分置罚室级于方长所"),
    ("份", ""),
    ("篇", "章"),
    ("部门", ""),
    ("部", "分委署队长"),
    ("台", "账湾风阶"),
    ("套", "路用餐期"),
    ("辆", ""),
    ("艘", ""),
    ("座", "谈位右"),
    ("栋", ""),
    ("幢", ""),
    ("间", "接隔断谍"),
    ("张", "贴家"),
    ("本", "级次地市区县省科着月年办法单"),
    ("块", ""),
    ("支", "持出部付撑行农援委线"),
    ("只", "要有能"),
    ("头", "号"),
    ("匹", ""),
    ("棵", ""),
    ("株", ""),
    ("根", "据本治"),
    ("枚", ""),
    ("颗", "粒"),
    ("幅", "度员"),
    ("组", "织长成建合团工"),
    ("队", "伍员长"),
    ("类", "型别似区水"),
    ("种", "植类子养业粮"),
    ("宗", "旨教地"),
    ("笔", "试记"),
    ("例", "如会外行"),
    ("票", "据"),
    ("封", "闭控"),
    ("盏", ""),
    ("扇", ""),
    ("门", "类户诊店"),
    ("片", "区面"),
    ("段", "落"),
    ("道", "路德"),
    ("口井", ""),
    ("眼", "前"),
    ("孔", ""),
    ("层", "面级次"),
    ("节", "约能点假日"),
    ("册", ""),
    ("卷", ""),
    ("排", "名查放水污"),
    ("桩", ""),
    ("尾", ""),
    ("羽", ""),
    ("床", ""),
    ("枪", ""),
    ("桶", ""),
    ("瓶", "颈"),
    ("箱", ""),
    ("袋", ""),
    ("包", "括保干"),
    ("款", "项"),
    ("单", "位元"),
    ("站", ""),
    (
        "分",
        "之别局散布级类配管钟批享发工期行公片支院享解区步层段析会团厅",
    ),
    // Divisions and places, counted without a measure word.
    ("省份", ""),
    ("县区", ""),
    ("市县", ""),
    ("县市", ""),
    ("乡镇", ""),
    ("街道", "办"),
    ("社区", ""),
    ("村", "民委镇庄"),
    ("县", "级委域城政"),
    ("镇", "街区级政"),
];

/// Units of money: what is printed, and the unit it is counted in. The number
/// before has its 万 or 亿 already.
const MONEY: &[(&str, &str)] = &[
    ("元人民币", "元"),
    ("美元", "美元"),
    ("欧元", "欧元"),
    ("港元", "港元"),
    ("日元", "日元"),
    ("英镑", "英镑"),
    ("元", "元"),
];

/// What a unit may be counted for: 3000元/月.
const PER: [&str; 22] = [
    "平方米",
    "平方公里",
    "立方米",
    "公里",
    "千瓦时",
    "工作日",
    "人次",
    "小时",
    "月",
    "年",
    "人",
    "户",
    "亩",
    "吨",
    "天",
    "日",
    "次",
    "公斤",
    "个",
    "件",
    "床",
    "位",
];

/// A unit in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit<'t> {
    pub(super) kind: FactKind,
    /// Its name, `None` where the kind says it all.
    pub(super) name: Option<&'t str>,
    /// Bytes of it in the text.
    pub(super) len: usize,
}

/// The unit at the start of `text`, right after a number.
pub(super) fn read(text: &str) -> Option<Unit<'_>> {
    if let Some(word) = first_of(text, &["%", "％", "﹪"]) {
        return Some(Unit {
            kind: FactKind::Percent,
            name: Some("%"),
            len: word.len(),
        });
    }
    if text.starts_with('‰') {
        return Some(Unit {
            kind: FactKind::Quantity,
            name: Some("‰"),
            len: '‰'.len_utf8(),
        });
    }
    if let Some(word) = first_of(text, &["个百分点", "百分点"]) {
        return Some(Unit {
            kind: FactKind::Points,
            name: Some("百分点"),
            len: word.len(),
        });
    }
    if let Some((word, unit)) = MONEY.iter().find(|(word, _)| text.starts_with(word)) {
        if *word == "元" && text[word.len()..].starts_with(['素', '旦', '首', '宵', '月']) {
            return None;
        }
        let per = per(&text[word.len()..]);
        return Some(Unit {
            kind: FactKind::Money,
            name: Some(if per > 0 {
                &text[..word.len() + per]
            } else {
                unit
            }),
            len: word.len() + per,
        });
    }
    let first = text.chars().next()?;
    let (word, _) = UNITS.iter().find(|(word, not)| {
        word.starts_with(first)
            && text
                .strip_prefix(word)
                .is_some_and(|after| !after.starts_with(|c| not.contains(c)))
    })?;
    let len = word.len() + per(&text[word.len()..]);
    Some(Unit {
        kind: FactKind::Quantity,
        name: Some(&text[..len]),
        len,
    })
}

/// Bytes of /月 and its kind at the start of `text`.
fn per(text: &str) -> usize {
    let Some(rest) = text.strip_prefix('/').or_else(|| text.strip_prefix('／')) else {
        return 0;
    };
    let slash = text.len() - rest.len();
    first_of(rest, &PER).map_or(0, |word| slash + word.len())
}
