// The commands for programs' tokens and for the names of the server. The operator uses them: whoever has
// access to the data folder. They ask the server that uses the folder, or open the folder themselves while no
// server uses it.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"parley/access"
	"parley/actions"
	"parley/auth"
	"parley/chat"
	"parley/internal/console"
	"parley/internal/datalock"
	"parley/internal/password"
	"parley/store"
)

type tokenCommand struct {
	Add    tokenAddCommand    `cmd:"" help:"Make a token and print it: it is shown only now. The program is made with its first one."`
	List   tokenListCommand   `cmd:"" help:"List the tokens that work."`
	Revoke tokenRevokeCommand `cmd:"" help:"Make a token stop working at once."`
}

type tokenAddCommand struct {
	place       `embed:""`
	Scope       []chat.Scope  `env:"-" required:"" placeholder:"SCOPE" help:"What it is for: read, post, notify, admin."`
	Room        []string      `env:"-" placeholder:"NAME" help:"The only rooms it opens, public or with the program in them; without, all that the program is in."`
	Expires     time.Duration `env:"-" placeholder:"DURATION" help:"How long it works, as 720h; without, until it is revoked."`
	Name        string        `env:"-" placeholder:"TEXT" help:"What tells it from others of the program."`
	DisplayName string        `env:"-" placeholder:"TEXT" help:"What people see, when the program is made now."`
	Bot         string        `arg:"" name:"program" help:"The program's login name, as builds."`
}

// Run makes the token; kong calls it. It prints the token alone on stdout, so that a script can read it
// there.
func (t *tokenAddCommand) Run(c *console.Console) error {
	in := chat.NewToken{
		Bot: t.Bot, DisplayName: t.DisplayName, Name: t.Name, Scopes: t.Scope, ExpiresIn: wholeSeconds(t.Expires),
	}
	return withOperator(c, t.place, func(o operator) error {
		for _, name := range t.Room {
			room, err := roomCalled(t.place, t.Bot, name)
			if err != nil {
				return err
			}
			in.RoomIDs = append(in.RoomIDs, room)
		}
		token, err := o.AddToken(in)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.Stderr, "Token %d of %s for %s. It is shown only now.\n", token.ID, token.Bot.Name,
			listed(token.Scopes, " "))
		_, err = fmt.Fprintln(c.Stdout, token.Token)
		return err
	})
}

// wholeSeconds rounds away from 0, because 0 means for ever.
func wholeSeconds(life time.Duration) int64 {
	seconds := life.Seconds()
	return int64(math.Copysign(math.Ceil(math.Abs(seconds)), seconds))
}

// roomCalled finds a room by its name as a program would: the rooms that the program is in come first.
func roomCalled(at place, bot, name string) (id chat.RoomID, err error) {
	err = store.Peek(at.database(), func(tx *store.Tx) error {
		program, err := tx.UserByName(actions.Fold(strings.TrimSpace(bot)))
		if err != nil && !chat.IsCode(err, chat.NotFound) {
			return err
		}
		id, err = tx.RoomNamed(access.Caller{User: program.ID}, actions.Fold(strings.TrimPrefix(name, "#")))
		return err
	})
	if chat.IsCode(err, chat.NotFound) {
		err = fmt.Errorf("there is no room %q that everybody sees or that %s is in; make it in the browser first", name, bot)
	}
	return id, err
}

type tokenListCommand struct {
	place `embed:""`
}

// Run prints the tokens as a table; kong calls it.
func (t *tokenListCommand) Run(c *console.Console) error {
	return withOperator(c, t.place, func(o operator) error {
		table := console.Table{{"ID", "PROGRAM", "NAME", "SCOPES", "ROOMS", "EXPIRES", "LAST USED"}}
		page := chat.Tokens{More: true}
		for before := chat.TokenID(0); page.More; {
			var err error
			if page, err = o.Tokens(before); err != nil {
				return err
			}
			for _, token := range page.Tokens {
				table = append(table, tokenRow(token))
				before = token.ID
			}
		}
		return table.Print(c.Stdout)
	})
}

