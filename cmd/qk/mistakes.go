package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"qk/data/text"
	"qk/train"
)

// usage makes an error of a wrong number of arguments.
func usage(cmd *cobra.Command, want string) error {
	return fmt.Errorf("%s needs %s: see `%s --help`", strings.TrimPrefix(cmd.CommandPath(), "qk "), want, cmd.CommandPath())
}

// noArgs refuses arguments. The likeliest one is a text without its flag.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := ""
	if cmd.Flags().Lookup("corpus") != nil {
		hint = fmt.Sprintf("did you mean --corpus %s? ", args[0])
	}
	return fmt.Errorf("%s takes no argument, but there is %q: %ssee `%s --help`", strings.TrimPrefix(cmd.CommandPath(), "qk "), args[0], hint, cmd.CommandPath())
}

// knownCommand refuses what is not the name of a subcommand and proposes the
// nearest.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	hint := ""
	if near := text.Nearest(args[0], names, 1); len(near) > 0 {
		hint = fmt.Sprintf("did you mean %s? ", near[0])
	}
	return fmt.Errorf("unknown command %q for %s: %suse one of %s", args[0], cmd.CommandPath(), hint, strings.Join(names, ", "))
}

// flagMistake says what is wrong with a flag that could not be parsed.
func flagMistake(cmd *cobra.Command, err error) error {
	see := fmt.Sprintf("see `%s --help`", cmd.CommandPath())
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "" {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near := text.Nearest(unknown.GetSpecifiedName(), names, 1); len(near) > 0 {
			see = fmt.Sprintf("did you mean --%s? %s", near[0], see)
		}
	}
	var flag *train.FlagError
	if errors.As(err, &flag) { // it says all
		return flag
	}
	var invalid *pflag.InvalidValueError
	var number *strconv.NumError
	if errors.As(err, &invalid) && errors.As(err, &number) {
		return &train.FlagError{Flag: invalid.GetFlag().Name, Value: invalid.GetValue(), Why: numberWanted(invalid.GetFlag(), number.Err)}
	}
	return fmt.Errorf("%w: %s", err, see)
}

// numberWanted says which numbers a flag takes.
func numberWanted(f *pflag.Flag, cause error) string {
	switch {
	case f.Value.Type() == "bool":
		return "give true or false"
	case errors.Is(cause, strconv.ErrRange):
		return "this number is too large"
	case strings.HasPrefix(f.Value.Type(), "float"):
		return "give a number"
	case strings.HasPrefix(f.Value.Type(), "uint"):
		return "give a whole number, 0 or above"
	}
	return "give a whole number"
}
