use gongbao_archive::{
    Archive, ArchiveError, Capture, CaptureKind, Corpus, Fate, RecordReader, VersionRecord, Writer,
};
use gongbao_notice::NoticeId;

use crate::{page, put, time};

const FIRST: &str = "https://xing.example.invalid/t1.html";
const SECOND: &str = "https://xing.example.invalid/公告/t2.html";

#[test]
fn what_was_put_comes_back_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let corpus = Corpus::at(dir.path().join("not/yet/there"));
    assert!(matches!(
        Archive::open(&corpus),
        Err(ArchiveError::NoCorpus { .. })
    ));

    let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    let capture = Capture {
        url: Some(SECOND),
        file_name: Some("t2.html"),
        modified: Some(time("2025-09-01T00:00:00Z")),
        ..page(SECOND, &bytes)
    };
    let mut writer = Writer::open(&corpus).unwrap();
    let stored = writer.put(&capture).unwrap();
    assert_eq!((stored.version, stored.fate), (1, Fate::New));
    assert_eq!(stored.id, NoticeId::from_key(SECOND));
    writer.finish().unwrap();

    let archive = Archive::open(&corpus).unwrap();
    let notice = archive.notice(&stored.id).unwrap().unwrap();
    assert_eq!(archive.find(SECOND).unwrap().as_ref(), Some(&notice));
    assert_eq!(notice.url.as_deref(), Some(SECOND));
    assert_eq!(notice.first_seen, time("2025-09-23T02:48:05Z"));
    assert_eq!(notice.newest.modified, capture.modified);
    assert_eq!(notice.newest.kind, CaptureKind::Page);
    let loaded = archive.load(&notice.newest).unwrap();
    assert!(loaded.bytes == bytes);
    let field = |name| loaded.head.get(name).unwrap();
    assert_eq!(field("WARC-Type"), "resource");
    assert_eq!(field("WARC-Date"), "2025-09-23T02:48:05Z");
    assert_eq!(
        field("WARC-Target-URI"),
        "https://xing.example.invalid/%E5%85%AC%E5%91%8A/t2.html"
    );
    assert_eq!(
        field("WARC-Payload-Digest"),
        format!("sha256:{}", notice.newest.sha256)
    );
    assert_eq!(field("Gongbao-Key"), SECOND);
    assert_eq!(field("Content-Type"), "text/html");
}

#[test]
fn the_same_again_changes_nothing_and_other_bytes_make_a_version() {
    let dir = tempfile::tempdir().unwrap();
    let corpus = Corpus::at(dir.path());
    let size = || {
        std::fs::metadata(corpus.archive_dir().join("gongbao-00001.warc.gz"))
            .unwrap()
            .len()
    };

    let mut writer = Writer::open(&corpus).unwrap();
    assert_eq!(put(&mut writer, FIRST, "甲"), (1, Fate::New));
    assert_eq!(put(&mut writer, FIRST, "甲"), (1, Fate::Unchanged));
    assert_eq!(put(&mut writer, SECOND, "甲"), (1, Fate::New));
    drop(writer); // commits
    let before = size();

    let mut writer = Writer::open(&corpus).unwrap();
    assert_eq!(put(&mut writer, FIRST, "甲"), (1, Fate::Unchanged));
    writer.commit().unwrap();
    assert_eq!(size(), before);
    let archive = Archive::open(&corpus).unwrap();
    assert_eq!(archive.last_change().unwrap(), 2);

    assert_eq!(put(&mut writer, FIRST, "乙"), (2, Fate::Changed));
    assert_eq!(put(&mut writer, FIRST, "甲"), (3, Fate::Changed));
    assert_eq!(archive.last_change().unwrap(), 2, "not committed yet");
    writer.commit().unwrap();
    assert_eq!(
        archive.last_change().unwrap(),
        4,
        "an open reader sees commits"
    );

    let id = NoticeId::from_key(FIRST);
    let versions = archive.versions(&id).unwrap();
    let texts: Vec<_> = versions
        .iter()
        .map(|version| String::from_utf8(archive.load(version).unwrap().bytes).unwrap())
        .collect();
    assert_eq!(texts, ["甲", "乙", "甲"]);
    assert_eq!(archive.notice_count().unwrap(), 2);
}

#[test]
fn changes_come_once_each_in_their_order() {
    let dir = tempfile::tempdir().unwrap();
    let corpus = Corpus::at(dir.path());
    let mut writer = Writer::open(&corpus).unwrap();
    for n in 0..1_234 {
        put(
            &mut writer,
            &format!("https://xing.example.invalid/{n}"),
            "甲",
        );
    }
    put(&mut writer, "https://xing.example.invalid/7", "乙");
    writer.commit().unwrap();

    let archive = Archive::open(&corpus).unwrap();
    let changes: Vec<_> = archive.changes_since(0).map(Result::unwrap).collect();
    assert_eq!(changes.len(), 1_234);
    assert!(changes.is_sorted_by(|a, b| a.seq < b.seq));
    assert_eq!(
        changes.last().unwrap().notice.key,
        "https://xing.example.invalid/7"
    );
    assert_eq!(changes.last().unwrap().seq, archive.last_change().unwrap());
    assert_eq!(archive.changes_since(1_230).count(), 5);
    assert_eq!(archive.changes_since(u64::MAX).count(), 0);

    let ids: Vec<_> = archive.notices().map(|notice| notice.unwrap().id).collect();
    assert_eq!(ids.len(), 1_234);
    assert!(ids.is_sorted());
}

