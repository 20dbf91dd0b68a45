import { type Zippable, zipSync } from 'fflate'

const bytes = (content: unknown) => Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))

/** The zip file of an export with these files; content that is no text is written as JSON. */
export function exportOf(files: Readonly<Record<string, unknown>>, folder = 'iam-assets/'): Uint8Array {
  const entries: Zippable = {}
  for (const [name, content] of Object.entries(files)) entries[`${folder}${name}`] = bytes(content)
  return zipSync(entries)
}

export const AT = '2024-05-01T10:00:00Z'
export const allow = (Action: string[], Resource?: string[]) => ({
  Effect: 'Allow',
  Action,
  ...(Resource && { Resource }),
})
export const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })
export const mapped = (names: string) => ({ version: 1, policy: names, updatedAt: AT })
export const service = (parent: string, more: object = {}) => ({
  parent,
  accessKey: 'unread',
  secretKey: `key-of-${parent}`,
  groups: null,
  claims: { accessKey: 'unread', parent, 'sa-policy': 'inherited-policy' },
  sessionPolicy: null,
  status: 'on',
  name: '',
  description: '',
  expiration: '1970-01-01T00:00:00Z',
  ...more,
})

/** All that an export holds, in the form that MinIO gives it. */
export const EVERYTHING = {
  'policies.json': {
    readwrite: policy(allow(['s3:*'], ['arn:aws:s3:::*'])),
    consoleAdmin: policy(allow(['admin:*']), allow(['kms:*']), allow(['s3:*'], ['arn:aws:s3:::*'])),
    readonly: policy(allow(['s3:GetObject', 's3:GetBucketLocation', 's3:ListBucket'], ['arn:aws:s3:::*'])),
    'team-a': policy(allow(['s3:*'], ['arn:aws:s3:::team-a', 'arn:aws:s3:::team-a/*']), {
      Effect: 'Deny',
      Action: ['s3:DeleteObject'],
      Resource: ['arn:aws:s3:::team-a/keep/*'],
    }),
    operator: policy(allow(['admin:ServerInfo'])),
  },
  'users.json': {
    alice: { secretKey: 'alice-secret', status: 'enabled' },
    bob: { secretKey: 'bob-secret', status: 'disabled' },
  },
  'groups.json': {
    'team-a': { version: 1, status: 'enabled', members: ['alice', 'bob', 'ghost'], updatedAt: AT },
    off: { version: 1, status: 'disabled', members: ['alice'], updatedAt: AT },
  },
  'svcaccts.json': { ALICEKEY: service('alice'), ROOTKEY: service('minioadmin') },
  'user_mappings.json': { alice: mapped('readwrite,readonly') },
  'group_mappings.json': { 'team-a': mapped('team-a'), off: mapped('consoleAdmin') },
  'stsuser_mappings.json': { 'uid=carol,ou=people,dc=example,dc=org': mapped('readonly') },
}
