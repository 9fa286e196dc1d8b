from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from srm_portal.infra.realtime import frames
from tests.infra.realtime.wire import masked

LIMIT = 16 * 1024
messages = st.lists(
    st.one_of(
        st.text(max_size=300).map(lambda text: (frames.TEXT, text)),
        st.binary(max_size=300).map(lambda data: (frames.BINARY, data)),
        st.binary(max_size=125).map(lambda data: (frames.PING, data)),
        st.binary(max_size=125).map(lambda data: (frames.PONG, data)),
    ),
    max_size=8,
)


def as_bytes(payload: str | bytes) -> bytes:
    return payload.encode() if isinstance(payload, str) else payload


def read(data: bytes, limit: int = LIMIT) -> list[tuple[int, str | bytes]]:
    return list(frames.FrameReader(limit).feed(data))


def code_of(data: bytes, limit: int = LIMIT) -> int:
    with pytest.raises(frames.FrameError) as error:
        read(data, limit)
    return error.value.code


def sliced(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:stop] for start, stop in pairwise(edges)]


@given(messages, st.lists(st.integers(0, 10_000), max_size=20))
def test_messages_are_read_the_same_however_the_stream_is_cut(sent, cuts):
    stream = b"".join(masked(as_bytes(payload), opcode) for opcode, payload in sent)
    reader = frames.FrameReader(LIMIT)
    assert [found for piece in sliced(stream, cuts) for found in reader.feed(piece)] == sent


@given(st.text(max_size=200), st.lists(st.integers(0, 1000), max_size=6), st.booleans())
def test_fragments_make_one_message_with_pings_in_between(text, cuts, pinged):
    pieces = sliced(text.encode(), cuts)
    stream = b""
    for number, piece in enumerate(pieces):
        opcode = frames.CONTINUATION if number else frames.TEXT
        stream += masked(piece, opcode, final=number == len(pieces) - 1)
        if pinged and number < len(pieces) - 1:
            stream += masked(b"?", frames.PING)
    expected = [(frames.PING, b"?")] * (len(pieces) - 1) * pinged + [(frames.TEXT, text)]
    assert read(stream) == expected


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_close_code(data):
    try:
        read(data)
    except frames.FrameError as error:
        assert error.code in (frames.PROTOCOL_ERROR, frames.NOT_UTF8, frames.TOO_BIG)


@given(st.binary(max_size=70_000), st.sampled_from([frames.TEXT, frames.BINARY]))
def test_what_is_written_has_the_payload_that_was_given(payload, opcode):
    frame = frames.encode_frame(payload, opcode)
    assert frames.payload_of(frame) == payload
    assert frame == frames.frame_header(len(payload), opcode) + payload


@pytest.mark.parametrize(
    ("length", "header"),
    [(0, "8100"), (125, "817d"), (126, "817e007e"), (65535, "817effff"), (65536, "817f0000000000010000")],
)
def test_lengths_are_written_in_the_shortest_form(length, header):
    assert frames.frame_header(length).hex() == header


def test_the_published_examples_are_read():
    assert read(bytes.fromhex("818537fa213d7f9f4d5158")) == [(frames.TEXT, "Hello")]
    assert frames.encode_frame(b"Hello").hex() == "810548656c6c6f"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("not masked", frames.encode_frame(b"x")),
        ("reserved bit", b"\xc1" + masked(b"x")[1:]),
        ("unknown opcode", masked(b"x", 3)),
        ("unknown control opcode", masked(b"x", 11)),
        ("control frame too long", masked(b"x" * 126, frames.PING)),
        ("control frame in pieces", masked(b"x", frames.PING, final=False)),
        ("continuation of nothing", masked(b"x", frames.CONTINUATION)),
        ("new message inside a message", masked(b"x", final=False) + masked(b"y")),
        ("two byte length for a short frame", bytes((0x81, 0xFE, 0, 125))),
        ("eight byte length for a short frame", bytes((0x81, 0xFF)) + (65535).to_bytes(8, "big")),
        ("length with the highest bit", bytes((0x81, 0xFF)) + (1 << 63).to_bytes(8, "big")),
        ("close with one byte", masked(b"\x03", frames.CLOSE)),
        ("close code nobody sends", masked((1005).to_bytes(2, "big"), frames.CLOSE)),
        ("close code below the range", masked((999).to_bytes(2, "big"), frames.CLOSE)),
    ],
    ids=lambda value: value if isinstance(value, str) else "frame",
)
def test_a_broken_frame_is_a_protocol_error(name, data):
    assert code_of(data) == frames.PROTOCOL_ERROR


def test_text_and_close_reasons_that_are_not_utf8_are_refused():
    assert code_of(masked(b"\xff")) == frames.NOT_UTF8
    assert code_of(masked((1000).to_bytes(2, "big") + b"\xff", frames.CLOSE)) == frames.NOT_UTF8
    assert read(masked((1000).to_bytes(2, "big") + "é".encode(), frames.CLOSE))[0][0] == frames.CLOSE


def test_a_letter_may_be_cut_by_a_fragment():
    letter = "é".encode()
    stream = masked(letter[:1], final=False) + masked(letter[1:], frames.CONTINUATION)
    assert read(stream) == [(frames.TEXT, "é")]


def test_a_message_at_the_limit_passes_and_one_byte_more_does_not():
    assert read(masked(b"x" * LIMIT)) == [(frames.TEXT, "x" * LIMIT)]
    assert code_of(masked(b"x" * (LIMIT + 1))) == frames.TOO_BIG
    assert code_of(masked(b"x" * LIMIT, final=False) + masked(b"x", frames.CONTINUATION)) == frames.TOO_BIG


def test_a_message_too_big_is_refused_by_its_header_alone():
    assert code_of(bytes((0x81, 0xFF)) + (1 << 40).to_bytes(8, "big")) == frames.TOO_BIG


def test_what_stands_before_a_broken_frame_is_still_read():
    found = []
    with pytest.raises(frames.FrameError):
        for message in frames.FrameReader(LIMIT).feed(masked(b"good") + frames.encode_frame(b"bad")):
            found.append(message)
    assert found == [(frames.TEXT, "good")]
