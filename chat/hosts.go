// Hosts: the names under which a server answers.

package chat

// Host is a name under which people reach the server, such as chat.example.com.
type Host struct {
	Name    string `json:"name"`
	AddedAt int64  `json:"added_at"`
}

// Hosts are the confirmed names of a server, sorted.
type Hosts struct {
	Hosts []Host `json:"hosts"`
}

// NewHost is a request to let the server answer under a name.
type NewHost struct {
	Name string `json:"name"`
}
