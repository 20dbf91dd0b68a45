import { createHmac } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ADMINISTRATOR, type Keys, type Programs, startPrograms, user } from './world.ts'

const MEMBER: Keys = {
  AWS_ACCESS_KEY_ID: 'AKIAMEMBERMEMBER7777',
  AWS_SECRET_ACCESS_KEY: 'member7777member7777member7777member7777',
}
const ACCOUNT = 'arn:aws:iam::000000000000'

const document = (statement: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', ...statement }],
})

/** What an administrator does with the AWS CLI; `aws` is the path of the program. */
export function awsCliIamJourneys(aws: string): void {
  let world: Programs
  beforeAll(async () => {
    const managed = 'arn:aws:iam::aws:policy'
    const listed = [0, 1, 2, 3, 4].map((n) => ({ UserName: `listed-${n}` }))
    world = await startPrograms({
      id: '000000000000',
      users: [
        user('administrator', ADMINISTRATOR, [`${managed}/AdministratorAccess`]),
        user('member', MEMBER),
        ...listed,
      ],
    })
  })
  afterAll(() => world.end())

  const cli = (args: string, env: Readonly<Record<string, string>> = ADMINISTRATOR) =>
    world.run(aws, args.split(' '), env)
  /** The answer of a command that must succeed; undefined when it says nothing. */
  const ok = async (args: string, env: Readonly<Record<string, string>> = ADMINISTRATOR) => {
    const { code, stdout, stderr } = await cli(args, env)
    expect({ code, stderr }, args).toEqual({ code: 0, stderr: '' })
    return stdout === '' ? undefined : JSON.parse(stdout)
  }
  const refusal = (code: string) => ({ code: 255, stderr: expect.stringContaining(`(${code})`) })
  const file = (name: string, content: object) => {
    writeFileSync(join(world.home, name), JSON.stringify(content))
    return `file://${name}`
  }
  const environment = (credentials: Record<string, string>): Record<string, string> => ({
    AWS_ACCESS_KEY_ID: credentials.AccessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: credentials.SecretAccessKey ?? '',
    ...(credentials.SessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.SessionToken }),
  })

  it('makes a user whose rights come by its group, and a key that bears them', { timeout: 120_000 }, async () => {
    expect(await ok('iam create-user --user-name dev --path /people/ --tags Key=team,Value=a')).toMatchObject({
      User: { Arn: `${ACCOUNT}:user/people/dev`, UserId: expect.stringMatching(/^AIDA/) },
    })
    await ok('iam create-group --group-name devs')
    const rights = file('rights.json', document({ Action: ['iam:GetUser', 's3:*'], Resource: '*' }))
    const { Policy } = await ok(`iam create-policy --policy-name rights --policy-document ${rights}`)
    await ok(`iam attach-group-policy --group-name devs --policy-arn ${Policy.Arn}`)
    const { AccessKey } = await ok('iam create-access-key --user-name dev')
    const dev = environment(AccessKey)
    expect(await cli('iam get-user', dev)).toMatchObject(refusal('AccessDenied'))
    await ok('iam add-user-to-group --group-name devs --user-name dev')
    expect(await ok('iam get-user', dev)).toMatchObject({ User: { UserName: 'dev', Path: '/people/' } })
    expect(await cli('iam list-users', dev)).toMatchObject(refusal('AccessDenied'))
    expect(await cli('s3 mb s3://devs-bucket', dev)).toMatchObject({ code: 0 })

    expect(await ok('iam get-group --group-name devs')).toMatchObject({ Users: [{ UserName: 'dev' }] })
    expect(await ok(`iam get-policy --policy-arn ${Policy.Arn}`)).toMatchObject({ Policy: { AttachmentCount: 1 } })
    const version = await ok(`iam get-policy-version --policy-arn ${Policy.Arn} --version-id v1`)
    expect(version.PolicyVersion.Document).toEqual(document({ Action: ['iam:GetUser', 's3:*'], Resource: '*' }))
    await ok(`iam update-access-key --user-name dev --access-key-id ${AccessKey.AccessKeyId} --status Inactive`)
    expect(await cli('iam get-user', dev)).toMatchObject(refusal('InvalidClientTokenId'))
    expect(await cli('iam delete-user --user-name dev')).toMatchObject(refusal('DeleteConflict'))
    expect(await cli('iam create-user --user-name Dev')).toMatchObject(refusal('EntityAlreadyExists'))
  })

  it('reads a list in pages and goes on where it stopped', async () => {
    const names = (answer: { Users: { UserName: string }[] }) => answer.Users.map(({ UserName }) => UserName)
    const all = names(await ok('iam list-users --page-size 2'))
    const first = await ok('iam list-users --page-size 2 --max-items 3')
    expect(names(first)).toEqual(all.slice(0, 3))
    expect(names(await ok(`iam list-users --page-size 2 --starting-token ${first.NextToken}`))).toEqual(all.slice(3))
    expect(all).toEqual(expect.arrayContaining(['administrator', 'listed-0', 'listed-4', 'member']))
    const forged = await cli('iam list-users --marker forged --no-paginate')
    expect(forged).toMatchObject(refusal('InvalidInput'))
  })

  it('makes a role, and its session has tags, a source identity and what the trust demands', async () => {
    const trust = document({
      Principal: { AWS: `${ACCOUNT}:user/member` },
      Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      Condition: { StringEquals: { 'sts:ExternalId': 'partner', 'aws:RequestTag/project': 'x' } },
    })
    const { Role } = await ok(
      `iam create-role --role-name partner --assume-role-policy-document ${file('trust.json', trust)}`,
    )
    expect(Role.AssumeRolePolicyDocument).toEqual(trust)
    const tagged = { Action: 's3:*', Resource: '*', Condition: { StringEquals: { 'aws:PrincipalTag/project': 'x' } } }
    await ok(
      `iam put-role-policy --role-name partner --policy-name s3 --policy-document ${file('s3.json', document(tagged))}`,
    )
    const assume = (more: string) =>
      `sts assume-role --role-arn ${Role.Arn} --role-session-name cli --source-identity alice ${more}`
    const answer = await ok(assume('--external-id partner --tags Key=project,Value=x'), MEMBER)
    expect(answer).toMatchObject({ SourceIdentity: 'alice', PackedPolicySize: 1 })
    expect(await cli('s3api list-buckets', environment(answer.Credentials))).toMatchObject({ code: 0 })
    for (const more of [
      '--tags Key=project,Value=x',
      '--external-id other --tags Key=project,Value=x',
      '--external-id partner --tags Key=project,Value=y',
      '--external-id partner',
    ]) {
      expect(await cli(assume(more), MEMBER), more).toMatchObject(refusal('AccessDenied'))
    }
  })

  it('shows a second factor, and what demands one opens to that session alone', { timeout: 60_000 }, async () => {
    const make = 'iam create-virtual-mfa-device --virtual-mfa-device-name phone --bootstrap-method Base32StringSeed'
    const { VirtualMFADevice } = await ok(`${make} --outfile seed`)
    const { SerialNumber } = VirtualMFADevice
    const step = Math.floor(Date.now() / 30_000)
    const codes = [-1, 0, 1].map((offset) => totp(readFileSync(join(world.home, 'seed'), 'latin1'), step + offset))
    const enable = `iam enable-mfa-device --user-name member --serial-number ${SerialNumber}`
    expect(await cli(`${enable} --authentication-code1 ${codes[0]} --authentication-code2 ${codes[0]}`)).toMatchObject(
      refusal('InvalidAuthenticationCode'),
    )
    await ok(`${enable} --authentication-code1 ${codes[0]} --authentication-code2 ${codes[1]}`)
    expect(await ok('iam list-mfa-devices --user-name member')).toMatchObject({ MFADevices: [{ SerialNumber }] })

    const withMfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
    const rights = file('mfa.json', document({ Action: 'iam:ListUsers', Resource: '*', Condition: withMfa }))
    await ok(`iam put-user-policy --user-name member --policy-name mfa --policy-document ${rights}`)
    const session = `sts get-session-token --serial-number ${SerialNumber} --token-code`
    expect(await cli(`${session} ${codes[1]}`, MEMBER)).toMatchObject(refusal('AccessDenied'))
    const { Credentials } = await ok(`${session} ${codes[2]}`, MEMBER)
    expect(await cli('iam list-users', environment(Credentials))).toMatchObject({ code: 0 })
    expect(await cli('iam list-users', MEMBER)).toMatchObject(refusal('AccessDenied'))
    const { Credentials: plain } = await ok('sts get-session-token', MEMBER)
    expect(await cli('iam list-users', environment(plain))).toMatchObject(refusal('InvalidClientTokenId'))
    expect(await cli(`${session} ${codes[2]}`, MEMBER)).toMatchObject(refusal('AccessDenied'))
  })

  it('learns from a denial, decoded, what was asked and why it failed', async () => {
    const { stderr } = await cli('iam create-group --group-name forbidden', MEMBER)
    expect(stderr).toContain('(AccessDenied)')
    const [, encoded = ''] = /Encoded authorization failure message: (\S+)/.exec(stderr) ?? []
    const decode = `sts decode-authorization-message --encoded-message ${encoded}`
    const { DecodedMessage } = await ok(decode)
    expect(JSON.parse(DecodedMessage)).toMatchObject({
      allowed: false,
      explicitDeny: false,
      context: {
        principal: { arn: `${ACCOUNT}:user/member` },
        action: 'iam:CreateGroup',
        resource: `${ACCOUNT}:group/forbidden`,
      },
    })
    expect(await cli(decode, MEMBER)).toMatchObject(refusal('AccessDenied'))
    const altered = encoded.slice(0, -2) + (encoded.endsWith('AA') ? 'BB' : 'AA')
    expect(await cli(decode.replace(encoded, altered))).toMatchObject(refusal('InvalidAuthorizationMessageException'))
  })

  it("simulates a user's rights and tells all of the account's", { timeout: 60_000 }, async () => {
    const simulate = `iam simulate-principal-policy --action-names s3:GetObject iam:CreateUser --policy-source-arn ${ACCOUNT}:user`
    const decisions = async (name: string) => {
      const { EvaluationResults } = await ok(`${simulate}/${name}`)
      return EvaluationResults.map((result: { EvalDecision: string }) => result.EvalDecision)
    }
    expect(await decisions('administrator')).toEqual(['allowed', 'allowed'])
    expect(await decisions('listed-0')).toEqual(['implicitDeny', 'implicitDeny'])
    const details = await ok('iam get-account-authorization-details --filter User')
    const names = details.UserDetailList.map(({ UserName }: { UserName: string }) => UserName)
    expect(names).toEqual(expect.arrayContaining(['administrator', 'listed-4', 'member']))
    expect(details).toMatchObject({ RoleDetailList: [], GroupDetailList: [], Policies: [] })
    const { SummaryMap } = await ok('iam get-account-summary')
    expect(SummaryMap).toMatchObject({ Users: names.length, UsersQuota: 5000 })
    expect(await cli('iam get-account-authorization-details', MEMBER)).toMatchObject(refusal('AccessDenied'))
    expect(await cli(`${simulate}/member`, MEMBER)).toMatchObject(refusal('AccessDenied'))
  })
}

/** A second opinion on RFC 6238: the code of a step, of a seed in base32. */
function totp(seed: string, step: number): string {
  const bits = [...seed.trim()].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'))
  const bytes = bits.join('').match(/.{8}/g) ?? []
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))))
    .update(counter)
    .digest()
  const code = digest.readUInt32BE((digest.at(-1) ?? 0) & 15) & 0x7fffffff
  return String(code % 1_000_000).padStart(6, '0')
}
