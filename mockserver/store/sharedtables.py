"""What several processes that serve one state must agree on beyond the worlds themselves.

Nothing here outlives them: whoever starts when no other is there makes the tables anew.
"""

from sqlalchemy import BigInteger, Column, Float, LargeBinary, MetaData, SmallInteger, Table, Text

from mockserver.store.tables import Serial

metadata = MetaData()

processes = Table(
    "processes",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("seen", Float, nullable=False),  # when it last said that it is there
    sqlite_autoincrement=True,
)

questions = Table(
    "questions",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("process", BigInteger, nullable=False),  # that asks
    Column("kind", Text, nullable=False),
    Column("asked", LargeBinary, nullable=False),  # JSON
    Column("since", Float, nullable=False),
    sqlite_autoincrement=True,
)

answers = Table(
    "answers",
    metadata,
    Column("question", BigInteger, primary_key=True, autoincrement=False),
    Column("process", BigInteger, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),  # JSON
)

faults = Table(
    "faults",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("world", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("kept", SmallInteger, nullable=False),
    sqlite_autoincrement=True,  # no number is given twice: a set of faults is known by them
)

repetitions = Table(
    "repetitions",
    metadata,
    Column("world", Text, primary_key=True),
    Column("request", LargeBinary, primary_key=True),  # its identity
    Column("times", BigInteger, nullable=False),
    Column("last", Float, nullable=False),
)

windows = Table(
    "windows",
    metadata,
    Column("scope", Text, primary_key=True),  # which limit
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("user", BigInteger, primary_key=True, autoincrement=False),
    Column("ends", Float, nullable=False),
    Column("used", BigInteger, nullable=False),
)

shifts = Table(
    "shifts",
    metadata,
    Column("world", Text, primary_key=True),
    Column("per_second", Float, nullable=False),
    Column("process", BigInteger, nullable=False),  # that does the work
)
