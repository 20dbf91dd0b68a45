import { fileURLToPath } from 'node:url'
import type { AwsCall, AwsClient } from '@daypass/core/aws/client.ts'
import { type DirectoryAnswer, parseDirectoryAnswer } from '@daypass/core/identity/ldap/question.ts'
import { parseLdapSources } from '@daypass/core/identity/ldap/settings.ts'
import { expect, it } from 'vitest'
import { checkDirectory } from '../../functions/check-directory/action.ts'
import { invokeCheckDirectory } from '../../functions/check-directory/invoke.ts'
import { GRANTS } from '../../infra/grants.ts'
import { eventFixtures } from '../support/event-fixtures.ts'
import { FIXTURE_DIRECTORY, fakeDirectory } from '../support/fake-directory.ts'

const log = { info() {}, warn() {}, error() {} }
const check = () =>
  checkDirectory({
    ldapSources: parseLdapSources(FIXTURE_DIRECTORY.environment, '000000000000'),
    directory: fakeDirectory(FIXTURE_DIRECTORY.entries),
    log,
  })
const fixtures = eventFixtures().filter(({ functionName }) => functionName === 'check-directory')

it('has events whose passwords are accepted and others', () => {
  expect(fixtures.map(({ outcome }) => outcome).sort()).toEqual(['proven', 'refused'])
})

it.each(fixtures.map((fixture) => [fixture.file, fixture] as const))('replays %s', async (_file, fixture) => {
  expect((await check()(fixture.event)).outcome).toBe(fixture.outcome)
})

it.each([
  ['nothing', undefined],
  ['null', null],
  ['a list', ['default', 'alice', 'alice-pw']],
  ['no source', { userName: 'alice', password: 'alice-pw' }],
  ['no name', { source: 'default', password: 'alice-pw' }],
  ['no password', { source: 'default', userName: 'alice' }],
  ['a number', { source: 'default', userName: 'alice', password: 7 }],
])('takes %s for no question, and repeats nothing of it', (_what, event) => {
  expect(() => check()(event)).toThrow(/^a directory check needs/)
})

it('may do nothing but run: neither table nor secret nor another function is open to it', () => {
  expect(GRANTS['check-directory']).toEqual({ table: [], secrets: {}, invokes: [] })
})

/** Lambda, whose function answers this text with these headers. */
function invoking(text: string, headers: Record<string, string> = {}) {
  const sent: AwsCall[] = []
  const lambda: AwsClient = {
    post: async (call) => {
      sent.push(call)
      return { status: 200, headers, body: Buffer.from(text) }
    },
    close: () => {},
  }
  return { sent, ask: invokeCheckDirectory(lambda, 'arn:function') }
}
const QUESTION = { source: 'default', userName: 'alice', password: 'alice-pw' }
const PROVEN = {
  outcome: 'proven',
  user: { dn: 'uid=alice', userName: 'alice', attributes: { mail: ['a@x'] }, groups: ['cn=g'] },
} satisfies DirectoryAnswer

it.each<DirectoryAnswer>([
  PROVEN,
  { outcome: 'refused', reason: 'r' },
  { outcome: 'unavailable', reason: 'r' },
  { outcome: 'unknown-source' },
])('is asked by name with the question alone, and its answer is read: $outcome', async (answer) => {
  const { sent, ask } = invoking(JSON.stringify(answer))
  expect(await ask(QUESTION)).toEqual(answer)
  expect(sent).toMatchObject([
    { path: '/2015-03-31/functions/arn%3Afunction/invocations', body: JSON.stringify(QUESTION) },
  ])
})

it.each([
  ['failed', JSON.stringify(PROVEN), { 'x-amz-function-error': 'Unhandled' }],
  ['answered nothing', '', {}],
])('proves nobody when it %s', async (_what, text, headers) => {
  expect(await invoking(text, headers).ask(QUESTION)).toMatchObject({ outcome: 'unavailable' })
})

it.each([
  ['no outcome', {}],
  ['another outcome', { outcome: 'yes' }],
  ['nobody', { outcome: 'proven' }],
  ['a user without a name', { outcome: 'proven', user: { ...PROVEN.user, dn: undefined } }],
  ['groups that are no list', { outcome: 'proven', user: { ...PROVEN.user, groups: 'cn=g' } }],
  ['attributes that are no texts', { outcome: 'proven', user: { ...PROVEN.user, attributes: { mail: [7] } } }],
  ['true', true],
])('is not believed when it answers %s', (_what, answer) => {
  expect(() => parseDirectoryAnswer(answer)).toThrow(TypeError)
})

it('runs without a library of the table or of keys', async () => {
  const { build } = await import('esbuild')
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../../functions/check-directory/action.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const inputs = Object.keys(metafile.inputs).join('\n')
  expect(inputs).toContain('ldapts')
  expect(inputs).not.toMatch(/core\/(?:store|credentials|sessions|policy)\/|@aws-sdk/)
})
