use std::{
    cell::RefCell,
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use gongbao_archive::{
    Archive, ArchiveError, CaptureKind, Corpus, Fate, ImportEvent, ImportOptions, ImportReport,
    Imported, Writer, import, key_of_path,
};

use crate::time;

fn sniff(bytes: &[u8]) -> Result<(), String> {
    if bytes.contains(&0) {
        return Err("it has zero bytes".into());
    }
    Ok(())
}

pub(crate) fn options() -> ImportOptions<'static> {
    ImportOptions::new(time("2025-09-23T02:48:05Z"), sniff)
}

/// What an import did.
#[derive(Debug, Default)]
pub(crate) struct Ran {
    pub(crate) report: ImportReport,
    pub(crate) imported: Vec<Imported>,
    /// `name:line reason`, or `name reason`.
    pub(crate) skipped: Vec<String>,
    counted: (u64, u64),
    progress: (u64, u64),
}

pub(crate) fn run_with(
    corpus: &Corpus,
    paths: &[&Path],
    options: &ImportOptions<'_>,
) -> Result<Ran, ArchiveError> {
    let mut writer = Writer::open(corpus)?;
    let paths: Vec<PathBuf> = paths.iter().map(|&path| path.to_owned()).collect();
    let mut ran = Ran::default();
    let report = import(&mut writer, &paths, options, &mut |event| match event {
        ImportEvent::Counted { files, bytes } => ran.counted = (files, bytes),
        ImportEvent::Progress { files, bytes } => {
            assert!(bytes >= ran.progress.1, "progress goes back");
            ran.progress = (files, bytes);
        }
        ImportEvent::Imported(imported) => ran.imported.push(imported.clone()),
        ImportEvent::Skipped(skip) => {
            let name = skip
                .place
                .path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned();
            let line = skip
                .place
                .line
                .map(|line| format!(":{line}"))
                .unwrap_or_default();
            ran.skipped
                .push(format!("{name}{line} {}", skip.reason.name()));
        }
        _ => {}
    })?;
    writer.finish()?;
    ran.report = report;
    assert_eq!(ran.skipped.len() as u64, report.skipped);
    assert_eq!(
        ran.imported.len() as u64,
        report.new + report.changed + report.unchanged
    );
    Ok(ran)
}

pub(crate) fn run(corpus: &Corpus, path: &Path) -> Ran {
    run_with(corpus, &[path], &options()).unwrap()
}

