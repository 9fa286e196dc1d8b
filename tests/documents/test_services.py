import io
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

from srm_portal.audit.queries import history_of
from srm_portal.documents import queries, services
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import NotFound, Refused
from tests.support.factories.documents import CSV
from tests.support.factories.documents import an_upload as upload
from tests.support.world import World


def kept_files(world: World) -> list[Path]:
    return [path for path in Path(world.app.config["UPLOAD_DIR"]).rglob("*") if path.is_file()]


def test_a_stored_file_is_read_back_as_it_was(world):
    file_id = services.store(world.buyer, "supplier", "s1", upload(), now=world.now, note="price list")
    view = queries.file_of("supplier", "s1", file_id)
    with queries.open_bytes(view) as found:
        assert found.read() == CSV
    assert (view.name, view.media_type, view.size, view.note) == ("parts.csv", "text/csv", len(CSV), "price list")
    assert view.by == world.buyer.name
    assert view.stored_name not in view.name and "parts" not in view.stored_name


def test_storing_leaves_a_trail_with_the_hash(world):
    file_id = services.store(world.buyer, "supplier", "s1", upload(), now=world.now)
    line = history_of(world.buyer, ["s1"])[0]
    assert line.action == "file.stored"
    assert line.details["sha256"] == queries.file(file_id).sha256


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("parts.exe", CSV, "type_not_allowed"),
        ("parts.xlsm", CSV, "macros_not_allowed"),
        ("parts.pdf", CSV, "content_differs_from_name"),
        ("parts.csv", b"", "file_empty"),
        ("parts.csv", b"<script>alert(1)</script>", "active_content"),
        ("../parts.csv", CSV, "name_has_path"),
    ],
)
def test_a_file_that_is_not_allowed_is_refused_and_not_kept(world, name, data, code):
    before = kept_files(world)
    with pytest.raises(Refused) as refusal:
        services.store(world.buyer, "supplier", "s1", upload(name, data), now=world.now)
    assert refusal.value.code == code
    assert kept_files(world) == before
    assert queries.files_of("supplier", ["s1"]) == {"s1": []}


def test_no_file_is_refused_by_name(world):
    with pytest.raises(Refused) as refusal:
        services.store(world.buyer, "supplier", "s1", FileStorage(io.BytesIO(), filename=""), now=world.now)
    assert refusal.value.code == "file_missing"


def test_a_removed_file_leaves_the_disk_and_stays_in_the_trail(world):
    file_id = services.store(world.buyer, "supplier", "s1", upload(), now=world.now)
    view = queries.file(file_id)
    services.remove(world.buyer, file_id, now=world.now)
    assert queries.file(file_id) is None
    assert not queries.path_of(view).exists()
    assert history_of(world.buyer, ["s1"])[0].details["sha256"] == view.sha256


def test_a_removal_that_is_rolled_back_keeps_the_file(world):
    file_id = services.store(world.buyer, "supplier", "s1", upload(), now=world.now)

    @command
    def remove_and_fail():
        services.remove(world.buyer, file_id, now=world.now)
        raise Refused("already_done")

    with pytest.raises(Refused):
        remove_and_fail()
    with queries.open_bytes(queries.file(file_id)) as found:
        assert found.read() == CSV


def test_another_organisation_cannot_remove_it(world):
    file_id = services.store(world.buyer, "supplier", "s1", upload(), now=world.now)
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    with pytest.raises(NotFound):
        services.remove(stranger, file_id, now=world.now)


def test_a_file_of_another_record_is_not_found(world):
    file_id = services.store(world.buyer, "supplier", "s1", upload(), now=world.now)
    with pytest.raises(NotFound):
        queries.file_of("supplier", "s2", file_id)


def test_files_of_several_records_come_at_once(world):
    services.store(world.buyer, "supplier", "s1", upload(), now=world.now)
    services.store(world.buyer, "supplier", "s1", upload("b.csv"), now=world.later(minutes=1))
    found = queries.files_of("supplier", ["s1", "s2"])
    assert [file.name for file in found["s1"]] == ["parts.csv", "b.csv"]
    assert found["s2"] == []


def test_a_download_is_an_attachment_that_no_browser_runs(world):
    file_id = services.store(world.buyer, "supplier", "s1", upload(), now=world.now)
    with world.app.test_request_context():
        answer = queries.download(queries.file(file_id))
        answer.direct_passthrough = False
        assert answer.get_data() == CSV
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
