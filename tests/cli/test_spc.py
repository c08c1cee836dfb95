"""`goldthread spc` as its contract in cli.md says: options, keys, exit status, messages."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from goldthread.cli.spc import spc
from goldthread.methods.spc import analyse

VALUES = [5, 7, 4, 6, 8, 5, 6, 4, 7, 5, 6, 7, 5, 4, 6, 7, 14]
PERFORMANCE = Path("/work/shared/data/performance")


def run(*arguments):
    return CliRunner().invoke(spc, [str(a) for a in arguments])


def document(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refused(*arguments):
    """The message on standard error of a run that could not be done."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    return " ".join(result.stderr.split())


@pytest.fixture
def write(tmp_path):
    def _write(text, name="data.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return _write


def months(values, start=2021):
    return [(f"{start + at // 12}-{at % 12 + 1:02}-01", value) for at, value in enumerate(values)]


def as_csv(rows, header="date,value"):
    return "\n".join([header, *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)]) + "\n"


@pytest.fixture
def one(write):
    return write(as_csv(months(VALUES)))


def test_the_document_has_every_key_of_the_contract(one):
    found = document(one, "--date", "date", "--value", "value", "--improve", "down", "--target", 20)
    assert list(found) == ["ruleset", "chart", "series", "expected_false_icons", "observed_icons"]
    assert (found["ruleset"], found["chart"], found["observed_icons"]) == ("mdc-2023", "xmr", 1)
    (series,) = found["series"]
    contract = ["key", "limits", "refused_because", "variation", "assurance", "diagnostics", "run", "points"]
    assert set(contract) <= set(series)
    assert {"n", "lag1", "sigma_z", "ties", "false_icon_probability"} <= set(series["diagnostics"])
    assert list(series["run"]) == ["useful", "longest", "longest_max", "crossings", "crossings_min", "signal"]
    point = series["points"][-1]
    assert list(point) == ["date", "value", "centre", "lower", "upper", "segment", "label", "flags", "type"]
    assert (point["date"], point["label"], point["type"]) == ("2022-05-01", "above_limit", "concern")
    assert (series["variation"], series["assurance"], series["limits"]) == ("concern_high", "pass", "ok")
    assert point["upper"] == analyse(VALUES).upper[0]


def test_rows_are_ordered_by_date_and_dates_echoed_as_given(write):
    rows = [("3 Mar 2021", 1), ("1 Jan 2021", 2), ("2 February 2021", 3)]
    points = document(write(as_csv(rows)), "--date", "date", "--value", "value")["series"][0]["points"]
    assert [(p["date"], p["value"]) for p in points] == [("1 Jan 2021", 2), ("2 February 2021", 3), ("3 Mar 2021", 1)]


@pytest.mark.parametrize(
    "dates",
    [
        ["10", "9", "8.5"],
        ["2/1/2021", "1/1/2021", "31/12/2020"],
        ["2021-03", "2021-02", "2020-12"],
        ["Mar-21", "Feb-21", "Jan-21"],
    ],
)
def test_every_accepted_kind_of_date_orders_the_points(write, dates):
    path = write(as_csv(zip(dates, (3, 2, 1), strict=True)))
    points = document(path, "--date", "date", "--value", "value")["series"][0]["points"]
    assert [p["value"] for p in points] == [1, 2, 3]


def test_an_empty_value_stays_a_point(write):
    rows = months([*VALUES[:5], None, *VALUES[5:]])
    points = document(write(as_csv(rows)), "--date", "date", "--value", "value")["series"][0]["points"]
    assert (points[5]["value"], points[5]["label"]) == (None, "common_cause")


def test_by_where_multiply_numerator_and_denominator(write):
    rows = []
    for site in ("B", "A"):
        for kind in ("1", "2"):
            rows += [(date, site, kind, value, 20) for date, value in months(VALUES)]
    path = write(as_csv(rows, "date,site,kind,seen,all"))
    shares = ("--date", "date", "--numerator", "seen", "--denominator", "all", "--multiply", 100)
    found = document(path, *shares, "--by", "site", "--where", "kind=2")
    assert [s["key"] for s in found["series"]] == ["A", "B"]
    assert found["series"][0]["points"][0]["value"] == 25
    both = document(path, *shares, "--by", "kind", "--where", "site=A", "--where", "kind=1", "--where", "kind=2")
    assert [s["key"] for s in both["series"]] == ["1", "2"]
    assert "occurs twice in series 'A'" in refused(path, *shares, "--by", "site")
    assert "what is there: '1', '2'" in refused(path, *shares, "--where", "kind=9")
    assert "COL=VALUE" in refused(path, *shares, "--where", "kind")


