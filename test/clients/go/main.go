// Command clients gets credentials from a local host as Go programs do, and works with S3 by them.
//
//	clients minio ENDPOINT TOKEN_FILE ROLE_ARN
//	clients minio-client-grants ENDPOINT TOKEN_FILE
//	clients minio-assume-role ENDPOINT ACCESS_KEY SECRET_KEY [ROLE_ARN [POLICY [EXTERNAL_ID]]]
//	clients minio-certificate ENDPOINT CERTIFICATE_FILE KEY_FILE
//	clients minio-ldap ENDPOINT USER PASSWORD [POLICY [CONFIG_NAME]]
//	clients minio-custom-token ENDPOINT TOKEN ROLE_ARN [DURATION]
//	clients aws
//
// It prints one JSON object: what it saw, or the code of the refusal.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

const bucket, object = "go-bucket", "folder/käy + more"

func main() {
	journey := map[string]func(context.Context, []string) (any, error){
		"minio":               minioWebIdentity,
		"minio-client-grants": minioClientGrants,
		"minio-assume-role":   minioAssumeRole,
		"minio-certificate":   minioCertificate,
		"minio-custom-token":  minioCustomToken,
		"minio-ldap":          minioLDAP,
		"aws":                 awsJourney,
	}[os.Args[1]]
	seen, err := journey(context.Background(), os.Args[2:])
	if err != nil {
		seen = map[string]string{"error": codeOf(err)}
	}
	if err := json.NewEncoder(os.Stdout).Encode(seen); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// codeOf is the refusal's code as each SDK tells it; any other error as it is.
func codeOf(err error) string {
	var api smithy.APIError
	var stsError credentials.ErrorResponse
	switch {
	case errors.As(err, &api):
		return api.ErrorCode()
	case errors.As(err, &stsError):
		return stsError.STSError.Code
	}
	if code := minio.ToErrorResponse(err).Code; code != "" {
		return code
	}
	return err.Error()
}

func minioWebIdentity(ctx context.Context, args []string) (any, error) {
	creds, err := credentials.NewSTSWebIdentity(args[0], func() (*credentials.WebIdentityToken, error) {
		token, err := os.ReadFile(args[1])
		return &credentials.WebIdentityToken{Token: string(token)}, err
	}, func(identity *credentials.STSWebIdentity) { identity.RoleARN = args[2] })
	if err != nil {
		return nil, err
	}
	return minioJourney(ctx, args[0], creds)
}

func minioClientGrants(ctx context.Context, args []string) (any, error) {
	creds, err := credentials.NewSTSClientGrants(args[0], func() (*credentials.ClientGrantsToken, error) {
		token, err := os.ReadFile(args[1])
		return &credentials.ClientGrantsToken{Token: string(token), Expiry: 3600}, err
	})
	if err != nil {
		return nil, err
	}
	return minioJourney(ctx, args[0], creds)
}

// minioAssumeRole leaves the region empty, as MinIO's programs do.
func minioAssumeRole(ctx context.Context, args []string) (any, error) {
	options := credentials.STSAssumeRoleOptions{AccessKey: args[1], SecretKey: args[2]}
	for i, option := range []*string{&options.RoleARN, &options.Policy, &options.ExternalID} {
		if len(args) > 3+i {
			*option = args[3+i]
		}
	}
	if options.RoleARN != "" {
		options.RoleSessionName = "minio-go"
	}
	creds, err := credentials.NewSTSAssumeRole(args[0], options)
	if err != nil {
		return nil, err
	}
	return minioJourney(ctx, args[0], creds)
}

func minioJourney(ctx context.Context, address string, creds *credentials.Credentials) (any, error) {
	endpoint, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	client, err := minio.New(endpoint.Host, &minio.Options{Creds: creds, Secure: endpoint.Scheme == "https"})
	if err != nil {
		return nil, err
	}
	if err := client.MakeBucket(ctx, bucket, minio.MakeBucketOptions{}); err != nil {
		return nil, err
	}
	content := bytes.Repeat([]byte("six mebibytes "), 6<<20/14)
	options := minio.PutObjectOptions{DisableMultipart: true}
	if _, err := client.PutObject(ctx, bucket, object, bytes.NewReader(content), int64(len(content)), options); err != nil {
		return nil, err
	}
	reader, err := client.GetObject(ctx, bucket, object, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	read, err := io.ReadAll(reader)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for entry := range client.ListObjects(ctx, bucket, minio.ListObjectsOptions{Recursive: true}) {
		if entry.Err != nil {
			return nil, entry.Err
		}
		names = append(names, entry.Key)
	}
	if err := client.RemoveObject(ctx, bucket, object, minio.RemoveObjectOptions{}); err != nil {
		return nil, err
	}
	whole := bytes.Equal(content, read)
	return map[string]any{"whole": whole, "names": names}, client.RemoveBucket(ctx, bucket)
}

// awsJourney leaves everything to the default chain, which reads the environment.
func awsJourney(ctx context.Context, _ []string) (any, error) {
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	identity, err := sts.NewFromConfig(settings).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, err
	}
	return map[string]string{"arn": aws.ToString(identity.Arn)}, nil
}
