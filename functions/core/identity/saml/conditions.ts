import { childrenOf, type Element, SAML } from './namespaces.ts'
import { expiredAssertion, invalidAssertion } from './refusal.ts'

/** Whom assertions must be for. */
export interface Audiences {
  /** Accepted in AudienceRestriction. */
  readonly audiences: readonly string[]
  /** Accepted as Recipient of the bearer's confirmation and as the response's Destination. */
  readonly recipients: readonly string[]
}

/** AWS's own: IAM User Guide, "Configure SAML assertions for the authentication response". */
const AWS_AUDIENCES = ['https://signin.aws.amazon.com/saml', 'urn:amazon:webservices']
const AWS_RECIPIENTS = ['https://signin.aws.amazon.com/saml']
const AWS_REGIONAL = /^https:\/\/[a-z]{2}(?:-[a-z]+)+-\d\.signin\.aws\.amazon\.com\/saml(?:\/acs\/[\w-]{1,128})?$/

/** AWS's and the deployment's own endpoints, which are audiences too. */
export const audiencesOf = (ownEndpoints: readonly string[]): Audiences => ({
  audiences: [...AWS_AUDIENCES, ...ownEndpoints],
  recipients: [...AWS_RECIPIENTS, ...ownEndpoints],
})

export const isRecipient = ({ recipients }: Audiences, url: string): boolean =>
  recipients.includes(url) || AWS_REGIONAL.test(url)

/** For clocks that differ: only what begins is forgiven, what ends is not. */
const LEEWAY_MS = 60_000
/** AWS: "Token must be redeemed within 5 minutes of issuance". */
const REDEEM_MS = 5 * 60_000

/** Milliseconds since the epoch of a SAML instant, which is in UTC (SAML core, section 1.3.3). Throws InvalidIdentityToken. */
export function instant(text: string | undefined, what: string): number {
  const isUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(text ?? '')
  const time = isUtc ? Date.parse((text ?? '').replace(/(\.\d{3})\d+/, '$1')) : Number.NaN
  if (Number.isNaN(time)) throw invalidAssertion(`its ${what} is no instant in UTC`)
  return time
}

const optionalInstant = ({ attributes }: Element, name: string): number | undefined =>
  attributes.has(name) ? instant(attributes.get(name), name) : undefined

/** Whether it was issued in the last five minutes. Throws ExpiredTokenException, InvalidIdentityToken. */
export function checkIssueInstant(assertion: Element, now: number): void {
  const issued = instant(assertion.attributes.get('IssueInstant'), 'IssueInstant')
  if (issued > now + LEEWAY_MS) throw invalidAssertion('it was issued in the future')
  if (now - issued > REDEEM_MS) throw expiredAssertion('it must be used within 5 minutes of being issued')
}

/** Of the elements of Conditions those that limit nothing here. */
const HARMLESS = new Set(['OneTimeUse', 'ProxyRestriction'])

/**
 * Checks `Conditions` (SAML core, section 2.5): it must be there, be valid now, and restrict the audience to one of ours;
 * a condition that nobody here knows refuses the whole. Throws ExpiredTokenException, InvalidIdentityToken.
 */
export function checkConditions(assertion: Element, { audiences }: Audiences, now: number): void {
  const [conditions, another] = childrenOf(assertion, SAML, 'Conditions')
  if (!conditions || another) throw invalidAssertion('it does not have exactly one Conditions')
  checkPeriod(conditions, now, 'its Conditions are over')
  const restrictions = childrenOf(conditions, SAML, 'AudienceRestriction')
  for (const { namespace, name } of conditions.children) {
    const known = namespace === SAML && (name === 'AudienceRestriction' || HARMLESS.has(name))
    if (!known) throw invalidAssertion('it has a condition that is not known here')
  }
  if (restrictions.length === 0) throw invalidAssertion('it does not say which audience it is for')
  for (const restriction of restrictions) {
    const named = childrenOf(restriction, SAML, 'Audience').map(({ text }) => text.trim())
    if (!named.some((audience) => audiences.includes(audience))) {
      throw invalidAssertion('its Audience is neither urn:amazon:webservices nor an endpoint of this service')
    }
  }
}

function checkPeriod(element: Element, now: number, over: string): void {
  const notBefore = optionalInstant(element, 'NotBefore')
  if (notBefore !== undefined && notBefore > now + LEEWAY_MS) throw invalidAssertion('it is not valid yet')
  const notOnOrAfter = optionalInstant(element, 'NotOnOrAfter')
  if (notOnOrAfter !== undefined && notOnOrAfter <= now) throw expiredAssertion(over)
}

const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'

/**
 * The recipient of the bearer's confirmation (SAML profiles, section 4.1.4.2): one of ours, and not over yet. InResponseTo is
 * left alone, as AWS leaves it: nothing was asked from here. Throws ExpiredTokenException, InvalidIdentityToken.
 */
export function confirmedRecipient(subject: Element, audiences: Audiences, now: number): string {
  const bearers = childrenOf(subject, SAML, 'SubjectConfirmation').filter(
    ({ attributes }) => attributes.get('Method') === BEARER,
  )
  const data = bearers.flatMap((each) => childrenOf(each, SAML, 'SubjectConfirmationData'))
  const ours = data.find(({ attributes }) => isRecipient(audiences, attributes.get('Recipient') ?? ''))
  if (!ours) throw invalidAssertion('it has no bearer confirmation whose Recipient is an endpoint of this service')
  if (!ours.attributes.has('NotOnOrAfter')) throw invalidAssertion('its bearer confirmation has no NotOnOrAfter')
  checkPeriod(ours, now, 'the time to present it is over')
  return ours.attributes.get('Recipient') ?? ''
}

/**
 * When the identity provider's own session ends, in milliseconds since the epoch; absent when it does not say. Throws
 * ExpiredTokenException, InvalidIdentityToken.
 */
export function sessionNotOnOrAfter(assertion: Element, now: number): number | undefined {
  const statements = childrenOf(assertion, SAML, 'AuthnStatement')
  if (statements.length === 0) throw invalidAssertion('it does not say that anybody logged in (AuthnStatement)')
  const ends = statements.flatMap((statement) => optionalInstant(statement, 'SessionNotOnOrAfter') ?? [])
  if (ends.length === 0) return undefined
  const end = Math.min(...ends)
  if (end <= now) throw expiredAssertion('the session at the identity provider is over')
  return end
}
