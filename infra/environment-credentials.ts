/**
 * Stands in for `@aws-sdk/credential-provider-node` in bundles: inside Lambda the role's credentials are always in the
 * environment, and the chain's other sources (profiles, SSO, instance metadata …) are a quarter of a bundle's bytes.
 */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = process.env
  if (!accessKeyId || !secretAccessKey) throw new Error('The environment holds no AWS credentials')
  return { accessKeyId, secretAccessKey, ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}) }
}
