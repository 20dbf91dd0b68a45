import { parseXml } from '@daypass/core/http/xml-reader.ts'
import { describe, expect, it } from 'vitest'
import { ordered, parseStoredAcl, storedAcl } from '../../../functions/s3/acl/acl.ts'
import { cannedAcl } from '../../../functions/s3/acl/canned.ts'
import { initiatorElements, parseAclDocument, renderAcl } from '../../../functions/s3/acl/document.ts'
import { parseOwnershipControls } from '../../../functions/s3/acl/ownership.ts'
import { asksForAcl, parseAclHeaders } from '../../../functions/s3/acl/parse-headers.ts'
import { S3Error } from '../../../functions/s3/errors.ts'
import { ANONYMOUS_ID, canonicalUserId } from '../../../functions/s3/owner.ts'

const ME = canonicalUserId('111122223333')
const YOU = canonicalUserId('444455556666')
const ALL = 'http://acs.amazonaws.com/groups/global/AllUsers'
const SIGNED = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers'

const codeOf = (run: () => unknown) => {
  try {
    return run()
  } catch (error) {
    return error instanceof S3Error ? error.code : error
  }
}

describe('headers', () => {
  it.each([
    ['a canned ACL', { 'x-amz-acl': 'public-read' }, { canned: 'public-read' }],
    [
      'grants, quoted or not, several at a time',
      { 'x-amz-grant-read': `id="${YOU}", uri=${ALL}`, 'x-amz-grant-full-control': `ID=${ME}` },
      {
        grants: [
          { grantee: { id: YOU }, permission: 'READ' },
          { grantee: { group: 'AllUsers' }, permission: 'READ' },
          { grantee: { id: ME }, permission: 'FULL_CONTROL' },
        ],
      },
    ],
    [
      'every permission',
      { 'x-amz-grant-write': `id=${ME}` },
      { grants: [{ grantee: { id: ME }, permission: 'WRITE' }] },
    ],
    ['', { 'x-amz-grant-read-acp': `id=${ME}` }, { grants: [{ grantee: { id: ME }, permission: 'READ_ACP' }] }],
    ['', { 'x-amz-grant-write-acp': `id=${ME}` }, { grants: [{ grantee: { id: ME }, permission: 'WRITE_ACP' }] }],
    ['none', {}, undefined],
    ['an unknown canned ACL', { 'x-amz-acl': 'public' }, 'InvalidArgument'],
    ['a name of Object’s own', { 'x-amz-acl': 'constructor' }, 'InvalidArgument'],
    ['an empty one', { 'x-amz-acl': '' }, 'InvalidArgument'],
    ['one for log delivery', { 'x-amz-acl': 'log-delivery-write' }, 'NotImplemented'],
    ['both kinds', { 'x-amz-acl': 'private', 'x-amz-grant-read': `id=${ME}` }, 'InvalidRequest'],
    ['an empty grant', { 'x-amz-grant-read': '' }, 'InvalidArgument'],
    ['a grant of no kind', { 'x-amz-grant-read': ME }, 'InvalidArgument'],
    ['a grant of another kind', { 'x-amz-grant-read': `arn=${ME}` }, 'InvalidArgument'],
    ['a grant with more behind it', { 'x-amz-grant-read': `id="${ME}"x` }, 'InvalidArgument'],
    ['another group', { 'x-amz-grant-read': 'uri=http://acs.amazonaws.com/groups/s3/LogDelivery' }, 'InvalidArgument'],
    ['an address', { 'x-amz-grant-read': 'emailAddress="a@b.example"' }, 'UnresolvableGrantByEmailAddress'],
    ['101 grants', { 'x-amz-grant-read': Array(101).fill(`id=${ME}`).join() }, 'MalformedACLError'],
  ] as [string, Record<string, string>, unknown][])('%s', (_what, headers, expected) => {
    expect(codeOf(() => parseAclHeaders(headers))).toEqual(expected)
    expect(asksForAcl(headers)).toBe(Object.keys(headers).length > 0)
  })

  it('take 100 grants', () => {
    const asked = parseAclHeaders({ 'x-amz-grant-read': Array(100).fill(`id=${ME}`).join() })
    expect(asked && 'grants' in asked && asked.grants).toHaveLength(100)
  })
})

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
const grant = (type: string, name: string, permission = 'READ') =>
  `<Grant><Grantee ${XSI} xsi:type="${type}">${name}</Grantee><Permission>${permission}</Permission></Grant>`
