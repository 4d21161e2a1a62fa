// What people type that kong does not know, and what they are told instead.

package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/kong"

	"parley/chat"
)

// arguments turns "help COMMAND" and "--version" into what kong knows, and refuses what kong would explain
// badly: text that is not UTF-8, a command that does not exist, and a long flag with one dash.
func arguments(args []string, app *kong.Application) ([]string, error) {
	for i, arg := range args {
		if !utf8.ValidString(arg) {
			return nil, fmt.Errorf("argument %d, %q, is not UTF-8", i+1, arg)
		}
	}
	if len(args) == 0 {
		return args, nil
	}
	first, rest := args[0], args[1:]
	switch {
	case first == "help":
		return append(slices.Clone(rest), "--help"), nil
	case first == "--version":
		return append([]string{"version"}, rest...), nil
	case !strings.HasPrefix(first, "-"):
		return args, checkCommand(first, app)
	case len(first) > 2 && first[1] != '-':
		return nil, fmt.Errorf("unknown flag %s; flags begin with two dashes: -%s", first, first)
	}
	return args, nil
}

func checkCommand(name string, app *kong.Application) error {
	var commands []string
	for _, child := range app.Children {
		commands = append(commands, child.Name)
	}
	if slices.Contains(commands, name) {
		return nil
	}
	if like := nearest(name, commands); like != "" {
		return fmt.Errorf("there is no command %q; did you mean parley %s?", name, like)
	}
	return fmt.Errorf("there is no command %q; parley --help lists them", name)
}

// explained adds to an error about the command line where to read what there is, and leaves out the code of a
// refusal, which is for programs.
func explained(err error) error {
	var refused *chat.Error
	if errors.As(err, &refused) && err.Error() == refused.Error() {
		return errors.New(refused.Message)
	}
	var wrong *kong.ParseError
	if !errors.As(err, &wrong) || wrong.Context == nil {
		return err
	}
	node := wrong.Context.Selected()
	if node == nil {
		node = wrong.Context.Model.Node
	}
	if wrong.Context.Error == nil && !incomplete(node) {
		return err
	}
	return fmt.Errorf("%w (%s --help lists what there is)", err, node.FullPath())
}

// incomplete tells whether a command lacks an argument, a flag or the command below it that it cannot do without.
func incomplete(node *kong.Node) bool {
	return len(node.Children) > 0 && node.DefaultCmd == nil ||
		slices.ContainsFunc(node.Positional, func(arg *kong.Positional) bool { return arg.Required && !arg.Set }) ||
		slices.ContainsFunc(node.Flags, func(flag *kong.Flag) bool { return flag.Required && !flag.Set })
}

// numbers read the numbers of settings, and say in plain words what is none.
func numbers() []kong.Option {
	whole := func(ctx *kong.DecodeContext, target reflect.Value) error {
		var text string
		if err := ctx.Scan.PopValueInto("number", &text); err != nil {
			return err
		}
		n, err := strconv.ParseInt(text, 0, target.Type().Bits())
		if err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		target.SetInt(n)
		return nil
	}
	broken := func(ctx *kong.DecodeContext, target reflect.Value) error {
		var text string
		if err := ctx.Scan.PopValueInto("number", &text); err != nil {
			return err
		}
		n, err := strconv.ParseFloat(text, target.Type().Bits())
		if err != nil {
			return fmt.Errorf("%q is not a number", text)
		}
		target.SetFloat(n)
		return nil
	}
	return []kong.Option{
		kong.KindMapper(reflect.Int, kong.MapperFunc(whole)), kong.KindMapper(reflect.Int64, kong.MapperFunc(whole)),
		kong.KindMapper(reflect.Float64, kong.MapperFunc(broken)),
	}
}

// warnOfMisspelled warns of variables of the environment that were probably meant to be settings. Others that
// begin with PARLEY_ are somebody else's: Kubernetes makes up some for a service that is called parley.
func warnOfMisspelled() {
	settings, err := variables()
	if err != nil {
		return // and so did what parsed the command line
	}
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "PARLEY_") || slices.Contains(settings, name) {
			continue
		}
		if like := nearest(name, settings); like != "" {
			slog.Warn(fmt.Sprintf("%s is no setting; did you mean %s?", name, like))
		}
	}
}

// nearest finds the one of the words that a misspelled one was meant to be; "" when none is near.
func nearest(word string, words []string) (found string) {
	least := min(3, (len(word)+2)/3+1) // of a short word fewer letters may differ
	for _, other := range words {
		if n := edits(word, other); n < least {
			found, least = other, n
		}
	}
	return found
}

// edits counts the letters to add, take away or change to make one word of another (Levenshtein).
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
