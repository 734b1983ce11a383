"""A case that is followed live in a real Chromium: the page moves on by itself, and never takes away what was begun."""
import pytest
from axe_playwright_python.sync_playwright import Axe

from journeys import find_by_order, request_refund, sign_in

WORDS = {
    "zh-CN": {
        "live": "本页会自动更新", "offered": "商户愿意退 ¥12.00", "said": "刚刚更新：商户愿意退", "stale": "这份申请有了新进展",
        "again": "请那时再来看看", "withdraw": "撤回申请",
    },
    "en-GB": {
        "live": "This page updates by itself", "offered": "The merchant offers ¥12.00",
        "said": "Just updated: The merchant offers", "stale": "There is news about this request",
        "again": "look again then", "withdraw": "Stop this request",
    },
}
ORDERS = {"zh-CN": ("4200014180202611216746888764", "269.00"), "en-GB": ("4200053356202611192948432055", "59.90")}
STAFF = {"zh-CN": "reviewer@renhe.example", "en-GB": "approver@renhe.example"}


def offer(page, demo, number, amount="12.00"):
    """A reviewer offers a part of what was asked for."""
    page.goto(demo.url + f"/merchant/cases/{number}?do=offer")
    form = "form[action$='/offer']"
    page.fill(f"{form} [name=amount]", amount)
    page.select_option(f"{form} [name=reason]", "service-given")
    page.fill(f"{form} [name=explanation]", "One of the two was used already.")
    page.locator(f"{form} button").last.click()


def ask(page, demo, number):
    """A reviewer asks the cardholder something."""
    page.goto(demo.url + f"/merchant/cases/{number}?do=ask")
    form = "form[action$='/ask']"
    page.locator(f"{form} [name=items]").first.check(force=True)
    page.fill(f"{form} [name=question]", "Please show us the receipt once more.")
    page.locator(f"{form} button").last.click()


def is_same_page(page):
    return page.evaluate("window.openedOnce === true")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_the_page_moves_on_by_itself(demo, open_page, shoot, language):
    words, name = WORDS[language], language[:2]
    person = open_page(width=360, language=language)
    find_by_order(person, demo, *ORDERS[language])
    number = request_refund(person, demo, f"live-{name}@mail.example", "other", "15.00", "It does not fit.")
    person.goto(demo.url + f"/cases/{number}")
    person.locator(".follow__live").wait_for(state="visible")
    person.evaluate("window.openedOnce = true")
    shoot(person, f"live-before-{name}-360")

    reviewer = open_page(language=language)
    sign_in(reviewer, demo, STAFF[language])
    person.locator("main a[href$='/record']").focus()
    ask(reviewer, demo, number)
    # The question brings a form; the link that had the focus has it still.
    person.locator("form[action$='/answer']").wait_for()
    assert person.evaluate("document.activeElement.href").endswith("/record")
    assert is_same_page(person)

    # Somebody who writes keeps what they wrote, and is told; here the answer is given in another window.
    answer = "form[action$='/answer'] [name=text]"
    person.fill(answer, "half an answer")
    other = person.context.new_page()
    other.goto(demo.url + f"/cases/{number}")
    other.fill(answer, "the whole answer")
    other.locator("form[action$='/answer'] button").click()
    person.locator(".follow__stale").wait_for(state="visible")
    assert words["stale"] in person.inner_text(".follow__stale")
    assert not person.locator(".follow__live").is_visible()
    assert person.input_value(answer) == "half an answer"
    shoot(person, f"live-stale-{name}-360")
    person.click(".follow__stale a")
    person.locator(answer).wait_for(state="detached")
    assert not is_same_page(person)

    # A page on which nothing was begun moves on: the next version takes its place and is read aloud.
    person.locator(".follow__live").wait_for(state="visible")
    person.evaluate("window.openedOnce = true")
    offer(reviewer, demo, number)
    person.locator("form[action$='/refuse-offer']").wait_for()
    assert words["offered"] in person.inner_text("main")
    assert words["said"] in person.inner_text("[role=status] .follow__said")
    assert is_same_page(person)
    shoot(person, f"live-after-{name}-360")
    result = Axe().run(person)
    assert result.violations_count == 0, result.generate_report()
    wide = person.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"the page scrolls sideways by {wide} pixels"

    # A form that came with a newer page works.
    person.locator("form[action$='/refuse-offer'] button").click()
    person.locator("form[action$='/refuse-offer']").wait_for(state="detached")
    person.locator(".follow__live").wait_for(state="visible")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_without_scripts_the_page_says_when_to_look_again(demo, open_page, shoot, language):
    words, name = WORDS[language], language[:2]
    orders = {
        "zh-CN": ("4200027898202611132179618779", "341.16"), "en-GB": ("4200065855202611123687282299", "2800.00")}
    person = open_page(width=360, language=language, scripts=False)
    find_by_order(person, demo, *orders[language])
    number = request_refund(person, demo, f"still-{name}@mail.example", "other", "15.00", "It does not fit.")
    person.goto(demo.url + f"/cases/{number}")
    assert words["again"] in person.inner_text("main")
    assert words["live"] not in person.inner_text("main")
    shoot(person, f"live-no-scripts-{name}-360")


def test_a_page_whose_server_is_gone_does_not_look_live(demo, open_page):
    person = open_page()
    find_by_order(person, demo, "4200075127202611075775594487", "1860.00")
    number = request_refund(person, demo, "gone@mail.example", "other", "15.00", "It does not fit.")
    person.goto(demo.url + f"/cases/{number}")
    live = person.locator(".follow__live")
    live.wait_for(state="visible")
    demo.stop()
    live.wait_for(state="hidden")
    demo.start()
    live.wait_for(state="visible", timeout=60000)
