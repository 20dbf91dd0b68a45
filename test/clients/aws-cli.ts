import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expired, POWERLESS_ROLE, ROLE, startWorld, type World } from './world.ts'

/** What the AWS CLI does at a local host; `aws` is the path of the program. */
export function awsCliJourneys(aws: string): void {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.end())

  const cli = (args: string, env: Record<string, string> = world.webIdentity) => world.run(aws, args.split(' '), env)
  const assumed = async (role = ROLE) => {
    const token = `file://${world.webIdentity.AWS_WEB_IDENTITY_TOKEN_FILE}`
    const command = `sts assume-role-with-web-identity --role-arn ${role} --role-session-name cli --web-identity-token ${token}`
    const { stdout, stderr } = await cli(command, {})
    expect(stderr).toBe('')
    const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(stdout).Credentials
    return { AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey, AWS_SESSION_TOKEN: SessionToken }
  }

  it('exchanges a token file, newline and all, for credentials that say who they are', async () => {
    const { stdout } = await cli('sts get-caller-identity', await assumed())
    expect(JSON.parse(stdout)).toEqual({
      UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:cli$/),
      Account: '000000000000',
      Arn: 'arn:aws:sts::000000000000:assumed-role/full/cli',
    })
  })

  it('finds the token file by itself, as in a pod', async () => {
    const { stdout } = await cli('sts get-caller-identity')
    expect(JSON.parse(stdout).Arn).toBe('arn:aws:sts::000000000000:assumed-role/full/pod')
  })

  it('makes a bucket, copies a file there and back byte for byte, lists and removes it', async () => {
    const content = randomBytes(100_000)
    writeFileSync(join(world.home, 'file'), content)
    expect(await cli('s3 mb s3://cli-bucket')).toMatchObject({ code: 0, stdout: 'make_bucket: cli-bucket\n' })
    expect(await cli('s3 cp file s3://cli-bucket/folder/file --no-progress')).toMatchObject({ code: 0 })
    expect((await cli('s3 ls')).stdout).toMatch(/^\d{4}-\d\d-\d\d \S+ cli-bucket\n$/)
    expect((await cli('s3 ls s3://cli-bucket --recursive')).stdout).toMatch(/ 100000 folder\/file\n$/)
    expect(await cli('s3 cp s3://cli-bucket/folder/file back --no-progress')).toMatchObject({ code: 0 })
    expect(readFileSync(join(world.home, 'back')).equals(content)).toBe(true)
    expect(await cli('s3 rb s3://cli-bucket')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('BucketNotEmpty'),
    })
    expect(await cli('s3 rm s3://cli-bucket/folder/file')).toMatchObject({ code: 0 })
    expect(await cli('s3 cp s3://cli-bucket/folder/file gone')).toMatchObject({ code: 1 })
    expect(await cli('s3 rb s3://cli-bucket')).toMatchObject({ code: 0 })
  })

  it('puts and gets 6 MiB in one piece', async () => {
    const content = randomBytes(6 * 1024 * 1024)
    writeFileSync(join(world.home, 'large'), content)
    await cli('s3api create-bucket --bucket cli-large')
    const put = await cli('s3api put-object --bucket cli-large --key large --body large --metadata a=b')
    expect(put).toMatchObject({ code: 0, stderr: '' })
    const get = await cli('s3api get-object --bucket cli-large --key large large-back')
    expect(JSON.parse(get.stdout)).toMatchObject({ ContentLength: content.length, Metadata: { a: 'b' } })
    expect(readFileSync(join(world.home, 'large-back')).equals(content)).toBe(true)
  })

  it('copies and synchronizes files in parts, on the server too, byte for byte', { timeout: 240_000 }, async () => {
    const content = randomBytes(20 * 1024 * 1024 + 7)
    mkdirSync(join(world.home, 'tree/sub'), { recursive: true })
    writeFileSync(join(world.home, 'tree/sub/huge'), content)
    writeFileSync(join(world.home, 'tree/small file'), 'small')
    await cli('s3 mb s3://cli-parts')
    const quietly = async (args: string) =>
      expect(await cli(`${args} --no-progress`)).toMatchObject({ code: 0, stderr: '' })
    await quietly('s3 cp tree/sub/huge s3://cli-parts/one')
    const head = await cli('s3api head-object --bucket cli-parts --key one --part-number 2')
    expect(JSON.parse(head.stdout)).toMatchObject({ PartsCount: 3, ContentLength: 8 * 1024 * 1024 })
    await quietly('s3 cp s3://cli-parts/one s3://cli-parts/two')
    await quietly('s3 sync tree s3://cli-parts/tree')
    await quietly('s3 sync s3://cli-parts/tree tree-back')
    await quietly('s3 cp s3://cli-parts/two two')
    for (const file of ['two', 'tree-back/sub/huge']) {
      expect(readFileSync(join(world.home, file)).equals(content)).toBe(true)
    }
    expect(readFileSync(join(world.home, 'tree-back/small file'), 'utf8')).toBe('small')
    expect((await cli('s3 sync tree s3://cli-parts/tree')).stdout).toBe('')
    expect((await cli('s3api list-multipart-uploads --bucket cli-parts')).stdout).not.toContain('UploadId')
    await cli('s3api put-object-tagging --bucket cli-parts --key one --tagging TagSet=[{Key=team,Value=blue}]')
    const tags = await cli('s3api get-object-tagging --bucket cli-parts --key one')
    expect(JSON.parse(tags.stdout)).toEqual({ TagSet: [{ Key: 'team', Value: 'blue' }] })
    const many = await cli('s3api delete-objects --bucket cli-parts --delete Objects=[{Key=one},{Key=two}]')
    expect(JSON.parse(many.stdout).Deleted).toHaveLength(2)
    expect(await cli('s3 rb s3://cli-parts --force')).toMatchObject({ code: 0 })
  })

  it('opens an object to everybody by its ACL, where its bucket has ACLs, and closes it again', async () => {
    writeFileSync(join(world.home, 'page'), 'for all')
    const anybody = async (key: string) => {
      const answer = await fetch(`${world.host.url}/cli-public/${key}`)
      return answer.ok ? answer.text() : answer.status
    }
    const refused = { code: 1, stderr: expect.stringContaining('AccessControlListNotSupported') }
    await cli('s3 mb s3://cli-public')
    expect(await cli('s3 cp page s3://cli-public/open --acl public-read --no-progress')).toMatchObject(refused)
    const controls = 'Rules=[{ObjectOwnership=BucketOwnerPreferred}]'
    const works = async (args: string) => expect(await cli(args)).toMatchObject({ code: 0, stderr: '' })
    await works(`s3api put-bucket-ownership-controls --bucket cli-public --ownership-controls ${controls}`)
    await works('s3 cp page s3://cli-public/open --acl public-read --no-progress')
    await works('s3 cp page s3://cli-public/closed --no-progress')
    expect([await anybody('open'), await anybody('closed'), await anybody('')]).toEqual(['for all', 403, 403])
    const { Grants } = JSON.parse((await cli('s3api get-object-acl --bucket cli-public --key open')).stdout)
    expect(Grants.map(({ Permission }: { Permission: string }) => Permission)).toEqual(['READ', 'FULL_CONTROL'])
    await works('s3api put-object-acl --bucket cli-public --key open --acl private')
    expect(await anybody('open')).toBe(403)
    await works('s3api put-bucket-acl --bucket cli-public --acl public-read')
    expect(await anybody('')).toContain('<Key>open</Key>')
    await works('s3 rb s3://cli-public --force')
  })

  it.each([
    ['an expired token', 'ExpiredTokenException', expired],
    ['a token for another audience', 'InvalidIdentityToken', () => ({ aud: 'other' })],
    ['a token of another subject', 'AccessDenied', () => ({ sub: 'system:serviceaccount:default:other' })],
  ])('is told of %s: %s', async (_flaw, code, claims) => {
    const AWS_WEB_IDENTITY_TOKEN_FILE = world.tokenFile('flawed', claims())
    const outcome = await cli('sts get-caller-identity', { ...world.webIdentity, AWS_WEB_IDENTITY_TOKEN_FILE })
    expect(outcome).toMatchObject({ code: 255, stderr: expect.stringContaining(`(${code})`) })
  })

  it('is told AccessDenied for a role without rights on S3', async () => {
    const env = { ...world.webIdentity, AWS_ROLE_ARN: POWERLESS_ROLE }
    expect(await cli('s3 mb s3://forbidden', env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('AccessDenied'),
    })
    expect(await cli('s3api list-buckets', env)).toMatchObject({
      code: 255,
      stderr: expect.stringContaining('(AccessDenied)'),
    })
  })

  it.each([
    ['secret', 'AWS_SECRET_ACCESS_KEY', 'sts get-caller-identity', 'SignatureDoesNotMatch'],
    ['secret', 'AWS_SECRET_ACCESS_KEY', 's3api list-buckets', 'SignatureDoesNotMatch'],
    ['session token', 'AWS_SESSION_TOKEN', 'sts get-caller-identity', 'InvalidClientTokenId'],
    ['session token', 'AWS_SESSION_TOKEN', 's3api list-buckets', 'InvalidToken'],
    ['access key id', 'AWS_ACCESS_KEY_ID', 'sts get-caller-identity', 'InvalidClientTokenId'],
  ] as const)('is told of an altered %s (%s) by %s: %s', async (_what, variable, command, code) => {
    const credentials = await assumed()
    const last = credentials[variable].at(-1)
    const altered = credentials[variable].slice(0, -1) + (last === 'A' ? 'B' : 'A')
    const outcome = await cli(command, { ...credentials, [variable]: altered })
    expect(outcome).toMatchObject({ code: 255, stderr: expect.stringContaining(`(${code})`) })
  })
}
