"""An FTP server that is honest except where a case tells it to misbehave: everything that it is told and asked is kept.

Written from RFC 959, 2389, 2428 and 3659, in memory, a thread for each connection. A *fault* is a function
`(session, argument) -> handled` under the name of a command, or of one of the points `greeting`, `data` (while a file or
listing is given), `store` (while one is taken) and `after` (a command was done honestly and is about to be answered).
"""

import socket
import ssl
import struct
import threading
import time

HALF = 0.5


class Gone(Exception):
    """The conversation is over."""


class Peer:
    """`folders` are in/ and out/: name → bytes. `faults` apply to the first `sessions` connections, or to all."""

    def __init__(self, faults=None, sessions=None, folders=None, features=("MLST type*;size*;modify*;", "SIZE", "MDTM"), tls=None):
        self.faults, self.sessions = dict(faults or {}), sessions
        self.folders = folders or {"in": {}, "out": {}}
        self.features, self.tls = features, tls
        self.commands, self.deleted, self.stored, self.errors = [], [], [], []
        self.used, self.at_delete = {}, lambda name: None
        self.modified, self.listing, self.visits = "20250303031500", None, 0
        self.lock, self.ended = threading.RLock(), threading.Event()
        self.open = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.ended.is_set():
            try:
                control, _ = self.listener.accept()
            except OSError:
                return
            self.visits += 1
            honest = self.sessions is not None and self.visits > self.sessions
            threading.Thread(target=Session(self, control, {} if honest else self.faults).run, daemon=True).start()

    def mend(self):
        """Honest from now on."""
        self.faults, self.listing = {}, None

    def passwords(self):
        return sum(1 for c in self.commands if c.startswith("PASS"))

    def stop_listening(self):
        # Closed alone, it would still let in one who is waited for.
        quiet(self.listener.shutdown, socket.SHUT_RDWR)
        self.listener.close()

    def close(self):
        self.ended.set()
        self.stop_listening()
        for sock in list(self.open):
            quiet(sock.close)


