"""A policy written with those it binds, joint work chosen and a promise confirmed by a partner who has no account."""

import re

from tests.journeys.steps import (
    given_i_am_signed_in_as,
    then_i_read,
    then_the_form_says,
    then_the_heading_says,
    then_the_page_is_accessible,
    when_i_choose,
    when_i_follow,
    when_i_go_to,
    when_i_press,
    when_i_write,
)


def test_a_policy_is_written_with_those_it_binds(any_page, request):
    page, name = any_page, f"Night moves {request.node.callspec.id}"
    given_i_am_signed_in_as(page, "Ewan Grant")
    when_i_go_to(page, "/drafts")
    then_the_page_is_accessible(page)
    page.get_by_text("Begin a draft").click()
    when_i_write(page, "What is it called?", name)
    when_i_write(page, "What is it for?", "People sleep, and wards know whom they have")
    when_i_press(page, "Begin")
    then_the_heading_says(page, "is being written")
    then_the_page_is_accessible(page)
    when_i_write(page, "The next clause", "Nobody is moved to another ward after 22:00.")
    when_i_press(page, "Add the clause")
    page.get_by_label("Whom does it bind?").select_option(label="Northmoor Hospitals and below")
    when_i_press(page, "It binds them")
    when_i_press(page, "Ask those it binds")
    then_i_read(page, "Those it binds have been asked")
    address = page.url
    when_i_press(page, "Sign out")

    given_i_am_signed_in_as(page, "Amina Yusuf")
    when_i_go_to(page, address)
    when_i_follow(page, "Comment")
    then_the_page_is_accessible(page)
    when_i_press(page, "Send the comment")
    then_the_form_says(page, "Write what you want to say")
    then_the_page_is_accessible(page)
    when_i_choose(page, "A concern")
    when_i_write(page, "What do you want to say?", "What about an emergency?")
    when_i_press(page, "Send the comment")
    then_the_heading_says(page, "1 comment without an answer")
    then_the_page_is_accessible(page)
    when_i_press(page, "Sign out")

    given_i_am_signed_in_as(page, "Ewan Grant")
    when_i_go_to(page, address)
    when_i_press(page, "Put it to a decision")
    then_i_read(page, "1 of the comments has no answer yet")
    then_the_page_is_accessible(page)
    when_i_follow(page, "Answer the comment")
    then_the_page_is_accessible(page)
    when_i_choose(page, "Taken in")
    when_i_write(page, "Why? In words for whoever said it", "You are right")
    when_i_write(
        page, "What the clause says now", "Nobody is moved to another ward after 22:00, except in an emergency."
    )
    when_i_press(page, "Give the answer")
    then_the_heading_says(page, "every comment has its answer")
    then_i_read(page, "after a comment by Amina Yusuf")
    when_i_press(page, "Put it to a decision")
    then_the_heading_says(page, "waits for its decision")
    then_the_page_is_accessible(page)


def test_joint_work_is_estimated_chosen_and_started(any_page, request):
    page, name = any_page, f"One list {request.node.callspec.id}"
    given_i_am_signed_in_as(page, "Ewan Grant")
    when_i_go_to(page, "/joint-work")
    then_the_page_is_accessible(page)
    page.get_by_text("Propose joint work").click()
    when_i_write(page, "What would you do together?", name)
    when_i_write(page, "What is it for?", "The same list of medicines on both sides")
    when_i_press(page, "Propose it")
    page.get_by_text("Write down an estimate").click()
    page.get_by_label("Whose estimate is it?").select_option("own")
    page.get_by_label("Effort", exact=True).select_option("2")
    page.get_by_label("Benefit", exact=True).select_option("5")
    when_i_press(page, "Keep the estimate")
    then_the_page_is_accessible(page)
    when_i_go_to(page, "/joint-work")
    then_the_heading_says(page, "quick win")
    then_the_page_is_accessible(page)
    when_i_follow(page, name)
    when_i_press(page, "Choose it")
    when_i_press(page, "Start today")
    then_the_heading_says(page, "to be looked at in 3 months")
    then_the_page_is_accessible(page)


def test_a_partner_without_an_account_confirms_a_promise_and_everybody_can_read_it(page, phone, site):
    organisation = site.rows("select id from organisation_organisation where code = 'NM1'")[0][0]
    site.rows("insert into record_partner (organisation_id, name, kind, since) values (%s, 'Harbour Practice', 'practice', '2026-01-01')",
              organisation)  # fmt: skip
    given_i_am_signed_in_as(page, "Ewan Grant")
    for address in ("/forums", "/promises", "/briefs", "/brief", "/promises/public"):
        when_i_go_to(page, address)
        then_the_page_is_accessible(page)
    when_i_go_to(page, "/promises")
    page.get_by_text("Promise something").click()
    page.get_by_label("To whom?").select_option(label="Harbour Practice")
    when_i_write(page, "What do you promise?", "A line for calls")
    for part, value in (("Day", "30"), ("Month", "6"), ("Year", "2026")):
        page.get_by_label(part, exact=True).fill(value)
    when_i_press(page, "We promise this")
    then_the_page_is_accessible(page)
    when_i_press(page, "Show it on the public page")
    when_i_press(page, "Make a link for Harbour Practice to confirm it")
    then_the_page_is_accessible(page)
    link = re.search(r"/partner/\S+", page.get_by_label("The link").input_value())[0]

    when_i_go_to(phone, link)
    then_the_heading_says(phone, "Was this promise to you kept?")
    then_the_page_is_accessible(phone)
    when_i_choose(phone, "Yes")
    when_i_press(phone, "Send my answer")
    then_the_heading_says(phone, "Thank you")
    then_the_page_is_accessible(phone)
    assert phone.goto("/promised/NM1").status == 404

    when_i_go_to(page, "/promises/public")
    when_i_write(page, "Why?", "The board agreed")
    when_i_press(page, "Switch it on")
    then_the_heading_says(page, "is on")
    then_the_page_is_accessible(page)
    when_i_go_to(phone, "/promised/NM1")
    then_the_heading_says(phone, "has kept 1 of 1 promises")
    then_the_page_is_accessible(phone)
