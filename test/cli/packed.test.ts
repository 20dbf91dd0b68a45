import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEMO_CLIENT, DEMO_USER } from '../../infra/local/demo/issuer.ts'
import { trusting, whoAmI } from '../infra/local/clients.ts'
import { SmallBrowser, unescaped } from '../samples/browser.ts'
import { endLocalHosts, type LocalHostProcess, leaveOut, startLocalHost } from '../support/local-host.ts'
import { endPrograms, type Outcome } from '../support/programs.ts'
import { pythonClients } from '../support/python-clients.ts'
import { ALICE, comeBack, type FakeProvider, startFakeLdap, startFakeProvider } from './identities.ts'
import { type Packed, type Person, packAndInstall, somebody, start } from './packed.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const ROLE = 'arn:aws:iam::000000000000:role/full'
const clients = await pythonClients()
if (typeof clients === 'string') leaveOut('daypass login with the AWS CLI', clients)

let packed: Packed
let provider: FakeProvider
let directory: Awaited<ReturnType<typeof startFakeLdap>>
let host: LocalHostProcess
let person: Person

beforeAll(async () => {
  packed = await packAndInstall()
  provider = await startFakeProvider()
  directory = await startFakeLdap()
  const bootstrap = trusting(provider.issuer.url)
  const trust = (Federated: string, Action: string) => ({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { Federated }, Action },
  })
  const ldap = trust('arn:aws:iam::000000000000:ldap-provider/default', 'sts:AssumeRoleWithLDAPIdentity')
  bootstrap.accounts[0]?.roles.push({ RoleName: 'staff', AssumeRolePolicyDocument: ldap as never })
  host = await startLocalHost({ bootstrap, env: directory.env })
}, 180_000)
beforeEach(() => {
  person = somebody()
  provider.answer = () => ({ body: { id_token: provider.idToken() } })
  provider.tokens.asked.length = 0
})
afterEach(endPrograms)
afterAll(async () => {
  await provider.close()
  await directory.server.close()
  await endLocalHosts()
})

const daypass = (args: readonly string[], input?: string) => start(person, packed.program, args, input)
const openid = (...more: string[]) => [
  ...['login', '--endpoint', host.url, '--issuer', provider.issuer.url, '--client-id', 'app', '--role-arn', ROLE],
  ...['--port', '0', '--no-open', ...more],
]
const LINK = /Log in here:\s+(\S+)/

/** Runs `daypass login` and logs in. */
async function logIn(...more: string[]): Promise<Outcome> {
  const login = daypass(openid(...more))
  const [, link = ''] = await login.until(LINK)
  await comeBack(provider, link)
  return login.ended
}
const config = () => readFileSync(join(person.home, '.aws/config'), 'utf8')
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
const kept = () => {
  const folder = join(person.home, '.cache/daypass')
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
}
const printed = async (...more: string[]) => JSON.parse((await daypass(['credentials', ...more]).ended).stdout)
const keyOf = ({ AccessKeyId, SecretAccessKey, SessionToken }: Record<string, string>) => ({
  AccessKeyId: AccessKeyId ?? '',
  SecretAccessKey: SecretAccessKey ?? '',
  SessionToken: SessionToken ?? '',
})

