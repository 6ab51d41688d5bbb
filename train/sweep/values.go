package sweep

import (
	"fmt"
	"math/big"
	"strings"

	"qk/train"
)

// longestList is how many values a setting may take.
const longestList = 100_000

// ParseList reads the values of a setting as they are typed after its flag:
//
//	1,2,4,8    values, between commas
//	1..10      whole numbers from 1 to 10
//	0..20..5   every fifth of them: 0, 5, 10, 15, 20
//	1..3,8     both together
//
// The name of a text is one value, as a file name may hold a comma. Every value is
// one that the setting can be set to. The error is a [*train.FlagError], or says that
// there is no such setting.
func ParseList(name, typed string) ([]string, error) {
	s, ok := train.FindSetting(name)
	if !ok {
		return nil, unknownSetting(name)
	}
	if s.Kind == train.PathValue {
		if typed == "" {
			return nil, &train.FlagError{Flag: name, Value: `""`, Why: "give the name of a text"}
		}
		return []string{typed}, nil
	}
	var values []string
	for _, item := range strings.Split(typed, ",") {
		item = strings.TrimSpace(item)
		if item == "" {
			why := "a value is missing between the commas: write 1,2,4 or 1..10"
			if strings.TrimSpace(typed) == "" {
				why = "the list is empty: give at least one value"
			}
			return nil, &train.FlagError{Flag: name, Value: fmt.Sprintf("%q", typed), Why: why}
		}
		expanded, err := expand(s, item)
		if err != nil {
			return nil, err
		}
		if len(values)+len(expanded) > longestList {
			return nil, tooMany(name, item)
		}
		values = append(values, expanded...)
	}
	return values, nil
}

func tooMany(name, item string) error {
	return &train.FlagError{Flag: name, Value: item, Why: fmt.Sprintf("with this there are more than %d values: give fewer", longestList)}
}

// expand reads one item of a list: a value or a range.
func expand(s train.Setting, item string) ([]string, error) {
	if strings.Contains(item, "..") {
		return expandRange(s, item)
	}
	if err := s.Set(&train.Config{}, item); err != nil {
		return nil, err
	}
	return []string{item}, nil
}

func expandRange(s train.Setting, item string) ([]string, error) {
	mistake := func(format string, args ...any) error {
		return &train.FlagError{Flag: s.Name, Value: item, Why: fmt.Sprintf(format, args...)}
	}
	if s.Kind != train.WholeValue {
		return nil, mistake("a range is of whole numbers, which --%s does not take: list its values between commas", s.Name)
	}
	parts := strings.Split(item, "..")
	if len(parts) > 3 {
		return nil, mistake("write a range as 1..10, or as 0..20..5 with a step")
	}
	numbers := make([]*big.Int, len(parts))
	for i, part := range parts {
		n, ok := new(big.Int).SetString(part, 10)
		if !ok {
			return nil, mistake("%q is no whole number: write a range as 1..10, or as 0..20..5 with a step", part)
		}
		numbers[i] = n
	}
	from, to, step := numbers[0], numbers[1], big.NewInt(1)
	if len(numbers) == 3 {
		step = numbers[2]
	}
	switch {
	case step.Sign() <= 0:
		return nil, mistake("the step has to be 1 or more: write %s..%s..1", from, to)
	case from.Cmp(to) > 0:
		return nil, mistake("the range is the wrong way round: write %s..%s", to, from)
	}
	count := new(big.Int).Sub(to, from)
	count.Div(count, step).Add(count, big.NewInt(1))
	if count.Cmp(big.NewInt(longestList)) > 0 {
		return nil, mistake("this is a range of %s values, and %d are the most: give a step, as in %s..%s..%s", count, longestList, from, to, new(big.Int).Add(new(big.Int).Div(count, big.NewInt(10)), big.NewInt(1)))
	}
	values := make([]string, 0, count.Int64())
	for n := new(big.Int).Set(from); n.Cmp(to) <= 0; n.Add(n, step) {
		values = append(values, n.String())
	}
	for _, end := range []string{values[0], values[len(values)-1]} {
		if err := s.Set(&train.Config{}, end); err != nil {
			return nil, err
		}
	}
	return values, nil
}
