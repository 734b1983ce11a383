"""Pages of what happens after a decision, in a real Chromium: they fit a phone and have no accessibility faults."""
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from journeys import sign_in

LANGUAGES = {"zh-CN": "zh-Hans", "en-GB": "en"}
# Whose case of the demo has which pages.
CARDHOLDERS = {
    "lin.xiao@mail.example": ["", "/destination"],
    "li.jianguo@mail.example": ["", "/appeal", "/record"],
    "noah.williams@mail.example": ["", "/wrong-amount"],
    "gao.yuan@mail.example": ["", "/appeal"],
    "ma.lan@mail.example": ["", "/proof"],
}


def link_to(demo, email):
    """The private link in a message to an address."""
    for kind in ("submitted", "in-review", "approved", "declined", "confirmed"):
        for text in demo.messages(email, kind):
            return re.search(r"/t/[\w-]+", text).group(0)
    raise AssertionError(f"no link was sent to {email}")


def check(page, name):
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} scrolls sideways by {wide} pixels"
    result = Axe().run(page)
    assert result.violations_count == 0, name + "\n" + result.generate_report()


def own(page, demo, email):
    """Opens a case by its link and proves the contact; the address of the case."""
    page.goto(demo.url + link_to(demo, email))
    address = page.url.split("?")[0]
    case = address.rsplit("/", 1)[1]
    page.goto(demo.url + "/track")
    page.fill("[name=case_number]", case)
    page.fill("[name=contact]", email)
    before = len(demo.messages(email, "track-code"))
    page.locator("main form button").last.click()
    code = re.search(r"\d{6}", demo.wait_for_message(email, "track-code", before + 1)).group(0)
    page.fill("[name=code]", code)
    page.locator("form:has([name=code]) button").first.click()
    assert page.url.split("?")[0] == address, page.url
    return address


@pytest.mark.parametrize("email", sorted(CARDHOLDERS))
def test_a_cardholders_pages_fit_and_are_accessible(demo, open_page, shoot, email):
    page = open_page(width=360)
    address = own(page, demo, email)
    for language in LANGUAGES.values():
        for part in CARDHOLDERS[email]:
            page.goto(f"{address}{part}?lang={language}")
            assert page.url.split("?")[0] == address + part, f"{email} has no page {part}"
            shoot(page, f"after-{email.split('@')[0]}{part.replace('/', '-')}-{language[:2]}-360")
            check(page, f"{email} {part} {language}")


@pytest.mark.parametrize("email, addresses", [
    ("finance@portal.example", ["/support/queue", "/support/stuck", "/support/policies"]),
    ("support@portal.example", ["/support/stuck", "/support/cases"]),
])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_operators_lists_fit_and_are_accessible(demo, open_page, shoot, email, addresses, width):
    page = open_page(width=width)
    sign_in(page, demo, email)
    for language in LANGUAGES.values():
        for address in addresses:
            page.goto(f"{demo.url}{address}?lang={language}")
            shoot(page, f"desk{address.replace('/', '-')}-{language[:2]}-{width}")
            check(page, f"{address} {language} {width}")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_case_and_what_takes_two_people_fit_and_are_accessible(demo, open_page, shoot, width):
    page = open_page(width=width)
    sign_in(page, demo, "finance@portal.example")
    page.goto(f"{demo.url}/support/cases?q=lin.xiao@mail.example")
    page.locator("a[href*='/support/cases/']").first.click()
    case = page.url.split("?")[0].split("#")[0]
    links = [link.get_attribute("href") for link in page.locator("#do a").all()]
    assert len(links) >= 3, "money that came back has several ways to go"
    for language in LANGUAGES.values():
        for place, address in enumerate([case] + [demo.url + link for link in links]):
            page.goto(address + ("&" if "?" in address else "?") + f"lang={language}")
            shoot(page, f"joint-{place}-{language[:2]}-{width}")
            check(page, f"{address} {language} {width}")


@pytest.mark.parametrize("width", [360, 1280])
def test_acting_for_a_cardholder_fits_and_is_accessible(demo, open_page, shoot, width):
    page = open_page(width=width)
    sign_in(page, demo, "support@portal.example")
    page.goto(f"{demo.url}/support/cases?q=li.jianguo@mail.example")
    page.locator("a[href*='/support/cases/']").first.click()
    page.locator("a[href$='/behalf/appeal']").click()
    form = page.url.split("?")[0]
    for language in LANGUAGES.values():
        page.goto(f"{form}?lang={language}")
        page.locator("main form .button").last.click()
        assert page.locator("[aria-invalid=true]").count() >= 1, "what is missing is told beside its field"
        shoot(page, f"behalf-{language[:2]}-{width}")
        check(page, f"{form} {language} {width}")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_second_approval_fits_and_is_accessible(demo, open_page, shoot, width):
    page = open_page(width=width)
    sign_in(page, demo, "approver@harbour.example")
    page.goto(f"{demo.url}/merchant/queue?state=awaiting_second")
    page.locator("a[href*='/merchant/cases/']").first.click()
    case = page.url.split("?")[0]
    for language in LANGUAGES.values():
        page.goto(f"{case}?lang={language}")
        assert page.locator("form[action$='/second']").count() == 1
        shoot(page, f"second-{language[:2]}-{width}")
        check(page, f"{case} {language} {width}")
