// The schema: numbered files in migrations/. A new version adds a file and never changes an old one.

package store

import "embed"

//go:embed migrations/*.sql
var migrationFiles embed.FS
