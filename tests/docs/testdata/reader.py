# A client that somebody wrote who had docs/protocol.md and nothing else, with Debian's websocket-client and
# Python's own library. It knows the server's address and a login, and prints OK when the document was right.
import json
import os
import time
import urllib.error
import urllib.request
import uuid

import websocket

SERVER = os.environ["SERVER"]
ROOM_NAME = "general"


def http(method, path, body=None, token=None, expect=None):
    """Requests and answers are JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(SERVER + path, data=data, method=method)
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", "Bearer " + token)
    try:
        with urllib.request.urlopen(request) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    assert expect is None or status == expect, (method, path, status, text)
    return json.loads(text) if text else None


def sign_in(name):
    answer = http("POST", "/api/login", {"name": name, "password": os.environ["PASSWORD"], "token": True}, expect=200)
    return answer["token"], answer["user"]


class Closed(Exception):
    pass


class Client:
    """Keeps a copy of the rooms that it looks at, and comes back as "Coming back" says."""

    def __init__(self, token):
        self.token, self.last_id = token, 0
        self.epoch = self.run = None
        self.rooms = {}  # by id: as in welcome
        self.copies = {}  # by room: rev, and messages by seq
        self.outbox = []  # messages without an outcome, in order
        self.stored = {}  # by client_id: the reply
        self.ws = None

    def connect(self, first_frame=False):
        header = [] if first_frame else ["Authorization: Bearer " + self.token]
        url = SERVER.replace("http", "ws", 1) + "/ws?changes=reactions"
        # A program has no origin; this library would make one up.
        self.ws = websocket.create_connection(
            url, subprotocols=["parley.v1"], header=header, suppress_origin=True, timeout=30
        )
        self.lines, self.events, self.held, self.catching = [], [], [], set()
        if first_frame:
            self.write("auth", {"token": self.token}, "auth")
        welcome = self.next()
        assert welcome["event"] == "welcome", welcome
        if first_frame:
            assert self.answer("auth")["event"] == "reply"
        data = welcome["data"]
        if self.epoch is not None and (data["epoch"] != self.epoch or self.run not in data["runs"]):
            self.copies = {}
        self.epoch, self.run = data["epoch"], data["runs"][0]
        self.user, self.limits = data["user"], data["limits"]
        self.rooms = {room["id"]: room for room in data["rooms"]}
        self.catch_up()
        for message in list(self.outbox):
            self.deliver(message)

    def catch_up(self):
        behind = {}
        for room, copy in list(self.copies.items()):
            if room not in self.rooms:
                del self.copies[room]
            elif self.rooms[room]["rev"] > copy["rev"]:
                behind[room] = copy["rev"]
        # Live events of these rooms wait until the room has caught up.
        self.held, self.catching = [], set(behind)
        while behind:
            asked = [{"room_id": room, "rev": rev} for room, rev in behind.items()]
            behind = {}
            for got in self.ask("room.changes", {"rooms": asked})["rooms"]:
                room, state = got["room_id"], got["state"]
                copy = self.copies[room]
                if state == "page":
                    for message in got.get("messages", []):
                        copy["messages"][message["seq"]] = message
                    for change in got.get("reacted", []):
                        message = copy["messages"].get(change["seq"])
                        if message and message["rev"] >= change["text_rev"]:
                            message["reactions"], message["rev"] = change["reactions"], change["rev"]
                        elif message:
                            self.load(room, "?around=%d&limit=1" % change["seq"])
                    copy["rev"] = got["rev"]
                    if got.get("more"):
                        behind[room] = got["rev"]
                elif state == "later":
                    behind[room] = copy["rev"]
                elif state == "too_far":
                    del self.copies[room]
                    self.show(room)
                else:  # ahead, not_found
                    del self.copies[room]
        held, self.held, self.catching = self.held, [], set()
        for frame in held:
            self.apply(frame)

    def show(self, room):
        """Loads the newest messages of a room that is not held."""
        page = http("GET", "/api/rooms/%d/messages" % room, token=self.token, expect=200)
        held = {message["seq"]: message for message in page["messages"]}
        self.copies[room] = {"rev": page["rev"], "messages": held}
        return page

    def load(self, room, query):
        page = http("GET", "/api/rooms/%d/messages%s" % (room, query), token=self.token, expect=200)
        held = self.copies[room]["messages"]
        for message in page["messages"]:
            if message["seq"] not in held or held[message["seq"]]["rev"] < message["rev"]:
                held[message["seq"]] = message
        return page

    def write(self, event, data, request_id=None):
        frame = {"event": event, "data": data}
        if request_id is not None:
            frame["id"] = request_id
        self.ws.send(json.dumps(frame))

    def next(self):
        """The next event: a frame holds one or more, one on each line."""
        while not self.lines:
            try:
                opcode, payload = self.ws.recv_data()
            except websocket.WebSocketException as error:  # this version does not know 1012 and 1013
                raise Closed(1006, str(error)) from error
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                raise Closed(int.from_bytes(payload[:2], "big"), payload[2:].decode())
            if not payload:
                raise Closed(1006, "")
            self.lines = [line for line in payload.decode().split("\n") if line]
        return json.loads(self.lines.pop(0))

    def answer(self, request_id):
        while True:
            frame = self.next()
            if frame.get("id") == request_id:
                return frame
            self.take(frame)

    def ask(self, event, data):
        self.last_id += 1
        self.write(event, data, str(self.last_id))
        frame = self.answer(str(self.last_id))
        if frame["event"] == "error":
            raise Refused(frame["data"])
        return frame["data"]

    def take(self, frame):
        self.events.append(frame)
        data = frame["data"]
        if data.get("message", data).get("room_id") in self.catching:
            self.held.append(frame)
        else:
            self.apply(frame)

    def apply(self, frame):
        event, data = frame["event"], frame["data"]
        self.count(event, data)
        if event in ("message.added", "message.changed"):
            message = data["message"]
            copy = self.copies.get(message["room_id"])
            if copy is not None and message["rev"] > copy["rev"]:
                assert message["rev"] == copy["rev"] + 1, "a hole"
                copy["messages"][message["seq"]] = message
                copy["rev"] = message["rev"]
        elif event == "reaction.changed":
            copy = self.copies.get(data["room_id"])
            if copy is None or data["rev"] <= copy["rev"]:
                return
            assert data["rev"] == copy["rev"] + 1, "a hole"
            copy["rev"] = data["rev"]
            message = copy["messages"].get(data["seq"])
            if message is None or message["rev"] >= data["rev"]:
                return
            if message["rev"] != data["was"]:
                self.load(data["room_id"], "?around=%d&limit=1" % data["seq"])
                return
            reactions = [one for one in message.get("reactions", [])]
            mine = next((one for one in reactions if one["emoji"] == data["emoji"]), None)
            if mine:
                reactions.remove(mine)
            people = [user for user in (mine or {"user_ids": []})["user_ids"] if user != data["user_id"]]
            if data["added"]:
                people.append(data["user_id"])
            if people:
                reactions.insert(data["index"], {"emoji": data["emoji"], "user_ids": people})
            message["reactions"], message["rev"] = reactions, data["rev"]

    def count(self, event, data):
        """Follows how many messages are unread; pages and changes say nothing of it."""
        message = data.get("message", {})
        room = self.rooms.get(message.get("room_id", data.get("room_id")))
        if room is None:
            return
        if event == "read.moved":
            room["read_seq"], room["unread"] = data["read_seq"], data["unread"]
        elif event == "message.added" and message["author_id"] == self.user["id"]:
            room["read_seq"], room["unread"] = message["seq"], 0
        elif event == "message.added" and message["seq"] > room["read_seq"]:
            room["unread"] += 1
        elif event == "message.changed" and "deleted_at" in message:
            if message["seq"] > room["read_seq"]:
                room["unread"] = max(0, room["unread"] - 1)

    def wait_for(self, event, right=lambda data: True):
        for frame in self.events:
            if frame["event"] == event and right(frame["data"]):
                self.events.remove(frame)
                return frame["data"]
        while True:
            frame = self.next()
            self.take(frame)
            if frame["event"] == event and right(frame["data"]):
                self.events.remove(frame)
                return frame["data"]

    def send(self, room, body):
        message = {"room_id": room, "client_id": str(uuid.uuid4()), "body": body}
        self.outbox.append(message)
        self.deliver(message)
        return message["client_id"]

    def deliver(self, message):
        """Waits for the outcome of a message. One that may be sent again stays in the outbox."""
        try:
            self.stored[message["client_id"]] = self.ask("message.send", message)
            self.outbox.remove(message)
        except Refused as refused:
            if not refused.retry():
                self.outbox.remove(message)
                raise


class Refused(Exception):
    def __init__(self, data):
        super().__init__(data)
        self.code, self.field, self.limit = data["code"], data.get("field"), data.get("limit")

    def retry(self):
        return self.code in (
            "too_many_attempts", "wrong_host", "rate_limited", "busy", "unavailable", "unknown", "internal",
        )


def refused(code, act, field=None):
    try:
        act()
    except Refused as got:
        assert got.code == code and (field is None or got.field == field), (got, code, field)
        return got
    raise AssertionError("want it refused with " + code)


def come_back(client):
    """Reconnects with jittered back-off."""
    for attempt in range(60):
        try:
            return client.connect()
        except (OSError, Closed, websocket.WebSocketException):
            time.sleep(min(2, 0.1 * 2**attempt))
    raise AssertionError("the server did not come back")


def main():
    token, ann_user = sign_in("ann")
    bob_token, bob_user = sign_in("bob")
    ann, bob = Client(token), Client(bob_token)
    ann.connect()
    bob.connect(first_frame=True)
    assert ann.user["id"] == ann_user["id"] and "message_characters" in ann.limits
    room = next(one["id"] for one in ann.rooms.values() if one["name"] == ROOM_NAME)
    assert ann.rooms[room]["kind"] == "public"
    ann.show(room), bob.show(room)

    # Sending, the same message twice, and reading.
    first = ann.send(room, "a *first* message")
    said = bob.wait_for("message.added")["message"]
    assert said["body"] == "a *first* message" and said["client_id"] == first and said["seq"] == ann.stored[first]["seq"]
    again = ann.ask("message.send", {"room_id": room, "client_id": first, "body": "a *first* message"})
    assert again == ann.stored[first]
    moved = bob.ask("room.read", {"room_id": room, "read_seq": said["seq"]})
    assert moved["read_seq"] == said["seq"] and moved["user_rev"] > 0

    # Reactions, as deltas.
    bob.ask("reaction.add", {"room_id": room, "seq": said["seq"], "emoji": "👍"})
    ann.wait_for("reaction.changed")
    assert ann.copies[room]["messages"][said["seq"]]["reactions"] == [{"emoji": "👍", "user_ids": [bob_user["id"]]}]
    bob.ask("reaction.remove", {"room_id": room, "seq": said["seq"], "emoji": "👍"})
    ann.wait_for("reaction.changed", lambda data: not data["added"])
    assert not ann.copies[room]["messages"][said["seq"]]["reactions"]

    # Editing and deleting: a tombstone keeps its place.
    ann.ask("message.edit", {"room_id": room, "seq": said["seq"], "body": "edited"})
    assert bob.wait_for("message.changed")["message"]["body"] == "edited"
    ann.ask("message.delete", {"room_id": room, "seq": said["seq"]})
    gone = bob.wait_for("message.changed", lambda data: "deleted_at" in data["message"])["message"]
    assert gone["body"] == "" and gone["seq"] == said["seq"]

    # Errors.
    refused("invalid", lambda: ann.send(room, ""), "body")
    refused("deleted", lambda: ann.ask("message.edit", {"room_id": room, "seq": said["seq"], "body": "x"}))
    refused("not_found", lambda: ann.ask("room.read", {"room_id": 999, "read_seq": 1}))
    refused("bad_request", lambda: ann.ask("no.such", {}))
    refused("bad_request", lambda: ann.ask("ping", {"unknown": 1}), "unknown")
    refused("invalid", lambda: ann.ask("room.read", {"room_id": "x", "read_seq": 1}), "room_id")
    too_long = refused("message_too_long", lambda: ann.send(room, "x" * (ann.limits["message_characters"] + 1)))
    assert too_long.limit == ann.limits["message_characters"]
    assert not ann.outbox
    problem = http("GET", "/api/rooms/999", token=token, expect=404)
    assert problem["code"] == "not_found" and problem["status"] == 404
    problem = http("GET", "/api/me", expect=401)
    assert problem["code"] == "signed_out"

    # History, page by page, both ways.
    for number in range(30):
        ann.send(room, "number %d" % number)
    newest = ann.ask("room.changes", {"rooms": [{"room_id": room, "rev": ann.copies[room]["rev"]}]})["rooms"][0]["rev"]
    backwards, query = [], "?limit=7"
    while query:
        page = http("GET", "/api/rooms/%d/messages%s" % (room, query), token=token, expect=200)
        backwards = page["messages"] + backwards
        query = "?limit=7&before=%d" % page["messages"][0]["seq"] if page["before"] else None
    forwards, after = [], 0
    while after is not None:
        page = http("GET", "/api/rooms/%d/messages?limit=7&after=%d" % (room, after), token=token, expect=200)
        forwards += page["messages"]
        after = page["messages"][-1]["seq"] if page["after"] else None
    assert backwards == forwards and [one["seq"] for one in forwards] == list(range(1, 32)), forwards
    assert page["rev"] == newest and page["seq"] == 31

    bob.ask("ping", {})  # all that came before it has been taken
    assert bob.rooms[room]["unread"] == 30, bob.rooms[room]
    ann.ask("message.delete", {"room_id": room, "seq": 2})
    bob.wait_for("message.changed", lambda data: "deleted_at" in data["message"])
    assert bob.rooms[room]["unread"] == 29, bob.rooms[room]
    bob.ask("room.read", {"room_id": room, "read_seq": 29})
    bob.wait_for("read.moved")
    assert bob.rooms[room]["unread"] == 2, bob.rooms[room]

    # Losing the connection: bob misses messages, a reaction and an edit.
    while bob.copies[room]["rev"] < newest:
        bob.take(bob.next())
    bob.ws.sock.close()
    missed = ann.send(room, "missed")
    ann.ask("reaction.add", {"room_id": room, "seq": 31, "emoji": "🎉"})
    ann.ask("message.edit", {"room_id": room, "seq": 30, "body": "edited meanwhile"})
    come_back(bob)
    assert bob.rooms[room]["unread"] == 3, bob.rooms[room]
    held = bob.copies[room]["messages"]
    assert held[ann.stored[missed]["seq"]]["body"] == "missed"
    assert held[31]["reactions"] == [{"emoji": "🎉", "user_ids": [ann_user["id"]]}]
    assert held[30]["body"] == "edited meanwhile"

    # The server restarts: the test does it when it reads this line.
    print("RESTART", flush=True)
    try:
        while True:
            ann.take(ann.next())
    except Closed as closed:
        assert closed.args[0] in (1012, 1006), closed
    come_back(ann)
    come_back(bob)
    last = ann.send(room, "after the restart")
    while "after the restart" not in [one["body"] for one in bob.copies[room]["messages"].values()]:
        bob.take(bob.next())
    assert bob.copies[room]["rev"] == ann.stored[last]["rev"]

    # A token that does not work.
    stranger = Client("no token")
    try:
        stranger.connect()
        raise AssertionError("it got in")
    except Closed as closed:
        assert closed.args[0] == 4001, closed
    print("OK", flush=True)


main()
