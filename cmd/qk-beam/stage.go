package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"qk/train/disk"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
)

// stageFolder names a new folder for what the workers of a job write: in the given
// one, or else beside the directory that is written in the end, on this machine.
func stageFolder(staging, out string) (string, error) {
	if staging != "" {
		var id [8]byte
		_, _ = rand.Read(id[:]) // never fails
		return join(staging, "qk-beam-"+hex.EncodeToString(id[:])), nil
	}
	beside, err := filepath.Abs(filepath.Dir(out))
	if err != nil {
		return "", fmt.Errorf("--out %s: %w", out, err)
	}
	folder, err := os.MkdirTemp(beside, "."+filepath.Base(out)+".qk-beam-*")
	if err != nil {
		return "", fmt.Errorf("--out %s: %w", out, disk.WithoutPath(err))
	}
	return folder, nil
}

// unstage removes a folder that the workers wrote, or what is there of it.
func unstage(ctx context.Context, folder string) error {
	if !strings.Contains(folder, "://") {
		if err := os.RemoveAll(folder); err != nil {
			return fmt.Errorf("remove %s: %w", folder, disk.WithoutPath(err))
		}
		return nil
	}
	files, err := filesystem.New(ctx, folder)
	if err != nil {
		return fmt.Errorf("remove %s: %w", folder, err)
	}
	defer files.Close()
	remover, ok := files.(filesystem.Remover)
	if !ok {
		return fmt.Errorf("remove %s: this file system cannot remove files: do it by hand", folder)
	}
	names, err := files.List(ctx, join(folder, "*"))
	if err != nil {
		return fmt.Errorf("remove %s: %w", folder, err)
	}
	for _, name := range names {
		if err := remover.Remove(ctx, name); err != nil {
			return fmt.Errorf("remove %s: %w", name, err)
		}
	}
	return nil
}
