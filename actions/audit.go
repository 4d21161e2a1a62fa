// The audit log: reading what the owner, the admins and the operator did. Each act notes itself, in the
// transaction that does it: see store.WriteTx.Audit.

package actions

import (
	"context"
	"strconv"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// AuditLog returns a page of the audit log, newest first: the entries with an id below before, or the newest
// when before is 0. limit is at most MaxPage; 0 means defaultPage. The owner and the admins of the server may.
func (a *Actions) AuditLog(ctx context.Context, by access.Caller, before int64, limit int) (chat.Audit, error) {
	if err := checkPageBefore(&before, &limit); err != nil {
		return chat.Audit{}, err
	}
	return readFor(ctx, a, by, func(tx *store.Tx) (chat.Audit, error) {
		if err := administers(tx, by); err != nil {
			return chat.Audit{}, err
		}
		return tx.AuditBefore(before, limit, PageBytes)
	})
}

// number writes an id for the detail of an entry.
func number[ID ~int64](id ID) string { return strconv.FormatInt(int64(id), 10) }
