"""The program under test, and a corpus that it made of its sample."""

import os
import subprocess
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
