"""Every shape alone and behind nginx: one answer at most, the right one, and the next visitor gets their own page."""
import pytest
from shapes import ALLOWED, REFUSED
from wire import exchange, get, headers, statuses

SHAPES = {**REFUSED, **ALLOWED}
# nginx mends some of these or answers in its own way, so that what reaches the portal is right.
MENDED = {
    "bare LF", "host twice", "two equal lengths", "no host by HTTP/1.0", "whole address of ours", "another port",
    "large host", "user at host", "NUL in a value", "no colon", "no name", "space in a name",
    "letters beyond ASCII in a name", "folded line",
}


def ask(house, target, name):
    host = house.host(target)
    request = SHAPES[name][0].replace("{host}", host).encode("utf-8")
    return exchange(house.connect(target), request)


def visit(house, target):
    """What somebody else gets meanwhile."""
    answer = exchange(house.connect(target), get("/?lang=en", house.host(target)))
    assert statuses(answer) == [200] and b"<title>" in answer


def check_dress(answer, name):
    found = headers(answer)
    assert found["x-content-type-options"] == ["nosniff"], name
    assert "default-src 'none'" in found["content-security-policy"][0], name
    assert found["cache-control"] == ["no-store"], name
    assert "server" not in found, name


@pytest.mark.parametrize("target", ["plain", "tls"])
def test_the_portal_refuses_each_shape_once(house, target):
    for name, (_, expected) in REFUSED.items():
        answer = ask(house, target, name)
        assert len(statuses(answer)) == 1 and statuses(answer)[0] in expected, (name, answer[:300])
        assert "connection" not in headers(answer) or headers(answer)["connection"] == ["close"], name
        check_dress(answer, name)
        assert 'lang="zh-Hans"' in answer.decode(), (name, answer[:300])
    visit(house, target)


@pytest.mark.parametrize("target", ["plain", "tls", "proxy"])
def test_odd_requests_are_answered_once(house, target):
    for name, (_, expected) in ALLOWED.items():
        answer = ask(house, target, name)
        assert statuses(answer) == [200], (name, answer[:300])
    visit(house, target)


def test_behind_nginx_nothing_is_taken_for_a_second_request(house):
    for name, (_, expected) in REFUSED.items():
        answer = ask(house, "proxy", name)
        assert len(statuses(answer)) <= 1, (name, answer[:300])
        refused = all(400 <= status < 500 or status in (501, 505) for status in statuses(answer))
        assert refused or name in MENDED and statuses(answer) == [200], (name, answer[:300])
        assert b"/smuggled" not in answer, name
        visit(house, "proxy")
    log = open(house.log("nginx")).read()
    assert "upstream sent" not in log, log


def test_nothing_stays_open_behind_what_leaves_http(house):
    for name in ("CONNECT", "a wish for another protocol"):
        request = SHAPES[name][0].replace("{host}", house.host("plain")).encode()
        answer = exchange(house.connect("plain"), [request, *[b"x" * 65536] * 200])
        assert len(statuses(answer)) <= 1, name
    visit(house, "plain")
