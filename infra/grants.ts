import type { Setting } from '@daypass/core/environment.ts'
import { KIND, type Kind } from '@daypass/core/store/keys.ts'

/** Reads that decide are consistent reads of the table itself: no Scan, no index, no stream. */
const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] as const
const WRITE = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'] as const

export type TableAction = (typeof READ)[number] | (typeof WRITE)[number]

/** The secrets of the deployment, named as the functions' settings that hold their ARNs. */
export type SecretName = Extract<Setting, 'sessionRing' | 'longTermRing' | 'rootKey'>

export type SecretAction = 'secretsmanager:GetSecretValue' | 'secretsmanager:PutSecretValue'

/** These actions, and only on items whose partition key starts with one of these kinds. */
export interface TableGrant {
  readonly actions: readonly TableAction[]
  readonly kinds: readonly Kind[]
}

/** Functions that are reached through the front door alone, because it must not have their rights. */
export type IsolatedName = 'iam'

export interface FunctionGrants {
  readonly table: readonly TableGrant[]
  readonly secrets: Readonly<Partial<Record<SecretName, readonly SecretAction[]>>>
  /** Isolated functions that it may call by Invoke. */
  readonly invokes: readonly IsolatedName[]
  /** Whether it may use the buckets behind the S3 gateway that the deployment names. */
  readonly objectStore?: true
}

/** What it takes to know who signed a request and whether that caller still stands. */
const VERIFIES_CALLERS: TableGrant = {
  actions: READ,
  kinds: [KIND.accessKey, KIND.account, KIND.group, KIND.oidcProvider, KIND.policy, KIND.role, KIND.session, KIND.user],
}
/** What the IAM API and the bootstrap document create and change. */
const IAM_ENTITIES: readonly Kind[] = [
  KIND.accessKey,
  KIND.account,
  KIND.group,
  KIND.oidcProvider,
  KIND.policy,
  KIND.policyUse,
  KIND.policyVersion,
  KIND.role,
  KIND.user,
]
const MAKES_SESSIONS: TableGrant = { actions: ['dynamodb:PutItem'], kinds: [KIND.session] }

const opens = ['secretsmanager:GetSecretValue'] as const
const opensAndFills = ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'] as const

const assumeRoleWithWebIdentity: FunctionGrants = {
  table: [
    { actions: READ, kinds: [KIND.account, KIND.issuerKey, KIND.oidcProvider, KIND.policy, KIND.role] },
    MAKES_SESSIONS,
    { actions: WRITE, kinds: [KIND.issuerKey] },
  ],
  secrets: { sessionRing: opens },
  invokes: [],
}

const getCallerIdentity: FunctionGrants = {
  table: [VERIFIES_CALLERS],
  secrets: { sessionRing: opens, longTermRing: opens },
  invokes: [],
}

/** The public halves of the issuer's own keys. */
const servesDocuments: FunctionGrants = {
  table: [{ actions: READ, kinds: [KIND.publicKey] }],
  secrets: {},
  invokes: [],
}

const callsIam: FunctionGrants = { table: [], secrets: {}, invokes: ['iam'] }

/**
 * What each function may do besides writing its own log: the one table that the roles are made from. A function that is
 * not in it cannot be deployed.
 */
export const GRANTS = {
  'assume-role-with-web-identity': assumeRoleWithWebIdentity,
  'get-caller-identity': getCallerIdentity,
  /** Runs actions in its own process, so it may do what each of them may: read configuration and write sessions. */
  'front-door': unionOf([servesDocuments, callsIam, assumeRoleWithWebIdentity, getCallerIdentity]),
  /** Seals the secrets of the keys that it makes, but can neither make a session nor a signing key. */
  iam: {
    table: [
      { actions: READ, kinds: [...IAM_ENTITIES, KIND.mfa, KIND.session] },
      { actions: WRITE, kinds: [...IAM_ENTITIES, KIND.mfa] },
    ],
    secrets: { sessionRing: opens, longTermRing: opens },
    invokes: [],
  },
  s3: {
    table: [
      { actions: READ, kinds: [...VERIFIES_CALLERS.kinds, KIND.bucket, KIND.bucketList, KIND.object] },
      { actions: WRITE, kinds: [KIND.bucket, KIND.bucketList, KIND.object] },
    ],
    secrets: { sessionRing: opens, longTermRing: opens },
    invokes: [],
    objectStore: true,
  },
  bootstrap: {
    table: [
      {
        actions: [...READ, ...WRITE],
        kinds: [...IAM_ENTITIES, KIND.bootstrap, KIND.publicKey, KIND.signingKey],
      },
    ],
    secrets: { sessionRing: opensAndFills, longTermRing: opensAndFills, rootKey: opensAndFills },
    invokes: [],
  },
} satisfies Record<string, FunctionGrants>

export type FunctionName = keyof typeof GRANTS

/**
 * What the S3 gateway may do with the buckets behind it. Not `s3:ListAllMyBuckets`, which can only be granted for every
 * bucket of the account: the gateway lists those that were made through it.
 */
export const OBJECT_STORE_ACTIONS = {
  bucket: ['s3:CreateBucket', 's3:DeleteBucket', 's3:ListBucket'],
  object: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
} as const

/** Grants with equal actions become one; secrets and calls are joined. */
function unionOf(all: readonly FunctionGrants[]): FunctionGrants {
  const byActions = new Map<string, TableGrant>()
  for (const grant of all.flatMap(({ table }) => table)) {
    const name = grant.actions.join()
    const kinds = new Set([...(byActions.get(name)?.kinds ?? []), ...grant.kinds])
    byActions.set(name, { actions: grant.actions, kinds: [...kinds].sort() })
  }
  return {
    table: [...byActions.values()],
    secrets: Object.assign({}, ...all.map(({ secrets }) => secrets)),
    invokes: [...new Set(all.flatMap(({ invokes }) => invokes))],
  }
}
