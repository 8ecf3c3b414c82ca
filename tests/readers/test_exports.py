"""Rows as CSV, Excel and Parquet, read by pandas, openpyxl and pyarrow."""

import io
import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

# A rare character, a formula, quotes, commas, a line break.
TITLE = '=HYPERLINK("㘰")，"引"'
TEXT = "一、债务\n“隐性,债务”\t'x'\n@其他"
ID = "000123456789012345678901234567890123456789"


@pytest.fixture(scope="module")
def odd(gongbao, tmp_path_factory):
    """A corpus of one notice whose cells are hard to keep intact."""
    folder = tmp_path_factory.mktemp("odd")
    (folder / "divisions.tsv").write_text(
        "code\tname\tshort\tlevel\tprovince\tprefecture\tstatus\tsuccessor\n"
        "010000\t某省\t某\tprovince\t某省\t\tcurrent\t\n",
        encoding="utf-8",
    )
    rows = folder / "rows.jsonl"
    row = {"id": ID, "title": TITLE, "text": TEXT, "date": "2024-01-02", "region": "010000"}
    rows.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    gongbao("import", rows, "--corpus", folder)
    gongbao("index", "--corpus", folder)
    return folder


def check_notice(row, harmless=""):
    assert row["id"] == ID
    assert row["title"] == harmless + TITLE
    assert row["region_code"] == "010000"
    assert row["text"].splitlines()[-1] == "@其他"


def test_csv_in_pandas(gongbao, odd, tmp_path):
    path = tmp_path / "notices.csv"
    gongbao("export", "--corpus", odd, "--output", path, "--bom")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(path, dtype={"id": str, "region_code": str})
    assert len(frame) == 1
    # In CSV a cell like a formula bears an apostrophe.
    check_notice(frame.iloc[0], harmless="'")


def test_jsonl_in_pandas(gongbao, odd):
    out = gongbao("export", "--corpus", odd, "--format", "jsonl").decode()
    frame = pd.read_json(io.StringIO(out), lines=True, dtype={"id": str, "region_code": str})
    check_notice(frame.iloc[0])


def test_xlsx_in_openpyxl(gongbao, odd, tmp_path):
    path = tmp_path / "notices.xlsx"
    gongbao("export", "--corpus", odd, "--output", path)
    header, row = openpyxl.load_workbook(path).active.iter_rows()
    cells = {name.value: cell for name, cell in zip(header, row)}
    check_notice({name: cell.value for name, cell in cells.items()})
    # Text, not a formula, not a number.
    assert cells["title"].data_type == "s" and cells["id"].data_type == "s"
    assert cells["region_code"].data_type == "s"
    assert cells["characters"].data_type == "n"
    assert cells["organ"].value is None


def test_parquet_in_pyarrow(gongbao, odd, tmp_path):
    path = tmp_path / "notices.parquet"
    gongbao("export", "--corpus", odd, "--output", path)
    table = pq.read_table(path)
    (row,) = table.to_pylist()
    check_notice(row)
    assert row["organ"] is None and isinstance(row["characters"], int)


@pytest.mark.parametrize(
    "command",
    [
        ["search", "债务", "--limit", "100"],
        ["search", "债务", "--unit", "passage", "--limit", "100"],
        ["kwic", "债务"],
        ["kwic", "债务", "--collocates"],
        ["count", "债务", "--by", "region,month"],
        ["export", "--unit", "passage"],
        ["facts", "债务"],
        ["facts", "--records"],
        ["topics"],
        ["status"],
    ],
)
def test_every_format_says_the_same(gongbao, sample, tmp_path, command):
    def read(ending, reader, **options):
        path = tmp_path / f"rows.{ending}"
        gongbao(*command, "--corpus", sample, "--output", path)
        return reader(path, **options)

    csv = read("csv", pd.read_csv, dtype=str, keep_default_na=False)
    parquet = read("parquet", pd.read_parquet)
    xlsx = read("xlsx", pd.read_excel, dtype=str, keep_default_na=False)
    assert list(csv.columns) == list(parquet.columns) == list(xlsx.columns)
    assert len(csv) == len(parquet) == len(xlsx) > 0
    for column in csv.columns:
        if pd.api.types.is_numeric_dtype(parquet[column]):
            numbers = pd.to_numeric(csv[column])
            assert numbers.equals(parquet[column].astype(numbers.dtype)), column
            assert pd.to_numeric(xlsx[column]).round(6).equals(numbers.round(6)), column
        else:
            assert list(csv[column]) == list(parquet[column].fillna("")) , column
            assert list(csv[column]) == list(xlsx[column]), column


