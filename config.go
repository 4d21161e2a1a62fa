// The settings: flags, the environment and an optional file, read by kong. `parley serve --help` explains
// them.

package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/kong"

	"parley/access"
	"parley/metrics"
	"parley/tools/check"
	"parley/web"
)

// version is set when the binary is built: see the Makefile.
var version = "dev"

// commandLine is the commands of parley and the settings they share.
type commandLine struct {
	ConfigFile kong.ConfigFlag `name:"config" group:"Where" help:"Read settings from a JSON file, as {\"listen\": \":3000\"}. Flags and environment win over it." placeholder:"FILE" env:"PARLEY_CONFIG"`

	Serve   serveCommand     `cmd:"" default:"withargs" help:"Start the server. This is what happens without a command."`
	Backup  backupCommand    `cmd:"" help:"Copy the database while the server runs, and check the copy."`
	Restore restoreCommand   `cmd:"" help:"Put a backup in place while the server is stopped. What was there is kept."`
	Token   tokenCommand     `cmd:"" help:"Make, list and revoke the tokens by which programs use the server, whether it runs or not."`
	User    userCommand      `cmd:"" help:"List people, deactivate and reactivate them, name an owner, or make a link for a new password, whether the server runs or not."`
	Host    hostCommand      `cmd:"" help:"Say under which names the server answers, as chat.example.com, whether it runs or not."`
	Check   check.Command    `cmd:"" help:"Prove on this machine that nothing is lost, doubled or out of order, whatever fails."`
	Bench   benchCommandLine `cmd:"" help:"Measure what a server on this machine can do: \"parley bench size\" tells for how many people."`
	Routes  routesCommand    `cmd:"" help:"Print the HTTP API: every address, who may ask it, and what it takes and answers."`
	Version versionCommand   `cmd:"" help:"Print the version."`
}

// Config holds the settings of the server.
type Config struct {
	Listen   string `group:"Where" default:"localhost:3000" placeholder:"ADDRESS" help:"Address to listen on (${default}: this machine only). :3000 opens it to the network."`
	place    `embed:"" group:"Where"`
	web.Site `embed:""`

	MetricsListen string `group:"Metrics" placeholder:"ADDRESS" help:"Address of its own on which /metrics tells Prometheus how the server does, as localhost:9100."`
	MetricsToken  string `group:"Metrics" placeholder:"TOKEN" help:"What a request for /metrics must show as its Bearer token, 16 characters or more. Without --metrics-listen, /metrics is on the address of everything else."`

	LogFormat string `group:"Logs" enum:"text,json" default:"text" help:"How to write logs: text or json."`
	LogLevel  string `group:"Logs" enum:"debug,info,warn,error" default:"info" help:"The least important lines to write: debug, info, warn or error."`

	access.Limits `embed:""`
}

// Validate returns an error that names the first setting with an invalid value; kong calls it.
func (c *Config) Validate() error {
	if err := c.Site.Check(); err != nil {
		return err
	}
	if n := len(c.MetricsToken); n > 0 && n < metrics.MinToken {
		return fmt.Errorf("--metrics-token: at least %d characters", metrics.MinToken)
	}
	return c.Limits.Check()
}

// logger makes a logger that writes to out in the format and from the level of the settings.
func (c *Config) logger(out io.Writer) *slog.Logger {
	var level slog.Level
	level.UnmarshalText([]byte(c.LogLevel)) // kong allows only the words that this accepts
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(slog.NewTextHandler(out, options))
}

const description = `Parley is a chat server in one file: start it, open the link it prints, and a team talks.

Every setting can be given as a flag, as an environment variable (--log-level is PARLEY_LOG_LEVEL; an empty one counts
as none) or in a JSON file; "parley serve --help" lists those of the server.`

// newParser makes the command line's parser. exit is called after --help.
func newParser(cli *commandLine, stdout, stderr io.Writer, exit func(int)) (*kong.Kong, error) {
	parser, err := kong.New(cli, append(numbers(),
		kong.Name("parley"), kong.Description(description),
		kong.Writers(stdout, stderr), kong.Exit(exit),
		kong.DefaultEnvars("PARLEY"),
		kong.Configuration(settingsFile),
		kong.ConfigureHelp(kong.HelpOptions{WrapUpperBound: 100, NoExpandSubcommands: true}),
	)...)
	if err != nil {
		return nil, err
	}
	return parser, kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			if err := checkVariables(flag); err != nil {
				return err
			}
		}
		return next(nil)
	})
}

