import { webhookFetch } from '@daypass/core/decision-webhook/ask.ts'
import { parseCustomTokenSources } from '@daypass/core/identity/custom-token/settings.ts'
import { parseCertificateSources } from '@daypass/core/identity-sources/parse-certificate.ts'
import { ensureSigningKeys } from '@daypass/core/issuer/signing-keys.ts'
import { accountKey } from '@daypass/core/store/keys.ts'
import { saying, startFakeWebhook } from '../test/core/decision-webhook/fake-webhook.ts'
import { makeAuthority, makeCertificate } from '../test/support/certificate-maker.ts'
import { ACCOUNT, credentialsOf, deploymentWith } from '../test/support/deployment.ts'
import { fixtureDirectories } from '../test/support/fake-directory.ts'
import { type FakeIssuer, startFakeIssuer } from '../test/support/fake-issuer.ts'
import { makeFakeIdp } from '../test/support/fake-saml.ts'

const OTHER_ACCOUNT = '111122223333'
const USER = { accessKeyId: 'AKIABENCH', secretAccessKey: 'bench-secret' }
const MEMBER = { accessKeyId: 'AKIAMEMBER', secretAccessKey: 'member-secret' }
const SAML = `arn:aws:iam::${ACCOUNT}:saml-provider/bench`
const ROLE_POLICY = 'arn:minio:iam:::role/idmp-bench'
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`
const statement = (Statement: object) => ({ Version: '2012-10-17', Statement })
const EVERYTHING = statement({ Effect: 'Allow', Action: '*', Resource: '*' })
const trust = (Principal: object, Action: string) => statement({ Effect: 'Allow', Principal, Action })

/**
 * Calls to the table for each action, counted at the store port, beside the goal where there is one. The IAM API, which
 * reads and writes what it manages, is left out.
 */
export async function benchRoundTrips(): Promise<void> {
  const issuer = await startFakeIssuer({ algorithms: ['RS256'] })
  const webhook = await startFakeWebhook()
  webhook.answer(saying('{"user":"alice","maxValiditySeconds":3600,"claims":{}}'))
  try {
    await countAll(issuer, webhook.url.href)
  } finally {
    await Promise.all([issuer.close(), webhook.close()])
  }
}

async function countAll(issuer: FakeIssuer, webhook: string): Promise<void> {
  const authority = makeAuthority()
  const idp = makeFakeIdp()
  const log = { info() {}, warn() {}, error() {} }
  const plugin = {
    MINIO_IDENTITY_PLUGIN_URL: webhook,
    MINIO_IDENTITY_PLUGIN_ROLE_POLICY: 'readonly',
    MINIO_IDENTITY_PLUGIN_ROLE_ID: 'bench',
  }
  const daypass = await deploymentWith(
    {
      customTokens: { sources: parseCustomTokenSources(plugin, ACCOUNT), fetch: webhookFetch() },
      certificateSources: parseCertificateSources({ DAYPASS_IDENTITY_TLS_CA: authority.pem }, ACCOUNT),
      directories: fixtureDirectories(log),
    },
    account(issuer.url, idp.metadata()),
    { id: OTHER_ACCOUNT },
  )
  await ensureSigningKeys(daypass.deps)
  await daypass.deps.store.update(accountKey(ACCOUNT), { set: { outboundFederation: true } })

  const now = daypass.clock.now()
  const sign = () => issuer.sign({ sub: 'bench', aud: 'bench', iat: now / 1000, exp: now / 1000 + 60 })
  const named = { RoleArn: role('web'), RoleSessionName: 'bench' }
  const chained = { Action: 'AssumeRole', RoleArn: role('chained'), RoleSessionName: 'bench' }
  const me = { Action: 'GetCallerIdentity' }
  const rows: Record<string, string | number>[] = []
  const count = async <T extends { status: number; body: string }>(
    request: string,
    most: number | undefined,
    run: () => Promise<T>,
  ) => {
    const before = { ...daypass.trips.trips }
    const answer = await run()
    if (answer.status >= 300) throw new Error(`${request} was answered with ${answer.body}`)
    const made = Object.entries(daypass.trips.trips).map(
      ([kind, n]) => [kind, n - before[kind as keyof typeof before]] as const,
    )
    rows.push({
      request,
      'round trips': made.reduce((sum, [, n]) => sum + n, 0),
      goal: most === undefined ? '' : `≤ ${most}`,
      of: made.flatMap(([kind, n]) => (n > 0 ? [`${n} ${kind}`] : [])).join(', '),
    })
    return answer
  }
  const web = () => daypass.post({ Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: sign(), ...named })
  await count('AssumeRoleWithWebIdentity, first token of an issuer', undefined, web)
  const session = credentialsOf(await count('AssumeRoleWithWebIdentity', 2, web))
  await count('AssumeRoleWithClientGrants', undefined, () =>
    daypass.post({ Action: 'AssumeRoleWithClientGrants', Token: sign(), RoleArn: role('grants') }),
  )
  await count('AssumeRoleWithSAML', undefined, () =>
    daypass.post({
      Action: 'AssumeRoleWithSAML',
      RoleArn: role('saml'),
      PrincipalArn: SAML,
      SAMLAssertion: idp.response({ now, roles: [`${role('saml')},${SAML}`] }),
    }),
  )
  await count('AssumeRoleWithCustomToken', undefined, () =>
    daypass.post({ Action: 'AssumeRoleWithCustomToken', Token: 'bench', RoleArn: ROLE_POLICY }),
  )
  const { pem: clientCertificate } = makeCertificate({ by: authority, subject: { CN: 'bench' } })
  await count('AssumeRoleWithCertificate', undefined, () =>
    daypass.post({ Action: 'AssumeRoleWithCertificate', RoleArn: role('certificate') }, { clientCertificate }),
  )
  await count('AssumeRoleWithLDAPIdentity, with the counts of attempts', undefined, () =>
    daypass.post({
      Action: 'AssumeRoleWithLDAPIdentity',
      LDAPUsername: 'alice',
      LDAPPassword: 'alice-pw',
      RoleArn: role('ldap'),
    }),
  )
  await count('AssumeRole, user', 5, () => daypass.signed(USER, chained))
  await count('AssumeRole, user in a group', 5, () => daypass.signed(MEMBER, chained))
  const second = credentialsOf(await count('AssumeRole, session', 3, () => daypass.signed(session, chained)))
  await count('AssumeRoot', undefined, () =>
    daypass.signed(USER, {
      Action: 'AssumeRoot',
      TargetPrincipal: OTHER_ACCOUNT,
      'TaskPolicyArn.arn': 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials',
    }),
  )
  await count('GetSessionToken', undefined, () => daypass.signed(USER, { Action: 'GetSessionToken' }))
  await count('GetFederationToken', undefined, () =>
    daypass.signed(USER, { Action: 'GetFederationToken', Name: 'bench' }),
  )
  await count('GetCallerIdentity, long-term key', 4, () => daypass.signed(USER, me))
  await count('GetCallerIdentity, session', 2, () => daypass.signed(session, me))
  await count('GetCallerIdentity, chained session', 2, () => daypass.signed(second, me))
  const info = { Action: 'GetAccessKeyInfo', AccessKeyId: USER.accessKeyId }
  await count('GetAccessKeyInfo', undefined, () => daypass.signed(USER, info))
  const denial = (await daypass.signed(session, { ...info, AccessKeyId: MEMBER.accessKeyId })).error?.Message ?? ''
  const EncodedMessage = denial.slice(denial.lastIndexOf(' ') + 1)
  await count('DecodeAuthorizationMessage', undefined, () =>
    daypass.signed(USER, { Action: 'DecodeAuthorizationMessage', EncodedMessage }),
  )
  await count('GetWebIdentityToken', undefined, () =>
    daypass.signed(second, {
      Action: 'GetWebIdentityToken',
      'Audience.member.1': 'https://api.example',
      SigningAlgorithm: 'ES384',
    }),
  )
  await count('RevokeSessions, of itself', undefined, () => daypass.signed(session, { Action: 'RevokeSessions' }))
  console.table(rows)
}

function account(issuer: string, metadata: string) {
  const Federated = `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer.replace('http://', '')}`
  const key = ({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey }: typeof USER) => [
    { AccessKeyId, SecretAccessKey },
  ]
  const users = [`arn:aws:iam::${ACCOUNT}:user/bench`, `arn:aws:iam::${ACCOUNT}:user/member`, role('web')]
  const roles = {
    web: trust({ Federated }, 'sts:AssumeRoleWithWebIdentity'),
    grants: trust({ Federated }, 'sts:AssumeRoleWithClientGrants'),
    saml: trust({ Federated: SAML }, 'sts:AssumeRoleWithSAML'),
    ldap: trust({ Federated: `arn:aws:iam::${ACCOUNT}:ldap-provider/default` }, 'sts:AssumeRoleWithLDAPIdentity'),
    certificate: trust(
      { Federated: `arn:aws:iam::${ACCOUNT}:certificate-provider/default` },
      'sts:AssumeRoleWithCertificate',
    ),
    chained: trust({ AWS: users }, 'sts:AssumeRole'),
  }
  return {
    id: ACCOUNT,
    groups: [{ GroupName: 'members', policies: { all: EVERYTHING } }],
    users: [
      { UserName: 'bench', accessKeys: key(USER), policies: { all: EVERYTHING } },
      { UserName: 'member', accessKeys: key(MEMBER), groups: ['members'] },
    ],
    openIdConnectProviders: [{ Url: issuer, ClientIDList: ['bench'] }],
    samlProviders: [{ Name: 'bench', SAMLMetadataDocument: metadata }],
    roles: Object.entries(roles).map(([RoleName, AssumeRolePolicyDocument]) => ({
      RoleName,
      AssumeRolePolicyDocument,
      ...(RoleName === 'chained' ? { policies: { all: EVERYTHING } } : {}),
    })),
  }
}
