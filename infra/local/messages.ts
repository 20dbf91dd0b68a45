import type { FirstKey } from './accounts.ts'
import type { DemoResult } from './demo/journey.ts'

/** The root key, which is shown when it is made and never again. */
export function showRootKey({ AccessKeyId, SecretAccessKey }: FirstKey): void {
  console.log('\nThe root access key of the default account, made now and shown only this once:')
  console.log(`  AccessKeyId      ${AccessKeyId}`)
  console.log(`  SecretAccessKey  ${SecretAccessKey}\n`)
}

/** Commands that work as they stand while the host runs. */
export function showWhatToTry(endpoint: string, credentials: DemoResult['credentials'], bucket: string): string {
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials
  return `
These credentials work until ${credentials.Expiration} with any AWS SDK or S3 client. In another terminal:

  export AWS_ACCESS_KEY_ID=${AccessKeyId}
  export AWS_SECRET_ACCESS_KEY=${SecretAccessKey}
  export AWS_SESSION_TOKEN=${SessionToken}
  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=us-east-1

AWS CLI:
  aws sts get-caller-identity
  aws s3 cp README.md s3://${bucket}/ && aws s3 ls s3://${bucket}

boto3:
  python3 -c 'import boto3; print([b["Name"] for b in boto3.client("s3").list_buckets()["Buckets"]])'

curl (7.75 or later):
  curl --aws-sigv4 aws:amz:us-east-1:sts --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \\
    -H "x-amz-security-token: $AWS_SESSION_TOKEN" \\
    -d 'Action=GetCallerIdentity&Version=2011-06-15' ${endpoint}/

Daypass keeps serving. Stop it with Ctrl+C; "npm run serve" serves without the demo.
`
}
