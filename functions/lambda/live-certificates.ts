import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { parseCertificateSources } from '@daypass/core/identity-sources/parse-certificate.ts'
import { readStsDuration } from '@daypass/core/identity-sources/sts-duration.ts'

/** The certificate providers that the function's environment configures, of the default account, and what it says of sessions. */
export function liveCertificates(accountId: string) {
  return {
    certificateSources: parseCertificateSources(process.env, accountId),
    stsDurationSeconds: readStsDuration(process.env),
    keepClaims: process.env[ENVIRONMENT.keepClaims] === 'on',
  }
}
