import type { SigningCredentials } from '../sigv4/sign.ts'

/** Answers the credentials of this moment; asked before every request. */
export type CredentialSource = () => Promise<SigningCredentials>

/**
 * Those of the environment, where Lambda puts its role's
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html). Rejects when there are none.
 */
export const environmentCredentials: CredentialSource = async () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = process.env
  if (!accessKeyId || !secretAccessKey) throw new Error('The environment holds no AWS credentials')
  return { accessKeyId, secretAccessKey, ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}) }
}