describe('the package', () => {
  it('needs no other one, holds no sources and runs on the Node.js of the machine', async () => {
    expect(readdirSync(join(packed.folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'daypass',
    ])
    const files = readdirSync(join(packed.folder, 'node_modules/daypass'), { recursive: true }).map(String).sort()
    expect(files.filter((name) => name !== 'README.md')).toEqual([
      ...['dist', 'dist/LICENSE', 'dist/LICENSE.jose.md', 'dist/daypass.js', 'dist/index.d.ts', 'dist/index.js'],
      'package.json',
    ])
    const { version } = JSON.parse(readFileSync(join(repository, 'cli/package.json'), 'utf8'))
    expect(await daypass(['--version']).ended).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('says what it can do', async () => {
    const { code, stdout, stderr } = await daypass(['--help']).ended
    expect([code, stderr]).toEqual([0, ''])
    for (const word of ['daypass login', 'daypass credentials', 'daypass logout', '--allow-http']) {
      expect(stdout).toContain(word)
    }
  })
})

describe('daypass login in the browser', () => {
  it('writes a profile that asks for credentials by itself, and prints no secret', async () => {
    const { code, stdout, stderr } = await logIn()
    expect([code, stdout]).toEqual([0, ''])
    const { SecretAccessKey, SessionToken, Version, ...rest } = await printed()
    expect([Version, Object.keys(rest)]).toEqual([1, ['AccessKeyId', 'Expiration']])
    expect(stderr).not.toContain(SecretAccessKey)
    expect(stderr).not.toContain(SessionToken)
    expect(config()).not.toContain(SecretAccessKey)
    expect(config()).toMatch(/^\[profile daypass\]\n/)
    expect(await whoAmI(host.url, keyOf({ ...rest, SecretAccessKey, SessionToken }))).toBe(
      'arn:aws:sts::000000000000:assumed-role/full/alice',
    )
    for (const file of [join(person.home, '.aws/config'), ...kept()]) expect(modeOf(file)).toBe('600')
    expect(modeOf(join(person.home, '.cache/daypass'))).toBe('700')
  })

  it('opens the browser', async () => {
    const opener = join(person.home, 'bin/xdg-open')
    writeFileSync(opener, '#!/bin/sh\nprintf %s "$1" > "$HOME/opened.new" && mv "$HOME/opened.new" "$HOME/opened"\n')
    chmodSync(opener, 0o755)
    const login = daypass(openid().filter((arg) => arg !== '--no-open'))
    const [, link = ''] = await login.until(LINK)
    await expect.poll(() => existsSync(join(person.home, 'opened')), { timeout: 20_000 }).toBe(true)
    expect(readFileSync(join(person.home, 'opened'), 'utf8')).toBe(link)
    await comeBack(provider, link)
    expect((await login.ended).code).toBe(0)
  })

  it('needs no options the next time', async () => {
    await logIn('--scopes', 'openid groups')
    const again = daypass(['login', '--no-open'])
    const [, link = ''] = await again.until(LINK)
    expect(new URL(link).searchParams.get('scope')).toBe('openid groups')
    await comeBack(provider, link)
    expect((await again.ended).code).toBe(0)
  })

  it('leaves a region and an endpoint that somebody set in the profile', async () => {
    await logIn()
    expect(config()).toContain(`endpoint_url = ${host.url}/\nregion = us-east-1\n`)
    const own = config()
      .replace(/endpoint_url = .*/, 'endpoint_url = https://mine.example')
      .replace('us-east-1', 'eu')
    writeFileSync(join(person.home, '.aws/config'), own)
    await logIn()
    expect(config()).toBe(own)
    await logIn('--region', 'us-west-2')
    expect(config()).toBe(own.replace('region = eu', 'region = us-west-2'))
  })

  it('leaves every other byte of both files as it is', async () => {
    const others = '# mine\r\n[profile work]\r\nregion=eu-west-1 # here\r\n\r\n[default]\noutput = json\xff\n; the end'
    const keys = '[work]\naws_access_key_id = AKIAX\naws_secret_access_key = y\n'
    writeFileSync(join(person.home, '.aws/config'), others, 'latin1')
    writeFileSync(join(person.home, '.aws/credentials'), keys)
    await logIn('--static')
    expect(readFileSync(join(person.home, '.aws/config'), 'latin1').startsWith(others)).toBe(true)
    expect(readFileSync(join(person.home, '.aws/credentials'), 'utf8').startsWith(keys)).toBe(true)
    expect(modeOf(join(person.home, '.aws/credentials'))).toBe('600')
    await daypass(['logout', '--forget']).ended
    expect(readFileSync(join(person.home, '.aws/credentials'), 'utf8')).toBe(keys)
    expect(readFileSync(join(person.home, '.aws/config'), 'latin1').trimEnd()).toBe(others)
  })

  it('honours the names of AWS for both files', async () => {
    person = somebody()
    const env = { AWS_CONFIG_FILE: join(person.home, 'c'), AWS_SHARED_CREDENTIALS_FILE: join(person.home, 'k') }
    person = { ...person, env: { ...person.env, ...env } }
    await logIn('--static', '--profile', 'p')
    expect(readFileSync(env.AWS_CONFIG_FILE, 'utf8')).toMatch(/^\[profile p\]\n/)
    expect(readFileSync(env.AWS_SHARED_CREDENTIALS_FILE, 'utf8')).toMatch(/^\[p\]\naws_access_key_id = ASIA/)
    expect(readdirSync(join(person.home, '.aws'))).toEqual([])
  })

  it.each([
    ['a wrong state', { state: 'x'.repeat(43) }, 400, 'The state is not that of this login'],
    ['no code', { code: '' }, 400, 'The provider sent no code back.'],
    ['the provider’s refusal', { error: 'access_denied' }, 400, 'The provider refused the login: access_denied.'],
  ])('refuses %s', async (_what, params, status, sentence) => {
    const login = daypass(openid())
    const [, link = ''] = await login.until(LINK)
    expect((await comeBack(provider, link, params)).status).toBe(status)
    await login.until(new RegExp(sentence.replace(/[.]/g, '\\.')))
    expect([provider.tokens.asked.length, kept().filter((name) => name.endsWith('.json'))]).toEqual([0, []])
  })

  it.each([
    ['an id_token of another login', () => provider.idToken({ nonce: 'other' }), 'for another login (nonce)'],
    ['an id_token that has expired', () => provider.idToken({ exp: 1 }), '"exp" claim timestamp check failed'],
    ['an id_token for another client', () => provider.idToken({ aud: 'other' }), 'unexpected "aud" claim value'],
  ])('refuses %s before the exchange', async (_what, token, sentence) => {
    provider.answer = () => ({ body: { id_token: token() } })
    const { code, stdout, stderr } = await logIn()
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(sentence)
    expect(stderr).not.toMatch(/eyJ| {4}at /)
    expect([kept(), existsSync(join(person.home, '.aws/config'))]).toEqual([[], false])
  })

  it('says why the exchange was refused, and writes nothing', async () => {
    const { code, stderr } = await logIn('--role-arn', `${ROLE}-other`)
    expect(code).toBe(1)
    expect(stderr).toContain('AssumeRoleWithWebIdentity was refused (403 AccessDenied)')
    expect([kept(), existsSync(join(person.home, '.aws/config'))]).toEqual([[], false])
  })

  it.each([
    ['a profile with a line end', ['--profile', 'a\n[default]'], "A profile's name has 1 to 64 letters"],
    ['a profile with a bracket', ['--profile', 'a]'], "A profile's name has 1 to 64 letters"],
    ['a profile that is a flag', ['--profile=-x'], "A profile's name has 1 to 64 letters"],
    [
      'an endpoint whose answers others read',
      ['--endpoint', 'http://sts.example/'],
      'http, where others can read along',
    ],
    ['an issuer whose answers others read', ['--issuer', 'http://login.example'], 'http, where others can read along'],
    ['a password as an argument', ['--password', 'x'], "Unknown option '--password'"],
    ['a secret as an argument', ['--client-secret', 'x'], "Unknown option '--client-secret'"],
    ['another kind of provider', ['--provider', 'x'], '--provider must be openid or ldap, not "x".'],
    ['scopes without an id_token', ['--scopes', 'email'], '--scopes must have openid among them.'],
  ])('shows its usage for %s', async (_what, more, sentence) => {
    const { code, stdout, stderr } = await daypass(openid(...more)).ended
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(sentence)
    expect(stderr).toContain('daypass login [options]')
  })

  it('keeps nothing that would not stay in its line', async () => {
    const { code, stderr } = await daypass(openid('--session-name', 'a\ncredential_process = evil')).ended
    expect(code).toBe(1)
    expect(stderr).toContain("The session-name cannot be kept in AWS's files")
  })

  it.each([
    ['config', '[profile daypass]\nrole_arn = x\n', 'role_arn'],
    ['config', '[profile daypass]\ncredential_process = other\n', 'credential_process'],
    ['credentials', '[daypass]\naws_access_key_id = AKIAX\n', 'aws_access_key_id'],
  ])('does not touch a profile of another’s in %s', async (file, text, member) => {
    writeFileSync(join(person.home, '.aws', file), text)
    const { code, stderr } = await daypass(openid()).ended
    expect(code).toBe(1)
    expect(stderr).toContain(`has its credentials from elsewhere (${member}): name another one with --profile.`)
    expect(readFileSync(join(person.home, '.aws', file), 'utf8')).toBe(text)
  })
})

describe('daypass login at the embedded provider', () => {
  it('takes the demo user’s password in a browser, and the AWS CLI lists its bucket', async () => {
    const demo = await startLocalHost({ script: 'start' })
    await demo.until(/Daypass keeps serving/)
    const [, issuer = ''] = await demo.until(/OpenID provider \((\S+)\)/)
    const login = daypass([
      ...['login', '--endpoint', demo.url, '--issuer', issuer, '--client-id', DEMO_CLIENT.id, '--port', '0'],
      ...['--role-arn', 'arn:aws:iam::000000000000:role/demo', '--no-open', '--profile', 'demo'],
    ])
    const [, link = ''] = await login.until(LINK)
    const browser = new SmallBrowser()
    const form = await browser.go(link)
    const page = await browser.submit(form, { user: DEMO_USER.name, password: DEMO_USER.password })
    expect(unescaped(page.html)).toContain('You are logged in')
    expect(page.html).not.toContain('ASIA')
    expect((await login.ended).code).toBe(0)
    if (typeof clients === 'string') return
    const listed = await start(person, clients.aws, ['s3', 'ls', '--profile', 'demo']).ended
    expect(listed).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/ demo-bucket\n$/) })
    await demo.stop()
  })
})

