import { MinioImportError } from '@daypass/core/minio-import/error.ts'
import { readMinioExport } from '@daypass/core/minio-import/export.ts'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { exportOf, policy } from './archives.ts'

const USERS = '{"alice":{"secretKey":"hush-hush","status":"enabled"}}'

/** Lets the archive's directory say that its first file has this many bytes. */
function claimSize(archive: Buffer, size: number): void {
  archive.writeUInt32LE(size, archive.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24)
}

describe('an archive', () => {
  it.each([
    ['that is empty', new Uint8Array()],
    ['that is no zip file', Buffer.from('{"users":{}}'.repeat(100))],
    ['that is cut off', exportOf({ 'users.json': USERS }).slice(0, -30)],
    ['of something else', exportOf({ 'readme.txt': 'hello' }, '')],
    ['with the files in another place', exportOf({ 'users.json': USERS }, '../iam-assets/')],
    ['with the files deeper', exportOf({ 'users.json': USERS }, '/iam-assets/')],
  ])('%s is refused', (_what, archive) => {
    expect(() => readMinioExport(archive)).toThrow(MinioImportError)
  })

  it('with a file twice is refused', () => {
    // Two names of one length, of which the second becomes the first.
    const archive = Buffer.from(
      zipSync({ 'iam-assets/users.json': Buffer.from(USERS), 'iam-assets/usera.json': Buffer.from('{}') }),
    )
    const text = archive.toString('latin1').replaceAll('usera.json', 'users.json')
    expect(() => readMinioExport(Buffer.from(text, 'latin1'))).toThrow(
      'iam-assets/users.json stands twice in the archive.',
    )
  })

  it('of a file that unpacks to more than 64 MiB is refused before it is unpacked', () => {
    const bomb = Buffer.from(exportOf({ 'users.json': USERS }))
    claimSize(bomb, 64 * 1024 * 1024 + 1)
    expect(() => readMinioExport(bomb)).toThrow('iam-assets/users.json unpacks to more than 64 MiB.')
  })

  it('of a file that unpacks to more than it says is refused, and no more is unpacked', () => {
    const archive = Buffer.from(exportOf({ 'users.json': `${USERS}${' '.repeat(1000)}{}` }))
    claimSize(archive, 20)
    expect(() => readMinioExport(archive)).toThrow(/users\.json cannot be read/)
  })

  it('may hold other files, which are left alone', () => {
    const archive = zipSync({
      'iam-assets/users.json': Buffer.from(USERS),
      '../../etc/passwd': Buffer.from('x'),
      'iam-assets/../users.json': Buffer.from('no JSON'),
      'iam-assets/future.json': Buffer.from('no JSON'),
    })
    expect([...readMinioExport(archive).users.keys()]).toEqual(['alice'])
  })
})

describe('a file of the export', () => {
  it.each([
    ['users.json', 'no JSON'],
    ['users.json', '[]'],
    ['users.json', '{"alice":"hush-hush"}'],
    ['users.json', '{"alice":{"status":"enabled"}}'],
    ['users.json', '{"alice":{"secretKey":1,"status":"enabled"}}'],
    ['users.json', '{"alice":{"secretKey":"hush-hush"},"alice":{"secretKey":"hush-hush"}}'],
    ['groups.json', '{"g":{"members":"alice"}}'],
    ['groups.json', '{"g":{"members":[1]}}'],
    ['svcaccts.json', '{"K":{"secretKey":"hush-hush"}}'],
    ['svcaccts.json', '{"K":{"parent":"p","secretKey":"hush-hush","sessionPolicy":"{}"}}'],
    ['user_mappings.json', '{"alice":{"policy":["readonly"]}}'],
    ['policies.json', '{"p":null}'],
  ])('%s with %s is refused by its name, and repeats no secret', (name, content) => {
    const read = () => readMinioExport(exportOf({ [name]: content }))
    expect(read).toThrow(MinioImportError)
    expect(read).toThrow(new RegExp(`^${name.replace('.', '\\.')}(?!.*hush).*\\.$`, 's'))
  })

  it('may say null where it has nothing', () => {
    const { groups, serviceAccounts } = readMinioExport(
      exportOf({
        'groups.json': { g: { status: 'enabled', members: null } },
        'svcaccts.json': { K: { parent: 'p', secretKey: 's', status: 'on', sessionPolicy: null, expiration: null } },
      }),
    )
    expect(groups.get('g')?.members).toEqual([])
    expect(serviceAccounts.get('K')).toEqual({ parent: 'p', secretKey: 's', enabled: true, expires: false })
  })

  it.each([undefined, '', 'disabled', 'off', 'ENABLED', true])(
    'with the status %j says that a user is off',
    (status) => {
      const { users } = readMinioExport(exportOf({ 'users.json': { alice: { secretKey: 's', status } } }))
      expect(users.get('alice')?.enabled).toBe(false)
    },
  )

  it('tells that a key expires, or never', () => {
    const key = (expiration?: string) => ({
      parent: 'p',
      secretKey: 's',
      status: 'on',
      sessionPolicy: policy(),
      expiration,
    })
    const keys = {
      never: key(),
      zero: key('0001-01-01T00:00:00Z'),
      epoch: key('1970-01-01T00:00:00Z'),
      soon: key('2030-01-01T00:00:00Z'),
    }
    const { serviceAccounts } = readMinioExport(exportOf({ 'svcaccts.json': keys }))
    expect([...serviceAccounts].filter(([, { expires }]) => expires).map(([name]) => name)).toEqual(['soon'])
  })
})
