// Seeding: fills a new database with people, rooms and messages in a few large statements, for measurements
// that need many of them. Each row is as the store itself would have written it.

package store

import (
	"context"
	"encoding/binary"
	"errors"
	"strconv"
	"time"

	"parley/chat"
	"parley/internal/markdown"
)

// Seed says what a new database is filled with: teams, each with its own people and its own rooms. Everyone
// in a team is a member of all its rooms. Teams and places in them count from 0, ids from 1.
type Seed struct {
	Teams    int
	People   int       // in each team; the first person owns the team's rooms, the first of all the server
	Rooms    int       // of each team
	Messages int       // in each room: written by its people in turn, a minute apart, and read by all of them
	Until    time.Time // when everyone's session ends
}

// User returns the id of the person at a place in a team.
func (s Seed) User(team, place int) chat.UserID { return chat.UserID(team*s.People + place + 1) }

// Room returns the id of the room at a place in a team.
func (s Seed) Room(team, place int) chat.RoomID { return chat.RoomID(team*s.Rooms + place + 1) }

// Session returns the one session of a seeded person.
func (s Seed) Session(user chat.UserID) Session {
	return Session{
		ID: chat.SessionID("seed-" + strconv.FormatInt(int64(user), 10)), User: user,
		ExpiresAt: s.Until.UnixMilli(),
	}
}

// AllMessages returns how many messages there are in all rooms together.
func (s Seed) AllMessages() int { return s.Teams * s.Rooms * s.Messages }

// SeedText returns the body of the seeded message at a place in its room.
func SeedText(seq int64) string { return seedTexts[seq%int64(len(seedTexts))] }

// seedTexts are about as long as the messages that people write.
var seedTexts = []string{
	"Good morning! Is the room upstairs free at ten?",
	"I have put the **minutes of yesterday** into the folder. Please read the second page and say what is wrong.",
	"ok",
	"明天的会议改到下午三点，地点不变。",
	"The build is green again: it was the clock of the test machine, which ran four minutes ahead of the rest.",
	"Thanks, that helped. `--listen :3000` was what I was looking for.",
	"- bread\n- apples\n- the lamp for the hall",
	"Who comes along for lunch? We leave in five minutes and will be back by one, I promise. 🙂",
}

// seedBatch is how many messages are stored in one transaction, so that the log stays small.
const seedBatch = 10_000

// SeedNew fills a database that has no users yet, and returns the server's row. After each transaction that
// stores messages it calls progress with how many there are.
func (st *Store) SeedNew(ctx context.Context, s Seed, progress func(messages int)) (ServerRow, error) {
	var row ServerRow
	err := st.WriteAndWait(func(tx *WriteTx) (err error) {
		row, err = tx.seedPeople(s)
		return err
	})
	for done := 0; err == nil && done < s.AllMessages(); progress(done) {
		if err := ctx.Err(); err != nil {
			return ServerRow{}, err
		}
		var upTo int
		err = st.WriteAndWait(func(tx *WriteTx) (err error) {
			upTo, err = tx.seedMessages(s, done)
			return err
		})
		done = upTo
	}
	if err != nil {
		return ServerRow{}, err
	}
	return row, st.WriteAndWait(func(tx *WriteTx) error { return tx.seedMembers(s) })
}

// seedPeople makes the users with one session each, the rooms, and a temporary table with the texts of
// messages.
func (tx *WriteTx) seedPeople(s Seed) (ServerRow, error) {
	row, err := tx.EnsureServer("Parley")
	if err != nil {
		return ServerRow{}, err
	}
	used, err := tx.HasUsers()
	if err == nil && used {
		err = errors.New("seed: the database has users")
	}
	if err != nil {
		return ServerRow{}, err
	}
	row.Directory = int64(s.Teams * s.People)
	if err := tx.runOne(`UPDATE server SET directory = $1`, row.Directory); err != nil {
		return ServerRow{}, err
	}
	// Joining a room raises the person's rev, and the room's meta once for each member.
	_, err = tx.run(`
		WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $1)
		INSERT INTO users (id, name, name_key, skeleton, display_name, role, password_hash, created_at, rev, directory)
		SELECT n, 'person' || n, 'person' || n, 'person' || n, 'Person ' || n, CASE WHEN n = 1 THEN 'owner' ELSE 'member' END, '', $2, $3, n
		FROM numbers`, row.Directory, tx.seedStart(s), s.Rooms)
	if err != nil {
		return ServerRow{}, err
	}
	_, err = tx.run(`
		INSERT INTO sessions (id, user_id, created_at, expires_at)
		SELECT 'seed-' || id, id, $1, $2
		FROM users`, tx.now, s.Until.UnixMilli())
	if err != nil {
		return ServerRow{}, err
	}
	_, err = tx.run(`
		WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $1)
		INSERT INTO rooms (id, kind, name, name_key, topic, everyone, member_count, created_at, meta)
		SELECT n, 'private', 'room' || n, 'room' || n, '', 0, $2, $3, $2
		FROM numbers`, s.Teams*s.Rooms, s.People, tx.seedStart(s))
	if err != nil {
		return ServerRow{}, err
	}
	return row, tx.seedTexts()
}

