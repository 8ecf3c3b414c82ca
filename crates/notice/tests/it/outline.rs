//! Outlines and passages, from made-up notices to real ones where they are at
//! hand.

use std::{collections::HashSet, fs, path::Path};

use gongbao_notice::{BlockKind, Body, Node, Outline, Passage};
use proptest::prelude::*;

/// A made-up inspection report in the anatomy of the genre: (一) restarts,
/// 1. and (1) run on.
const REPORT: &str = "\
根据省委统一部署，省委巡视组对云溪县开展了巡视。现将整改情况公布如下：
一、组织落实整改情况
（一）提高政治站位。县委召开会议5次，专题研究整改。
（二）压实整改责任。制定整改措施91条。
二、聚焦问题推进整改
（一）贯彻落实决策部署方面
1.以学促干方面
(1)深入开展学习教育。一是集中学习5次。二是举办读书班。
(2)学用结合。组织外出考察2次。
2.防范化解风险方面
(3)坚决扛起债务化解责任。制定“1+4”方案，偿还本金3.5亿元。
（二）落实主体责任方面
3.责任传导方面
(4)层层签订责任书。
三、巩固拓展整改成果
县委将持续抓好后续整改。
一是提高站位。持续学习。
二是举一反三。完善制度。
欢迎广大干部群众监督。联系电话：0000-1234567；邮编：000000。
中共云溪县委员会
2025年9月1日";

fn outline(text: &str) -> (Body, Outline) {
    let body = Body::from_lines(text);
    let outline = Outline::of(&body);
    check_invariants(&body, &outline);
    (body, outline)
}

/// What holds for every text.
#[track_caller]
fn check_invariants(body: &Body, outline: &Outline) {
    let text = body.text();
    let mut at = 0;
    let mut anchors = HashSet::new();
    for passage in &outline.passages {
        assert_eq!(passage.range.start, at, "passages follow one another");
        at = passage.range.end;
        let part = &text[passage.range.clone()];
        assert!(!part.is_empty() && part.chars().count() <= 800);
        assert!(
            anchors.insert(&passage.anchor),
            "{} is unique",
            passage.anchor
        );
        let touched: Vec<usize> = (0..body.blocks().len())
            .filter(|&index| {
                let block = &body.blocks()[index].range;
                block.start < passage.range.end && passage.range.start < block.end + 1
            })
            .collect();
        assert_eq!(touched, passage.blocks.clone().collect::<Vec<_>>());
    }
    assert_eq!(at, text.len(), "passages are the whole text");
    let mut anchors = HashSet::new();
    for (index, node) in outline.nodes.iter().enumerate() {
        assert!(anchors.insert(&node.anchor), "{} is unique", node.anchor);
        assert!(text[node.heading.clone()].starts_with(&node.label));
        assert!(node.range.start <= node.heading.start && node.heading.end <= node.range.end);
        match node.parent {
            None => assert_eq!(node.depth, 0),
            Some(parent) => {
                assert!(parent < index, "parents come first");
                let parent = &outline.nodes[parent];
                assert_eq!(node.depth, parent.depth + 1);
                assert!(
                    parent.range.start < node.range.start && node.range.end <= parent.range.end
                );
            }
        }
        let own = outline
            .passages
            .iter()
            .find(|passage| passage.anchor == node.anchor);
        assert_eq!(own.is_none(), node.is_clause);
        let found = outline
            .passage(&node.anchor)
            .expect("every node is found in a passage");
        assert!(found.range.contains(&node.range.start));
    }
}

fn anchors(outline: &Outline) -> Vec<&str> {
    outline
        .passages
        .iter()
        .map(|passage| passage.anchor.as_str())
        .collect()
}

fn depths(outline: &Outline) -> Vec<usize> {
    let mut counts = Vec::new();
    for Node { depth, .. } in &outline.nodes {
        counts.resize(counts.len().max(depth + 1), 0);
        counts[*depth] += 1;
    }
    counts
}

fn text<'b>(body: &'b Body, passage: &Passage) -> &'b str {
    &body.text()[passage.range.clone()]
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let (_, outline) = outline(text);
    assert_eq!(anchors(&outline), expected);
    assert_eq!(outline.warnings, []);
}

#[test]
fn a_report_has_its_items_under_their_parents() {
    let (body, outline) = outline(REPORT);
    assert_eq!(depths(&outline), [3, 4, 3, 4]);
    assert_eq!(
        anchors(&outline),
        [
            "0", "1", "1.1", "1.2", "2", "2.1", "2.1.1", "2.1.1.1", "2.1.1.2", "2.1.2", "2.1.2.3",
            "2.2", "2.2.3", "2.2.3.4", "3", "end",
        ]
    );
    assert_eq!(outline.warnings, []);
    let passage = outline.passage("2.1.2.3").expect("(3) is a passage");
    assert_eq!(
        outline.path_texts(body.text(), passage),
        [
            "二、聚焦问题推进整改",
            "（一）贯彻落实决策部署方面",
            "2.防范化解风险方面",
            "(3)坚决扛起债务化解责任"
        ]
    );
    let closing = outline.passage("end").expect("there is a closing");
    assert!(
        text(&body, closing).starts_with("欢迎广大") && text(&body, closing).ends_with("9月1日")
    );
    assert_eq!(
        outline.node("2.1.2.3").map(|node| node.label.as_str()),
        Some("(3)")
    );
}

