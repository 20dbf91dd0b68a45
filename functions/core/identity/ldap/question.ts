import { isJsonObject, type Json, type JsonObject, member } from '../strict-json.ts'

/** What a directory is asked. The names come from outside; the user's name is prepared. */
export interface DirectoryQuestion {
  /** The configured source's name. */
  readonly source: string
  readonly userName: string
  readonly password: string
}

/** A user whose password was accepted. */
export interface DirectoryUser {
  /** In normalised form (RFC 4514). */
  readonly dn: string
  /** As the directory spells it, when it tells; else as it was asked. */
  readonly userName: string
  readonly attributes: Readonly<Record<string, readonly string[]>>
  /** The groups' names in normalised form. */
  readonly groups: readonly string[]
}

export type DirectoryAnswer =
  | { readonly outcome: 'proven'; readonly user: DirectoryUser }
  /** The reason is for the operator's log: callers are told of every refusal in the same words. */
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'unavailable'; readonly reason: string }
  | { readonly outcome: 'unknown-source' }

/** Checks one password. What asks it decides what follows. */
export type CheckDirectory = (question: DirectoryQuestion) => Promise<DirectoryAnswer>

/** Reads a question that another function sends. Throws TypeError, which repeats nothing of it. */
export function parseDirectoryQuestion(value: unknown): DirectoryQuestion {
  const question = objectOf(value)
  return {
    source: text(question, 'source'),
    userName: text(question, 'userName'),
    password: text(question, 'password'),
  }
}

/** Reads the answer of another function. Throws TypeError. */
export function parseDirectoryAnswer(value: unknown): DirectoryAnswer {
  const answer = objectOf(value)
  const outcome = text(answer, 'outcome')
  if (outcome === 'unknown-source') return { outcome }
  if (outcome === 'refused' || outcome === 'unavailable') return { outcome, reason: text(answer, 'reason') }
  if (outcome !== 'proven') throw new TypeError('a directory check has no such outcome')
  const user = objectOf(member(answer, 'user'))
  const attributes = Object.entries(objectOf(member(user, 'attributes')))
  return {
    outcome,
    user: {
      dn: text(user, 'dn'),
      userName: text(user, 'userName'),
      attributes: Object.fromEntries(attributes.map(([name, values]) => [name, texts(values)])),
      groups: texts(member(user, 'groups')),
    },
  }
}

function objectOf(value: unknown): JsonObject {
  if (!isJsonObject(value as Json)) throw new TypeError('a directory check needs an object')
  return value as JsonObject
}

function text(object: JsonObject, name: string): string {
  const value = member(object, name)
  if (typeof value !== 'string') throw new TypeError(`a directory check needs a text as ${name}`)
  return value
}

function texts(value: Json | undefined): readonly string[] {
  if (!Array.isArray(value)) throw new TypeError('a directory check needs a list of texts')
  return value.map((each) => {
    if (typeof each !== 'string') throw new TypeError('a directory check needs a list of texts')
    return each
  })
}
