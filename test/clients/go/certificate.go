package main

import (
	"context"
	"crypto/tls"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"
)

// minioCertificate shows a client certificate. Whom it trusts itself it reads from SSL_CERT_FILE, as every Go program.
func minioCertificate(ctx context.Context, args []string) (any, error) {
	certificate, err := tls.LoadX509KeyPair(args[1], args[2])
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	creds, err := credentials.NewSTSCertificateIdentity(
		args[0], certificate, credentials.CertificateIdentityWithTransport(transport),
	)
	if err != nil {
		return nil, err
	}
	value, err := creds.Get()
	if err != nil {
		return nil, err
	}
	seen, err := minioJourney(ctx, args[0], creds)
	if err != nil {
		return nil, err
	}
	return map[string]any{"s3": seen, "minutes": int(time.Until(value.Expiration).Minutes() + 0.5)}, nil
}
