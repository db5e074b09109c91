"""Keeps strangers' web pages out: the page and the control API answer this machine only."""

import ipaddress
from urllib.parse import urlsplit

from aiohttp import web

SAFE = ("GET", "HEAD")


def refusal(request: web.Request) -> str | None:
    """Why this request is not served, or None when it is.

    A Host that is not this machine's is a rebound name; a POST with another Origin was sent by another page.
    """
    host = request.headers.get("Host", "")
    if not _loopback(urlsplit(f"//{host}").hostname):
        return "this address answers only under a name of this machine, such as localhost"
    origin = request.headers.get("Origin")
    if request.method not in SAFE and origin is not None and urlsplit(origin).netloc != host:
        return "requests from another site's page are not accepted"
    return None


def _loopback(name: str | None) -> bool:
    if not name:
        return False
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
