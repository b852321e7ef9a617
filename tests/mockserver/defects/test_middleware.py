"""The middleware round the app: names, worlds, what it remembers and when it forgets."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from mockserver.contract.errors import ConfigError
from mockserver.defects import CATALOGUE
from mockserver.server.cli import main
from tests.support.harness import MakeApp
from tests.support.probes import Caller


def defective(make_app: MakeApp, *names: str, **options: Any) -> Flask:
    return make_app(defects=names, tickets=60, **options)


def test_there_are_at_least_150_defects() -> None:
    assert len(CATALOGUE) >= 150


def test_no_two_defects_share_a_name() -> None:
    from mockserver.defects import catalogue

    modules = [module for part in catalogue.PARTS.values() for module in part]
    names = [defect.name for module in modules for defect in module.DEFECTS]
    assert sorted(names) == sorted(CATALOGUE)


def test_an_unknown_defect_is_refused_with_the_nearest_name(make_app: MakeApp) -> None:
    with pytest.raises(ConfigError, match="did you mean ticket-id-text"):
        defective(make_app, "ticket-id-txt")


def test_the_command_line_refuses_an_unknown_defect_as_usage() -> None:
    result = CliRunner().invoke(main, ["serve", "--port", "0", "--defect", "nonsense-entirely"])
    assert result.exit_code == 2
    assert "`mockserver defects` lists them" in result.stderr


def test_the_command_line_lists_every_defect() -> None:
    lines = CliRunner().invoke(main, ["defects"]).stdout.splitlines()
    listed = [line.split() for line in lines]
    assert [row[0] for row in listed] == ["name", *CATALOGUE]
    assert all(len(row) == 5 for row in listed)


def test_words_select_the_defects_that_have_all_of_them() -> None:
    shown = CliRunner().invoke(main, ["defects", "filter", "page-2-on"]).output.splitlines()
    expected = [
        each.name
        for each in CATALOGUE.values()
        if each.rarity.name == "page-2-on" and "filter" in f"{each.name} {each.requirement}"
    ]
    assert [line.split()[0] for line in shown] == ["name", *expected]
    assert 1 < len(shown) < 20


def test_several_defects_lie_together(make_app: MakeApp) -> None:
    page = Caller(defective(make_app, "ticket-id-text", "meta-total-text"), "both").list()
    assert isinstance(page["data"][0]["id"], str)
    assert isinstance(page["meta"]["total"], str)


def test_a_lie_tells_its_length(make_app: MakeApp) -> None:
    client = defective(make_app, "ticket-subject-renamed").test_client()
    reply = client.get("/api/tickets", headers={"Authorization": "Bearer jane"})
    assert int(reply.headers["Content-Length"]) == len(reply.data)
    assert json.loads(reply.data)["data"][0]["title"]


def test_worlds_do_not_share_what_a_defect_remembers(make_app: MakeApp) -> None:
    app = defective(make_app, "detail-shows-old-status")
    ann, ben = Caller(app, "ann"), Caller(app, "ben")
    id = ann.list(**{"filter[status]": "open"})["data"][0]["id"]
    for caller in (ann, ben):
        caller.status(id, "closed")
    ben.ask("", "POST", "/_mock/reset")
    assert ann.detail(id)["ticket"]["status"] == "open"
    ann.status(id, "spam")
    assert ben.status(id, "closed")["ticket"]["status"] == "closed"


@pytest.mark.parametrize("lever", ["/_mock/reset", "/_mock/worlds/w/reset"])
def test_a_reset_forgets_what_is_remembered(make_app: MakeApp, lever: str) -> None:
    jane = Caller(defective(make_app, "server-error-every-20th"), "w")
    for _ in range(19):
        assert jane.list()["data"]
    jane.ask("", "POST", lever)
    statuses = [(jane.list(), jane.seen[-1].status)[1] for _ in range(20)]
    assert statuses == [200] * 19 + [500]


@pytest.mark.parametrize("name", ["ticket-id-text", "page-back-shows-same-page"])
def test_a_body_is_cut_after_the_other_defects_have_read_it(make_app: MakeApp, name: str) -> None:
    client = defective(make_app, "json-cut-when-large", name).test_client()
    for page in (2, 1):
        target = f"/api/tickets?per_page=30&page={page}"
        reply = client.get(target, headers={"Authorization": "Bearer jane"})
        assert (reply.status_code, len(reply.data)) == (200, 16_384)


def test_pages_from_other_origins_can_read_a_lie(make_app: MakeApp) -> None:
    client = defective(make_app, "unauthorized-login-page").test_client()
    reply = client.get("/api/tickets", headers={"Origin": "http://localhost:5173"})
    assert reply.mimetype == "text/html"
    assert reply.headers["Access-Control-Allow-Origin"] == "http://localhost:5173"


def test_a_links_query_stays_the_clients_own_when_a_parameter_is_dropped(
    make_app: MakeApp,
) -> None:
    jane = Caller(defective(make_app, "filter-status-ignored"), "links")
    page = jane.list(per_page=5, **{"filter[status]": "spam"})
    assert "filter%5Bstatus%5D=spam" in page["links"]["next"]
    assert {row["status"] for row in page["data"]} != {"spam"}


def test_links_that_carry_no_query_stay_bare(make_app: MakeApp) -> None:
    from mockserver.contract.choices import Choices

    app = defective(make_app, "filter-status-ignored", choices=Choices(link_query="drop"))
    page = Caller(app, "links").list(per_page=5, **{"filter[status]": "spam"})
    assert page["links"]["next"].endswith("/api/tickets?page=2")


def test_a_number_of_any_size_passes_a_lie_about_what_was_asked(make_app: MakeApp) -> None:
    jane = Caller(defective(make_app, "status-spam-stored-as-closed"), "w")
    id = jane.list()["data"][0]["id"]
    jane.write("status", id, {"status": "open", "more": 2**70}, "jane")
    assert jane.seen[-1].status == 200
