import { describe, expect, it } from 'vitest'
import { FUNCTIONS } from '../../infra/functions.ts'
import { type FunctionGrants, type FunctionName, GRANTS } from '../../infra/grants.ts'
import { functionResource, listOf, type Statement, statementsOfFunction, synthesize } from './templates.ts'

const { api } = synthesize()
const names = Object.keys(GRANTS) as FunctionName[]
const ENTITIES = [
  'ACCOUNT',
  'GROUP',
  'GROUPMEMBER',
  'KEY',
  'OIDC',
  'POLICY',
  'POLICYUSE',
  'POLICYVERSION',
  'ROLE',
  'SAML',
  'SAMLMETADATA',
  'USER',
]
const CONFIGURATION = [...ENTITIES, 'ALIAS', 'BOOTSTRAP', 'MFA', 'SIGNINGKEY']
const WRITES = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']

/** `action KIND` for each right that a role has on the table. */
function tableRights(statements: readonly Statement[]): string[] {
  const rights = statements.flatMap(({ Action, Condition }) => {
    const prefixes = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? ['anything']
    const actions = listOf(Action).filter((action) => action.startsWith('dynamodb:'))
    return actions.flatMap((action) => prefixes.map((prefix) => `${action} ${prefix}`))
  })
  return [...new Set(rights)].sort()
}

function grantedRights({ table, scans }: FunctionGrants): string[] {
  const rights = scans ? ['dynamodb:Scan anything'] : []
  const byKey = table.flatMap(({ actions, kinds }) => actions.flatMap((a) => kinds.map((kind) => `${a} ${kind}#*`)))
  return [...new Set([...rights, ...byKey])].sort()
}

/** The kinds of item that a function may write, as the template has it. */
function writableKinds(name: FunctionName): string[] {
  const writes = tableRights(statementsOfFunction(api, name)).filter((right) => WRITES.some((w) => right.startsWith(w)))
  return [...new Set(writes.map((right) => right.replace(/.* (.*)#\*$/, '$1')))].sort()
}

describe.each(names)('the role of %s', (name) => {
  const statements = statementsOfFunction(api, name)
  const grants: FunctionGrants = GRANTS[name]

  it('has exactly the rights on the table that the grants list', () => {
    expect(tableRights(statements)).toEqual(grantedRights(grants))
  })

  it('has each right on the table in one statement, since rows of many kinds are read in one request', () => {
    const actions = statements
      .flatMap(({ Action }) => listOf(Action))
      .filter((action) => action.startsWith('dynamodb:'))
    expect(new Set(actions).size).toBe(actions.length)
  })

  it('has exactly the rights on secrets that the grants list', () => {
    const found = statements.filter(({ Action }) => listOf(Action)[0]?.startsWith('secretsmanager:'))
    const expected = Object.entries(grants.secrets).map(([secret, actions]) => [
      secret.toLowerCase(),
      [...actions].sort(),
    ])
    const rights = found.map(({ Action, Resource }) => {
      const imported = (Resource as { 'Fn::ImportValue': string })['Fn::ImportValue']
      return [
        /Ref(SessionRing|LongTermRing|RootKey|ProberKey)/.exec(imported)?.[1]?.toLowerCase(),
        [...listOf(Action)].sort(),
      ]
    })
    expect(rights).toEqual(expected)
  })

  it('may call exactly the isolated functions that the grants list', () => {
    const called = statements.filter(({ Action }) => listOf(Action)[0]?.startsWith('lambda:'))
    expect(called.flatMap(({ Action }) => listOf(Action))).toEqual(
      grants.invokes.length > 0 ? ['lambda:InvokeFunction'] : [],
    )
    expect(called.flatMap(({ Resource }) => Resource)).toEqual(
      grants.invokes.map((isolated) => ({ 'Fn::GetAtt': [functionResource(api, isolated)[0], 'Arn'] })),
    )
  })

  it('may write to its own log group and has no other right', () => {
    const rest = statements.filter(({ Action }) => !/^(dynamodb|secretsmanager|lambda):/.test(listOf(Action)[0] ?? ''))
    const [, lambda] = functionResource(api, name)
    const { LogGroup } = lambda.Properties.LoggingConfig as { LogGroup: { Ref: string } }
    expect(rest).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [LogGroup.Ref, 'Arn'] },
      },
    ])
  })

  it('is told of the secrets that it may read and of no other', () => {
    const { Variables } = functionResource(api, name)[1].Properties.Environment as { Variables: object }
    const told = Object.keys(Variables).filter((variable) => variable.endsWith('_SECRET'))
    const names = {
      sessionRing: 'SESSION_RING',
      longTermRing: 'LONG_TERM_RING',
      rootKey: 'ROOT_KEY',
      proberKey: 'PROBER_KEY',
    }
    const expected = Object.keys(grants.secrets).map((s) => `DAYPASS_${names[s as keyof typeof names]}_SECRET`)
    expect(told.sort()).toEqual(expected.sort())
  })
})

