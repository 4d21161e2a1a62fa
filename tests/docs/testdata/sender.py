# Another client that somebody wrote who had docs/protocol.md and nothing else, with Python's own library alone. It sends
# more than a person may, is cut off while others change things, and compares its copy with the server's. It knows the
# server's address, a password and whether to ask for deltas, and prints OK when the document was right.
import base64
import json
import os
import queue
import random
import socket
import struct
import threading
import time
import urllib.request
import uuid
from urllib.parse import urlparse

SERVER = os.environ["SERVER"]
DELTAS = os.environ["DELTAS"] == "yes"
ROOM = 1  # general


class Closed(Exception):
    def __init__(self, code, reason):
        super().__init__(f"{code} {reason}")
        self.code = code


class WebSocket:
    """What RFC 6455 asks of a client, and no more."""

    def __init__(self, path, token):
        to = urlparse(SERVER)
        self.sock = socket.create_connection((to.hostname, to.port), timeout=90)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {path} HTTP/1.1", f"Host: {to.netloc}", "Upgrade: websocket", "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: parley.v1",
            f"Authorization: Bearer {token}",
        ]
        self.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.buf = b""
        while b"\r\n\r\n" not in self.buf:
            got = self.sock.recv(4096)
            if not got:
                raise Closed(1006, "no answer")
            self.buf += got
        head, _, self.buf = self.buf.partition(b"\r\n\r\n")
        status = head.split(b"\r\n")[0].split()[1]
        if status != b"101":
            raise Closed(1006, head.decode() + "\n" + self.buf.decode(errors="replace"))
        self.lock = threading.Lock()

    def _take(self, n):
        while len(self.buf) < n:
            try:
                got = self.sock.recv(65536)
            except OSError as e:
                raise Closed(1006, str(e))
            if not got:
                raise Closed(1006, "end")
            self.buf += got
        out, self.buf = self.buf[:n], self.buf[n:]
        return out

    def recv(self):
        text = b""
        while True:
            a, b = self._take(2)
            op, n = a & 15, b & 127
            if n == 126:
                n, = struct.unpack(">H", self._take(2))
            elif n == 127:
                n, = struct.unpack(">Q", self._take(8))
            data = self._take(n)
            if op == 8:
                code = struct.unpack(">H", data[:2])[0] if len(data) >= 2 else 1005
                try:
                    self._send(8, data[:2])
                except OSError:
                    pass
                self.sock.close()
                raise Closed(code, data[2:].decode())
            if op == 9:
                self._send(10, data)
                continue
            if op in (0, 1):
                text += data
                if a & 128:
                    return text.decode()

    def _send(self, op, data):
        mask = os.urandom(4)
        n = len(data)
        head = bytes([128 | op]) + (bytes([128 | n]) if n < 126 else b"\xfe" + struct.pack(">H", n) if n < 65536
                                    else b"\xff" + struct.pack(">Q", n))
        body = bytes(c ^ mask[i & 3] for i, c in enumerate(data))
        with self.lock:
            self.sock.sendall(head + mask + body)

    def send(self, text):
        try:
            self._send(1, text.encode())
        except OSError as e:
            raise Closed(1006, str(e))

    def cut(self):
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def uuid7():
    ms = int(time.time() * 1000)
    n = (ms << 80) | (7 << 76) | (random.getrandbits(12) << 64) | (2 << 62) | random.getrandbits(62)
    return str(uuid.UUID(int=n))


def http(method, path, body=None, token=None):
    req = urllib.request.Request(SERVER + path, method=method, data=None if body is None else json.dumps(body).encode())
    if body is not None:
        req.add_header("Content-Type", "application/json")
    if token:
        req.add_header("Authorization", "Bearer " + token)
    with urllib.request.urlopen(req, timeout=60) as answer:
        return json.loads(answer.read())


def sign_in(name):
    return http("POST", "/api/login", {"name": name, "password": os.environ["PASSWORD"], "token": True})["token"]


RETRY = {"too_many_attempts", "wrong_host", "rate_limited", "busy", "unavailable", "unknown", "internal"}


class Room:
    def __init__(self):
        self.rev = 0
        self.messages = {}
        self.held = None  # live events held back until we have caught up
        self.read_seq = self.unread = 0