#[test]
fn an_id_names_one_key() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = Writer::open(&Corpus::at(dir.path())).unwrap();
    let with_id = |key, id: &str| Capture {
        id: Some(id.parse().unwrap()),
        ..page(key, b"x")
    };
    assert_eq!(writer.put(&with_id("id:a", "a")).unwrap().id.as_str(), "a");
    let error = writer.put(&with_id(FIRST, "a")).unwrap_err();
    assert!(error.is_about_the_capture());
    let message = error.to_string();
    assert!(
        message.contains(FIRST) && message.contains("id:a"),
        "{message}"
    );

    let made = NoticeId::from_key(FIRST);
    writer.put(&with_id("id:x", made.as_str())).unwrap();
    let message = writer.put(&page(FIRST, b"x")).unwrap_err().to_string();
    assert!(
        message.contains(FIRST) && message.contains("id:x"),
        "{message}"
    );
    assert!(matches!(
        writer.put(&with_id("id:a", "b")),
        Err(ArchiveError::KeyTaken { .. })
    ));
    for bad in ["", "https://xing.example.invalid/\r\nWARC-Type: x"] {
        assert!(matches!(
            writer.put(&page(bad, b"x")),
            Err(ArchiveError::BadText { .. })
        ));
    }
}

#[test]
fn one_writes_and_others_read() {
    let dir = tempfile::tempdir().unwrap();
    let corpus = Corpus::at(dir.path());
    let mut writer = Writer::open(&corpus).unwrap();
    let Err(ArchiveError::Locked { holder }) = Writer::open(&corpus) else {
        panic!("two writers");
    };
    assert_eq!(holder.pid, std::process::id().to_string());
    put(&mut writer, FIRST, "甲");
    assert_eq!(Archive::open(&corpus).unwrap().notice_count().unwrap(), 0);
    writer.finish().unwrap();
    Writer::open(&corpus).unwrap();
}

#[test]
fn full_files_are_followed_by_new_ones_and_all_are_readable() {
    let dir = tempfile::tempdir().unwrap();
    let corpus = Corpus::at(dir.path());
    for round in 0..3 {
        let mut writer = Writer::open_with_file_size(&corpus, 4_000).unwrap();
        for n in 0..20 {
            put(
                &mut writer,
                &format!("https://xing.example.invalid/{round}/{n}"),
                "甲",
            );
        }
    }
    let mut files: Vec<_> = std::fs::read_dir(corpus.archive_dir())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() > 4, "{files:?}");

    let mut resources = 0;
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        assert!(bytes.len() < 5_000);
        let mut reader = RecordReader::new(bytes.as_slice(), 0);
        let (mut block, mut types) = (Vec::new(), Vec::new());
        while let Some((head, _)) = reader.next_record(&mut block, 1 << 20).unwrap() {
            types.push(head.get("warc-type").unwrap().to_owned());
        }
        assert_eq!(types[0], "warcinfo");
        assert!(types[1..].iter().all(|kind| kind == "resource"));
        resources += types.len() - 1;
    }
    assert_eq!(resources, 60);
    let archive = Archive::open(&corpus).unwrap();
    for notice in archive.notices() {
        assert_eq!(
            archive.load(&notice.unwrap().newest).unwrap().bytes,
            "甲".as_bytes()
        );
    }
}

#[test]
fn damage_is_told_with_file_and_offset() {
    let dir = tempfile::tempdir().unwrap();
    let corpus = Corpus::at(dir.path());
    let mut writer = Writer::open(&corpus).unwrap();
    put(&mut writer, FIRST, &"甲".repeat(500));
    put(&mut writer, SECOND, "乙");
    writer.finish().unwrap();
    let newest = |key| {
        Archive::open(&corpus)
            .unwrap()
            .find(key)
            .unwrap()
            .unwrap()
            .newest
    };
    let load = |version: &VersionRecord| Archive::open(&corpus).unwrap().load(version);
    let (first, second) = (newest(FIRST), newest(SECOND));
    let path = corpus.archive_dir().join(&first.warc_file);
    let whole = std::fs::read(&path).unwrap();

    let mut bad = whole.clone();
    bad[usize::try_from(first.warc_offset + first.warc_length / 2).unwrap()] ^= 0xff;
    std::fs::write(&path, &bad).unwrap();
    let message = load(&first).unwrap_err().to_string();
    assert!(
        message.contains(&first.warc_file)
            && message.contains(&format!("byte {}", first.warc_offset)),
        "{message}"
    );
    assert_eq!(load(&second).unwrap().bytes, "乙".as_bytes());

    std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    assert!(matches!(load(&second), Err(ArchiveError::Damaged { .. })));
    std::fs::write(&path, &whole).unwrap();
    let mut elsewhere = second.clone();
    elsewhere.sha256 = first.sha256.clone();
    assert!(matches!(
        load(&elsewhere),
        Err(ArchiveError::Damaged { .. })
    ));
    elsewhere.warc_file = "../catalog.sqlite".into();
    assert!(matches!(
        load(&elsewhere),
        Err(ArchiveError::Damaged { .. })
    ));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(load(&first), Err(ArchiveError::Damaged { .. })));
}
