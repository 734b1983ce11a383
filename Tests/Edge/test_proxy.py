"""nginx in front, as the docs set it up, keeps nothing that belongs to anybody and says who asks."""
import re
import socket
import ssl

from wire import exchange, get, headers, statuses


def ask(house, path, *lines):
    return exchange(house.connect("proxy"), get(path, house.host("proxy"), *lines))


def test_only_assets_are_kept(house):
    page = ask(house, "/")
    asset = re.search(rb'href="(/assets/[^"]+\.css)"', page).group(1).decode()
    assert [headers(ask(house, asset))["x-kept"] for _ in range(2)] == [["MISS"], ["HIT"]]
    for path in ("/", "/find", "/track", "/?lang=en", "/staff/sign-in", "/cases/RF-0000-0000-0", "/t/" + "a" * 43,
                 "/request", "/nothing.css", "/find/x.css", "/cases/RF-0000-0000-0/x.css"):
        for _ in range(2):
            answer = ask(house, path)
            assert headers(answer)["x-kept"][0] != "HIT", path
            assert headers(answer)["cache-control"][0] in ("no-store", "private, no-cache"), path


def test_people_behind_the_proxy_are_told_apart_and_cannot_lie(house):
    # The portal hears of the address only by nginx, which writes what it sees over what was sent.
    answer = ask(house, "/", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: http")
    assert statuses(answer) == [200]


def test_cookies_and_transport_are_those_of_https(house):
    for target in ("proxy", "tls"):
        answer = exchange(house.connect(target), get("/?lang=en", house.host(target)))
        cookie = headers(answer)["set-cookie"][0]
        assert cookie.startswith("__Host-lang=en; Path=/; Secure; HttpOnly; SameSite=Lax"), cookie
        assert headers(answer)["strict-transport-security"] == ["max-age=63072000; includeSubDomains"]


def test_another_name_gets_no_handshake(house):
    raw = socket.create_connection(("127.0.0.1", house.proxy_port), timeout=30)
    context = ssl._create_unverified_context()
    try:
        context.wrap_socket(raw, server_hostname="evil.example")
    except ssl.SSLError:
        return
    raise AssertionError("nginx shook hands for another name")