class Client:
    """Keeps a copy of every room from the moment that it loads it, and an outbox."""

    def __init__(self, token):
        self.token = token
        self.rooms, self.outbox, self.requests = {}, [], {}
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.epoch = self.run = None
        self.me = None
        self.blocked = set()
        self.ws = None
        self.next_id = 0
        self.closed_codes = []
        self.added = {}  # how often message.added came, by room and seq
        self.pace, self.shortest, self.limited = 0, 0, 0
        threading.Thread(target=self.loop, daemon=True).start()

    # -- connection --
    def loop(self):
        wait = 0.5
        while True:
            self.retry_after = 0
            try:
                ws = WebSocket("/ws?changes=reactions" if DELTAS else "/ws", self.token)
                self.ws = ws
                while True:
                    for line in ws.recv().split("\n"):
                        if line:
                            self.take(json.loads(line))
                            wait = 0.5
            except Closed as e:
                code = e.code
            except OSError:
                code = 1006
            self.closed_codes.append(code)
            with self.lock:
                self.ws = None
                if self.limited:
                    self.shortest = 1 / self.limited
                    self.pace = max(self.pace * 1.5, self.shortest)
                    self.limited = 0
                for m in self.outbox:
                    m["sent"] = False
                for done in self.requests.values():
                    done.put(None)
                self.requests.clear()
                for r in self.rooms.values():
                    r.held = None
            if code in (1007, 1008, 1009, 4003, 4001):
                return
            if code in (1001, 1012, 4008):
                pause = random.uniform(0, 0.3)
            elif code == 1013:
                pause = self.retry_after / 1000 or random.uniform(5, 30)
            else:
                pause = wait * random.uniform(0.5, 1)
                wait = min(wait * 2, 30)
                pause = max(pause, self.retry_after / 1000)
            time.sleep(pause)

    def request(self, event, data):
        """Asks until there is an answer: everything but a message may be sent twice."""
        while True:
            with self.lock:
                self.changed.wait_for(lambda: self.ws, 60)
                self.next_id += 1
                i = f"r{self.next_id}"
                done = self.requests[i] = queue.Queue()
                self.ws.send(json.dumps({"event": event, "id": i, "data": data}))
            answer = done.get(timeout=60)  # None when the socket was closed
            if answer and answer[0] == "reply":
                return answer[1]
            if answer and answer[1]["code"] not in RETRY:
                raise AssertionError(answer)
            if answer:
                time.sleep(answer[1].get("retry_after", 1000) / 1000)

    # -- events --
    def take(self, ev):
        with self.lock:
            name, data = ev["event"], ev.get("data")
            if name in ("reply", "error"):
                self.answer(ev["id"], name, data)
            elif name == "welcome":
                self.welcome(data)
            else:
                self.event(name, data)
            self.changed.notify_all()

    def answer(self, i, name, data):
        if i.startswith("m"):
            for m in list(self.outbox):
                if m["id"] == i:
                    if name == "reply":
                        self.outbox.remove(m)
                        if self.pace:
                            self.pace = max(self.pace * 15 / 16, self.shortest)
                        m["seq"] = data["seq"]
                    elif data["code"] in RETRY:
                        self.retry_after = max(self.retry_after, data.get("retry_after", 0))
                        if data["code"] == "rate_limited":
                            self.limited = data["limit"]
                    else:
                        self.outbox.remove(m)
                        raise AssertionError(data)
            return
        if i.startswith("c"):
            self.changes(name, data)
            return
        done = self.requests.pop(i, None)
        if done:
            done.put((name, data))

    def welcome(self, w):
        if self.epoch is not None and (w["epoch"] != self.epoch or self.run not in w["runs"]):
            raise AssertionError("nobody put anything back")
        self.epoch, self.run = w["epoch"], w["runs"][0]
        self.me = w["user"]
        self.blocked = set(w.get("blocked", []))
        behind = []
        ids = set()
        for r in w["rooms"]:
            ids.add(r["id"])
            room = self.rooms.get(r["id"])
            if room is None:
                room = self.rooms[r["id"]] = Room()
                room.rev = r["rev"]
            elif r["rev"] != room.rev:
                behind.append(r["id"])
                room.held = []
            room.read_seq, room.unread = r["read_seq"], r["unread"]
        for i in set(self.rooms) - ids:
            del self.rooms[i]
        self.ask(behind)
        if self.pace:
            threading.Thread(target=self.drain, args=(self.ws,), daemon=True).start()
        else:
            for m in self.outbox:
                self.put(m)

    def drain(self, ws):
        while True:
            with self.lock:
                if self.ws is not ws:
                    return
                m = next((m for m in self.outbox if not m["sent"]), None)
                if m is None:
                    self.pace = 0
                    return
                self.put(m, force=True)
            time.sleep(self.pace)

    def ask(self, rooms):
        for k in range(0, len(rooms), 200):
            part = [{"room_id": i, "rev": self.rooms[i].rev} for i in rooms[k:k + 200] if i in self.rooms]
            if part:
                self.next_id += 1
                self.ws.send(json.dumps({"event": "room.changes", "id": f"c{self.next_id}", "data": {"rooms": part}}))

    def changes(self, name, data):
        if name == "error":
            self.ws.cut()  # and comes back
            return
        again, load = [], []
        for r in data["rooms"]:
            room = self.rooms.get(r["room_id"])
            if room is None:
                continue
            st = r["state"]
            if st == "page":
                for m in r["messages"]:
                    self.keep(room, m)
                for x in r.get("reacted") or []:
                    m = room.messages.get(x["seq"])
                    if m and m["rev"] >= x["text_rev"]:
                        m["reactions"], m["rev"] = x["reactions"], x["rev"]
                room.rev = r["rev"]
                if r["more"]:
                    again.append(r["room_id"])
                else:
                    self.caught_up(room)
            elif st == "later":
                again.append(r["room_id"])
            elif st in ("too_far", "ahead"):
                room.messages.clear()
                load.append(r["room_id"])
            elif st == "not_found":
                del self.rooms[r["room_id"]]
        self.ask(again)
        for i in load:
            threading.Thread(target=self.load, args=(i,), daemon=True).start()

    def load(self, i):
        page = http("GET", f"/api/rooms/{i}/messages?limit=100", token=self.token)
        with self.lock:
            room = self.rooms[i]
            for m in page["messages"]:
                self.keep(room, m)
            room.rev = max(room.rev, page["rev"])
            if room.held is not None:
                self.caught_up(room)
            self.changed.notify_all()

    def caught_up(self, room):
        held, room.held = room.held, None
        for name, data in held:
            self.of_message(room, name, data)

    def keep(self, room, m):
        have = room.messages.get(m["seq"])
        if have is None or m["rev"] > have["rev"]:
            room.messages[m["seq"]] = m

    def event(self, name, d):
        if name in ("message.added", "message.changed", "reaction.changed"):
            of = d.get("message", d)
            room = self.rooms[of["room_id"]]
            self.count(room, name, of)
            if room.held is not None:
                room.held.append((name, of))
            else:
                self.of_message(room, name, of)
        elif name == "read.moved":
            room = self.rooms[d["room_id"]]
            room.read_seq, room.unread = d["read_seq"], d["unread"]
        elif name == "room.added":
            r = d["room"]
            room = self.rooms[r["id"]] = Room()
            room.rev, room.read_seq, room.unread = r["rev"], r["read_seq"], r["unread"]
        elif name == "room.removed":
            self.rooms.pop(d["room_id"], None)
        elif name == "block.changed":
            (self.blocked.add if d["blocked"] else self.blocked.discard)(d["user_id"])

    def count(self, room, name, m):
        if name == "message.added":
            if m["author_id"] == self.me["id"]:
                room.read_seq, room.unread = m["seq"], 0
            elif m["seq"] > room.read_seq and m["author_id"] not in self.blocked:
                room.unread += 1
        elif name == "message.changed" and "deleted_at" in m and m["seq"] > room.read_seq and m["author_id"] not in self.blocked:
            room.unread = max(0, room.unread - 1)

    def of_message(self, room, name, m):
        if m["rev"] <= room.rev:
            return
        if m["rev"] != room.rev + 1:
            raise AssertionError(("a hole", room.rev, m["rev"]))
        room.rev = m["rev"]
        if name == "reaction.changed":
            self.reaction(room, m)
        elif name == "message.added":
            key = (m["room_id"], m["seq"])
            self.added[key] = self.added.get(key, 0) + 1
            self.keep(room, m)
        elif m["seq"] in room.messages:
            self.keep(room, m)

    def reaction(self, room, d):
        m = room.messages.get(d["seq"])
        if m is None or m["rev"] >= d["rev"]:
            return
        if m["rev"] != d["was"]:
            raise AssertionError(("out of date", m["rev"], d))
        list_ = m.get("reactions") or []
        users = next((r["user_ids"] for r in list_ if r["emoji"] == d["emoji"]), [])
        list_ = [r for r in list_ if r["emoji"] != d["emoji"]]
        users = users + [d["user_id"]] if d["added"] else [u for u in users if u != d["user_id"]]
        if users:
            list_.insert(d["index"], {"emoji": d["emoji"], "user_ids": users})
        m["reactions"] = list_
        m["rev"] = d["rev"]

    # -- sending --
    def say(self, room_id, body):
        with self.lock:
            self.next_id += 1
            m = {"id": f"m{self.next_id}", "client_id": uuid7(), "room_id": room_id, "body": body, "sent": False}
            self.outbox.append(m)
            self.put(m)
            return m

    def put(self, m, force=False):
        if self.ws is None or m["sent"] or self.pace and not force:
            return
        m["sent"] = True
        try:
            self.ws.send(json.dumps({"event": "message.send", "id": m["id"],
                                     "data": {k: m[k] for k in ("room_id", "client_id", "body")}}))
        except Closed:
            pass

    def until(self, what, cond):
        with self.lock:
            if not self.changed.wait_for(cond, 240):
                raise TimeoutError(what)


