"""Somebody looks around: comes in, finds a unit, goes out again."""

from tests.journeys.steps import (
    given_i_am_signed_in_as,
    then_i_am_at,
    then_i_read,
    then_the_form_says,
    then_the_heading_says,
    then_the_page_is_accessible,
    when_i_follow,
    when_i_go_to,
    when_i_press,
    when_i_write,
)


def test_beth_comes_in_finds_a_ward_and_goes_out(any_page):
    page = any_page
    when_i_go_to(page, "/units")
    then_i_am_at(page, "/sign-in")
    then_i_read(page, "This is a demonstration")
    then_the_page_is_accessible(page)

    given_i_am_signed_in_as(page, "Beth Okafor")
    when_i_go_to(page, "/units")
    then_the_heading_says(page, "Northmoor Hospitals has 1 unit directly below it")
    then_the_page_is_accessible(page)

    when_i_follow(page, "Medicine")
    then_the_heading_says(page, "Medicine has 2 units directly below it")
    then_the_page_is_accessible(page)

    when_i_write(page, "Find a unit", "ward")
    when_i_press(page, "Find")
    then_the_heading_says(page, "2 units in your organisation match “ward”")
    then_i_read(page, "Northmoor Hospitals › Medicine")
    then_the_page_is_accessible(page)

    when_i_press(page, "Sign out")
    then_i_read(page, "You are signed out.")
    when_i_go_to(page, "/units")
    then_i_am_at(page, "/sign-in")


def test_a_forgotten_address_is_pointed_out_where_it_is_missing(page, phone):
    for window in (page, phone):
        when_i_go_to(window, "/sign-in")
        when_i_write(window, "Password", "something")
        when_i_press(window, "Sign in")
        then_the_form_says(window, "Enter your e-mail address")
        then_the_page_is_accessible(window)


def test_the_small_pages_can_be_read_by_all(page, phone):
    given_i_am_signed_in_as(page, "Amina Yusuf")
    for window in (page, phone):
        for address in ("/cookies", "/accessibility", "/nothing-here", "/units?q=zzz", "/units?q=a&where=all"):
            when_i_go_to(window, address)
            then_the_page_is_accessible(window)
