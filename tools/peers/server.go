// The servers as processes: each is built once, and started anew for each run.

package main

import (
	"bufio"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"parley/tools/load"
	"parley/tools/peers/servers/peer"
)

// contender is a server that is compared.
type contender struct {
	name    string
	dialect load.Dialect
	// build makes what the server needs in a folder. It returns the command that starts the server. The
	// server prints its address as the first line of its output.
	build func(ctx context.Context, folder string) (command []string, err error)
	// measure runs one scenario on a freshly started server.
	measure func(ctx context.Context, c *contender, s scenario) (run, error)
	// lossy servers drop messages by design: their runs count all the same, and the table notes it.
	lossy bool
	// unfit names the scenarios that the server is not made for.
	unfit []string

	folder  string   // of this server alone
	command []string // as build returned it
}

func contenders() []*contender {
	return []*contender{
		{name: "parley", build: buildParley, measure: measureParley},
		{name: "melody", dialect: plain, build: goPeer("melody"), measure: measurePeer, lossy: true},
		{name: "centrifuge", dialect: centrifuge, build: goPeer("centrifuge"), measure: measurePeer},
		{
			name: "gorilla", dialect: plain, build: goPeer("gorilla"), measure: measurePeer,
			unfit: []string{"stalled"}, // a member who does not read stops the room
		},
		{name: "nestjs", dialect: socketIO, build: nodePeer, measure: measurePeer},
	}
}

//go:embed servers/nestjs/package.json servers/nestjs/package-lock.json servers/nestjs/.npmrc
//go:embed servers/nestjs/tsconfig.json servers/nestjs/src
var nodeSource embed.FS

func goPeer(name string) func(context.Context, string) ([]string, error) {
	return func(ctx context.Context, folder string) ([]string, error) {
		binary := filepath.Join(folder, name)
		build := exec.CommandContext(ctx, "go", "build", "-o", binary, "parley/tools/peers/servers/"+name)
		return []string{binary}, quietly(build)
	}
}

// nodePeer installs and compiles the Node server in a copy of its source, so that nothing is left in the
// source tree.
func nodePeer(ctx context.Context, folder string) ([]string, error) {
	folder = filepath.Join(folder, "nestjs")
	source, err := fs.Sub(nodeSource, "servers/nestjs")
	if err != nil {
		return nil, err
	}
	if err := os.CopyFS(folder, source); err != nil {
		return nil, err
	}
	install := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	compile := exec.CommandContext(ctx, "npm", "run", "build")
	install.Dir, compile.Dir = folder, folder
	if err := quietly(install); err != nil {
		return nil, err
	}
	return []string{"node", filepath.Join(folder, "dist", "main.js")}, quietly(compile)
}

// quietly runs a command whose output matters only when the command fails.
func quietly(command *exec.Cmd) error {
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(command.Args, " "), err, out)
	}
	return nil
}

// process is a running server.
type process struct {
	command *exec.Cmd
	address string
}

func (c *contender) start(ctx context.Context) (*process, error) {
	command := exec.CommandContext(ctx, c.command[0], c.command[1:]...)
	command.Env = append(os.Environ(), "NODE_ENV=production", "PEER_SECRET="+peer.Secret)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", c.name, err)
	}
	p := &process{command: command}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		p.stop()
		return nil, fmt.Errorf("%s ended before it listened", c.name)
	}
	p.address = lines.Text()
	return p, nil
}

func (p *process) stop() {
	p.command.Process.Kill()
	p.command.Wait()
}

// measurePeer runs the load in this process.
func measurePeer(ctx context.Context, c *contender, s scenario) (run, error) {
	p, err := c.start(ctx)
	if err != nil {
		return run{}, err
	}
	defer p.stop()
	o := s.options
	o.Address, o.Dialect, o.ServerPID = p.address, c.dialect, p.command.Process.Pid
	meanwhile := load.WatchOthers(o.ServerPID)
	if s.connect {
		connected, err := load.Connect(ctx, o)
		return run{Connected: &connected, Others: meanwhile.CPUs()}, err
	}
	fanout, err := load.Fanout(ctx, o)
	return run{Fanout: &fanout, Others: meanwhile.CPUs()}, err
}
