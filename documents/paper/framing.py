"""Messages between the drawing worker and its caller: four bytes of length, then the message."""

import struct
from typing import BinaryIO

LENGTH = struct.Struct(">I")


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next message; None when the other end has closed, even in the middle of one."""
    head = read_exactly(stream, LENGTH.size)
    return None if head is None else read_exactly(stream, LENGTH.unpack(head)[0])


def read_exactly(stream: BinaryIO, count: int) -> bytes | None:
    pieces = []
    while count:
        piece = stream.read(count)
        if not piece:
            return None
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def write_frame(stream: BinaryIO, message: bytes) -> None:
    rest = memoryview(LENGTH.pack(len(message)) + message)
    while rest:
        rest = rest[stream.write(rest) or 0 :]
    stream.flush()
