// Addresses of Redis, as people write them in the settings.

package nodes

import (
	"errors"
	"strings"
	"time"

	"github.com/redis/rueidis"
)

const (
	connectTime = 2 * time.Second // to connect and sign in
	answerTime  = 3 * time.Second // for Redis to answer
)

// errAddress holds nothing of the address: whatever does not parse may be a part of its password.
var errAddress = errors.New("the address of Redis cannot be read: write it as redis://user:password@host:6379/0, " +
	"with rediss:// for TLS, and in a password %40 for @, %2F for /, %23 for #, %2C for a comma")

// options reads an address: a URL as rueidis.ParseURL knows it, with several hosts or several whole URLs between commas.
// Of several URLs, the first says everything but the hosts.
func options(address string) (rueidis.ClientOption, error) {
	scheme, rest, ok := strings.Cut(strings.TrimSpace(address), "://")
	if !ok {
		return rueidis.ClientOption{}, errAddress
	}
	var option rueidis.ClientOption
	for i, one := range hosts(scheme, rest) {
		parsed, err := rueidis.ParseURL(one)
		if err != nil {
			return rueidis.ClientOption{}, errAddress
		}
		if i == 0 {
			option = parsed
		} else {
			option.InitAddress = append(option.InitAddress, parsed.InitAddress...)
		}
	}
	// With several servers each has its own name, which crypto/tls takes from the address when there is none here.
	if option.TLSConfig != nil && (len(option.InitAddress) > 1 || option.Sentinel.MasterSet != "") {
		option.TLSConfig.ServerName = ""
	}
	option.Sentinel.TLSConfig = option.TLSConfig
	if option.Dialer.Timeout == 0 {
		option.Dialer.Timeout = connectTime
	}
	if option.ConnWriteTimeout == 0 {
		option.ConnWriteTimeout = answerTime
	}
	option.Sentinel.Dialer.Timeout = option.Dialer.Timeout
	// One connection for all that a node says, so that it arrives in the order in which it was said.
	option.PipelineMultiplex = -1
	option.DisableCache = true
	option.DisableRetry = true // the bus itself tries again
	option.RingScaleEachConn = 8
	option.ReadBufferEachConn, option.WriteBufferEachConn = 64<<10, 64<<10
	return option, nil
}

// hosts are the URLs in an address, each with one host. The part after the hosts is that of the whole address.
func hosts(scheme, rest string) []string {
	if strings.Contains(rest, ","+scheme+"://") {
		urls := strings.Split(rest, ","+scheme+"://")
		for i := range urls {
			urls[i] = scheme + "://" + urls[i]
		}
		return urls
	}
	authority, after := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, after = rest[:i], rest[i:]
	}
	who := ""
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		who, authority = authority[:i+1], authority[i+1:]
	}
	urls := strings.Split(authority, ",")
	for i := range urls {
		urls[i] = scheme + "://" + who + strings.TrimSpace(urls[i]) + after
	}
	return urls
}
