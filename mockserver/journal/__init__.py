"""The journal: recorded requests of the application under test, validated by the contract."""

from mockserver.journal.exchange import MAX_BODY as MAX_BODY
from mockserver.journal.exchange import Exchange as Exchange
from mockserver.journal.exchange import exchange_of as exchange_of
from mockserver.journal.journal import Journal as Journal
from mockserver.journal.middleware import BUSY as BUSY
from mockserver.journal.middleware import Recorder as Recorder
