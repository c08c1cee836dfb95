"""A scheme in sentences and as a document."""

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from goldthread.methods.rights import Then, check, explain, in_words, to_markdown, when_in_words
from goldthread.methods.rights.words import how_in_words, silence_in_words
from tests.methods.rights.tables import policy_of

TEXT = """
title = "A *small* trust"
[attributes.scope]
type = "ordered"
values = ["team", "department", "division", "organisation"]
words = { team = "one ward" }
[attributes.cost]
type = "int"
min = 0
unit = "£"
title = "cost over twelve months"
[attributes.days]
type = "int"
unit = "days"
[attributes.subject]
type = "enum"
values = ["practice", "information_sharing", "estate", "digital", "policy"]
[attributes.reversible]
type = "bool"
[deciders.ward_manager]
role = "unit_manager"
level = "team"
title = "the ward manager"
[deciders.board]
body = "board"
title = "the board"
[[rule]]
id = "R1"
clause = "4.1"
title = "Small things | on a ward"
note = "Because the ward knows best."
when = { scope = ["team", "team"], cost = [0, 4999], reversible = true }
then = { decider = "ward_manager", method = "alone", within_days = 2, inform = ["department_lead", "role:matron"], on_expiry = "escalate:R3", review_days = 30 }
[[rule]]
id = "R2"
clause = "4.2"
when = { scope = ["*", "department"], subject = { in = ["information_sharing", "practice"] } }
then = { decider = "department_lead", method = "advice", within_days = 1, consult = ["ward_staff"], silence = "consents", on_expiry = "ladder" }
[[rule]]
id = "R3"
residual = true
then = { decider = "board", method = "majority", within_days = 30, quorum = 7, consult = ["governors"], silence = "lapses" }
[[safe_to_try]]
id = "trial"
title = "A small trial"
when = { cost = [0, 250] }
start = "tell the shift and begin"
inform = ["ward_manager"]
stop_if = "anybody is hurt"
look_back_days = 30
[[ladder]]
decider = "ward_manager"
within_days = 7
title = "named leads"
[[ladder]]
decider = "board"
within_days = 28
"""


@pytest.fixture
def policy():
    return policy_of(TEXT)


def test_a_rule_in_two_sentences(policy):
    assert in_words(policy, policy.rule("R1")) == (
        "When scope is one ward, cost over twelve months is £4,999 or less and reversible is yes, the ward manager decides "
        "alone within 2 days, and the department lead and the matron are told. If nothing is decided in time, it goes to "
        "the board; what was decided is looked at again after 30 days."
    )
    assert in_words(policy, policy.rule("R2")) == (
        "When scope is one ward or department and subject is practice or information sharing, the department lead decides "
        "after advice from the ward staff, within 1 day. If nothing is decided in time, that counts as consent."
    )
    assert in_words(policy, policy.rule("R3")) == (
        "When nothing else applies, the board decides by majority, at least 7 taking part, after asking the governors, "
        "within 30 days. If nothing is decided in time, the question lapses."
    )


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('scope = ["division", "*"]', "scope is division or organisation"),
        ('scope = ["department", "*"]', "scope is department at least"),
        ('scope = ["*", "division"]', "scope is division at most"),
        ('scope = ["department", "division"]', "scope is from department to division"),
        ('scope = "organisation"', "scope is organisation"),
        ('scope = ["*", "*"]', "scope is anything"),
        ("cost = [5000, 24999]", "cost over twelve months is from £5,000 to £24,999"),
        ('cost = [1000000, "*"]', "cost over twelve months is £1,000,000 or more"),
        ("cost = 0", "cost over twelve months is £0"),
        ('days = ["*", -2]', "days is -2 days or less"),
        ('subject = { in = ["estate"] }', "subject is estate"),
        ("reversible = false", "reversible is no"),
        ('subject = ["practice", "estate", "digital", "policy"]', "subject is anything except information sharing"),
        ('subject = ["practice", "estate", "digital"]', "subject is practice, estate or digital"),
    ],
)
def test_conditions_in_words(written, words):
    changed = policy_of(TEXT.replace("when = { cost = [0, 250] }", f"when = {{ {written} }}"))
    assert when_in_words(changed, changed.safe[0].when) == words


def then(**given):
    return Then(**{"decider": "ward_manager", "method": "alone", "within_days": 0, **given})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (then(), "the ward manager decides alone"),
        (then(consult=("staff",)), "the ward manager decides alone, after asking the staff,"),
        (then(method="advice"), "the ward manager decides after advice"),
        (then(method="two-key", second="board"), "the ward manager and the board decide together"),
        (then(method="two-key"), "the ward manager and a second person decide together"),
        (then(method="joint"), "the ward manager decides jointly with everyone affected"),
        (
            then(method="consent", professions=("nursing", "medicine"), ballot="secret", quorum=3),
            "the ward manager decides by consent, which means without a serious objection in a secret ballot, at least 3 "
            "taking part and nursing and medicine among them,",
        ),
    ],
)
def test_every_way_of_deciding_in_words(policy, given, words):
    assert how_in_words(policy, given) == words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (then(silence="lapses"), "the question lapses"),
        (then(silence="consents"), "that counts as consent"),
        (then(), "it goes one level up"),
        (then(on_expiry="ladder"), "it goes to the dispute ladder"),
        (then(on_expiry="escalate:R3"), "it goes to the board"),
        (then(on_expiry="escalate:R99"), "this applies: escalate:R99"),
        (then(on_expiry="the chair decides"), "this applies: the chair decides"),
    ],
)
def test_what_silence_means_in_words(policy, given, words):
    assert silence_in_words(policy, given) == words


def test_deciding_the_same_day():
    first, *_ = policy_of(TEXT.replace("within_days = 2, inform", "within_days = 0, inform")).rules
    assert "the ward manager decides alone the same day, and" in in_words(policy_of(TEXT), first)


def test_the_document_holds_everything_and_is_valid_markdown(policy):
    document = to_markdown(policy)
    html = MarkdownIt().enable("table").render(document)
    assert "<h1>A *small* trust</h1>" in html
    assert html.count("<tr>") == 1 + len(policy.rules)
    assert "<td>Small things | on a ward</td>" in html
    assert "Because the ward knows best." in html
    for text in ("tell the shift and begin", "Stop if anybody is hurt", "Look back after 30 days"):
        assert text in html
    assert (
        "<ol>\n<li>The ward manager (named leads), within 7 days</li>\n<li>The board, within 28 days</li>\n</ol>"
        in html
    )
    for rule in policy.rules:
        assert in_words(policy, rule) in html


def test_a_bare_scheme_has_no_empty_headings():
    bare = '[[rule]]\nid = "all"\nthen = { decider = "board", method = "alone", within_days = 3 }\n'
    document = to_markdown(policy_of(bare))
    assert document.startswith("# Scheme of delegation\n")
    assert "Safe to try" not in document
    assert "ladder" not in document


def test_the_worked_example_of_the_documentation_is_true():
    page = (Path(__file__).parents[3] / "docs/reference/rights.md").read_text(encoding="utf-8")
    example = policy_of(page.split("```toml\n")[1].split("```")[0])
    why = explain(example, {"scope": "team", "cost": 9000})
    assert in_words(example, why.rule) in page.replace("\n#  ", " ")
    assert why.narrower[0].because == "cost must be £4,999 or less"
    assert [gap.witness for gap in check(example).gaps] == [
        {"scope": "team", "cost": 25001},
        {"scope": "organisation", "cost": 0},
    ]
    assert [one.declared for one in check(example).overlaps] == [True]
