// The schema: numbered files in migrations/, which are only ever added to.

package store

import "embed"

//go:embed migrations/*.sql
var migrationFiles embed.FS
