import pytest
from hypothesis import given
from hypothesis import strategies as st

from srm_portal.infra.realtime.origins import origin_allowed
from srm_portal.infra.realtime.sessions import Registry, Session, TokenBucket
from srm_portal.kernel.errors import Refused
from srm_portal.kernel.permissions import Actor


def session(number: int, user: str = "anna", web: str | None = "web-1") -> Session:
    actor = Actor(user, user, "org", frozenset({"supplier_user"}), session_id=web)
    return Session(f"sid-{number}", f"engine-{number}", actor, TokenBucket(1, 1, 0), TokenBucket(1, 1, 0))


def test_a_socket_is_found_by_session_user_and_scope():
    registry, one, two = Registry(), session(1), session(2, "bert", "web-2")
    registry.add(one)
    registry.add(two)
    registry.add_scopes(one, frozenset({"auction:1/S1"}))
    assert registry.find(session_id="web-1") == [one]
    assert registry.find(user_id="bert") == [two]
    assert registry.find(scope="auction:1/S1") == [one]
    assert registry.find(scope="auction:2/S1") == []
    assert registry.by_engine("engine-2") is two


def test_a_removed_socket_is_found_no_more():
    registry, one = Registry(), session(1)
    registry.add(one)
    registry.add_scopes(one, frozenset({"a", "b"}))
    assert registry.remove("engine-1") is one
    assert registry.remove("engine-1") is None
    assert registry.find(user_id="anna") == registry.find(scope="a") == registry.find(session_id="web-1") == []
    assert registry == Registry()


def test_a_socket_that_has_left_gets_no_scope():
    registry, one = Registry(), session(1)
    registry.add_scopes(one, frozenset({"a"}))
    assert registry.find(scope="a") == []


def test_a_user_has_at_most_five_sockets_and_another_user_is_not_counted():
    registry = Registry()
    for number in range(5):
        registry.add(session(number))
    with pytest.raises(Refused, match="too_many_sockets"):
        registry.add(session(6))
    registry.add(session(7, "bert", None))
    registry.remove("engine-0")
    registry.add(session(8))
    assert len(registry) == 6


def test_asking_for_two_things_at_once_is_a_mistake():
    with pytest.raises(AssertionError):
        Registry().find(user_id="anna", scope="a")


@given(st.floats(0.5, 50), st.integers(1, 50), st.lists(st.floats(0, 2), max_size=200))
def test_a_bucket_never_gives_more_than_its_burst_and_its_rate(rate, burst, pauses):
    now, bucket, given_out = 0.0, TokenBucket(rate, burst, 0.0), 0
    for pause in pauses:
        now += pause
        given_out += bucket.take(now)
    assert given_out <= burst + rate * now + 1e-6


def test_a_bucket_gives_its_burst_at_once_and_then_its_rate():
    bucket = TokenBucket(2, 3, 0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(0.5), bucket.take(0.6)] == [True, False]


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),
        ("https://portal.example", True),
        ("http://portal.example", True),
        ("https://PORTAL.example", True),
        ("https://named.example", True),
        ("https://portal.example:8443", False),
        ("https://portal.example.evil", False),
        ("https://evil/portal.example", False),
        ("https://user@portal.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_an_origin_is_the_own_host_or_a_named_one(origin, allowed):
    assert origin_allowed(origin, {"HTTP_HOST": "portal.example"}, {"https://named.example"}) is allowed


def test_without_a_host_no_page_is_our_own():
    assert not origin_allowed("http://", {}, ())