describe('daypass login by a directory’s password', () => {
  const ldap = (...more: string[]) => [
    ...['login', '--provider', 'ldap', '--username', ALICE.name, '--endpoint', host.url],
    ...['--role-arn', 'arn:aws:iam::000000000000:role/staff', '--password-stdin', ...more],
  ]

  it('takes it from standard input and keeps it nowhere', async () => {
    const { code, stderr } = await daypass(ldap(), `${ALICE.password}\n`).ended
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^You are logged in until /)])
    expect(await whoAmI(host.url, keyOf(await printed()))).toBe('arn:aws:sts::000000000000:assumed-role/staff/alice')
    for (const file of [join(person.home, '.aws/config'), ...kept()]) {
      expect(readFileSync(file, 'utf8')).not.toContain(ALICE.password)
    }
  })

  it('does not show it at a terminal', async () => {
    const script = join(person.home, 'terminal.py')
    writeFileSync(
      script,
      `import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
seen = b""
while True:
    try: part = os.read(terminal, 1000)
    except OSError: break
    if not part: break
    if b"Password of alice: " in seen + part and b"Password of alice: " not in seen: os.write(terminal, b"${ALICE.password.slice(0, -1)}xy\\x7f\\x7f${ALICE.password.slice(-1)}\\r")
    seen += part
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`,
    )
    const args = ldap().filter((arg) => arg !== '--password-stdin')
    const { code, stdout, stderr } = await start(person, 'python3', [script, packed.program, ...args]).ended
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Password of alice: \r?\n?You are logged in until /)
  })

  it.each([
    ['a wrong password', 'wrong\n', 'AssumeRoleWithLDAPIdentity was refused (403 AccessDenied)'],
    ['no password', '\n', 'AssumeRoleWithLDAPIdentity was refused (400 ValidationError)'],
  ])('says why %s is refused', async (_what, input, sentence) => {
    const { code, stderr } = await daypass(ldap(), input).ended
    expect(code).toBe(1)
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain('wrong')
  })

  it('does not read a password where nobody piped one in on purpose', async () => {
    const args = ldap().filter((arg) => arg !== '--password-stdin')
    const { code, stderr } = await daypass(args, `${ALICE.password}\n`).ended
    expect(code).toBe(1)
    expect(stderr).toContain('There is no terminal to ask for the password: pipe it in, with --password-stdin.')
  })

  it('cannot go on by itself when it is over', async () => {
    await daypass(ldap(), ALICE.password).ended
    const [file = ''] = kept()
    const session = JSON.parse(readFileSync(file, 'utf8'))
    session.credentials.Expiration = '2020-01-01T00:00:00Z'
    writeFileSync(file, JSON.stringify(session))
    expect(await daypass(['credentials']).ended).toEqual({
      code: 1,
      stdout: '',
      stderr: 'The login is over. Log in again with: daypass login --profile daypass\n',
    })
  })
})

