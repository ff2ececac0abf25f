"""What stands before a server: it can break, and it can speak TLS."""

import select
import socket
import ssl
import threading


class Gate:
    """Forwards what comes to a port to another one, until it is closed."""

    def __init__(self, port, to, certificate=None):
        self.to, self.port = to, port
        self.address = f"127.0.0.1:{self.port}"
        self.tls = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*certificate)
        self.open()

    def open(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.through = []
        threading.Thread(target=self.listen, args=(self.listener,), daemon=True).start()

    def close(self):
        """All connections break, and none is taken."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for one in self.through:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def listen(self, listener):
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(near,), daemon=True).start()

    def carry(self, near):
        try:
            if self.tls:
                near = self.tls.wrap_socket(near, server_side=True)
            far = socket.create_connection(("127.0.0.1", self.to))
        except OSError:
            near.close()
            return
        try:
            if self.admit(near, far):
                self.pipe(near, far)
        except OSError:
            pass
        finally:
            near.close()
            far.close()

    def admit(self, near, far):
        """Whether what `near` says first lets it through."""
        return True

    def pipe(self, near, far):
        self.through += [near, far]
        while True:
            ready = [near] if self.tls and near.pending() else None
            ready = ready or select.select([near, far], [], [])[0]
            for one in ready:
                data = one.recv(1 << 16)
                if not data:
                    return
                (far if one is near else near).sendall(data)