def play():
    ann, bob = Client(sign_in("ann")), Client(sign_in("bob"))
    for who in ann, bob:
        who.until("welcome", lambda: who.me)
        who.load(ROOM)
    copy = bob.rooms[ROOM]

    # What others say, change, delete and react to while the socket is open.
    for i in range(5):
        ann.say(ROOM, f"said {i}")
    ann.until("sent", lambda: not ann.outbox)
    bob.until("what ann said", lambda: len(copy.messages) == 5)
    assert copy.unread == 5, copy.unread
    ann.request("message.edit", {"room_id": ROOM, "seq": 1, "body": "edited"})
    ann.request("message.delete", {"room_id": ROOM, "seq": 2})
    for who, emoji in (ann, "👍"), (bob, "👍"), (bob, "🌱"):
        who.request("reaction.add", {"room_id": ROOM, "seq": 3, "emoji": emoji})
    ann.request("reaction.remove", {"room_id": ROOM, "seq": 3, "emoji": "👍"})
    ann.request("reaction.add", {"room_id": ROOM, "seq": 4, "emoji": "👍"})
    bob.until("the last reaction", lambda: copy.messages[4].get("reactions"))
    assert copy.messages[1]["body"] == "edited" and copy.messages[2]["deleted_at"], copy.messages
    assert copy.unread == 4, copy.unread
    bob.request("room.read", {"room_id": ROOM, "read_seq": 3})
    bob.until("read", lambda: copy.unread == 2)

    # And while it is not.
    bob.ws.cut()
    for i in range(20):
        ann.say(ROOM, f"meanwhile {i}")
    ann.request("message.edit", {"room_id": ROOM, "seq": 1, "body": "edited meanwhile"})
    ann.request("reaction.add", {"room_id": ROOM, "seq": 3, "emoji": "❤️"})
    ann.until("sent meanwhile", lambda: not ann.outbox)
    bob.until("what was missed", lambda: len(copy.messages) == 25 and copy.messages[1]["body"] == "edited meanwhile")

    # More than a person may send at once: each once and in order, and few sockets needed for it.
    flood = [ann.say(ROOM, f"flood {i}") for i in range(200)]
    ann.until("the flood", lambda: not ann.outbox)
    assert [m["seq"] for m in flood] == list(range(26, 226)), [m["seq"] for m in flood]
    refused = ann.closed_codes.count(1013)
    assert 0 < refused < 20, ann.closed_codes
    bob.until("all of it", lambda: len(copy.messages) == 225)
    assert [copy.messages[m["seq"]]["body"] for m in flood] == [f"flood {i}" for i in range(200)]
    assert set(bob.added.values()) == {1}, bob.added

    # The copy is what the server has.
    for before in 226, 126, 26:
        for message in http("GET", f"/api/rooms/{ROOM}/messages?limit=100&before={before}", token=bob.token)["messages"]:
            assert copy.messages[message["seq"]] == message, (copy.messages[message["seq"]], message)
    room = next(r for r in http("GET", "/api/rooms", token=bob.token)["rooms"] if r["id"] == ROOM)
    assert (copy.rev, copy.unread) == (room["rev"], room["unread"]), (copy.rev, copy.unread, room)
    print("OK", flush=True)


play()
