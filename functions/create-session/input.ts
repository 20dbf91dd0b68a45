import { StsError } from '@daypass/core/errors.ts'
import type { HttpRequest } from '@daypass/core/http/request.ts'
import {
  type Json,
  type JsonObject,
  member,
  NotStrictJson,
  parseStrictJsonObject,
} from '@daypass/core/identity/strict-json.ts'

/** What a caller of CreateSession asks for; nothing of it is proven but its form. */
export interface CreateSessionInput {
  readonly roleArn: string
  readonly trustAnchorArn: string
  readonly profileArn: string
  readonly durationSeconds?: number
  readonly roleSessionName?: string
}

const ARNS = ['roleArn', 'trustAnchorArn', 'profileArn'] as const
/** `cert` is the header's value once more; `sessionName` is deprecated; neither they nor instance properties decide anything. */
const MEMBERS = new Set([...ARNS, 'durationSeconds', 'roleSessionName', 'sessionName', 'instanceProperties', 'cert'])
const [SHORTEST, LONGEST] = [900, 43_200]

/**
 * Reads the input: members of a JSON body, of which the ARNs may stand in the query string instead (AWS: "CreateSession API",
 * and its credential helper). What stands in both places or twice is refused. Throws ValidationError.
 */
export function parseInput({ rawQuery, body }: HttpRequest): CreateSessionInput {
  const query = queryParameters(rawQuery)
  const members = body.length === 0 ? {} : bodyMembers(body)
  const unknown = [...query.keys(), ...Object.keys(members)].find((name) => !MEMBERS.has(name))
  if (unknown !== undefined) throw invalid('The request has a parameter that CreateSession does not know.')
  const arn = (name: (typeof ARNS)[number]) => {
    const [inQuery, inBody] = [query.get(name), text(members, name)]
    if (inQuery !== undefined && inBody !== undefined) throw invalid(`Give ${name} once: in the body or in the query.`)
    const value = inQuery ?? inBody
    if (value === undefined || value.length < 20 || value.length > 1011) {
      throw invalid(`${name} is required and has 20 to 1011 characters.`)
    }
    return value
  }
  const [roleArn, trustAnchorArn, profileArn] = [arn('roleArn'), arn('trustAnchorArn'), arn('profileArn')]
  const durationSeconds = duration(member(members, 'durationSeconds'))
  const roleSessionName = text(members, 'roleSessionName')
  if (roleSessionName !== undefined && !/^[\w+=,.@-]{2,64}$/.test(roleSessionName)) {
    throw invalid('roleSessionName must have 2 to 64 letters, digits and _+=,.@-.')
  }
  return {
    roleArn,
    trustAnchorArn,
    profileArn,
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(roleSessionName === undefined ? {} : { roleSessionName }),
  }
}

/** Only the ARNs may be there; each once, strictly percent-encoded. */
function queryParameters(rawQuery: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const pair of rawQuery.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = equals === -1 ? pair : pair.slice(0, equals)
    if (!ARNS.some((each) => each === name) || found.has(name)) {
      throw invalid('The query string may hold roleArn, trustAnchorArn and profileArn, each once.')
    }
    try {
      found.set(name, decodeURIComponent(equals === -1 ? '' : pair.slice(equals + 1).replaceAll('+', ' ')))
    } catch {
      throw invalid('The query string is not valid percent-encoded UTF-8.')
    }
  }
  return found
}

function bodyMembers(body: Buffer): JsonObject {
  try {
    return parseStrictJsonObject(body)
  } catch (error) {
    if (error instanceof NotStrictJson) throw invalid('The body must be a JSON object in UTF-8, with no member twice.')
    throw error
  }
}

/** JSON's null stands for absence, as SDKs write it. */
function text(members: JsonObject, name: string): string | undefined {
  const value = member(members, name) ?? undefined
  if (value === undefined || typeof value === 'string') return value
  throw invalid(`${name} must be a string.`)
}

function duration(value: Json | undefined): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= SHORTEST && value <= LONGEST) return value
  throw invalid(`durationSeconds must be a whole number from ${SHORTEST} to ${LONGEST}.`)
}

const invalid = (message: string) => new StsError('ValidationError', message)
