"""An SFTP server (version 3, over stdin and stdout) that does what its first argument says.

sshd starts it as its subsystem. It offers two files under /out; what is wrong with them is the play:
right, size (says more than there is), short (ends early), grow (changes between two looks),
paths (names that are paths), endless (a listing that does not end), stall (never answers a read),
cut (ends in the middle of a read), drip (a few bytes a read), flood (a file that does not end).
"""

import struct
import sys
import time

PLAY = sys.argv[1]
CONTENT = open(sys.argv[2], "rb").read()
NAMES = [b"crp_fr_v3_261119_1.csv", b"crp_fr_v3_261120_2.csv"]
out, looks = sys.stdout.buffer, 0


def text(value):
    return struct.pack(">I", len(value)) + value


def send(kind, body):
    out.write(struct.pack(">IB", len(body) + 1, kind) + body)
    out.flush()


def status(number, code, words=b"as it is"):
    send(101, struct.pack(">II", number, code) + text(words) + text(b""))


def attributes():
    size = len(CONTENT)
    if PLAY == "size":
        size += 100
    if PLAY == "grow":
        size += looks
    if PLAY == "flood":
        size = 2**40
    return struct.pack(">IQIII", 0xD, size, 0o100644, 1763600000, 1763600000)


def names(number, all_names):
    entries = b"".join(text(name) + text(name) + attributes() for name in all_names)
    send(104, struct.pack(">II", number, len(all_names)) + entries)


def listing(number, state):
    global looks
    if PLAY == "endless":
        state["pages"] += 1
        names(number, [b"crp_%d_%d.csv" % (state["pages"], at) for at in range(500)])
    elif state["pages"]:
        status(number, 1)
    else:
        state["pages"], looks = 1, looks + 1
        bad = [b"../crp_up.csv", b"/etc/crp_root.csv", b"crp_a/../../b.csv", b"crp_\n.csv", b".", b".."]
        names(number, NAMES + (bad if PLAY == "paths" else []))


def read(number, offset, length):
    size = len(CONTENT)
    if PLAY == "stall":
        time.sleep(600)
    if PLAY == "cut" and offset >= 0:
        out.write(struct.pack(">IB", 1000, 103) + b"half")
        out.flush()
        sys.exit(0)
    if PLAY == "short":
        size = size // 2
    if PLAY == "drip":
        length = 150
    data = b"x" * length if PLAY == "flood" else CONTENT[offset : min(size, offset + length)]
    if data:
        send(103, struct.pack(">I", number) + text(data))
    else:
        status(number, 1)


def main():
    source, state = sys.stdin.buffer, {"pages": 0}
    while header := source.read(5):
        length, kind = struct.unpack(">IB", header)
        body = source.read(length - 1)
        if kind == 1:
            send(2, struct.pack(">I", 3))
            continue
        number = struct.unpack(">I", body[:4])[0]
        if kind == 11:
            state["pages"] = 0
            send(102, struct.pack(">I", number) + text(b"d"))
        elif kind == 12:
            listing(number, state)
        elif kind == 3:
            send(102, struct.pack(">I", number) + text(b"f"))
        elif kind == 4:
            status(number, 0)
        elif kind == 5:
            start = 4 + 4 + struct.unpack(">I", body[4:8])[0]
            offset, wanted = struct.unpack(">QI", body[start : start + 12])
            read(number, offset, wanted)
        elif kind in (7, 17):
            send(105, struct.pack(">I", number) + attributes())
        else:
            status(number, 8)


main()
