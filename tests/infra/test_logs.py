"""Log lines go where standard error goes now; what must not be told is masked."""

from __future__ import annotations

import io

import pytest

from srm_portal.infra import logs


def test_lines_follow_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = io.StringIO(), io.StringIO()
    monkeypatch.setattr("sys.stderr", first)
    logs.configure("json")
    monkeypatch.setattr("sys.stderr", second)
    first.close()
    logs.log().warning("job_failed", kind="mail.deliver")
    assert '"event": "job_failed"' in second.getvalue()


def test_prices_and_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure("json")
    logs.log().info("bid_taken", amount="1234.56", password="hunter2", lot="L1")
    assert "1234.56" not in stream.getvalue()
    assert "hunter2" not in stream.getvalue()
    assert '"lot": "L1"' in stream.getvalue()
