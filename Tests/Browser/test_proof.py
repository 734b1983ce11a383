"""A file from the cardholder's telephone to the reviewer's screen: drawn anew, shown as a picture and nothing else."""
import os
import re

import pytest

from conftest import ROOT
from journeys import find_by_order, find_by_slip, press, request_refund, sign_in

SLIP = os.path.join(ROOT, "docs", "examples", "proof", "slip.jpg")
SCRIPT = b"<script>alert(document.cookie)</script>"

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj
2 0 obj<</Type/Pages/Kids[5 0 R 6 0 R]/Count 2>>endobj
3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
4 0 obj<</Length 48>>stream
BT /F1 36 Tf 40 300 Td (Invoice of the hotel) Tj ET
endstream endobj
5 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<</Font<</F1 3 0 R>>>>>>endobj
6 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<</Font<</F1 3 0 R>>>>>>endobj
trailer<</Size 7/Root 1 0 R>>
%%EOF
"""


def to_proof(page, demo, order, amount):
    """From the look-up to the page that takes files."""
    find_by_order(page, demo, order, amount)
    page.locator("main a.button, main form .button").first.click()
    page.check("[name=reason][value=goods-faulty]", force=True)
    press(page)
    page.check("[name=portion][value=part]", force=True)
    page.fill("[name=amount]", "12")
    press(page)
    assert page.url.endswith("/request/proof"), page.url


def upload(page, path):
    page.set_input_files("[name=file]", str(path))
    page.locator("form[enctype='multipart/form-data'] button").first.click()


def pictures(page, count):
    """The pictures that are shown, once so many are there and loaded."""
    page.wait_for_function(
        "count => [...document.querySelectorAll('.shown__page img')].filter(i => i.naturalWidth > 100).length >= count",
        arg=count, timeout=60000)
    return page.locator(".shown__page img")


def fits(page):
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} scrolls sideways by {wide} pixels"


@pytest.mark.parametrize("width,language", [(360, "zh-CN"), (1280, "en-GB")])
def test_files_are_shown_as_drawn_pages(demo, open_page, shoot, tmp_path, width, language):
    order, amount = {
        360: ("4200053520202611211782576741", "19.80"), 1280: ("4200053356202611192948432055", "59.90")}[width]
    person = open_page(width=width, language=language)
    to_proof(person, demo, order, amount)
    polyglot = tmp_path / "photo.png"
    polyglot.write_bytes(open(SLIP, "rb").read() + SCRIPT)
    upload(person, polyglot)
    pictures(person, 1)
    paper = tmp_path / "invoice.pdf"
    paper.write_bytes(PDF)
    upload(person, paper)
    pictures(person, 3)
    flood = tmp_path / "flood.png"
    flood.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30\1\0\0\0\0" + b"\0" * 100)
    upload(person, flood)
    assert person.locator("#file-problem").count() == 1
    pictures(person, 3)
    fits(person)
    shoot(person, f"proof-{language[:2]}-{width}")
    address = person.locator(".shown__page").first.get_attribute("href")
    answer = person.request.get(demo.url + address)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert SCRIPT not in answer.body()


@pytest.mark.parametrize("width,language", [(360, "en-GB"), (1280, "zh-CN")])
def test_a_reviewer_sees_pictures_and_that_one_was_used_before(demo, open_page, shoot, width, language):
    page = open_page(width=width, language=language)
    sign_in(page, demo, {360: "approver@lanting.example", 1280: "reviewer@lanting.example"}[width])
    page.goto(demo.url + "/merchant/queue?q=4200003258202611070992396499")
    page.locator("a[href*='/merchant/cases/']").first.click()
    pictures(page, 1)
    page.wait_for_selector(".files__risk", timeout=60000)
    fits(page)
    shoot(page, f"proof-review-{language[:2]}-{width}")
    other = page.locator(".files__risk a").inner_text()
    assert re.fullmatch(r"RF-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", other)
    page.locator(".files__risk a").click()
    assert other in page.inner_text("main")
