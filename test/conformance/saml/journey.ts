import assert from 'node:assert/strict'
import { SmallBrowser } from '../../samples/browser.ts'
import { adminOf } from '../keycloak/admin.ts'
import type { Secrets } from '../shared/secrets.ts'
import { stsOf } from '../shared/sts.ts'
import type { AwsCli } from './aws-cli.ts'
import { PROVIDER, ROLE, ROOT, UNTAGGED_ROLE } from './trust.ts'

interface World {
  readonly aws: AwsCli
  readonly endpoint: string
  /** Of Keycloak's realm. */
  readonly issuer: string
  readonly secrets: Secrets
}

/** What users of a real identity provider do with SAML; each step is told when it is done, and a wrong one throws. */
export async function* journey({ aws, endpoint, issuer, secrets }: World): AsyncGenerator<string> {
  const [admin, sts] = [adminOf(issuer), stsOf(endpoint, secrets)]
  const metadata = async () => (await fetch(`${issuer}/protocol/saml/descriptor`)).text()
  const login = async (user: string) => secrets.keep(await samlResponse(issuer, user))
  const assume = (assertion: string, role = ROLE, provider = PROVIDER) => [
    ...['sts', 'assume-role-with-saml', '--role-arn', role, '--principal-arn', provider],
    ...['--saml-assertion', assertion],
  ]

  const first = await metadata()
  const register = ['iam', 'create-saml-provider', '--name', 'keycloak', '--saml-metadata-document']
  const made = await aws.ok([...register, aws.file('first.xml', first)], ROOT)
  assert.equal(made.SAMLProviderArn, PROVIDER)
  const told = await aws.ok(['iam', 'get-saml-provider', '--saml-provider-arn', PROVIDER], ROOT)
  assert.equal(told.SAMLMetadataDocument, first)
  const { SAMLProviderList } = await aws.ok(['iam', 'list-saml-providers'], ROOT)
  assert.deepEqual(
    (SAMLProviderList as { Arn: string }[]).map(({ Arn }) => Arn),
    [PROVIDER],
  )
  yield 'the AWS CLI registers Keycloak by its metadata, tells it and lists it'

  const alice = await login('alice')
  const { Credentials, ...granted } = await aws.ok(assume(alice))
  const session = environmentOf(Credentials, secrets)
  assert.partialDeepStrictEqual(granted, {
    SubjectType: 'persistent',
    Issuer: issuer,
    Audience: 'https://signin.aws.amazon.com/saml',
    AssumedRoleUser: { Arn: 'arn:aws:sts::123456789012:assumed-role/saml-reader/alice' },
  })
  const { Arn } = await aws.ok(['sts', 'get-caller-identity'], session)
  assert.equal(Arn, 'arn:aws:sts::123456789012:assumed-role/saml-reader/alice')
  await aws.ok(['s3api', 'list-buckets'], session)
  await aws.refused(['s3api', 'create-bucket', '--bucket', 'not-hers'], 'AccessDenied', session)
  yield 'alice logs in at Keycloak’s page, takes the role that it asserts, and reads S3, but writes nothing'

  await aws.ok(assume(alice))
  yield 'her assertion is good again while it is valid'

  await aws.refused(assume(await login('bob')), '(?:AccessDenied|InvalidIdentityToken)')
  yield 'bob, to whom Keycloak gives no role, gets none'

  await aws.refused(assume(alice, UNTAGGED_ROLE), 'AccessDenied')
  await aws.refused(assume(alice, ROLE, `${PROVIDER}-other`), 'InvalidIdentityToken')
  yield 'alice gets neither a role that her assertion does not name nor one by another provider'

  const flaws = flawsOf(alice)
  const exchange = (SAMLAssertion: string) => ({
    Action: 'AssumeRoleWithSAML',
    RoleArn: ROLE,
    PrincipalArn: PROVIDER,
    SAMLAssertion,
  })
  for (const [, response] of flaws) await sts.refused(exchange(response), 'InvalidIdentityToken')
  yield `her response with ${flaws.map(([what]) => what).join(', ')} is refused`

  // An assertion lives for five minutes, and a busy machine takes its time.
  const before = await login('alice')
  await admin.addSigningKey('saml-second', 500)
  const rotated = await login('alice')
  await sts.refused(exchange(rotated), 'InvalidIdentityToken')
  await sts.granted(exchange(before))
  yield 'after Keycloak’s rotation what the new key signs is refused, as long as the metadata is the old one'
  const second = aws.file('second.xml', await metadata())
  const update = ['iam', 'update-saml-provider', '--saml-provider-arn', PROVIDER, '--saml-metadata-document', second]
  await aws.ok(update, ROOT)
  await sts.granted(exchange(rotated))
  await sts.granted(exchange(before))
  yield 'with the new metadata, which has both keys, both are good'

  await aws.ok(['sts', 'get-caller-identity'], session)
  await aws.ok(['iam', 'delete-saml-provider', '--saml-provider-arn', PROVIDER], ROOT)
  await aws.refused(['sts', 'get-caller-identity'], 'InvalidClientTokenId', session)
  await sts.refused(exchange(rotated), 'InvalidIdentityToken')
  yield 'sessions outlive the rotation, and end with the provider'
}

