import type { Setting } from '@daypass/core/environment.ts'
import { KIND, type Kind } from '@daypass/core/store/keys.ts'
import type { IsolatedName } from '../functions/front-door/route.ts'
import { SEALED_ATTRIBUTES, SWEPT_ATTRIBUTES } from '../functions/reseal-secrets/sealed-attributes.ts'

/** Reads that decide are consistent reads of the table itself: no Scan, no index, no stream. */
const BY_KEY = ['dynamodb:GetItem', 'dynamodb:BatchGetItem'] as const
const LISTS = ['dynamodb:Query'] as const
const PUTS = ['dynamodb:PutItem'] as const
const CHANGES = ['dynamodb:UpdateItem'] as const
const REMOVES = ['dynamodb:DeleteItem'] as const
const WRITES = [...PUTS, ...CHANGES, ...REMOVES] as const

export type TableAction = (typeof BY_KEY | typeof LISTS | typeof WRITES)[number]

/** The secrets of the deployment, named as the functions' settings that hold their ARNs. */
export type SecretName = Extract<Setting, 'sessionRing' | 'longTermRing' | 'rootKey' | 'proberKey'>

export type SecretAction =
  | 'secretsmanager:DescribeSecret'
  | 'secretsmanager:GetSecretValue'
  | 'secretsmanager:PutSecretValue'
  | 'secretsmanager:RotateSecret'
  | 'secretsmanager:UpdateSecretVersionStage'

/** These actions, and only on items whose partition key starts with one of these kinds. */
export interface TableGrant {
  readonly actions: readonly TableAction[]
  readonly kinds: readonly Kind[]
}

/** Functions that others call: those that the front door leads to, and the one that reaches directories. */
export type InvokedName = IsolatedName | 'check-directory' | 'key-rotation'

export interface FunctionGrants {
  readonly table: readonly TableGrant[]
  readonly secrets: Readonly<Partial<Record<SecretName, readonly SecretAction[]>>>
  /** Isolated functions that it may call by Invoke. */
  readonly invokes: readonly InvokedName[]
  /** Attributes that it may read of every item, by a scan. Such a right cannot be limited to kinds. */
  readonly scans?: readonly string[]
  /** Whether it may use the buckets behind the S3 gateway that the deployment names. */
  readonly objectStore?: true
}

/** What it takes to know who signed a request, whether that caller still stands, and what its policies say. */
const VERIFIES_CALLERS: TableGrant = {
  actions: BY_KEY,
  kinds: [
    KIND.accessKey,
    KIND.account,
    KIND.group,
    KIND.oidcProvider,
    KIND.policy,
    KIND.role,
    KIND.samlProvider,
    KIND.session,
    KIND.user,
  ],
}
/** What the IAM API and the bootstrap document create and change. */
const IAM_ENTITIES: readonly Kind[] = [
  KIND.accessKey,
  KIND.account,
  KIND.group,
  KIND.groupMember,
  KIND.oidcProvider,
  KIND.policy,
  KIND.policyUse,
  KIND.policyVersion,
  KIND.role,
  KIND.samlMetadata,
  KIND.samlProvider,
  KIND.user,
]
/** Beside the request it is counted how many sessions somebody made this minute. */
const MAKES_SESSIONS: readonly TableGrant[] = [
  { actions: PUTS, kinds: [KIND.session] },
  { actions: CHANGES, kinds: [KIND.quota] },
]
/** A device's seed, and which of its codes are spent. */
const CHECKS_SECOND_FACTORS: readonly TableGrant[] = [
  { actions: BY_KEY, kinds: [KIND.mfa, KIND.mfaUse] },
  { actions: PUTS, kinds: [KIND.mfaUse] },
]

const opens = ['secretsmanager:GetSecretValue'] as const
const rotates = [
  'secretsmanager:DescribeSecret',
  'secretsmanager:GetSecretValue',
  'secretsmanager:PutSecretValue',
  'secretsmanager:UpdateSecretVersionStage',
] as const
/** Fills it at the first deploy, and has Secrets Manager rotate it. */
const fillsAndSchedules = [
  'secretsmanager:DescribeSecret',
  'secretsmanager:GetSecretValue',
  'secretsmanager:PutSecretValue',
  'secretsmanager:RotateSecret',
] as const
const opensAndFills = ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'] as const

/** For those who verify callers: the secrets of sessions, and those of long-term keys. */
const opensBothRings = { sessionRing: opens, longTermRing: opens } as const

/** Of groups it reads which of those that a token names there are. */
const exchangesTokens: FunctionGrants = {
  table: [
    { actions: BY_KEY, kinds: [KIND.account, KIND.group, KIND.issuerKey, KIND.oidcProvider, KIND.policy, KIND.role] },
    ...MAKES_SESSIONS,
    { actions: WRITES, kinds: [KIND.issuerKey] },
  ],
  secrets: { sessionRing: opens },
  invokes: [],
}

/** The proof comes from the identity webhook: it reads a role, or the policies that all of the webhook's users have. */
const asksWebhook: FunctionGrants = {
  table: [{ actions: BY_KEY, kinds: [KIND.policy, KIND.role] }, ...MAKES_SESSIONS],
  secrets: { sessionRing: opens },
  invokes: [],
}

