"""contract-tests watch: a proxy that judges the traffic between an app and a deployment."""

import signal
import sys
import threading
from typing import Any

import click

from contract_tests.cli import options, outputs
from contract_tests.client.errors import CannotRun
from contract_tests.client.signals import SIGNALS
from contract_tests.laws import requirements
from contract_tests.laws.finding import Finding
from contract_tests.recordings import proxy as watching
from contract_tests.report.masking.data_mask import DataMask, data_mask
from contract_tests.report.printable import printable
from contract_tests.report.records.record import record
from contract_tests.report.records.setting import Setting
from mockserver.contract.command_line import Command, Options
from mockserver.contract.operations import Contract

PAUSE = 0.5
"""Seconds between two checks for new exchanges."""


_PROXY = Options("Proxy")


@click.command(cls=Command)
@_PROXY.add(
    "--upstream", metavar="URL", required=True, help="Deployment to which requests are forwarded."
)
@_PROXY.add(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port on the loopback interface. Default: a free port.",
)
@options.ca_bundle_option(_PROXY)
@_PROXY.add("--read-only", is_flag=True, help="Forward GET and HEAD requests only.")
@outputs.judging_options
@outputs.report_options
@outputs.baseline_options
def watch(**given: Any) -> None:
    """Run a proxy between an app and a deployment, and judge the traffic.

    Ctrl-C stops the proxy and prints the report. The app's writes are forwarded unless
    --read-only is given. The TLS certificate of the deployment is verified.

    Exit status: 0 conforming, 1 violated, 2 inconclusive or could not run.
    """
    accepted = outputs.prepare(given)
    upstream = str(options.base_url(given["upstream"]))
    try:
        session = watching.session(upstream, given["ca_bundle"])
    except CannotRun as error:
        outputs.fail(str(error))
    proxy = watching.RecordingProxy(upstream, session, read_only=given["read_only"])
    run_options = outputs.of_recorded_traffic(given)
    traffic_judge = watching.TrafficJudge(
        proxy, Contract.load(), lambda finding: _report(finding, proxy, given), run_options
    )
    _serve(proxy, traffic_judge, given["port"])
    if not any(exchange.answered for exchange in proxy.exchanges):
        outputs.give_up("nothing to judge: no request of the API passed through", given)
    setting = Setting(
        base_url=upstream,
        mask=_mask(proxy, given),
        strict=given["strict"],
        command=("contract-tests", "watch", "--upstream", upstream),
        repeat=("contract-tests", "--base-url", upstream),
    )
    body = outputs.finish(record(traffic_judge.outcome(), setting), given, accepted)
    sys.exit(outputs.exit_status(body))


def _serve(proxy: watching.RecordingProxy, traffic_judge: watching.TrafficJudge, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    try:
        server = watching.server(proxy, port)
    except (OSError, SystemExit):
        outputs.fail(f"port {port} is in use; choose another one")
    over = threading.Event()
    for name in SIGNALS:
        signal.signal(name, lambda *_: over.set())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    click.echo(
        f"http://{watching.HOST}:{server.server_port} passes on to {proxy.upstream}; Ctrl-C ends"
    )
    while not over.wait(PAUSE):
        traffic_judge.judge_new()
    server.shutdown()
    thread.join()
    server.server_close()


def _mask(proxy: watching.RecordingProxy, given: dict[str, Any]) -> DataMask:
    return data_mask(proxy.secrets, show_data=given["show_data"])


def _report(finding: Finding, proxy: watching.RecordingProxy, given: dict[str, Any]) -> None:
    requirement = requirements.load()[finding.requirement]
    fails = requirement.severity(strict=given["strict"]) == "fail"
    sign, color = ("VIOLATED", "red") if fails else ("WARNING ", "yellow")
    place = ", ".join(f"#{number}" for number in finding.exchanges)
    mask = _mask(proxy, given)
    mask.learn(proxy.exchanges[number - 1] for number in finding.exchanges)
    words = f"{finding.requirement}: {printable(mask.text(finding.message))} ({place})"
    click.echo(f"{click.style(sign, fg=color, bold=True)} {words}")
