import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { ListBucketsCommand } from '@aws-sdk/client-s3'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { totpCode, totpStep } from '@daypass/core/mfa/totp.ts'
import { type Answer, clientsOf, type Deployment, type Keys, keysOf, refused, rejected } from './clients.ts'
import { ACCOUNT, CLIENT_ID, MEMBER_ACCOUNT, ROLE_ARN, SUBJECT } from './trial-document.ts'

const USER_ARN = `arn:aws:iam::${ACCOUNT}:user/member`
const MEMBER_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/Member`
const SESSION_ARN = `arn:aws:sts::${ACCOUNT}:assumed-role/Member/journey`
const AUDIT_TASK = 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials'
const DENIED = /Encoded authorization failure message: ([\w-]+)/

/** What a holder of long-term keys does with STS, at the front door and at each action's own function. */
export async function* stsJourney(deployment: Deployment): AsyncGenerator<string> {
  const { root, sts, iam, s3, send, signed } = clientsOf(deployment)
  const admin = iam(root)
  const member = await makeMember(admin)
  const paths = (action: string) => ['', action] as const
  const whoIs = async (keys: Keys) => {
    const { body } = await signed(keys, '', { Action: 'GetCallerIdentity' })
    return /<Arn>([^<]*)</.exec(body)?.[1] ?? body
  }
  const isOver = async (keys: Keys) => {
    await refused(signed(keys, '', { Action: 'GetCallerIdentity' }), 403, 'InvalidClientTokenId')
    await rejected(s3(keys).send(new ListBucketsCommand({})), 'InvalidToken')
  }

  const assume = { Action: 'AssumeRole', RoleArn: MEMBER_ROLE_ARN, RoleSessionName: 'journey' }
  const { AssumedRoleUser } = await sts(member).send(
    new AssumeRoleCommand({ RoleArn: MEMBER_ROLE_ARN, RoleSessionName: 'journey' }),
  )
  assert.equal(AssumedRoleUser?.Arn, SESSION_ARN)
  for (const path of paths('AssumeRole')) {
    const session = await keysOf(signed(member, path, assume))
    assert.equal(await whoIs(session), SESSION_ARN)
    await s3(session).send(new ListBucketsCommand({}))
    assert.equal(await whoIs(await keysOf(signed(session, path, assume))), SESSION_ARN)
    await refused(signed(member, path, { ...assume, RoleArn: ROLE_ARN }), 403, 'AccessDenied')
    await refused(signed(member, path, { ...assume, RoleArn: `${ROLE_ARN}-missing` }), 403, 'AccessDenied')
    await refused(signed(root, path, assume), 403, 'AccessDenied')
    await refused(send('POST', path, { ...assume, Version: '2011-06-15' }), 403, 'MissingAuthenticationToken')
    yield `/${path} gives a role that trusts the user, and its session the role again; not another's, nor to root`
  }

  for (const path of paths('GetSessionToken')) {
    const session = await keysOf(signed(member, path, { Action: 'GetSessionToken' }))
    assert.equal(await whoIs(session), USER_ARN)
    await rejected(iam(session).send(new GetUserCommand({})), 'InvalidClientTokenId')
    await refused(signed(session, path, { Action: 'GetSessionToken' }), 403, 'AccessDenied')
    yield `/${path} gives a session of the user's own, which may neither call IAM nor make another`
  }

  yield* secondFactor(deployment, admin, member)

  for (const path of paths('GetFederationToken')) {
    const federate = { Action: 'GetFederationToken', Name: 'guest', SerialNumber: `arn:aws:iam::${ACCOUNT}:mfa/x` }
    const session = await keysOf(signed(member, path, federate))
    assert.equal(await whoIs(session), `arn:aws:sts::${ACCOUNT}:federated-user/guest`)
    await refused(signed(member, path, { ...federate, Name: 'other' }), 403, 'AccessDenied')
    yield `/${path} gives a session for a guest, and for no other name`
  }

  for (const path of paths('AssumeRoot')) {
    const task = { Action: 'AssumeRoot', TargetPrincipal: MEMBER_ACCOUNT, 'TaskPolicyArn.arn': AUDIT_TASK }
    assert.equal(await whoIs(await keysOf(signed(root, path, task))), `arn:aws:iam::${MEMBER_ACCOUNT}:root`)
    await refused(signed(member, path, task), 403, 'AccessDenied')
    yield `/${path} gives root another account's root for a task, and no user`
  }

  for (const path of paths('GetAccessKeyInfo')) {
    const info = (AccessKeyId: string) => signed(member, path, { Action: 'GetAccessKeyInfo', AccessKeyId })
    assert.match((await info(root.accessKeyId)).body, new RegExp(`<Account>${ACCOUNT}</Account>`))
    await refused(info('AKIAAAAAAAAAAAAAAAAA'), 400, 'ValidationError')
    yield `/${path} tells whose account a key is of`
  }

  for (const path of paths('DecodeAuthorizationMessage')) {
    const { body } = await signed(member, '', { Action: 'GetDelegatedAccessToken', TradeInToken: 'any' })
    const EncodedMessage = DENIED.exec(body)?.[1] ?? assert.fail(body)
    const decode = { Action: 'DecodeAuthorizationMessage', EncodedMessage }
    assert.match((await signed(root, path, decode)).body, /sts:GetDelegatedAccessToken/)
    await refused(signed(member, path, decode), 403, 'AccessDenied')
    await refused(
      signed(root, path, { ...decode, EncodedMessage: 'damaged' }),
      400,
      'InvalidAuthorizationMessageException',
    )
    yield `/${path} tells root why the user was denied, and the user not`
  }

  for (const path of paths('GetDelegatedAccessToken')) {
    const trade = { Action: 'GetDelegatedAccessToken', TradeInToken: 'any' }
    await refused(signed(root, path, trade), 400, 'ExpiredTradeInTokenException')
    yield `/${path} refuses every trade-in token`
  }

  for (const path of paths('RevokeSessions')) {
    const revoke = async (credentials: Keys, params: Record<string, string> = {}) => {
      const { status, body } = await signed(credentials, path, { Action: 'RevokeSessions', ...params })
      assert.equal(status, 200, body)
    }
    const session = () => keysOf(signed(member, '', assume))
    const exchanged = () => keysOf(exchange(deployment))
    const [own, named, ofRole, ofUser, ofProvider] = await Promise.all([
      session(),
      session(),
      session(),
      keysOf(signed(member, '', { Action: 'GetSessionToken' })),
      exchanged(),
    ])
    await revoke(own)
    await isOver(own)
    assert.equal(await whoIs(named), SESSION_ARN)
    await revoke(root, { AccessKeyId: named.accessKeyId })
    await revoke(root, { AccessKeyId: `ASIA${path === '' ? 'A' : 'B'}AAAAAAAAAAAAAAA` })
    await isOver(named)
    assert.equal(await whoIs(ofRole), SESSION_ARN)
    await revoke(root, { PrincipalArn: MEMBER_ROLE_ARN })
    await isOver(ofRole)
    await revoke(root, { PrincipalArn: USER_ARN })
    await isOver(ofUser)
    const provider = deployment.issuer.url.replace(/^https?:\/\//, '')
    await revoke(root, { ProviderArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/${provider}` })
    await isOver(ofProvider)

    await refused(signed(member, path, { Action: 'RevokeSessions', AllOfAccount: 'true' }), 403, 'AccessDenied')
    await refused(signed(member, path, { Action: 'RevokeSessions' }), 400, 'ValidationError')
    await refused(
      send('POST', path, { Action: 'RevokeSessions', Version: '2011-06-15', AllOfAccount: 'true' }),
      403,
      'MissingAuthenticationToken',
    )
    await setTimeout(5) // a session that is issued in the same millisecond as the mark is revoked with the others
    const last = await exchanged()
    await revoke(root, { AllOfAccount: 'true' })
    await isOver(last)
    await setTimeout(5)
    assert.equal(await whoIs(await session()), SESSION_ARN)
    yield `/${path} ends sessions by themselves, their key, role, user, provider and account, for those who may`
  }
}

/** A device is made, enabled and shown; each code once. */
async function* secondFactor(
  deployment: Deployment,
  admin: ReturnType<ReturnType<typeof clientsOf>['iam']>,
  member: Keys,
): AsyncGenerator<string> {
  const { iam, signed } = clientsOf(deployment)
  const { VirtualMFADevice } = await admin.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }))
  const { SerialNumber = '', Base32StringSeed = new Uint8Array() } = VirtualMFADevice ?? {}
  const seed = fromBase32(Buffer.from(Base32StringSeed).toString())
  // So that the three codes below are still those of this step when they arrive.
  while (Date.now() % 30_000 > 20_000) await setTimeout(500)
  const codeAt = (later: number) => totpCode(seed, totpStep(Date.now()) + later)
  const device = { UserName: 'member', SerialNumber }
  const codes = { AuthenticationCode1: codeAt(-1), AuthenticationCode2: codeAt(0) }
  await admin.send(new EnableMFADeviceCommand({ ...device, ...codes }))
  const show = (path: string, TokenCode: string): Promise<Answer> =>
    signed(member, path, { Action: 'GetSessionToken', SerialNumber, TokenCode })
  await refused(show('', codeAt(0)), 403, 'AccessDenied')
  const session = await keysOf(show('GetSessionToken', codeAt(1)))
  const { User } = await iam(session).send(new GetUserCommand({}))
  assert.equal(User?.UserName, 'member')
  await refused(show('', codeAt(1)), 403, 'AccessDenied')
  await refused(
    signed(member, 'AssumeRole', {
      Action: 'AssumeRole',
      RoleArn: MEMBER_ROLE_ARN,
      RoleSessionName: 'journey',
      SerialNumber,
      TokenCode: codeAt(1),
    }),
    403,
    'AccessDenied',
  )
  await admin.send(new DeactivateMFADeviceCommand(device))
  await admin.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }))
  yield 'a second factor opens IAM to a session, and no code does so twice, wherever it is shown'
}

async function makeMember(admin: ReturnType<ReturnType<typeof clientsOf>['iam']>): Promise<Keys> {
  const UserName = 'member'
  await admin.send(new CreateUserCommand({ UserName }))
  const { AccessKey } = await admin.send(new CreateAccessKeyCommand({ UserName }))
  assert.ok(AccessKey?.AccessKeyId && AccessKey.SecretAccessKey)
  const PolicyDocument = policy(
    { Effect: 'Allow', Action: ['iam:GetUser', 'sts:GetAccessKeyInfo'], Resource: '*' },
    { Effect: 'Allow', Action: 'sts:GetFederationToken', Resource: `arn:aws:sts::${ACCOUNT}:federated-user/guest` },
  )
  await admin.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }))
  const trust = policy({
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { AWS: [USER_ARN, MEMBER_ROLE_ARN] },
  })
  const role = { RoleName: 'Member' }
  await admin.send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: trust }))
  await admin.send(
    new PutRolePolicyCommand({
      ...role,
      PolicyName: 'list',
      PolicyDocument: policy({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }),
    }),
  )
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
}

function exchange(deployment: Deployment): Promise<Answer> {
  return clientsOf(deployment).send('POST', '', {
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: ROLE_ARN,
    RoleSessionName: 'journey',
    WebIdentityToken: deployment.issuer.sign({ sub: SUBJECT, aud: CLIENT_ID }),
  })
}

const policy = (...statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })

function fromBase32(text: string): Buffer {
  const bits = [...text].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
