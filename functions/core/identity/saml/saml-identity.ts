import { createHash, type KeyObject } from 'node:crypto'
import { type AwsAttributes, attributeKeys, attributesOf, parseAwsAttributes } from './attributes.ts'
import {
  type Audiences,
  checkConditions,
  checkIssueInstant,
  confirmedRecipient,
  instant,
  isRecipient,
  sessionNotOnOrAfter,
} from './conditions.ts'
import { childrenOf, type Element, SAML } from './namespaces.ts'
import { invalidAssertion } from './refusal.ts'
import { type UnverifiedResponse, verifyResponse } from './response.ts'

declare const proven: unique symbol

/** An identity that a registered provider has asserted here and now. Only verifySamlResponse makes one. */
export interface SamlIdentity extends AwsAttributes {
  readonly [proven]: true
  readonly assertionId: string
  /** Milliseconds since the epoch: the assertion is of no use from then on. */
  readonly usableUntil: number
  readonly subject: string
  /** The NameID's format; SAML 2.0's own without their prefix, such as `persistent`. */
  readonly subjectType: string
  readonly issuer: string
  /** The endpoint that the assertion was for: its Recipient, which AWS calls the audience. */
  readonly audience: string
  readonly nameQualifier: string
  /** Milliseconds since the epoch; absent when the provider does not say. */
  readonly sessionNotOnOrAfter?: number
  /** Condition keys `saml:<key>`, without the prefix. */
  readonly keys: ReadonlyMap<string, readonly string[]>
}

/** What is registered about the provider: ours, never the message's. */
export interface SamlRules extends Audiences {
  readonly account: string
  /** Its friendly name: the last part of its ARN. */
  readonly providerName: string
  readonly entityId: string
  readonly keys: readonly KeyObject[]
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly severalTagValues: boolean
}

const FORMAT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:'
const UNSPECIFIED = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'
const REDEEM_MS = 5 * 60_000

/**
 * Proves whom a response speaks of: a key of the provider's metadata signed it, the provider is its issuer, and it is
 * for this service, valid now and fresh. Which role the identity may take is the trust policy's question. Throws
 * InvalidIdentityToken, ExpiredTokenException.
 */
export async function verifySamlResponse(unverified: UnverifiedResponse, rules: SamlRules): Promise<SamlIdentity> {
  const { entityId, now } = rules
  // Before any signature is computed: another provider's response is none of this one's.
  if (unverified.claimedIssuer !== entityId) throw wrongIssuer()
  const { assertion, response } = await verifyResponse(unverified, rules.keys)
  if (assertion.attributes.get('Version') !== '2.0') throw invalidAssertion('its version is not 2.0')
  const issuer = only(assertion, 'Issuer')
  if (value(issuer, 'Issuer') !== entityId) throw wrongIssuer()
  if (response) checkEnvelope(response, rules)
  checkIssueInstant(assertion, now)
  checkConditions(assertion, rules, now)
  const subjectElement = only(assertion, 'Subject')
  const audience = confirmedRecipient(subjectElement, rules, now)
  const end = sessionNotOnOrAfter(assertion, now)
  const nameId = only(subjectElement, 'NameID')
  const subject = value(nameId, 'NameID')
  const format = nameId.attributes.get('Format') ?? UNSPECIFIED
  const subjectType = format.startsWith(FORMAT) ? format.slice(FORMAT.length) : format
  const attributes = attributesOf(assertion)
  const aws = parseAwsAttributes(attributes, { severalValues: rules.severalTagValues })
  const doc = `${rules.account}/${rules.providerName}`
  const nameQualifier = createHash('sha1').update(`${entityId}${doc}`).digest('base64')
  return {
    ...aws,
    assertionId: unverified.claimedAssertionId,
    usableUntil: instant(assertion.attributes.get('IssueInstant'), 'IssueInstant') + REDEEM_MS,
    subject,
    subjectType,
    issuer: entityId,
    audience,
    nameQualifier,
    ...(end === undefined ? {} : { sessionNotOnOrAfter: end }),
    keys: new Map<string, readonly string[]>([
      ...attributeKeys(attributes),
      // Behind the attributes, none of which can pose as one of these.
      ['aud', [audience]],
      ['doc', [doc]],
      ['iss', [entityId]],
      ['namequalifier', [nameQualifier]],
      ['sub', [subject]],
      ['sub_type', [subjectType]],
    ]),
  } as unknown as SamlIdentity // the one cast that mints the type
}

/** What a signed response says of itself must fit too. */
function checkEnvelope(response: Element, rules: SamlRules): void {
  const [issuer] = childrenOf(response, SAML, 'Issuer')
  if (issuer && issuer.text !== rules.entityId) throw wrongIssuer()
  const destination = response.attributes.get('Destination')
  if (destination !== undefined && !isRecipient(rules, destination)) {
    throw invalidAssertion('its Destination is no endpoint of this service')
  }
}

function only(parent: Element, name: string): Element {
  const [found, another] = childrenOf(parent, SAML, name)
  if (!found || another) throw invalidAssertion(`it does not have exactly one ${name}`)
  return found
}

/** Text alone, of a length that can be kept and told. */
function value(element: Element, name: string): string {
  const { text, children } = element
  if (children.length > 0 || text.trim() === '' || text.length > 1024) throw invalidAssertion(`its ${name} is unusable`)
  return text
}

const wrongIssuer = () => invalidAssertion('its Issuer is not the entity of the provider’s metadata')
