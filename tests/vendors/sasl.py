"""What asks for a user and a password (SASL, PLAIN) before a broker that does not."""

import socket
import struct

from gate import Gate

HANDSHAKE, AUTHENTICATE = 17, 36


def text(value):
    return struct.pack(">h", len(value)) + value.encode()


class Asking(Gate):
    """A gate that lets through who knows the password; everybody else is told and sent away."""

    def __init__(self, port, to, user, password):
        self.proof = b"\0%s\0%s" % (user.encode(), password.encode())
        super().__init__(port, to)

    def carry(self, near):
        far = socket.create_connection(("127.0.0.1", self.to))
        known = False
        try:
            while not known:
                request = self.frame(near)
                if request is None:
                    return
                api, version, correlation = struct.unpack(">hhi", request[:8])
                length = struct.unpack(">h", request[8:10])[0]
                body = request[10 + max(length, 0) :]
                if api == HANDSHAKE:
                    answer = struct.pack(">hi", 0, 1) + text("PLAIN")
                elif api == AUTHENTICATE:
                    # Newer versions write lengths in another way and have tags behind the header.
                    newer = version >= 2
                    sent = body[2:-1] if newer else body[4:]
                    known = sent.rstrip(b"\0") == self.proof or sent == self.proof
                    answer = self.judged(known, version)
                    correlation_tags = b"\0" if newer else b""
                    answer = correlation_tags + answer
                else:
                    far.sendall(struct.pack(">i", len(request)) + request)
                    self.reply(near, self.frame(far))
                    continue
                self.reply(near, struct.pack(">i", correlation) + answer)
            self.pipe(near, far)
        except OSError:
            pass
        finally:
            near.close()
            far.close()

    @staticmethod
    def judged(known, version):
        code, words = (0, "") if known else (58, "Authentication failed")
        if version >= 2:
            message = bytes([len(words) + 1]) + words.encode()
            return struct.pack(">h", code) + message + b"\1" + struct.pack(">q", 0) + b"\0"
        lifetime = struct.pack(">q", 0) if version == 1 else b""
        return struct.pack(">h", code) + text(words) + struct.pack(">i", 0) + lifetime

    @staticmethod
    def frame(connection):
        def exactly(count):
            data = b""
            while len(data) < count:
                more = connection.recv(count - len(data))
                if not more:
                    return None
                data += more
            return data

        head = exactly(4)
        return exactly(struct.unpack(">i", head)[0]) if head else None

    @staticmethod
    def reply(connection, body):
        connection.sendall(struct.pack(">i", len(body)) + body)
