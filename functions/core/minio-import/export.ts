import {
  isJsonObject,
  type Json,
  type JsonObject,
  member,
  NotStrictJson,
  parseStrictJsonObject,
} from '../identity/strict-json.ts'
import { type ExportedFile, readArchive } from './archive.ts'
import { MinioImportError } from './error.ts'

/** An export of MinIO's IAM, as far as Daypass has something that corresponds. */
export interface MinioExport {
  readonly policies: ReadonlyMap<string, JsonObject>
  /** By access key, which is the user's name. */
  readonly users: ReadonlyMap<string, { readonly secretKey: string; readonly enabled: boolean }>
  readonly groups: ReadonlyMap<string, { readonly members: readonly string[]; readonly enabled: boolean }>
  /** Access keys that act for a user ("service accounts"), by access key. */
  readonly serviceAccounts: ReadonlyMap<string, ServiceAccount>
  /** Names of policies by the name of the user, of the group, and of the identity that an outside source knows. */
  readonly userPolicies: ReadonlyMap<string, readonly string[]>
  readonly groupPolicies: ReadonlyMap<string, readonly string[]>
  readonly outsidePolicies: ReadonlyMap<string, readonly string[]>
}

export interface ServiceAccount {
  readonly parent: string
  readonly secretKey: string
  readonly enabled: boolean
  /** What limits the parent's rights. */
  readonly sessionPolicy?: JsonObject
  readonly expires: boolean
}

/** Reads the zip file of `mc admin cluster iam export`. Throws MinioImportError. */
export function readMinioExport(archive: Uint8Array): MinioExport {
  const files = readArchive(archive)
  const entries = <T>(file: ExportedFile, read: (entry: JsonObject, place: string) => T): ReadonlyMap<string, T> =>
    new Map(
      Object.entries(readJson(files.get(file), file)).map(([name, entry]) => {
        const place = `${file}, ${JSON.stringify(name)},`
        if (!isJsonObject(entry)) throw new MinioImportError(place, 'is no object')
        return [name, read(entry, place)]
      }),
    )
  return {
    policies: entries('policies.json', (policy) => policy),
    users: entries('users.json', (user, place) => ({ secretKey: text(user, 'secretKey', place), enabled: isOn(user) })),
    groups: entries('groups.json', (group, place) => ({
      members: texts(group, 'members', place),
      enabled: isOn(group),
    })),
    serviceAccounts: entries('svcaccts.json', readServiceAccount),
    userPolicies: entries('user_mappings.json', mappedPolicies),
    groupPolicies: entries('group_mappings.json', mappedPolicies),
    outsidePolicies: entries('stsuser_mappings.json', mappedPolicies),
  }
}

function readJson(content: Uint8Array | undefined, file: string): JsonObject {
  if (content === undefined) return {}
  try {
    return parseStrictJsonObject(content)
  } catch (cause) {
    if (cause instanceof NotStrictJson) throw new MinioImportError(file, `cannot be read: ${cause.message}`, { cause })
    throw cause
  }
}

function readServiceAccount(account: JsonObject, place: string): ServiceAccount {
  const policy = member(account, 'sessionPolicy') ?? null
  if (policy !== null && !isJsonObject(policy))
    throw new MinioImportError(place, 'has a sessionPolicy that is no object')
  return {
    parent: text(account, 'parent', place),
    secretKey: text(account, 'secretKey', place),
    enabled: isOn(account),
    expires: expires(member(account, 'expiration')),
    ...(policy === null || Object.keys(policy).length === 0 ? {} : { sessionPolicy: policy }),
  }
}

/** MinIO writes its zero or the start of the Unix epoch for "never". */
const expires = (expiration: Json | undefined): boolean =>
  expiration !== undefined && expiration !== null && !/^(?:0001|1970)-01-01T00:00:00Z$/.test(String(expiration))

const mappedPolicies = (mapping: JsonObject, place: string): readonly string[] =>
  text(mapping, 'policy', place)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')

/** Whatever is not said to be on counts as off. */
const isOn = (entity: JsonObject): boolean => ['enabled', 'on'].includes(String(member(entity, 'status')))

function text(object: JsonObject, name: string, place: string): string {
  const value = member(object, name)
  if (typeof value !== 'string') throw new MinioImportError(place, `has no ${name}`)
  return value
}

function texts(object: JsonObject, name: string, place: string): readonly string[] {
  const value = member(object, name) ?? []
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) {
    throw new MinioImportError(place, `has ${name} that are no list of names`)
  }
  return value
}
