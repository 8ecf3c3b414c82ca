"""The archive, read by warcio."""

import hashlib
import sqlite3

from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker


def test_every_digest_is_right(sample):
    files = [str(path) for path in (sample / "archive").glob("*.warc.gz")]
    assert files

    class Arguments:
        inputs = files
        verbose = False

    checker = Checker(Arguments)
    checker.process_all()
    assert checker.exit_value == 0


def test_records_hold_the_bytes_that_the_catalogue_names(sample):
    digests = set()
    for path in (sample / "archive").glob("*.warc.gz"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type in ("resource", "response"):
                    digests.add(hashlib.sha256(record.raw_stream.read()).hexdigest())
    with sqlite3.connect(f"file:{sample / 'catalog.sqlite'}?mode=ro", uri=True) as catalogue:
        named = {digest for (digest,) in catalogue.execute("SELECT sha256 FROM versions")}
    assert named
    assert named <= digests
