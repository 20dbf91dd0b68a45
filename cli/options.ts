import { readArguments } from '../samples/shared/arguments.ts'
import { UsageError } from '../samples/shared/program.ts'

/** What a profile remembers of a login, by its flag; in AWS's config file each is `daypass_` and the flag with `_`. */
const REMEMBERED = [
  ...['endpoint', 'provider', 'config-endpoint', 'client-id', 'scopes', 'port'],
  ...['username', 'config-name', 'role-arn', 'session-name', 'duration', 'allow-http'],
] as const
type Remembered = (typeof REMEMBERED)[number]

/** Options as texts, not yet proven to be any good. */
export type UnverifiedOptions = Readonly<Partial<Record<Remembered, string>>>

export const memberName = (flag: string) => `daypass_${flag.replaceAll('-', '_')}`
export const MEMBERS: readonly string[] = REMEMBERED.map(memberName)

const PROVIDER_FLAGS: readonly Remembered[] = [
  'config-endpoint',
  'client-id',
  'scopes',
  'port',
  'username',
  'config-name',
]
const DISCOVERY = '/.well-known/openid-configuration'

/** Reads the flags of `daypass login`. Throws UsageError. */
export function readLoginFlags(args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const given = readArguments(args, {
    ...{ profile: text, endpoint: text, provider: text, issuer: text, 'config-endpoint': text, 'client-id': text },
    ...{ scopes: text, port: text, username: text, 'config-name': text, 'role-arn': text, 'session-name': text },
    ...{ duration: text, region: text, 'allow-http': { type: 'boolean' } as const },
    ...{ 'no-open': flag, 'password-stdin': flag, static: flag },
  })
  const { issuer, 'config-endpoint': configEndpoint, 'allow-http': allowHttp } = given
  if (issuer !== undefined && configEndpoint !== undefined) {
    throw new UsageError('Give one of --issuer and --config-endpoint.')
  }
  const discovery = issuer === undefined ? configEndpoint : issuer.replace(/\/$/, '') + DISCOVERY
  const options = { ...given, 'config-endpoint': discovery, 'allow-http': allowHttp ? 'true' : undefined }
  return { given, options: pick((flag) => options[flag]) }
}

/** What the profile remembers, changed by what was given now. Another kind of provider brings nothing over. */
export function mergeOptions(
  members: ReadonlyMap<string, string> | undefined,
  given: UnverifiedOptions,
): UnverifiedOptions {
  const remembered = rememberedOptions(members)
  const changes = given.provider !== undefined && given.provider !== (remembered.provider ?? 'openid')
  return pick((flag) => given[flag] ?? (changes && PROVIDER_FLAGS.includes(flag) ? undefined : remembered[flag]))
}

export const rememberedOptions = (members: ReadonlyMap<string, string> | undefined): UnverifiedOptions =>
  pick((flag) => members?.get(memberName(flag)))

function pick(find: (flag: Remembered) => string | undefined): UnverifiedOptions {
  return Object.fromEntries(
    REMEMBERED.flatMap((flag) => {
      const value = find(flag)
      return value === undefined ? [] : [[flag, value]]
    }),
  )
}

/** The options as members of the profile's section, with those that are not set to be taken away. */
export const membersOf = (options: UnverifiedOptions): Record<string, string | undefined> =>
  Object.fromEntries(REMEMBERED.map((flag) => [memberName(flag), options[flag]]))
