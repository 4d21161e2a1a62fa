package web

import "testing"

func TestLimitsCountAnIPv6SubscriberOnce(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"192.0.2.7":            "192.0.2.7",
		"::ffff:192.0.2.7":     "::ffff:192.0.2.7",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::1": "2001:db8:1:2::/64",
		"2001:db8:1:3::1":      "2001:db8:1:3::/64",
		"::1":                  "::/64",
		"not an address":       "not an address",
	} {
		if got := networkOf(address); got != want {
			t.Errorf("networkOf(%q): got %q, want %q", address, got, want)
		}
	}
}
