import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { BerWriter } from 'ldapts'

/** RFC 4511 section 4: the tags of the operations that are used here. */
export const OP = { bind: 0x60, search: 0x63, extended: 0x77 } as const

/** One request: its id, its operation, and its bytes. */
export interface WireRequest {
  readonly id: number
  readonly op: number
  readonly bytes: Buffer
}

/** What a server does with a request; `secure` goes on over TLS. */
export type Behaviour = (request: WireRequest, socket: Socket, secure: () => void) => void

export interface WireServer {
  readonly port: number
  /** All that came before TLS, and all that came over it. */
  readonly plain: Buffer[]
  readonly requests: WireRequest[]
  close(): Promise<void>
}

interface Certificate {
  readonly cert: string
  readonly key: string
}

/** A server that speaks the bytes of LDAP and does as it is told, also what no directory does. */
export async function startWireServer(
  behave: Behaviour,
  { certificate, fromTheStart = false }: { certificate?: Certificate; fromTheStart?: boolean } = {},
): Promise<WireServer> {
  const plain: Buffer[] = []
  const requests: WireRequest[] = []
  const open = new Set<Socket>()
  const read = (socket: Socket, raw: Socket, keep?: Buffer[]) => {
    let rest = Buffer.alloc(0)
    const onData = (part: Buffer) => {
      keep?.push(part)
      rest = Buffer.concat([rest, part])
      for (let length = lengthOf(rest); length > 0 && rest.length >= length; length = lengthOf(rest)) {
        const request = parse(rest.subarray(0, length))
        rest = rest.subarray(length)
        requests.push(request)
        behave(request, socket, () => {
          raw.removeListener('data', onData)
          read(protect(raw), raw)
        })
      }
    }
    socket.on('data', onData)
    socket.on('error', () => socket.destroy())
  }
  const protect = (raw: Socket) => new TLSSocket(raw, { isServer: true, ...certificate })
  const server = createServer((raw) => {
    open.add(raw)
    raw.on('error', () => raw.destroy())
    if (fromTheStart) read(protect(raw), raw)
    else read(raw, raw, plain)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    plain,
    requests,
    async close() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An answer that holds a result code and nothing else; `0x61` to a bind, `0x65` to a search, `0x78` to an extension. */
export const result = (id: number, tag: 0x61 | 0x65 | 0x78, code: number) =>
  message(id, tag, (writer) => {
    writer.writeEnumeration(code)
    writer.writeString('')
    writer.writeString('')
  })

export const entry = (id: number, dn: string, attributes: Readonly<Record<string, readonly (string | Buffer)[]>>) =>
  message(id, 0x64, (writer) => {
    writer.writeString(dn)
    writer.startSequence()
    for (const [name, values] of Object.entries(attributes)) {
      writer.startSequence()
      writer.writeString(name)
      writer.startSequence(0x31)
      for (const value of values) writer.writeBuffer(Buffer.from(value as string), 0x04)
      writer.endSequence()
      writer.endSequence()
    }
    writer.endSequence()
  })

function message(id: number, tag: number, write: (writer: BerWriter) => void): Buffer {
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeInt(id)
  writer.startSequence(tag)
  write(writer)
  writer.endSequence()
  writer.endSequence()
  return writer.buffer
}

function lengthOf(bytes: Buffer): number {
  const [tag, first] = bytes
  // TLS, where a test's server begins none.
  if (tag !== 0x30 || first === undefined) return 0
  if (first < 0x80) return 2 + first
  const count = first & 0x7f
  return bytes.length < 2 + count ? 0 : 2 + count + bytes.readUIntBE(2, count)
}

function parse(bytes: Buffer): WireRequest {
  const at = (bytes[1] ?? 0) < 0x80 ? 2 : 2 + ((bytes[1] ?? 0) & 0x7f)
  const size = bytes[at + 1] ?? 0
  return { id: bytes.readUIntBE(at + 2, size), op: bytes[at + 2 + size] ?? 0, bytes }
}