/** What a function may write, with the actions: `PutItem SESSION`. */
function writes(name: FunctionName): string[] {
  return tableRights(statementsOfFunction(api, name))
    .filter((right) => WRITES.some((write) => right.startsWith(write)))
    .map((right) => right.replace(/^dynamodb:(\w+) (.*)#\*$/, '$1 $2'))
}

/** The kinds of item that a function may look at. */
function readableKinds(name: FunctionName): string[] {
  const reads = tableRights(statementsOfFunction(api, name)).filter((right) => !WRITES.some((w) => right.startsWith(w)))
  return [...new Set(reads.map((right) => right.replace(/.* (.*)#\*$/, '$1')))].sort()
}

const CALLERS = ['ACCOUNT', 'GROUP', 'KEY', 'OIDC', 'POLICY', 'ROLE', 'SAML', 'SESSION', 'USER']
/** Every function that opens long-term keys notes their use. */
const NOTES = 'PutItem KEYUSE'
const MINT = ['PutItem SESSION', 'UpdateItem QUOTA']
const MINT_WITH_MFA = ['PutItem MFAUSE', ...MINT]
/** Of an issuer's token: also which of the groups that it names there are. */
const EXCHANGE = ['ACCOUNT', 'GROUP', 'ISSUERKEY', 'OIDC', 'POLICY', 'ROLE']
const MINT_WITH_KEYS = ['DeleteItem ISSUERKEY', 'PutItem ISSUERKEY', ...MINT, 'UpdateItem ISSUERKEY']
const WITH_MFA = [...CALLERS, 'MFA', 'MFAUSE'].sort()

describe('what each STS function reads and writes', () => {
  it.each<[FunctionName, readonly string[], readonly string[]]>([
    ['assume-role', WITH_MFA, [NOTES, ...MINT_WITH_MFA]],
    ['assume-role-with-certificate', ['POLICY', 'ROLE'], MINT],
    ['assume-role-with-client-grants', EXCHANGE, MINT_WITH_KEYS],
    ['assume-role-with-custom-token', ['POLICY', 'ROLE'], MINT],
    [
      'assume-role-with-ldap-identity',
      ['GROUP', 'POLICY', 'ROLE', 'SIGNIN'],
      ['PutItem SIGNIN', ...MINT, 'UpdateItem SIGNIN'],
    ],
    ['check-directory', [], []],
    ['assume-role-with-saml', ['POLICY', 'ROLE', 'SAML'], ['PutItem SAMLUSE', ...MINT]],
    ['assume-role-with-web-identity', EXCHANGE, MINT_WITH_KEYS],
    ['assume-root', CALLERS, [NOTES, ...MINT]],
    ['create-session', ['ROLE'], MINT],
    ['decode-authorization-message', CALLERS, [NOTES]],
    ['get-access-key-info', CALLERS, [NOTES]],
    ['get-caller-identity', CALLERS, [NOTES]],
    ['get-delegated-access-token', CALLERS, [NOTES]],
    ['get-federation-token', CALLERS, [NOTES, ...MINT]],
    ['get-session-token', WITH_MFA, [NOTES, ...MINT_WITH_MFA]],
    ['get-web-identity-token', [...CALLERS, 'PUBLICKEY', 'SIGNINGKEY'].sort(), [NOTES]],
    [
      'revoke-sessions',
      CALLERS,
      [
        NOTES,
        'PutItem SESSION',
        ...['ACCOUNT', 'OIDC', 'ROLE', 'SAML', 'SESSION', 'USER'].map((kind) => `UpdateItem ${kind}`),
      ],
    ],
    [
      'front-door',
      [...WITH_MFA, 'ISSUERKEY', 'PUBLICKEY', 'SIGNIN'].sort(),
      [
        'DeleteItem ISSUERKEY',
        'PutItem ISSUERKEY',
        NOTES,
        'PutItem MFAUSE',
        'PutItem SIGNIN',
        ...MINT,
        'UpdateItem ISSUERKEY',
        'UpdateItem SIGNIN',
      ],
    ],
  ])('%s has what its action needs and no more', (name, reads, written) => {
    expect([readableKinds(name), writes(name)]).toEqual([reads, [...written].sort()])
  })
})

describe('what no function may do', () => {
  const STS = Object.entries(FUNCTIONS).filter(([, { action }]) => action !== undefined)
  const inFrontDoor = STS.map(([name]) => name as FunctionName).filter(
    (name) => !GRANTS['front-door'].invokes.some((isolated) => isolated === name),
  )

  it('the front door may do what the actions in its process may, serve documents and call what is isolated', () => {
    const own = ['dynamodb:Query PUBLICKEY#*']
    const theirs = inFrontDoor.flatMap((name) => tableRights(statementsOfFunction(api, name)))
    expect(tableRights(statementsOfFunction(api, 'front-door'))).toEqual([...new Set([...own, ...theirs])].sort())
  })

  it('the front door writes sessions, what counts them, spent codes, failed sign-ins, issuer keys and the use of keys, never configuration', () => {
    expect(writableKinds('front-door')).toEqual(['ISSUERKEY', 'KEYUSE', 'MFAUSE', 'QUOTA', 'SESSION', 'SIGNIN'])
  })

  it('the S3 gateway writes buckets and the use of keys, never sessions or configuration', () => {
    expect(writableKinds('s3')).toEqual(['BUCKET', 'BUCKETS', 'KEYUSE'])
  })

  it('bootstrap and the IAM API alone make and remove configuration, and they cannot make a session', () => {
    expect(writableKinds('bootstrap')).toEqual([...ENTITIES, 'BOOTSTRAP', 'PUBLICKEY', 'SIGNINGKEY'].sort())
    expect(writableKinds('iam')).toEqual([...ENTITIES, 'ALIAS', 'ISSUERKEY', 'KEYUSE', 'MFA', 'MFAUSE'].sort())
    const others = names.filter((name) => !['bootstrap', 'iam', 'reseal-secrets', 'revoke-sessions'].includes(name))
    expect(others.flatMap(writableKinds).filter((kind) => CONFIGURATION.includes(kind))).toEqual([])
  })

  it('the revocation changes what sessions rest on but can make none of it', () => {
    const rest = writes('revoke-sessions').filter((right) => !right.endsWith('SESSION') && right !== NOTES)
    expect(rest.every((right) => right.startsWith('UpdateItem '))).toBe(true)
    expect(rest.map((right) => right.split(' ')[1])).toEqual(['ACCOUNT', 'OIDC', 'ROLE', 'SAML', 'USER'])
  })

  it('bootstrap, which makes them, the action that signs and the re-sealing alone can reach the private halves of the signing keys', () => {
    const readers = names.filter((name) =>
      GRANTS[name].table.some(({ kinds }) => kinds.some((kind) => kind === 'SIGNINGKEY')),
    )
    expect(readers).toEqual(['get-web-identity-token', 'reseal-secrets', 'bootstrap'])
  })

  it('the front door alone calls other functions, and only the isolated ones, besides who asks directories and who names the rotation', () => {
    expect(names.flatMap((name) => GRANTS[name].invokes.map((isolated) => [name, isolated]))).toEqual([
      ['assume-role-with-ldap-identity', 'check-directory'],
      ['front-door', 'iam'],
      ['front-door', 'get-web-identity-token'],
      ['front-door', 'revoke-sessions'],
      ['front-door', 'assume-role-with-certificate'],
      ['front-door', 'assume-role-with-saml'],
      ['front-door', 'check-directory'],
      ['bootstrap', 'key-rotation'],
    ])
  })

  it('bootstrap alone can read the root access key, and change a secret besides the rotation of the rings', () => {
    const others = names.filter((name) => name !== 'bootstrap')
    const secretsOf = (name: FunctionName): FunctionGrants['secrets'] => GRANTS[name].secrets
    expect(others.flatMap((name) => Object.keys(secretsOf(name)))).not.toContain('rootKey')
    const changes = (name: FunctionName) =>
      Object.values(secretsOf(name)).some((actions) => actions.some((action) => !action.endsWith(':GetSecretValue')))
    expect(others.filter(changes)).toEqual(['key-rotation', 'prober'])
    expect(Object.keys(secretsOf('prober'))).toEqual(['proberKey'])
  })

  it('the prober may do nothing that a stranger may not', () => {
    expect(tableRights(statementsOfFunction(api, 'prober'))).toEqual([])
    expect(GRANTS.prober.invokes).toEqual([])
  })

  it('the rotation of the rings knows nothing of what they have sealed', () => {
    expect(tableRights(statementsOfFunction(api, 'key-rotation'))).toEqual([])
  })

  it('the re-sealing changes rows that hold sealed secrets, makes and removes none, and opens no session', () => {
    expect(writes('reseal-secrets')).toEqual([
      'UpdateItem BOOTSTRAP',
      'UpdateItem KEY',
      'UpdateItem MFA',
      'UpdateItem SIGNINGKEY',
    ])
    expect(Object.keys(GRANTS['reseal-secrets'].secrets)).toEqual(['longTermRing'])
  })

  it('the re-sealing alone scans, and sees of each row only what is sealed and what that is bound to', () => {
    const scans = names.flatMap((name) =>
      statementsOfFunction(api, name).filter(({ Action }) => listOf(Action).includes('dynamodb:Scan')),
    )
    const seen = [
      'pk',
      'sk',
      'sealedSecret',
      'accessKeyId',
      'sealedSeed',
      'serialNumber',
      'sealedPrivateKey',
      'sealedDigest',
    ]
    expect(scans.map(({ Condition }) => Condition)).toEqual([
      {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': seen },
        StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      },
    ])
    expect(statementsOfFunction(api, 'reseal-secrets').filter((s) => scans.includes(s))).toHaveLength(1)
  })

  it('a function that mints from tokens cannot open long-term secrets', () => {
    expect(Object.keys(GRANTS['assume-role-with-web-identity'].secrets)).toEqual(['sessionRing'])
  })

  it('nothing else scans, nothing removes a session, and the revocation alone changes one', () => {
    const all = names.flatMap((name) => tableRights(statementsOfFunction(api, name)).map((right) => `${name} ${right}`))
    expect(all.filter((right) => /Scan|Partiql|Stream|anything/i.test(right))).toEqual([
      'reseal-secrets dynamodb:Scan anything',
    ])
    expect(all.filter((right) => /(UpdateItem|DeleteItem) SESSION/.test(right))).toEqual([
      'revoke-sessions dynamodb:UpdateItem SESSION#*',
    ])
  })

  it('sessions, spent codes and secrets of devices are listed by nobody but the IAM API', () => {
    const listed = names.flatMap((name) =>
      tableRights(statementsOfFunction(api, name))
        .filter((right) => /Query (SESSION|KEY|MFA|MFAUSE)#/.test(right))
        .map((right) => `${name} ${right}`),
    )
    expect(listed).toEqual(['iam dynamodb:Query MFA#*'])
  })
})

describe('the store behind the S3 gateway', () => {
  const s3Statements = (buckets?: readonly string[]) =>
    statementsOfFunction(synthesize(buckets ? { objectStore: { buckets } } : {}).api, 's3').filter(({ Action }) =>
      listOf(Action)[0]?.startsWith('s3:'),
    )

  it('is closed unless its buckets are named', () => {
    expect(s3Statements()).toEqual([])
  })

  it('is open to no other function', () => {
    const { api: open } = synthesize({ objectStore: { buckets: ['team-*'] } })
    const others = names.filter((name) => name !== 's3').flatMap((name) => statementsOfFunction(open, name))
    expect(others.filter(({ Action }) => listOf(Action)[0]?.startsWith('s3:'))).toEqual([])
  })

  it('is open for the named buckets and their objects alone', () => {
    const arn = (rest: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::${rest}`]] })
    expect(s3Statements(['team-*']).map(({ Resource }) => Resource)).toEqual([arn('team-*'), arn('team-*/*')])
  })
})
