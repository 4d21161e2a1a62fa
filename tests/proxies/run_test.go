//go:build proxies

package proxies

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"parley/internal/wait"
	"parley/tests/harness"
)

// upstream is where docs/operations.md has the server listen.
const upstream = "127.0.0.1:3000"

// idle is how long a proxy leaves a connection alone on which nothing travels. The document says 120 seconds; here it is
// a quarter, still longer than from one ping to the next, so that the test need not be silent for minutes.
const (
	documented = 120
	idle       = 30
)

// snippet is the text for a proxy in docs/operations.md, with what differs here put in place of what the document
// has: each pair is what stands there, which it must, and what stands in its place.
func snippet(t testing.TB, language string, pairs ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(harness.Module(), "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Behind a proxy\n")
	section, _, _ = strings.Cut(section, "\n## ")
	_, block, found := strings.Cut(section, "\n```"+language+"\n")
	if !found {
		t.Fatalf("docs/operations.md has nothing for %s", language)
	}
	block, _, _ = strings.Cut(block, "\n```\n")
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(block, pairs[i]) {
			t.Fatalf("what docs/operations.md has for %s has no %q", language, pairs[i])
		}
		block = strings.ReplaceAll(block, pairs[i], pairs[i+1])
	}
	return block + "\n"
}

// freePort is a port that nobody listens on.
func freePort(t testing.TB) string {
	t.Helper()
	_, port, _ := net.SplitHostPort(harness.FreeAddress(t))
	return port
}

// need skips a test where a proxy is not installed.
func need(t testing.TB, command string) string {
	t.Helper()
	path, err := exec.LookPath(command)
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/" + command)
	}
	if err != nil {
		t.Skipf("skipped: %s is not installed", command)
	}
	return path
}

// write writes a file into a folder of the test's.
func write(t testing.TB, folder, file, text string) string {
	t.Helper()
	path := filepath.Join(folder, file)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// run starts a proxy and waits until it listens. It is stopped when the test ends.
func run(t testing.TB, port string, env []string, command string, args ...string) {
	t.Helper()
	var said harness.Output
	cmd := exec.Command(command, args...)
	cmd.Stdout, cmd.Stderr, cmd.Env = &said, &said, append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its workers end with it
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		cmd.Wait() // how it ended does not matter
		close(over)
	}()
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		<-over
		if t.Failed() {
			t.Logf("%s said:\n%s", command, &said)
		}
	})
	wait.Until(t, command+" listens", func() bool {
		select {
		case <-over:
			t.Fatalf("%s has ended:\n%s", command, &said)
		default:
		}
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

func nginx(t testing.TB, server string, seconds int, pairs ...string) (port string) {
	command := need(t, "nginx")
	port = freePort(t)
	folder := t.TempDir()
	site := write(t, folder, "parley.conf", snippet(t, "nginx", append(pairs, upstream, server,
		"listen 443", "listen 127.0.0.1:"+port, "/etc/ssl/"+name+".pem", certificate, "/etc/ssl/"+name+".key", key,
		fmt.Sprintf("%ds", documented), fmt.Sprintf("%ds", seconds))...))
	var paths strings.Builder
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&paths, "%s_temp_path %s/%s;\n", kind, folder, kind)
	}
	user := ""
	if os.Getuid() == 0 {
		user = "user root;" // whom the folder of the test is for
	}
	main := write(t, folder, "nginx.conf", fmt.Sprintf(`%s daemon off; pid %s/pid; error_log stderr;
events {}
http { access_log off; %s include %s; }
`, user, folder, paths.String(), site))
	run(t, port, nil, command, "-e", "stderr", "-p", folder, "-c", main)
	return port
}

