import { accountAliasKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, members, policy, ROOT } from '../support/iam.ts'
import type { SigningCredentials } from '../support/sign.ts'

const OTHER_ROOT: SigningCredentials = { accessKeyId: 'otherkey', secretAccessKey: 'other-secret' }

let daypass: IamDeployment
let bob: SigningCredentials

beforeEach(async () => {
  daypass = await iamDeployment()
  bob = await daypass.user('bob')
  const rootAccessKey = { AccessKeyId: OTHER_ROOT.accessKeyId, SecretAccessKey: OTHER_ROOT.secretAccessKey }
  await daypass.apply({ id: '111111111111', rootAccessKey })
})

const aliasesOf = async (credentials: SigningCredentials) =>
  members((await daypass.iam(credentials, 'ListAccountAliases')).result.AccountAliases)

describe('an account alias', () => {
  it('is created, replaced, listed and deleted', async () => {
    expect(await aliasesOf(ROOT)).toEqual([])
    await daypass.root('CreateAccountAlias', { AccountAlias: 'acme' })
    await daypass.root('CreateAccountAlias', { AccountAlias: 'acme-2' })
    expect(await aliasesOf(ROOT)).toEqual(['acme-2'])
    expect((await daypass.iam(ROOT, 'DeleteAccountAlias', { AccountAlias: 'acme' })).code).toBe('NoSuchEntity')
    await daypass.root('DeleteAccountAlias', { AccountAlias: 'acme-2' })
    expect(await aliasesOf(ROOT)).toEqual([])
  })

  it('is one account’s alone, until it gives it up', async () => {
    await daypass.root('CreateAccountAlias', { AccountAlias: 'acme' })
    const claim = () => daypass.iam(OTHER_ROOT, 'CreateAccountAlias', { AccountAlias: 'acme' })
    expect(await claim()).toMatchObject({ status: 409, code: 'EntityAlreadyExists' })
    expect((await daypass.iam(OTHER_ROOT, 'DeleteAccountAlias', { AccountAlias: 'acme' })).code).toBe('NoSuchEntity')
    await daypass.root('CreateAccountAlias', { AccountAlias: 'other' })
    expect((await claim()).code).toBeUndefined()
    expect([await aliasesOf(ROOT), await aliasesOf(OTHER_ROOT)]).toEqual([['other'], ['acme']])
  })

  it('that was claimed when the process broke off is the account’s to claim again', async () => {
    await daypass.deps.store.put({ ...accountAliasKey('acme'), account: ACCOUNT })
    expect((await daypass.iam(OTHER_ROOT, 'CreateAccountAlias', { AccountAlias: 'acme' })).code).toBe(
      'EntityAlreadyExists',
    )
    await daypass.root('CreateAccountAlias', { AccountAlias: 'acme' })
    expect(await aliasesOf(ROOT)).toEqual(['acme'])
  })

  it.each([
    ['ab', 'ValidationError'],
    ['abc', undefined],
    ['a'.repeat(63), undefined],
    ['a'.repeat(64), 'ValidationError'],
    ['Acme', 'ValidationError'],
    ['a--b', 'ValidationError'],
  ])('%s: %s', async (AccountAlias, code) => {
    expect((await daypass.iam(ROOT, 'CreateAccountAlias', { AccountAlias })).code).toBe(code)
  })
})

describe('GetAccountSummary', () => {
  it('counts what the account has', async () => {
    await daypass.root('CreateGroup', { GroupName: 'devs' })
    await daypass.root('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' })
    const { Policy } = await daypass.root('CreatePolicy', {
      PolicyName: 'p',
      PolicyDocument: policy({ Action: 's3:*' }),
    })
    await daypass.root('CreatePolicyVersion', { PolicyArn: Policy.Arn, PolicyDocument: policy({ Action: '*' }) })
    const { SummaryMap } = await daypass.root('GetAccountSummary')
    const counts = Object.fromEntries(
      SummaryMap.entry.map(({ key, value }: { key: string; value: string }) => [key, Number(value)]),
    )
    expect(counts).toMatchObject({
      Users: 1,
      UsersQuota: 5000,
      Groups: 1,
      Roles: 0,
      Policies: 1,
      PolicyVersionsInUse: 2,
      MFADevices: 1,
      MFADevicesInUse: 0,
      AccountAccessKeysPresent: 1,
      AccountMFAEnabled: 0,
    })
  })
})

