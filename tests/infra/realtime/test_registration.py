import pytest
from flask import Flask

from srm_portal.infra.realtime import Realtime, create_socketio
from srm_portal.infra.realtime.events import deeper_than
from srm_portal.infra.realtime.schema import boolean, fields, integer, one_of, text
from srm_portal.kernel.errors import Invalid


def answer(actor, data, now):
    return {}


def made(driver: str = "threading"):
    app = Flask(__name__)
    app.config["SRM_REALTIME_DRIVER"] = driver
    return app, create_socketio(app)


def test_an_event_needs_a_line_in_the_permission_table():
    realtime = Realtime()
    realtime.on("ask", fields({}), "self:edit", answer)
    with pytest.raises(ValueError, match="no line in the permission table"):
        realtime.on("tell", fields({}), "tell:everything", answer)


def test_an_event_is_registered_once():
    realtime = Realtime()
    realtime.on("ask", fields({}), "self:edit", answer)
    with pytest.raises(ValueError, match="registered already"):
        realtime.on("ask", fields({}), "self:edit", answer)


def test_an_event_past_the_permission_table_stops_the_start():
    app, socketio = made()
    realtime = Realtime()
    realtime.init_app(app, socketio, lambda environ: None)
    socketio.on("sneak")(lambda data: None)
    with pytest.raises(RuntimeError, match="sneak"):
        realtime.start()


@pytest.mark.parametrize("driver", ["threading", "gevent-websocket", "direct"])
def test_the_configured_driver_is_the_one_that_is_loaded(driver):
    _, socketio = made(driver)
    assert socketio.async_mode == ("threading" if driver == "threading" else "gevent")


def test_an_unknown_driver_stops_the_start():
    with pytest.raises(RuntimeError, match="none of direct, gevent-websocket, threading"):
        made("carrier-pigeon")


def test_another_engine_version_stops_the_start(monkeypatch):
    monkeypatch.setattr("srm_portal.infra.realtime.driver.ENGINEIO_VERSION", "4.99.0")
    with pytest.raises(RuntimeError, match=r"4\.99\.0"):
        made("direct")


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (text(3), ["a", "abc", "é"], ["", "abcd", 5, None, ["a"], "a\nb", "a\u202eb", "\x00"]),
        (integer(0, 5), [0, 5], [-1, 6, 1.0, True, "1", None]),
        (boolean(), [True, False], [0, 1, "true", None]),
        (one_of("up", "down"), ["up"], ["left", "", None, 1, ["up"]]),
    ],
)
def test_a_check_lets_the_right_values_pass_and_no_others(check, good, bad):
    assert [check(value) for value in good] == [None] * len(good)
    assert None not in [check(value) for value in bad]


def test_a_schema_wants_its_fields_allows_the_optional_ones_and_refuses_others():
    schema = fields({"lot": text()}, {"note": text()})
    assert schema({"lot": "L1"}) == {"lot": "L1"}
    assert schema({"lot": "L1", "note": "n"}) == {"lot": "L1", "note": "n"}
    with pytest.raises(Invalid) as invalid:
        schema({"note": 5, "admin": True})
    assert [(problem.field, problem.code) for problem in invalid.value.problems] == [
        ("admin", "unknown_field"),
        ("lot", "missing"),
        ("note", "not_text"),
    ]


def test_depth_is_counted_in_lists_and_objects():
    assert not deeper_than({"a": [1, {"b": 2}]}, 3)
    assert deeper_than({"a": [1, {"b": []}]}, 3)
    assert not deeper_than("text", 0)
