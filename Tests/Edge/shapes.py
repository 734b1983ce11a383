"""Requests of forty-odd shapes that break a rule of RFC 9112 or ours, and a few that only look as if they did.

`{host}` is ours. A body that somebody took for a request of its own would ask for /smuggled.
"""

SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: {host}\r\n\r\n"
# The same as a body of its own, whose length is told.
INSIDE = "GET /smuggled HTTP/1.1\r\nHost: refund.example\r\n\r\n"


def post(*fields, body=""):
    lines = "".join(f"{field}\r\n" for field in ("Host: {host}", "Origin: https://{host}", *fields))
    return f"POST /find HTTP/1.1\r\n{lines}Connection: close\r\n\r\n{body}"


def get(*fields, line="GET / HTTP/1.1", host="Host: {host}"):
    lines = "".join(f"{field}\r\n" for field in ((host,) if host else ()) + fields)
    return f"{line}\r\n{lines}Connection: close\r\n\r\n"


CHUNKED = "Transfer-Encoding: chunked"
ENDED = "0\r\n\r\n" + SMUGGLED

# name: (request, statuses of the portal itself)
REFUSED = {
    # Two opinions about where a body ends.
    "length and chunks": (post("Content-Length: 5", CHUNKED, body=ENDED), {400}),
    "chunks and length": (post(CHUNKED, "Content-Length: 5", body=ENDED), {400}),
    "two codings": (post(CHUNKED, CHUNKED, body=ENDED), {400}),
    "chunked twice": (post("Transfer-Encoding: chunked, chunked", body=ENDED), {400}),
    "unknown coding": (post("Transfer-Encoding: xchunked", body=ENDED), {400}),
    "identity last": (post("Transfer-Encoding: chunked, identity", body=ENDED), {400}),
    "coding behind a tab": (post("Transfer-Encoding:\x0bchunked", body=ENDED), {400}),
    "space before the colon": (post("Transfer-Encoding : chunked", body=ENDED), {400}),
    "two lengths": (post("Content-Length: 0", "Content-Length: 40", body=SMUGGLED), {400}),
    "two equal lengths": (post("Content-Length: 5", "Content-Length: 5", body="a=bcd"), {400}),
    "length in a list": (post("Content-Length: 5, 5", body="a=bcd"), {400}),
    "length with a plus": (post("Content-Length: +5", body="a=bcd"), {400}),
    "negative length": (post("Content-Length: -1", body="a=bcd"), {400}),
    "hexadecimal length": (post("Content-Length: 0x5", body="a=bcd"), {400}),
    "length beyond counting": (post("Content-Length: 18446744073709551617", body="a=bcd"), {400}),
    "chunk that is no number": (post(CHUNKED, body="zz\r\nabc\r\n0\r\n\r\n"), {400}),
    "chunk beyond counting": (post(CHUNKED, body="fffffffffffffffff1\r\nabc\r\n0\r\n\r\n"), {400}),
    "chunk ended by LF": (post(CHUNKED, body="3\nabc\n0\n\n"), {400}),
    "chunk longer than told": (post(CHUNKED, body="3\r\nabcdef\r\n0\r\n\r\n"), {400}),
    # Lines and names.
    "bare LF": ("GET / HTTP/1.1\nHost: {host}\nConnection: close\n\n", {400}),
    "folded line": (get("X-Long: a\r\n b"), {400}),
    "folded host": (get(host="Host:\r\n {host}"), {400}),
    "NUL in a value": (get("X-Bad: a\x00b"), {400}),
    "NUL in the path": (get(line="GET /\x00 HTTP/1.1"), {400}),
    "CR in a value": (get("X-Bad: a\rb"), {400}),
    "space in a name": (get("X Bad: a"), {400}),
    "no name": (get(": a"), {400}),
    "no colon": (get("nonsense"), {400}),
    "letters beyond ASCII in a name": (get("X-Bäd: a"), {400}),
    # Whose request.
    "no host": (get(host=None), {400}),
    "empty host": (get(host="Host:"), {400}),
    "host twice": (get("Host: {host}"), {400}),
    "another host behind": (get("Host: evil.example"), {400}),
    "another host": (get(host="Host: evil.example"), {400}),
    "another port": (get(host="Host: refund.example:1"), {400}),
    "user at host": (get(host="Host: me@{host}"), {400}),
    "host with a path": (get(host="Host: {host}/x"), {400}),
    "whole address of another": (get(line="GET http://evil.example/ HTTP/1.1"), {400}),
    "whole address of ours": (get(line="GET https://{host}/ HTTP/1.1"), {400}),
    "no host by HTTP/1.0": ("GET / HTTP/1.0\r\n\r\n", {400}),
    # Methods and versions.
    "TRACE": (get(line="TRACE / HTTP/1.1"), {405}),
    "BREW": (get(line="BREW / HTTP/1.1"), {400, 405}),
    "CONNECT": (get(line="CONNECT evil.example:443 HTTP/1.1"), {400, 405}),
    "small letters": (get(line="get / HTTP/1.1"), {400, 405}),
    "HTTP/2.0 in words": (get(line="GET / HTTP/2.0"), {400, 405, 505}),
    "HTTP/0.9": ("GET /\r\n\r\n", {400}),
    "HTTP/2 preface": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 405, 505}),
    "every resource": (get(line="OPTIONS * HTTP/1.1"), {400, 404, 405}),
    # Too much.
    "header beyond the limit": (get("X-Long: " + "x" * 20_000), {400, 431}),
    "header far beyond the limit": (get("X-Long: " + "x" * 90_000), {400, 431}),
    "a thousand fields": (get(*(f"X-{n}: a" for n in range(1100))), {400, 431}),
    "path beyond the limit": (get(line="GET /" + "x" * 20_000 + " HTTP/1.1"), {400, 414, 431}),
    "form beyond the limit": (
        post("Content-Type: application/x-www-form-urlencoded", "Content-Length: 70000", body="a" * 70_000), {413}),
}

# Odd and allowed: answered once, and what looks like a second request is read as a body.
ALLOWED = {
    "empty lines first": ("\r\n\r\n" + get(), {200}),
    "HTTP/1.0": ("GET / HTTP/1.0\r\nHost: {host}\r\n\r\n", {200}),
    "large host": (get(host="Host: {host}".upper().replace("HOST:", "Host:").replace("{HOST}", "{host}")), {200}),
    "a body with GET": (get(f"Content-Length: {len(INSIDE)}") + INSIDE, {200}),
    "a request in a chunk": (get(CHUNKED) + f"{len(INSIDE):x}\r\n{INSIDE}\r\n0\r\n\r\n", {200}),
    "an underscore for a dash": (get("Content_Length: 9"), {200}),
    "a wish for another protocol": (
        get("Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__").replace(
            "Connection: close", "Connection: Upgrade, close"),
        {200}),
}
