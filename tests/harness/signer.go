package harness

import (
	"path/filepath"
	"testing"
	"time"

	"parley/auth"
	"parley/store"
)

// Database is the address of the program's database: the path of its file, or a URL.
func (p *Program) Database() string {
	if made, ok := databases.Load(p.Data); ok {
		return made.(string)
	}
	return filepath.Join(p.Data, "parley.db")
}

// TokenKey is the key that the program signs tokens with.
func (p *Program) TokenKey(t testing.TB) (key []byte) {
	t.Helper()
	err := store.Peek(p.Database(), func(tx *store.Tx) error {
		row, err := tx.Server()
		key = row.TokenKey
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Signer signs and checks tokens as the program does.
func (p *Program) Signer(t testing.TB) *auth.Signer {
	t.Helper()
	signer, err := auth.NewSigner(p.TokenKey(t), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// Operator is whoever has the data folder: the word that the operator's commands show a running server.
func (p *Program) Operator(t testing.TB) *Person {
	t.Helper()
	word, err := p.Signer(t).IssueOperator()
	if err != nil {
		t.Fatal(err)
	}
	return p.Visitor(t, "operator").WithBearer(t, word)
}