// seedStart returns the time at which the seeded users and rooms were made.
func (tx *WriteTx) seedStart(s Seed) int64 { return tx.now - int64(s.Messages+1)*minuteMillis }

const minuteMillis = int64(time.Minute / time.Millisecond)

func (tx *WriteTx) seedTexts() error {
	if tx.sends != nil {
		return nil // see sendRoom
	}
	_, err := tx.run(`
		CREATE TEMP TABLE seed_texts (n INTEGER PRIMARY KEY, body TEXT NOT NULL, html TEXT NOT NULL)`)
	for n, text := range seedTexts {
		if err != nil {
			break
		}
		_, err = tx.run(`
			INSERT INTO seed_texts (n, body, html)
			VALUES ($1, $2, $3)`, n, text, markdown.Render(text))
	}
	return err
}

// seedMessages stores up to seedBatch messages, room after room. done messages are stored already; it returns
// how many there are afterwards.
func (tx *WriteTx) seedMessages(s Seed, done int) (upTo int, err error) {
	for upTo = done; upTo < min(done+seedBatch, s.AllMessages()); {
		room := upTo / s.Messages
		first := upTo%s.Messages + 1
		last := min(s.Messages, first+done+seedBatch-upTo-1)
		if err := tx.seedRoom(s, room/s.Rooms, room%s.Rooms, first, last); err != nil {
			return 0, err
		}
		upTo += last - first + 1
	}
	return upTo, nil
}

// seedRoom stores the messages of a room from the place first to the place last. Their client ids grow in the
// order of storing, as the ids of real clients nearly do.
func (tx *WriteTx) seedRoom(s Seed, team, place, first, last int) error {
	room := s.Room(team, place)
	if tx.sends != nil {
		return tx.sendRoom(s, team, room, first, last)
	}
	var hashes []byte
	for _, text := range seedTexts {
		hashes = append(hashes, draftHash(room, text)...)
	}
	_, err := tx.run(`
		WITH RECURSIVE places (seq) AS (SELECT $2 UNION ALL SELECT seq + 1 FROM places WHERE seq < $3)
		INSERT INTO messages (id, rev, added_rev, author_id, client_id,
			draft_hash, created_at, html_version, body, html)
		SELECT $1 << 32 | seq, seq, seq, $4 + seq % $5, unhex(printf('%012x70008%015x', $6, $1 << 32 | seq)),
			substr($7, n * $8 + 1, $8), $9 + seq * $10, $11, body, html
		FROM places
		CROSS JOIN seed_texts ON n = seq % $12`,
		room, first, last, s.User(team, 0), s.People, tx.now,
		hashes, len(hashes)/len(seedTexts), tx.seedStart(s), minuteMillis, markdown.Version, len(seedTexts))
	if err != nil {
		return err
	}
	heads, err := tx.headsOf(room)
	if err != nil {
		return err
	}
	heads.Seq, heads.Rev = int64(last), int64(last)
	return nil
}

// sendRoom is seedRoom for an engine to which messages are sent together.
func (tx *WriteTx) sendRoom(s Seed, team int, room chat.RoomID, first, last int) error {
	for seq := int64(first); seq <= int64(last); seq++ {
		body := seedTexts[seq%int64(len(seedTexts))]
		m := chat.Message{
			RoomID: room, Seq: seq, Rev: seq, AuthorID: s.User(team, int(seq)%s.People), Body: body,
			HTML: markdown.Render(body), CreatedAt: tx.seedStart(s) + seq*minuteMillis,
		}
		binary.BigEndian.PutUint64(m.ClientID[:8], uint64(tx.now)<<16|7<<12)
		binary.BigEndian.PutUint64(m.ClientID[8:], 1<<63|uint64(messageKey(room, seq)))
		tx.sends.list = append(tx.sends.list, m)
	}
	heads, err := tx.headsOf(room)
	if err != nil {
		return err
	}
	heads.Seq, heads.Rev = int64(last), int64(last)
	return nil
}

// seedMembers makes the people of each team members of its rooms, and marks every message as read by them.
func (tx *WriteTx) seedMembers(s Seed) error {
	_, err := tx.run(`
		INSERT INTO members (user_id, room_id, role, joined_at, read_seq, added_by)
		SELECT u.id, r.id, CASE WHEN (u.id - 1) % $1 = 0 THEN 'owner' ELSE 'member' END, r.created_at, r.seq, u.id
		FROM users u
		CROSS JOIN rooms r
		WHERE r.id > (u.id - 1) / $1 * $2 AND r.id <= ((u.id - 1) / $1 + 1) * $2`,
		s.People, s.Rooms)
	if err != nil {
		return err
	}
	if tx.sends != nil { // ids were given by hand, so the next have to follow them
		_, err := tx.exec(`
			SELECT setval(pg_get_serial_sequence('users', 'id'), (SELECT max(id) FROM users)),
				setval(pg_get_serial_sequence('rooms', 'id'), (SELECT max(id) FROM rooms))`)
		return err
	}
	_, err = tx.run(`DROP TABLE seed_texts`)
	return err
}

// TellNobody is the OnCommit for a store without sockets: it drops the changes and answers at once.
func TellNobody(_ []chat.Change, answer func()) { answer() }
