// The operator's commands for people's accounts. As the commands for tokens, they ask the server that uses the
// folder, or open the folder themselves while no server uses it: see withOperator.

package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley/access"
	"parley/actions"
	"parley/chat"
	"parley/internal/console"
	"parley/internal/listen"
	"parley/store"
	"parley/web"
)

type userCommand struct {
	List       userListCommand       `cmd:"" help:"List the people and the programs."`
	Reset      userResetCommand      `cmd:"" help:"Make a link by which somebody chooses a new password, once, within an hour, and print it: it is shown only now."`
	Deactivate userDeactivateCommand `cmd:"" help:"Sign somebody out everywhere, and let nobody sign in to the account."`
	Reactivate userReactivateCommand `cmd:"" help:"Let somebody sign in again."`
	Owner      userOwnerCommand      `cmd:"" help:"Make somebody an owner of the server."`
}

// atName is a folder, and somebody in it.
type atName struct {
	place `embed:""`
	Name  string `arg:"" name:"name" help:"The person's login name."`
}

// act finds the person and calls do with them.
func (a atName) act(c *console.Console, do func(operator, chat.User) error) error {
	return withOperator(c, a.place, func(o operator) error {
		var user chat.User
		err := store.Peek(a.database(), func(tx *store.Tx) (err error) {
			user, err = tx.UserByName(actions.Fold(strings.TrimPrefix(a.Name, "@")))
			return err
		})
		if chat.IsCode(err, chat.NotFound) {
			err = fmt.Errorf("nobody has the login name %q; parley user list shows who is there", a.Name)
		}
		if err != nil {
			return err
		}
		return do(o, user)
	})
}

type userListCommand struct {
	place `embed:""`
}

// Run prints the people as a table; kong calls it.
func (u *userListCommand) Run(c *console.Console) error {
	return withOperator(c, u.place, func(operator) error {
		return store.Peek(u.database(), func(tx *store.Tx) error {
			return printUsers(tx, c.Stdout)
		})
	})
}

func printUsers(tx *store.Tx, out io.Writer) error {
	all, err := tx.UsersSince(0, math.MaxInt)
	if err != nil {
		return err
	}
	slices.SortFunc(all.Users, func(a, b chat.User) int { return strings.Compare(a.Name, b.Name) })
	table := console.Table{{"NAME", "SHOWN AS", "ROLE", "STATE", "SESSIONS", "LAST SEEN"}}
	for _, user := range all.Users {
		account, err := tx.AccountState(user.ID)
		if err != nil {
			return err
		}
		state := "active"
		if user.Deactivated {
			state = "deactivated"
		}
		table = append(table, []string{
			user.Name, user.DisplayName, string(user.Role), state, fmt.Sprint(account.Sessions), shownTime(account.LastSeenAt),
		})
	}
	return table.Print(out)
}

type userResetCommand struct {
	atName
	URL    string `placeholder:"URL" help:"The server's address as people open it, for the link."`
	Listen string `default:"localhost:3000" placeholder:"ADDRESS" help:"The address that the server will listen on, for the link when no server runs and --url is not given (${default})."`
}

// Run makes the link; kong calls it. It prints the link alone on stdout.
func (u *userResetCommand) Run(c *console.Console) error {
	address := ""
	if u.URL != "" {
		var err error
		if address, err = web.Address(u.URL); err != nil {
			return err
		}
	}
	local, err := listen.LocalHost("listen", u.Listen)
	if err != nil {
		return err
	}
	return u.act(c, func(o operator, user chat.User) error {
		reset, err := o.MakeReset(user.ID)
		if err != nil {
			return err
		}
		link := reset.URL
		if link == "" || address != "" {
			link = cmp.Or(address, "http://"+local) + "/reset#" + reset.Code
		}
		if onlyHere(link) {
			fmt.Fprintf(c.Stderr, "The link opens on this machine. For somebody elsewhere, put your server's address in front "+
				"of /reset, as https://chat.example.com/reset#%s, or give it with --url.\n", reset.Code)
		}
		fmt.Fprintf(c.Stderr, "By this link %s chooses a new password, once, until %s UTC. It is shown only now.\n",
			user.Name, shownTime(reset.ExpiresAt))
		_, err = fmt.Fprintln(c.Stdout, link)
		return err
	})
}