#[test]
fn clauses_stay_with_their_sentence() {
    let (body, outline) = outline(
        "第一章　总则\n第一条 为了公开账目，制定本办法。\n第二条 县级部门履行下列职责：\n（一）登记；\n（二）核对；\n\
         （三）公布。\n前款规定适用于乡镇。\n第十二条之一 本办法自公布之日起施行。",
    );
    assert_eq!(anchors(&outline), ["1", "1.1", "1.2", "1.12-1"]);
    let clause = outline.node("1.2.3").expect("a clause is a node");
    assert_eq!(&body.text()[clause.range.clone()], "（三）公布。\n");
    assert_eq!(outline.passage("1.2.3"), outline.passage("1.2"));
    assert_eq!(outline.warnings.len(), 1, "第十二条之一 after 第二条");
}

#[test]
fn notes_that_begin_on_the_line_of_their_word_are_in_order() {
    let (_, found) =
        outline("一、基本情况\n正文。\n注：1、数据为快报数。\n2、同比为可比口径。\n3、其余从略。");
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
    let (_, found) = outline("一、基本情况\n正文。\n2、同比为可比口径。");
    assert_eq!(found.warnings.len(), 1, "{:?}", found.warnings);
}

#[test]
fn a_list_inside_an_item_of_its_own_kind_is_told_apart() {
    check(
        "（一）关于抵押\n第一条 有下列情形之一的，应当登记：\n（一）甲；\n（二）乙。\n第二条 登记免费。\n（二）关于质押\n第三条 参照前条。",
        &["1", "1.1", "1.2", "2", "2.3"],
    );
}

#[test]
fn an_enclosed_document_has_a_numbering_of_its_own() {
    check(
        "各乡镇人民政府：\n现将《云溪县账目公开方案》印发给你们，请认真贯彻执行。\n一、加强领导。\n二、按时报送。\n云溪县人民政府\n\
         2025年9月1日\n云溪县账目公开方案\n一、总体要求\n（一）目标。全部公开。\n二、保障措施\n加强监督，务求实效。",
        &["0", "1", "2", "end", "0~2", "1~2", "1~2.1", "2~2"],
    );
}

#[test]
fn attachments_at_the_end_are_no_items() {
    check(
        "一、总体要求。各乡镇要高度重视，认真组织实施。\n二、时间安排。十月底前完成。\n附件：1.责任清单\n2.进度表\n云溪县人民政府\n2025年9月1日",
        &["1", "2", "end"],
    );
}

#[test]
fn contents_make_no_items() {
    check(
        "目录\n第一章 总则\n第二章 附则\n第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。",
        &["0", "1", "1.1", "2", "2.2"],
    );
}

#[test]
fn decimals_and_bare_numbers_are_items() {
    check(
        "云溪县防汛预案\n1 总则\n1.1 编制目的\n为做好防汛工作，制定本预案。\n1.2 适用范围\n1.2.1 县城\n1.2.2 乡镇\n2 组织体系\n2.1 指挥部\n今年投入\n1.5公里堤防。",
        &["0", "1", "1.1", "1.2", "1.2.1", "1.2.2", "2", "2.1"],
    );
}

#[test]
fn an_unusual_order_of_labels_is_followed() {
    check(
        "1.甲方面\n（一）子。\n（二）丑。\n2.乙方面\n（一）寅。",
        &["1", "1.1", "1.2", "2", "2.1"],
    );
}

#[test]
fn misprinted_numbers_are_told_and_lose_nothing() {
    let (_, outline) = outline("一、甲。\n二、乙。\n二、丙。\n五、丁。\n四、戊。");
    assert_eq!(anchors(&outline), ["1", "2", "2~2", "5", "4"]);
    let messages: Vec<&str> = outline
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "二、 repeats the number of 二、",
            "五、 follows 二、: a number is skipped",
            "四、 follows 五、: out of order"
        ]
    );
    assert!(
        outline
            .warnings
            .iter()
            .all(|warning| warning.about == "outline")
    );
}

#[test]
fn text_without_outline_is_gathered_into_passages() {
    let paragraph = format!("{}。\n", "甲".repeat(180));
    check(&paragraph.repeat(5), &["0", "0+2", "0+3"]);
    let (_, one) = outline(&format!("短。\n{}", "乙".repeat(790)));
    assert_eq!(anchors(&one), ["0", "0+2"]);
    let (_, none) = outline("");
    assert_eq!(none, Outline::default());
}