/** Counts guesses at passwords, and has another function look at them. */
const asksDirectory: FunctionGrants = {
  table: [
    { actions: BY_KEY, kinds: [KIND.group, KIND.policy, KIND.role, KIND.signIn] },
    ...MAKES_SESSIONS,
    { actions: [...PUTS, ...CHANGES], kinds: [KIND.signIn] },
  ],
  secrets: { sessionRing: opens },
  invokes: ['check-directory'],
}

/** Proves client certificates, whose authorities are settings, and takes roles or policies for them. */
const provesCertificates: FunctionGrants = {
  table: [{ actions: BY_KEY, kinds: [KIND.policy, KIND.role] }, ...MAKES_SESSIONS],
  secrets: { sessionRing: opens },
  invokes: [],
}

/** The proof is in the request; an assertion's use is noted where each may be used once only. */
const provesAssertions: FunctionGrants = {
  table: [
    { actions: BY_KEY, kinds: [KIND.policy, KIND.role, KIND.samlProvider] },
    { actions: PUTS, kinds: [KIND.samlUse] },
    ...MAKES_SESSIONS,
  ],
  secrets: { sessionRing: opens },
  invokes: [],
}

/** When and where a long-term key was used, beside the request. */
const NOTES_KEY_USE: TableGrant = { actions: PUTS, kinds: [KIND.accessKeyUse] }

/** Knows its caller and tells something; changes nothing. */
const onlyVerifies: FunctionGrants = { table: [VERIFIES_CALLERS, NOTES_KEY_USE], secrets: opensBothRings, invokes: [] }

/** Makes sessions for callers that it knows. */
const mints: FunctionGrants = { ...onlyVerifies, table: [...onlyVerifies.table, ...MAKES_SESSIONS] }

const mintsWithSecondFactor: FunctionGrants = { ...mints, table: [...mints.table, ...CHECKS_SECOND_FACTORS] }

/** The public halves of the issuer's own keys. */
const servesDocuments: FunctionGrants = {
  table: [{ actions: LISTS, kinds: [KIND.publicKey] }],
  secrets: {},
  invokes: [],
}

const callsIsolated: FunctionGrants = {
  table: [],
  secrets: {},
  invokes: [
    'iam',
    'get-web-identity-token',
    'revoke-sessions',
    'assume-role-with-certificate',
    'assume-role-with-saml',
  ],
}

/** The STS actions that the front door runs in its own process. */
const ACTIONS = {
  'assume-role': mintsWithSecondFactor,
  'assume-role-with-client-grants': exchangesTokens,
  'assume-role-with-custom-token': asksWebhook,
  'assume-role-with-ldap-identity': asksDirectory,
  'assume-role-with-web-identity': exchangesTokens,
  'assume-root': mints,
  'decode-authorization-message': onlyVerifies,
  'get-access-key-info': onlyVerifies,
  'get-caller-identity': onlyVerifies,
  'get-delegated-access-token': onlyVerifies,
  'get-federation-token': mints,
  'get-session-token': mintsWithSecondFactor,
} satisfies Record<string, FunctionGrants>

/**
 * What each function may do besides writing its own log: the one table that the roles are made from. A function that is
 * not in it cannot be deployed.
 */
