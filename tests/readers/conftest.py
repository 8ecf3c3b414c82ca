"""The program under test, and a corpus that it made of its sample."""

import http.server
import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongbao"


@pytest.fixture(scope="session")
def gongbao(tmp_path_factory):
    """Runs the program in an empty folder and returns what it printed.

    Fails the test unless it ends with 0.
    """
    home = tmp_path_factory.mktemp("home")

    def run(*arguments, **options):
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        environment.pop("GONGBAO_CORPUS", None)
        done = subprocess.run(
            [PROGRAM, *map(str, arguments)],
            cwd=home,
            env=environment,
            stdout=subprocess.PIPE,
            timeout=120,
            check=True,
            **options,
        )
        return done.stdout

    return run


@pytest.fixture(scope="session")
def sample(gongbao, tmp_path_factory):
    """The folder of a corpus that holds the built-in sample, indexed."""
    corpus = tmp_path_factory.mktemp("sample") / "corpus"
    gongbao("demo", "--corpus", corpus, "--format", "json")
    return corpus


#: An edit of a notice, so that there is something to compare.
EDITED = """<html><head><title>关于灯塔债务的通告</title></head><body><h1>关于灯塔债务的通告</h1>
<p>一、灯塔债务总体平稳可控。</p><p>二、今年偿还灯塔债务{debt}亿元。</p></body></html>"""

#: A notice that two sites publish.
TWICE = """<html><head><title>关于绿灯债务的通告</title></head><body><h1>关于绿灯债务的通告</h1>
<p>一、绿灯债务总体平稳可控，各项指标均在规定限额之内，全年没有新增隐性债务，到期本息已经全部按时偿还，风险等级由上年的黄色降为绿色，相关情况已经同级人大常委会审议，并将在政府网站上向社会公开，接受群众监督。</p>
<p>二、严格执行绿灯债务化解方案，由财政部门牵头，各乡镇和有关单位参加，按月通报进度，按季核对台账，对进度落后的约谈主要负责人，年底前完成全部偿还任务，完成情况列入年度考核，并向审计部门抄送。</p></body></html>"""

#: A notice that means harm.
HOSTILE = """<html><head><title>{long}</title>
<style>body {{ display: none }}</style>
<link rel="stylesheet" href="{outside}/style.css"><link rel="preload" as="image" href="{outside}/preload.png">
<meta http-equiv="refresh" content="0;url={outside}/refresh">
<script>window.ran = 1; fetch("{outside}/fetch")</script></head>
<body onload="window.ran = 2">
<h1>&lt;script&gt;window.ran = 3&lt;/script&gt;\u202e关于风车债务的通告</h1>
<p>一、风车债务&lt;/mark&gt;&lt;script&gt;window.ran = 4&lt;/script&gt;与&lt;svg onload="window.ran = 5"&gt;。</p>
<p>二、<a id="trap" href="javascript:window.ran = 6">风车债务</a>\u202e倒写\u2066，&lt;img src=x onerror="window.ran = 7"&gt;。</p>
<svg xmlns="http://www.w3.org/2000/svg" onload="window.ran = 8"><script>window.ran = 9</script></svg>
<img src="{outside}/image.png" onerror="window.ran = 10"><iframe src="{outside}/frame"></iframe>
<form action="{outside}/form"><input autofocus onfocus="window.ran = 11"></form>
</body></html>"""


@pytest.fixture(scope="session")
def outside():
    """A server that no page may ask for anything, and what it was asked for."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listener.server_port}", asked
    listener.shutdown()


@pytest.fixture(scope="session")
def served(gongbao, sample, outside, tmp_path_factory):
    """The sample with an edited notice and one that means harm."""
    corpus = tmp_path_factory.mktemp("served") / "corpus"
    shutil.copytree(sample, corpus)
    pages = tmp_path_factory.mktemp("pages")
    notice = pages / "lighthouse.html"
    for debt in (3, 5):
        notice.write_text(EDITED.format(debt=debt), encoding="utf-8")
        gongbao("import", "--corpus", corpus, notice)
    for name in ("green.html", "green-again.html"):
        (pages / name).write_text(TWICE + f"<!-- {name} -->", encoding="utf-8")
        gongbao("import", "--corpus", corpus, pages / name)
    hostile = pages / "hostile.html"
    hostile.write_text(HOSTILE.format(outside=outside[0], long="长" * 300_000), encoding="utf-8")
    gongbao("import", "--corpus", corpus, hostile)
    gongbao("index", "--corpus", corpus)
    return corpus


@pytest.fixture(scope="session")
def server(served):
    """The address at which the corpus is served."""
    program = subprocess.Popen(
        [PROGRAM, "serve", "--quiet", "--corpus", served, "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    yield program.stdout.readline().strip().rstrip("/")
    program.terminate()
    assert program.wait(timeout=30) == 0, "it ends in peace when it is told to"