#[test]
fn a_long_item_is_cut_in_parts() {
    let (body, outline) = outline(&format!("一、甲。{}\n二、乙。", "子丑寅卯。".repeat(300)));
    assert_eq!(anchors(&outline), ["1", "1+2", "2"]);
    assert_eq!(outline.passages[1].node, Some(0));
    assert!(text(&body, &outline.passages[0]).ends_with('。'));
}

#[test]
fn table_rows_hold_no_labels() {
    let mut body = Body::new();
    body.push(BlockKind::Paragraph, "一、任务");
    body.push(BlockKind::TableRow, "1.\t修路\t3公里");
    let outline = Outline::of(&body);
    check_invariants(&body, &outline);
    assert_eq!(anchors(&outline), ["1"]);
}

/// The folder of real documents that stands beside a developer's checkout.
fn shared(path: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    fs::read_to_string(folder.join(path)).ok()
}

#[test]
fn the_jinghu_notice_has_its_45_items_in_place() {
    let Some(page) = shared("notices/jinghu-2025.txt") else {
        return;
    };
    let lines: Vec<&str> = page
        .lines()
        .skip_while(|line| !line.starts_with("时间:"))
        .skip(2)
        .take_while(|line| !line.starts_with("评论一下"))
        .collect();
    let (body, outline) = outline(&lines.join("\n"));
    assert_eq!(depths(&outline), [3, 8, 18, 45]);
    assert_eq!(outline.warnings, []);
    // The last item under each of 1. to 18., and the (一) to (四) above them.
    let last = [
        3, 7, 11, 15, 18, 21, 24, 27, 31, 33, 35, 37, 39, 41, 42, 43, 44, 45,
    ];
    let group = |third: usize| match third {
        1..=6 => 1,
        7..=10 => 2,
        11..=15 => 3,
        _ => 4,
    };
    let expected: Vec<String> = (1..=45)
        .map(|item| {
            let third = 1 + last.iter().filter(|&&last| last < item).count();
            format!("2.{}.{third}.{item}", group(third))
        })
        .collect();
    let items: Vec<&str> = outline
        .nodes
        .iter()
        .filter(|node| node.depth == 3)
        .map(|node| node.anchor.as_str())
        .collect();
    assert_eq!(items, expected);
    let passage = outline.passage("2.1.6.20").expect("item (20) is a passage");
    assert_eq!(
        outline.path_texts(body.text(), passage),
        [
            "二、聚焦问题症结,全力推进巡视反馈问题整改",
            "(一)贯彻落实党中央重大决策部署及省委工作要求",
            "6.防范化解重大风险方面",
            "(20)坚定坚决扛起债务化解责任"
        ]
    );
    assert_eq!(anchors(&outline).last(), Some(&"end"));
}

#[test]
fn every_character_of_real_notices_is_in_one_passage() {
    let Some(index) = shared("html/govcn/index.jsonl") else {
        return;
    };
    for line in index.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row is JSON");
        let (_, outline) = outline(row["body"].as_str().expect("a row has a body"));
        assert!(
            outline.passage("end").is_some(),
            "{} is signed",
            row["title"]
        );
    }
}

/// A line that starts like an item, a title, a signature or plain text.
fn line() -> impl Strategy<Value = String> {
    let number = prop_oneof!["[一二三四五六七八九十]{1,2}", "[1-9][0-9]?"];
    let label = prop_oneof![
        number.clone().prop_map(|n| format!("{n}、")),
        number.clone().prop_map(|n| format!("（{n}）")),
        number.clone().prop_map(|n| format!("({n})")),
        number.clone().prop_map(|n| format!("第{n}条 ")),
        number.clone().prop_map(|n| format!("第{n}章 ")),
        number.prop_map(|n| format!("{n}.")),
        "[1-3]\\.[1-3](\\.[1-3])? ",
        "[1-3] ",
        Just("①".to_owned()),
        Just("## 第一节 ".to_owned()),
        Just(String::new()),
    ];
    let text = prop_oneof![
        Just("总则".to_owned()),
        Just("履行下列职责：".to_owned()),
        "[甲乙丙，]{0,30}[。；：]",
        "[甲乙丙。]{300,900}",
        Just("附件1".to_owned()),
        Just("附件：1.清单".to_owned()),
        Just("目录".to_owned()),
        Just("云溪县人民政府".to_owned()),
        Just("2025年9月1日".to_owned()),
        Just("联系电话：0000-1234567".to_owned()),
        Just("各乡镇要认真贯彻执行本通知的各项要求。".to_owned()),
    ];
    (label, text).prop_map(|(label, text)| label + &text)
}

proptest! {
    #[test]
    fn any_text_keeps_every_character(text in "\\PC{0,400}(\\n\\PC{0,200}){0,5}") {
        outline(&text);
    }

    #[test]
    fn any_sequence_of_items_keeps_every_character(lines in prop::collection::vec(line(), 0..40)) {
        outline(&lines.join("\n"));
    }
}