// checkVariables refuses an environment variable that is not UTF-8, and has kong skip one that is empty: it
// leaves the setting to the file and the default. This is how scripts and composed containers leave one out.
func checkVariables(flag *kong.Flag) error {
	var given []string
	for _, name := range flag.Envs {
		value := os.Getenv(name)
		if !utf8.ValidString(value) {
			return fmt.Errorf("the environment variable %s, %q, is not UTF-8", name, value)
		}
		if value != "" {
			given = append(given, name)
		}
	}
	flag.Tag.Envs = given // flag.Envs stays as it is, for --help and fileSettings
	return nil
}

// defaultLimits are the limits of a server without settings, for commands that have no settings of their own.
func defaultLimits() (access.Limits, error) {
	var cli commandLine
	parser, err := newParser(&cli, io.Discard, io.Discard, func(int) {})
	if err == nil {
		_, err = parser.Parse(nil)
	}
	return cli.Serve.Limits, err
}

// fileSettings are the settings in a file. Environment variables override them.
type fileSettings map[string]any

// byteOrderMark stands at the beginning of what some editors write.
const byteOrderMark = "\ufeff"

// settingsFile reads the optional file; kong calls it. The decoder alone would take a setting that is there
// twice, text after the object, and bytes that are not UTF-8.
func settingsFile(r io.Reader) (kong.Resolver, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(text) {
		return nil, errors.New("the settings file is not UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte(byteOrderMark))))
	dec.UseNumber()
	settings := fileSettings{}
	if err := settings.read(dec); err != nil {
		return nil, fmt.Errorf("want a settings file with one JSON object: %w", err)
	}
	return settings, nil
}

// read reads the object, and the end of the file after it.
func (f fileSettings) read(dec *json.Decoder) error {
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return cmp.Or(err, fmt.Errorf("it begins with %v", start))
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		var value any
		if err := dec.Decode(&value); err != nil {
			return err
		}
		key := fmt.Sprint(name) // the decoder takes only text here
		if _, twice := f[key]; twice {
			return fmt.Errorf("%q is there twice", key)
		}
		f[key] = value
	}
	if _, err := dec.Token(); err != nil { // the object's end
		return err
	}
	if more, err := dec.Token(); err != io.EOF {
		return cmp.Or(err, fmt.Errorf("%v stands after it", more))
	}
	return nil
}

// isSetting reports whether a flag is a setting, which the environment and the file can also give. Other
// flags belong to one call of a command.
func isSetting(flag *kong.Flag) bool { return len(flag.Envs) > 0 }

// environmentWithoutSettings is this process's environment without the settings in it. A server that a tool
// starts gets it, so that the caller's settings do not reach that server.
func environmentWithoutSettings() ([]string, error) {
	settings, err := variables()
	return slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains(settings, name)
	}), err
}

// variables are the names of the environment variables that are settings.
func variables() (names []string, err error) {
	parser, err := newParser(&commandLine{}, io.Discard, io.Discard, func(int) {})
	if err != nil {
		return nil, err
	}
	err = kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			names = append(names, flag.Envs...)
		}
		return next(nil)
	})
	return names, err
}

// Validate refuses names that are not settings: a misspelled one would silently do nothing.
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
			wrong := fmt.Errorf("the settings file names %q, which is not a setting", name)
			if like := nearest(name, slices.Collect(maps.Keys(known))); like != "" {
				wrong = fmt.Errorf("%w; did you mean %q?", wrong, like)
			}
			err = errors.Join(err, wrong)
		}
	}
	return err
}

// Resolve returns a flag's value in the file; kong calls it.
func (f fileSettings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if !isSetting(flag) {
		return nil, nil // kong's way to say "not from here"
	}
	for _, env := range flag.Envs {
		if os.Getenv(env) != "" {
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
