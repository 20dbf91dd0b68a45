import { findCredentials } from './credentials.ts'
import { parseProfileName } from './profile/name.ts'
import { thisMachine } from './surroundings.ts'

/** Credentials as the AWS SDK for JavaScript has them. */
export interface DaypassCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
}

/**
 * A credential provider for the AWS SDK for JavaScript: `new S3Client({ credentials: fromDaypass({ profile: 'daypass' }) })`.
 * It gives what `daypass login` brought, renewed where that is possible, and rejects with a sentence when the user must log in
 * again. Other SDKs, and this one by the profile's name, run `daypass credentials` by themselves.
 */
export function fromDaypass({
  profile = 'daypass',
}: {
  readonly profile?: string
} = {}): () => Promise<DaypassCredentials> {
  const name = parseProfileName(profile)
  return async () => {
    const made = await findCredentials(thisMachine(), name, (line) => console.warn(line))
    return {
      accessKeyId: made.AccessKeyId,
      secretAccessKey: made.SecretAccessKey,
      sessionToken: made.SessionToken,
      expiration: new Date(made.Expiration),
    }
  }
}
