// A history as a file: JSON, compressed, since it repeats itself a lot.

package check

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// WriteFile writes a history to a file. ReadFile reads it.
func WriteFile(name string, h *History) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	packed := gzip.NewWriter(file)
	if err := json.NewEncoder(packed).Encode(h); err != nil {
		return err
	}
	return packed.Close()
}

// ReadFile reads a history from a file.
func ReadFile(name string) (*History, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	packed, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("%s is no history of a check: %w", name, err)
	}
	h := &History{}
	if err := json.NewDecoder(packed).Decode(h); err != nil {
		return nil, fmt.Errorf("%s is no history of a check: %w", name, err)
	}
	return h, nil
}
