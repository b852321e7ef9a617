"""The replies of a server that has lost its way: error pages, stack traces, damaged bytes."""

from mockserver.defects.changes.exchange import Reply

LOGIN_PAGE = "<!DOCTYPE html>\n<title>Log in</title>\n<h1>Log in to continue</h1>\n"
ERROR_PAGE = "<!DOCTYPE html>\n<title>Server Error</title>\n<h1>500 | Server Error</h1>\n"
GATEWAY_PAGE = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>502</body>\n</html>\n"
MISSING_PAGE = "<!DOCTYPE html>\n<title>Not Found</title>\n<h1>404 | Not Found</h1>\n"
APP_PAGE = '<!DOCTYPE html>\n<title>Help desk</title>\n<div id="app"></div>\n'

WARNING = (
    b"<br />\n<b>Warning</b>:  Undefined array key in <b>TicketResource.php</b> on line <b>41</b>"
)

_TRACE = {
    "message": 'Attempt to read property "name" on null',
    "exception": "ErrorException",
    "file": "/var/www/app/Http/Resources/TicketResource.php",
    "line": 41,
    "trace": [{"function": "toArray", "class": "TicketResource", "type": "->", "line": 41}],
}


def html(reply: Reply, status: int, page: str) -> Reply:
    return reply.with_status(status).with_body(page.encode(), "text/html; charset=UTF-8")


def server_error(reply: Reply) -> Reply:
    return reply.with_status(500).with_json({"message": "Server Error"})


def error_page(reply: Reply) -> Reply:
    return html(reply, 500, ERROR_PAGE)


def stack_trace(reply: Reply) -> Reply:
    return reply.with_status(500).with_json(_TRACE)


def bad_gateway(reply: Reply) -> Reply:
    return html(reply, 502, GATEWAY_PAGE)


def unavailable(reply: Reply) -> Reply:
    return reply.with_status(503).with_json({"message": "Service Unavailable"})
