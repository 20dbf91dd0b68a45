import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryUnavailable } from '@daypass/core/identity/ldap/directory.ts'
import { type LdapDirectoryOptions, ldapDirectory } from '@daypass/core/identity/ldap/ldap-directory.ts'
import type { LdapServer } from '@daypass/core/identity/ldap/source.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hasOpenssl, makeCertificate } from '../../../infra/local/certificates.ts'
import { type Behaviour, entry, OP, result, startWireServer, type WireServer } from './wire-server.ts'

const OPTIONS: LdapDirectoryOptions = {
  resolveSrv: async () => [],
  connectTimeout: 5_000,
  answerTimeout: 5_000,
  conversationTimeout: 10_000,
  mostBytes: 65_536,
}
const PASSWORD = 'a-password-that-is-looked-for'

let server: WireServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})
const serve = async (...args: Parameters<typeof startWireServer>) => {
  server = await startWireServer(...args)
  return server
}
const open = (change: Partial<LdapServer> = {}, options: Partial<LdapDirectoryOptions> = {}) =>
  ldapDirectory({ ...OPTIONS, ...options }).open({
    name: 'default',
    account: '1',
    server: { host: '127.0.0.1', port: server?.port ?? 0, transport: 'plain', verify: true, ...change },
    userBases: [],
    userFilter: '(uid=%s)',
    userAttributes: [],
    groupBases: [],
  })
const failure = async (step: Promise<unknown>) => {
  const error: unknown = await step.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(DirectoryUnavailable)
  return error instanceof Error ? error.message : ''
}
/** Accepts every bind, finds nothing, and begins TLS when asked. */
const kind: Behaviour = ({ id, op }, socket, secure) => {
  if (op === OP.extended) {
    socket.write(result(id, 0x78, 0))
    secure()
  } else if (op === OP.bind) socket.write(result(id, 0x61, 0))
  else if (op === OP.search) socket.write(result(id, 0x65, 0))
}
const onBind =
  (act: (id: number, socket: Socket) => void): Behaviour =>
  ({ id, op }, socket) => {
    if (op === OP.bind) act(id, socket)
  }

describe('a bind', () => {
  it.each([
    ['success', 0, true],
    ['invalidCredentials', 49, false],
    ['noSuchObject', 32, false],
    ['inappropriateAuthentication', 48, false],
    ['insufficientAccessRights', 50, false],
    ['unwillingToPerform', 53, false],
    ['constraintViolation', 19, false],
  ])('answered by %s tells about the password', async (_name, code, accepted) => {
    await serve(onBind((id, socket) => socket.write(result(id, 0x61, code))))
    const connection = await open()
    expect(await connection.bind('uid=a,dc=x', PASSWORD)).toBe(accepted)
    await connection.close()
  })

  it.each([
    ['operationsError', 1],
    ['strongerAuthRequired', 8],
    ['referral', 10],
    ['busy', 51],
    ['unavailable', 52],
  ])('answered by %s tells nothing about the password', async (_name, code) => {
    await serve(onBind((id, socket) => socket.write(result(id, 0x61, code))))
    const connection = await open()
    expect(await failure(connection.bind('uid=a,dc=x', PASSWORD))).toMatch(/^the directory answered \w+$/)
    await connection.close()
  })

  it.each<[string, Behaviour, Partial<LdapDirectoryOptions>, string]>([
    ['never', () => {}, { answerTimeout: 30 }, 'in time'],
    [
      'never, whatever else comes',
      onBind((_, socket) => trickle(socket)),
      { conversationTimeout: 60, answerTimeout: 60_000 },
      'in time',
    ],
    ['by hanging up', onBind((_, socket) => socket.destroy()), {}, 'broke off'],
    ['by closing', onBind((_, socket) => socket.end()), {}, 'broke off'],
    ['by no LDAP', onBind((_, socket) => socket.write('HTTP/1.1 400\r\n\r\n')), { answerTimeout: 30 }, 'in time'],
    ['by too much', onBind((_, socket) => socket.write(Buffer.alloc(70_000, 0x30))), {}, 'more than 65536 bytes'],
    ['to another request', onBind((_, socket) => socket.write(result(99, 0x61, 0))), { answerTimeout: 30 }, 'in time'],
  ])('answered %s is no answer', async (_what, behave, options, words) => {
    await serve(behave)
    const connection = await open({}, options)
    expect(await failure(connection.bind('uid=a,dc=x', PASSWORD))).toContain(words)
    await connection.close()
  })

  it('is not sent over a new connection when the old one is gone', async () => {
    const { requests } = await serve(({ id, op }, socket) => {
      if (op === OP.bind) socket.end(result(id, 0x61, 0))
    })
    const connection = await open()
    await connection.bind('cn=lookup', 'lookup-pw')
    await failure(connection.search({ base: 'dc=x', filter: '(uid=a)', attributes: [] }))
    await failure(connection.bind('uid=a,dc=x', PASSWORD))
    expect(Buffer.concat(requests.map(({ bytes }) => bytes)).includes(PASSWORD)).toBe(false)
    await connection.close()
  })
})

