"""What asks for a user and a password (SASL) before a broker that does not: SCRAM is judged by
scramp's server; librdkafka's client, which comes through the same gate, vouches for the rest."""

import struct

from scramp import ScramException, ScramMechanism

from gate import Gate

HANDSHAKE, AUTHENTICATE = 17, 36
UNKNOWN_MECHANISM, REFUSED = 33, 58


class Plain:
    """RFC 4616: whose rights, user and password in one message. A step answers what is said back,
    and whether the other one is known: not yet (False), yes, or never (None)."""

    def __init__(self, user, password, _mechanism):
        self.wanted = f"\0{user}\0{password}".encode()

    def step(self, said):
        return b"", said == self.wanted or None


class Scram:
    """RFC 5802, one step for each message."""

    def __init__(self, user, password, mechanism):
        scram = ScramMechanism(mechanism)
        kept = scram.make_auth_info(password, iteration_count=4096)
        self.server = scram.make_server({user: kept}.__getitem__)
        self.begun = False

    def step(self, said):
        try:
            if not self.begun:
                self.begun = True
                self.server.set_client_first(said.decode())
                return self.server.get_server_first().encode(), False
            self.server.set_client_final(said.decode())
            return self.server.get_server_final().encode(), True
        except (ScramException, KeyError):
            return b"", None


class Asking(Gate):
    """Lets through who knows the password by `mechanism`; everybody else is told and sent away."""

    def __init__(self, port, to, mechanism, user, password, certificate=None):
        self.mechanism, self.known = mechanism, (user, password)
        super().__init__(port, to, certificate)

    def admit(self, near, far):
        judge = None
        name = self.mechanism.encode()
        while (request := frame(near)) is not None:
            api, version, correlation, client = struct.unpack(">hhih", request[:10])
            body = request[10 + max(client, 0) :]
            if api == HANDSHAKE:
                kind = Plain if self.mechanism == "PLAIN" else Scram
                judge = kind(*self.known, self.mechanism) if body[2:] == name else None
                code = 0 if judge else UNKNOWN_MECHANISM
                answer = struct.pack(">hih", code, 1, len(name)) + name
            elif api == AUTHENTICATE and judge:
                # Newer versions write lengths in another way and have tags behind the header.
                said = compact(body[1:]) if version >= 2 else body[4:]
                token, known = judge.step(said)
                answer = judged(token, known, version)
            else:
                # Which versions there are may be asked before.
                reply_to(far, request)
                reply_to(near, frame(far))
                continue
            reply_to(near, struct.pack(">i", correlation) + answer)
            if api == AUTHENTICATE and known is not False:
                return known
        return False


def judged(token, known, version):
    code, words = (REFUSED, b"Authentication failed") if known is None else (0, b"")
    if version >= 2:
        text = varint(len(words) + 1) + words + varint(len(token) + 1) + token
        return b"\0" + struct.pack(">h", code) + text + struct.pack(">q", 0) + b"\0"
    text = struct.pack(">h", len(words)) + words + struct.pack(">i", len(token)) + token
    return struct.pack(">h", code) + text + (struct.pack(">q", 0) if version == 1 else b"")


def varint(number):
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def compact(body):
    """The bytes whose length, and one more, stands before them."""
    size = shift = at = 0
    while True:
        size |= (body[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if body[at - 1] < 0x80:
            return body[at : at + size - 1]


def exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            return None
        data += more
    return data


def frame(connection):
    head = exactly(connection, 4)
    return head and exactly(connection, struct.unpack(">i", head)[0])


def reply_to(connection, body):
    connection.sendall(struct.pack(">i", len(body)) + body)
