import { defaultProvider } from '@aws-sdk/credential-provider-node'
import type { SigningCredentials } from '@daypass/core/sigv4/sign.ts'

export type FindCredentials = () => Promise<SigningCredentials>

/** The gateway's own credentials at the store: those of the settings, else what AWS's default chain finds and refreshes. */
export const storeCredentials = (given: SigningCredentials | undefined): FindCredentials =>
  given === undefined ? defaultProvider() : async () => given