def test_rebase_baseline_and_screening_reach_the_method(one):
    basic = (one, "--date", "date", "--value", "value")
    points = document(*basic, "--rebase", "2022-01-01")["series"][0]["points"]
    assert [p["segment"] for p in points] == [0] * 12 + [1] * 5
    assert document(*basic, "--baseline", 6)["series"][0]["points"][0]["upper"] == analyse(VALUES, baseline=6).upper[0]
    assert any("baseline" in w for w in document(*basic, "--baseline", 6)["series"][0]["warnings"])
    for flag, screen in (("--screen", True), ("--no-screen", False)):
        for rules in ("mdc-2023", "mdc-r-0.2.2"):
            upper = document(*basic, flag, "--ruleset", rules)["series"][0]["points"][0]["upper"]
            assert upper == analyse(VALUES, screen=screen, ruleset=rules).upper[0]
    assert "outside the data, which run from 2021-01-01 to 2022-05-01" in refused(*basic, "--rebase", "2030-01-01")
    assert "not a date" in refused(*basic, "--rebase", "soon")
    assert "x>=2" in refused(*basic, "--baseline", 1)


def test_a_short_or_constant_series_is_refused_limits_with_exit_0(write):
    short = document(write(as_csv(months([1, 2, 3]))), "--date", "date", "--value", "value")["series"][0]
    assert (short["limits"], short["points"][0]["upper"]) == ("refused", None)
    assert "fewer than 6" in short["refused_because"]


def test_run_charts_and_the_anhoej_rules(one):
    found = document(one, "--date", "date", "--value", "value", "--chart", "run", "--ruleset", "anhoej")
    assert found["series"][0]["points"][0]["centre"] == 6
    assert found["series"][0]["points"][0]["lower"] is None