func caddy(t testing.TB, server string, _ int, _ ...string) (port string) {
	command := need(t, "caddy")
	port = freePort(t)
	folder := t.TempDir()
	site := snippet(t, "caddyfile", upstream, server, name, name+":"+port,
		"\treverse_proxy", fmt.Sprintf("\ttls %s %s\n\treverse_proxy", certificate, key))
	file := write(t, folder, "Caddyfile", "{\n\tadmin off\n\tauto_https disable_redirects\n}\n"+site)
	run(t, port, []string{"HOME=" + folder, "XDG_DATA_HOME=" + folder, "XDG_CONFIG_HOME=" + folder},
		command, "run", "--adapter", "caddyfile", "--config", file)
	return port
}

// Apache leaves a socket alone for the longer of the snippet's timeout and Timeout.
func apache(t testing.TB, server string, seconds int, pairs ...string) (port string) {
	command := need(t, "apache2")
	port = freePort(t)
	folder := t.TempDir()
	site := write(t, folder, "parley.conf", snippet(t, "apache", append(pairs, upstream, server,
		"*:443", "127.0.0.1:"+port, "/etc/ssl/"+name+".pem", certificate, "/etc/ssl/"+name+".key", key,
		fmt.Sprintf("timeout=%d", documented), fmt.Sprintf("timeout=%d", seconds))...))
	var modules strings.Builder
	for _, module := range []string{
		"mpm_event", "authz_core", "ssl", "socache_shmcb", "headers", "proxy", "proxy_http", "proxy_wstunnel",
	} {
		fmt.Fprintf(&modules, "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n", module, module)
	}
	main := write(t, folder, "apache2.conf", fmt.Sprintf(`ServerRoot %[1]s
PidFile %[1]s/pid
DefaultRuntimeDir %[1]s
ServerName localhost
Timeout %[6]d
%[2]sListen 127.0.0.1:%[3]s
ErrorLog /dev/stderr
User %[4]s
Group %[4]s
Include %[5]s
`, folder, modules.String(), port, whoever(), site, seconds))
	run(t, port, nil, command, "-D", "FOREGROUND", "-f", main)
	return port
}

// whoever is the account that Apache changes to when root starts it.
func whoever() string {
	if os.Getuid() == 0 {
		return "www-data"
	}
	return fmt.Sprintf("#%d", os.Getuid())
}

// traefik passes requests on with the headers that Traefik sends, which names the scheme of an upgrade "wss". Where to,
// and under which name, it reads from the document.
func traefik(t testing.TB, server string, _ int, _ ...string) (port string) {
	text := snippet(t, "yaml", upstream, server)
	target, err := url.Parse(regexp.MustCompile(`url: (\S+)`).FindStringSubmatch(text)[1])
	if err != nil {
		t.Fatal(err)
	}
	host := regexp.MustCompile("Host\\(`(.+)`\\)").FindStringSubmatch(text)[1]
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ = net.SplitHostPort(ln.Addr().String())
	pass := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = target.Scheme, target.Host, r.In.Host
		r.SetXForwarded()
		if r.In.Header.Get("Upgrade") != "" {
			r.Out.Header.Set("X-Forwarded-Proto", "wss")
		}
		r.Out.Header.Set("X-Forwarded-Port", port)
		r.Out.Header.Set("X-Forwarded-Server", "traefik")
		address, _, _ := net.SplitHostPort(r.In.RemoteAddr)
		r.Out.Header.Set("X-Real-Ip", address)
	}}
	front := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked, _, _ := strings.Cut(r.Host, ":"); asked != host {
			http.NotFound(w, r)
			return
		}
		pass.ServeHTTP(w, r)
	})}
	go func() {
		if err := front.ServeTLS(ln, certificate, key); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}()
	t.Cleanup(func() { front.Close() })
	return port
}

// dialTo opens connections to a proxy, whatever name is asked for, from an address of their own.
func dialTo(port, from string) func(context.Context, string, string) (net.Conn, error) {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, "127.0.0.1:"+port)
	}
}

// asIs is a transport that believes no certificate but ours, and goes to the proxy.
func asIs(port, from string) *http.Transport {
	return &http.Transport{DialContext: dialTo(port, from), TLSClientConfig: &tls.Config{ServerName: name}}
}
