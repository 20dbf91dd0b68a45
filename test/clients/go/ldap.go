package main

import (
	"context"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"
)

// minioLDAP sends user name and password in a form, as mc and Flux do by the same library.
func minioLDAP(ctx context.Context, args []string) (any, error) {
	options := []credentials.LDAPIdentityOpt{credentials.LDAPIdentityExpiryOpt(15 * time.Minute)}
	if len(args) > 3 && args[3] != "" {
		options = append(options, credentials.LDAPIdentityPolicyOpt(args[3]))
	}
	if len(args) > 4 {
		options = append(options, credentials.LDAPIdentityConfigNameOpt(args[4]))
	}
	options = append(options, func(identity *credentials.LDAPIdentity) { identity.TokenRevokeType = "app" })
	creds, err := credentials.NewLDAPIdentity(args[0], args[1], args[2], options...)
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
