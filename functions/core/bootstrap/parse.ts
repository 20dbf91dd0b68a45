import { isAccountId } from '../store/entities/account.ts'
import { withoutScheme } from '../store/entities/oidc-provider.ts'
import { type BootstrapDocument, BootstrapError } from './document.ts'

/** What a member must be. Every member that is not described is refused, so that a misspelt one is not silently without effect. */
type Shape =
  | { readonly kind: 'text'; readonly pattern: RegExp; readonly rule: string }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'document' }
  | { readonly kind: 'list'; readonly of: Shape; readonly max?: number }
  | { readonly kind: 'map'; readonly key: Shape & { kind: 'text' }; readonly of: Shape }
  | { readonly kind: 'object'; readonly members: Readonly<Record<string, Shape>>; readonly required: readonly string[] }

const text = (pattern: RegExp, rule: string) => ({ kind: 'text', pattern, rule }) as const
const list = (of: Shape, max?: number): Shape => ({ kind: 'list', of, ...(max === undefined ? {} : { max }) })
const object = (members: Readonly<Record<string, Shape>>, ...required: string[]): Shape => ({
  kind: 'object',
  members,
  required,
})
const name = (max: number) =>
  text(new RegExp(`^[\\w+=,.@-]{1,${max}}$`), `must be 1 to ${max} characters of letters, digits and +=,.@_-`)

const anyText = text(/^.{0,1000}$/s, 'must be a text of at most 1,000 characters')
const path = text(/^(?:\/|\/[!-~]{1,510}\/)$/, 'must begin and end with /')
const arn = text(/^arn:.{1,2044}$/s, 'must be an ARN')
const policyName = name(128)
const inline = { kind: 'map', key: policyName, of: { kind: 'document' } } as const
/** Ids and secrets of any form: they come from other stores, which have their own. */
const accessKey = object(
  {
    AccessKeyId: text(/^[!-.0-~]{1,128}$/, 'must be 1 to 128 printable characters without spaces and /'),
    SecretAccessKey: text(/^[ -~]{1,128}$/, 'must be 1 to 128 printable characters'),
  },
  'AccessKeyId',
  'SecretAccessKey',
)
const tags = list(
  object(
    {
      Key: text(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u, 'must be 1 to 128 letters, digits, spaces and _.:/=+-@'),
      Value: text(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u, 'must be at most 256 letters, digits, spaces and _.:/=+-@'),
    },
    'Key',
    'Value',
  ),
  50,
)

