//go:build proxies

package proxies

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// name is the one that docs/operations.md has people use.
const name = "chat.example.com"

// certificate and key are the files of a certificate that signs itself, for all proxies. Every client of this process
// trusts it and nothing else.
var certificate, key string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "parley-proxies-")
	if err == nil {
		// Apache and nginx read these as root or as whoever runs the test.
		certificate, key = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
		err = makeCertificate()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Setenv("SSL_CERT_FILE", certificate)
	status := m.Run()
	os.RemoveAll(folder)
	os.Exit(status)
}

func makeCertificate() error {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	public, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return err
	}
	if err := writePEM(certificate, "CERTIFICATE", public); err != nil {
		return err
	}
	return writePEM(key, "PRIVATE KEY", secret)
}

func writePEM(path, kind string, data []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}), 0o600)
}
