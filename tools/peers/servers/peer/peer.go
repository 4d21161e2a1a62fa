// Package peer is the common part of the servers that Parley is compared with, so that all do the same work.
// A client is checked by its token, joins rooms, and receives what is said in them.
package peer

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Secret signs the tokens. It is no secret: the servers live for seconds, and only on this machine.
const Secret = "a secret of a benchmark, 32 bytes"

// MaxMessage is the limit for a client's message, in bytes.
const MaxMessage = 64 << 10

// Token makes a token that names a user and is valid for an hour.
func Token(user string) (string, error) {
	claims := jwt.RegisteredClaims{Subject: user, ExpiresAt: jwt.NewNumericDate(time.Now().Add(time.Hour))}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(Secret))
}

// User returns the user whom a token names.
func User(token string) (string, error) {
	var claims jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return []byte(Secret), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired())
	return claims.Subject, err
}

// SignedIn returns the user who made a request. It answers a request without a valid token itself.
func SignedIn(w http.ResponseWriter, r *http.Request) (user string, ok bool) {
	user, err := User(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return "", false
	}
	return user, true
}

// Said is what a client sends: "join" for a room, or a "message" to it.
type Said struct {
	Event string `json:"event"`
	Room  string `json:"room"`
	Text  string `json:"text,omitempty"`
}

// Heard is what the members of a room receive: a message, or "joined" with the user who joined.
type Heard struct {
	Event string `json:"event"`
	Room  string `json:"room"`
	From  string `json:"from,omitempty"`
	Text  string `json:"text,omitempty"`
}

// JSON encodes a value for which that cannot fail.
func JSON(value any) []byte {
	b, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return b
}

// Serve listens on a free port of this machine, prints the address on the standard output, and serves until
// the process is killed.
func Serve(handler http.Handler) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	log.Fatal(http.Serve(listener, handler))
}
