package harness

import "testing"

// CheckNumbers compares every number that the program's database keeps twice with what it counts.
func (p *Program) CheckNumbers(t testing.TB) {
	t.Helper()
	db := openBeside(t, p.Database())
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `
		SELECT r.id, r.seq, r.rev, count(m.id), coalesce(max(m.id & 4294967295), 0),
			count(DISTINCT m.rev), coalesce(max(m.rev), 0),
			r.member_count, (SELECT count(*) FROM members WHERE room_id = r.id),
			coalesce(sum(m.reacted), 0), (SELECT count(*) FROM reactions WHERE message_id >> 32 = r.id)
		FROM rooms r
		LEFT JOIN messages m ON m.room_id = r.id
		GROUP BY r.id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	found := 0
	for ; rows.Next(); found++ {
		var room, seq, rev, count, top, revs, topRev, members, counted, reacted, reactions int64
		err := rows.Scan(&room, &seq, &rev, &count, &top, &revs, &topRev, &members, &counted, &reacted, &reactions)
		if err != nil {
			t.Fatal(err)
		}
		if count != seq || top != seq {
			t.Errorf("room %d: %d messages up to place %d, the room says %d", room, count, top, seq)
		}
		if revs != count || topRev != rev {
			t.Errorf("room %d: %d revs up to %d on %d messages, the room says %d", room, revs, topRev, count, rev)
		}
		if members != counted {
			t.Errorf("room %d has %d members and says %d", room, counted, members)
		}
		if reacted != reactions {
			t.Errorf("room %d has %d reactions and says %d", room, reactions, reacted)
		}
	}
	if err := rows.Err(); err != nil || found == 0 {
		t.Fatalf("%d rooms were found: %v", found, err)
	}
}