// onlyHere tells whether a link leads to the machine on which it is opened.
func onlyHere(link string) bool {
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

type userDeactivateCommand struct {
	atName
	Messages chat.MessagesFate `env:"-" enum:"keep,delete,rooms" default:"keep" help:"What becomes of the person's messages: keep, delete, or rooms, which also deletes the rooms that they made and nobody else wrote in (${default})."`
}

// Run deactivates the person; kong calls it.
func (u *userDeactivateCommand) Run(c *console.Console) error {
	return u.act(c, func(o operator, user chat.User) error {
		if err := o.Deactivate(user.ID, u.Messages); err != nil {
			return err
		}
		fate := map[chat.MessagesFate]string{
			chat.KeepMessages:   "Their messages stay.",
			chat.DeleteMessages: "Their messages are deleted; a server that runs does it bit by bit.",
			chat.DeleteRooms:    "Their messages and rooms are deleted; a server that runs does it bit by bit.",
		}
		_, err := fmt.Fprintf(c.Stdout, "%s is deactivated. %s\n", user.Name, fate[u.Messages])
		return err
	})
}

type userReactivateCommand struct{ atName }

// Run reactivates the person; kong calls it.
func (u *userReactivateCommand) Run(c *console.Console) error {
	return u.act(c, func(o operator, user chat.User) error {
		if err := o.Reactivate(user.ID); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.Stdout, "%s can sign in again.\n", user.Name)
		return err
	})
}

type userOwnerCommand struct{ atName }

// Run makes the person an owner; kong calls it.
func (u *userOwnerCommand) Run(c *console.Console) error {
	return u.act(c, func(o operator, user chat.User) error {
		if err := o.SetRole(user.ID, chat.RoleOwner); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.Stdout, "%s is an owner of the server.\n", user.Name)
		return err
	})
}

// SetRole gives a user another role on the server.
func (o ownFolder) SetRole(user chat.UserID, role chat.Role) error {
	_, err := o.actions.SetRole(access.Caller{Operator: true}, user, chat.RoleChange{Role: role})
	return err
}

// Deactivate deactivates a user. It returns when all messages that were to be deleted are.
func (o ownFolder) Deactivate(user chat.UserID, messages chat.MessagesFate) error {
	_, err := o.actions.Deactivate(access.Caller{Operator: true}, user, chat.Deactivation{Messages: messages})
	if err == nil {
		err = o.actions.EraseAll(o.ctx, 0)
	}
	return errors.Join(err, o.ctx.Err())
}

// Reactivate lets a user sign in again.
func (o ownFolder) Reactivate(user chat.UserID) error {
	_, err := o.actions.Reactivate(access.Caller{Operator: true}, user)
	return err
}

// MakeReset makes a link for a user's password. Its URL is empty, since only a server knows its address.
func (o ownFolder) MakeReset(user chat.UserID) (chat.Reset, error) {
	return o.actions.MakeReset(access.Caller{Operator: true}, user)
}

// userAt is the address of a user below /api/.
func userAt(user chat.UserID) string { return "/api/users/" + strconv.FormatInt(int64(user), 10) }

// SetRole asks the server to give a user another role.
func (r serverOfFolder) SetRole(user chat.UserID, role chat.Role) error {
	return r.ask(http.MethodPatch, userAt(user), chat.RoleChange{Role: role}, nil)
}

// Deactivate asks the server to deactivate a user.
func (r serverOfFolder) Deactivate(user chat.UserID, messages chat.MessagesFate) error {
	return r.ask(http.MethodPost, userAt(user)+"/deactivate", chat.Deactivation{Messages: messages}, nil)
}

// Reactivate asks the server to let a user sign in again.
func (r serverOfFolder) Reactivate(user chat.UserID) error {
	return r.ask(http.MethodPost, userAt(user)+"/reactivate", nil, nil)
}

// MakeReset asks the server for a link for a user's password.
func (r serverOfFolder) MakeReset(user chat.UserID) (reset chat.Reset, err error) {
	err = r.ask(http.MethodPost, userAt(user)+"/reset", nil, &reset)
	return reset, err
}
