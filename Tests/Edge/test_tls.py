"""The listener's own TLS: what it speaks, and another certificate while people are connected."""
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess

from house import ROOT, until
from wire import exchange, get, headers, statuses


def replace(house, pair):
    """Puts other files in the place of those in use, as a tool that renews certificates does."""
    for source, target in zip(pair, (house.certificate, house.key)):
        with open(source, "rb") as file:
            content = file.read()
        with open(f"{target}.new", "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(content)
        os.replace(f"{target}.new", target)
    house.tls.send_signal(signal.SIGHUP)


def shown(house):
    """The certificate that a new connection gets."""
    return ssl.get_server_certificate(("127.0.0.1", house.tls_port)).strip()


def readiness(house):
    return json.loads(house.readiness(house.tls_admin)[1])["tls"]


def test_a_new_certificate_reaches_new_connections_and_leaves_open_ones_alone(house):
    first = open(house.certificate).read().strip()
    assert shown(house) == first
    second_pair = house.make_certificate("second", days=20)
    second = open(second_pair[0]).read().strip()

    open_connection = house.connect("tls")
    request = f"GET / HTTP/1.1\r\nHost: {house.host('tls')}\r\n\r\n".encode()
    open_connection.sendall(request)
    assert open_connection.recv(12) == b"HTTP/1.1 200"

    replace(house, second_pair)
    until("the new certificate is shown", lambda: shown(house) == second)
    assert readiness(house)["days_left"] in (19, 20)
    answer = exchange(open_connection, get("/", house.host("tls")))
    assert statuses(answer)[-1] == 200, "the open connection went on"

    # A key that belongs to another certificate, a file that is none, a key that others may read, one that has ended.
    third = house.make_certificate("third")
    for bad, words in (
        ((third[0], second_pair[1]), "TLS_KEY"), ((third[1], third[1]), "TLS_CERTIFICATE"),
        ((third[0], third[0]), "TLS_KEY"),
    ):
        replace(house, bad)
        until(f"it is refused: {words}", lambda: (readiness(house).get("refused") or "").startswith(words))
        assert shown(house) == second
        answer = exchange(house.connect("tls", second_pair[0]), get("/", house.host("tls")))
        assert statuses(answer) == [200]
    log = open(house.log("tls")).read()
    assert "certificate refused, the one before stays" in log and "PRIVATE KEY" not in log

    replace(house, third)
    until("the third certificate is shown", lambda: shown(house) == open(third[0]).read().strip())
    assert "refused" not in readiness(house)


def test_the_end_is_a_figure_too(house):
    connection = http.client.HTTPConnection("127.0.0.1", house.tls_admin, timeout=10)
    connection.request("GET", "/metrics")
    assert "refund_portal_tls_certificate_days_left " in connection.getresponse().read().decode()
    connection.close()


def test_what_is_unsafe_is_refused_at_the_start(house):
    loose = house.make_certificate("loose")
    os.chmod(loose[1], 0o644)
    other = house.make_certificate("other")
    for change, word in (
        ({"TLS_KEY": loose[1], "TLS_CERTIFICATE": loose[0]}, "mode must be 0600"),
        ({"TLS_KEY": other[1]}, "is not the key of the certificate"),
        ({"TLS_KEY": f"{house.folder}/nothing"}, "TLS_KEY"),
        ({"PUBLIC_URL": f"http://127.0.0.1:{house.tls_port}"}, "PUBLIC_URL"),
    ):
        env = house.environment("tls", {**house.tls_settings(), **change})
        done = subprocess.run(
            [house.binary, "serve"], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=120)
        assert done.returncode == 78 and word in done.stderr, (change, done)


def test_tls_is_all_there_is_at_its_port(house):
    plain = socket.create_connection(("127.0.0.1", house.tls_port), timeout=60)
    assert not statuses(exchange(plain, get("/", house.host("tls"))))
    answer = exchange(house.connect("tls"), get("/", house.host("tls")))
    assert headers(answer)["strict-transport-security"] == ["max-age=63072000; includeSubDomains"]