export const GRANTS = {
  ...ACTIONS,
  /** May do what each action in its process may: read configuration, write sessions and what goes with proving for whom. */
  'front-door': unionOf([servesDocuments, callsIsolated, ...Object.values(ACTIONS)]),
  'assume-role-with-certificate': provesCertificates,
  'assume-role-with-saml': provesAssertions,
  /** Sees passwords, and holds nothing: neither table nor secret. */
  'check-directory': { table: [], secrets: {}, invokes: [] },
  /** Roles Anywhere: the certificate's key has signed the request. It gives roles alone. */
  'create-session': {
    table: [{ actions: BY_KEY, kinds: [KIND.role] }, ...MAKES_SESSIONS],
    secrets: { sessionRing: opens },
    invokes: [],
  },
  /** Signs with the issuer's own keys: it alone opens their private halves, and finds them by the published ones. */
  'get-web-identity-token': {
    table: [
      VERIFIES_CALLERS,
      NOTES_KEY_USE,
      { actions: LISTS, kinds: [KIND.publicKey] },
      { actions: BY_KEY, kinds: [KIND.signingKey] },
    ],
    secrets: opensBothRings,
    invokes: [],
  },
  /** Writes marks of revocation: on sessions, or in the place of those that are gone, and on what sessions rest on. */
  'revoke-sessions': {
    table: [
      VERIFIES_CALLERS,
      NOTES_KEY_USE,
      { actions: PUTS, kinds: [KIND.session] },
      {
        actions: CHANGES,
        kinds: [KIND.account, KIND.oidcProvider, KIND.role, KIND.samlProvider, KIND.session, KIND.user],
      },
    ],
    secrets: opensBothRings,
    invokes: [],
  },
  /** Seals the secrets of the keys that it makes, but can neither make a session nor a signing key. */
  iam: {
    table: [
      {
        actions: BY_KEY,
        kinds: [...IAM_ENTITIES, KIND.accessKeyUse, KIND.accountAlias, KIND.mfa, KIND.mfaUse, KIND.session],
      },
      {
        actions: LISTS,
        kinds: [
          KIND.group,
          KIND.groupMember,
          KIND.issuerKey,
          KIND.mfa,
          KIND.oidcProvider,
          KIND.policy,
          KIND.policyUse,
          KIND.role,
          KIND.samlProvider,
          KIND.user,
        ],
      },
      { actions: WRITES, kinds: [...IAM_ENTITIES, KIND.accountAlias, KIND.mfa, KIND.mfaUse] },
      /** What belongs to a key or a provider goes with it. */
      { actions: REMOVES, kinds: [KIND.accessKeyUse, KIND.issuerKey] },
      NOTES_KEY_USE,
    ],
    secrets: opensBothRings,
    invokes: [],
  },
  s3: {
    table: [
      VERIFIES_CALLERS,
      NOTES_KEY_USE,
      { actions: BY_KEY, kinds: [KIND.bucket] },
      { actions: LISTS, kinds: [KIND.bucketList] },
      { actions: WRITES, kinds: [KIND.bucket, KIND.bucketList] },
    ],
    secrets: opensBothRings,
    invokes: [],
    objectStore: true,
  },
  /** Holds the rings and knows nothing of the table: what they have sealed is out of its reach. */
  'key-rotation': { table: [], secrets: { sessionRing: rotates, longTermRing: rotates }, invokes: [] },
  /** Sees of every row only what is sealed and what that is bound to, and changes rows of the kinds that hold such. */
  'reseal-secrets': {
    table: [{ actions: CHANGES, kinds: Object.values(SEALED_ATTRIBUTES).map(({ kind }) => kind) }],
    scans: ['pk', 'sk', ...SWEPT_ATTRIBUTES],
    secrets: { longTermRing: opens },
    invokes: [],
  },
  /** Asks the deployment from outside, as anyone could. */
  prober: { table: [], secrets: { proberKey: opensAndFills }, invokes: [] },
  bootstrap: {
    table: [
      { actions: [...BY_KEY, ...WRITES], kinds: [...IAM_ENTITIES, KIND.bootstrap, KIND.publicKey, KIND.signingKey] },
      { actions: LISTS, kinds: [KIND.publicKey] },
    ],
    secrets: { sessionRing: fillsAndSchedules, longTermRing: fillsAndSchedules, rootKey: opensAndFills },
    /** Secrets Manager demands it of whoever names the function. */
    invokes: ['key-rotation'],
  },
} satisfies Record<string, FunctionGrants>

export type FunctionName = keyof typeof GRANTS

/**
 * What the S3 gateway may do with the buckets behind it. Not `s3:ListAllMyBuckets`, which can only be granted for every
 * bucket of the account: the gateway lists those that were made through it.
 */
export const OBJECT_STORE_ACTIONS = {
  bucket: [
    's3:CreateBucket',
    's3:DeleteBucket',
    's3:GetBucketVersioning',
    's3:ListBucket',
    's3:ListBucketMultipartUploads',
    's3:ListBucketVersions',
    's3:PutBucketVersioning',
  ],
  object: [
    's3:AbortMultipartUpload',
    's3:DeleteObject',
    's3:DeleteObjectTagging',
    's3:DeleteObjectVersion',
    's3:DeleteObjectVersionTagging',
    's3:GetObject',
    's3:GetObjectAttributes',
    's3:GetObjectTagging',
    's3:GetObjectVersion',
    's3:GetObjectVersionAttributes',
    's3:GetObjectVersionTagging',
    's3:ListMultipartUploadParts',
    's3:PutObject',
    's3:PutObjectTagging',
    's3:PutObjectVersionTagging',
  ],
} as const

/**
 * One grant of each action. A request is allowed by a single statement or by none, and a BatchGetItem asks for rows of many
 * kinds at once: kinds that are read together must stand together.
 */
export function byAction(table: readonly TableGrant[]): readonly TableGrant[] {
  const kindsOf = new Map<TableAction, ReadonlySet<Kind>>()
  for (const { actions, kinds } of table) {
    for (const action of actions) kindsOf.set(action, new Set([...(kindsOf.get(action) ?? []), ...kinds]))
  }
  const grants = new Map<string, TableGrant>()
  for (const [action, found] of kindsOf) {
    const kinds = [...found].sort()
    const actions = [...(grants.get(kinds.join())?.actions ?? []), action]
    grants.set(kinds.join(), { actions, kinds })
  }
  return [...grants.values()]
}

/** What all of them may do together. */
function unionOf(all: readonly FunctionGrants[]): FunctionGrants {
  return {
    table: all.flatMap(({ table }) => table),
    secrets: Object.assign({}, ...all.map(({ secrets }) => secrets)),
    invokes: [...new Set(all.flatMap(({ invokes }) => invokes))],
  }
}
