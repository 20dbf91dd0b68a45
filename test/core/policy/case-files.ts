import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { mapContext } from '../../../functions/core/policy/context.ts'
import type { NamedPolicy, PolicySet } from '../../../functions/core/policy/decide.ts'
import type { PolicyKind } from '../../../functions/core/policy/document.ts'
import { parsePolicy } from '../../../functions/core/policy/parse.ts'
import type { AuthorizationRequest, RequestPrincipal } from '../../../functions/core/policy/types.ts'

const FOLDER = join(import.meta.dirname, 'cases')

/** Every case file under a topic's folder, found by walking, with its path below `cases` as its name. */
export function caseFiles<File>(topic: string): readonly { readonly name: string; readonly file: File }[] {
  return readdirSync(join(FOLDER, topic), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ name: relative(FOLDER, path), file: JSON.parse(readFileSync(path, 'utf8')) }))
}

const A = '111122223333'
const B = '444455556666'

const user = (account: string, name: string): RequestPrincipal => ({
  type: 'AWS',
  account,
  arn: `arn:aws:iam::${account}:user/${name}`,
  userId: `AIDA${name.toUpperCase().padEnd(16, 'X')}`,
  root: false,
})

const roleSession = (account: string): RequestPrincipal => ({
  type: 'AWS',
  account,
  arn: `arn:aws:sts::${account}:assumed-role/reader/session`,
  roleArn: `arn:aws:iam::${account}:role/team/reader`,
  userId: 'AROAREADERXXXXXXXXXX:session',
  root: false,
})

const root = (account: string): RequestPrincipal => ({
  type: 'AWS',
  account,
  arn: `arn:aws:iam::${account}:root`,
  userId: account,
  root: true,
})

const federatedUser = (account: string): RequestPrincipal => ({
  type: 'AWS',
  account,
  arn: `arn:aws:sts::${account}:federated-user/bob`,
  userId: `${account}:bob`,
  root: false,
})

/** The people of the case files, by name. */
export const PRINCIPALS: Readonly<Record<string, RequestPrincipal>> = {
  alice: user(A, 'alice'),
  mallory: user(B, 'mallory'),
  roleSession: roleSession(A),
  foreignRoleSession: roleSession(B),
  root: root(A),
  foreignRoot: root(B),
  federatedUser: federatedUser(A),
  cephUser: user('', 'alice'),
  cephTenantUser: user('tenant', 'alice'),
  cephSession: roleSession(''),
  anonymous: { type: 'Anonymous' },
  service: { type: 'Service', service: 'ec2.amazonaws.com' },
  keycloak: { type: 'Federated', provider: `arn:aws:iam::${A}:oidc-provider/id.example.com/realms/demo` },
  saml: { type: 'Federated', provider: `arn:aws:iam::${A}:saml-provider/adfs` },
}

/** Policies as a case file writes them: documents by layer. */
export interface PolicyDocuments {
  readonly identity?: readonly unknown[]
  readonly boundary?: unknown
  readonly session?: readonly unknown[]
  readonly resource?: unknown
  readonly trust?: unknown
  readonly dialect?: 'aws' | 'ceph'
}

export interface RequestFields {
  readonly principal?: string
  readonly action?: string
  readonly resource?: string
  readonly resourceAccount?: string
  readonly context?: Readonly<Record<string, string | readonly string[]>>
}

/** Policies are named by layer and place: `identity/0`, `boundary/0` … */
export function policySet(documents: PolicyDocuments): PolicySet {
  const { identity = [], boundary, session, resource, trust, dialect = 'aws' } = documents
  const named = (kind: PolicyKind, document: unknown, index: number): NamedPolicy => ({
    name: `${kind === 'trust' ? 'resource' : kind}/${index}`,
    policy: parsePolicy(JSON.stringify(document), { kind, dialect }),
  })
  const resourcePolicy = trust ? named('trust', trust, 0) : resource ? named('resource', resource, 0) : undefined
  return {
    identity: identity.map((document, index) => named('identity', document, index)),
    ...(boundary !== undefined && { boundary: named('boundary', boundary, 0) }),
    ...(session && { session: session.map((document, index) => named('session', document, index)) }),
    ...(resourcePolicy && { resource: resourcePolicy }),
  }
}

export function authorizationRequest(fields: RequestFields): AuthorizationRequest {
  const { principal = 'alice', action = 's3:GetObject', resource = 'arn:aws:s3:::bucket/key', context = {} } = fields
  const who = PRINCIPALS[principal]
  if (!who) throw new Error(`no principal ${principal}`)
  const entries = Object.entries(context).map(
    ([key, value]) => [key, typeof value === 'string' ? [value] : value] as const,
  )
  return {
    principal: who,
    action,
    resource,
    context: mapContext(new Map(entries)),
    ...(fields.resourceAccount !== undefined && { resourceAccount: fields.resourceAccount }),
  }
}
