"""The archive, read by warcio."""

import hashlib
import json

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


def test_records_hold_the_bytes_that_the_catalogue_names(gongbao, sample):
    digests = set()
    for path in (sample / "archive").glob("*.warc.gz"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type == "resource":
                    digests.add(hashlib.sha256(record.content_stream().read()).hexdigest())
    status = json.loads(gongbao("status", "--corpus", sample, "--format", "json"))
    assert len(digests) == status["notices"]
