"""A batch that people pay, in a real Chromium: made, released, downloaded, answered by the bank and confirmed."""
import csv
import io
import json
import os
import re
import subprocess

from conftest import binary
from journeys import sign_in
from test_afterwards import LANGUAGES, check, link_to


def run(demo, *words):
    env = {
        **os.environ, "DATABASE_URL": f"sqlite:{demo.folder}/demo/portal.sqlite",
        "KEYS_FILE": f"{demo.folder}/demo/keys.json"}
    return subprocess.run([binary(), *words], env=env, capture_output=True, text=True)


def look(page, shoot, address, name, width):
    page.set_viewport_size({"width": width, "height": 800})
    for language in LANGUAGES.values():
        page.goto(f"{address}?lang={language}")
        shoot(page, f"payouts-{name}-{language[:2]}-{width}")
        check(page, f"{name} {language} {width}")


def both_sizes(page, shoot, address, name):
    for width in (360, 1280):
        look(page, shoot, address, name, width)


def answered(text):
    """The batch's own file with its last four columns filled in, as finance does after paying."""
    lines = text.lstrip("\ufeff").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    for index, row in enumerate(rows):
        row.update(result="成功", bank_reference=f"RYX2026112300{index}", paid_on="2026-11-23")
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_a_batch_is_paid_by_people_and_ended_by_the_banks_file(demo, open_page, shoot, tmp_path):
    finance, other = open_page(), open_page()
    sign_in(finance, demo, "finance@portal.example")
    sign_in(other, demo, "review@portal.example")
    both_sizes(finance, shoot, demo.url + "/support/payouts", "waiting")
    finance.locator("main form button").first.click()
    batch = finance.url.split("?")[0]
    total, *amounts = [int(text.replace(".", "")) for text in re.findall(r"¥(\d+\.\d\d)", finance.inner_text("main"))]
    assert len(amounts) == 2 and sum(amounts) == total, finance.inner_text("main")
    both_sizes(finance, shoot, batch, "made")
    both_sizes(other, shoot, batch, "to-release")
    other.locator("form[action$='/release'] button").click()
    both_sizes(finance, shoot, batch, "released")

    with finance.expect_download() as download:
        finance.locator("a[href$='/file/csv']").click()
    path = str(tmp_path / "batch.csv")
    download.value.save_as(path)
    genuine = run(demo, "batch", "check", path, "--json")
    assert genuine.returncode == 0 and json.loads(genuine.stdout)["genuine"] is True, genuine.stdout + genuine.stderr
    text = open(path, encoding="utf-8-sig", newline="").read()
    forged = tmp_path / "forged.csv"
    amount = f"{amounts[0] // 100}.{amounts[0] % 100:02d}"
    forged.write_text(text.replace(f",{amount},", f",9{amount},", 1), encoding="utf-8")
    assert run(demo, "batch", "check", str(forged)).returncode == 1

    answer = tmp_path / "answer.csv"
    answer.write_text(answered(text), encoding="utf-8")
    finance.set_input_files("[name=file]", str(answer))
    finance.locator("form[action$='/answers'] button").click()
    brought = finance.url.split("?")[0]
    assert "/answers/" in brought, finance.inner_text("main")
    both_sizes(other, shoot, brought, "answer")
    other.locator("form[action$='/confirm'] button").click()
    both_sizes(finance, shoot, batch, "ended")

    person = open_page(360)
    person.goto(demo.url + link_to(demo, "xu.guilan@mail.example"))
    assert "已确认退回" in person.inner_text("main"), person.inner_text("main")
    shoot(person, "payouts-cardholder-zh-360")
    checked = demo.verify()
    assert checked.returncode == 0, checked.stdout + checked.stderr
