"""Citations, read by a BibTeX and a CSL library."""

import json
import warnings

import pytest
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from pybtex.database import parse_string

STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text">
  <info><title>test</title><id>test</id><updated>2020-01-01T00:00:00+00:00</updated></info>
  <citation><layout><text variable="title"/></layout></citation>
  <bibliography><layout>
    <names variable="author"><name/></names>
    <text prefix=". " variable="title"/>
    <date prefix=" (" suffix=")" variable="issued" form="numeric" date-parts="year-month-day"/>
    <text prefix=" " variable="URL"/>
  </layout></bibliography>
</style>"""


@pytest.fixture(scope="module")
def name(gongbao, sample):
    """An item of a notice that has all that can be cited."""
    out = gongbao("search", "隐性债务", "--corpus", sample, "--format", "jsonl").decode()
    hits = [json.loads(line) for line in out.splitlines()]
    hit = next(h for h in hits if h["organ"] and h["published"] and h["url"])
    return hit, f"{hit['id']}#{hit['passages'][0]['anchor']}"


def test_bibtex_in_pybtex(gongbao, sample, name):
    hit, name = name
    text = gongbao("cite", name, "--style", "bibtex", "--corpus", sample).decode()
    (entry,) = parse_string(text, "bibtex").entries.values()
    assert entry.type == "online"
    assert entry.fields["title"] == hit["title"]
    assert entry.fields["date"] == hit["published"]
    assert entry.fields["url"] == hit["url"]
    (author,) = entry.persons["author"]
    assert hit["organ"] in str(author)
    assert len(entry.fields["sha256"]) == 64


def test_csl_in_citeproc(gongbao, sample, name, tmp_path):
    hit, name = name
    items = json.loads(gongbao("cite", name, "--style", "csl-json", "--corpus", sample))
    path = tmp_path / "test.csl"
    path.write_text(STYLE, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        style = CitationStylesStyle(str(path), validate=False)
        source = CiteProcJSON(items)
        bibliography = CitationStylesBibliography(style, source, formatter.plain)
        bibliography.register(Citation([CitationItem(items[0]["id"])]))
        (line,) = map(str, bibliography.bibliography())
    for part in (hit["organ"], hit["title"], hit["published"][:4], hit["url"]):
        assert part in line, line
