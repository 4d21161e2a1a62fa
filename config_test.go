// The settings: where each can be given, which wins, and where each is explained.

package main

import (
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"parley/access"
	"parley/tests/harness"
	"parley/web"
)

func TestHelpListsEverySetting(t *testing.T) {
	t.Parallel()
	var help, failed strings.Builder
	if status := command(t.Context(), []string{"serve", "--help"}, &help, &failed); status != 0 || failed.Len() > 0 {
		t.Fatalf("status %d, %q", status, failed.String())
	}
	text := help.String()
	for _, flag := range allFlags(t) {
		if !strings.Contains(text, "--"+flag.Name) || flag.Help == "" {
			t.Errorf("--help does not explain --%s", flag.Name)
		}
		variable := "PARLEY_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
		if flag.Name != "help" && !slices.Equal(flag.Envs, []string{variable}) {
			t.Errorf("--%s is set by %q, want %s as --help says", flag.Name, flag.Envs, variable)
		}
	}
}

// allFlags are the settings of the server as kong knows them.
func allFlags(t *testing.T) []*kong.Flag {
	t.Helper()
	var cli commandLine
	parser, err := newParser(&cli, nil, nil, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range parser.Model.Children {
		if command.Name == "serve" {
			return slices.Concat(parser.Model.Flags, command.Flags)
		}
	}
	t.Fatal("there is no command serve")
	return nil
}

// settings are the defaults, with what the arguments change about them.
func settings(t *testing.T, args ...string) Config {
	t.Helper()
	var cli commandLine
	parser, err := newParser(&cli, io.Discard, io.Discard, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Fatal(err)
	}
	return cli.Serve.Config
}

// It changes the environment, so it is not parallel.
func TestFlagsBeatTheEnvironmentWhichBeatsTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings.json")
	text := `{"listen": ":1", "socket-writes": 7, "messages-per-second": 1.5, "frame-bytes": 50000,
		"trusted-proxy": ["10.0.0.1", "10.0.1.0/24"], "log-format": "json", "sockets-per-user": 3}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PARLEY_FRAME_BYTES", "60000")
	t.Setenv("PARLEY_SOCKETS_PER_USER", "4")
	t.Setenv("PARLEY_SOCKETS_PER_ADDRESS", "8")
	t.Setenv("PARLEY_ALLOW_ORIGIN", "https://a.example,https://b.example")
	want := Config{
		Listen: ":1", LogFormat: "json", place: place{Data: "./parley-data"}, LogLevel: "info",
		Site: web.Site{
			TrustedProxy: []string{"10.0.0.1", "10.0.1.0/24"},                // from the file
			AllowOrigin:  []string{"https://a.example", "https://b.example"}, // from the environment
		},
		Limits: access.Limits{
			SocketWrites: 7, MessagesPerSecond: 1.5, // from the file
			FrameBytes: 60000, SocketsPerAddress: 8, // from the environment
			SocketsPerUser:    5, // from the flag
			MessageCharacters: 10_000, MessagesBurst: 50, ReadsPerSecond: 100, SignInAttempts: 10, OutboxBytes: 1 << 20, Sockets: 20_000,
		},
	}
	if got := settings(t, "--config", file, "--sockets-per-user=5"); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	t.Setenv("PARLEY_CONFIG", file)
	if got := settings(t, "--sockets-per-user=5"); !reflect.DeepEqual(got, want) {
		t.Errorf("by PARLEY_CONFIG: got  %+v\nwant %+v", got, want)
	}
}

// It changes the environment, so it is not parallel.
func TestAnEmptyVariableCountsAsNone(t *testing.T) {
	want := settings(t)
	for _, flag := range allFlags(t) {
		for _, name := range flag.Envs {
			t.Setenv(name, "")
		}
	}
	if got := settings(t); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	file := filepath.Join(t.TempDir(), "settings.json")
	// Notepad and PowerShell put a mark of the byte order in front.
	if err := os.WriteFile(file, []byte("\ufeff{\"sockets\": 7}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := settings(t, "--config", file).Sockets; got != 7 {
		t.Errorf("%d sockets, want 7 as the file says", got)
	}
}

func TestAddressesAreBroughtIntoTheFormOfBrowsers(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"HTTPS://Chat.Example.com": "https://chat.example.com", "https://chat.example.com/": "https://chat.example.com",
		"https://chat.example.com:443": "https://chat.example.com", "Http://LOCALHOST:3000/": "http://localhost:3000",
		"https://münchen.example": "https://xn--mnchen-3ya.example", "http://[::1]:80": "http://[::1]",
	} {
		if got := settings(t, "--url", given).URL; got != want {
			t.Errorf("--url=%s is %q, want %q", given, got, want)
		}
	}
}

func TestTheDocumentsNameEverySetting(t *testing.T) {
	t.Parallel()
	var got, want []string
	for _, section := range []string{
		harness.Section(t, "README.md", "## Settings"), harness.Section(t, "docs/operations.md", "## Limits"),
	} {
		for _, row := range harness.Table(section) {
			for _, name := range harness.Codes(row[0]) {
				given := strings.Trim(row[1], "`")
				got = append(got, strings.TrimSpace(name+" "+given))
			}
		}
	}
	for _, flag := range allFlags(t) {
		if flag.Name != "help" {
			want = append(want, strings.TrimSpace("--"+flag.Name+" "+flag.Default))
		}
	}
	harness.Same(t, "settings", got, want)
}

func TestNoLifeIsRoundedToNone(t *testing.T) {
	t.Parallel()
	for life, want := range map[time.Duration]int64{
		0: 0, 1: 1, time.Millisecond: 1, time.Second: 1, 1500 * time.Millisecond: 2, 720 * time.Hour: 2_592_000, -1: -1, -time.Hour: -3600,
	} {
		if got := wholeSeconds(life); got != want {
			t.Errorf("%v is %d seconds, want %d", life, got, want)
		}
	}
}