const document = object(
  {
    accounts: list(
      object(
        {
          id: text(/^[A-Za-z0-9_-]{0,64}$/, 'must be at most 64 letters, digits, _ and -'),
          name: anyText,
          rootAccessKey: accessKey,
          users: list(
            object(
              {
                UserName: name(64),
                Path: path,
                accessKeys: list(accessKey),
                attachedPolicies: list(arn),
                policies: inline,
                groups: list(name(128)),
                PermissionsBoundary: arn,
                Tags: tags,
              },
              'UserName',
            ),
          ),
          groups: list(
            object({ GroupName: name(128), Path: path, attachedPolicies: list(arn), policies: inline }, 'GroupName'),
          ),
          policies: list(
            object(
              { PolicyName: policyName, PolicyDocument: { kind: 'document' }, Path: path, Description: anyText },
              'PolicyName',
              'PolicyDocument',
            ),
          ),
          roles: list(
            object(
              {
                RoleName: name(64),
                Path: path,
                AssumeRolePolicyDocument: { kind: 'document' },
                Description: anyText,
                attachedPolicies: list(arn),
                policies: inline,
                MaxSessionDuration: { kind: 'integer', min: 3600, max: 43_200 },
                PermissionsBoundary: arn,
                Tags: tags,
              },
              'RoleName',
              'AssumeRolePolicyDocument',
            ),
          ),
          openIdConnectProviders: list(
            object(
              {
                Url: text(/^https?:\/\/[^\s?#]{1,247}$/, 'must be an http or https URL without query and fragment'),
                ClientIDList: list(text(/^.{1,255}$/s, 'must be 1 to 255 characters'), 100),
                ThumbprintList: list(text(/^[0-9A-Fa-f]{40}$/, 'must be 40 hexadecimal digits'), 5),
                Tags: tags,
              },
              'Url',
            ),
          ),
          samlProviders: list(
            object(
              {
                Name: text(/^[\w._-]{1,128}$/, 'must be 1 to 128 characters of letters, digits and ._-'),
                SAMLMetadataDocument: text(/^.{1000,307200}$/s, 'must be a document of 1,000 to 307,200 characters'),
                Tags: tags,
              },
              'Name',
              'SAMLMetadataDocument',
            ),
            100,
          ),
        },
        'id',
      ),
    ),
  },
  'accounts',
)

/** Reads a bootstrap document; throws BootstrapError, which names the place and the rule and echoes no secret. */
export function parseBootstrap(json: string): BootstrapDocument {
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch (cause) {
    throw new BootstrapError('the whole', 'is not JSON', { cause })
  }
  check(parsed, document, '')
  const { accounts } = parsed as BootstrapDocument // The one cast: check() has just proved it.
  refuseRepeats(accounts)
  return { accounts }
}

function check(value: unknown, shape: Shape, place: string): void {
  const refusal = (message: string) => new BootstrapError(place || 'the whole', message)
  switch (shape.kind) {
    case 'text':
      if (typeof value !== 'string' || !shape.pattern.test(value)) throw refusal(shape.rule)
      return
    case 'integer':
      if (!Number.isInteger(value) || (value as number) < shape.min || (value as number) > shape.max) {
        throw refusal(`must be a whole number from ${shape.min} to ${shape.max}`)
      }
      return
    case 'document':
      if (typeof value !== 'string' && !isObject(value)) throw refusal('must be a policy document')
      return
    case 'list':
      if (!Array.isArray(value)) throw refusal('must be a list')
      if (shape.max !== undefined && value.length > shape.max) throw refusal(`must have at most ${shape.max} entries`)
      for (const [index, entry] of value.entries()) check(entry, shape.of, `${place}[${index}]`)
      return
    case 'map':
      if (!isObject(value)) throw refusal('must be an object of names and policy documents')
      for (const [key, entry] of Object.entries(value)) {
        check(key, shape.key, `${place}, name ${JSON.stringify(key)}`)
        check(entry, shape.of, `${place}.${key}`)
      }
      return
    case 'object':
      if (!isObject(value)) throw refusal('must be an object')
      checkMembers(value, shape, place)
  }
}

function checkMembers(value: Record<string, unknown>, shape: Shape & { kind: 'object' }, place: string): void {
  const at = (member: string) => (place ? `${place}.${member}` : member)
  for (const member of shape.required) {
    if (!Object.hasOwn(value, member)) throw new BootstrapError(at(member), 'is missing')
  }
  for (const [member, entry] of Object.entries(value)) {
    const described = Object.hasOwn(shape.members, member) ? shape.members[member] : undefined
    if (!described) {
      const known = Object.keys(shape.members).join(', ')
      throw new BootstrapError(at(member), `is not a member that this version knows; it knows ${known}`)
    }
    check(entry, described, at(member))
  }
}

function refuseRepeats(accounts: BootstrapDocument['accounts']): void {
  const owners = new Map<string, string>()
  const ids = new Set<string>()
  for (const [index, account] of accounts.entries()) {
    const place = `accounts[${index}]`
    if (!isAccountId(account.id)) throw new BootstrapError(`${place}.id`, `must not be ${JSON.stringify(account.id)}`)
    if (ids.has(account.id)) throw new BootstrapError(`${place}.id`, 'stands twice in the document')
    ids.add(account.id)
    refuseRepeatedEntities(account, place)
    const userKeys = (account.users ?? []).flatMap(({ UserName, accessKeys = [] }) =>
      accessKeys.map(({ AccessKeyId }) => [AccessKeyId, `user ${UserName}`] as const),
    )
    const root = account.rootAccessKey ? [[account.rootAccessKey.AccessKeyId, 'the root'] as const] : []
    for (const [id, owner] of [...root, ...userKeys]) {
      if (owners.has(id)) {
        throw new BootstrapError(place, `access key id ${id} of ${owner} is also that of ${owners.get(id)}`)
      }
      owners.set(id, `${owner} of account ${JSON.stringify(account.id)}`)
    }
  }
}

/** Names are told apart without regard to case, providers without their scheme: two that are one would undo each other. */
function refuseRepeatedEntities(account: BootstrapDocument['accounts'][number], place: string): void {
  const names: Readonly<Record<string, readonly string[]>> = {
    policies: (account.policies ?? []).map(({ PolicyName }) => PolicyName.toLowerCase()),
    groups: (account.groups ?? []).map(({ GroupName }) => GroupName.toLowerCase()),
    users: (account.users ?? []).map(({ UserName }) => UserName.toLowerCase()),
    roles: (account.roles ?? []).map(({ RoleName }) => RoleName.toLowerCase()),
    samlProviders: (account.samlProviders ?? []).map(({ Name }) => Name),
    openIdConnectProviders: (account.openIdConnectProviders ?? []).map(({ Url }) => withoutScheme(Url)),
  }
  for (const [list, entries] of Object.entries(names)) {
    const repeated = entries.findIndex((name, index) => entries.indexOf(name) < index)
    if (repeated !== -1) throw new BootstrapError(`${place}.${list}[${repeated}]`, 'has the name of an earlier one')
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
