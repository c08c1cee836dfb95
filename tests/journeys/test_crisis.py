"""A response from its first hour to its end: declared, told, changed, cared for, ended."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.steps import (
    given_i_am_signed_in_as,
    then_i_read,
    then_the_heading_says,
    then_the_page_is_accessible,
    when_i_choose,
    when_i_follow,
    when_i_go_to,
    when_i_press,
    when_i_write,
)


def crisis_board(site) -> str:
    return f"/crisis/{site.rows('select id from organisation_unit where code = %s', 'W7')[0][0]}"


def when_i_give_the_day(page: Page, name: str, day: int, month: int = 6, year: int = 2026) -> None:
    for part, value in (("day", day), ("month", month), ("year", year)):
        page.locator(f'[name="{name}-{part}"]').first.fill(str(value))


def test_a_manager_leads_a_response_and_authority_comes_back(any_page, site, request):
    page, board = any_page, crisis_board(site)
    given_i_am_signed_in_as(page, "Beth Okafor")
    when_i_go_to(page, board)
    then_the_page_is_accessible(page)

    when_i_follow(page, "Record the incident level")
    then_the_page_is_accessible(page)
    when_i_choose(page, "Level 3")
    when_i_press(page, "Record the level")
    then_i_read(page, "Name the channel")
    when_i_write(page, "Through which channel did it come?", "Regional incident room")
    when_i_press(page, "Record the level")
    then_the_heading_says(page, "Incident level 3; Ward 7 decides as usual")
    then_the_page_is_accessible(page)

    when_i_follow(page, "Delegate authority for a time")
    then_the_page_is_accessible(page)
    when_i_press(page, "Declare it now")
    then_i_read(page, "Say why decisions must be taken closer")
    then_the_page_is_accessible(page)
    when_i_write(page, "Why is it needed?", "Admissions double every day")
    when_i_write(page, "Through which channel is it announced?", "Bleep to all managers")
    when_i_give_the_day(page, "ends_on", 22)
    when_i_write(page, "At what time does it end?", "14:00")
    when_i_press(page, "Declare it now")
    then_the_heading_says(page, "Incident level 3; temporary delegated authority ends on 22 June 2026 at 14:00")
    then_the_page_is_accessible(page)

    when_i_follow(page, "Write an update")
    then_the_page_is_accessible(page)
    when_i_write(page, "What do we know?", "Twelve people were admitted")
    when_i_write(page, "What do we not know?", "How many will come tonight")
    when_i_write(page, "What are we doing?", "Two bays become one")
    when_i_write(page, "We changed course because", "Side rooms were full by noon")
    when_i_write(page, "What should patients and families be told?", "Visiting is from two to four")
    when_i_give_the_day(page, "next_on", 16)
    when_i_write(page, "At what time?", "9.30")
    when_i_press(page, "Send the update")
    then_the_heading_says(page, "Next update by 16 June 2026 at 09:30")
    then_i_read(page, "We changed course because")
    then_the_page_is_accessible(page)
    when_i_press(page, "I have read this")
    then_i_read(page, "You have read this")
    when_i_follow(page, "A sheet to print")
    then_the_heading_says(page, "What is happening at Ward 7")
    then_the_page_is_accessible(page)

    when_i_go_to(page, board)
    when_i_follow(page, "Form a response team")
    then_the_page_is_accessible(page)
    when_i_write(page, "What is the team called?", "Oxygen team")
    when_i_write(page, "What is it for?", "Oxygen for every bed")
    page.get_by_label("Who leads it?").select_option(label="Amina Yusuf (Nursing and midwifery registered)")
    when_i_choose(page, "Staffing")
    when_i_give_the_day(page, "until_on", 20)
    when_i_write(page, "At what time?", "12:00")
    when_i_press(page, "Form the team")
    then_i_read(page, "A response team needs at least two")
    then_the_page_is_accessible(page)
    page.get_by_label("Ewan Grant (Managers)").check()
    when_i_press(page, "Form the team")
    then_the_heading_says(page, "Oxygen team decides until 20 June 2026 at 12:00")
    then_the_page_is_accessible(page)

    when_i_go_to(page, board)
    when_i_follow(page, "Raise a reconfiguration")
    then_the_page_is_accessible(page)
    when_i_write(page, "What should be set up differently?", "Two bays become one")
    when_i_write(page, "What is the need?", "Four more beds with oxygen")
    when_i_give_the_day(page, "need_on", 10)
    page.get_by_label("What is it about?").select_option("practice")
    when_i_press(page, "Raise it")
    then_the_heading_says(page, "waits for a decision")
    then_i_read(page, "a date entered late")
    then_the_page_is_accessible(page)
    when_i_follow(page, "Ask for ethics advice within hours")
    then_the_page_is_accessible(page)
    page.go_back()
    when_i_write(page, "Why is it abandoned?", "The region opened beds elsewhere")
    when_i_press(page, "Abandon it")
    then_the_heading_says(page, "was abandoned on 15 June 2026")
    then_the_page_is_accessible(page)

    when_i_go_to(page, board)
    when_i_follow(page, "Name a high-intensity area")
    when_i_write(page, "What is the area called?", f"Red bay {request.node.callspec.id}")
    when_i_write(page, "How many days running", "1")
    when_i_press(page, "Set the area")
    then_the_page_is_accessible(page)
    for day in (15, 16):
        page.get_by_label("Who?").select_option(label="Amina Yusuf (Nursing and midwifery registered)")
        when_i_give_the_day(page, "day", day)
        when_i_press(page, "Put them down")
    then_i_read(page, "That makes 2 days running for Amina Yusuf; the limit here is 1.")
    then_the_page_is_accessible(page)
    when_i_go_to(page, board)
    then_i_read(page, "Amina Yusuf: 1 day running")
    then_the_page_is_accessible(page)

    when_i_follow(page, "This declaration")
    then_the_page_is_accessible(page)
    when_i_write(page, "Why does it end now?", "The wave is over")
    when_i_press(page, "End it now")
    then_the_heading_says(page, "ended on 15 June 2026")
    then_the_page_is_accessible(page)
    when_i_go_to(page, board)
    then_i_read(page, "waits for a look back")
    then_i_read(page, "No response team is at work")
    then_the_page_is_accessible(page)


def test_a_check_in_is_asked_for_and_held_in_private(page, site):
    site.rows("update crisis_area set ended_on = null")
    board = crisis_board(site)
    given_i_am_signed_in_as(page, "Beth Okafor")
    when_i_go_to(page, board)
    when_i_follow(page, "Name a high-intensity area")
    when_i_write(page, "What is the area called?", "Blue bay")
    when_i_write(page, "How many days running", "3")
    when_i_press(page, "Set the area")
    page.get_by_label("Who?").select_option(label="Amina Yusuf (Nursing and midwifery registered)")
    when_i_give_the_day(page, "day", 15)
    when_i_press(page, "Put them down")
    then_the_heading_says(page, "Blue bay: 1 person here today; nobody needs to be elsewhere tomorrow")
    when_i_press(page, "Sign out")

    given_i_am_signed_in_as(page, "Amina Yusuf")
    when_i_go_to(page, board)
    expect(page.get_by_text(re.compile("days? running$")).filter(has_text="Amina")).to_have_count(
        0
    )  # no names for others
    when_i_go_to(page, "/check-in")
    then_the_page_is_accessible(page)
    when_i_press(page, "About my work in Blue bay, Ward 7")
    then_the_heading_says(page, "One conversation is offered to you")
    then_the_page_is_accessible(page)
    when_i_press(page, "We talked")
    then_i_read(page, "You talked on 15 June 2026")
    when_i_press(page, "Sign out")

    given_i_am_signed_in_as(page, "Beth Okafor")
    when_i_go_to(page, "/check-in")
    then_the_heading_says(page, "Nothing is waiting for you here")
    expect(page.get_by_text("Blue bay")).to_have_count(0)


def test_patients_read_their_version_without_signing_in(page, page_without_javascript, site):
    given_i_am_signed_in_as(page, "Beth Okafor")
    when_i_go_to(page, f"{crisis_board(site)}/update")
    for label, text in (
        ("What do we know?", "Enough"),
        ("What do we not know?", "Little"),
        ("What are we doing?", "Much"),
    ):
        when_i_write(page, label, text)
    when_i_write(page, "What should patients and families be told?", "The café is closed")
    when_i_give_the_day(page, "next_on", 17)
    when_i_write(page, "At what time?", "9")
    when_i_press(page, "Send the update")
    link = page.get_by_role("link", name="the patients’ version without signing in").get_attribute("href")
    assert link
    anybody = page_without_javascript
    anybody.goto(link)
    then_i_read(anybody, "The café is closed")
    expect(anybody.get_by_text("Much")).to_have_count(0)
    then_the_page_is_accessible(anybody)
    assert anybody.goto(f"{link}x").status == 404  # type: ignore[union-attr]