describe('outbound web identity federation', () => {
  const enable = () => daypass.iam(ROOT, 'EnableOutboundWebIdentityFederation')
  const info = (credentials = ROOT) => daypass.iam(credentials, 'GetOutboundWebIdentityFederationInfo')
  const disable = () => daypass.iam(ROOT, 'DisableOutboundWebIdentityFederation')

  it('is off, then on with the issuer of the host that was asked, then off', async () => {
    expect([(await info()).code, (await disable()).code]).toEqual(['FeatureDisabled', 'FeatureDisabled'])
    expect((await enable()).result).toEqual({ IssuerIdentifier: 'https://iam.example' })
    expect(await enable()).toMatchObject({ status: 409, code: 'FeatureEnabled' })
    expect((await info()).result).toEqual({ IssuerIdentifier: 'https://iam.example', JwtVendingEnabled: 'true' })
    expect(await info(OTHER_ROOT)).toMatchObject({ status: 404, code: 'FeatureDisabled' })
    expect((await disable()).code).toBeUndefined()
    expect((await info()).code).toBe('FeatureDisabled')
  })
})

describe('what Daypass does not have', () => {
  it.each([
    ['ListInstanceProfiles', 'InstanceProfiles'],
    ['ListServerCertificates', 'ServerCertificateMetadataList'],
    ['ListSSHPublicKeys', 'SSHPublicKeys'],
    ['ListSigningCertificates', 'Certificates'],
    ['ListServiceSpecificCredentials', 'ServiceSpecificCredentials'],
  ])('%s lists none of', async (action, list) => {
    expect(await daypass.root(action, { UserName: 'bob' })).toEqual({ [list]: '', IsTruncated: 'false' })
  })

  it.each([
    ['ListSSHPublicKeys', undefined],
    ['ListSigningCertificates', undefined],
    ['ListServiceSpecificCredentials', undefined],
    ['GetLoginProfile', 'NoSuchEntity'],
    ['DeleteLoginProfile', 'NoSuchEntity'],
  ])('%s speaks of users that there are: else NoSuchEntity', async (action, code) => {
    expect((await daypass.iam(ROOT, action, { UserName: 'bob' })).code).toBe(code)
    expect(await daypass.iam(ROOT, action, { UserName: 'eve' })).toMatchObject({
      code: 'NoSuchEntity',
      message: 'The user with name eve cannot be found.',
    })
  })

  it('has no login profiles', async () => {
    const { message } = await daypass.iam(ROOT, 'GetLoginProfile', { UserName: 'bob' })
    expect(message).toBe('Login Profile for User bob cannot be found.')
  })

  it.each(['GetAccountPasswordPolicy', 'DeleteAccountPasswordPolicy'])('%s finds none', async (action) => {
    expect(await daypass.iam(ROOT, action)).toMatchObject({
      status: 404,
      code: 'NoSuchEntity',
      message: `The Password Policy with domain name ${ACCOUNT} cannot be found.`,
    })
  })
})

describe('rights on the account', () => {
  it.each([
    ['CreateAccountAlias'],
    ['DeleteAccountAlias'],
    ['ListAccountAliases'],
    ['GetAccountSummary'],
    ['GetAccountPasswordPolicy'],
    ['DeleteAccountPasswordPolicy'],
    ['EnableOutboundWebIdentityFederation'],
    ['DisableOutboundWebIdentityFederation'],
    ['GetOutboundWebIdentityFederationInfo'],
    ['ListInstanceProfiles'],
    ['ListServerCertificates'],
    ['ListSSHPublicKeys'],
    ['ListSigningCertificates'],
    ['ListServiceSpecificCredentials'],
    ['GetLoginProfile'],
    ['DeleteLoginProfile'],
  ])('%s is for those who have it', async (action) => {
    const params = { AccountAlias: 'acme', UserName: 'bob' }
    expect((await daypass.iam(bob, action, params)).code).toBe('AccessDenied')
    const admin = await daypass.user('admin', { Action: `iam:${action}` })
    expect((await daypass.iam(admin, action, params)).code).not.toBe('AccessDenied')
  })
})