def test_gaps_between_dates_are_reported_not_filled(write):
    rows = months(VALUES)
    del rows[4]
    series = document(write(as_csv(rows)), "--date", "date", "--value", "value")["series"][0]
    assert len(series["points"]) == len(VALUES) - 1
    assert any("between 2021-04-01 and 2021-06-01" in w for w in series["warnings"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("date,value\n2021-01-01,12%\n", "data.csv, line 2, column 'value': '12%' is not a number"),
        ("date,value\n2021-01-01,1\n2021-02-01,n/a\n", "line 3, column 'value': 'n/a' is not a number"),
        ("date,value\n2021-01-01,inf\n", "'inf' is not a number"),
        ("date,value\n2021-01-01,1_000\n", "is not a number"),
        ("date,value\n2021-01-01,1\n01/02/2021,2\n", "two formats, year-month-day in line 2"),
        ("date,value\n01/02/2021,1\n2021-01-01,2\n", "year-month-day in line 3 ('2021-01-01')"),
        ("date,value\n2021-02-30,1\n", "no such date as '2021-02-30'"),
        ("date,value\n12/25/2021,1\n", "no such date"),
        ("date,value\nyesterday,1\n", "'yesterday' is not a date; accepted: 2024-04-30"),
        ("date,value\n,1\n", "line 2, column 'date': the date is empty"),
        ("date,value\n2021-01-01,1\n\n2021-01-01,2\n", "lines 2 and 4: the date '2021-01-01' occurs twice"),
        ("date,value\n2021-01-01,1\n2021-1-1,2\n", "lines 2 and 3"),
        ("date,value\n2021-01-01\n", "line 2: has 1 cells where the header has 2"),
        ("date,value\n2021-01-01,1,2\n", "line 2: has 3 cells"),
        ("date,value,value\n", "two columns are called 'value'"),
        ("date,,value\n", "column 2 has no name"),
        ("date;value\n2021-01-01;1\n", "separated by commas"),
        ("month,value\n2021-01,1\n", "no column 'date'; the columns are: month, value"),
        ("date,value\n", "no row of values"),
        ("", "is empty"),
        (b"date,value\n2021-01-01,1\n2021-02-01,\x002\n", "line 3: contains a NUL byte"),
        (b"date,value\n2021-01-01,\xe9\n", "line 2: is not UTF-8"),
        ("date,value\n2021-01-01,1\n".encode("utf-16"), "UTF-16"),
        (b"date,value\n2021-01-01," + b"9" * 200_000 + b"\n", "line 2: cannot be read as CSV"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(write, text, says):
    assert says in refused(write(text), "--date", "date", "--value", "value", "--json")


def test_a_huge_cell_is_not_repeated_in_the_message(write):
    message = refused(write("date,value\n2021-01-01," + "x" * 100_000 + "\n"), "--date", "date", "--value", "value")
    assert len(message) < 400


def test_denominators_must_count_something(write):
    shares = ("--date", "date", "--numerator", "a", "--denominator", "b")
    assert "negative" in refused(write("date,a,b\n2021-01-01,1,-2\n"), *shares)
    assert "although the numerator is 3" in refused(write("date,a,b\n2021-01-01,3,0\n"), *shares)
    empty = document(write("date,a,b\n2021-01-01,0,0\n2021-02-01,1,2\n2021-03-01,,2\n"), *shares)
    assert [p["value"] for p in empty["series"][0]["points"]] == [None, 0.5, None]


def test_options_that_do_not_fit_are_refused(one):
    basic = (one, "--date", "date")
    assert "either --value COL" in refused(*basic)
    assert "either --value COL" in refused(*basic, "--value", "value", "--numerator", "value")
    assert "go together" in refused(*basic, "--numerator", "value")
    assert "--chart p is not available yet; available: xmr, run" in refused(*basic, "--value", "value", "--chart", "p")
    assert "--chart pie is not known" in refused(*basic, "--value", "value", "--chart", "pie")
    assert "nelson-8 is not available yet" in refused(*basic, "--value", "value", "--ruleset", "nelson-8")
    assert "cannot be read" in refused("nowhere.csv", "--date", "date", "--value", "value")
    assert "cannot be read" in refused("nowhere.xlsx", "--date", "date", "--value", "value")


def test_a_byte_order_mark_is_tolerated(write):
    path = write("\ufeff" + as_csv(months(VALUES)))
    assert len(document(path, "--date", "date", "--value", "value")["series"][0]["points"]) == len(VALUES)


def xlsx(rows):
    """A workbook just large enough: inline text and numbers on one sheet."""
    cells = "".join(
        f'<row r="{at}">'
        + "".join(
            f'<c r="{"AB"[column]}{at}" t="inlineStr"><is><t>{cell}</t></is></c>'
            if isinstance(cell, str)
            else f'<c r="{"AB"[column]}{at}"><v>{cell}</v></c>'
            for column, cell in enumerate(row)
            if cell is not None
        )
        + "</row>"
        for at, row in enumerate(rows, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{types}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{related}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{related}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{related}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}')
    return out.getvalue()


def test_a_spreadsheet_gives_the_same_answer_as_csv(write, one):
    path = write(xlsx([("date", "value"), *months(VALUES)]), "data.xlsx")
    basic = ("--date", "date", "--value", "value")
    assert document(path, *basic) == document(one, *basic)
    wrong = write(xlsx([("date", "value"), ("2021-01-01", 1), ("2021-02-01", "many")]), "data.xlsx")
    assert "data.xlsx, line 3, column 'value': 'many' is not a number" in refused(wrong, *basic)
    assert "spreadsheet" in refused(write("date,value\n", "data.ods"), *basic)
    assert "name a spreadsheet .xlsx" in refused(write(xlsx([("date", "value")]), "data.csv"), *basic)


def test_people_get_a_short_table(one):
    result = run(one, "--date", "date", "--value", "value", "--improve", "down")
    assert result.exit_code == 0
    for words in ("above limit", "chance alone would colour", "Runs about the median"):
        assert words in " ".join(result.stdout.split())


def test_the_same_file_gives_the_same_document(one):
    basic = (one, "--date", "date", "--value", "value", "--json")
    assert run(*basic).stdout == run(*basic).stdout
    assert str(one.parent) not in run(*basic).stdout


def test_the_command_needs_neither_django_nor_the_record():
    code = "import sys, goldthread.cli.spc; print([m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg') "
    code += "or m.startswith('goldthread.record')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not PERFORMANCE.exists(), reason="the published files are not here")
def test_a_published_file_is_read_whole():
    found = document(
        PERFORMANCE / "ae_attendances_2016_2019.csv", "--date", "period", "--numerator", "breaches",
        "--denominator", "attendances", "--by", "org_code", "--where", "type=1", "--improve", "down",
    )  # fmt: skip
    assert len(found["series"]) == 140
    assert sum(len(s["points"]) for s in found["series"]) > 4900
    # So much does one month resemble the next that chance alone would colour about as many icons as are coloured.
    assert found["expected_false_icons"] == pytest.approx(found["observed_icons"], rel=0.2)
