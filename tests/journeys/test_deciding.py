"""Somebody asks for a decision; the decision-maker seals a view, hears people, and decides differently; everybody sees what hearing did."""

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


def test_hearing_changes_a_decision_and_says_so(any_page, request):
    page, question = any_page, f"Ring families at seven? {request.node.callspec.id}"
    given_i_am_signed_in_as(page, "Amina Yusuf")
    when_i_go_to(page, "/decisions")
    when_i_follow(page, "Ask for a decision")
    then_i_read(page, "Who decides this?")
    then_i_read(page, "alone")
    then_the_page_is_accessible(page)
    when_i_press(page, "Ask for the decision")
    then_the_form_says(page, "Write in one line what should be decided")
    then_the_page_is_accessible(page)
    when_i_write(page, "What should be decided?", question)
    page.get_by_label("Where?").select_option(label="Ward 7")
    when_i_press(page, "Ask for the decision")
    then_the_heading_says(page, question)
    then_the_page_is_accessible(page)
    address = page.url
    when_i_press(page, "Sign out")

    given_i_am_signed_in_as(page, "Beth Okafor")
    when_i_go_to(page, "/decisions")
    then_i_read(page, question)
    then_the_page_is_accessible(page)
    when_i_go_to(page, address)
    when_i_follow(page, "Add somebody who is touched")
    then_the_page_is_accessible(page)
    page.get_by_label("Who is touched?").select_option(label="Everybody in Ward 7")
    when_i_write(page, "What worries them?", "One more thing in the evening")
    when_i_press(page, "Add them")
    then_i_read(page, "One more thing in the evening")
    when_i_follow(page, "Ask people first")
    then_the_page_is_accessible(page)
    when_i_press(page, "Seal my view and ask them")
    then_the_form_says(page, "Write down what you would decide today, before you hear anybody")
    when_i_choose(page, "No")
    when_i_choose(page, "Fairly sure")
    when_i_press(page, "Seal my view and ask them")
    then_i_read(page, "wrote down their view before hearing")
    then_the_page_is_accessible(page)
    when_i_press(page, "Sign out")

    given_i_am_signed_in_as(page, "Amina Yusuf")
    when_i_go_to(page, "/decisions")
    then_the_heading_says(page, "for your voice")
    when_i_go_to(page, address)
    when_i_follow(page, "Say what you think")
    then_the_page_is_accessible(page)
    when_i_choose(page, "For it, if something changes")
    when_i_write(page, "What should the decision-maker know?", "Seven is fine if the clerk rings")
    when_i_press(page, "Say it")
    then_i_read(page, "Seven is fine if the clerk rings")
    when_i_press(page, "Sign out")

    given_i_am_signed_in_as(page, "Beth Okafor")
    when_i_go_to(page, address)
    page.get_by_text("Answer Amina Yusuf").click()
    when_i_write(page, "What you take from it, or why you differ", "The clerk will ring")
    when_i_press(page, "Answer")
    then_i_read(page, "The clerk will ring")
    when_i_follow(page, "Decide")
    then_the_page_is_accessible(page)
    when_i_choose(page, "Yes")
    when_i_write(page, "Why?", "People asked, and the clerk has the time")
    when_i_press(page, "Decide")
    then_i_read(page, "Changed after hearing")
    then_the_page_is_accessible(page)
    when_i_follow(page, "The whole thread")
    then_the_heading_says(page, question)
    then_the_page_is_accessible(page)


def test_who_decides_what_can_be_read_by_all_and_written_by_whoever_governs(any_page):
    page = any_page
    given_i_am_signed_in_as(page, "Ewan Grant")
    when_i_go_to(page, "/map")
    then_the_page_is_accessible(page)
    when_i_follow(page, "The scheme and its versions")
    then_the_page_is_accessible(page)
    when_i_follow(page, "Write a new version")
    then_the_page_is_accessible(page)
    page.get_by_role("link", name="company").or_(page.get_by_role("link", name="Company")).first.click()
    then_i_read(page, "The checker")
    then_i_read(page, "there is no body called")
    then_the_page_is_accessible(page)
    when_i_press(page, "Keep this version")
    then_i_read(page, "The text as it is kept")
    then_the_page_is_accessible(page)