// tokenRow is a token as a row of the table.
func tokenRow(token chat.Token) []string {
	rooms := "all"
	if len(token.RoomIDs) > 0 {
		rooms = listed(token.RoomIDs, ",")
	}
	return []string{
		fmt.Sprint(token.ID), token.Bot.Name, token.Name, listed(token.Scopes, " "), rooms,
		shownTime(token.ExpiresAt), shownTime(token.LastUsedAt),
	}
}

// listed writes a list on one line.
func listed[T any](list []T, between string) string {
	words := make([]string, len(list))
	for i, item := range list {
		words[i] = fmt.Sprint(item)
	}
	return strings.Join(words, between)
}

// shownTime writes a time in UTC milliseconds for people; 0 means never.
func shownTime(at int64) string {
	if at == 0 {
		return "never"
	}
	return time.UnixMilli(at).UTC().Format("2006-01-02 15:04")
}

type tokenRevokeCommand struct {
	place `embed:""`
	ID    chat.TokenID `arg:"" name:"id" help:"The token's ID, as parley token list prints it."`
}

// Run ends the token; kong calls it.
func (t *tokenRevokeCommand) Run(c *console.Console) error {
	return withOperator(c, t.place, func(o operator) error {
		if err := o.EndToken(t.ID); chat.IsCode(err, chat.NotFound) {
			return fmt.Errorf("no token %d works; parley token list shows those that do", t.ID)
		} else if err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.Stdout, "Token %d has stopped working.\n", t.ID)
		return err
	})
}

// operator does what the operator's commands ask for. It is a running server, or this process when no server
// runs.
type operator interface {
	Tokens(before chat.TokenID) (chat.Tokens, error)
	AddToken(chat.NewToken) (chat.Token, error)
	EndToken(chat.TokenID) error
	SetRole(chat.UserID, chat.Role) error
	Deactivate(chat.UserID, chat.MessagesFate) error
	Reactivate(chat.UserID) error
	MakeReset(chat.UserID) (chat.Reset, error)
}

// withOperator calls do with what acts on a data folder.
func withOperator(c *console.Console, at place, do func(operator) error) error {
	return withServer(c, at, func(server serverOfFolder) error { return do(server) },
		func(acts *actions.Actions) error { return do(ownFolder{c.Ctx, acts}) })
}

// withServer calls running with the server that uses a data folder, or stopped with the actions on a folder
// that no server uses.
func withServer(
	c *console.Console, at place, running func(serverOfFolder) error, stopped func(*actions.Actions) error,
) (err error) {
	if err := at.mustExist(); err != nil {
		return err
	}
	data, err := openData(at)
	if errors.Is(err, datalock.ErrInUse) {
		server, err := findServer(c.Ctx, at)
		if err != nil {
			return err
		}
		return running(server)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.close()) }()
	limits, err := defaultLimits()
	if err != nil {
		return err
	}
	core, err := openCore(data, limits, password.Default)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, core.close()) }()
	return stopped(core.actions)
}

// ownFolder works in this process, on a folder that no server uses.
type ownFolder struct {
	ctx     context.Context
	actions *actions.Actions
}

func (o ownFolder) Tokens(before chat.TokenID) (chat.Tokens, error) {
	return o.actions.Tokens(o.ctx, access.Caller{Operator: true}, before)
}

func (o ownFolder) AddToken(in chat.NewToken) (chat.Token, error) {
	return o.actions.AddToken(access.Caller{Operator: true}, in)
}

func (o ownFolder) EndToken(id chat.TokenID) error {
	return o.actions.EndToken(access.Caller{Operator: true}, id)
}

// serverOfFolder asks the running server that uses the folder.
type serverOfFolder struct {
	ctx    context.Context
	url    string
	bearer string
}

// findServer finds the server that uses a folder. It signs an operator's token, so that the server lets the
// command in.
func findServer(ctx context.Context, at place) (serverOfFolder, error) {
	address, err := os.ReadFile(filepath.Join(at.Data, addressName))
	if errors.Is(err, fs.ErrNotExist) {
		return serverOfFolder{}, fmt.Errorf("%s is in use, but no server answers yet; try again", at.Data)
	}
	if err != nil {
		return serverOfFolder{}, err
	}
	server := serverOfFolder{ctx: ctx, url: "http://" + string(address)}
	err = store.Peek(at.database(), func(tx *store.Tx) error {
		row, err := tx.Server()
		if err != nil {
			return err
		}
		tokens, err := auth.NewSigner(row.TokenKey, time.Now)
		if err != nil {
			return err
		}
		server.bearer, err = tokens.IssueOperator()
		return err
	})
	return server, err
}

