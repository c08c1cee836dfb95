"""The trusts of England below their integrated care boards, regions and the nation, from the Organisation Data Service."""

import re

from goldthread.record.load import (
    Loading,
    read_dates,
    reject_long,
    reject_missing,
    reject_repeated,
    stage,
)
from goldthread.record.load.units import WANT, build, remember

__all__ = ["remember", "run"]

NATION = ("X24", "NHS England")
REGIONS = {
    "Y56": "London",
    "Y58": "South West",
    "Y59": "South East",
    "Y60": "Midlands",
    "Y61": "East of England",
    "Y62": "North West",
    "Y63": "North East and Yorkshire",
}
ICBS = {
    "Q99": "Wales",
    "QE1": "Lancashire and South Cumbria",
    "QF7": "South Yorkshire",
    "QGH": "Herefordshire and Worcestershire",
    "QH8": "Mid and South Essex",
    "QHG": "Bedfordshire, Luton and Milton Keynes",
    "QHL": "Birmingham and Solihull",
    "QHM": "North East and North Cumbria",
    "QJ2": "Derby and Derbyshire",
    "QJG": "Suffolk and North East Essex",
    "QJK": "Devon",
    "QJM": "Lincolnshire",
    "QK1": "Leicester, Leicestershire and Rutland",
    "QKK": "South East London",
    "QKS": "Kent and Medway",
    "QM7": "Hertfordshire and West Essex",
    "QMF": "North East London",
    "QMJ": "North Central London",
    "QMM": "Norfolk and Waveney",
    "QNC": "Staffordshire and Stoke-on-Trent",
    "QNQ": "Frimley",
    "QNX": "Sussex",
    "QOC": "Shropshire, Telford and Wrekin",
    "QOP": "Greater Manchester",
    "QOQ": "Humber and North Yorkshire",
    "QOX": "Bath and North East Somerset, Swindon and Wiltshire",
    "QPM": "Northamptonshire",
    "QR1": "Gloucestershire",
    "QRL": "Hampshire and Isle of Wight",
    "QRV": "North West London",
    "QSL": "Somerset",
    "QT1": "Nottingham and Nottinghamshire",
    "QT6": "Cornwall and the Isles of Scilly",
    "QU9": "Buckinghamshire, Oxfordshire and Berkshire West",
    "QUA": "Black Country",
    "QUE": "Cambridgeshire and Peterborough",
    "QUY": "Bristol, North Somerset and South Gloucestershire",
    "QVV": "Dorset",
    "QWE": "South West London",
    "QWO": "West Yorkshire",
    "QWU": "Coventry and Warwickshire",
    "QXU": "Surrey Heartlands",
    "QYG": "Cheshire and Merseyside",
}
#: code, name, the day it ended, who took it over. Older figures are published under these codes.
MERGED = (
    ("RW3", "Central Manchester University Hospitals NHS Foundation Trust", "2017-10-01", "R0A"),
    ("RM2", "University Hospital of South Manchester NHS Foundation Trust", "2017-10-01", "R0A"),
    ("RGQ", "Ipswich Hospital NHS Trust", "2018-07-01", "RDE"),
    ("RJF", "Burton Hospitals NHS Foundation Trust", "2018-07-01", "RTG"),
    ("RR1", "Heart of England NHS Foundation Trust", "2018-04-01", "RRK"),
    ("RQQ", "Hinchingbrooke Health Care NHS Trust", "2017-04-01", "RGN"),
)
_SMALL = {"and", "of", "the", "for", "in", "on", "upon", "with", "under"}


def titled(name: str) -> str:
    """GUY'S AND ST THOMAS' NHS TRUST → Guy's and St Thomas' NHS Trust."""

    def word(found: re.Match[str]) -> str:
        text = found[0]
        if text.upper() in ("NHS", "CIC"):
            return text.upper()
        if text.lower() in _SMALL and found.start():
            return text.lower()
        return text[0].upper() + text[1:].lower()

    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)*", word, name)


def run(one: Loading) -> None:
    """Stage, check, and build nation → regions → boards → trusts; the boards and above come from the trusts' rows."""
    stage(one, ("trust_code", "trust_name", "nhs_region_code", "icb_code", "open_date", "close_date"))
    reject_missing(one, "trust_code", "trust_name", "nhs_region_code", "icb_code")
    reject_long(one, trust_code=20, trust_name=200, icb_code=20, nhs_region_code=20)
    read_dates(one, "open_date", "close_date")
    one.reject(
        """select line, 'close_date ' || close_date || ' is not after open_date ' || open_date from load_rows
           join load_dates a on a.written = open_date join load_dates b on b.written = close_date where b.day <= a.day"""
    )
    reject_repeated(one, "trust_code")
    one.reject(
        """select line, 'icb_code ' || icb_code || ' stands in region ' || nhs_region_code || ' here and in ' || region
             || ' in line ' || first
           from load_rows join (select distinct on (icb_code) icb_code, nhs_region_code as region, line as first
                                from load_rows order by icb_code, line) as boards using (icb_code)
           where nhs_region_code <> region"""
    )
    one.temp("load_want", WANT)
    names = one.ask("select line, trust_code, trust_name, icb_code from load_rows order by line")
    boards = one.ask("select distinct icb_code, nhs_region_code from load_rows order by 1")
    home = {code: icb for _, code, _, icb in names}
    # Rows that no line of the file states have line numbers below zero: they are not counted.
    made: list[tuple[str, str, str, str, str | None, str | None, str | None, str | None]] = [
        (NATION[0], NATION[0], NATION[1], "nation", "nation", None, None, None)
    ]
    made += [(NATION[0], code, name, "region", None, NATION[0], None, None) for code, name in REGIONS.items()]
    made += [
        (code, code, ICBS.get(code, code), "system", "icb", region if region in REGIONS else None, None, None)
        for code, region in boards
        if code not in home
    ]
    made += [
        (code, code, name, "organisation", "trust", home[after], ended, after)
        for code, name, ended, after in MERGED
        if after in home and code not in home
    ]
    one.cursor.executemany(
        """insert into load_want (line, org, code, name, level, org_kind, parent, valid_to, succ)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [(-at, *row) for at, row in enumerate(made, 1)],
    )
    one.do(
        """insert into load_want (line, org, code, level, org_kind, name, parent, valid_from, valid_to)
           select line, trust_code, trust_code, 'organisation', 'trust', trust_name, icb_code, a.day, b.day
           from load_rows left join load_dates a on a.written = open_date left join load_dates b on b.written = close_date"""
    )
    one.cursor.executemany(
        "update load_want set name = %s where line = %s", [(titled(name), line) for line, _, name, _ in names]
    )
    build(one)
