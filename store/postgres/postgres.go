// Package postgres holds what the store needs only because its engine is PostgreSQL: how to connect, how to bring a
// schema up to date, how to send several statements at once, and what errors mean. It knows no table of Parley but
// the one that holds the version of the schema: those are in package store.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// IsAddress tells whether an address names a PostgreSQL database.
func IsAddress(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// The bounds on what the server waits for, each in milliseconds unless it says otherwise.
const (
	// connectWithin bounds how long a connection takes to be made.
	connectWithin = 5 * time.Second
	// idleInTransaction is after how long PostgreSQL ends a connection that does nothing inside a transaction. A node
	// that is stopped there would otherwise keep all others waiting for what it has locked.
	idleInTransaction = "5000"
	// lockWithin bounds how long a statement waits for what another node has locked.
	lockWithin = "10000"
	// statementWithin bounds how long a statement takes.
	statementWithin = "30000"
	// silent is after how long a database that acknowledges nothing counts as gone.
	silent = 10 * time.Second
	// unanswered is after how long a host that answers nothing counts as gone, for PostgreSQL.
	unanswered = "10000"
)

// Open names a database. It connects when it is first used. The address is a URL as libpq takes it; what it leaves out
// comes from the environment, as PGPASSWORD. No error repeats the password.
func Open(address string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, errAddress
	}
	config.ConnectTimeout = connectWithin
	dialer := &net.Dialer{
		Timeout: connectWithin, Control: giveUp,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: silent / 2, Interval: silent / 5, Count: 3},
	}
	config.DialFunc = dialer.DialContext
	for name, value := range map[string]string{
		"application_name": "parley",
		// Every query has an index. What PostgreSQL knows of a table that was filled in the last minutes is that it is
		// empty, and a prepared statement would go on reading all of it: 17 ms where the index takes 1.
		"enable_seqscan":                      "off",
		"jit":                                 "off", // it takes longer to compile our queries than to run them
		"idle_in_transaction_session_timeout": idleInTransaction,
		"lock_timeout":                        lockWithin,
		"statement_timeout":                   statementWithin,
		"tcp_user_timeout":                    unanswered,
		"timezone":                            "UTC",
	} {
		if _, set := config.RuntimeParams[name]; !set {
			config.RuntimeParams[name] = value
		}
	}
	return stdlib.OpenDB(*config), nil
}

// errAddress says what an address looks like, without any part of the one that was given: what cannot be read may be the
// password.
var errAddress = errors.New("want a URL as postgres://USER:PASSWORD@HOST:PORT/DATABASE, in which characters such as / in a " +
	"password are written as %2F")

// Check refuses an address that cannot be read.
func Check(address string) error {
	if _, err := pgx.ParseConfig(address); err != nil {
		return errAddress
	}
	return nil
}

// Shown is an address without its password, as a person may see it.
func Shown(address string) string {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return "PostgreSQL"
	}
	return fmt.Sprintf("PostgreSQL, database %q at %s:%d", config.Database, config.Host, config.Port)
}

// Statement is one of several that are sent at once.
type Statement struct {
	SQL  string
	Args []any
	// Row is called for each row of the result; nil when it has none.
	Row func(scan func(dest ...any) error) error
}

// Send sends statements at once and then reads their results, in one round trip. It ends with the first that fails.
func Send(ctx context.Context, conn *sql.Conn, statements []Statement) error {
	return raw(conn, func(c *pgx.Conn) error {
		batch := &pgx.Batch{}
		for _, s := range statements {
			batch.Queue(s.SQL, s.Args...)
		}
		results := c.SendBatch(ctx, batch)
		for _, s := range statements {
			if err := result(results, s); err != nil {
				results.Close() // it is the same error again
				return err
			}
		}
		return results.Close()
	})
}

func result(results pgx.BatchResults, s Statement) error {
	if s.Row == nil {
		_, err := results.Exec()
		return err
	}
	rows, err := results.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := s.Row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Commit commits the transaction of a connection. It fails with ErrAborted when PostgreSQL rolled back instead, since a
// statement had failed before.
func Commit(ctx context.Context, conn *sql.Conn) error {
	return raw(conn, func(c *pgx.Conn) error {
		tag, err := c.Exec(ctx, `COMMIT`)
		if err == nil && tag.String() != "COMMIT" {
			err = ErrAborted
		}
		return err
	})
}

// Ping fails when the database does not answer within a time.
func Ping(conn *sql.Conn, within time.Duration) error {
	ctx, stop := context.WithTimeout(context.Background(), within)
	defer stop()
	return raw(conn, func(c *pgx.Conn) error { return c.Ping(ctx) })
}

func raw(conn *sql.Conn, fn func(*pgx.Conn) error) error {
	return conn.Raw(func(driver any) error { return fn(driver.(*stdlib.Conn).Conn()) })
}

// Words are the parts of statements that are written in another way than for SQLite.
type Words struct{}

// IndexedBy names no index: PostgreSQL chooses by itself.
func (Words) IndexedBy(string) string { return "" }

// Texts is the list of the texts in a JSON list.
func (Words) Texts(param string) string {
	return `(SELECT value FROM json_array_elements_text(` + param + `::json))`
}

// Numbers is the list of the numbers in a JSON list.
func (Words) Numbers(param string) string {
	return `(SELECT value::bigint FROM json_array_elements_text(` + param + `::json))`
}

// AtMost limits the rows. PostgreSQL sends all that a query finds, also those that nobody reads.
func (Words) AtMost(rows int) string { return " LIMIT " + strconv.Itoa(rows) }

// Arg makes of an argument what PostgreSQL takes: flags are numbers in the schema.
func (Words) Arg(arg any) any {
	if flag, ok := arg.(bool); ok {
		if flag {
			return 1
		}
		return 0
	}
	return arg
}