// askWithin is how long the server may take to answer.
const askWithin = 30 * time.Second

// ask makes a request and decodes the answer into out, unless out is nil.
func (r serverOfFolder) ask(method, path string, in, out any) error {
	ctx, cancel := context.WithTimeout(r.ctx, askWithin)
	defer cancel()
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, r.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+r.bearer)
	request.Header.Set("Content-Type", "application/json")
	transport := &http.Transport{} // no proxy: the header's token is for this server alone
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return fmt.Errorf("ask the running server: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		refused := &chat.Error{}
		if err := json.NewDecoder(response.Body).Decode(refused); err != nil {
			return fmt.Errorf("ask the running server: status %d", response.StatusCode)
		}
		return refused
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(out)
}

// Tokens asks the server for a page of the list of tokens.
func (r serverOfFolder) Tokens(before chat.TokenID) (tokens chat.Tokens, err error) {
	path := "/api/tokens"
	if before > 0 {
		path += "?before=" + strconv.FormatInt(int64(before), 10)
	}
	err = r.ask(http.MethodGet, path, nil, &tokens)
	return tokens, err
}

// AddToken asks the server to make a token.
func (r serverOfFolder) AddToken(in chat.NewToken) (token chat.Token, err error) {
	err = r.ask(http.MethodPost, "/api/tokens", in, &token)
	return token, err
}

// EndToken asks the server to end a token.
func (r serverOfFolder) EndToken(id chat.TokenID) error {
	return r.ask(http.MethodDelete, "/api/tokens/"+strconv.FormatInt(int64(id), 10), nil, nil)
}

type hostCommand struct {
	Add    hostAddCommand    `cmd:"" help:"Let the server answer under a name."`
	List   hostListCommand   `cmd:"" help:"List the names that were added, that the set-up confirmed or that the server learned."`
	Remove hostRemoveCommand `cmd:"" help:"Take a name back."`
}

type hostAddCommand struct {
	place `embed:""`
	Name  string `arg:"" name:"name" help:"The name, as chat.example.com."`
}

// Run adds the name; kong calls it.
func (h *hostAddCommand) Run(c *console.Console) error {
	in := chat.NewHost{Name: h.Name}
	var host chat.Host
	err := withServer(c, h.place, func(server serverOfFolder) error {
		return server.ask(http.MethodPost, "/api/hosts", in, &host)
	}, func(acts *actions.Actions) (err error) {
		host, err = acts.AddHost(access.Caller{Operator: true}, in)
		return err
	})
	if err == nil {
		_, err = fmt.Fprintf(c.Stdout, "The server answers under %s.\n", host.Name)
	}
	return err
}

type hostListCommand struct {
	place `embed:""`
}

// Run prints the names, one on each line; kong calls it.
func (h *hostListCommand) Run(c *console.Console) error {
	var hosts chat.Hosts
	err := withServer(c, h.place, func(server serverOfFolder) error {
		return server.ask(http.MethodGet, "/api/hosts", nil, &hosts)
	}, func(acts *actions.Actions) (err error) {
		hosts, err = acts.Hosts(c.Ctx, access.Caller{Operator: true})
		return err
	})
	for _, host := range hosts.Hosts {
		fmt.Fprintln(c.Stdout, host.Name)
	}
	return err
}

type hostRemoveCommand struct {
	place `embed:""`
	Name  string `arg:"" name:"name" help:"The name, as parley host list prints it."`
}

// Run takes the name back; kong calls it.
func (h *hostRemoveCommand) Run(c *console.Console) error {
	err := withServer(c, h.place, func(server serverOfFolder) error {
		return server.ask(http.MethodDelete, "/api/hosts/"+url.PathEscape(h.Name), nil, nil)
	}, func(acts *actions.Actions) error { return acts.RemoveHost(access.Caller{Operator: true}, h.Name) })
	if chat.IsCode(err, chat.NotFound) {
		return errors.New("there is no such name; parley host list shows those there are")
	}
	if err == nil {
		_, err = fmt.Fprintf(c.Stdout, "The server no longer answers under %s.\n", h.Name)
	}
	return err
}
