"""A small honest deployment of the Tickets API, which can be made strange, and broken by patches.

It shares nothing with the mock: the suite must accept any deployment that keeps the contract.
"""

import json
import random
import re
import socket
import threading
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

Json = dict[str, Any]
EPOCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = """
fax tax
password invoice refund shipping browser account export calendar webhook printer contract delivery
keyboard discount migration translation backup certificate dashboard newsletter subscription holiday
warranty cancellation firmware customs pallet brochure receipt voucher Größe Straße façade naïve
""".split()  # noqa: SIM905 - a page of one word a line reads worse
UNUSUAL_WORDS = """
communaute\u0301 Mu\u0308ller communal \u200f\u05e9\u05dc\u05d5\u05dd\u200f नमस्ते お問い合わせ
customer's printers printing help.example Übersicht ubersicht invoices invoiced strasse 🦜
""".split()  # noqa: SIM905
"""What healthy searches find differently: loose accents, marks, stems, signs, other scripts."""
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class FakeOptions:
    """Ways to differ that the contract allows."""

    tickets: int = 120
    first_id: int = 1
    oversized: str = "clamp"  # clamp | refuse
    odd: str = "ignore"  # ignore | refuse
    lower_ulids: bool = False
    extra: bool = False
    richer_details: bool = False  # people of a detail have more parts than those of a list
    servers: int = 1  # each spells times, cuts previews and signs pictures in its own way
    search: str = "substring"  # substring | phrase | words | normalised | stems
    unusual_words: bool = False  # loose accents, marks, stems, signs, scripts without blanks
    put: str = "short"  # short | full | none
    links: str = "keep"  # keep | drop
    every_tag: bool = False
    false_excludes: bool = False
    activity: str = "messages"  # messages | all
    busy: float = 0.0  # changes a second
    latency: float = 0.0
    resets: int = 0  # every nth request breaks
    rate: int = 0  # requests a window
    window: float = 60.0
    readonly: bool = False
    step: float = 1.0  # seconds between two changes
    newest_activity_first: bool = False
    ulid_paths: bool = False  # tickets are named by ULIDs only
    automations: bool = False  # closing unassigns and opening adds a tag, logged by a colleague


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


@lru_cache(maxsize=10_000)
def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


