"""HTTP as bytes, so that nothing tidies up what is sent."""
import re

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


def exchange(socket, request):
    """Everything that comes back until the other side closes; what a reset leaves unread does not count."""
    answer = b""
    try:
        for piece in request if isinstance(request, list) else [request]:
            socket.sendall(piece)
        while piece := socket.recv(65536):
            answer += piece
    except (ConnectionError, OSError):
        pass
    finally:
        socket.close()
    return answer


def statuses(answer):
    return [int(found) for found in STATUS.findall(answer)]


def headers(answer):
    """The fields of the first answer, names in lower case, values in lists."""
    found = {}
    for line in answer.split(b"\r\n\r\n", 1)[0].split(b"\r\n")[1:]:
        name, _, value = line.decode("latin-1").partition(":")
        found.setdefault(name.lower(), []).append(value.strip())
    return found


def get(path, host, *lines):
    """A request after whose answer the connection ends."""
    return "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *lines, "", ""]).encode()