const policyOf = (grants: string, owner = `<Owner><ID>${ME}</ID></Owner>`) =>
  `<AccessControlPolicy>${owner}<AccessControlList>${grants}</AccessControlList></AccessControlPolicy>`
const byId = grant('CanonicalUser', `<ID>${YOU}</ID>`)

describe('a document', () => {
  it.each<[string, string, unknown]>([
    ['of an account', policyOf(byId), [{ grantee: { id: YOU }, permission: 'READ' }]],
    [
      'of a group',
      policyOf(grant('Group', `<URI>${SIGNED}</URI>`, 'FULL_CONTROL')),
      [{ grantee: { group: 'AuthenticatedUsers' }, permission: 'FULL_CONTROL' }],
    ],
    ['of nobody', policyOf(''), []],
    ['of 100', policyOf(byId.repeat(100)), Array(100).fill({ grantee: { id: YOU }, permission: 'READ' })],
    ['of 101', policyOf(byId.repeat(101)), 'MalformedACLError'],
    ['without an owner', policyOf(byId, ''), 'MalformedACLError'],
    ['with two owners', policyOf(byId, `<Owner><ID>${ME}</ID></Owner>`.repeat(2)), 'MalformedACLError'],
    ['without a list', `<AccessControlPolicy><Owner><ID>${ME}</ID></Owner></AccessControlPolicy>`, 'MalformedACLError'],
    ['with something else', policyOf('<Deny/>'), 'MalformedACLError'],
    ['of another permission', policyOf(grant('Group', `<URI>${ALL}</URI>`, 'DELETE')), 'MalformedACLError'],
    ['of another type', policyOf(grant('Role', `<ID>${YOU}</ID>`)), 'MalformedACLError'],
    ['of no type', policyOf(byId.replace(/ xsi:type="\w+"/, '')), 'MalformedACLError'],
    ['of a type that names otherwise', policyOf(grant('Group', `<ID>${YOU}</ID>`)), 'MalformedACLError'],
    ['of a type that objects have by nature', policyOf(grant('constructor', `<ID>${YOU}</ID>`)), 'MalformedACLError'],
    ['of two types', policyOf(grant('CanonicalUser" z:type="Group', `<ID>${YOU}</ID>`)), 'MalformedACLError'],
    [
      'of a name beside that of its type',
      policyOf(grant('Group', `<ID>${ME}</ID><URI>${ALL}</URI>`)),
      'MalformedACLError',
    ],
    ['of more than a permission', policyOf(byId.replace('</Grant>', '<Deny/></Grant>')), 'MalformedACLError'],
    ['of two names', policyOf(grant('CanonicalUser', `<ID>${YOU}</ID><ID>${ME}</ID>`)), 'MalformedACLError'],
    ['of another group', policyOf(grant('Group', '<URI>http://x.example</URI>')), 'InvalidArgument'],
    [
      'of an address',
      policyOf(grant('AmazonCustomerByEmail', '<EmailAddress>a@b.example</EmailAddress>')),
      'UnresolvableGrantByEmailAddress',
    ],
  ])('%s', (_what, document, expected) => {
    expect(codeOf(() => parseAclDocument(parseXml(document)).grants)).toEqual(expected)
  })

  it('is read as it is rendered', () => {
    const acl = cannedAcl('public-read-write', { owner: ME, bucketOwner: YOU })
    expect(parseAclDocument(parseXml(renderAcl(ME, acl)))).toEqual({ owner: ME, grants: acl })
  })
})

