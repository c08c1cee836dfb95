"""Loading files: what is new, what is the same, what is refused and why."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connections

from goldthread.journal import scope
from goldthread.journal.models import Event
from goldthread.organisation.models import Organisation, Person, Unit, UnitPlace
from goldthread.record.load import Report, Unusable, load
from goldthread.record.load.ods import titled
from goldthread.record.models.measures import PublishedMeasure, PublishedPoint

pytestmark = pytest.mark.django_db(databases=["default", "jobs"])
DATA = Path(__file__).parents[3] / "shared" / "data"
real = pytest.mark.skipif(not DATA.exists(), reason="the published files are not here")

TRUSTS = """trust_code,trust_name,nhs_region_code,icb_code,town,postcode,open_date,close_date
R0A,MANCHESTER UNIVERSITY NHS FOUNDATION TRUST,Y62,QOP,MANCHESTER,M13 9WL,20171001,
RGT,CAMBRIDGE UNIVERSITY HOSPITALS NHS FOUNDATION TRUST,Y61,QUE,CAMBRIDGE,CB2 0QQ,19930401,
RXX,SURREY AND BORDERS PARTNERSHIP NHS FOUNDATION TRUST,Y59,QXU,LEATHERHEAD,KT22 7AD,20050401,
RZZ,OLD TRUST,Y59,QZZ,X,X,20050401,20200401
"""
AE_HEAD = "nhs_trust22_code,total_attendances,attendances_over_4hours,total_emergency_admissions,date\n"
AE = AE_HEAD + "R0A,36777,7772,8941,2021-04-01\nRGT,1000,,300,2021-04-01\nR0A,41981,10187,10525,2021-05-01\n"
UNITS = """code,name,level,parent,organisation,valid_from
W7,Ward 7,ward,MED,T1,2020-01-01
MED,Medicine,division,T1,T1,2020-01-01
T1,Trust one,organisation,B1,T1,2020-01-01
B1,Board one,system,,B1,2020-01-01
T2,Trust two,organisation,B1,T2,
"""
PEOPLE = """organisation,code,name,email,staff_group,unit,fte
T1,1,Ana Silva,ana@example.org,Nursing,W7,0.8
T2,1,Bo Lind,,Managers,T2,
T1,2,Cy Reed,cy@example.org,Nursing,MED,1
"""


@pytest.fixture
def put(tmp_path: Path, at):
    """Write a file and load it; a later call happens later."""
    hours = iter(range(100))

    def put(kind: str, text: str | bytes, name: str = "file.csv", **more) -> Report:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return load(kind, path, at=at + timedelta(days=next(hours)), **more)

    return put


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.read, report.added, report.unchanged, report.corrected, report.rejected


def events() -> int:
    scope.enter(0, using="jobs")
    return Event.objects.using("jobs").filter(organisation_id=0).count()


def unit(code: str) -> Unit:
    return Unit.objects.using("jobs").get(organisation__code=code, code=code)


def points(measure: str, code: str) -> list[PublishedPoint]:
    found = PublishedPoint.objects.using("jobs").filter(measure_id=measure, unit=unit(code))
    return list(found.order_by("period_start", "known_at"))


def test_trusts_stand_below_boards_regions_and_the_nation(put):
    assert counts(put("ods-trusts", TRUSTS)) == (4, 4, 0, 0, 0)
    trust = unit("R0A")
    assert trust.name == "Manchester University NHS Foundation Trust"
    assert (trust.level, trust.valid_from, trust.valid_to) == ("organisation", date(2017, 10, 1), None)
    assert [trust.parent.code, trust.parent.parent.code, trust.parent.parent.parent.code] == ["QOP", "Y62", "X24"]
    assert trust.parent.parent.organisation.code == "X24"
    assert trust.path == [unit("X24").key, trust.parent.parent.key, trust.parent.key, trust.key]
    assert unit("RZZ").valid_to == date(2020, 4, 1)
    assert unit("QZZ").name == "QZZ"
    merged = unit("RW3")
    assert merged.successor == trust
    assert merged.valid_to == date(2017, 10, 1)
    assert merged.organisation.successor.code == "R0A"
    assert not Organisation.objects.using("jobs").filter(code="RR1").exists(), "its successor is not in the file"


def test_the_same_trusts_again_change_nothing(put):
    put("ods-trusts", TRUSTS)
    before = events()
    assert counts(put("ods-trusts", TRUSTS)) == (4, 0, 4, 0, 0)
    assert events() == before


def test_a_new_board_is_a_dated_move(put, at):
    put("ods-trusts", TRUSTS)
    report = put("ods-trusts", TRUSTS.replace("Y61,QUE,CAMBRIDGE", "Y61,QM7,CAMBRIDGE"))
    assert counts(report) == (4, 0, 3, 1, 0)
    trust = unit("RGT")
    assert trust.parent.code == "QM7"
    places = UnitPlace.objects.using("jobs").filter(unit_key=trust.key).order_by("period")
    moved = at.date() + timedelta(days=1)
    assert [(p.parent_key, p.period.lower, p.period.upper) for p in places] == [
        (unit("QUE").key, date(1993, 4, 1), moved),
        (unit("QM7").key, moved, None),
    ]


def test_names_keep_nhs_and_apostrophes():
    assert titled("GUY'S AND ST THOMAS' NHS FOUNDATION TRUST") == "Guy's and St Thomas' NHS Foundation Trust"
    assert titled("THE ROYAL MARSDEN NHS TRUST") == "The Royal Marsden NHS Trust"


def test_percentages_are_recomputed_from_counts(put):
    put("ods-trusts", TRUSTS)
    assert counts(put("ae-monthly", AE)) == (3, 3, 0, 0, 0)
    first, second = points("ae.within_four_hours", "R0A")
    assert (first.numerator, first.denominator) == (29005, 36777)
    assert first.value == pytest.approx(78.867, abs=0.001)
    assert (first.period_start, first.period_end, second.period_start) == (
        date(2021, 4, 1),
        date(2021, 5, 1),
        date(2021, 5, 1),
    )
    (blank,) = points("ae.within_four_hours", "RGT")
    assert blank.value is None
    assert points("ae.attendances", "RGT")[0].value == 1000
    measure = PublishedMeasure.objects.using("jobs").get(code="ae.within_four_hours")
    assert (measure.kind, measure.multiply, measure.direction, measure.period) == ("proportion", 100, "up", "month")


def test_a_changed_figure_is_a_new_vintage_and_the_same_file_nothing(put):
    put("ods-trusts", TRUSTS)
    put("ae-monthly", AE)
    before = events()
    assert counts(put("ae-monthly", AE)) == (3, 0, 3, 0, 0)
    assert events() == before
    assert counts(put("ae-monthly", AE.replace("36777", "36778"))) == (3, 0, 2, 1, 0)
    assert events() == before + 1
    old, new, _ = points("ae.attendances", "R0A")
    assert (old.value, new.value) == (36777, 36778)
    assert new.known_at > old.known_at
    assert len(points("ae.emergency_admissions", "R0A")) == 2, "a figure that did not change has no second vintage"


def test_an_earlier_clock_still_gives_a_later_vintage(put, tmp_path, at):
    put("ods-trusts", TRUSTS)
    put("ae-monthly", AE)
    (tmp_path / "again.csv").write_text(AE.replace("36777", "36778"))
    load("ae-monthly", tmp_path / "again.csv", at=at - timedelta(days=9))
    assert [p.value for p in points("ae.attendances", "R0A")][:2] == [36777, 36778]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("XXX,1,0,1,2021-04-01", "'XXX' is not known"),
        ("RGT,100,140,1,2021-04-01", "(140 %)"),
        ("RGT,100,-1,1,2021-04-01", "negative"),
        ("RGT,1e5,1,1,2021-04-01", "not a number"),
        ("RGT,100,1,1,2021-02-30", "not a date"),
        ("RGT,100,1,1,soon", "not a date"),
        ("RGT,100,1,1,2021-04-15", "not the first day"),
        ("RGT,100,1,1,2090-04-01", "future"),
        ("R0A,36777,7772,8941,2021-04-01", "repeats line 2"),
        ("R0A,1,1,1,2021-4-1", "repeats line 2"),
        ("RGT,100,1,1,", "date is empty"),
        ("RGT,100", "has 2 cells where the header has 5"),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_the_rest_kept(put, row, reason):
    put("ods-trusts", TRUSTS)
    report = put("ae-monthly", AE_HEAD + f"R0A,36777,7772,8941,2021-04-01\n{row}\nR0A,5,1,1,2021-06-01\n")
    assert counts(report) == (3, 2, 0, 0, 1)
    [(line, why)] = report.rejections
    assert line == 3
    assert reason in why


def test_lines_are_counted_as_the_file_counts_them(put):
    put("ods-trusts", TRUSTS)
    report = put(
        "ae-monthly", AE_HEAD + '\n"R0A","1","0","1",2021-04-01\n"X\nY",1,0,1,2021-04-01\nQQQ,1,0,1,2021-04-01\n'
    )
    assert [line for line, _ in report.rejections] == [4, 6]


def test_other_departments_and_treatments_are_passed_over(put):
    put("ods-trusts", TRUSTS)
    report = put(
        "ae-nhsr",
        "period,org_code,type,attendances,breaches,admissions\n2017-03-01,RW3,1,100,20,5\n2017-03-01,RW3,other,9,0,0\n",
    )
    assert (report.read, report.added, report.passed_over) == (2, 1, 1)
    assert points("ae.type1_within_four_hours", "RW3")[0].value == 80
    report = put(
        "rtt-monthly",
        "nhs_trust22_code,date,treatment,waits_over_18_weeks,waits_over_52_weeks\nR0A,2019-10-01,Total,118,0\n",
    )
    assert points("rtt.over_18_weeks", "R0A")[0].value == 118


def test_no_beds_is_no_value_rather_than_an_error(put):
    put("ods-trusts", TRUSTS)
    put(
        "beds-monthly",
        "nhs_trust22_code,date,general_acute_beds_available,general_acute_beds_occupied,"
        "adult_critical_care_beds_available,adult_critical_care_beds_occupied\nR0A,2022-04-01,200,150,0,0\n",
    )
    assert points("beds.general_acute_occupancy", "R0A")[0].value == 75
    assert points("beds.adult_critical_care_occupancy", "R0A")[0].value is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (AE.replace("1000", "10\x0000"), "line 3: contains a NUL"),
        (AE.encode().replace(b"RGT", b"R\xe9T"), "line 3: is not UTF-8"),
        (AE.replace("2021-05-01", "01/05/2021"), "line 4, column 'date': dates in two formats"),
        (AE.replace("total_attendances", "attendances"), "there is no column 'total_attendances'"),
        (AE_HEAD, "no row of values"),
        ("", "there is no column"),
        (AE.encode("utf-16"), "UTF-16"),
    ],
)
def test_an_unusable_file_leaves_nothing(put, text, says):
    put("ods-trusts", TRUSTS)
    before = events()
    with pytest.raises(Unusable, match=says):
        put("ae-monthly", text)
    assert events() == before
    assert not points("ae.attendances", "R0A")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(Unusable, match=r"nowhere\.csv: cannot be read"):
        load("units", tmp_path / "nowhere.csv")


def test_a_dry_run_counts_and_keeps_nothing(put):
    before = events()
    assert counts(put("ods-trusts", TRUSTS, dry_run=True)) == (4, 4, 0, 0, 0)
    assert events() == before
    assert not Organisation.objects.using("jobs").filter(code="R0A").exists()


def test_units_come_in_any_order_and_settle(put):
    assert counts(put("units", UNITS)) == (5, 5, 0, 0, 0)
    ward = Unit.objects.using("jobs").get(organisation__code="T1", code="W7")
    assert len(ward.path) == 4
    assert ward.path[0] == unit("B1").key
    assert counts(put("units", UNITS)) == (5, 0, 5, 0, 0)
    assert counts(put("units", UNITS.replace("W7,Ward 7,ward,MED", "W7,Ward seven,ward,T1"))) == (5, 0, 4, 1, 0)
    ward.refresh_from_db(using="jobs")
    assert (ward.name, len(ward.path)) == ("Ward seven", 3)
    assert UnitPlace.objects.using("jobs").filter(unit_key=ward.key).count() == 2


def test_units_may_change_places(put):
    put("units", UNITS)
    swapped = UNITS.replace("ward,MED,T1", "ward,T1,T1").replace("division,T1,T1", "division,W7,T1")
    assert counts(put("units", swapped)) == (5, 0, 3, 2, 0)
    below = Unit.objects.using("jobs").get(organisation__code="T1", code="MED")
    assert below.parent.code == "W7"
    assert below.path == [*below.parent.path, below.key]


def test_a_unit_cannot_stand_below_itself(put):
    put("units", UNITS)
    head = UNITS.splitlines()[0]
    report = put("units", f"{head}\nMED,Medicine,division,W7,T1,\nX,X,ward,Y,T1,\nY,Y,ward,X,T1,\n")
    assert counts(report) == (3, 0, 0, 0, 3)
    assert "below this unit" in report.rejections[0][1]


def test_bad_units_are_refused(put):
    head = UNITS.splitlines()[0]
    report = put(
        "units", UNITS + "A,A,ward,NONE,T1,\nB,B,ward,A,T1,\nC,C,ward,T9,T9,\nW7,Again,ward,T1,T1,\n,D,ward,T1,T1,\n"
    )
    assert report.added == 5
    assert [line for line, _ in report.rejections] == [7, 8, 9, 10, 11]
    assert counts(put("units", f"{head}\nT3,Trust,organisation,NONE,T3,\nW,W,ward,T3,T3,\n"))[1:] == (0, 0, 0, 2)


def test_people_are_written_in_their_own_organisations(put):
    put("units", UNITS)
    assert counts(put("people", PEOPLE)) == (3, 3, 0, 0, 0)
    assert counts(put("people", PEOPLE)) == (3, 0, 3, 0, 0)
    assert counts(put("people", PEOPLE.replace("Cy Reed", "Cy Rede"))) == (3, 0, 2, 1, 0)
    key = Organisation.objects.using("jobs").get(code="T1").id
    scope.enter(key, using="jobs")
    people = Person.objects.using("jobs").order_by("code")
    assert [(p.name, p.email, float(p.fte), p.unit.code) for p in people] == [
        ("Ana Silva", "ana@example.org", 0.8, "W7"),
        ("Cy Rede", "cy@example.org", 1.0, "MED"),
    ]
    left = Event.objects.using("jobs").filter(organisation_id=key)
    assert left.count() == 2
    assert "Silva" not in json.dumps([e.data for e in left])


def test_bad_people_are_refused_without_repeating_their_details(put):
    put("units", UNITS)
    report = put(
        "people",
        PEOPLE
        + "T1,3,Di Po,not-an-address,Nursing,W7,1\nT1,4,Ed Fo,,Nursing,W7,2.5\nT1,5,Fy Go,,Nursing,T2,1\n"
        + "T9,6,Gi Ho,,Nursing,W7,1\nT1,1,Ana Two,,Nursing,W7,1\nT1,7,,,Nursing,W7,1\n",
    )
    assert counts(report) == (9, 3, 0, 0, 6)
    assert [line for line, _ in report.rejections] == [5, 6, 7, 8, 9, 10]
    assert "Di Po" not in str(report.rejections)
    assert "not-an-address" not in str(report.rejections)


def test_the_command_prints_counts_and_rejected_lines(tmp_path, monkeypatch):
    from goldthread.cli import start
    from goldthread.cli.load import load as command

    monkeypatch.setattr(start, "start", lambda: None)
    path = tmp_path / "trusts.csv"
    path.write_text(TRUSTS + "".join(f"N{n},N,Y59,QXU,X,X,never,\n" for n in range(25)))
    shown = CliRunner().invoke(command, ["ods-trusts", str(path)])
    assert shown.exit_code == 0, shown.output
    assert "29 read, 4 added, 0 unchanged, 0 corrected, 25 rejected" in shown.output
    assert "line 6: open_date 'never' is not a date" in shown.output
    assert "and 5 more" in shown.output
    out = json.loads(CliRunner().invoke(command, ["ods-trusts", str(path), "--json"]).output)
    assert len(out["files"][0]["rejections"]) == 25
    path.write_text("code\n1\n")
    refused = CliRunner().invoke(command, ["ods-trusts", str(path)])
    assert refused.exit_code == 2
    assert "there is no column 'trust_code'" in refused.output


def test_the_command_knows_every_loader():
    from goldthread.cli.load import KINDS as offered
    from goldthread.record.load import KINDS

    assert offered == KINDS


@real
def test_the_published_files_load_and_load_again(at):
    def both(kind: str, file: str) -> Report:
        first = load(kind, DATA / file, at=at)
        again = load(kind, DATA / file, at=at + timedelta(days=1))
        assert (again.added, again.corrected) == (0, 0)
        assert again.unchanged == first.added + first.unchanged
        assert first.read == first.added + first.unchanged + first.rejected + first.passed_over
        return first

    assert both("ods-trusts", "organisations/ods_trusts_2025.csv").rejected == 0
    ae = both("ae-monthly", "performance/ae_by_trust_month_2021_2025.csv")
    assert ae.added > 7000
    assert both("ae-nhsr", "performance/ae_attendances_2016_2019.csv").added > 4000
    assert both("beds-monthly", "performance/beds_by_trust_month_2022_2025.csv").added > 5000
    assert both("rtt-monthly", "performance/rtt_by_trust_month_2019_2025.csv").added > 5000
    with connections["jobs"].cursor() as cursor:
        cursor.execute(
            "select min(value), max(value) from record_publishedpoint where measure_id = 'ae.within_four_hours'"
        )
        low, high = cursor.fetchone()
    assert 0 <= low < high <= 100
