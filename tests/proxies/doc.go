// Package proxies tests the server behind the proxies that docs/operations.md has settings for, with these settings:
// "scripts/test.sh proxies". What differs is what has to: ports, certificates, and how long a proxy waits.
package proxies
