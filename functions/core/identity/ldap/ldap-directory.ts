import type { Socket } from 'node:net'
import { Client, type Entry, ResultCodeError } from 'ldapts'
import { type ConnectDeps, connectDirectory } from './connect.ts'
import {
  type Directory,
  type DirectoryConnection,
  type DirectoryEntry,
  type DirectorySearch,
  DirectoryUnavailable,
} from './directory.ts'

export interface LdapDirectoryOptions extends ConnectDeps {
  /** In milliseconds, for each question. */
  readonly answerTimeout: number
  /** In milliseconds, for all of a conversation from its first question on. */
  readonly conversationTimeout: number
  /** What a directory may send in one conversation, in bytes. */
  readonly mostBytes: number
}

/** With every server tried, all of it is still within the time of the function that checks passwords. */
export const LDAP_LIMITS = {
  connectTimeout: 2_000,
  answerTimeout: 5_000,
  conversationTimeout: 8_000,
  mostBytes: 1024 * 1024,
}

/**
 * RFC 4511 appendix A.2: noSuchObject, inappropriateAuthentication, invalidCredentials, insufficientAccessRights,
 * unwillingToPerform (a locked or disabled user) and constraintViolation, with which password policies refuse. Anything else
 * is no answer about the password.
 */
const REFUSES = new Set([0x13, 0x20, 0x30, 0x31, 0x32, 0x35])
const PAGE = 500

/** A directory that is spoken to by LDAP version 3. */
export const ldapDirectory = (options: LdapDirectoryOptions): Directory => ({
  open: async (source) => new LdapConnection(await connectDirectory(options, source.server), options),
})

class LdapConnection implements DirectoryConnection {
  readonly #client: Client
  readonly #socket: Socket
  readonly #timer: NodeJS.Timeout
  #flaw: string | undefined

  constructor(socket: Socket, { answerTimeout, conversationTimeout, mostBytes }: LdapDirectoryOptions) {
    this.#socket = socket
    let handedOver = false
    this.#client = new Client({
      url: 'ldap://directory',
      timeout: answerTimeout,
      createConnection: () => {
        // The library would connect anew, and in the clear.
        if (handedOver) throw new DirectoryUnavailable('the directory closed the connection')
        handedOver = true
        return socket
      },
    })
    this.#timer = setTimeout(() => this.#giveUp('the directory does not answer in time'), conversationTimeout)
    let received = 0
    socket.on('data', (part: Buffer) => {
      received += part.length
      if (received > mostBytes) this.#giveUp(`the directory sent more than ${mostBytes} bytes`)
    })
  }

  async bind(dn: string, password: string): Promise<boolean> {
    try {
      await this.#client.bind(dn, password)
      return true
    } catch (error) {
      if (error instanceof ResultCodeError && REFUSES.has(error.code)) return false
      throw this.#unavailable(error)
    }
  }

  async search({ base, filter, attributes, enough }: DirectorySearch): Promise<readonly DirectoryEntry[]> {
    try {
      const { searchEntries } = await this.#client.search(base, {
        scope: 'sub',
        derefAliases: 'never',
        filter,
        // RFC 4511 section 4.5.1.8: no attributes.
        attributes: attributes.length > 0 ? [...attributes] : ['1.1'],
        // With a limit of ours the library takes a list that the server cut off for a whole one; pages show that it was.
        ...(enough === undefined ? { paged: { pageSize: PAGE } } : { sizeLimit: enough }),
      })
      return searchEntries.map((entry) => entryOf(entry, attributes))
    } catch (error) {
      throw this.#unavailable(error)
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#socket.destroy()
  }

  #giveUp(flaw: string): void {
    this.#flaw ??= flaw
    this.#socket.destroy()
  }

  /** The library's messages may repeat what was asked: the operator is told the result's name, or what broke. */
  #unavailable(error: unknown): DirectoryUnavailable {
    if (error instanceof DirectoryUnavailable) return error
    if (this.#flaw !== undefined) return new DirectoryUnavailable(this.#flaw)
    if (error instanceof ResultCodeError) return new DirectoryUnavailable(`the directory answered ${error.name}`)
    const hung = error instanceof Error && error.message.endsWith('Operation timed out')
    return new DirectoryUnavailable(
      hung ? 'the directory does not answer in time' : 'the conversation with the directory broke off',
    )
  }
}

/** Attributes come under the spelling that the directory gives them. Values that are no text are left out. */
function entryOf({ dn, ...all }: Entry, asked: readonly string[]): DirectoryEntry {
  const attributes = asked.map((name) => {
    const [, found = []] = Object.entries(all).find(([own]) => own.toLowerCase() === name.toLowerCase()) ?? []
    const values = Array.isArray(found) ? found : [found]
    return [name, values.filter((value) => typeof value === 'string')] as const
  })
  return { dn, attributes: Object.fromEntries(attributes) }
}