const trickle = (socket: Socket) => {
  const timer = setInterval(() => socket.write(entry(99, 'dc=x', {})), 5)
  socket.once('close', () => clearInterval(timer))
}

describe('a search', () => {
  const find = async (answers: (id: number) => Buffer[], enough?: number) => {
    await serve(({ id, op }, socket) => {
      if (op === OP.search) socket.write(Buffer.concat(answers(id)))
    })
    const connection = await open()
    try {
      const search = { base: 'dc=x', filter: '(uid=a)', attributes: ['mail', 'memberOf'] }
      return await connection.search(enough === undefined ? search : { ...search, enough })
    } finally {
      await connection.close()
    }
  }

  it('tells attributes under the names that were asked for, and leaves out what is no text', async () => {
    const attributes = { MAIL: ['a@x', 'b@x'], memberof: ['cn=g,dc=x'], photo: [Buffer.from([0xff, 0xd8, 0xff])] }
    const found = await find((id) => [entry(id, 'uid=По,dc=x', attributes), result(id, 0x65, 0)])
    expect(found).toEqual([{ dn: 'uid=По,dc=x', attributes: { mail: ['a@x', 'b@x'], memberOf: ['cn=g,dc=x'] } }])
  })

  it('is no answer when the server cut it off, unless so many are enough', async () => {
    const cutOff = (id: number) => [entry(id, 'uid=a,dc=x', {}), result(id, 0x65, 4)]
    expect(await failure(find(cutOff))).toBe('the directory answered SizeLimitExceededError')
    await server?.close()
    expect(await find(cutOff, 1)).toHaveLength(1)
  })

  it.each([
    ['its base is not there', 32],
    ['it may not', 50],
    ['it took too long', 3],
  ])('is no answer when %s', async (_what, code) => {
    expect(await failure(find((id) => [result(id, 0x65, code)]))).toMatch(/^the directory answered/)
  })
})

describe('a server', () => {
  it('that is not there is unavailable', async () => {
    const { port } = await serve(kind)
    await server?.close()
    server = undefined
    expect(await failure(open({ port }))).toContain('ECONNREFUSED')
  })

  it('is taken from the SRV record by priority and weight, and the next one where one fails', async () => {
    const { port } = await serve(kind)
    const asked: string[] = []
    const resolveSrv = async (name: string) => {
      asked.push(name)
      return [
        { name: '127.0.0.1', port: 3, priority: 30, weight: 1 },
        { name: '127.0.0.1', port, priority: 20, weight: 1 },
        { name: '127.0.0.1', port: 1, priority: 20, weight: 9 },
        { name: '127.0.0.1', port: 2, priority: 10, weight: 1 },
      ]
    }
    const connection = await open({ srvRecord: '_ldap._tcp.x.org', port: 4 }, { resolveSrv })
    expect(await connection.bind('uid=a', PASSWORD)).toBe(true)
    expect(asked).toEqual(['_ldap._tcp.x.org'])
    await connection.close()
  })

  it.each([
    ['has no targets', async () => []],
    [
      'cannot be read',
      async () => {
        throw Object.assign(new Error('queryDns'), { code: 'ENOTFOUND' })
      },
    ],
  ])('whose SRV record %s is unavailable', async (_what, resolveSrv) => {
    await failure(open({ srvRecord: '_ldap._tcp.x.org' }, { resolveSrv }))
  })
})

