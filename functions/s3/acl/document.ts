import { elementsOf, textOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import type { Bucket } from '../backing/buckets-port.ts'
import { followsCeph } from '../dialect.ts'
import { S3Error } from '../errors.ts'
import { ANONYMOUS_ID, canonicalUserId, displayName } from '../owner.ts'
import { group, s3Document, text, type Xml } from '../xml.ts'
import { type Acl, GROUPS, type Grant, type Grantee, PERMISSIONS } from './acl.ts'
import { type GranteeKind, parseGrantee } from './grantee.ts'
import { verifyGrantCount } from './parse-headers.ts'

interface AccessControlPolicy {
  /** The canonical user id that the document gives as the owner's. */
  readonly owner: string
  readonly grants: Acl
}

const malformed = () => new S3Error('MalformedACLError')

/** The kinds of a grantee by its `xsi:type`, and the element that names it. */
const TYPES: ReadonlyMap<string | undefined, readonly [kind: GranteeKind, element: string]> = new Map([
  ['CanonicalUser', ['id', 'ID']],
  ['Group', ['uri', 'URI']],
  ['AmazonCustomerByEmail', ['emailAddress', 'EmailAddress']],
])

function only(parent: XmlElement, name: string): XmlElement {
  const [found, more] = elementsOf(parent, name)
  if (!found || more) throw malformed()
  return found
}

const trimmed = (parent: XmlElement, name: string) => textOf(only(parent, name)).trim()

function requireNoOther(parent: XmlElement, ...names: readonly string[]): void {
  if (elementsOf(parent).some(({ name }) => !names.includes(name))) throw malformed()
}

/** Prefixes are not resolved: with two types another reader might find another grantee. */
function typeOf(grantee: XmlElement) {
  const types = [...grantee.attributes].flatMap(([name, value]) => (/^(?:.*:)?type$/.test(name) ? [value] : []))
  const found = TYPES.get(types[0])
  if (!found || types.length > 1) throw malformed()
  return found
}

function parseGrant(element: XmlElement): Grant {
  requireNoOther(element, 'Grantee', 'Permission')
  const grantee = only(element, 'Grantee')
  const [kind, named] = typeOf(grantee)
  requireNoOther(grantee, named, 'DisplayName')
  const stated = trimmed(element, 'Permission')
  const permission = PERMISSIONS.find((each) => each === stated)
  if (!permission) throw malformed()
  return { grantee: parseGrantee(kind, trimmed(grantee, named)), permission }
}

/**
 * Reads an AccessControlPolicy (S3 API reference, PutBucketAcl). That its owner is the owner and that its grantees exist is not
 * proved.
 * @throws S3Error MalformedACLError, InvalidArgument, UnresolvableGrantByEmailAddress
 */
export function parseAclDocument(root: XmlElement): AccessControlPolicy {
  const grants = elementsOf(only(root, 'AccessControlList'))
  if (grants.some(({ name }) => name !== 'Grant')) throw malformed()
  const acl = grants.map(parseGrant)
  verifyGrantCount(acl)
  return { owner: trimmed(only(root, 'Owner'), 'ID'), grants: acl }
}

/** An owner or a grantee by its canonical user id, as documents have it. */
export const userElements = (id: string): readonly Xml[] => [text('ID', id), text('DisplayName', displayName(id))]

/**
 * Who began an upload: by its ARN, as AWS tells users and sessions; as an owner in a bucket of a Ceph-style account, which knows
 * no other name of it.
 */
export function initiatorElements(bucket: Pick<Bucket, 'account'>, arn: string): readonly Xml[] {
  const [, , , , account] = arn.split(':')
  if (!followsCeph(bucket)) return [text('ID', arn), text('DisplayName', arn)]
  return userElements(account === undefined ? ANONYMOUS_ID : canonicalUserId(account))
}

function granteeElement(grantee: Grantee): Xml {
  const [type, children] =
    'id' in grantee
      ? ['CanonicalUser', userElements(grantee.id)]
      : (['Group', [text('URI', GROUPS[grantee.group])]] as const)
  const { markup } = group('Grantee', ...children)
  const typed = `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}">`
  return { markup: markup.replace('<Grantee>', typed) }
}

export const renderAcl = (owner: string, acl: Acl): string =>
  s3Document(
    'AccessControlPolicy',
    group('Owner', ...userElements(owner)),
    group(
      'AccessControlList',
      ...acl.map(({ grantee, permission }) => group('Grant', granteeElement(grantee), text('Permission', permission))),
    ),
  )
