import type { Exchange } from '@daypass/core/http/operation.ts'
import { audiencesOf } from '@daypass/core/identity/saml/conditions.ts'
import { importSigningKeys } from '@daypass/core/identity/saml/metadata.ts'
import { invalidAssertion } from '@daypass/core/identity/saml/refusal.ts'
import type { UnverifiedResponse } from '@daypass/core/identity/saml/response.ts'
import { type SamlIdentity, verifySamlResponse } from '@daypass/core/identity/saml/saml-identity.ts'
import { dialectOf } from '@daypass/core/store/entities/account.ts'
import type { SamlProvider } from '@daypass/core/store/entities/saml-provider.ts'
import type { SamlDeps } from './action.ts'

/** Proves a response by what is registered of the provider, while its metadata is valid. Throws InvalidIdentityToken, ExpiredTokenException. */
export async function provenIdentity(
  { saml }: SamlDeps,
  unverified: UnverifiedResponse,
  provider: SamlProvider,
  { startedAt: now }: Exchange,
): Promise<SamlIdentity> {
  if (provider.validUntil !== undefined && provider.validUntil <= now) {
    throw invalidAssertion('the metadata of its provider is no longer valid, and has to be updated')
  }
  return verifySamlResponse(unverified, {
    ...audiencesOf(saml?.endpoints ?? []),
    account: provider.account,
    providerName: provider.name,
    entityId: provider.entityId,
    keys: importSigningKeys(provider.signingKeys),
    now,
    severalTagValues: dialectOf(provider.account) === 'ceph',
  })
}