describe('a profile of daypass login', () => {
  it.runIf(typeof clients !== 'string')('serves the AWS CLI', async () => {
    if (typeof clients === 'string') return
    await logIn('--profile', 'work')
    const aws = (...args: string[]) => start(person, clients.aws, [...args, '--profile', 'work']).ended
    expect(JSON.parse((await aws('sts', 'get-caller-identity')).stdout).Arn).toBe(
      'arn:aws:sts::000000000000:assumed-role/full/alice',
    )
    expect((await aws('s3', 'mb', 's3://cli-login')).stdout).toBe('make_bucket: cli-login\n')
    await daypass(['logout', '--profile', 'work']).ended
    const after = await aws('sts', 'get-caller-identity')
    expect(after.code).not.toBe(0)
    expect(after.stderr).toContain('Log in again with: daypass login --profile work')
  })

  const ask = `
    import { STSClient, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
    const credentials = process.argv[2] && (await import(process.argv[2])).fromDaypass({ profile: 'work' })
    const sts = new STSClient({ maxAttempts: 1, ...(credentials && { credentials }) })
    console.log((await sts.send(new GetCallerIdentityCommand({}))).Arn)`

  it.each([
    ['by the profile’s name', []],
    ['by the package’s provider', ['dist/index.js']],
  ])('serves the SDK for JavaScript %s', async (_how, files) => {
    await logIn('--profile', 'work')
    const asked = { ...person, home: repository, env: { ...person.env, AWS_PROFILE: 'work' } }
    const module = files.map((file) => join(packed.folder, 'node_modules/daypass', file))
    const sdk = start(asked, 'node', ['--input-type=module', '-e', ask, 'program', ...module])
    expect(await sdk.ended).toMatchObject({ stdout: 'arn:aws:sts::000000000000:assumed-role/full/alice\n', code: 0 })
  })

  it('is served when the copy that npx fetched is gone', async () => {
    const fetched = join(person.home, '.npm/_npx/0a1b')
    cpSync(packed.folder, fetched, { recursive: true })
    const login = start(person, join(fetched, 'node_modules/daypass/dist/daypass.js'), openid('--profile', 'work'))
    const [, link = ''] = await login.until(LINK)
    await comeBack(provider, link)
    expect((await login.ended).code).toBe(0)
    rmSync(fetched, { recursive: true })
    const [, line = ''] = /^credential_process = (.*)$/m.exec(config()) ?? []
    const served = await start(person, 'sh', ['-c', line]).ended
    expect([served.code, JSON.parse(served.stdout).Version]).toEqual([0, 1])
  })

  it('is renewed by one of many processes', async () => {
    provider.answer = () => ({ body: { id_token: provider.idToken(), refresh_token: 'refresh-2' } })
    await logIn()
    provider.tokens.asked.length = 0
    const [file = ''] = kept()
    const session = JSON.parse(readFileSync(file, 'utf8'))
    session.credentials.Expiration = '2020-01-01T00:00:00Z'
    writeFileSync(file, JSON.stringify(session))
    const all = await Promise.all(Array.from({ length: 4 }, () => printed()))
    expect(new Set(all.map(({ AccessKeyId }) => AccessKeyId)).size).toBe(1)
    expect([provider.tokens.asked.length, kept()]).toEqual([1, [file]])
    expect(await whoAmI(host.url, keyOf(all[0]))).toContain(':assumed-role/full/alice')
  })

  it('has types that a program can be checked against', async () => {
    const file = join(packed.folder, 'program.ts')
    writeFileSync(
      file,
      `import type { STSClientConfig } from '${repository}node_modules/@aws-sdk/client-sts'
import { fromDaypass } from 'daypass'
export const config: STSClientConfig = { credentials: fromDaypass({ profile: 'work' }) }
// @ts-expect-error
fromDaypass({ profil: 'work' })
`,
    )
    const tsc = join(repository, 'node_modules/typescript/bin/tsc')
    const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--types', 'node']
    const roots = ['--typeRoots', join(repository, 'node_modules/@types')]
    execFileSync(process.execPath, [tsc, ...flags, ...roots, file], { cwd: packed.folder, stdio: 'inherit' })
  })

  it('may have its keys in the credentials file instead, which nothing renews', async () => {
    provider.answer = () => ({ body: { id_token: provider.idToken(), refresh_token: 'refresh-of-static' } })
    await logIn('--static')
    for (const file of kept()) expect(readFileSync(file, 'utf8')).not.toContain('refresh-of-static')
    expect(config()).not.toContain('credential_process')
    const keys = readFileSync(join(person.home, '.aws/credentials'), 'utf8')
    const { AccessKeyId } = await printed()
    expect(keys).toContain(`aws_access_key_id = ${AccessKeyId}\n`)
    await logIn()
    expect(config()).toContain('credential_process')
    expect(readFileSync(join(person.home, '.aws/credentials'), 'utf8')).toBe('')
  })
})

