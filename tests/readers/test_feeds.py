"""Feeds, read with feedparser and checked against the schema of RFC 4287."""

import urllib.parse
import urllib.request
from pathlib import Path

import feedparser
import pytest
from lxml import etree

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
ATOM = {"atom": "http://www.w3.org/2005/Atom"}


def test_a_topic_has_a_feed_that_a_reader_understands(server):
    feed = feedparser.parse(server + "/feeds/topics/debt-resolution.atom")
    assert feed.bozo == 0, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert feed.feed.id.startswith("urn:uuid:")
    assert feed.feed.title
    assert len(feed.entries) > 5
    ids = [entry.id for entry in feed.entries]
    assert len(set(ids)) == len(ids)
    dates = [entry.updated_parsed for entry in feed.entries]
    assert dates == sorted(dates, reverse=True)
    for entry in feed.entries:
        assert entry.title and entry.link.startswith(server)
        assert entry.content[0].value, "the passage stands in the entry"


def test_entries_appear_once(server):
    """A reader that comes again is told nothing new."""
    address = server + "/feeds/search.atom?q=" + urllib.parse.quote("债务")
    first = feedparser.parse(address)
    again = feedparser.parse(address, etag=first.etag)
    assert again.status == 304 and again.entries == []
    narrower = feedparser.parse(address + "&genre=" + urllib.parse.quote("报告"))
    assert {entry.id for entry in narrower.entries} <= {entry.id for entry in first.entries}


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/topics/debt-resolution.atom",
        "/feeds/topics/yangtze-fishing-ban.atom",
        "/feeds/search.atom?q=" + urllib.parse.quote("债务"),
        # A notice that means harm, and one without a title or date.
        "/feeds/search.atom?q=" + urllib.parse.quote("风车债务"),
        # Nothing matches.
        "/feeds/search.atom?q=" + urllib.parse.quote("独角兽养殖"),
        # Characters that XML and addresses escape.
        "/feeds/search.atom?q=" + urllib.parse.quote("债务 <&\"'>"),
    ],
)
def test_a_feed_is_valid_atom(server, path):
    with urllib.request.urlopen(server + path) as answer:
        assert answer.headers["content-type"].startswith("application/atom+xml")
        feed = etree.parse(answer)
    assert SCHEMA.validate(feed), SCHEMA.error_log
    (address,) = feed.xpath("/atom:feed/atom:link[@rel='self']/@href", namespaces=ATOM)
    with urllib.request.urlopen(address) as again:
        assert etree.tostring(etree.parse(again)) == etree.tostring(feed), "it is at its own address"
    # 4.1.1, 4.1.2: at most one alternate link of a type; ids are unique.
    for element in [feed.getroot(), *feed.iterfind("atom:entry", ATOM)]:
        assert len(element.xpath("atom:link[@rel='alternate']", namespaces=ATOM)) == 1
    ids = feed.xpath("//atom:id/text()", namespaces=ATOM)
    assert len(ids) == len(set(ids))


def test_the_schema_refuses_what_is_no_feed(server):
    """Or it would prove nothing."""
    with urllib.request.urlopen(server + "/feeds/topics/debt-resolution.atom") as answer:
        whole = answer.read()
    for name in ("id", "title", "updated", "author", "link"):
        for parent in ("atom:feed", "atom:entry"):
            feed = etree.fromstring(whole)
            around = feed if parent == "atom:feed" else feed.find(parent, ATOM)
            for element in around.findall(f"atom:{name}", ATOM):
                around.remove(element)
            assert not SCHEMA.validate(feed), f"{parent} without {name}"