describe.skipIf(!hasOpenssl())('a protected connection', () => {
  let folder: string
  let ours: { cert: string; key: string }
  let others: { cert: string; key: string }
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'daypass-ldap-'))
    const read = ({ cert, key }: { cert: string; key: string }) => ({
      cert: readFileSync(cert, 'utf8'),
      key: readFileSync(key, 'utf8'),
    })
    ours = read(makeCertificate(folder, 'ours', { names: ['ldap.example.org'] }))
    others = read(makeCertificate(folder, 'others'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const sent = ({ plain }: WireServer) => Buffer.concat(plain).toString('latin1')

  it.each(['tls', 'starttls'] as const)(
    'by %s carries the password, and nothing of it in the clear',
    async (transport) => {
      const { plain, requests } = await serve(kind, { certificate: ours, fromTheStart: transport === 'tls' })
      const connection = await open({ transport, authorities: ours.cert })
      expect(await connection.bind('uid=a,dc=x', PASSWORD)).toBe(true)
      expect(requests.at(-1)?.bytes.includes(PASSWORD)).toBe(true)
      expect(Buffer.concat(plain).includes(PASSWORD)).toBe(false)
      await connection.close()
    },
  )

  it.each([
    ['an unknown authority', 'tls', {}],
    ['an unknown authority', 'starttls', {}],
    ['another host', 'tls', { host: 'localhost' }],
    ['another host', 'starttls', { host: 'localhost' }],
  ] as const)('is not begun with a certificate of %s, by %s', async (what, transport, change) => {
    await serve(kind, { certificate: what === 'another host' ? ours : others, fromTheStart: transport === 'tls' })
    expect(await failure(open({ transport, authorities: ours.cert, ...change }))).toContain('cannot be reached')
  })

  it('is begun with any certificate where the operator says so', async () => {
    await serve(kind, { certificate: others, fromTheStart: true })
    const connection = await open({ transport: 'tls', verify: false })
    expect(await connection.bind('uid=a', PASSWORD)).toBe(true)
    await connection.close()
  })

  it('asks for the certificate of the configured host, wherever an SRV record leads', async () => {
    const { port } = await serve(kind, { certificate: ours, fromTheStart: true })
    const resolveSrv = async () => [{ name: '127.0.0.1', port, priority: 1, weight: 1 }]
    const srv = { srvRecord: '_ldaps._tcp.example.org', transport: 'tls', authorities: ours.cert } as const
    const connection = await open({ ...srv, host: 'ldap.example.org' }, { resolveSrv })
    await connection.close()
    expect(await failure(open({ ...srv, host: 'example.org' }, { resolveSrv }))).toContain('ALTNAME')
  })

  const extended =
    (answer: (id: number) => Buffer): Behaviour =>
    ({ id, op }, socket, secure) => {
      if (op !== OP.extended) return
      socket.write(answer(id))
      secure()
    }
  it.each<[string, Behaviour, string]>([
    ['says that it cannot', extended((id) => result(id, 0x78, 52)), 'result code 52'],
    ['answers another request', extended((id) => result(id + 1, 0x78, 0)), 'something else'],
    ['answers a bind', extended((id) => result(id, 0x61, 0)), 'something else'],
    [
      'sends more in the clear',
      extended((id) => Buffer.concat([result(id, 0x78, 0), result(3, 0x61, 0)])),
      'something else',
    ],
    ['begins more in the clear', extended((id) => Buffer.concat([result(id, 0x78, 0), Buffer.from([0x30])])), 'else'],
    ['sends no LDAP', extended(() => Buffer.from('220 ready\r\n')), 'something else'],
    ['sends too much', extended(() => Buffer.from([0x30, 0x84, 0x7f, 0xff, 0xff, 0xff])), 'something else'],
    ['hangs up', (_request, socket) => socket.destroy(), 'closed'],
  ])('by StartTLS is not begun when the server %s', async (_what, behave, words) => {
    const wire = await serve(behave, { certificate: ours })
    expect(await failure(open({ transport: 'starttls', authorities: ours.cert }))).toContain(words)
    expect(sent(wire)).not.toContain(PASSWORD)
  })

  const beginsNoTls: Behaviour = ({ id }, socket) => void socket.write(result(id, 0x78, 0))
  it.each<[string, LdapServer['transport'], Behaviour]>([
    ['answers nothing', 'starttls', () => {}],
    ['begins no TLS', 'starttls', beginsNoTls],
    ['begins no TLS', 'tls', () => {}],
  ])('is given up in time when the server %s, by %s', async (_what, transport, behave) => {
    await serve(behave, { certificate: ours })
    expect(await failure(open({ transport, authorities: ours.cert }, { connectTimeout: 50 }))).toContain('in time')
  })
})
