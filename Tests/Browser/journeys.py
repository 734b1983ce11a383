"""Steps that people take, in words that the journeys share."""
import re
import time

from conftest import one_time_code

RECEIPT = "docs/examples/proof/slip.jpg"


def find_by_slip(page, demo, reference, amount, last4=None):
    page.goto(demo.url + "/find?method=slip")
    fill_if_there(page, "reference_no", reference)
    fill_if_there(page, "amount", amount)
    if last4:
        fill_if_there(page, "card_last4", last4)
    press(page)


def find_by_order(page, demo, order, amount):
    page.goto(demo.url + "/find?method=wallet")
    page.fill("[name=order_no]", order)
    page.fill("[name=amount]", amount)
    press(page)


def fill_if_there(page, name, value):
    page.locator(f"[name={name}]:visible").first.fill(value)


def press(page):
    """The button that ends the page's main form."""
    page.locator("main form .button, main form button[type=submit], main form button:not([type])").last.click()


def request_refund(page, demo, email, reason, amount, details="", proof=None, name="张伟"):
    """From the payment found to the case number."""
    page.locator("main a.button, main form .button").first.click()
    page.check(f"[name=reason][value={reason}]", force=True)
    if details:
        page.fill("[name=details]", details)
    press(page)
    page.check("[name=portion][value=part]", force=True)
    page.fill("[name=amount]", amount)
    press(page)
    if "/request/proof" in page.url:
        if proof:
            page.set_input_files("[name=file]", proof)
            page.locator("form[enctype='multipart/form-data'] button").first.click()
        press(page)
    page.fill("[name=name]", name)
    page.fill("[name=email]", email)
    page.check("[name=consent]", force=True)
    press(page)
    text = demo.wait_for_message(email, "contact-code")
    code = re.search(r"\d{6}", text).group(0)
    page.fill("[name=code]", f"{code[:3]} {code[3:]}")
    page.locator("form:has([name=code]) button").first.click()
    assert page.url.endswith("/request/check"), page.url
    page.check("[name=accept_terms]", force=True)
    press(page)
    assert page.url.endswith("/request/done"), page.url
    return re.search(r"RF-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", page.inner_text("main")).group(0)


def sign_in(page, demo, email):
    password, secret = demo.sign_in(email)
    page.goto(demo.url + "/staff/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    press(page)
    for _ in range(3):
        page.fill("[name=code]", one_time_code(secret))
        press(page)
        if "/staff/sign-in" not in page.url:
            return
        time.sleep(31 - time.time() % 30)  # Each code counts once: wait for the next one.
    raise AssertionError("the one-time code was refused")


def wait_for_text(page, text, tries=60):
    for _ in range(tries):
        page.reload()
        if text in page.inner_text("main"):
            return
        time.sleep(0.5)
    raise AssertionError(f"{text!r} does not come; the page says: {page.inner_text('main')[:600]}")
