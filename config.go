// The settings: flags, environment and an optional file, through kong. `parley serve --help` explains them.

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// version is set when the binary is built: see the Makefile.
var version = "dev"

// commandLine is what parley can be asked to do.
type commandLine struct {
	ConfigFile kong.ConfigFlag `name:"config" group:"Where" help:"Read settings from a JSON file, as {\"listen\": \":3000\"}. Flags and environment win over it." placeholder:"FILE" env:"PARLEY_CONFIG"`

	Serve   serveCommand   `cmd:"" default:"withargs" help:"Start the server. This is what happens without a command."`
	Backup  backupCommand  `cmd:"" help:"Copy the database while the server runs, and check the copy."`
	Restore restoreCommand `cmd:"" help:"Put a backup in place while the server is stopped. What was there is kept."`
	Token   tokenCommand   `cmd:"" help:"Make, list and revoke the tokens by which programs use the server, whether it runs or not."`
	Check   checkCommand   `cmd:"" help:"Prove on this machine that nothing is lost, doubled or out of order, whatever fails."`
	Bench   benchCommand   `cmd:"" help:"Measure what a server on this machine can do: \"parley bench size\" tells for how many people."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// Config is the settings of the server.
type Config struct {
	Listen       string   `group:"Where" default:"localhost:3000" placeholder:"ADDRESS" help:"Address to listen on (${default}: this machine only). :3000 opens it to the network."`
	Data         string   `group:"Where" default:"./parley-data" placeholder:"FOLDER" help:"Folder for everything the server keeps (${default})."`
	URL          string   `group:"Where" name:"url" placeholder:"URL" help:"Address people use, as https://chat.example.com. Give it behind a proxy: links, cookies and the check of a page's origin depend on it."`
	TrustedProxy []string `group:"Where" placeholder:"ADDRESS" help:"Proxies whose X-Forwarded-For, -Proto and -Host headers count, as 127.0.0.1 or 10.0.0.0/8."`
	AllowOrigin  []string `group:"Where" placeholder:"ORIGIN" help:"Other sites whose pages may use this server."`

	MetricsListen string `group:"Metrics" placeholder:"ADDRESS" help:"Address of its own on which /metrics tells Prometheus how the server does, as localhost:9100."`
	MetricsToken  string `group:"Metrics" placeholder:"TOKEN" help:"What a request for /metrics must show as its Bearer token, 16 characters or more. Without --metrics-listen, /metrics is on the address of everything else."`

	LogFormat string `group:"Logs" enum:"text,json" default:"text" help:"How to write logs: text or json."`
	LogLevel  string `group:"Logs" enum:"debug,info,warn,error" default:"info" help:"The least important lines to write: debug, info, warn or error."`

	MessageCharacters int     `group:"Limits" default:"10000" placeholder:"N" help:"Characters in a message (${default})."`
	MessagesPerSecond float64 `group:"Limits" default:"10" placeholder:"N" help:"Messages and other changes a person may make a second (${default})."`
	MessagesBurst     int     `group:"Limits" default:"50" placeholder:"N" help:"… and at once, after a pause (${default})."`
	SignInAttempts    int     `group:"Limits" default:"10" placeholder:"N" help:"Failed sign-ins in 3 minutes, for an account and for an address (${default})."`
	FrameBytes        int     `group:"Limits" default:"131072" placeholder:"N" help:"Bytes in a frame or a request that a client sends (${default})."`
	OutboxBytes       int     `group:"Limits" default:"1048576" placeholder:"N" help:"Bytes that may wait for a socket that does not read, before it is closed (${default})."`
	SocketWrites      int     `group:"Limits" default:"64" placeholder:"N" help:"Changes under way on one socket (${default})."`
	Sockets           int     `group:"Limits" default:"20000" placeholder:"N" help:"Sockets in all, and as many other connections (${default})."`
	SocketsPerUser    int     `group:"Limits" default:"32" placeholder:"N" help:"Sockets of one person (${default})."`
	SocketsPerAddress int     `group:"Limits" default:"512" placeholder:"N" help:"Sockets from one address (${default})."`
}

// maxFrameBytes bounds what can be set, since a frame is held in memory as a whole.
const maxFrameBytes = 1 << 20

// Validate names the first setting that cannot be; kong calls it.
func (c *Config) Validate() error {
	c.URL = strings.TrimSuffix(c.URL, "/")
	if c.URL != "" {
		u, err := url.Parse(c.URL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Path != "" || u.RawQuery != "" {
			return fmt.Errorf("--url=%s: want an address without a path, as https://chat.example.com", c.URL)
		}
	}
	if n := len(c.MetricsToken); n > 0 && n < minMetricsToken {
		return fmt.Errorf("--metrics-token: at least %d characters", minMetricsToken)
	}
	for _, limit := range []struct {
		name string
		n    float64
		low  float64
	}{
		{"message-characters", float64(c.MessageCharacters), 1},
		{"messages-per-second", c.MessagesPerSecond, 0.001},
		{"messages-burst", float64(c.MessagesBurst), 1},
		{"sign-in-attempts", float64(c.SignInAttempts), 1},
		{"frame-bytes", float64(c.FrameBytes), 1024},
		{"outbox-bytes", float64(c.OutboxBytes), 64 << 10},
		{"socket-writes", float64(c.SocketWrites), 1},
		{"sockets", float64(c.Sockets), 1},
		{"sockets-per-user", float64(c.SocketsPerUser), 1},
		{"sockets-per-address", float64(c.SocketsPerAddress), 1},
	} {
		if !(limit.n >= limit.low) { // NaN is neither
			return fmt.Errorf("--%s: at least %v", limit.name, limit.low)
		}
	}
	// A character has at most 4 bytes, and there is a frame around the message.
	if need := 4*c.MessageCharacters + 1024; c.FrameBytes < need {
		return fmt.Errorf("--message-characters=%d needs --frame-bytes=%d or more", c.MessageCharacters, need)
	}
	if c.FrameBytes > maxFrameBytes {
		return fmt.Errorf("--frame-bytes: at most %d", maxFrameBytes)
	}
	return nil
}

func (c *Config) limits() Limits {
	return Limits{
		MessageCharacters: c.MessageCharacters, MessagesPerSecond: c.MessagesPerSecond,
		MessagesBurst: c.MessagesBurst, SignInAttempts: c.SignInAttempts, FrameBytes: c.FrameBytes,
		OutboxBytes: c.OutboxBytes, SocketWrites: c.SocketWrites,
		Sockets: c.Sockets, SocketsPerUser: c.SocketsPerUser, SocketsPerAddress: c.SocketsPerAddress,
	}
}

// logger writes to out as the settings say.
func (c *Config) logger(out io.Writer) *slog.Logger {
	var level slog.Level
	level.UnmarshalText([]byte(c.LogLevel)) // kong allows these words only
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(slog.NewTextHandler(out, options))
}

const description = `Parley is a chat server in one file: start it, open the link it prints, and a team talks.

Every setting can be given as a flag, as an environment variable (--log-level is PARLEY_LOG_LEVEL) or in a JSON file;
"parley serve --help" lists those of the server.`

// newParser makes the command line's parser. exit is called after --help.
func newParser(cli *commandLine, stdout, stderr io.Writer, exit func(int)) (*kong.Kong, error) {
	return kong.New(cli,
		kong.Name("parley"), kong.Description(description),
		kong.Writers(stdout, stderr), kong.Exit(exit),
		kong.DefaultEnvars("PARLEY"),
		kong.Configuration(settingsFile),
		kong.ConfigureHelp(kong.HelpOptions{WrapUpperBound: 100, NoExpandSubcommands: true}),
	)
}

// fileSettings are the settings of a file. The environment wins over them.
type fileSettings map[string]any

// settingsFile reads the optional file; kong calls it.
func settingsFile(r io.Reader) (kong.Resolver, error) {
	settings := fileSettings{}
	dec := json.NewDecoder(r)
	dec.UseNumber()
	if err := dec.Decode(&settings); err != nil {
		return nil, fmt.Errorf("want a JSON object of settings: %w", err)
	}
	return settings, nil
}

// isSetting tells settings, which the environment can give, from flags that belong to one call of a command.
func isSetting(flag *kong.Flag) bool { return len(flag.Envs) > 0 }

// environmentWithoutSettings is what a server is started with that the caller's settings are not for.
func environmentWithoutSettings() ([]string, error) {
	parser, err := newParser(&commandLine{}, io.Discard, io.Discard, func(int) {})
	if err != nil {
		return nil, err
	}
	settings := map[string]bool{}
	err = kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			for _, name := range flag.Envs {
				settings[name] = true
			}
		}
		return next(nil)
	})
	return slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return settings[name]
	}), err
}

// Validate refuses settings that do not exist, since a misspelled one would silently do nothing.
func (f fileSettings) Validate(app *kong.Application) error {
	known := map[string]bool{}
	err := kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok && isSetting(flag) {
			known[flag.Name] = true
		}
		return next(nil)
	})
	for name := range f {
		if !known[name] {
			err = errors.Join(err, fmt.Errorf("the settings file names %q, which is not a setting", name))
		}
	}
	return err
}

// Resolve gives a flag's value from the file.
func (f fileSettings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if !isSetting(flag) {
		return nil, nil // kong's way to say "not from here"
	}
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil // kong's way to say "not from here"
		}
	}
	switch value := f[flag.Name].(type) {
	case []any:
		parts := make([]string, len(value))
		for i, v := range value {
			parts[i] = fmt.Sprint(v)
		}
		return strings.Join(parts, ","), nil
	case nil:
		return nil, nil // kong's way to say "not from here"
	default:
		return fmt.Sprint(value), nil
	}
}