/** Logs in at Keycloak's page for AWS; the response lies in the page that would send it there. */
async function samlResponse(issuer: string, user: string): Promise<string> {
  const browser = new SmallBrowser()
  const page = await browser.go(`${issuer}/protocol/saml/clients/aws`)
  const { html } = await browser.submit(page, { username: user, password: `${user}-pw` })
  const [, response] = /name="SAMLResponse"\s+value="([^"]+)"/i.exec(html) ?? []
  assert.ok(response, `${user} got no response`)
  return response.replaceAll('&#43;', '+').replaceAll('&#x2b;', '+').replaceAll('&#61;', '=')
}

function environmentOf(credentials: unknown, secrets: Secrets): Record<string, string> {
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials as Record<string, string>
  return {
    AWS_ACCESS_KEY_ID: AccessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: secrets.keep(SecretAccessKey ?? ''),
    AWS_SESSION_TOKEN: secrets.keep(SessionToken ?? ''),
  }
}

/** What an attacker makes of a response that Keycloak has signed as a whole and in its assertion. */
function flawsOf(response: string): readonly (readonly [string, string])[] {
  const xml = Buffer.from(response, 'base64').toString()
  const part = (pattern: RegExp) => pattern.exec(xml)?.[0] ?? ''
  const assertion = part(/<saml:Assertion[\s\S]*<\/saml:Assertion>/)
  const signatures = /<dsig:Signature [\s\S]*?<\/dsig:Signature>/g
  assert.ok(assertion !== '' && xml.match(signatures)?.length === 2, 'Keycloak’s response has changed its form')
  const evil = assertion
    .replace(signatures, '')
    .replace(/ID="[^"]*"/, 'ID="_evil"')
    .replaceAll('>alice<', '>root<')
  const encoded = (text: string) => Buffer.from(text).toString('base64')
  return [
    ['another session name', encoded(xml.replaceAll('>alice<', '>root<'))],
    ['no signature', encoded(xml.replace(signatures, ''))],
    ['the assertion’s signature taken out', encoded(xml.replace(assertion, () => assertion.replace(signatures, '')))],
    ['an assertion before it', encoded(xml.replace(assertion, () => evil + assertion))],
    [
      'an assertion around it',
      encoded(xml.replace(assertion, () => evil.replace('</saml:Assertion>', `${assertion}$&`))),
    ],
    ['a comment in its values', encoded(xml.replaceAll('>alice<', '>ali<!-- -->ce<'))],
    ['a document type', encoded(`<!DOCTYPE x>${xml}`)],
  ]
}