/// A corpus and a folder for input.
pub(crate) fn set_up() -> (tempfile::TempDir, Corpus, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let (corpus, input) = (
        Corpus::at(dir.path().join("corpus")),
        dir.path().join("input"),
    );
    fs::create_dir(&input).unwrap();
    (dir, corpus, input)
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const ROWS: &str = "{\"id\":\"x-1\",\"title\":\"关于一的通知\",\"text\":\"正文一\"}\n\
    \n\
    {\"url\":\"https://xing.example.invalid/2\",\"text\":\"正文二\"}\r\n\
    no json\n\
    {\"id\":\"x-4\",\"title\":\"没有正文\"}\n\
    {\"id\":\"有 空格\",\"text\":\"正文五\"}";

#[test]
fn pages_texts_and_rows_are_kept_byte_for_byte() {
    let (_dir, corpus, input) = set_up();
    let page = "<html><title>公告</title><p>星州市公告</p>";
    fs::write(input.join("a.html"), page).unwrap();
    fs::write(input.join("b.txt.gz"), gzip("通知".as_bytes())).unwrap();
    fs::write(input.join("c.jsonl"), ROWS).unwrap();
    fs::write(
        input.join("d.shtml.zst"),
        zstd::encode_all(page.as_bytes(), 3).unwrap(),
    )
    .unwrap();
    fs::write(input.join("plain"), "没有扩展名的通知").unwrap();

    let ran = run(&corpus, &input);
    assert_eq!((ran.report.files, ran.report.new), (5, 7), "{ran:?}");
    assert_eq!(ran.skipped, ["c.jsonl:4 invalid_row", "c.jsonl:5 no_text"]);
    assert_eq!(ran.counted, ran.progress);

    let archive = Archive::open(&corpus).unwrap();
    let check = |key: &str, text: &str, kind, content_type: &str, file_name: &str| {
        let notice = archive.find(key).unwrap().expect(key);
        let loaded = archive.load(&notice.newest).unwrap();
        assert_eq!(String::from_utf8(loaded.bytes).unwrap(), text);
        assert_eq!(notice.newest.kind, kind);
        assert_eq!(notice.newest.content_type.as_deref(), Some(content_type));
        assert_eq!(notice.newest.file_name.as_deref(), Some(file_name));
        notice
    };
    let file = |name: &str| key_of_path(&input.join(name));
    let (pages, rows) = (CaptureKind::Page, CaptureKind::Row);
    let saved = check(&file("a.html"), page, pages, "text/html", "a.html");
    assert!(saved.newest.modified.is_some());
    check(&file("b.txt.gz"), "通知", pages, "text/plain", "b.txt");
    check(&file("d.shtml.zst"), page, pages, "text/html", "d.shtml");
    check(
        &file("plain"),
        "没有扩展名的通知",
        pages,
        "text/plain",
        "plain",
    );
    let lines: Vec<_> = ROWS.lines().collect();
    let row = check("id:x-1", lines[0], rows, "application/json", "c.jsonl");
    assert_eq!(row.id.as_str(), "x-1");
    let row = check(
        "https://xing.example.invalid/2",
        lines[2],
        rows,
        "application/json",
        "c.jsonl",
    );
    assert_eq!(row.url.as_deref(), Some("https://xing.example.invalid/2"));
    check(
        &format!("{}#L6", file("c.jsonl")),
        lines[5],
        rows,
        "application/json",
        "c.jsonl",
    );
    let told = ran.imported.iter().find(|row| row.key == "id:x-1").unwrap();
    assert_eq!(
        (told.title.as_deref(), told.place.line),
        (Some("关于一的通知"), Some(1))
    );
}

#[test]
fn importing_again_changes_nothing_and_an_edit_makes_a_version() {
    let (_dir, corpus, input) = set_up();
    fs::write(input.join("a.html"), "<p>一</p>").unwrap();
    fs::write(input.join("c.jsonl"), ROWS).unwrap();
    run(&corpus, &input);
    let seq = || Archive::open(&corpus).unwrap().last_change().unwrap();
    let before = seq();
    let again = run_with(&corpus, &[&input, &input.join("a.html")], &options()).unwrap();
    assert_eq!((again.report.new, again.report.changed), (0, 0));
    assert_eq!(again.report.unchanged, 5);
    assert_eq!(seq(), before);

    fs::write(input.join("a.html"), "<p>二</p>").unwrap();
    let edited = run(&corpus, &input);
    assert_eq!((edited.report.changed, edited.report.unchanged), (1, 3));
    let changed = edited
        .imported
        .iter()
        .find(|row| row.fate == Fate::Changed)
        .unwrap();
    assert_eq!(changed.version, 2);
    assert_eq!(seq(), before + 1);
}

#[test]
fn what_cannot_be_imported_is_told_and_stops_nothing() {
    let (_dir, corpus, input) = set_up();
    for (name, bytes) in [
        ("1-empty.html", &b""[..]),
        ("2-blank.html", b" \n "),
        ("3-picture.html", b"\x89PNG\0\0"),
        ("4-style.css", b"p {}"),
        ("5-large.txt", &[b'x'; 1001]),
        ("6-bomb.txt.gz", &gzip(&[b'x'; 100_000])),
        ("7-cut.txt.gz", &gzip(&[b'x'; 900])[..20]),
        ("8-none.txt.zst", b"not compressed at all"),
        ("9-good.txt", &[b'x'; 1000]),
    ] {
        fs::write(input.join(name), bytes).unwrap();
    }
    let options = ImportOptions {
        max_bytes: 1000,
        ..options()
    };
    let missing = input.join("missing.html");
    let ran = run_with(&corpus, &[&missing, &input], &options).unwrap();
    assert_eq!(ran.report.new, 1);
    assert_eq!(
        ran.skipped,
        [
            "missing.html unreadable",
            "1-empty.html empty",
            "2-blank.html empty",
            "3-picture.html not_text",
            "4-style.css not_a_page",
            "5-large.txt too_large",
            "6-bomb.txt.gz too_large",
            "7-cut.txt.gz unreadable",
            "8-none.txt.zst unreadable",
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_skipped() {
    use std::os::unix::fs::PermissionsExt;
    let (_dir, corpus, input) = set_up();
    let secret = input.join("secret.html");
    fs::write(&secret, "<p>一</p>").unwrap();
    fs::write(input.join("z.html"), "<p>二</p>").unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&secret).is_ok() {
        return; // root may read anything
    }
    let ran = run(&corpus, &input);
    assert_eq!(ran.skipped, ["secret.html unreadable"]);
    assert_eq!(ran.report.new, 1);
}

#[test]
fn rows_of_a_damaged_or_endless_stream_are_kept_up_to_there() {
    let (_dir, corpus, input) = set_up();
    let rows: String = (0..5_000)
        .map(|n| {
            format!(
                "{{\"id\":\"r-{n}\",\"text\":\"正文{n}，{}\"}}\n",
                n * 7919 % 1009
            )
        })
        .collect();
    let packed = zstd::encode_all(rows.as_bytes(), 3).unwrap();
    let path = input.join("rows.jsonl.zst");
    fs::write(&path, &packed[..packed.len() / 2]).unwrap();
    // Small frames, so that half the file is half the rows.
    let frames: Vec<u8> = rows
        .as_bytes()
        .chunks(10_000)
        .flat_map(|chunk| zstd::encode_all(chunk, 3).unwrap())
        .collect();
    fs::write(&path, &frames[..frames.len() / 2]).unwrap();
    let half = run(&corpus, &path);
    assert!(
        half.report.new > 1_000 && half.report.new < 4_000,
        "{:?}",
        half.report
    );
    assert_eq!(half.report.skipped, 1);

    fs::write(&path, &frames).unwrap();
    let rest = run(&corpus, &path);
    assert_eq!(
        rest.report.new + rest.report.unchanged,
        5_000,
        "{:?}",
        rest.skipped
    );

    let bounded = ImportOptions {
        max_stream_bytes: 50_000,
        max_bytes: 40,
        ..options()
    };
    let ran = run_with(&corpus, &[&path], &bounded).unwrap();
    assert!(
        ran.skipped.last().unwrap().ends_with("too_large"),
        "{:?}",
        ran.report
    );
    assert!(ran.report.unchanged + ran.report.skipped < 2_000);
}

#[test]
fn of_rows_with_one_name_the_first_is_kept() {
    let (_dir, corpus, input) = set_up();
    let path = input.join("rows.jsonl");
    let row = |text: &str| format!("{{\"id\":\"r\",\"text\":\"{text}\"}}\n");
    fs::write(&path, [row("一"), row("二"), row("一")].concat()).unwrap();
    let ran = run(&corpus, &path);
    assert_eq!(ran.skipped, ["rows.jsonl:2 repeated"]);
    assert_eq!((ran.report.new, ran.report.unchanged), (1, 1));
    let again = run(&corpus, &path);
    assert_eq!((again.report.new, again.report.changed), (0, 0));
}

#[test]
fn a_row_may_not_take_the_id_of_another_notice() {
    let (_dir, corpus, input) = set_up();
    let page = input.join("a.html");
    fs::write(&page, "<p>一</p>").unwrap();
    let id = run(&corpus, &page).imported[0].id.clone();
    let rows = input.join("rows.jsonl");
    fs::write(&rows, format!("{{\"id\":\"{id}\",\"text\":\"二\"}}")).unwrap();
    assert_eq!(run(&corpus, &rows).skipped, ["rows.jsonl:1 refused"]);
}

#[test]
fn two_thousand_files_import_and_an_interrupted_run_goes_on() {
    let (_dir, corpus, input) = set_up();
    for n in 0..2_000 {
        let dir = input.join(format!("{}", n / 100));
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join(format!("t{n}.html")), format!("<p>公告{n}</p>")).unwrap();
    }
    let stop = AtomicBool::new(false);
    let seen = RefCell::new(0);
    let options = ImportOptions {
        interrupt: Some(&stop),
        ..options()
    };
    let mut writer = Writer::open(&corpus).unwrap();
    let report = import(
        &mut writer,
        std::slice::from_ref(&input),
        &options,
        &mut |event| {
            if let ImportEvent::Progress { files, .. } = event {
                *seen.borrow_mut() = files;
                stop.store(files >= 700, Ordering::Relaxed);
            }
        },
    )
    .unwrap();
    assert!(report.interrupted);
    assert_eq!((report.new, *seen.borrow()), (700, 700));
    assert_eq!(Archive::open(&corpus).unwrap().notice_count().unwrap(), 700);
    drop(writer);

    let ran = run(&corpus, &input);
    assert!(!ran.report.interrupted);
    assert_eq!((ran.report.new, ran.report.unchanged), (1_300, 700));
    assert_eq!(ran.counted, ran.progress);
    assert_eq!(ran.counted.0, 2_000);
}
