// The attacker of the bench "hostile" is a process of its own. In the process of the people who write, it would take
// processor time from them, and the bench would measure that instead of what the attack takes from the server.

package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"parley/internal/console"
	"parley/tools/hostile"
)

// attackerCommand is one attack as the bench starts it. Its stdin names the attack and the target, and ends when the
// attack should end; then it prints what the attack came to.
type attackerCommand struct{}

// firstWithin bounds how long an attack goes on until something of it is done or refused.
const firstWithin = 30 * time.Second

// attackOrder is what the attacker reads, and attackTally what it prints.
type (
	attackOrder struct {
		Attack string
		Target hostile.Target
	}
	attackTally struct{ Done, Refused int64 }
)

// Run attacks until stdin ends; kong calls it.
func (attackerCommand) Run(c *console.Console, _ *Command) error {
	orders := json.NewDecoder(os.Stdin)
	var order attackOrder
	if err := orders.Decode(&order); err != nil {
		return err
	}
	i := hostile.Named(order.Attack)
	if i < 0 {
		return fmt.Errorf("no attack is called %s", order.Attack)
	}
	ctx, stop := context.WithCancel(c.Ctx)
	var tally hostile.Tally
	go func() {
		defer stop()
		io.Copy(io.Discard, os.Stdin) // the bench ends it, or has gone
		// On a slow machine the first that it does may still be under way, and would not count.
		for end := time.Now().Add(firstWithin); tally.Done.Load()+tally.Refused.Load() == 0 && time.Now().Before(end); {
			time.Sleep(10 * time.Millisecond)
		}
	}()
	hostile.Attacks[i].Run(ctx, order.Target, &tally)
	return json.NewEncoder(c.Stdout).Encode(attackTally{tally.Done.Load(), tally.Refused.Load()})
}

// attack begins an attack. The function that it returns ends it, and returns what it came to.
func (s *server) attack(name string, target hostile.Target) (end func() (attackTally, error), err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	order, err := json.Marshal(attackOrder{name, target})
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "bench", "attacker")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, s.stderr
	if cmd.Env, err = s.environment(); err != nil {
		return nil, err
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the attacker: %w", err)
	}
	stdin.Write(order) // if it has ended by itself, Wait tells why
	return func() (tally attackTally, err error) {
		stdin.Close()
		if err := cmd.Wait(); err != nil {
			return tally, fmt.Errorf("the attacker: %w", err)
		}
		return tally, json.Unmarshal(out.Bytes(), &tally)
	}, nil
}
