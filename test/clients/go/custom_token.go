package main

import (
	"context"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"
)

// minioCustomToken sends its parameters in the query string of a POST without a body.
func minioCustomToken(ctx context.Context, args []string) (any, error) {
	var options []credentials.CustomTokenOpt
	if len(args) > 3 {
		duration, err := time.ParseDuration(args[3])
		if err != nil {
			return nil, err
		}
		options = append(options, credentials.CustomTokenValidityOpt(duration))
	}
	creds, err := credentials.NewCustomTokenCredentials(args[0], args[1], args[2], options...)
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
