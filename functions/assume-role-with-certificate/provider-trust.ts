import { decideFederatedTrust } from '@daypass/core/authorization/federated-trust.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import type { CertificateIdentity } from '@daypass/core/identity-sources/certificate-identity.ts'
import { mapContext } from '@daypass/core/policy/context.ts'
import type { Decision } from '@daypass/core/policy/decide.ts'
import type { Role } from '@daypass/core/store/entities/role.ts'

/** What the holder of a proven certificate asks of a role. */
export interface TrustQuestion {
  readonly role: Role
  readonly identity: CertificateIdentity
  readonly roleSessionName: string
  readonly exchange: Exchange
}

/** What policies may ask of a certificate: `cert:cn`, `cert:san/uri` and the like. */
export const certificateKeys = ({ certificate }: CertificateIdentity): ReadonlyMap<string, readonly string[]> =>
  new Map(Object.entries(certificate.claims).map(([name, values]) => [`cert:${name}`, values]))

/** Whether the role trusts the certificate's provider (`Federated`) for sts:AssumeRoleWithCertificate, under its conditions. */
export function decideProviderTrust({ role, identity, roleSessionName, exchange }: TrustQuestion): Decision {
  return decideFederatedTrust({
    action: 'AssumeRoleWithCertificate',
    role,
    providerArn: identity.providerArn,
    identityKeys: mapContext(certificateKeys(identity)),
    roleSessionName,
    exchange,
    tags: [],
    transitiveTagKeys: [],
  })
}