describe('daypass logout', () => {
  it('ends the session and removes what was kept of it', async () => {
    await logIn('--static')
    const key = keyOf(await printed())
    expect(await daypass(['logout']).ended).toEqual({ code: 0, stdout: '', stderr: 'You are logged out.\n' })
    await expect(whoAmI(host.url, key)).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
    expect([kept(), readFileSync(join(person.home, '.aws/credentials'), 'utf8')]).toEqual([[], ''])
    expect((await daypass(['logout']).ended).code).toBe(0)
  })

  it('only forgets the session when it is told so', async () => {
    await logIn()
    const key = keyOf(await printed())
    expect((await daypass(['logout', '--no-revoke']).ended).code).toBe(0)
    expect([kept(), await whoAmI(host.url, key)]).toEqual([[], 'arn:aws:sts::000000000000:assumed-role/full/alice'])
  })

  it('keeps what it could not end, and says what to do', async () => {
    await logIn()
    writeFileSync(join(person.home, '.aws/config'), config().replaceAll(host.url, 'http://127.0.0.1:1'))
    const [file = ''] = kept()
    const session = readFileSync(file, 'utf8').replaceAll(host.url, 'http://127.0.0.1:1')
    writeFileSync(file, session)
    const { code, stderr } = await daypass(['logout']).ended
    expect([code, kept()]).toEqual([1, [file]])
    expect(stderr).toContain('cannot be reached')
    expect(stderr).toContain('daypass logout --no-revoke')
  })

  it('knows no profile of another’s', async () => {
    writeFileSync(join(person.home, '.aws/config'), '[profile daypass]\nregion = x\n')
    expect(await daypass(['logout']).ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The profile daypass is not there yet'),
    })
  })
})
