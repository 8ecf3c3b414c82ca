"""Feeds, read with feedparser."""

import urllib.parse

import feedparser


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
