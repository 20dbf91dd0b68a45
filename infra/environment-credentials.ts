import { environmentCredentials } from '@daypass/core/aws/credentials.ts'

/**
 * Stands in for `@aws-sdk/credential-provider-node` in bundles: inside Lambda the role's credentials are always in the
 * environment, and the chain's other sources (profiles, SSO, instance metadata …) are a quarter of a bundle's bytes.
 */
export const defaultProvider = () => environmentCredentials
