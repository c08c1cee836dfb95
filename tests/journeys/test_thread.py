"""The golden thread, from the sentence a nurse typed to the thread everybody can read."""

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


def test_an_idea_is_raised_answered_and_followed(any_page):
    page = any_page
    given_i_am_signed_in_as(page, "Amina Yusuf")
    when_i_go_to(page, "/say")
    then_the_page_is_accessible(page)
    when_i_press(page, "Send")
    then_i_read(page, "Write what could be better")
    then_the_page_is_accessible(page)
    when_i_write(page, "In your own words", "Look into the side rooms every hour")
    when_i_press(page, "Send")
    then_the_heading_says(page, "Thank you")
    then_the_page_is_accessible(page)
    when_i_follow(page, "See what becomes of it")
    then_the_heading_says(page, "Waiting for an answer")
    when_i_press(page, "Sign out")

    given_i_am_signed_in_as(page, "Beth Okafor")
    when_i_go_to(page, "/decisions")
    then_i_read(page, "Look into the side rooms every hour")
    then_the_page_is_accessible(page)
    page.get_by_role("link", name="Look into the side rooms every hour", exact=True).first.click()
    then_the_page_is_accessible(page)
    when_i_choose(page, "We try it")
    page.get_by_label("What is it about?").select_option("evidence")
    when_i_write(page, "Why? In words for the person who asked", "It may help, and we can stop any night")
    page.get_by_text("When it is accepted or tried").click()
    when_i_write(page, "What will be done differently?", "Hourly rounding")
    when_i_press(page, "Give the answer")
    then_the_heading_says(page, "It is being tried")
    then_the_page_is_accessible(page)
    when_i_follow(page, "The whole thread")
    then_the_heading_says(page, "led to a change that is planned")
    then_the_page_is_accessible(page)


def test_the_boards_and_lists_can_be_read_by_all_when_empty_and_when_full(any_page):
    page = any_page
    given_i_am_signed_in_as(page, "Ewan Grant")
    for address in ("/", "/ideas", "/visits", "/listening", "/decisions", "/units", "/what-became"):
        when_i_go_to(page, address)
        then_the_page_is_accessible(page)
    when_i_go_to(page, "/ideas")
    when_i_follow(page, "Print a sheet for the wall")
    then_the_page_is_accessible(page)


def test_a_team_counts_for_itself(any_page, request):
    page = any_page
    given_i_am_signed_in_as(page, "Amina Yusuf")
    when_i_go_to(page, "/")
    when_i_follow(page, "Start a measure of our own")
    then_the_page_is_accessible(page)
    when_i_write(page, "What do you want to count?", f"Cards {request.node.callspec.id}")
    when_i_choose(page, "Every week")
    when_i_choose(page, "More")
    when_i_press(page, "Start counting")
    page.get_by_role("button", name="+1").click()
    then_i_read(page, "this week: 1")
    then_the_page_is_accessible(page)