describe('a canned ACL of an object in another’s bucket', () => {
  const own = { grantee: { id: ME }, permission: 'FULL_CONTROL' }
  const all = { grantee: { group: 'AllUsers' }, permission: 'READ' }
  it.each([
    ['private', [own]],
    ['public-read', [all, own]],
    ['public-read-write', [all, { ...all, permission: 'WRITE' }, own]],
    ['authenticated-read', [{ grantee: { group: 'AuthenticatedUsers' }, permission: 'READ' }, own]],
    ['bucket-owner-read', [own, { grantee: { id: YOU }, permission: 'READ' }]],
    ['bucket-owner-full-control', [own, { grantee: { id: YOU }, permission: 'FULL_CONTROL' }]],
  ] as const)('%s', (name, expected) => {
    expect(cannedAcl(name, { owner: ME, bucketOwner: YOU })).toEqual(expected)
  })

  it('names its owner once where the bucket is its own', () => {
    for (const name of ['bucket-owner-read', 'bucket-owner-full-control'] as const) {
      expect(cannedAcl(name, { owner: ME, bucketOwner: ME })).toEqual([own])
    }
  })
})

describe('what a record keeps of an ACL', () => {
  it('is nothing where the owner has everything, and nobody else anything', () => {
    const own = cannedAcl('private', { owner: ME, bucketOwner: ME })
    expect([storedAcl(own, ME), parseStoredAcl(undefined, ME)]).toEqual([undefined, own])
    expect([storedAcl([], ME), storedAcl(own, YOU)]).toEqual(['[]', JSON.stringify(own)])
  })

  it('comes back as it was, groups first', () => {
    const acl = [
      { grantee: { id: ME }, permission: 'READ' },
      { grantee: { group: 'AllUsers' }, permission: 'WRITE' },
      { grantee: { group: 'AllUsers' }, permission: 'READ' },
    ] as const
    expect(ordered(acl)).toEqual([acl[1], acl[2], acl[0]])
    expect(parseStoredAcl(storedAcl(acl, ME), ME)).toEqual(acl)
  })
})

it.each([
  ['<Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule>', 'ObjectWriter'],
  ['<Rule><ObjectOwnership>Nobody</ObjectOwnership></Rule>', 'MalformedXML'],
  ['<Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule>'.repeat(2), 'MalformedXML'],
  [`<Rule>${'<ObjectOwnership>ObjectWriter</ObjectOwnership>'.repeat(2)}</Rule>`, 'MalformedXML'],
  ['<Rule><Ownership>ObjectWriter</Ownership></Rule>', 'MalformedXML'],
  ['<Rules><ObjectOwnership>ObjectWriter</ObjectOwnership></Rules>', 'MalformedXML'],
  ['', 'MalformedXML'],
])('the controls %s are %s', (rules, expected) => {
  const document = parseXml(`<OwnershipControls>${rules}</OwnershipControls>`)
  expect(codeOf(() => parseOwnershipControls(document))).toBe(expected)
})

it('who began an upload is told by its ARN, and as an owner in a Ceph-style account', () => {
  const told = (account: string, arn: string) => initiatorElements({ account }, arn).map(({ markup }) => markup)
  const arn = 'arn:aws:iam::444455556666:user/you'
  expect(told('111122223333', arn)).toEqual([`<ID>${arn}</ID>`, `<DisplayName>${arn}</DisplayName>`])
  expect(told('rgw', arn)).toEqual([`<ID>${YOU}</ID>`, '<DisplayName>444455556666</DisplayName>'])
  expect(told('', 'arn:aws:iam:::user/you')[0]).toBe(`<ID>${canonicalUserId('')}</ID>`)
  expect(told('rgw', 'anonymous')[0]).toBe(`<ID>${ANONYMOUS_ID}</ID>`)
})
