// Verifies chains of certificates by crypto/x509 for the purpose codeSigning. It reads a JSON array of chains
// (base64 of DER, leaf first, the trusted root last) and writes an array of errors, "" where there is none.
package main

import (
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

func verify(chain [][]byte) error {
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	var leaf *x509.Certificate
	for index, der := range chain {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return err
		}
		if index == 0 {
			leaf = certificate
		} else if index == len(chain)-1 {
			roots.AddCert(certificate)
		} else {
			intermediates.AddCert(certificate)
		}
	}
	_, err := leaf.Verify(x509.VerifyOptions{
		Roots:         roots,
		Intermediates: intermediates,
		CurrentTime:   time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC),
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning},
	})
	return err
}

func main() {
	var chains [][][]byte
	if err := json.NewDecoder(os.Stdin).Decode(&chains); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	results := []string{}
	for _, chain := range chains {
		if err := verify(chain); err != nil {
			results = append(results, err.Error())
		} else {
			results = append(results, "")
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(results); err != nil {
		os.Exit(1)
	}
}