def test_a_matrix_in_pandas(gongbao, sample, tmp_path):
    """What docs/study.md does with a matrix."""
    path = tmp_path / "counts.parquet"
    gongbao("count", "债务", "--by", "region,year", "--corpus", sample, "--output", path)
    counts = pd.read_parquet(path)
    matrix = counts.pivot(index="row_label", columns="column", values="notices")
    documents = counts.pivot(index="row_label", columns="column", values="documents")
    # Null where nothing was published, 0 where nothing matches.
    assert (matrix.isna() == (documents == 0)).all().all()
    found = json.loads(gongbao("search", "债务", "--corpus", sample, "--format", "json"))
    assert matrix.sum().sum() == found["total"]


def test_figures_are_numbers_and_codes_are_text(gongbao, odd, tmp_path):
    """Of a notice whose place has a code with a zero in front."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "divisions.tsv").write_text((odd / "divisions.tsv").read_text("utf-8"), "utf-8")
    rows = tmp_path / "rows.jsonl"
    text = "偿还债务12.5万元，办理3—5件，约占三成。"
    row = {"id": "a", "title": "关于债务的通知", "text": text, "region": "010000"}
    rows.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    gongbao("import", rows, "--corpus", corpus)
    gongbao("index", "--tables", "--corpus", corpus)
    wanted = {"12.5万元": (125000.0, None), "3—5件": (3.0, 5.0), "三成": (30.0, None)}

    gongbao("facts", "--corpus", corpus, "--output", tmp_path / "facts.parquet")
    table = pq.read_table(tmp_path / "facts.parquet")
    assert {name: str(table.schema.field(name).type) for name in ("start", "value", "upper")} == {
        "start": "int64", "value": "double", "upper": "double",
    }
    found = {row["printed"]: (row["value"], row["upper"]) for row in table.to_pylist()}
    assert found == wanted
    assert {row["region_code"] for row in table.to_pylist()} == {"010000"}

    gongbao("facts", "--corpus", corpus, "--output", tmp_path / "facts.xlsx")
    header, *cells = openpyxl.load_workbook(tmp_path / "facts.xlsx").active.iter_rows()
    names = [cell.value for cell in header]
    for row in (dict(zip(names, row)) for row in cells):
        assert row["value"].data_type == row["start"].data_type == "n"
        assert (row["value"].value, row["upper"].value) == wanted[row["printed"].value]
        assert row["region_code"].data_type == "s" and row["region_code"].value == "010000"

    catalogue = sqlite3.connect(corpus / "catalog.sqlite")
    query = "SELECT printed, value, upper, typeof(value), region_code FROM v_facts"
    rows = list(catalogue.execute(query))
    assert {row[0]: row[1:3] for row in rows} == wanted
    assert {row[3:] for row in rows} == {("real", "010000")}


def test_the_example_in_sql_runs(gongbao, sample, tmp_path):
    """The script in docs/exports.md, as it stands there."""
    text = (Path(__file__).parents[2] / "docs/exports.md").read_text("utf-8")
    (script,) = re.findall(r"```python sql\.py\n(.*?)```", text, re.DOTALL)
    (tmp_path / "corpus").symlink_to(sample)
    gongbao("index", "--tables", "--corpus", sample)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert lines and all(len(line) == 5 for line in lines)
    values = [float(line[2]) for line in lines]
    assert values == sorted(values, reverse=True) and values[0] > 1e6
    gongbao("show", lines[0][4], "--corpus", sample)