@lru_cache(maxsize=10_000)
def stems(text: str) -> frozenset[str]:
    """Return the words of a text as an index keeps them: without accents, marks and endings."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in apart if not unicodedata.category(char).startswith("M"))
    words = re.findall(r"[^\W_]+(?:['.][^\W_]+)*", plain)
    return frozenset(re.sub(r"(?<=\w{3})(?:ing|ed|es|s|e)$", "", word) for word in words)


class Refusal(Exception):
    def __init__(self, status: int, body: Json, headers: Json | None = None) -> None:
        self.status, self.body, self.headers = status, body, headers or {}


@dataclass
class FakeDeployment:
    """The deployment; tests break it by overriding a method."""

    strange: FakeOptions = field(default_factory=FakeOptions)
    seed: int = 1
    requests: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.lock = threading.RLock()
        self.now = EPOCH + timedelta(days=40)
        self.hits: list[float] = []
        self.heard = 0
        self.heard_methods: list[tuple[str, str]] = []
        self.users = [self.user(n) for n in range(5, 9)]
        self.channels = [
            {"id": n, "name": name, "type": "email", "color": "#3b82f6"}
            for n, name in ((1, "Support"), (2, "Sales"), (12, "Press"))
        ]
        self.tags = [
            {"id": n, "ulid": self.ulid(), "name": f"tag {n}", "color": "red"}
            for n in (3, 4, 31, 7)
        ]
        self.tickets = [self.ticket(n) for n in range(self.strange.tickets)]
        self.tokens = {"jane": 5, "reader": 6}

    # -- data ------------------------------------------------------------------------------

    def ulid(self) -> str:
        text = "01" + "".join(self.random.choice(ALPHABET) for _ in range(24))
        return text.lower() if self.strange.lower_ulids else text

    def words(self, count: int) -> str:
        found = self.random.sample(WORDS, count)
        if self.strange.unusual_words:
            found[1:1] = self.random.sample(UNUSUAL_WORDS, 2)
        return " ".join(found)

    def user(self, n: int) -> Json:
        email = f"agent{n}@help.example"
        return {
            "id": n,
            "name": f"Agent {n}",
            "email": email,
            "avatar_url": None,
            "timezone": "UTC",
        }

    def ticket(self, n: int) -> Json:
        number = self.strange.first_id + n * (1 if self.strange.first_id < 1000 else 7)
        born = EPOCH + timedelta(hours=n // 2 * 2, minutes=n)
        contact = {
            "id": 500 + n, "ulid": self.ulid(), "name": f"Person {n}",
            "email": f"person{n}@customer.example", "avatar_url": None,
        }  # fmt: skip
        messages = [
            self.message(number, k, born, contact) for k in range(self.random.randint(1, 6))
        ]
        status = self.random.choices(("open", "closed", "spam"), (6, 4, 2))[0]
        ticket: Json = {
            "id": number, "ulid": self.ulid(), "status": status,
            "subject": self.words(3).capitalize() + " 📦" * (n % 40 == 9),
            "channel": self.random.choice(self.channels),
            "assignee": self.random.choice([None, *self.users]), "contact": contact,
            "tags": self.random.sample(self.tags, self.random.choice((0, 1, 1, 2, 3))),
            "summary": self.random.choice((None, "Asks for help.")),
            "created_at": iso(born), "messages": messages, "activities": [],
        }  # fmt: skip
        later = datetime.fromisoformat(messages[-1]["created_at"]) + timedelta(
            hours=self.random.randint(0, 400)
        )
        for k in range(self.random.randint(0, 2)):
            ticket["activities"].append(
                self.activity("status_changed", later + timedelta(minutes=k))
            )
        last = ticket["activities"][-1]["created_at"] if ticket["activities"] else iso(later)
        ticket["updated_at"] = last
        return ticket

    def message(self, ticket: int, k: int, born: datetime, contact: Json) -> Json:
        kind = "inbound" if k == 0 else self.random.choice(("inbound", "outbound", "note"))
        person = contact if kind == "inbound" else self.random.choice(self.users)
        body = self.words(5)
        sender = {key: person[key] for key in ("id", "name", "email", "avatar_url")}
        sender["type"] = "contact" if kind == "inbound" else "user"
        return {
            "id": ticket * 100 + k, "ulid": self.ulid(), "type": kind,
            "body_html": f"<p>{body} <b>x{ticket}y{k + 1}</b></p>", "sender": sender,
            "attachments": [], "is_forward": False,
            "created_at": iso(born + timedelta(hours=k and self.random.randint(k * 5, k * 5 + 4))),
        }  # fmt: skip

    def activity(self, kind: str, when: datetime, user: Json | None = None) -> Json:
        person = user or self.random.choice(self.users)
        return {
            "type": kind,
            "user": {"id": person["id"], "name": person["name"]},
            "created_at": iso(when),
        }

    def tick(self) -> datetime:
        self.now += timedelta(seconds=self.strange.step)
        return self.now

    # -- the list --------------------------------------------------------------------------

    def matches(self, ticket: Json, name: str, value: str) -> bool:
        if name == "status":
            return ticket["status"] in value.split(",")
        if name == "channel_ids":
            return str(ticket["channel"]["id"]) in value.split(",")
        if name == "tag_ids":
            wanted, found = set(value.split(",")), {str(tag["id"]) for tag in ticket["tags"]}
            return wanted <= found if self.strange.every_tag else bool(wanted & found)
        if name == "search":
            return self.finds(ticket, value)
        mine = ticket["assignee"] is not None and ticket["assignee"]["id"] == 5
        fact = mine if name == "assigned_to_me" else ticket["assignee"] is None
        if value in ("false", "0"):
            return not fact if self.strange.false_excludes else True
        return fact

    def haystack(self, ticket: Json) -> str:
        texts = [ticket["subject"], *(text_of(m["body_html"]) for m in ticket["messages"])]
        return "\n".join(texts).lower()

    def finds(self, ticket: Json, term: str) -> bool:
        text, term = self.haystack(ticket), term.lower()
        if self.strange.search == "words":
            return all(word in text for word in term.split())
        if self.strange.search == "phrase":
            return re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text) is not None
        if self.strange.search == "normalised":
            return unicodedata.normalize("NFC", term) in unicodedata.normalize("NFC", text)
        if self.strange.search == "stems":
            return bool(stems(term)) and stems(term) <= stems(text)
        return term in text

    def key(self, ticket: Json, name: str) -> str:
        if name != "last_activity_at":
            return str(ticket[name])
        times = [m["created_at"] for m in ticket["messages"]]
        if self.strange.activity == "all":
            times += [a["created_at"] for a in ticket["activities"]]
        return str(max(times))

    def ordered(self, tickets: list[Json], sorts: list[str]) -> list[Json]:
        for sort in reversed(sorts):
            down = sort.startswith("-")
            tickets = sorted(
                tickets, key=lambda t, s=sort: (self.key(t, s.lstrip("-")), t["id"]), reverse=down
            )
        return tickets

    def selected(self, filters: dict[str, str]) -> list[Json]:
        return [t for t in self.tickets if all(self.matches(t, k, v) for k, v in filters.items())]

    def item(self, ticket: Json) -> Json:
        row = {k: v for k, v in ticket.items() if k not in ("messages", "activities")}
        text = text_of(ticket["messages"][-1]["body_html"])
        server = len(self.requests) % self.strange.servers
        size = 60 if server else 100
        row["latest_message_preview"] = text if len(text) <= size else text[:size].rstrip() + "..."
        if self.strange.servers > 1:
            picture = f"https://cdn.example/{row['contact']['id']}.png?signature={server}"
            row["contact"] = {**row["contact"], "avatar_url": picture}
        if self.strange.extra:
            row["priority"] = "high"
        return row

    def listing(self) -> Json:
        filters = {k[7:-1]: v for k, v in request.args.items() if k.startswith("filter[") and v}
        known = {"status", "channel_ids", "tag_ids", "search", "assigned_to_me", "unassigned"}
        if set(filters) - known and self.strange.odd == "refuse":
            raise Refusal(400, {"message": "Requested filter(s) are not allowed."})
        filters = {k: v for k, v in filters.items() if k in known}
        per_page, page = self.size(), self.page()
        rows = self.ordered(self.selected(filters), self.sorts())
        total, last = len(rows), max(1, -(-len(rows) // per_page))
        piece = rows[(page - 1) * per_page : page * per_page]
        links = {
            "first": self.link(1), "last": self.link(last),
            "prev": self.link(page - 1) if page > 1 else None,
            "next": self.link(page + 1) if page < last else None,
        }  # fmt: skip
        if self.strange.extra:
            links["object"] = "links"
        meta = {"current_page": page, "last_page": last, "per_page": per_page, "total": total}
        return {"data": [self.item(t) for t in piece], "links": links, "meta": meta}

    def link(self, page: int) -> str:
        kept = (
            []
            if self.strange.links == "drop"
            else [p for p in request.args.items() if p[0] != "page"]
        )
        return f"{request.base_url}?{urlencode([*kept, ('page', page)])}"

    def sorts(self) -> list[str]:
        sorts = request.args.get("sort", "-updated_at").split(",")
        known = ("created_at", "updated_at", "last_activity_at")
        good = [s for s in sorts if s.removeprefix("-") in known]
        if len(good) < len(sorts) and self.strange.odd == "refuse":
            raise Refusal(400, {"message": "Requested sort(s) is not allowed."})
        return good or ["-updated_at"]

    def size(self) -> int:
        raw = request.args.get("per_page", "25")
        number = int(raw) if re.fullmatch(r"\d{1,9}", raw) else 0
        if 1 <= number <= 100:
            return number
        refuses = self.strange.oversized if number > 100 else self.strange.odd
        if refuses == "refuse":
            self.invalid("per_page", "The per page field is out of range.")
        return 100 if number > 100 else 25

    def page(self) -> int:
        raw = request.args.get("page", "1")
        number = int(raw) if re.fullmatch(r"\d{1,9}", raw) else 0
        if number < 1 and self.strange.odd == "refuse":
            self.invalid("page", "The page field must be at least 1.")
        return max(1, number)

    # -- one ticket ------------------------------------------------------------------------

    def find(self, name: str) -> Json:
        for ticket in self.tickets:
            if str(ticket["ulid" if self.strange.ulid_paths else "id"]) == name:
                return ticket
        raise Refusal(
            404, {"message": f"No query results for model [App\\Models\\Ticket] {name[:40]}"}
        )

    def detail(self, name: str) -> Json:
        ticket = self.find(name)
        activities = ticket["activities"]
        if self.strange.newest_activity_first:
            activities = activities[::-1]
        row = self.item(ticket)
        if self.strange.richer_details:
            row["contact"] = {**row["contact"], "notes": None, "tickets": len(self.requests)}
        return {"ticket": {**row, "messages": ticket["messages"], "activities": activities}}

    def invalid(self, name: str, message: str) -> None:
        raise Refusal(422, {"message": message, "errors": {name: [message]}})

    def update(self, name: str, what: str) -> Json:
        ticket = self.find(name)
        if self.strange.readonly or self.token() == "reader":
            raise Refusal(403, {"message": "This action is unauthorized."})
        body = request.get_json(silent=True, force=True)
        body = body if isinstance(body, dict) else {}
        if what == "status":
            value = body.get("status")
            if value not in ("open", "closed", "spam"):
                self.invalid("status", "The selected status is invalid.")
        else:
            value = self.person(body)
        self.store(ticket, what, value)
        if self.strange.automations and what == "status":
            self.automate(ticket)
        return self.answer(ticket)

    def automate(self, ticket: Json) -> None:
        if ticket["status"] == "closed":
            self.store(ticket, "assignee", None, user=-1)
        elif ticket["status"] == "open" and ticket["tags"] != self.tags[:1]:
            ticket["tags"] = self.tags[:1]
            ticket["activities"].append(self.activity("tag_added", self.tick(), self.users[-1]))

    def person(self, body: Json) -> Json | None:
        if "user_id" not in body:
            self.invalid("user_id", "The user id field must be present.")
        value = body["user_id"]
        if value is None:
            return None
        found = [u for u in self.users if type(value) is int and u["id"] == value]
        if not found:
            self.invalid("user_id", "The selected user id is invalid.")
        return found[0]

    def store(self, ticket: Json, what: str, value: Any, user: int = 0) -> None:
        if ticket[what] == value:
            return
        ticket[what] = value
        now = self.tick()
        ticket["updated_at"] = iso(now)
        kind = "status_changed" if what == "status" else "assignee_changed"
        ticket["activities"].append(self.activity(kind, now, self.users[user]))

    def answer(self, ticket: Json) -> Json:
        if self.strange.put == "full":
            return self.detail(str(ticket["ulid" if self.strange.ulid_paths else "id"]))
        return {"ticket": self.item(ticket)}

    # -- the life of a request -------------------------------------------------------------

    def token(self) -> str:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return token if scheme.lower() == "bearer" else ""

    def authenticate(self) -> None:
        if self.token() not in self.tokens and self.token() != "stranger":
            raise Refusal(401, {"message": "Unauthenticated."})

    def throttle(self) -> None:
        if not self.strange.rate:
            return
        now = time.monotonic()
        if not self.hits or now - self.hits[0] > self.strange.window:
            self.hits = [now]
            return
        self.hits.append(now)
        if len(self.hits) > self.strange.rate:
            wait = str(max(1, round(self.hits[0] + self.strange.window - now + 0.5)))
            raise Refusal(429, {"message": "Too Many Attempts."}, {"Retry-After": wait})

    def respond(self, act: Callable[[], Json]) -> Response:
        with self.lock:
            self.requests.append((request.method, request.full_path))
            try:
                self.authenticate()
                self.throttle()
                if self.token() == "stranger":
                    return self.json(self.elsewhere(), 200)
                body = act()
                if request.method == "PUT" and self.strange.put == "none":
                    return Response(status=204)
                return self.json(body, 200)
            except Refusal as refusal:
                return self.json(refusal.body, refusal.status, refusal.headers)

    def elsewhere(self) -> Json:
        """What a token of another workspace gets: an empty list, and none of our tickets."""
        if request.path != "/api/tickets":
            raise Refusal(404, {"message": "No query results for model [App\\Models\\Ticket]"})
        links = {"first": self.link(1), "last": self.link(1), "prev": None, "next": None}
        meta = {"current_page": 1, "last_page": 1, "per_page": 100, "total": 0}
        return {"data": [], "links": links, "meta": meta}

    def json(self, body: Any, status: int, headers: Json | None = None) -> Response:
        text = json.dumps(body)
        if len(self.requests) % self.strange.servers:
            text = text.replace('+00:00"', '.000000Z"')
        return Response(text, status, headers or {}, mimetype="application/json")

    def app(self) -> Flask:
        app = Flask(__name__)
        app.add_url_rule("/api/tickets", "list", lambda: self.respond(self.listing))
        app.add_url_rule(
            "/api/tickets/<name>", "detail", lambda name: self.respond(lambda: self.detail(name))
        )
        app.add_url_rule(
            "/api/tickets/<name>/<any(status,assignee):what>",
            "update",
            lambda name, what: self.respond(lambda: self.update(name, what)),
            methods=["PUT"],
        )
        app.before_request(self.hear)
        app.register_error_handler(
            HTTPException, lambda e: self.json({"message": str(e.description)}, e.code or 500)
        )
        return app

    def hear(self) -> None:
        """Note every request that arrives, whatever becomes of it."""
        self.heard_methods.append((request.method, request.path))
        self.hinder()

    def hinder(self) -> None:
        time.sleep(self.strange.latency)
        if self.strange.busy:
            self.others_work()

    def breaks(self) -> bool:
        """True when a connection is to break instead of being answered."""
        self.heard += 1
        return bool(self.strange.resets) and self.heard % self.strange.resets == 0

    def others_work(self) -> None:
        """Other people change tickets and contacts write, `busy` times between two requests."""
        with self.lock:
            for _ in range(self.random.randint(0, round(self.strange.busy * 2))):
                self.one_change()

    def one_change(self) -> None:
        ticket = self.random.choice(self.tickets)
        lot = self.random.random()
        if lot < 0.2:
            fresh = self.ticket(len(self.tickets))
            now = self.tick()
            fresh.update(created_at=iso(now), updated_at=iso(now), activities=[])
            fresh["messages"] = fresh["messages"][:1]
            fresh["messages"][0]["created_at"] = iso(now)
            self.tickets.append(fresh)
        elif lot < 0.5:
            k = len(ticket["messages"])
            now = self.tick()
            message = self.message(ticket["id"], k, now, ticket["contact"])
            ticket["messages"].append({**message, "created_at": iso(now)})
            ticket["updated_at"] = iso(now)
        elif lot < 0.8:
            self.store(ticket, "status", self.random.choice(("open", "closed", "spam")), 1)
        else:
            self.store(ticket, "assignee", self.random.choice([None, *self.users]), 1)


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: Any) -> None:
        pass

    def run_wsgi(self) -> None:
        if self.server.fake.breaks():  # type: ignore[attr-defined]  # set by Serving
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        else:
            super().run_wsgi()


class Serving:
    """Serves a fake deployment on a free port of loopback until left."""

    def __init__(self, fake: FakeDeployment) -> None:
        app = fake.app()
        app.config["PROPAGATE_EXCEPTIONS"] = False
        self.server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        self.server.fake = fake  # type: ignore[attr-defined]  # for Quiet
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> str:
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        return self.url

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
