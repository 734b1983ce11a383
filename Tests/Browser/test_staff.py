"""Somebody is invited, sets themselves up, signs in, and comes back without their authenticator."""
import re
import time

from conftest import one_time_code
from journeys import press, sign_in

PASSWORD = "violet tractor seldom hums"


def invited_link(demo, email):
    text = demo.wait_for_message(email, "staff-invite")
    return re.search(r"http://127\.0\.0\.1:\d+/staff/join/[\w-]+", text).group(0)


def password_step(page, demo, email):
    page.goto(demo.url + "/staff/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    press(page)


def join(page, link, shoot=None):
    """The way in by a link, up to the page with the codes; the authenticator's secret and the codes."""
    page.goto(link)
    assert page.locator("svg.qr path").count() == 1
    if shoot:
        shoot(page, "staff-join-en-360")
    secret = page.inner_text(".number-plate").replace(" ", "").strip()
    page.fill("[name=new_password]", "qwerty123456")
    page.fill("[name=code]", one_time_code(secret))
    press(page)
    assert page.locator("#new_password[aria-invalid=true]").count() == 1
    page.fill("[name=new_password]", PASSWORD)
    page.fill("[name=code]", one_time_code(secret))
    press(page)
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10, page.inner_text("main")
    if shoot:
        shoot(page, "staff-recovery-codes-en-360")
    return secret, codes


def test_an_administrator_invites_and_the_person_comes(demo, open_page, shoot):
    admin = open_page()
    sign_in(admin, demo, "admin@lanting.example")
    admin.goto(demo.url + "/merchant/people")
    shoot(admin, "staff-people-zh-1280")
    admin.fill("[name=email]", "clerk@lanting.example")
    admin.select_option("[name=role]", "reviewer")
    admin.locator("form[action='/merchant/people'] button").click()
    assert "clerk@lanting.example" in admin.inner_text("main")

    person = open_page(360, "en-US")
    secret, codes = join(person, invited_link(demo, "clerk@lanting.example"), shoot)
    person.locator("main a.button").click()
    assert person.url.endswith("/merchant/queue"), person.url
    person.goto(demo.url + "/staff/account")
    shoot(person, "staff-account-en-360")
    person.locator("form[action='/staff/sign-out'] button").first.click()

    password_step(person, demo, "clerk@lanting.example")
    time.sleep(31 - time.time() % 30)  # The code of the enrolment counts once.
    person.fill("[name=code]", one_time_code(secret))
    press(person)
    assert person.url.endswith("/merchant/queue"), person.inner_text("main")
    person.locator("form[action='/staff/sign-out'] button").first.click()

    for code, taken in ((codes[0].lower(), True), (codes[0], False)):
        password_step(person, demo, "clerk@lanting.example")
        person.locator("a[href^='/staff/sign-in/recovery']").click()
        person.fill("[name=code]", code)
        press(person)
        assert ("/staff/account" in person.url) == taken, person.inner_text("main")
        if taken:
            assert "9 are left" in person.inner_text("main")
            person.locator("form[action='/staff/sign-out'] button").first.click()

    admin.goto(demo.url + "/merchant/people")
    admin.locator("a", has_text="clerk@lanting.example").click()
    shoot(admin, "staff-person-zh-1280")
    admin.locator("form[action$='/shut-out'] button").click()
    assert admin.locator("form[action$='/let-in']").count() == 1
    password_step(person, demo, "clerk@lanting.example")
    assert "/staff/sign-in" in person.url and "/code" not in person.url
    assert demo.verify().returncode == 0