class Session:
    def __init__(self, peer, control, faults):
        self.peer, self.control, self.faults = peer, control, faults
        self.folder, self.renaming, self.door, self.mute, self.data_tls = "", None, None, False, False
        self.buffer = b""

    def run(self):
        self.peer.open.add(self.control)
        try:
            if self.peer.tls and self.peer.tls.implicit:
                self.control = self.peer.tls.wrap(self.control)
            self.at("greeting") or self.say("220 ready")
            while True:
                line = self.line()
                with self.peer.lock:
                    self.peer.commands.append(line)
                verb, _, argument = line.partition(" ")
                self.at(verb.upper(), argument) or self.honest(verb.upper(), argument)
        except (Gone, OSError, ValueError):
            pass
        except Exception as error:  # a fault of the rig, not of the program
            self.peer.errors.append(repr(error))
        finally:
            quiet(self.control.close)
            self.door and quiet(self.door.close)

    def at(self, point, argument=""):
        fault = self.faults.get(point)
        return fault(self, argument) if fault else False

    def line(self):
        while b"\n" not in self.buffer:
            got = self.control.recv(4096)
            if not got:
                raise Gone
            self.buffer += got
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.decode("utf-8", "replace").rstrip("\r")

    def say(self, text):
        if not self.mute:
            self.control.sendall(text.encode("utf-8", "surrogateescape") + b"\r\n")
        return True

    def here(self):
        return self.peer.folders[self.folder.strip("/")]

    # Ways to misbehave

    def stall(self):
        """Says nothing, and notices when the other side has had enough."""
        self.control.settimeout(0.2)
        until = time.monotonic() + 60
        while time.monotonic() < until and not self.peer.ended.is_set():
            try:
                if not self.control.recv(4096):
                    break
            except socket.timeout:
                continue
        raise Gone

    def hang_up(self):
        quiet(self.control.shutdown, socket.SHUT_RDWR)
        raise Gone

    def reset(self):
        self.control.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.control.close()
        raise Gone

    def flood(self, text):
        while True:
            self.control.sendall(text)

    def drip(self, text):
        while True:
            for byte in text:
                self.control.sendall(bytes([byte]))
                time.sleep(0.2)

    # What an honest server does

    def honest(self, verb, argument):
        step = getattr(self, "do_" + verb.lower(), None)
        if not step:
            return self.say("502 not here")
        step(argument)

    def do_user(self, _):
        self.say("331 who says so")

    def do_pass(self, _):
        self.say("230 in")

    def do_auth(self, _):
        if not self.peer.tls:
            return self.say("502 no TLS")
        self.say("234 go on")
        self.control = self.peer.tls.wrap(self.control)
        self.peer.open.add(self.control)

    def do_pbsz(self, _):
        self.say("200 none")

    def do_prot(self, argument):
        self.data_tls = argument == "P"
        self.say("200 so be it")

    def do_type(self, _):
        self.say("200 bytes")

    def do_pwd(self, _):
        self.say('257 "/"')

    def do_quit(self, _):
        self.say("221 bye")
        raise Gone

    def do_feat(self, _):
        if not self.peer.features:
            return self.say("211 none")
        self.say("211-these:\r\n " + "\r\n ".join(self.peer.features) + "\r\n211 end")

    def do_opts(self, _):
        self.say("200 ok")

    def do_cwd(self, argument):
        folder = argument.strip("/")
        if folder and folder not in self.peer.folders:
            return self.say("550 no such folder")
        self.folder = folder
        self.say("250 there")

    def do_size(self, name):
        with self.peer.lock:
            content = self.here().get(name)
        self.say("550 no such file" if content is None else f"213 {len(content)}")

    def do_mdtm(self, name):
        self.say(f"213 {self.peer.modified}" if name in self.here() else "550 no such file")

    def do_epsv(self, _):
        self.say(f"229 here (|||{self.doorway()}|)")

    def do_pasv(self, _):
        port = self.doorway()
        self.say(f"227 here (127,0,0,1,{port // 256},{port % 256})")

    def doorway(self):
        self.door = socket.create_server(("127.0.0.1", 0))
        self.door.settimeout(30)
        return self.door.getsockname()[1]

    def do_mlsd(self, _):
        self.give(self.rows(lambda name, size: f"type=file;size={size};modify={self.peer.modified}; {name}"))

    def do_nlst(self, _):
        self.give(self.rows(lambda name, size: name))

    def do_list(self, _):
        self.give(self.rows(lambda name, size: f"-rw-r--r--   1 0        0        {size:>8} Nov 22 08:36 {name}"))

    def rows(self, row):
        if self.peer.listing is not None:
            return self.peer.listing
        with self.peer.lock:
            lines = [row(name, len(content)) + "\r\n" for name, content in sorted(self.here().items())]
        return "".join(lines).encode("utf-8", "surrogateescape")

    def do_retr(self, name):
        with self.peer.lock:
            content = self.here().get(name)
        if content is None:
            return self.say("550 no such file")
        self.give(content, name)

    def accept(self):
        if not self.door:
            self.say("425 no door")
            raise Gone
        self.say("150 now")
        data, _ = self.door.accept()
        self.door.close()
        self.door = None
        self.peer.open.add(data)
        return self.peer.tls.wrap(data) if self.data_tls else data

    def give(self, content, name=None):
        self.data = self.accept()
        self.content = content
        if name is not None and self.at("data", name):
            return
        self.data.sendall(content)
        self.end_data()
        self.after("RETR" if name is not None else "MLSD", name) or self.say("226 done")

    def do_stor(self, name):
        self.data = self.accept()
        if self.at("store", name):
            return
        self.keep(name, self.take())
        self.after("STOR", name) or self.say("226 done")

    def take(self):
        content = b""
        while got := self.data.recv(65536):
            content += got
        self.data.close()
        return content

    def keep(self, name, content):
        with self.peer.lock:
            self.here()[name] = content
            self.peer.stored.append((name, content))

    def end_data(self):
        if isinstance(self.data, ssl.SSLSocket):
            self.data.settimeout(2)
            quiet(self.data.unwrap)
        quiet(self.data.close)

    def after(self, verb, argument):
        """Done, and not answered yet."""
        fault = self.faults.get("after " + verb)
        return fault(self, argument) if fault else False

    def do_rnfr(self, name):
        self.renaming = name if name in self.here() else None
        self.say("350 to what" if self.renaming else "550 no such file")

    def do_rnto(self, name):
        with self.peer.lock:
            if self.renaming is None:
                return self.say("503 rename what")
            self.here()[name] = self.here().pop(self.renaming)
            self.peer.stored.append((name, self.here()[name]))
        self.after("RNTO", name) or self.say("250 renamed")

    def do_dele(self, name):
        self.peer.at_delete(name)
        with self.peer.lock:
            was_there = self.here().pop(name, None) is not None
            self.peer.deleted.append(name)
        if not was_there:
            return self.say("550 no such file")
        self.after("DELE", name) or self.say("250 gone")


class Tls:
    """How the server proves who it is."""

    def __init__(self, certificate, key, implicit=False):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.implicit = implicit

    def wrap(self, sock):
        return self.context.wrap_socket(sock, server_side=True, suppress_ragged_eofs=False)


def quiet(do, *args):
    """What may have happened already."""
    try:
        do(*args)
    except (OSError, ValueError):
        pass


# Faults, as functions of a session and the command's argument


def says(text):
    return lambda session, _: session.say(text)


def once(fault):
    """The first time only, whatever session."""
    done = []

    def first(session, argument):
        if done:
            return False
        done.append(True)
        return fault(session, argument)

    return first


def stalls(session, _):
    session.stall()


def hangs_up(session, _):
    session.hang_up()


def resets(session, _):
    session.reset()


def floods(text):
    return lambda session, _: session.flood(text)


def drips(text):
    return lambda session, _: session.drip(text)


def gives(share, then=None, extra=b"", reset=False):
    """So much of the file, and then these words, or a stall, or silence on a closed line."""

    def give(session, _):
        content = session.content[: int(len(session.content) * share)] + extra
        session.data.sendall(content)
        if reset:
            session.data.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            quiet(session.data.close)
        elif then is not stalls:
            session.end_data()
        if callable(then):
            then(session, _)
        return session.say(then)

    return give


def drips_data(session, _):
    while True:
        for byte in session.content[:64]:
            session.data.sendall(bytes([byte]))
            time.sleep(0.2)


def keeps(share, then):
    """Keeps so much of what it is given."""

    def keep(session, name):
        content = session.take()
        session.keep(name, content[: int(len(content) * share)])
        if callable(then):
            then(session, name)
        return session.say(then)

    return keep


def takes_some_and(then):
    """Takes the first bytes, and then this."""

    def take(session, name):
        session.data.recv(1)
        then(session, name)

    return take
