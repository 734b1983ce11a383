"""The whole way of a refund in a real Chromium: asked for, decided, sent, confirmed; and what the books say then."""
import json
import os
import re
import urllib.request

import pytest

from conftest import ROOT
from journeys import find_by_order, find_by_slip, press, request_refund, sign_in, wait_for_text

PROOF = os.path.join(ROOT, "docs", "examples", "proof", "slip.jpg")


def open_case(page, demo, number):
    """A reviewer finds the case in the queue and opens it."""
    page.goto(demo.url + f"/merchant/queue?q={number}")
    page.locator(f"a[href*='/merchant/cases/{number}']").first.click()
    assert number in page.inner_text("main")


def tick_checks(page):
    for check in ("card", "time", "amount"):
        page.check(f"form[action$='/approve'] [name=checks][value={check}]", force=True)


def test_from_request_to_confirmed_money(demo, open_page, shoot):
    person = open_page()
    find_by_slip(person, demo, "795513350027", "¥１００", "4160")
    assert person.url.endswith("/request"), person.inner_text("main")
    shoot(person, "journey-found-zh-1280")
    number = request_refund(person, demo, "first@mail.example", "wrong-amount", "60.00", "收银台多收了钱。")
    shoot(person, "journey-done-zh-1280")
    link = re.search(r"http://127\.0\.0\.1:\d+/t/[\w-]+", demo.wait_for_message("first@mail.example", "submitted"))

    reviewer = open_page()
    sign_in(reviewer, demo, "reviewer@lanting.example")
    open_case(reviewer, demo, number)
    shoot(reviewer, "journey-review-zh-1280")
    reviewer.locator("#decide a[href*='offer']").click()
    form = "form[action$='/offer']"
    reviewer.fill(f"{form} [name=amount]", "50.00")
    reviewer.select_option(f"{form} [name=reason]", "service-given")
    reviewer.fill(f"{form} [name=explanation]", "差价按照标价计算，是五十元。")
    reviewer.locator(f"{form} button").last.click()

    person.goto(link.group(0))
    person.goto(demo.url + f"/cases/{number}")
    assert "50.00" in person.inner_text("main")
    person.locator("form[action$='/accept-offer'] button").click()
    wait_for_text(person, "已确认退回")
    demo.wait_for_message("first@mail.example", "confirmed")
    person.goto(demo.url + f"/cases/{number}")
    shoot(person, "journey-confirmed-zh-1280")

    books = json.load(urllib.request.urlopen(demo.bank + "/books"))["refunds"]
    paid = [refund for refund in books if refund["payment"].endswith("4200056298202611186617334714")]
    assert [(refund["amount"], refund["status"]) for refund in paid] == [(5000, "SUCCESS")]
    checked = demo.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_part_of_a_card_payment_goes_back_by_unionpay(demo, open_page, shoot):
    person = open_page(360)
    find_by_slip(person, demo, "093205670704", "1280", "9243")
    assert person.url.endswith("/request"), person.inner_text("main")
    shoot(person, "card-found-zh-360")
    number = request_refund(
        person, demo, "card@mail.example", "wrong-amount", "80.50", "同一件商品刷了两次。", proof=PROOF)
    reviewer = open_page()
    sign_in(reviewer, demo, "reviewer@lanting.example")
    open_case(reviewer, demo, number)
    tick_checks(reviewer)
    reviewer.locator("form[action$='/approve'] button").last.click()
    link = re.search(r"http://127\.0\.0\.1:\d+/t/[\w-]+", demo.wait_for_message("card@mail.example", "submitted"))
    person.goto(link.group(0))
    person.goto(demo.url + f"/cases/{number}")
    wait_for_text(person, "已确认退回")
    shoot(person, "card-confirmed-zh-360")
    books = json.load(urllib.request.urlopen(demo.bank + "/books"))["refunds"]
    paid = [refund for refund in books if refund["amount"] == 8050]
    assert [refund["status"] for refund in paid] == ["SUCCESS"], books
    checked = demo.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_same_without_scripts_on_a_phone_in_english(demo, open_page, shoot):
    person = open_page(width=360, language="en-GB", scripts=False)
    find_by_order(person, demo, "4200042505202611207899304866", "1,680.00")
    shoot(person, "journey-found-en-360")
    number = request_refund(
        person, demo, "phone@mail.example", "goods-faulty", "200", "The heating was broken.", proof=PROOF,
        name="Grace Hall")
    shoot(person, "journey-done-en-360")

    reviewer = open_page(language="en-GB", scripts=False)
    sign_in(reviewer, demo, "reviewer@harbour.example")
    open_case(reviewer, demo, number)
    wait_for_text(reviewer, "Download original")
    with reviewer.expect_download() as download:
        reviewer.locator("a[href*='/proof/']:not([href*='/pages/'])").first.click()
    assert open(download.value.path(), "rb").read() == open(PROOF, "rb").read()
    tick_checks(reviewer)
    reviewer.locator("form[action$='/approve'] button").last.click()
    demo.wait_for_message("phone@mail.example", "confirmed")

    person.goto(demo.url + f"/cases/{number}")
    shoot(person, "journey-confirmed-en-360")
    assert "¥200.00" in person.inner_text("main")
    checked = demo.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_killed_server_loses_and_doubles_nothing(demo, open_page):
    person = open_page()
    find_by_order(person, demo, "4200005512202611198780484773", "503.77")
    number = request_refund(person, demo, "kill@mail.example", "other", "6.05", "The reply of the bank gets lost.")
    reviewer = open_page()
    sign_in(reviewer, demo, "approver@harbour.example")
    open_case(reviewer, demo, number)
    tick_checks(reviewer)
    reviewer.locator("form[action$='/approve'] button").last.click()
    demo.kill()
    demo.start()
    demo.wait_for_message("kill@mail.example", "confirmed")
    books = json.load(urllib.request.urlopen(demo.bank + "/books"))["refunds"]
    assert len([refund for refund in books if refund["amount"] == 605 and refund["total"] == 50377]) == 1
    assert demo.verify().returncode == 0


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_scrolls_sideways(demo, open_page, shoot, language, width):
    page = open_page(width=width, language=language)
    for address, name in [
        ("/", "start"), ("/find", "find"), ("/find?method=wallet", "find-wallet"), ("/track", "track"),
        ("/staff/sign-in", "sign-in"), ("/nothing-here", "not-found"), ("/demo/messages", "messages"),
    ]:
        page.goto(demo.url + address)
        shoot(page, f"{name}-{language[:2]}-{width}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} scrolls sideways by {wide} pixels"


@pytest.mark.parametrize("address", ["/", "/find", "/track", "/staff/sign-in"])
def test_pages_have_no_accessibility_faults(demo, open_page, address):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(width=360)
    page.goto(demo.url + address)
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def test_staff_pages_fit_a_phone(demo, open_page, shoot):
    page = open_page(width=360, language="en-GB")
    sign_in(page, demo, "support@portal.example")
    page.goto(demo.url + "/support/cases?q=emma.clarke@mail.example")
    page.locator("a[href*='/support/cases/']").first.click()
    shoot(page, "support-case-en-360")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the support page scrolls sideways by {wide} pixels"
