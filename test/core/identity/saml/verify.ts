import { audiencesOf } from '@daypass/core/identity/saml/conditions.ts'
import { importSigningKeys, parseMetadata } from '@daypass/core/identity/saml/metadata.ts'
import { parseUnverifiedResponse } from '@daypass/core/identity/saml/response.ts'
import { type SamlIdentity, verifySamlResponse } from '@daypass/core/identity/saml/saml-identity.ts'
import { base64, type FakeIdp, makeFakeIdp } from '../../../support/fake-saml.ts'

export const NOW = Date.parse('2026-01-01T00:00:00Z')
export const idp = makeFakeIdp()

interface Rules {
  readonly by?: FakeIdp
  readonly endpoints?: readonly string[]
  readonly now?: number
  readonly severalTagValues?: boolean
}

/** Verifies XML as the action does, against what is registered of an identity provider. */
export async function verifyXml(xml: string, rules: Rules = {}): Promise<SamlIdentity> {
  const { by = idp, endpoints = [], now = NOW, severalTagValues = false } = rules
  const { entityId, signingKeys } = parseMetadata(by.metadata(), NOW)
  return verifySamlResponse(parseUnverifiedResponse(base64(xml)), {
    ...audiencesOf(endpoints),
    account: '000000000000',
    providerName: 'Example',
    entityId,
    keys: importSigningKeys(signingKeys),
    now,
    severalTagValues,
  })
}

/** The code and the words of a refusal; throws when there is none. */
export async function refusalOf(
  verdict: Promise<unknown>,
): Promise<{ readonly code: string; readonly message: string }> {
  const granted = Symbol('granted')
  const error: unknown = await verdict.then(
    () => granted,
    (thrown: unknown) => thrown,
  )
  if (error === granted) throw new Error('it was granted')
  const { code, message } = error as { code: string; message: string }
  return { code, message }
}
