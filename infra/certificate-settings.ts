import { parseCertificateSources } from '@daypass/core/identity-sources/parse-certificate.ts'

/** Authorities whose client certificates prove who a client is: `certificate-provider/<name>` (docs/certificates.md). */
export interface CertificateProviderProps {
  /** Letters, digits and `_`; it stands in the provider's ARN. Default: `default`. */
  readonly name?: string
  /** Their certificates in PEM; an intermediate authority stands beside its issuer. */
  readonly authorities: string
  /** Their revocation lists in PEM: when one is out of date nobody is let in, so deploy a new one before. Default: none. */
  readonly revocationLists?: string
  /** Whether a certificate's common name names a policy for whoever takes no role. Default: no. */
  readonly policyByCommonName?: boolean
  /** Ids of trust anchors that stand for the provider in Roles Anywhere, besides its name. Default: none. */
  readonly trustAnchorIds?: readonly string[]
  /** Ids of profiles, likewise. Default: none. */
  readonly profileIds?: readonly string[]
}

/** The providers' variables, under the names that docs/certificates.md lists; read as the functions will read them. */
export function certificateVariables(
  providers: readonly CertificateProviderProps[],
  accountId: string,
): Readonly<Record<string, string>> {
  if (new Set(providers.map(nameOf)).size < providers.length) {
    throw new Error('certificateProviders: two providers have the same name')
  }
  const variables = Object.assign({}, ...providers.map(variablesOf))
  parseCertificateSources(variables, accountId)
  return variables
}

const nameOf = ({ name = 'default' }: CertificateProviderProps) => name

function variablesOf(provider: CertificateProviderProps): Record<string, string> {
  const name = nameOf(provider)
  if (!/^[a-z0-9][a-z0-9_]{0,63}$/.test(name)) {
    throw new Error('certificateProviders: a name must be up to 64 small letters, digits and _')
  }
  if (!provider.authorities.includes('-----BEGIN CERTIFICATE-----')) {
    throw new Error('certificateProviders: authorities must be certificates in PEM, not the path of a file')
  }
  const suffix = name === 'default' ? '' : `_${name.toUpperCase()}`
  const values = {
    CA: provider.authorities.trim(),
    CRL: provider.revocationLists?.trim(),
    CN_POLICY: provider.policyByCommonName ? 'on' : undefined,
    TRUST_ANCHORS: provider.trustAnchorIds?.join(','),
    PROFILES: provider.profileIds?.join(','),
  }
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined || value === '' ? [] : [[`DAYPASS_IDENTITY_TLS_${key}${suffix}`, value]],
    ),
  )
}
