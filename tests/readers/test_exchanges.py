"""What a crawl keeps, read by warcio; what other crawlers keep, imported."""

import json
import subprocess
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import PROGRAM
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

PAGES = {
    "index.html": "<title>首页</title><a href='t1.html'>公告</a><a href='style.css'></a>",
    "t1.html": "<title>公告</title><h1>星州市公告</h1><p>正文。</p>",
    "style.css": "p {}",
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A corpus with every kind of record that a crawl writes."""
    corpus = tmp_path_factory.mktemp("kept") / "corpus"
    example = PROGRAM.parent / "examples" / "exchanges"
    subprocess.run([example, corpus], check=True, timeout=60)
    return corpus


def records(corpus):
    for path in sorted((corpus / "archive").glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                yield record, record.content_stream().read()


def test_every_digest_of_a_crawl_is_right(kept):
    class Arguments:
        inputs = [str(path) for path in (kept / "archive").glob("*.warc.gz")]
        verbose = False

    checker = Checker(Arguments)
    checker.process_all()
    assert checker.exit_value == 0


def test_exchanges_read_back(kept):
    types, pages, ids, revisits = [], [], {}, []
    for record, body in records(kept):
        types.append(record.rec_type)
        headers = record.rec_headers
        if record.rec_type == "response":
            assert record.http_headers.get_header("X-Archive-Orig-Transfer-Encoding") == "chunked"
            ids[headers.get_header("WARC-Record-ID")] = headers.get_header("WARC-Date")
            pages.append((record.http_headers.get_statuscode(), body.decode()))
        elif record.rec_type == "revisit":
            assert body == b""
            revisits.append(headers)
        elif record.rec_type == "request":
            assert headers.get_header("WARC-Concurrent-To")
    assert types[0] == "warcinfo"
    assert sorted(set(types)) == ["metadata", "request", "response", "revisit", "warcinfo"]
    assert pages == [
        ("200", "<h1>星州市公告</h1><p>渡口停航一天。</p>"),
        ("200", "<h1>星州市公告</h1><p>渡口停航两天。</p>"),
        ("404", "<p>访问的页面不存在</p>"),
    ]
    profiles = [headers.get_header("WARC-Profile").rsplit("/", 1)[1] for headers in revisits]
    assert profiles == ["identical-payload-digest", "server-not-modified"]
    for headers in revisits:
        assert ids[headers.get_header("WARC-Refers-To")] == headers.get_header("WARC-Refers-To-Date")


def test_the_history_tells_every_fetch(gongbao, kept):
    url = "https://xing.example.invalid/t1.html"
    told = gongbao("history", url, "--corpus", kept, "--format", "jsonl").decode().splitlines()
    fates = [json.loads(line)["fate"] for line in told]
    assert fates == ["new", "unchanged", "unchanged", "edited", "gone", "unreachable"]
    edit = json.loads(gongbao("diff", url, "--corpus", kept, "--format", "json"))["edits"]
    assert [change["kind"] for change in edit] == ["changed"]


@pytest.fixture(scope="module")
def fetched(tmp_path_factory):
    """A WARC file that GNU wget wrote of a site on loopback."""
    folder = tmp_path_factory.mktemp("site")
    for name, text in PAGES.items():
        (folder / name).write_text(text, encoding="utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    out = tmp_path_factory.mktemp("wget")
    try:
        subprocess.run(
            ["wget", "--quiet", "--recursive", "--no-proxy", "--warc-file=crawl",
             f"http://127.0.0.1:{server.server_port}/index.html"],
            cwd=out,
            timeout=60,
            check=False,  # 8 for the robots.txt that is not there
        )
    finally:
        server.shutdown()
    return out / "crawl.warc.gz"


def imported(gongbao, corpus, path):
    report = json.loads(gongbao("import", path, "--corpus", corpus, "--format", "json"))
    return report["report"]


def test_a_warc_of_wget_imports(gongbao, fetched, tmp_path):
    report = imported(gongbao, tmp_path, fetched)
    assert (report["new"], report["skipped"]) == (2, 0)
    assert report["left_out"]["other_type"] >= 1
    again = imported(gongbao, tmp_path, fetched)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)


def test_a_wacz_imports(gongbao, fetched, tmp_path):
    wacz = tmp_path / "crawl.wacz"
    with zipfile.ZipFile(wacz, "w") as archive:
        archive.writestr("datapackage.json", "{}")
        archive.write(fetched, "archive/crawl.warc.gz")
    report = imported(gongbao, tmp_path / "corpus", wacz)
    assert (report["new"], report["skipped"]) == (2, 0)
